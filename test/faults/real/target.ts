import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { OpId, StepId } from '../../../src/domain/ids.ts';
import type { Effect } from '../effects.ts';

const Mark = z.tuple([
  z.coerce.number(),
  z.enum(['look', 'begin', 'effect', 'end', 'arm', 'disarm']),
  OpId,
  StepId,
  z.enum(['run', 'undo']),
  z.coerce.number(),
  z.coerce.number(),
  z.string(),
]);

/** One thing that a command on the target wrote down, with the worker that sent it. */
export interface Mark extends Effect {
  readonly kind: z.infer<typeof Mark>[1];
  readonly worker: string;
}

/** The targets' own record of what was done to them. */
export interface Target {
  marks(): readonly Mark[];
  effects(): readonly Effect[];
  settingOf(op: OpId, step: StepId): string;
  armed(): readonly string[];
}

export const ORIGINAL = 'original';

export function targetIn(folder: string): Target {
  const marks = () => lines(join(folder, 'marks')).map(readMark);
  return {
    marks,
    effects: () => marks().filter(({ kind }) => kind === 'effect'),
    settingOf: (op, step) => lines(join(folder, 'settings', `${op}.${step}`))[0] ?? ORIGINAL,
    armed: () => orNothing(() => readdirSync(join(folder, 'armed'))),
  };
}

function readMark(line: string): Mark {
  const [at, kind, op, step, way, attempt, epoch, worker] = Mark.parse(line.split(' '));
  return { at, kind, op, step, way, attempt, epoch, worker };
}

/** Whole ones only: the last may be about to be written. */
function lines(path: string): readonly string[] {
  const parts = orNothing(() => readFileSync(path, 'utf8').split('\n'));
  return parts.slice(0, -1);
}

function orNothing(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw problem;
  }
}
