import { type Effect, Failure, rootMessage } from '../../../domain/failure.ts';
import { type ControlConfig, controlToken } from './control-config.ts';
import { Answer, type LabPort } from './control-protocol.ts';

/** Calls of one port in the lab's process. What reads leaves no effect, whatever comes of it. */
export interface ControlClient {
  read(method: string, args: readonly unknown[], signal: AbortSignal): Promise<unknown>;
  /** A lost answer is an unknown effect. */
  change(method: string, args: readonly unknown[], signal: AbortSignal): Promise<void>;
  /** One line about what answered; throws a Failure when it does not. */
  describe(signal: AbortSignal): Promise<string>;
}

const TIMEOUT_MS = 20_000;

interface Call {
  readonly path: string;
  readonly args: readonly unknown[];
  /** What is left behind when no answer comes. */
  readonly effect: Effect;
  readonly signal: AbortSignal;
}

export function controlClient(config: ControlConfig, port: LabPort): ControlClient {
  const call = async ({ path, args, effect, signal }: Call): Promise<unknown> => {
    const token = await controlToken(config);
    const request = {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(args),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    };
    const answer = await send(new URL(path, config.control), request, effect);
    if ('failure' in answer) throw fromLab(answer.failure);
    return answer.value;
  };
  return {
    read: (method, args, signal) =>
      call({ path: `/${port}/${method}`, args, effect: 'none', signal }),
    async change(method, args, signal) {
      await call({ path: `/${port}/${method}`, args, effect: 'unknown', signal });
    },
    async describe(signal) {
      await call({ path: '/lab/status', args: [], effect: 'none', signal });
      return `lab at ${config.control.host}`;
    },
  };
}

async function send(url: URL, request: RequestInit, effect: Effect): Promise<Answer> {
  let status: number | undefined;
  try {
    const response = await fetch(url, request);
    status = response.status;
    if (status === 401 || status === 404) throw refused(url, status);
    return Answer.parse(await response.json());
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const unsent = status === undefined && isRefused(cause);
    throw noAnswer(url, unsent ? 'none' : effect, cause);
  }
}

/** Nothing listens there, so nothing was sent. */
function isRefused(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}

function noAnswer({ host }: URL, effect: Effect, cause: unknown): Failure {
  return new Failure({
    code: 'lab.no-answer',
    problem: `The lab at ${host} gave no answer`,
    because: rootMessage(cause),
    effect,
    next: effect === 'none' ? 'Start the lab, then retry.' : 'Look at the host before any retry.',
    cause,
  });
}

function refused({ host, pathname }: URL, status: number): Failure {
  return new Failure({
    code: 'lab.refused',
    problem: `The lab at ${host} refused ${pathname}`,
    because: status === 401 ? 'the token is wrong' : 'it has no such call',
    effect: 'none',
    next:
      status === 401 ? 'Use the token of the running lab.' : 'Run lab and worker of one version.',
  });
}

function fromLab({ code, message, effect, next }: Extract<Answer, { failure: object }>['failure']) {
  const [problem = '', ...because] = message.split(': ');
  return new Failure({ code, problem, because: because.join(': '), effect, next });
}
