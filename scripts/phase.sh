# Sourced by the test scripts: named phases with their durations.

phase_list=()

# phase NAME COMMAND...: runs it with its output visible and notes the time.
# The first failing phase ends the script (set -e in the caller).
phase() {
  local name=$1 began=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  "$@"
  phase_list+=("$(printf '%5d s  %s' $((SECONDS - began)) "$name")")
}

# phases_done: the table of durations.
phases_done() {
  printf '\n== durations\n'
  printf '%s\n' "${phase_list[@]}"
  printf '%5d s  in all\n' "$SECONDS"
}
