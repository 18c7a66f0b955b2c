import { roleOf } from '../adapters/store/acl-users.ts';
import { foreignZones, lackingRights, userOfConnection } from '../adapters/store/lacking-rights.ts';
import type { CheckLine } from './check.ts';
import type { Program } from './program.ts';
import { zonesOf } from './zones-of.ts';

/** The store, and whether its user has what its role needs and no more zones than its own. */
export async function checkStore({ store, configuration }: Program): Promise<readonly CheckLine[]> {
  const replicas = store.replicas > 0 ? ', with a replica that confirms' : '';
  const line: CheckLine = { verdict: 'ok', about: 'store', text: `${store.name}${replicas}` };
  const redis = store.connection('commands');
  const user = await userOfConnection(redis);
  const zones = zonesOf(configuration);
  const role = user === undefined ? undefined : roleOf(user, zones);
  if (user === undefined || role === undefined) return [line];
  const about = `store user ${user}`;
  const lacking = await lackingRights(redis, role);
  if (lacking.length > 0) {
    const next = '`signalbox store acl` prints what to give it';
    return [line, { verdict: 'FAIL', about, text: `lacks ${lacking.join(' ')}; ${next}` }];
  }
  const others = role.kind === 'worker' ? zones.filter((zone) => zone !== role.zone) : [];
  const foreign = await foreignZones(redis, others);
  if (foreign.length === 0) return [line, { verdict: 'ok', about, text: 'has what it needs' }];
  return [line, { verdict: 'FAIL', about, text: `may read the keys of ${foreign.join(', ')} too` }];
}
