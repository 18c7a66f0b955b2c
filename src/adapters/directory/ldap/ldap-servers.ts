import { rootMessage } from '../../../domain/failure.ts';
import { DirectoryUnavailable } from '../people-source.ts';
import type { LdapSettings } from './ldap-settings.ts';
import { LdapTrouble } from './ldap-trouble.ts';
import { type LdapConnection, type LdapLogin, openLdap } from './open-ldap.ts';
import { serverOrder } from './server-order.ts';

export interface LdapServers {
  /**
   * Puts a question, which may take several searches, to the first server that answers all of it. A question only
   * reads, so another server is simply asked from its beginning. Throws DirectoryUnavailable when none answers.
   */
  ask<Answer>(question: (ldap: LdapConnection) => Promise<Answer>): Promise<Answer>;
  /** The same to one of them. Throws LdapTrouble. */
  askOne<Answer>(server: URL, question: (ldap: LdapConnection) => Promise<Answer>): Promise<Answer>;
}

export interface LdapServersOptions {
  readonly settings: Pick<LdapSettings, 'name' | 'servers' | 'timeoutMs'>;
  readonly login: () => Promise<LdapLogin>;
  /** Never goes backwards, in ms. */
  readonly now: () => number;
}

export function ldapServers({ settings, login, now }: LdapServersOptions): LdapServers {
  const { name, servers, timeoutMs } = settings;
  const order = serverOrder(servers, now);

  async function loginNow(): Promise<LdapLogin> {
    return login().catch((problem: unknown) => {
      throw new DirectoryUnavailable(name, rootMessage(problem), problem);
    });
  }

  const askOne: LdapServers['askOne'] = async (server, question) => {
    const ldap = await openLdap(server, await loginNow(), timeoutMs);
    try {
      return await question(ldap);
    } finally {
      ldap.close();
    }
  };

  return {
    askOne,
    async ask(question) {
      const troubles: string[] = [];
      for (const server of order.inTurn()) {
        try {
          const answer = await askOne(server, question);
          order.answered(server);
          return answer;
        } catch (problem) {
          if (!(problem instanceof LdapTrouble)) throw problem;
          if (problem.isDead) order.died(server);
          troubles.push(`${server.hostname} ${problem.message}`);
        }
      }
      throw new DirectoryUnavailable(name, [...new Set(troubles)].join('; '));
    },
  };
}
