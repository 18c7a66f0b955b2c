import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

// `npm run faults:twin -- --seeds 5000 [--from 1] | --seed 42`
const { values } = parseArgs({
  options: { seeds: { type: 'string' }, from: { type: 'string' }, seed: { type: 'string' } },
});
const { status } = spawnSync('vitest', ['run', '--project', 'unit', 'test/faults/twin.test.ts'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    TWIN_HISTORIES: values.seeds ?? '1000',
    TWIN_FIRST: values.from ?? '1',
    ...(values.seed !== undefined && { TWIN_SEED: values.seed }),
  },
});
process.exitCode = status ?? 1;
