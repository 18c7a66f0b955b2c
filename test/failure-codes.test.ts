import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const AREAS =
  'ansible|audit|backup|checks|child|configure|console|dns|downtime|drain|driver|farm|gate|glass|hostkey|hypervisor|init|installer|inventory|irc|journal|koji|lab|matrix|network|plan|power|rehearsal|reimage|reinstall|request|runbook|secret|signing|slack|ssh|status|step|storage|store|swap|terminal|webhook|witness|worker';
const CODE = new RegExp(`'((?:${AREAS})\\.[a-z]+(?:-[a-z]+)*)'`, 'g');
/** Names of files and switches, not of failures. */
const NOT_CODES = new Set(['lab.log', 'inventory.yaml']);

function used(): ReadonlySet<string> {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(ROOT, 'src', file), 'utf8'));
  const codes = texts.flatMap((text) => [...text.matchAll(CODE)].map(([, code = '']) => code));
  return new Set(codes.filter((code) => !NOT_CODES.has(code)));
}

function listed(): ReadonlySet<string> {
  const page = readFileSync(join(ROOT, 'docs/failures.md'), 'utf8');
  return new Set([...page.matchAll(/^\| `([^`]+)`/gm)].map(([, code = '']) => code));
}

describe('docs/failures.md', () => {
  it('lists every code that is thrown', () => {
    expect([...used().difference(listed())]).toEqual([]);
  });

  it('lists none that is not', () => {
    expect([...listed().difference(used())]).toEqual([]);
  });
});
