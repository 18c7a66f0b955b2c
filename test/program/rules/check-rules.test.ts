import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/adapters/config/problem.ts';
import { readRuleTests } from '../../../src/adapters/config/rule-tests.ts';
import { type Definitions, loadDefinitions } from '../../../src/program/definitions.ts';
import { readConfiguration } from '../../../src/program/read-configuration.ts';
import { checkRules } from '../../../src/program/rules/check-rules.ts';
import { NETWORKS, rulesSite, yamlBlocks } from './rules-site.ts';

const page = await readFile(new URL('../../../docs/rules.md', import.meta.url), 'utf8');
const [rules = '', , , table = ''] = yamlBlocks(page);

describe('a table of rules', () => {
  let definitions: Definitions;

  beforeAll(async () => {
    definitions = { ...(await loadDefinitions()), networks: NETWORKS };
  });

  async function checked(rows: string) {
    const config = await rulesSite(rules);
    const path = join(dirname(config), 'rule-tests.yaml');
    await writeFile(path, rows);
    return checkRules(
      await readRuleTests(path),
      await readConfiguration(config, definitions),
      definitions,
    );
  }

  async function complaints(rows: string): Promise<string> {
    const error: unknown = await checked(rows).catch((problem) => problem);
    if (!(error instanceof ConfigError)) throw new Error(`it was not refused: ${rows}`);
    return error.message;
  }

  test('as the documentation shows it comes to what it says', async () => {
    expect(table).toContain('expect: refuse because');
    const { rows, failures } = await checked(table);
    expect(failures).toEqual([]);
    expect(rows).toBe(5);
  });

  test('names each row that fails, with what was expected, what it is, and why', async () => {
    const { failures } = await checked(`
- { who: ana, command: reimage builder-01, from: matrix, expect: allow }
- { who: ana, command: reimage builder-01, from: matrix, expect: approvals 1 from sysadmin-main }
- { who: kim, command: reimage builder-01, from: matrix, expect: refuse because /no rule/ }
- { groups: [sysadmin-builders], command: "reimage builder-[01-02]", from: matrix, expect: refuse }
`);
    expect(failures.map(([head]) => head)).toEqual([
      'rule-tests.yaml:2: ana: reimage builder-01 from matrix: expected allow, and it is approvals 2 from sysadmin-main',
      'rule-tests.yaml:3: ana: reimage builder-01 from matrix: expected approvals 1 from sysadmin-main, and it is approvals 2 from sysadmin-main',
      'rule-tests.yaml:4: kim: reimage builder-01 from matrix: expected refuse because /no rule/, and it is refuse because kim is in community; reimage on builder-01 (staging) with f43-builder is granted to sysadmin-builders (signalbox.yaml:8)',
      'rule-tests.yaml:5: somebody of sysadmin-builders: reimage builder-[01-02] from matrix: expected refuse, and it is approvals 2 from sysadmin-main',
    ]);
    expect(failures[0]?.slice(1)).toEqual([
      '  signalbox.yaml:8: grants it with 2 of sysadmin-main',
      '  allowed by signalbox.yaml:8: needs 2 approvals from sysadmin-main',
    ]);
  });

  test('has no row for a person or a host that is not there', async () => {
    const { failures } = await checked(`
- { who: anna, command: reimage builder-01, expect: allow }
- { who: ana, command: reimage builder-09, expect: allow }
- { who: ana, command: "approve op-7k2m c4f1", expect: allow }
`);
    expect(failures.map(([head]) => head)).toEqual([
      'rule-tests.yaml:2: anna: reimage builder-01: people.yaml has no person "anna"',
      expect.stringContaining('builder-09 (column 9): no host has this name'),
      'rule-tests.yaml:4: ana: approve op-7k2m c4f1: the operation that it is about decides, and no rule',
    ]);
  });

  test('that is written wrongly is refused with the place of each mistake', async () => {
    expect(await complaints('- { who: ana, command: status, expects: allow }\n')).toContain(
      'rule-tests.yaml:1:32: unknown key "expects"',
    );
    expect(await complaints('- { who: ana, command: status, expect: perhaps }\n')).toContain(
      'rule-tests.yaml:1:40: expect is "perhaps"; expected allow, approvals N from GROUP, refuse',
    );
    expect(await complaints('- { command: status, expect: allow }\n')).toContain(
      'rule-tests.yaml:1:3: ',
    );
    expect(
      await complaints('- { who: ana, command: status, expect: "refuse because /(/" }\n'),
    ).toContain('rule-tests.yaml:1:40: ');
    expect(await complaints('{}\n')).toContain('expected a list of rows');
  });
});
