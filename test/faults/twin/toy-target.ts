import { Failure } from '../../../src/domain/failure.ts';
import type { OpId, StepId } from '../../../src/domain/ids.ts';
import type { Way } from '../../../src/jobs/model/event.ts';
import type { Effect } from '../effects.ts';
import type { Actor } from './actors.ts';
import type { Network } from './network.ts';

export interface Act {
  readonly op: OpId;
  readonly step: StepId;
  readonly way: Way;
  readonly attempt: number;
  readonly epoch: number;
}

/** What steps act on: it counts, and where it is asked to, it guards. */
export interface ToyPort {
  /** Does it, however often it was done. */
  act(what: Act): Promise<void>;
  /** Does it once for an attempt, and refuses an older epoch than it has seen. */
  actOnce(what: Act): Promise<void>;
  count(op: OpId, step: StepId): Promise<number>;
  arm(what: Act): Promise<void>;
  /** Does it and is armed no more, as a boot entry that is used once. */
  fire(what: Act): Promise<void>;
  disarm(op: OpId): Promise<void>;
  setting(op: OpId, step: StepId): Promise<string>;
  set(what: Act, value: string): Promise<void>;
}

/** What every setting is before anybody changes it. */
export const ORIGINAL = 'original';

export interface ToyTargets {
  readonly effects: readonly Effect[];
  readonly armed: ReadonlySet<OpId>;
  settingOf(op: OpId, step: StepId): string;
  /** The next so many acts are refused without effect. */
  refuse(times: number): void;
  portOf(actor: Actor): ToyPort;
}

export function toyTargets(lines: Network, now: () => number): ToyTargets {
  const effects: Effect[] = [];
  const armed = new Set<OpId>();
  const newest = new Map<OpId, number>();
  const settings = new Map<string, string>();
  const settingOf = (op: OpId, step: StepId) => settings.get(`${op} ${step}`) ?? ORIGINAL;
  let refusals = 0;

  function effect(what: Act): void {
    if (refusals > 0) {
      refusals -= 1;
      throw refused('the target refuses');
    }
    effects.push({ ...what, at: now() });
  }

  function guard({ op, epoch }: Act): void {
    const seen = newest.get(op) ?? 0;
    if (epoch < seen) throw refused('an older epoch');
    newest.set(op, epoch);
  }

  function effectOnce(what: Act): void {
    guard(what);
    const done = effects.some(
      ({ op, step, way, attempt }) =>
        op === what.op && step === what.step && way === what.way && attempt === what.attempt,
    );
    if (!done) effect(what);
  }

  return {
    effects,
    armed,
    settingOf,
    refuse(times) {
      refusals = times;
    },
    portOf: (actor) => ({
      act: (what) => lines.send(actor, () => effect(what)),
      actOnce: (what) => lines.send(actor, () => effectOnce(what)),
      count: (op, step) =>
        lines.send(
          actor,
          () => effects.filter((each) => each.op === op && each.step === step).length,
        ),
      arm: (what) =>
        lines.send(actor, () => {
          guard(what);
          armed.add(what.op);
        }),
      fire: (what) =>
        lines.send(actor, () => {
          effect(what);
          armed.delete(what.op);
        }),
      disarm: (op) => lines.send(actor, () => void armed.delete(op)),
      setting: (op, step) => lines.send(actor, () => settingOf(op, step)),
      set: (what, value) =>
        lines.send(actor, () => {
          effect(what);
          settings.set(`${what.op} ${what.step}`, value);
        }),
    }),
  };
}

function refused(because: string): Failure {
  return new Failure({
    code: 'toy.refused',
    problem: 'it was not done',
    because,
    effect: 'none',
    next: 'Try again.',
  });
}
