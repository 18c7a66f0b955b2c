import { DEFINE } from './define-script.ts';
import { DISCARD_OLD } from './discard-old-script.ts';
import { FRESH_DISKS } from './fresh-disks-script.ts';
import { CODE, REFUSED, SUPERSEDED } from './script-codes.ts';
import { SHUT_DOWN } from './shut-down-script.ts';
import { START } from './start-script.ts';
import { UNDEFINE } from './undefine-script.ts';

/*
 * What acts on a guest, one script for each act. They run on its hypervisor under a claim, and each of them
 *
 *   takes the guest's lock        STATE/GUEST/lock, so that no two act on one guest, whoever started them;
 *   looks at the fence under it   STATE/GUEST/OP.epoch, the newest epoch that acted for the operation: an older one, which
 *                                 may have waited for the lock all the while, does nothing any more;
 *   and then acts, so that it may be cut off at any point and run again.
 *
 * STATE/GUEST/OP/ holds what belongs to one operation: `aside`, what undefining the guest would lose; `fresh`, which
 * installation the file at the root disk's place was made for; and `files`, what is dropped with the old root disk.
 */

const LOCK_WAIT_S = 300;

const COMMON = `
set -u
export LC_ALL=C
umask 077
state=$1 guest=$2 op=$3 epoch=$4 uri=$5
shift 5
touched=
refuse() {
  if [ -n "$touched" ]; then printf '%s\\n' "$2"; exit 1; fi
  printf 'signalbox: %s %s\\n' "$1" "$2"
  exit ${REFUSED}
}
keep() { sync "$@" 2>/dev/null || sync; }
# A daemon that virsh starts must not hold the lock.
virsh() { command virsh -c "$uri" "$@" 9>&-; }
look() {
  known=$(virsh list --all --name) && active=$(virsh list --name) && return
  refuse ${CODE.unreachable} "virsh does not reach $uri"
}
among() { printf '%s\\n' "$1" | grep -Fxq -e "$guest"; }
is_known() { among "$known"; }
is_running() { among "$active"; }
mine=$state/$guest/$op
mkdir -p -- "$mine" || refuse ${CODE.busy} "$state cannot be written"
exec 9>"$state/$guest/lock" || refuse ${CODE.busy} "$state cannot be written"
flock -w ${LOCK_WAIT_S} 9 || refuse ${CODE.busy} 'something else acts on it'
newest=$(cat "$mine.epoch" 2>/dev/null) || newest=0
if [ "$newest" -gt "$epoch" ]; then printf '%s\\n' "$newest"; exit ${SUPERSEDED}; fi
printf '%s\\n' "$epoch" >"$mine.epoch.new" && mv -f -- "$mine.epoch.new" "$mine.epoch" || refuse ${CODE.busy} "$state cannot be written"
keep "$mine.epoch"
look
`;

const SOURCES = {
  undefine: UNDEFINE,
  'fresh-disks': FRESH_DISKS,
  define: DEFINE,
  start: START,
  'shut-down': SHUT_DOWN,
  'discard-old': DISCARD_OLD,
} as const;
export type GuestAct = keyof typeof SOURCES;

export function guestScript(act: GuestAct): string {
  return `# signalbox: ${act}${COMMON}${SOURCES[act]}`;
}
