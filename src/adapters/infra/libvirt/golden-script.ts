import { CODE, REFUSED } from './script-codes.ts';

/**
 * Sees to it that a golden image is what the inventory says. What was read through once is known by inode, size and times
 * in STATE/golden/DIGEST. Arguments of the function: the image, its SHA-256.
 */
export const GOLDEN = `
golden_is_right() {
  [ -f "$1" ] || refuse ${CODE.imageMissing} "there is no file $1"
  case $(stat -L -c %A -- "$1") in *w*) refuse ${CODE.imageAltered} "$1 may be written to" ;; esac
  seen="$1 $(TZ=UTC stat -L -c '%d %i %s %y %z' -- "$1")"
  [ "$(cat "$state/golden/$2" 2>/dev/null)" = "$seen" ] && return
  printf '%s  %s\\n' "$2" "$1" | sha256sum --check --status - || refuse ${CODE.imageAltered} "$1 has another SHA-256 than the inventory says"
  mkdir -p -- "$state/golden" && printf '%s\\n' "$seen" >"$state/golden/$2.new" && mv -f -- "$state/golden/$2.new" "$state/golden/$2"
}
`;

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
