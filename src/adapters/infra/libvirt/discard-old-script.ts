/** The seed's drive goes from the definition first: a guest without the file would not start by it. */
export const DISCARD_OLD = `
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
