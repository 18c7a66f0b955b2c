import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');

/** Each layer may import itself and what stands after it. */
const LAYERS = ['main', 'lab', 'program', 'adapters', 'bot', 'jobs', 'policies', 'domain'];
/** Adapters serve what they implement, and chat commands are none of their business. */
const NEVER: readonly (readonly [from: RegExp, to: RegExp, because: string])[] = [
  [/^policies\//, /^node:(?!crypto)/, 'policies are pure'],
  [/^(policies|jobs\/model)\//, /^(ioredis|bullmq|ssh2|node-ssh)$/, 'effects stay in adapters'],
  [
    /^(domain|policies|jobs|bot)\//,
    /^node:(fs|net|http|child_process)/,
    'effects stay in adapters',
  ],
];

interface Import {
  readonly file: string;
  readonly target: string;
}

function importsOf(source: string, file: string): readonly Import[] {
  const specifiers = [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    ([, name = '']) => name,
  );
  return specifiers.map((specifier) => ({
    file,
    target: specifier.startsWith('.')
      ? relative(SRC, resolve(SRC, dirname(file), specifier))
      : specifier,
  }));
}

function layerOf(path: string): string | undefined {
  if (path === 'main.ts') return 'main';
  return LAYERS.find((layer) => path.startsWith(`${layer}/`));
}

function goesBackwards({ file, target }: Import): boolean {
  const [from, to] = [layerOf(file), layerOf(target)];
  if (from === undefined || to === undefined) return false;
  return LAYERS.indexOf(to) < LAYERS.indexOf(from);
}

function allImports(): readonly Import[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => importsOf(readFileSync(join(SRC, file), 'utf8'), file));
}

describe('imports', () => {
  const imports = allImports();

  it('were found at all', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it('point one way: main → lab → program → adapters → bot → jobs → policies → domain', () => {
    expect(imports.filter(goesBackwards)).toEqual([]);
  });

  it('keep effects out of what decides', () => {
    const wrong = imports.filter(({ file, target }) =>
      NEVER.some(([from, to]) => from.test(file) && to.test(target)),
    );
    expect(wrong).toEqual([]);
  });

  it('that point backwards would be seen', () => {
    const [wrong] = importsOf("import { x } from '../adapters/driver.ts';", 'jobs/x.ts');
    expect(wrong && goesBackwards(wrong)).toBe(true);
    const [right] = importsOf("import { x } from '../jobs/x.ts';", 'adapters/x.ts');
    expect(right && goesBackwards(right)).toBe(false);
  });
});
