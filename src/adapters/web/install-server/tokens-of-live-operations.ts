import type { OpId } from '../../../domain/ids.ts';
import type { InstallTokens, OpenInstall } from '../../infra/install-server/install-tokens.ts';

/**
 * The same tokens, except that one whose operation has ended is closed as soon as somebody comes with it: an operation that
 * was cancelled while it waited for its installer has nobody left to close it. Where that cannot be asked, nothing is
 * handed out.
 */
export function tokensOfLiveOperations(
  tokens: InstallTokens,
  hasEnded: (op: OpId) => Promise<boolean>,
): InstallTokens {
  async function live(install: OpenInstall | undefined): Promise<OpenInstall | undefined> {
    if (install === undefined || !(await hasEnded(install.op))) return install;
    await tokens.close(install.op, install.host);
    return undefined;
  }
  return {
    ...tokens,
    find: async (token) => live(await tokens.find(token)),
    findReported: async (token) => live(await tokens.findReported(token)),
  };
}
