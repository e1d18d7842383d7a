# Sourced by the test scripts: what tests write goes into memory, where there is
# room for it. It is a thousand companies' databases, made and dropped within
# seconds, and a disk is busy with their files' names for a fifth of the run. What
# is proven is the same: a killed process loses nothing that the kernel has.

# At most 2 GiB are used; four times that must be free. A machine without such a
# folder, or with one of a container's 64 MiB, uses the temporary folder it has.
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] && [ "$(df --output=avail -k /dev/shm | tail -n 1)" -ge $((8 << 20)) ]; then
  TMPDIR=$(mktemp -d /dev/shm/guanxi-test-XXXXXX)
  chmod 755 "$TMPDIR" # PostgreSQL's own user goes through it
  export TMPDIR
  trap 'rm -rf "$TMPDIR"' EXIT
fi
