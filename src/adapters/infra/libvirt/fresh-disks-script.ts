import { GOLDEN } from './golden-script.ts';
import { CODE } from './script-codes.ts';

/**
 * More arguments: root disk, golden image, its SHA-256, size in bytes, mark of the installation, seed, length of its
 * meta-data and of everything on stdin, which is meta-data and user-data. A second name for the old disk comes before the
 * new one takes its place, so there is a root disk at any moment, and the old one is never lost.
 */
export const FRESH_DISKS = `${GOLDEN}
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
