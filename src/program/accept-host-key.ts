import { RefusedHostKey } from '../adapters/infra/ssh/host-key.ts';
import { Failure } from '../domain/failure.ts';
import type { HostName } from '../domain/ids.ts';
import type { Host } from '../domain/inventory.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import type { Program } from './program.ts';

const PATIENCE_MS = 60_000;

/**
 * Puts the key that a host shows on record, if its fingerprint is the one that somebody has compared at its console.
 * From now on the host has to show just this key. Jump hosts on the way have to be known already.
 */
export async function acceptHostKey(
  program: Program,
  typed: string,
  fingerprint: string,
): Promise<string> {
  const host = findHost(program, typed);
  const shown = await refusedKey(program, host);
  if (shown === undefined) return `${host.name} shows the key that is on record already`;
  if (shown.fingerprint !== fingerprint) throw anotherKey(host, shown, fingerprint);
  await program.hostKeys(host.zone).replace(host.name, shown.key, 'accepted at a terminal');
  return `${host.name} has to show ${shown.fingerprint} from now on`;
}

/** Connecting tells: a key that is not on record is refused, and the refusal carries it. */
async function refusedKey(
  program: Program,
  { name, zone }: Host,
): Promise<RefusedHostKey | undefined> {
  const { shell } = program.zone(zone).ports;
  try {
    await shell.run(name, { argv: ['true'] }, AbortSignal.timeout(PATIENCE_MS));
    return undefined;
  } catch (problem) {
    const cause = problem instanceof Failure ? problem.cause : undefined;
    if (cause instanceof RefusedHostKey && cause.host === name) return cause;
    throw problem;
  }
}

function findHost({ configuration }: Program, typed: string): Host {
  const { hosts } = configuration.inventory;
  const host = hosts.get(typed as HostName);
  if (host !== undefined) return host;
  const near = nearestWord(typed, hosts.keys());
  throw new Failure({
    code: 'hostkey.unknown-host',
    problem: `there is no host ${typed}`,
    because: near ? `the nearest is ${near}` : 'it is not in the inventory',
    effect: 'none',
    next: 'Name a host of the inventory.',
  });
}

function anotherKey({ name }: Host, shown: RefusedHostKey, fingerprint: string): Failure {
  return new Failure({
    code: 'hostkey.another-key',
    problem: `${name} does not show that key`,
    because: `it shows ${shown.fingerprint}, accepted was to be ${fingerprint}`,
    effect: 'none',
    next: `Compare both with the fingerprint on the console of ${name}.`,
  });
}
