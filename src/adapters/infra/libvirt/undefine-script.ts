/**
 * More arguments: seconds to shut down in, NVRAM file, folder of the TPM's state (either may be empty), then the words of
 * `virsh undefine`.
 */
export const UNDEFINE = `
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
