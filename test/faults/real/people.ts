import type { Heard } from './chat.ts';
import type { Draw } from './draw.ts';
import { HOSTS } from './hosts.ts';
import type { FaultSite } from './site.ts';
import { TOY_KINDS, type ToyKind } from './toy-steps.ts';

const MOST_ANSWERS = 25;
const SLOWEST_MS = 600;
/** What is said now and then of any operation, whether it makes sense or not. */
const SAYINGS = ['cancel', 'hold', 'rollback', 'retry', 'skip', 'show', 'why'];

/** Ana asks, ben and cyd approve and answer; not always, not at once, and sometimes twice. */
export interface People {
  ask(): void;
  /** Says something about one of the operations. */
  talk(): void;
  /** From now on nobody answers by themselves. */
  fallSilent(): void;
}

export function people({ chat }: Pick<FaultSite, 'chat'>, draw: Draw, focus: ToyKind): People {
  let silent = false;
  let answers = 0;
  const asked: string[] = [];
  chat.listen(({ lines }) => {
    const again = asked.pop();
    if (again === undefined || silent || !lines[0]?.includes('The store did not answer')) return;
    setTimeout(() => chat.say('ana', again), SLOWEST_MS);
  });
  chat.listen((heard) => {
    if (silent || heard.as !== 'prompt' || answers >= MOST_ANSWERS) return;
    answers += 1;
    const [emoji, times, after] = answerTo(heard, draw);
    for (let time = 0; time < times; time += 1) {
      setTimeout(() => {
        if (!silent) chat.react(time === 0 ? 'ben' : 'cyd', emoji, heard.ref);
      }, after);
    }
  });
  return {
    ask() {
      const steps = stepsAround(focus, draw).map((kind) => `${kind}${draw.percent(10) ? '!' : ''}`);
      const text = `!toy ${draw.of(HOSTS)} ${steps.join('+')}`;
      asked.push(text);
      chat.say('ana', text);
    },
    talk() {
      const ops = [...operationsIn(chat.heard)];
      if (ops.length === 0 || silent) return;
      chat.say(draw.of(['ana', 'ben']), `!${draw.of(SAYINGS)} ${draw.of(ops)}`);
    },
    fallSilent() {
      silent = true;
    },
  };
}

/** Mostly what the faults aim at, and often something after it that fails, so that it is taken back. */
function stepsAround(focus: ToyKind, draw: Draw): readonly ToyKind[] {
  const others = Array.from({ length: draw.below(3) }, () => draw.of(TOY_KINDS));
  const aimed = draw.percent(75) ? [focus] : [draw.of(TOY_KINDS)];
  const last: readonly ToyKind[] = draw.percent(50) ? ['fails'] : [];
  return [...aimed, ...others, ...last];
}

function answerTo(
  { key, reactions = [] }: Heard,
  draw: Draw,
): readonly [emoji: string, times: number, afterMs: number] {
  const after = draw.below(SLOWEST_MS);
  const times = draw.percent(10) ? 0 : draw.percent(15) ? 2 : 1;
  if (/ plan /.test(key)) return [draw.percent(93) ? '👍' : '👎', times, after];
  const emoji = reactions.includes('↩️') && draw.percent(40) ? '↩️' : draw.of(reactions);
  return [emoji, times, after];
}

/** Every operation that the channel was told of. */
export function operationsIn(heard: readonly Heard[]): ReadonlySet<string> {
  return new Set(
    heard.flatMap(({ lines }) => lines.join(' ').match(/\bop-[0-9a-z]{4,12}\b/g) ?? []),
  );
}
