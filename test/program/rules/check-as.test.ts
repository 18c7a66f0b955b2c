import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embeddedStore } from '../../../src/adapters/store/embedded-store.ts';
import type { Whence } from '../../../src/policies/place.ts';
import { loadDefinitions } from '../../../src/program/definitions.ts';
import { openProgram, type Program } from '../../../src/program/program.ts';
import { checkAs } from '../../../src/program/rules/check-as.ts';
import { NETWORKS, rulesSite } from './rules-site.ts';

const RULES = `
rules:
  - allow: [lock]
    from: [irc]
    to: [sysadmin-builders]
  - allow: [reimage]
    to: [sysadmin-main]
    approvals: { destructive: { count: 1, from: [sysadmin-main] } }
`;

describe('what somebody may do, asked at a terminal', () => {
  let program: Program;

  beforeAll(async () => {
    program = await openProgram({
      configPath: await rulesSite(RULES),
      openStore: () => embeddedStore(),
      env: {},
      log: () => undefined,
      purpose: 'look',
      definitions: { ...(await loadDefinitions()), networks: NETWORKS },
    });
  });
  afterAll(() => program.close());

  const asked = (as: string, command: string, from?: Whence) =>
    checkAs(program, { as, command, ...(from && { from }) });

  test('is explained rule by rule, as !why does in the first channel', async () => {
    expect(await asked('ana', '!lock builder-01 for a test')).toEqual({
      lines: [
        'signalbox.yaml:9: grants it without approval',
        'signalbox.yaml:12: is about reimage',
        'allowed by signalbox.yaml:9: needs no approval',
      ],
      verdict: 'taken',
    });
  });

  test('is refused where the rules refuse it', async () => {
    const { lines, verdict } = await asked('ana', 'lock builder-01 x', { network: 'matrix' });
    expect(verdict).toBe('refused');
    expect(lines.at(-1)).toBe(
      'refused: ana is in sysadmin-builders; lock on builder-01 (staging) is granted only from irc (signalbox.yaml:9). Ask on irc.',
    );
    expect((await asked('kim', 'lock builder-01 x')).verdict).toBe('refused');
  });

  test('is refused, too, where nobody can say what it would do', async () => {
    const { lines, verdict } = await asked('eve', 'reimage builder-01');
    expect(verdict).toBe('refused');
    expect(lines.at(-1)).toBe('in its way: the build system did not say who of @builders is away');
  });

  test('makes no sense for nobody, or for a command that is none', async () => {
    expect(await asked('anna', 'lock builder-01 x')).toEqual({
      lines: ['people.yaml has no person "anna"'],
      verdict: 'misread',
    });
    expect((await asked('ana', 'lock builder-09 x')).verdict).toBe('misread');
    expect((await asked('ana', 'lokc builder-01 x')).verdict).toBe('misread');
  });
});
