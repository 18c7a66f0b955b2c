import type { InstallReports } from '../../jobs/ports/installer.ts';
import type { Fleet } from './fleet/fleet.ts';
import { closeToken, openToken } from './fleet/installations.ts';
import { tokenKey } from './fleet/world.ts';

/** The install server of a fleet. */
export function simulatedReports(fleet: Fleet): InstallReports {
  return {
    async open(host, installation) {
      openToken(fleet.world(), fleet.host(host), installation);
    },
    async reportOf(op, host) {
      return fleet.world().tokens.get(tokenKey(op, host))?.report;
    },
    async close(op, host) {
      closeToken(fleet.world(), fleet.host(host), op);
    },
  };
}
