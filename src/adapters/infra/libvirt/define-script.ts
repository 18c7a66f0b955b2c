import { CODE } from './script-codes.ts';

/**
 * More arguments: root disk, mark of the installation that it has to be made for, NVRAM file, folder of the TPM's state
 * (either may be empty), length of the XML on stdin.
 */
export const DEFINE = `
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
