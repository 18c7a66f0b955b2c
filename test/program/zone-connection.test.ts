import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { configFile } from '../../src/adapters/config/config-file.ts';
import { entriesOf, inside, wholeOf } from '../../src/adapters/config/config-part.ts';
import type { DriverSettings, ZoneSettings } from '../../src/adapters/config/settings.ts';
import type { DriverDefinition, DriverPort } from '../../src/adapters/driver.ts';
import { ZoneName } from '../../src/domain/ids.ts';
import { connectZone, type ZoneConnection } from '../../src/program/connect-zone.ts';

const { signal } = new AbortController();

/** What became of each driver that was made, as `farm a` and `farm a closed`. */
let happened: string[] = [];
let problems: unknown[] = [];
let zone: ZoneConnection;

function definition(port: DriverPort): DriverDefinition {
  return {
    port,
    product: 'toy',
    config: z.strictObject({ at: z.string(), closes: z.string().optional() }),
    connect: (config) => {
      const { at, closes } = config as { at: string; closes?: string };
      happened.push(`${port} ${at}`);
      return {
        port: { outOfService: async () => [at], begin: (until: Promise<void>) => until } as never,
        check: async () => at,
        async close() {
          happened.push(`${port} ${at} closed`);
          if (closes === 'badly') throw new Error('it did not want to');
        },
      };
    },
  };
}

/** `farm: { product: toy, at: a }` */
function settings(text: string): ZoneSettings {
  const whole = wholeOf(configFile('signalbox.yaml', text));
  const drivers = entriesOf(inside(whole)).map(({ key, part }) => {
    const { product, ...value } = part.value as { product: string };
    return [key as DriverPort, { product, config: { ...part, value } }] as const;
  });
  return { drivers: new Map<DriverPort, DriverSettings>(drivers) };
}

const toys = (at: Readonly<Record<string, string>>) =>
  settings(
    Object.entries(at)
      .map(([port, where]) => `${port}: { product: toy, at: ${where} }`)
      .join('\n'),
  );

/** Which farm answers now. */
const farm = async () => (await zone.ports.farm.outOfService([], signal))[0];
const becomes = (at: ZoneSettings) => zone.prepare(at).replace();

beforeEach(() => {
  happened = [];
  problems = [];
  const definitions = (['farm', 'shell', 'witness', 'console', 'downtime'] as const).map(
    definition,
  );
  const revisions = ['one', 'two', 'three'];
  zone = connectZone(toys({ farm: 'a', shell: 's', witness: 'w' }), definitions, {
    zone: ZoneName.parse('staging'),
    inventory: { current: () => ({ revision: revisions.shift() }) as never },
    hostKeys: {} as never,
    secrets: {} as never,
    report: (problem) => problems.push(problem),
  });
  happened = [];
});

describe('the drivers of a zone through a reload', () => {
  it('stay connected where their configuration is the same', async () => {
    becomes(toys({ farm: 'a', shell: 's', witness: 'w' }));
    expect(happened).toEqual([]);
    expect(await farm()).toBe('a');
  });

  it('are replaced one by one where it is another', async () => {
    becomes(toys({ farm: 'b', shell: 's', witness: 'w' }));
    expect(await farm()).toBe('b');
    expect(happened).toEqual(['farm b', 'farm a closed']);
  });

  it('are made anew with another shell, since they act through it', () => {
    becomes(toys({ farm: 'a', shell: 't', witness: 'w' }));
    expect(happened.filter((what) => !what.endsWith('closed'))).toEqual([
      'farm a',
      'shell t',
      'witness w',
    ]);
    expect(happened.filter((what) => what.endsWith('closed'))).toHaveLength(3);
  });

  it('say what is not configured once they are gone', async () => {
    becomes(toys({ shell: 's' }));
    await expect(farm()).rejects.toMatchObject({ code: 'driver.not-configured' });
    expect(happened).toEqual(['farm a closed', 'witness w closed']);
  });

  it('are absent where steps do without them, until they are configured', async () => {
    const has = () => zone.withPorts(async (ports) => 'console' in ports);
    expect(await has()).toBe(false);
    becomes(toys({ farm: 'a', shell: 's', console: 'c' }));
    expect(await has()).toBe(true);
  });

  it('that silence alerts are for the engine alone, and are other ones after a reload', async () => {
    expect(zone.downtime).toBeUndefined();
    becomes(toys({ farm: 'a', shell: 's', downtime: 'd' }));
    expect(await zone.withPorts(async (ports) => 'downtime' in ports)).toBe(false);
    const gate = Promise.withResolvers<void>();
    const silencing = zone.downtime?.begin(gate.promise as never, {} as never, signal);
    becomes(toys({ farm: 'a', shell: 's', downtime: 'e' }));
    expect(happened.slice(-1)).toEqual(['downtime e']);
    gate.resolve();
    await silencing;
    expect(happened.slice(-1)).toEqual(['downtime d closed']);
  });

  it('are kept by the call that has them, whatever is reloaded, and close when it is over', async () => {
    const gate = Promise.withResolvers<void>();
    const answers: unknown[] = [];
    const call = zone.withPorts(async (ports) => {
      await gate.promise;
      answers.push(...(await ports.farm.outOfService([], signal)));
    });
    becomes(toys({ farm: 'b', shell: 's', witness: 'w' }));
    becomes(toys({ farm: 'c', shell: 's', witness: 'w' }));
    expect(await farm()).toBe('c');
    expect(happened).toEqual(['farm b', 'farm c', 'farm b closed']);
    gate.resolve();
    await call;
    expect(answers).toEqual(['a']);
    expect(happened.at(-1)).toBe('farm a closed');
  });

  it('and what they are given of the inventory stay as they were when the call began', async () => {
    const seen = await zone.withPorts(async ({ inventory }) => {
      const before = inventory.current().revision;
      becomes(toys({ farm: 'b', shell: 's', witness: 'w' }));
      return [before, inventory.current().revision];
    });
    expect(seen).toEqual(['one', 'one']);
    expect(zone.ports.inventory.current().revision).toBe('two');
  });

  it('close also when the call that had them failed', async () => {
    const failing = zone.withPorts(async () => {
      becomes(toys({ farm: 'b', shell: 's', witness: 'w' }));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(happened).toEqual(['farm b', 'farm a closed']);
  });

  it('that were only prepared close again, and those in use stay', async () => {
    zone.prepare(toys({ farm: 'b', shell: 's', witness: 'w' })).discard();
    expect(happened).toEqual(['farm b', 'farm b closed']);
    expect(await farm()).toBe('a');
  });

  it('do no harm when they close badly', async () => {
    becomes(settings('farm: { product: toy, at: b, closes: badly }'));
    becomes(settings('farm: { product: toy, at: c }'));
    expect(await farm()).toBe('c');
    await expect.poll(() => problems.map(String)).toEqual(['Error: it did not want to']);
  });

  it('are all closed in the end, each once, also one that is in use', async () => {
    const gate = Promise.withResolvers<void>();
    const call = zone.withPorts(() => gate.promise);
    becomes(toys({ farm: 'b', shell: 's', witness: 'w' }));
    await zone.close();
    gate.resolve();
    await call;
    expect(happened.toSorted()).toEqual([
      'farm a closed',
      'farm b',
      'farm b closed',
      'shell s closed',
      'witness w closed',
    ]);
  });
});
