/**
 * What steps run on the target: `act FOLDER VERB OP STEP WAY ATTEMPT EPOCH WORKER [VALUE]`. Each line it adds to `marks`
 * is one write to a file that is opened for appending, so lines of several commands never mix.
 */
export const TARGET_SCRIPT = `set -u
cd "$1" || exit 70
verb=$2 op=$3 step=$4 way=$5 attempt=$6 epoch=$7 worker=$8 value=\${9:-}
mark() { printf '%s %s %s %s %s %s %s %s\\n' "$(date +%s%3N)" "$1" "$op" "$step" "$way" "$attempt" "$epoch" "$worker" >>marks; }
setting="settings/$op.$step"
case $verb in
  look) mark look; sleep 0.4 ;;
  act) mark begin; sleep 0.1; mark effect; sleep 0.3; mark end ;;
  count) grep -c -F " effect $op $step run " marks || true ;;
  read) cat "$setting" 2>/dev/null || echo original ;;
  set) mark begin; sleep 0.1; mkdir -p settings; printf '%s\\n' "$value" >"$setting"; mark effect; sleep 0.3; mark end ;;
  arm) mkdir -p armed; : >"armed/$op"; mark arm; sleep 0.2 ;;
  fire) mark begin; [ -e "armed/$op" ] || exit 4; mark effect; rm -f "armed/$op"; sleep 0.2; mark end ;;
  disarm) rm -f "armed/$op"; mark disarm ;;
  try) mark look; [ -e mended ] || exit 3 ;;
  *) exit 64 ;;
esac
`;
