#!/usr/bin/env bash
# Builds the benchmark (a module of its own; its floor needs cgo) and runs it.
#   bench.sh [flags of the driver; -h lists them]
#   bench.sh -sales [ROWS]  the pages of sales and money, on both databases
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/toolchain.sh go
if [ "${1:-}" = -sales ]; then
  scripts/setup-test.sh
  GUANXI_BENCH_ROWS=${2:-200000} exec go run ./internal/testkit/pg/run -- \
    go test -run '^$' -bench '^BenchmarkSales$' -benchtime 1x -timeout 60m ./internal/server/api
fi
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
