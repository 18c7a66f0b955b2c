const VERSION = '2026.11.18';

/** What new guests do with their seed, by the name of the image. */
const ENDINGS = {
  /** Everything right. */
  tiny: ['mark {nonce}', 'report "$(cat /etc/ssh/ssh_host_ed25519_key.pub)"'],
  /** Its installation fails before it could report to {report-url}. */
  'tiny-failing': ['echo "no space left on device"', 'exit 1'],
  /** It reports and never comes up. */
  'tiny-down': ['mark {nonce}', 'report "$(cat /etc/ssh/ssh_host_ed25519_key.pub)"', 'poweroff -f'],
  /** The mark of an installation before is still there. */
  'tiny-old': [
    'mark of-an-earlier-installation',
    'report "$(cat /etc/ssh/ssh_host_ed25519_key.pub)"',
  ],
  /** It reports a host key, and shows another one. */
  'tiny-strange': [
    'mark {nonce}',
    'report "$(cat /etc/ssh/ssh_host_ed25519_key.pub)"',
    'rm /etc/ssh/ssh_host_ed25519_key*',
    "ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key",
  ],
} as const;
export type TinyImage = keyof typeof ENDINGS;

export interface ImageFacts {
  /** The public key of who may log in. */
  readonly authorized: string;
  readonly sha256: string;
  readonly checkInPort: number;
}

/** Images of the inventory that differ in their seeds alone. */
export function tinyImages(facts: ImageFacts) {
  return Object.fromEntries(
    Object.entries(ENDINGS).map(([name, ending]) => [name, imageOf(ending, facts)]),
  );
}

function imageOf(ending: readonly string[], { authorized, sha256, checkInPort }: ImageFacts) {
  return {
    versions: [VERSION],
    architectures: ['x86_64'],
    kinds: ['virtual'],
    guest: {
      disks: { [VERSION]: { path: 'golden.qcow2', sha256 } },
      'user-data': userData(authorized, ending),
    },
    'post-install': {
      files: [
        file('/etc/fstab', '0644', 'LABEL=cache /srv/cache ext4 defaults 0 0\n'),
        file('/etc/motd', '0644', '{host} is a builder\n'),
        file('/etc/rc.d/kojid', '0755', kojid(checkInPort)),
      ],
      commands: [
        ['mkdir', '-p', '/srv/cache'],
        ['mount', '/srv/cache'],
        [
          'sh',
          '-c',
          'echo begun >>/srv/cache/configured; sleep 3; echo {host} >>/srv/cache/configured',
        ],
      ],
    },
  };
}

function file(path: string, mode: string, content: string) {
  return { path, mode, owner: 'root', content };
}

function userData(authorized: string, ending: readonly string[]): string {
  return `#!/bin/sh
# {report-url} is where a new guest says {nonce}.
set -eu
mkdir -p /root/.ssh /etc/signalbox
echo '${authorized}' >/root/.ssh/authorized_keys
mark() { printf '{"image": "%s", "nonce": "%s"}\\n' {image} "$1" >/etc/signalbox/installed.json; }
report() {
  body=$(printf '{"nonce": "%s", "image": "%s", "hostKey": "%s"}' {nonce} {image} "$1")
  for try in 1 2 3 4 5; do
    wget -q -O /dev/null --header 'Content-Type: application/json' --post-data "$body" {report-url} && return
    sleep 1
  done
  return 1
}
${ending.join('\n')}
`;
}

/** The builder checks in with the hub every now and then, as kojid does. */
export function kojid(port: number): string {
  return `while :; do wget -q -O /dev/null http://10.0.2.2:${port}/$(hostname); sleep 1; done\n`;
}
