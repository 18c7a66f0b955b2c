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

/** What a script exits with when a newer epoch has been there. */
export const SUPERSEDED = 75;
/** What a script exits with when it refuses and has changed nothing; its last line is `signalbox: CODE BECAUSE`. */
export const REFUSED = 76;
/** What they refuse with. */
const CODE = {
  unreachable: 'hypervisor.unreachable',
  busy: 'hypervisor.busy',
  imageMissing: 'hypervisor.image-missing',
  imageAltered: 'hypervisor.image-altered',
  running: 'hypervisor.running',
  diskMissing: 'hypervisor.disk-missing',
  notDefined: 'hypervisor.not-defined',
  notFresh: 'hypervisor.not-fresh',
} as const;
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

/**
 * More arguments: seconds to shut down in, NVRAM file, folder of the TPM's state (either may be empty), then the words of
 * `virsh undefine`.
 */
const UNDEFINE = `
patience=$1 nvram=$2 tpm=$3
shift 3
is_known || exit 0
touched=yes
if is_running; then
  virsh shutdown "$guest"
  while is_running && [ "$patience" -gt 0 ]; do sleep 1; patience=$((patience - 1)); look; done
  if is_running; then virsh destroy "$guest" --graceful; look; fi
  if is_running; then echo "$guest does not stop"; exit 1; fi
  is_known || exit 0
fi
if ! [ -d "$mine/aside" ]; then
  new=$mine/aside.new
  rm -rf -- "$new" && mkdir -- "$new" || exit 1
  virsh dumpxml "$guest" --inactive --security-info >"$new/domain.xml" || exit 1
  started=$(virsh list --all --autostart --name) || exit 1
  if among "$started"; then : >"$new/autostart"; fi
  if [ -n "$nvram" ] && [ -f "$nvram" ]; then cp -a -- "$nvram" "$new/nvram" || exit 1; fi
  if [ -n "$tpm" ] && [ -d "$tpm" ]; then cp -a -- "$tpm" "$new/tpm" || exit 1; fi
  sync
  mv -T -- "$new" "$mine/aside" || exit 1
fi
virsh undefine "$guest" "$@" || exit 1
look
if is_known; then echo "$guest is still defined"; exit 1; fi
`;

/**
 * Sees to it that a golden image is what the inventory says. What was read through once is known by inode, size and times
 * in STATE/golden/DIGEST. Arguments of the function: the image, its SHA-256.
 */
const GOLDEN = `
golden_is_right() {
  [ -f "$1" ] || refuse ${CODE.imageMissing} "there is no file $1"
  case $(stat -L -c %A -- "$1") in *w*) refuse ${CODE.imageAltered} "$1 may be written to" ;; esac
  seen="$1 $(TZ=UTC stat -L -c '%d %i %s %y %z' -- "$1")"
  [ "$(cat "$state/golden/$2" 2>/dev/null)" = "$seen" ] && return
  printf '%s  %s\\n' "$2" "$1" | sha256sum --check --status - || refuse ${CODE.imageAltered} "$1 has another SHA-256 than the inventory says"
  mkdir -p -- "$state/golden" && printf '%s\\n' "$seen" >"$state/golden/$2.new" && mv -f -- "$state/golden/$2.new" "$state/golden/$2"
}
`;

/**
 * More arguments: root disk, golden image, its SHA-256, size in bytes, mark of the installation, seed, length of its
 * meta-data and of everything on stdin, which is meta-data and user-data. A second name for the old disk comes before the
 * new one takes its place, so there is a root disk at any moment, and the old one is never lost.
 */
const FRESH_DISKS = `${GOLDEN}
root=$1 golden=$2 sha256=$3 size=$4 mark=$5 seed=$6 meta=$7 length=$8
kept=$root.$op
new=$root.$op.new
if is_running; then refuse ${CODE.running} 'its root disk is in use: it runs'; fi
golden_is_right "$golden" "$sha256"
if ! [ -f "$root" ] && ! [ -e "$kept" ]; then refuse ${CODE.diskMissing} "there is no $root"; fi
inode() { stat -c %i -- "$1" 2>/dev/null; }
if [ "$(cat "$mine/fresh" 2>/dev/null)" != "$mark $(inode "$root")" ]; then
  # Fails while any other process has it open for writing.
  if [ -f "$root" ]; then qemu-img info -- "$root" >/dev/null 9>&- || refuse ${CODE.running} "something else uses $root"; fi
  printf '%s\\n' "$kept" "$seed" >"$mine/files.new" && mv -f -- "$mine/files.new" "$mine/files" || exit 1
  rm -f -- "$new"
  qemu-img create -q -f qcow2 -F qcow2 -b "$golden" "$new" "$size" 9>&- || exit 1
  if ! [ -e "$kept" ]; then ln -- "$root" "$kept" || exit 1; fi
  chmod --reference="$kept" -- "$new" && chown --reference="$kept" -- "$new" || exit 1
  keep "$new"
  printf '%s %s\\n' "$mark" "$(inode "$new")" >"$mine/fresh.new" && mv -f -- "$mine/fresh.new" "$mine/fresh" || exit 1
  keep "$mine/fresh" "$mine/files" "$mine"
  mv -fT -- "$new" "$root" || exit 1
  keep "\${root%/*}"
  if command -v restorecon >/dev/null; then restorecon -- "$root" 2>/dev/null; fi
fi
work=$mine/seed
rm -rf -- "$work" && mkdir -- "$work" && cat >"$work/all" || exit 1
if [ "$(wc -c <"$work/all")" -ne "$length" ]; then echo 'stdin came short'; exit 1; fi
head -c "$meta" "$work/all" >"$work/meta-data" || exit 1
tail -c "+$((meta + 1))" "$work/all" >"$work/user-data" || exit 1
cd -- "$work" || exit 1
iso() { "$@" -quiet -output seed.iso -volid cidata -joliet -rational-rock user-data meta-data; }
if command -v genisoimage >/dev/null; then iso genisoimage
elif command -v xorriso >/dev/null; then iso xorriso -as mkisofs
elif command -v mkisofs >/dev/null; then iso mkisofs
else cloud-localds seed.iso user-data meta-data
fi || exit 1
rm -f -- "$seed.new"
cp -- seed.iso "$seed.new" && chmod 0600 -- "$seed.new" && chown --reference="$kept" -- "$seed.new" || exit 1
keep "$seed.new"
mv -fT -- "$seed.new" "$seed" || exit 1
if command -v restorecon >/dev/null; then restorecon -- "$seed" 2>/dev/null; fi
cd / && rm -rf -- "$work"
`;

/**
 * More arguments: root disk, mark of the installation that it has to be made for, NVRAM file, folder of the TPM's state
 * (either may be empty), length of the XML on stdin.
 */
const DEFINE = `
root=$1 mark=$2 nvram=$3 tpm=$4 length=$5
if [ "$(cat "$mine/fresh" 2>/dev/null)" != "$mark $(stat -c %i -- "$root" 2>/dev/null)" ]; then
  refuse ${CODE.notFresh} "$root is not the fresh disk of $op"
fi
cat >"$mine/domain.xml" || exit 1
if [ "$(wc -c <"$mine/domain.xml")" -ne "$length" ]; then echo 'stdin came short'; exit 1; fi
restore() {
  if [ -z "$2" ] || [ -e "$2" ] || ! [ -e "$1" ]; then return; fi
  rm -rf -- "$2.$op" && cp -a -- "$1" "$2.$op" && mv -T -- "$2.$op" "$2" || exit 1
}
restore "$mine/aside/nvram" "$nvram"
restore "$mine/aside/tpm" "$tpm"
virsh define "$mine/domain.xml" || exit 1
if [ -e "$mine/aside/autostart" ]; then virsh autostart "$guest" || exit 1; fi
rm -f -- "$mine/domain.xml"
`;

const START = `
is_known || refuse ${CODE.notDefined} 'it is not defined'
if is_running; then exit 0; fi
touched=yes
virsh start "$guest" && exit 0
look
is_running
`;

/** The seed's drive goes from the definition first: a guest without the file would not start by it. */
const DISCARD_OLD = `
if ! [ -e "$mine/files" ]; then rm -rf -- "$mine"; exit 0; fi
{ read -r kept; read -r seed; } <"$mine/files"
if is_known; then
  if is_running; then virsh change-media "$guest" "$seed" --eject --live --force >/dev/null 2>&1; fi
  xml=$(virsh dumpxml "$guest" --inactive) || exit 1
  case $xml in *"$seed"*) virsh detach-disk "$guest" "$seed" --config || exit 1 ;; esac
fi
rm -f -- "$seed" "$seed.new" "$kept.new" "$kept" || exit 1
rm -rf -- "$mine"
find "$state/$guest" -maxdepth 1 -name '*.epoch' -mtime +60 -delete
`;

const SOURCES = {
  undefine: UNDEFINE,
  'fresh-disks': FRESH_DISKS,
  define: DEFINE,
  start: START,
  'discard-old': DISCARD_OLD,
} as const;
export type GuestAct = keyof typeof SOURCES;

export function guestScript(act: GuestAct): string {
  return `# signalbox: ${act}${COMMON}${SOURCES[act]}`;
}

/** Reads, and notes what it has read through. Arguments: state, golden image, its SHA-256. */
export const CHECK_GOLDEN = `# signalbox: check a golden image
set -u
export LC_ALL=C
umask 077
state=$1
refuse() { printf 'signalbox: %s %s\\n' "$1" "$2"; exit ${REFUSED}; }
${GOLDEN}
golden_is_right "$2" "$3"
`;
