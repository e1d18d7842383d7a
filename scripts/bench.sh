#!/usr/bin/env bash
# Builds the benchmark (a module of its own; its floor needs cgo) and runs it.
#   bench.sh [flags of the driver; -h lists them]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/toolchain.sh go
command -v cc >/dev/null || { echo "bench: a C compiler is needed for the floor (SQLite's C library)" >&2; exit 1; }
go build -C bench -o ../bin/gxbench .
CGO_ENABLED=1 go build -C bench -tags sqlite_fts5 -o ../bin/gxfloor ./floor
case " $* " in
  *" -postgres "*)
    scripts/setup-test.sh
    # Commits reach the disk here: writes are part of the measure.
    exec go run ./internal/testkit/pg/run -sync -- bin/gxbench run "$@" ;;
  *) exec bin/gxbench run "$@" ;;
esac
