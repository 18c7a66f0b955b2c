import { join } from 'node:path';
import { readLines } from '../../../src/adapters/audit/anchor-file.ts';
import { openStore } from '../../../src/adapters/store/open-store.ts';
import { type AnchorsRead, readAnchors } from '../../../src/jobs/audit/read-anchors.ts';
import { type Audited, verifyAudit } from '../../../src/jobs/audit/verify-audit.ts';
import { anchorsPath } from '../../../src/program/audit/anchors-of.ts';
import { openProgram, type Program } from '../../../src/program/program.ts';
import { acceptStore } from '../../../src/program/store/store-commands.ts';
import { faultDefinitions } from './fault-definitions.ts';

/** Whoever runs the site, at a terminal on the bot's machine. */
export interface Operator {
  /** What the bot wrote down outside of the store. */
  anchored(): Promise<AnchorsRead>;
  /** `signalbox audit verify` */
  verify(): Promise<Audited>;
  /** `signalbox store accept`: what it prints. */
  accept(): Promise<readonly string[]>;
}

export function operatorOf(folder: string, url: string): Operator {
  const env = { REDIS_URL: url };

  async function withProgram<T>(use: (program: Program) => Promise<T>): Promise<T> {
    const program = await openProgram({
      configPath: join(folder, 'signalbox.yaml'),
      openStore: () => openStore({ env }),
      env,
      log: () => {},
      definitions: await faultDefinitions(folder),
      purpose: 'look',
    });
    try {
      return await use(program);
    } finally {
      await program.close();
    }
  }

  const linesOf = async ({ configuration: { settings } }: Program) =>
    (await readLines(anchorsPath(settings))) ?? [];

  return {
    anchored: () =>
      withProgram(async (program) => readAnchors(await linesOf(program), program.signing.trust)),
    verify: () =>
      withProgram(async (program) => {
        const { auditStore, signing } = program;
        const anchors = await linesOf(program);
        return verifyAudit({ store: auditStore, anchors, trust: signing.trust });
      }),
    accept: () => withProgram(acceptStore),
  };
}
