import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadConfiguration } from '../../../src/adapters/config/load-configuration.ts';
import { ConfigError, formatProblem, type Problem } from '../../../src/adapters/config/problem.ts';

const root = new URL('../../fixtures/config/', import.meta.url).pathname;
const broken = readdirSync(`${root}broken`);

async function problemsOf(folder: string): Promise<readonly Problem[]> {
  const error: unknown = await loadConfiguration(`${root}${folder}/signalbox.yaml`).catch((e) => e);
  if (!(error instanceof ConfigError)) throw new Error(`${folder} was not refused: ${error}`);
  return error.problems;
}

describe('a broken configuration', () => {
  test('is one that loads but for what was broken in it', async () => {
    const { inventory } = await loadConfiguration(`${root}good/signalbox.yaml`);
    expect(inventory.hosts.size).toBe(23);
    expect(broken.length).toBeGreaterThanOrEqual(20);
  });

  test.each(broken)('%s is refused with place and remedy of each problem', async (name) => {
    const said = (await problemsOf(`broken/${name}`)).map(formatProblem);
    const expected = readFileSync(`${root}broken/${name}/problems.txt`, 'utf8').trimEnd();
    expect(said).toEqual(expected.split('\n'));
  });

  test.each(broken)('%s is pointed at where the offending text stands', async (name) => {
    const problems = await problemsOf(`broken/${name}`);
    for (const { file, line, column, value, path, message } of problems) {
      const text = readFileSync(`${root}broken/${name}/${file}`, 'utf8').split('\n')[line - 1];
      const there = text?.slice(column - 1).replace(/^["[]+/, '') ?? '';
      const isMissing = message.endsWith('is missing');
      if (message.startsWith('not YAML') || isMissing) continue;
      const said = message.includes('this address')
        ? ['https://', 'ldaps://']
        : message.split(/[\s",:]+/);
      const words = [String(value), String(path.at(-1)), ...said].filter((word) => word !== '');
      expect(
        words.filter((word) => there.startsWith(word)),
        message,
      ).not.toEqual([]);
    }
  });

  test('never repeats a secret that stood in it', async () => {
    for (const folder of ['07-secret-in-the-file', '42-ldap-secrets']) {
      const problems = await problemsOf(`broken/${folder}`);
      expect(JSON.stringify(problems)).not.toContain('hunter2');
      expect(problems).toHaveLength(3);
    }
  });

  test('says in its message the same lines, cut after fifty', () => {
    const problem = { file: 'a.yaml', line: 1, column: 2, path: [], message: 'm', next: 'n' };
    expect(new ConfigError([problem]).message).toBe('a.yaml:1:2: m; n');
    const many = new ConfigError(Array.from({ length: 52 }, () => problem));
    expect(many.message.split('\n').at(-1)).toBe('and 2 more');
  });
});
