/*
 * A capture runs the command on a terminal of its own, because serial-over-LAN clients and `virsh console` want one, and
 * script(1) writes what they print to a file. Its stdin stays open and empty: the end of it would be typed into the
 * console as Control-D, which an emergency shell takes for "go on". The pid beside the file is that of timeout(1), which
 * passes a signal on; without its file the capture was let go of. script(1) writes the command it is given into the file,
 * so it is given a variable's name.
 */

/** Arguments: file, the longest time in seconds, the command as one line for a shell. Exits as the command did. */
export const CAPTURE = `# signalbox: capture a console
file=$1 limit=$2 line=$3
umask 077
mkdir -p -- "\${file%/*}" || exit 73
find "\${file%/*}" -maxdepth 1 -type f -mtime +13 -exec rm -f -- {} +
in=$(mktemp -u "$file.XXXXXX") && mkfifo -- "$in" && exec 4<>"$in" && rm -f -- "$in" || exit 73
export SHELL=/bin/sh SIGNALBOX_CONSOLE="$line"
timeout -k 5 "$limit" script -q -e -f -a -c 'eval "$SIGNALBOX_CONSOLE"' "$file" <&4 >/dev/null 4<&- &
echo "$!" >"$file.pid"
wait "$!"
code=$?
if ! [ -e "$file.pid" ]; then code=143; fi
exit "$code"
`;

/** Arguments: file. Ends the capture into it; where there is none it does nothing. */
export const END_CAPTURE = `# signalbox: let go of a console
pid=$(cat "$1.pid" 2>/dev/null) || exit 0
rm -f -- "$1.pid"
if tr '\\0' '\\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -Fxq -- "$1"; then kill "$pid"; fi
`;
