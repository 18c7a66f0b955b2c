import type { HostName } from '../../../domain/ids.ts';
import type { Service } from '../../../domain/service.ts';
import type { StepContext } from '../../model/runbook.ts';

export type MayReturn =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no'; readonly because: string };

const LIMIT_MS = 30_000;

/**
 * Whether everything may go back by itself after `promoted` had begun to serve: the site allows it, and what was written
 * there since is nothing, or nothing that the old one could not live with. Not knowing is no.
 */
export async function mayReturn(
  { ports, log, signal }: Pick<StepContext<unknown>, 'ports' | 'log' | 'signal'>,
  { automaticReturn: { allowed, writes } }: Service,
  promoted: HostName,
): Promise<MayReturn> {
  if (!allowed) return no('the inventory does not allow it');
  switch (writes.kind) {
    case 'compatible':
      return { kind: 'yes' };
    case 'unknown':
      return no(`nobody knows what was written on ${promoted}`);
    case 'looked-up': {
      const argv = [...writes.by];
      const command = { argv, asRoot: true, timeoutMs: LIMIT_MS };
      try {
        const { code, stdout, stderr } = await ports.shell.run(promoted, command, signal);
        log(`$ ${argv.join(' ')}\n${stdout}${stderr}`);
        return code === 0 ? { kind: 'yes' } : no(`something was written on ${promoted} since`);
      } catch {
        return no(`${promoted} could not be asked what was written there`);
      }
    }
    default:
      return writes satisfies never;
  }
}

function no(because: string): MayReturn {
  return { kind: 'no', because };
}
