/** What the script exits with when it left the target as it was. From the rename on no signal leads there. */
export const NOT_PUT = 73;

/**
 * Arguments: path, mode as `stat -c %a` prints it, owner (`user` or `user:group`), SHA-256 of the content in hex. The
 * content comes on stdin and never in an argument, which every user of the host could read. It is written beside the
 * target under umask 077, compared with its digest (a lost connection looks like the end of a file) and renamed, so a
 * reader sees the old file or the new one. Prints `written` or `unchanged`. A symbolic link is replaced, not followed.
 */
export const PUT_FILE = `# signalbox: put a file
set -u
umask 077
path=$1 mode=$2 owner=$3 digest=$4
digest_of() { sha256sum <"$1" | cut -d ' ' -f 1; }
owned() {
  case $owner in
    *:*) for form in %U:%G %u:%g; do [ "$(stat -c "$form" -- "$path")" = "$owner" ] && return; done ;;
    *) for form in %U %u; do [ "$(stat -c "$form" -- "$path")" = "$owner" ] && return; done ;;
  esac
  return 1
}
if [ -f "$path" ] && ! [ -L "$path" ] && [ "$(stat -c %a -- "$path")" = "$mode" ] && owned && [ "$(digest_of "$path")" = "$digest" ]; then
  cat >/dev/null
  echo unchanged
  exit 0
fi
new=$(mktemp -- "\${path%/*}/.signalbox.XXXXXX") || exit ${NOT_PUT}
trap 'rm -f -- "$new"' EXIT
trap 'exit ${NOT_PUT}' HUP INT TERM
cat >"$new" || exit ${NOT_PUT}
if [ "$(digest_of "$new")" != "$digest" ]; then echo 'the content came short' >&2; exit ${NOT_PUT}; fi
chown -- "$owner" "$new" && chmod -- "$mode" "$new" || exit ${NOT_PUT}
sync "$new" 2>/dev/null || sync
trap '' HUP INT TERM
mv -fT -- "$new" "$path" || exit ${NOT_PUT}
sync "\${path%/*}" 2>/dev/null || sync
if command -v restorecon >/dev/null; then restorecon -- "$path" 2>/dev/null; fi
echo written
`;
