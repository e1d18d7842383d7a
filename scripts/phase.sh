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

# beside NAME COMMAND...: runs it beside the phases that follow and keeps what it
# says for `joined`. When one of those fails, it is ended.
beside() {
  beside_name=$1 beside_began=$SECONDS beside_said=$(mktemp)
  shift
  set -m # a process group of its own, to be ended as one
  "$@" >"$beside_said" 2>&1 </dev/null &
  set +m
  beside_group=$!
  trap 'kill -- "-$beside_group" 2>/dev/null; printf "\n== %s, ended\n" "$beside_name"; cat "$beside_said"; rm -f "$beside_said"' EXIT
}

# joined: waits for what runs beside, shows what it said, and is as it ended.
joined() {
  local failed=0
  wait "$beside_group" || failed=$?
  trap - EXIT
  printf '\n== %s\n' "$beside_name"
  cat "$beside_said"
  rm -f "$beside_said"
  phase_list+=("$(printf '%5d s  %s' $((SECONDS - beside_began)) "$beside_name")")
  return "$failed"
}

# phases_done: the table of durations.
phases_done() {
  printf '\n== durations\n'
  printf '%s\n' "${phase_list[@]}"
  printf '%5d s  in all\n' "$SECONDS"
}
