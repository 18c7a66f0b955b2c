import type { ZoneName } from '../../domain/ids.ts';

/** Reading, writing without being able to read, or both. */
type Right = 'R' | 'W' | 'RW';

export interface KeyRights {
  /** A glob after the installation's prefix. `{zone}` is the role's own zone; for a bot, every zone. */
  readonly keys: string;
  readonly bot?: Right;
  readonly worker?: Right;
}

/**
 * Who may do what with which keys. Everything that a process keeps in the store is in this list: Redis refuses the rest
 * once each role has a user of its own. A worker writes what the whole installation shares without reading it.
 */
const KEY_RIGHTS: readonly KeyRights[] = [
  { keys: 'feed', bot: 'RW', worker: 'W' },
  { keys: 'operations', bot: 'RW', worker: 'W' },
  { keys: 'zones', bot: 'RW', worker: 'W' },
  { keys: 'durable', bot: 'RW', worker: 'R' },
  { keys: 'accepted', bot: 'RW', worker: 'R' },
  { keys: 'cursors', bot: 'RW' },
  { keys: 'seen:*', bot: 'RW' },
  { keys: 'messages:*', bot: 'RW' },
  { keys: 'chat:*', bot: 'RW' },
  { keys: 'took:*', bot: 'RW' },
  { keys: 'duty:*', bot: 'RW' },
  { keys: 'ledger:glass', bot: 'RW', worker: 'R' },
  { keys: 'ledger:identity', bot: 'RW' },
  { keys: 'refusals', bot: 'RW' },
  { keys: 'z:{zone}:*', worker: 'RW' },
  { keys: 'z:{zone}:heads', bot: 'RW' },
  { keys: 'z:{zone}:due', bot: 'RW' },
  { keys: 'z:{zone}:claims', bot: 'RW' },
  { keys: 'z:{zone}:queue', bot: 'RW' },
  { keys: 'z:{zone}:open', bot: 'RW' },
  { keys: 'z:{zone}:recent', bot: 'RW' },
  { keys: 'z:{zone}:read-only', bot: 'RW' },
  { keys: 'z:{zone}:removed-before', bot: 'RW' },
  { keys: 'z:{zone}:op:*:entries', bot: 'RW' },
  { keys: 'z:{zone}:op:*:log:*', bot: 'RW' },
  { keys: 'z:{zone}:told', bot: 'R' },
  { keys: 'z:{zone}:reload', bot: 'RW' },
  { keys: 'z:{zone}:workers', bot: 'R' },
  { keys: 'z:{zone}:host-keys', bot: 'R' },
  { keys: 'z:{zone}:install:*', bot: 'RW' },
  { keys: 'z:{zone}:bell:*', bot: 'RW' },
];

export type Role = { readonly kind: 'bot' } | { readonly kind: 'worker'; readonly zone: ZoneName };

export interface GrantedKeys {
  readonly right: Right;
  readonly keys: string;
}

/** The key patterns of a role, as Redis is told them. */
export function keysOf(role: Role, prefix = 'sb:'): readonly GrantedKeys[] {
  const zone = role.kind === 'worker' ? role.zone : '*';
  return KEY_RIGHTS.flatMap(({ keys, [role.kind]: right }) =>
    right === undefined ? [] : [{ right, keys: `${prefix}${keys.replace('{zone}', zone)}` }],
  );
}
