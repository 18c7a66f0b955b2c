import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { BUILT_IN_PATTERNS } from '../../console/built-in-patterns.ts';
import { type ConsolePattern, sitePattern } from '../../console/console-pattern.ts';
import { type Finding, NOTHING_SCANNED, Scanned, scanConsole } from '../../console/scan-console.ts';
import type { StepContext } from '../../model/runbook.ts';
import type { ConsoleLog, ConsoleText } from '../../ports/console-log.ts';
import { Before, type ReinstallTarget } from './installation.ts';

const BOOKMARK = 'console';
/** A look reads so many parts; what is more is read at the next one. */
const MOST_PARTS = 4;
/** A console that does not answer must not hold up what is waited for. */
const PATIENCE_MS = 20_000;

const Fatal = z.strictObject({
  step: z.string(),
  attempt: z.int(),
  code: z.string(),
  name: z.string(),
  line: z.string(),
});
type Fatal = Readonly<z.infer<typeof Fatal>>;

const Watched = z.strictObject({
  /** Null while the console could not be asked where it ends. */
  cursor: z.string().nullable(),
  scanned: Scanned,
  /** What was remarked already, by what it was about. */
  remarked: z.array(z.string()).readonly(),
  fatal: Fatal.nullable(),
});
type Watched = Readonly<z.infer<typeof Watched>>;

type Context = StepContext<z.infer<typeof ReinstallTarget>>;

/**
 * From here on what the console prints counts, and nothing from before. A zone without a console does without, and
 * trouble with one is told and keeps nothing from going on.
 */
export async function startWatching(context: Context): Promise<void> {
  const { console } = context.ports;
  if (console === undefined) return;
  const { remarked } = await watchedOf(context);
  const fresh = { ...NEVER_WATCHED, remarked };
  const end = await unlessTroubled(context, (signal) => endOf(context, console, signal));
  const begun = 'trouble' in end ? remark(context, fresh, end) : { ...fresh, cursor: end.next };
  await context.putBookmark(BOOKMARK, begun);
}

/** Throws a Failure when the console shows that what is waited for will not come. Nothing when there is no console. */
export async function lookAtConsole(context: Context): Promise<void> {
  const { step, attempt, ports, putBookmark } = context;
  if (ports.console === undefined) return;
  const before = await watchedOf(context);
  const watched = isOf(before.fatal, { step, attempt })
    ? before
    : await lookOn(context, ports.console, before);
  await putBookmark(BOOKMARK, watched);
  if (!isOf(watched.fatal, { step, attempt })) return;
  await stopWatching(context);
  throw failureOf(context, watched.fatal);
}

/** Lets people have the console. */
export async function stopWatching(context: Context): Promise<void> {
  const {
    op,
    epoch,
    ports,
    with: { host },
  } = context;
  const { console } = ports;
  if (console === undefined) return;
  await unlessTroubled(context, (signal) => console.close(host, { op, epoch }, signal));
}

const NEVER_WATCHED: Watched = {
  cursor: null,
  scanned: NOTHING_SCANNED,
  remarked: [],
  fatal: null,
};

async function watchedOf({ bookmark }: Context): Promise<Watched> {
  return Watched.parse((await bookmark(BOOKMARK)) ?? NEVER_WATCHED);
}

/** What was found in an attempt ends that attempt, however often it is looked at; a person who retries knows of it. */
function isOf(
  fatal: Fatal | null,
  { step, attempt }: Pick<Fatal, 'step' | 'attempt'>,
): fatal is Fatal {
  return fatal?.step === step && fatal.attempt === attempt;
}

async function lookOn(context: Context, console: ConsoleLog, before: Watched): Promise<Watched> {
  let watched: Watched = { ...before, fatal: null };
  for (let parts = 0; parts < MOST_PARTS && watched.fatal === null; parts += 1) {
    const { cursor } = watched;
    const part = await unlessTroubled(context, (signal) =>
      readOn(context, console, cursor, signal),
    );
    if ('trouble' in part) return remark(context, watched, part);
    watched = take(context, watched, part);
    if (!part.more) break;
  }
  return watched;
}

function endOf({ op, epoch, with: { host } }: Context, console: ConsoleLog, signal: AbortSignal) {
  const end = console.end(host, { op, epoch }, signal);
  return end.then((next): ConsoleText => ({ text: '', next, more: false }));
}

function readOn(
  context: Context,
  console: ConsoleLog,
  cursor: string | null,
  signal: AbortSignal,
): Promise<ConsoleText> {
  const {
    op,
    epoch,
    with: { host },
  } = context;
  if (cursor === null) return endOf(context, console, signal);
  return console.read(host, cursor, { op, epoch }, signal);
}

function take(context: Context, watched: Watched, part: ConsoleText): Watched {
  const { step, attempt, log } = context;
  const { scanned, lines, findings } = scanConsole(
    watched.scanned,
    part.text,
    patternsFor(context),
  );
  if (lines.length > 0) log(withoutNonce(context, lines.join('\n')));
  for (const finding of findings) tellFinding(context, finding);
  const fatal = findings.find(({ pattern }) => pattern.severity === 'fatal');
  const { remark: text } = part;
  const remarked =
    text === undefined ? watched : remark(context, watched, { trouble: text, about: text });
  if (fatal === undefined) return { ...remarked, cursor: part.next, scanned };
  const { code, name } = fatal.pattern;
  const line = withoutNonce(context, fatal.line);
  return { ...remarked, cursor: part.next, scanned, fatal: { step, attempt, code, name, line } };
}

function patternsFor({
  with: { image },
  ports: { inventory },
}: Context): readonly ConsolePattern[] {
  const own = inventory.current().images.get(image)?.consolePatterns ?? [];
  return [...own.map(sitePattern), ...BUILT_IN_PATTERNS];
}

/** A warning is all that is said of it; something fatal is said again by the failure, in every channel. */
function tellFinding(context: Context, { pattern, line, around }: Finding): void {
  const {
    with: { host },
    tell,
  } = context;
  const isWarning = pattern.severity === 'warning';
  tell({
    line: withoutNonce(context, `console of ${host}: ${isWarning ? line : pattern.name}`),
    more: around.map((each) => withoutNonce(context, each)),
    important: isWarning,
  });
}

interface Trouble {
  readonly trouble: string;
  /** Trouble about the same is remarked once. */
  readonly about: string;
}

function remark({ tell, log }: Context, watched: Watched, { trouble, about }: Trouble): Watched {
  if (watched.remarked.includes(about)) return watched;
  tell({ line: trouble });
  log(trouble);
  return { ...watched, remarked: [...watched.remarked, about] };
}

async function unlessTroubled<T>(
  { with: { host }, signal }: Context,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T | Trouble> {
  try {
    return await ask(AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]));
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem;
    const trouble = `going on without the console of ${host}: ${problem.message}`;
    return { trouble, about: problem.code };
  }
}

/** A kernel prints its command line, and there the installer finds what only it may know. */
function withoutNonce({ output }: Context, text: string): string {
  return text.replaceAll(output('reinstall', Before).nonce, '[secret]');
}

function failureOf({ with: { host } }: Context, { code, name, line }: Fatal): Failure {
  return new Failure({
    code,
    problem: `the console of ${host} shows ${name}`,
    because: line,
    effect: 'none',
    next: `Look at the console of ${host}; retry waits again, and counts only what the console shows from now on.`,
  });
}
