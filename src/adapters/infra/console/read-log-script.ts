/**
 * Arguments: file, inode, offset (`end` for where it ends now), checksum, how many bytes at most. Prints `absent`, or a
 * line of how the file was found (`same`, `rotated`, `truncated`), inode, next offset, checksum there, size, and after it
 * the bytes. The file is opened once: what is printed is of one file, whatever its name comes to mean meanwhile.
 */
export const READ_LOG = `# signalbox: read a console log
file=$1 inode=$2 offset=$3 checksum=$4 most=$5
if ! [ -e "$file" ]; then echo absent; exit 0; fi
if ! [ -f "$file" ]; then echo 'it is not a file' >&2; exit 1; fi
exec 3<"$file"
log=/proc/self/fd/3
found=$(stat -L -c '%i %s' "$log") || exit 1
size=\${found#* } now=\${found% *}
sum_before() {
  back=64
  if [ "$1" -lt "$back" ]; then back=$1; fi
  sum=$(tail -c "+$(($1 - back + 1))" "$log" | head -c "$back" | cksum)
  echo "\${sum%% *}"
}
how=same
if [ "$offset" = end ]; then offset=$size
elif [ "$inode" != 0 ] && [ "$inode" != "$now" ]; then how=rotated offset=0
elif [ "$size" -lt "$offset" ] || [ "$(sum_before "$offset")" != "$checksum" ]; then how=truncated offset=0
fi
length=$((size - offset))
if [ "$length" -gt "$most" ]; then length=$most; fi
next=$((offset + length))
echo "$how $now $next $(sum_before "$next") $size"
tail -c "+$((offset + 1))" "$log" | head -c "$length"
`;
