/** What a script exits with when a newer epoch has been there. */
export const SUPERSEDED = 75;
/** What a script exits with when it refuses and has changed nothing; its last line is `signalbox: CODE BECAUSE`. */
export const REFUSED = 76;
/** What they refuse with. */
export const CODE = {
  unreachable: 'hypervisor.unreachable',
  busy: 'hypervisor.busy',
  imageMissing: 'hypervisor.image-missing',
  imageAltered: 'hypervisor.image-altered',
  running: 'hypervisor.running',
  diskMissing: 'hypervisor.disk-missing',
  notDefined: 'hypervisor.not-defined',
  notFresh: 'hypervisor.not-fresh',
} as const;
