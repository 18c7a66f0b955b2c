import type { Writable } from 'node:stream';
import { Failure } from '../../domain/failure.ts';
import { parseScript } from './parse-script.ts';
import type { Pattern, ScriptLine } from './script-line.ts';
import type { ScriptNetwork } from './script-network.ts';
import { realTimer, type Timer } from './timer.ts';
import { newTranscript, type Transcript } from './transcript.ts';

/** How long an `expect` waits for its text to appear. */
const EXPECT_MS = 10_000;

export interface ScriptRun {
  readonly network: Pick<ScriptNetwork, 'say' | 'react' | 'onPosted'>;
  /** Does what a `lab:` line says; a Failure ends the run. */
  readonly lab: (line: string) => Promise<void>;
  /** Where it is told what was not met. */
  readonly out: Writable;
  readonly timer?: Timer;
}

/** Plays a script to its end: 0 when every expectation was met, 1 when one was not or a line is malformed. */
export async function runScript(text: string, file: string, run: ScriptRun): Promise<0 | 1> {
  const parsed = parseScript(text, file);
  if (parsed.kind === 'malformed') return fail(run.out, parsed.problems);
  const stage = openStage(run);
  try {
    for (const line of parsed.lines) {
      const problem = await play(line, stage);
      if (problem !== undefined) return fail(run.out, problem);
    }
    return 0;
  } finally {
    stage.close();
  }
}

interface Stage extends ScriptRun {
  readonly timer: Timer;
  readonly transcript: Transcript;
  /** Whether the pattern appears before the limit. */
  appears(pattern: Pattern, limitMs: number): Promise<boolean>;
  close(): void;
}

function openStage(run: ScriptRun): Stage {
  const { timer = realTimer } = run;
  const transcript = newTranscript();
  let look: () => void = () => undefined;
  const close = run.network.onPosted((lines) => {
    transcript.add(lines);
    look();
  });
  const appears = (pattern: Pattern, limitMs: number) => {
    if (transcript.match(pattern)) return Promise.resolve(true);
    const found = Promise.withResolvers<boolean>();
    const settle = (answer: boolean) => {
      look = () => undefined;
      cancel();
      found.resolve(answer);
    };
    const cancel = timer(limitMs, () => settle(false));
    look = () => {
      if (transcript.match(pattern)) settle(true);
    };
    return found.promise;
  };
  return { ...run, timer, transcript, appears, close };
}

/** What went wrong, in lines, or undefined. */
async function play(line: ScriptLine, stage: Stage): Promise<readonly string[] | undefined> {
  switch (line.kind) {
    case 'expect':
      return look(line, EXPECT_MS, stage);
    case 'wait':
      return look(line, line.limitMs, stage);
    case 'react':
      return react(line, stage);
    case 'say':
      return filled(line, line.text, stage, (text) => stage.network.say(line.who, text));
    case 'lab':
      return filled(line, line.line, stage, (text) => lab(text, stage));
    default:
      return line satisfies never;
  }
}

async function look(
  { place, pattern: written }: Extract<ScriptLine, { kind: 'expect' | 'wait' }>,
  limitMs: number,
  { transcript, appears }: Stage,
): Promise<readonly string[] | undefined> {
  const pattern = transcript.fillPattern(written);
  if (pattern.kind === 'unfilled') return [`${place}: ${pattern.because}`];
  if (await appears(pattern, limitMs)) return undefined;
  const said = transcript.sinceLastMatch();
  const since = said.length === 0 ? ['nothing'] : said;
  return [
    `${place}: expected ${inWords(pattern)} within ${limitMs / 1_000} s`,
    'said since the last match:',
    ...since.map((one) => `  ${one}`),
  ];
}

function inWords(pattern: Pattern): string {
  return pattern.kind === 'text' ? `"${pattern.text}"` : `/${pattern.source}/${pattern.flags}`;
}

async function react(
  { place, who, emoji, change }: Extract<ScriptLine, { kind: 'react' }>,
  { network }: Stage,
): Promise<readonly string[] | undefined> {
  if (await network.react(who, emoji, change)) return undefined;
  return [`${place}: there is no prompt yet that ${who} could react to; expect one first`];
}

async function filled(
  { place }: ScriptLine,
  written: string,
  { transcript }: Stage,
  act: (text: string) => Promise<void>,
): Promise<readonly string[] | undefined> {
  const text = transcript.fill(written);
  if (text.kind === 'unfilled') return [`${place}: ${text.because}`];
  try {
    await act(text.text);
    return undefined;
  } catch (problem) {
    if (problem instanceof Failure) return [`${place}: ${problem.message}. ${problem.next}`];
    throw problem;
  }
}

async function lab(line: string, { out, lab: act }: Stage): Promise<void> {
  out.write(`-- lab: ${line}\n`);
  await act(line);
}

function fail(out: Writable, lines: readonly string[]): 1 {
  for (const line of lines) out.write(`${line}\n`);
  return 1;
}
