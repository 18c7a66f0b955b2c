import { Failure } from '../../../domain/failure.ts';
import type { CheckAim, ServiceCheck } from '../../../domain/service-check.ts';
import { unlessAborted } from '../../../domain/unless-aborted.ts';
import type { RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import type { ServiceChecks } from '../../../jobs/ports/service-checks.ts';
import { addressOf } from './address-of.ts';
import { askNameServer } from './ask-name-server.ts';
import { askSmtp } from './ask-smtp.ts';
import { askTcp, askTcpFrom } from './ask-tcp.ts';
import { authoritiesOf } from './authorities.ts';
import { type Came, failed, NotAsked, passed } from './came.ts';
import { curlFetcher } from './curl-page.ts';
import { errorInWords } from './error-in-words.ts';
import { expectedOf } from './expected.ts';
import { pageFetcher } from './fetch-page.ts';
import { judgePage } from './judge-page.ts';
import { indexPath, judgeRepository } from './judge-repository.ts';
import type { FetchPage } from './page.ts';

export interface ProbeOptions {
  readonly shell: () => RemoteShell;
  /** A file of more authorities than the system's. */
  readonly caFile: string | undefined;
  /** Who is asked what a public name means; the system when absent. */
  readonly resolvers: readonly string[] | undefined;
  readonly now: () => number;
}

interface Asking extends ProbeOptions {
  readonly check: ServiceCheck;
  readonly aim: CheckAim;
}

/** Asks each service itself, over connections of its own. */
export function probeChecks(options: ProbeOptions): ServiceChecks {
  return {
    async probe(check, aim, signal) {
      signal.throwIfAborted();
      const late = AbortSignal.timeout(check.timeoutMs);
      const inTime = AbortSignal.any([signal, late]);
      const expected = expectedOf(check.target);
      try {
        // Some lookups cannot be ended; what comes of them later is not waited for.
        const came = await unlessAborted(inTime, () => ask({ ...options, check, aim }, inTime));
        return { expected, ...came };
      } catch (problem) {
        signal.throwIfAborted();
        if (late.aborted)
          return { kind: 'failed', expected, came: `nothing within ${check.timeoutMs / 1000} s` };
        return { expected, ...inWords(problem) };
      }
    },
  };
}

function inWords(problem: unknown): { kind: 'unknown'; because: string } | Came {
  if (problem instanceof NotAsked) return { kind: 'unknown', because: problem.message };
  if (problem instanceof Failure) return { kind: 'unknown', because: problem.message };
  const came = errorInWords(problem);
  if (came === undefined) throw problem;
  return failed(came);
}

async function ask(asking: Asking, signal: AbortSignal): Promise<Came> {
  const { check, aim, shell } = asking;
  const { target } = check;
  switch (target.kind) {
    case 'http':
      return judgePage(
        target,
        await (await fetcher(asking, signal))({ ...target, name: aim.name }, signal),
      );
    case 'repository': {
      const wanted = { ...target, path: indexPath(target), redirects: 0, name: aim.name };
      return judgeRepository(
        target,
        await (await fetcher(asking, signal))(wanted, signal),
        asking.now(),
      );
    }
    case 'tcp':
      return tcp(asking, target.port, signal);
    case 'dns':
      return askNameServer(target, await address(asking, signal), signal);
    case 'smtp': {
      const at = await address(asking, signal);
      const place = {
        address: at,
        name: aim.name,
        authorities: await authoritiesOf(asking.caFile),
        now: asking.now(),
      };
      return askSmtp(target, place, signal);
    }
    case 'command': {
      const { argv, asRoot } = target;
      const command = { argv, asRoot, timeoutMs: check.timeoutMs };
      const { code } = await shell().run(aim.host, command, signal);
      return code === 0 ? passed('code 0') : failed(`code ${code}`);
    }
    default:
      return target satisfies never;
  }
}

async function fetcher(asking: Asking, signal: AbortSignal): Promise<FetchPage> {
  const { check, aim, shell, now } = asking;
  const known = aim.kind === 'member' ? aim.address : undefined;
  if (check.from !== undefined) return curlFetcher(shell(), check.from, known, check.timeoutMs);
  return pageFetcher({
    address: await address(asking, signal),
    authorities: await authoritiesOf(asking.caFile),
    now,
  });
}

async function tcp(asking: Asking, port: number, signal: AbortSignal): Promise<Came> {
  const { check, aim, shell } = asking;
  const { from, timeoutMs } = check;
  if (from === undefined) return askTcp(await address(asking, signal), port, signal);
  const there = aim.kind === 'member' ? aim.address : aim.name;
  return askTcpFrom({ shell: shell(), from }, { address: there, port, timeoutMs }, signal);
}

function address({ aim, resolvers }: Asking, signal: AbortSignal): Promise<string> {
  return addressOf(aim, resolvers, signal);
}
