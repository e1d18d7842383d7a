#!/usr/bin/env bash
# One throw-away PostgreSQL cluster for a test run.
#   pg-cluster.sh start DIR   makes it in DIR (must not exist), prints its URL
#   pg-cluster.sh stop DIR    stops and deletes it
# It listens on 127.0.0.1 only, on a free port, and does not sync:
# its data outlives nothing. The server refuses to run as root, so root hands
# it to the user postgres (or nobody).
set -euo pipefail

verb=$1 dir=$2

found=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
[ -n "$found" ] || found=$(readlink -f "$(command -v initdb || true)")
[ -n "$found" ] || { echo "pg-cluster: PostgreSQL's server programs are not installed" >&2; exit 1; }
bin=$(dirname "$found")

as=()
if [ "$(id -u)" -eq 0 ]; then
  user=postgres
  id -u "$user" >/dev/null 2>&1 || user=nobody
  as=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups env HOME="$dir" LC_ALL=C.UTF-8)
fi

# free_port finds one that nobody listens on.
free_port() {
  local port
  for _ in $(seq 50); do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
  done
  echo "pg-cluster: no free port found" >&2
  return 1
}

case $verb in
  start)
    mkdir -p "$dir"
    chmod 755 "$dir"
    [ "${#as[@]}" -eq 0 ] || chown "$user" "$dir"
    port=$(free_port)
    cd "$dir"
    "${as[@]}" "$bin/initdb" -D "$dir/db" -U guanxi -A trust -E UTF8 --locale=C --no-sync >"$dir.log" 2>&1 || { cat "$dir.log" >&2; exit 1; }
    cat >>"$dir/db/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$dir'
max_connections = 200
shared_buffers = 128MB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum_naptime = 10s
log_min_messages = warning
CONF
    "${as[@]}" "$bin/pg_ctl" -D "$dir/db" -l "$dir/server.log" -w -t 60 start >>"$dir.log" 2>&1 || { cat "$dir.log" "$dir/server.log" >&2; exit 1; }
    echo "postgres://guanxi@127.0.0.1:$port/postgres?sslmode=disable"
    ;;
  stop)
    if [ -e "$dir/db/postmaster.pid" ]; then
      "${as[@]}" "$bin/pg_ctl" -D "$dir/db" -m immediate -w stop >/dev/null 2>&1 || true
    fi
    rm -rf -- "$dir" "$dir.log"
    ;;
  *) echo "pg-cluster: start or stop" >&2; exit 1 ;;
esac
