/** What can be made to go wrong on a host, and what happens then. */
export const FAULTS = {
  prepare: 'the check before an installation says that the image is missing',
  install: 'the installer fails, reports nothing, and the host never comes up',
  'install-hang': 'the installer never ends',
  'wrong-image': 'the installer installs and reports another version',
  'wrong-key': 'the installer reports another host key than the host shows',
  configure: 'the next claimed command exits 1: mount /srv/cache: no such device',
  'koji-offline': 'the next start of kojid never checks in',
  check: 'the next check of a service on it fails: HTTP 503',
  unit: 'the next start or stop of a unit fails',
  deaf: 'the guest does not listen when it is asked to shut down',
  'ssh-refused': 'the SSH server refuses the next connection',
} as const;
export type FaultKind = keyof typeof FAULTS;

export function isFaultKind(word: string): word is FaultKind {
  return Object.hasOwn(FAULTS, word);
}

export interface Faults {
  /** It goes wrong this many times; replaces what was set before. */
  set(host: string, kind: FaultKind, times: number): void;
  /** Nothing is left to go wrong: of this kind, or of any. */
  clear(host: string, kind?: FaultKind): void;
  /** Whether it goes wrong this time, which uses one up. */
  strike(host: string, kind: FaultKind): boolean;
}

export function faults(): Faults {
  const left = new Map<string, number>();
  const place = (host: string, kind: FaultKind) => `${host} ${kind}`;
  return {
    set: (host, kind, times) => void left.set(place(host, kind), times),
    clear(host, kind) {
      const kinds = kind === undefined ? Object.keys(FAULTS).filter(isFaultKind) : [kind];
      for (const each of kinds) left.delete(place(host, each));
    },
    strike(host, kind) {
      const times = left.get(place(host, kind)) ?? 0;
      if (times > 0) left.set(place(host, kind), times - 1);
      return times > 0;
    },
  };
}
