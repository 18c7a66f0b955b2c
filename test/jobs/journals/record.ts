import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import { createFleetWorld, type FleetWorld } from '../runbooks/fleet-world.ts';

// `node test/jobs/journals/record.ts NAME …` writes journals as today's code does. What was recorded once is never
// written anew: it stands for what older versions have left in somebody's store.

const METAL = 'builder-04';
const VIRTUAL = 'builder-03';

const HISTORIES: Readonly<Record<string, (world: FleetWorld) => Promise<OpRef>>> = {
  async 'metal-succeeded'(world) {
    const ref = await world.request(METAL);
    await world.run(ref);
    return ref;
  },
  async 'virtual-succeeded'(world) {
    const ref = await world.request(VIRTUAL);
    await world.run(ref);
    return ref;
  },
  async 'failed-then-retried'(world) {
    world.fleet.fail(METAL, 'configure');
    const ref = await world.request(METAL);
    await world.run(ref);
    await world.answer(ref, 'retry');
    await world.run(ref);
    return ref;
  },
  async 'cancelled-while-draining'(world) {
    const ref = await world.request('builder-07');
    await world.settle(ref);
    await cancel(world, ref);
    await world.run(ref);
    return ref;
  },
  async 'worker-lost-while-firing'(world) {
    const ref = await world.request(METAL);
    await world.dieAt(ref, 'installer', 'fire');
    await world.run(ref);
    return ref;
  },
  async 'held-and-given-up'(world) {
    world.fleet.fail(METAL, 'configure');
    const ref = await world.request(METAL);
    await world.run(ref);
    await world.answer(ref, 'hold');
    await world.run(ref);
    await cancel(world, ref);
    await world.run(ref);
    return ref;
  },
};

async function cancel({ engine }: FleetWorld, ref: OpRef): Promise<void> {
  const event = { kind: 'cancel-requested', because: 'no longer wanted' } as const;
  await engine.journal.append(ref, { events: [event], by: 'ana' as never });
}

for (const name of process.argv.slice(2)) {
  const history = HISTORIES[name];
  if (history === undefined) throw new Error(`expected ${Object.keys(HISTORIES).join(', ')}`);
  const world = createFleetWorld();
  const ref = await history(world);
  const lines = (await world.engine.journal.read(ref)).map((entry) => JSON.stringify(entry));
  const path = join(import.meta.dirname, '../../fixtures/journals', `${name}.jsonl`);
  await writeFile(path, `${lines.join('\n')}\n`, { flag: 'wx' });
}
