import type { Fleet } from '../../../src/adapters/simulated/fleet/fleet.ts';

/** Everything that happened to a host, with how often: `2 boot`, `1 claim mount /srv/cache`. */
export function effectsOf(fleet: Fleet, host: string): readonly string[] {
  const mine = fleet.effects.filter((effect) => effect.host === host);
  const named = Map.groupBy(mine, ({ kind, detail = '' }) => `${kind} ${detail}`.trim());
  return [...named].map(([name, { length }]) => `${length} ${name.replace(/op-\w+/, 'op')}`);
}

/** What a reimage of a metal host does when every step runs once. */
export function metalOnce(host: string): readonly string[] {
  return [
    '1 disable',
    '1 comment reimage, op, ana',
    '1 open-token',
    '1 arm',
    '1 fire',
    '2 restart',
    '1 install f43-builder@2026.11.18',
    '2 boot',
    '1 close-token',
    '1 put-file /etc/motd',
    '1 put-file /etc/kojid/koji-client.pem',
    '1 put-file /etc/kojid/kojid.conf',
    '1 claim mount /srv/cache',
    '1 command mount /srv/cache',
    `1 claim hostnamectl set-hostname ${host}`,
    `1 command hostnamectl set-hostname ${host}`,
    '1 claim systemctl enable --now kojid',
    '1 command systemctl enable --now kojid',
    '1 command systemctl reboot',
    '1 enable',
    '1 comment',
  ];
}
