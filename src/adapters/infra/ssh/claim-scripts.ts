import { quoteWords } from './quote.ts';

/*
 * How a claim works on the target. `STATE` is the state directory, made with mode 0700.
 *
 *   STATE/OP.epochs/EPOCH           the fence: one empty file for each epoch seen for an operation, never removed
 *   STATE/OP.STEP.ATTEMPT.PART/     the claim: epoch, boot-id, pid, output, and at the end exit
 *   STATE/.new.XXXXXX/              a claim in preparation; what is older than a day was given up and is removed
 *
 * At most once. The runner, a process of its own session, writes its pid into the prepared directory and renames it into
 * place. rename(2) onto a directory that is not empty fails, so of all runners of one claim one goes on, and the command
 * starts only after the renamed entry is on disk.
 *
 * Never for ever. A claim in place always names a process. Dead before the rename: there is no claim and a later call
 * starts afresh. Dead after it without an exit code, or another boot id: lost. There is no state that nobody leaves.
 *
 * Fenced without a lock. A call first puts its epoch on the fence and then looks at the claims; a runner first puts the
 * claim in place and then looks at the fence. So once a call with a newer epoch has returned, an older one has either
 * been seen by it or finds the newer epoch and starts nothing.
 *
 * A pid is believed only together with the time its process started (field 22 of /proc/PID/stat, proc(5)), because pids
 * are used again.
 */

/** What a script exits with when a newer epoch has been there. */
export const SUPERSEDED = 75;
/** What a script exits with when no claim could be made; the command was not started. */
export const NOT_CLAIMED = 73;

// `sync FILE` is in coreutils since 8.24; elsewhere it syncs everything or refuses, and then everything is synced.
const COMMON = `
set -u
keep() { sync "$@" 2>/dev/null || sync; }
newest() {
  top=0
  for seen in "$fence"/*; do
    seen=\${seen##*/}
    if [ "$seen" -gt "$top" ]; then top=$seen; fi
  done
  echo "$top"
}
started() {
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  set -- \${stat##*) }
  echo "\${20}"
}
`;

const RUNNER = `${COMMON}
new=$1 claim=$2 fence=$3 epoch=$4 as=$5 limit=$6 mask=$7
shift 7
printf '%s %s\\n' "$$" "$(started "$$")" >"$new/pid" || exit 1
: >"$new/output" || exit 1
keep "$new"/* "$new"
mv -T -- "$new" "$claim" || exit 1
keep "\${claim%/*}"
if [ "$(newest)" -gt "$epoch" ]; then : >"$claim/refused"; exit 1; fi
exec <"$claim/stdin" >"$claim/output" 2>&1
rm -f -- "$claim/stdin"
if [ "$limit" -gt 0 ]; then set -- timeout -k 5 "$limit" "$@"; fi
if [ "$as" = login ] && [ -n "\${SUDO_USER:-}" ]; then set -- sudo -n -u "$SUDO_USER" -- "$@"; fi
(umask "$mask"; exec "$@")
code=$?
exec >/dev/null 2>&1
tail -c 65536 "$claim/output" >"$claim/output.kept" && mv -- "$claim/output.kept" "$claim/output"
printf '%s\\n' "$code" >"$claim/exit.new"
keep "$claim/output" "$claim/exit.new"
mv -- "$claim/exit.new" "$claim/exit"
keep "$claim"
`;

const FENCE = `
claim=$state/$op.$step.$attempt.$part
fence=$state/$op.epochs
mask=$(umask)
umask 077
if ! [ -e "$fence/$epoch" ]; then
  mkdir -p -- "$fence" && : >"$fence/$epoch" || exit ${NOT_CLAIMED}
  keep "$fence" "$state"
fi
check_fence() {
  top=$(newest)
  if [ "$top" -gt "$epoch" ]; then printf 'superseded %s\\n' "$top"; exit ${SUPERSEDED}; fi
}
check_fence
`;

const REPORT = `
if [ "$(cat "$claim/epoch")" -lt "$epoch" ]; then
  printf '%s\\n' "$epoch" >"$claim/epoch.$$" && mv -- "$claim/epoch.$$" "$claim/epoch"
fi
pid=none since=
if [ -f "$claim/pid" ]; then read -r pid since <"$claim/pid"; fi
alive=no
if [ -n "$since" ] && [ "$(started "$pid")" = "$since" ]; then alive=yes; fi
if [ -f "$claim/exit" ]; then
  printf 'exited %s\\n' "$(cat "$claim/exit")"
  tail -c 65536 "$claim/output"
elif [ "$(cat "$claim/boot-id")" != "$(cat /proc/sys/kernel/random/boot_id)" ]; then
  echo 'lost the host was restarted'
elif [ -f "$claim/refused" ]; then
  echo 'lost a newer epoch came before it was started'
elif [ "$alive" = yes ]; then
  echo running
else
  echo 'lost its process is gone and left no exit code'
fi
`;

/**
 * Arguments: state directory, op, step, attempt, part, epoch, `root` or `login`, limit in seconds (0 for none), length
 * of stdin in bytes, then the command's words. Its stdin is the command's. It prints `running`, `exited CODE` followed by
 * a newline and the output, `lost BECAUSE` or `superseded EPOCH`.
 */
export const START_CLAIM = `# signalbox: start a command under a claim${COMMON}
state=$1 op=$2 step=$3 attempt=$4 part=$5 epoch=$6 as=$7 limit=$8 length=$9
shift 9
${FENCE}
if ! [ -d "$claim" ]; then
  find "$state" -maxdepth 1 -name '.new.*' -mtime +0 -exec rm -rf -- {} + 2>/dev/null
  new=$(mktemp -d "$state/.new.XXXXXX") || exit ${NOT_CLAIMED}
  trap 'rm -rf -- "$new"' EXIT
  cat >"$new/stdin"
  if [ "$(wc -c <"$new/stdin")" -ne "$length" ]; then echo 'stdin came short' >&2; exit ${NOT_CLAIMED}; fi
  printf '%s\\n' "$epoch" >"$new/epoch"
  cat /proc/sys/kernel/random/boot_id >"$new/boot-id" || exit ${NOT_CLAIMED}
  # The runner keeps this pipe open until it has taken the claim or given up, whatever becomes of it.
  said=$(setsid sh -c ${quoteWords([RUNNER])} signalbox "$new" "$claim" "$fence" "$epoch" "$as" "$limit" "$mask" "$@" </dev/null 2>&1 &)
  if ! [ -d "$claim" ]; then printf '%s\\n' "$said" >&2; exit ${NOT_CLAIMED}; fi
  check_fence
fi
${REPORT}`;

/** Arguments: state directory, op, step, attempt, part, epoch. Prints `absent`, or what `START_CLAIM` prints. */
export const READ_CLAIM = `# signalbox: read a claim${COMMON}
state=$1 op=$2 step=$3 attempt=$4 part=$5 epoch=$6
${FENCE}
if ! [ -d "$claim" ]; then echo absent; exit 0; fi
${REPORT}`;
