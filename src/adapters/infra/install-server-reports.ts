import { Failure, rootMessage } from '../../domain/failure.ts';
import type { HostName } from '../../domain/ids.ts';
import type { Installation } from '../../jobs/ports/installer.ts';
import { defineDriver } from '../driver.ts';
import { InstallServerConfig } from './install-server/install-server-config.ts';
import { installToken } from './install-server/install-token.ts';
import type { InstallTokens } from './install-server/install-tokens.ts';

/** The bot's own install server, seen from a worker: both keep tokens and reports in the store. */
export default defineDriver({
  port: 'reports',
  product: 'install-server',
  config: InstallServerConfig,
  connect({ url }, { installTokens }) {
    const tokens = () => installTokens ?? absent();
    return {
      port: {
        async open(host: HostName, installation: Installation) {
          const { op, image, nonce } = installation;
          await tokens().open(installToken(host, installation), { host, op, image, nonce });
        },
        reportOf: async (op, host) => tokens().reportOf(op, host),
        close: async (op, host) => tokens().close(op, host),
      },
      async check(signal) {
        tokens();
        await askHealth(url, signal);
        return `install server at ${url}`;
      },
      close: async () => {},
    };
  },
});

function absent(): InstallTokens {
  throw new Failure({
    code: 'installer.no-token-store',
    problem: 'The install server cannot be asked',
    because: 'this process keeps no tokens for it',
    effect: 'none',
    next: 'Use it from a bot or worker that has the store.',
  });
}

async function askHealth(url: string, signal: AbortSignal): Promise<void> {
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(5_000)]);
    const response = await fetch(`${url}health`, { signal: within });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`it answered ${response.status}`);
  } catch (cause) {
    throw new Failure({
      code: 'installer.server-silent',
      problem: `The install server at ${url} gave no answer`,
      because: rootMessage(cause),
      effect: 'none',
      next: 'Start the bot, and check that its url, listen and port lead to one another.',
      cause,
    });
  }
}
