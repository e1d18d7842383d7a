#!/usr/bin/env bash
# The Go tests: all of them with the race detector and short inputs, then the
# property, race and kill loops at a tenth of their full counts without it.
# GUANXI_TEST_PG names the PostgreSQL that both share.
#
# The detector leaves out SQLite's translated C, which works on memory that it
# does not watch anyway and is four times quicker so; what calls it is watched.
# The packages that take longest go first, so that none is left for the end.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${GUANXI_TEST_PG:?run this through: go run ./internal/testkit/pg/run -- scripts/test-go.sh}"
# shellcheck source=scripts/phase.sh
. scripts/phase.sh

quick=-gcflags='modernc.org/...=-race=false'
longest=(./internal/server/... ./internal/app/... ./internal/core/...)

phase 'Go: race, short inputs' go test -race -short "$quick" -timeout 25m "${longest[@]}" ./...
phase 'Go: property, race and kill loops' go run ./internal/testkit/loops -- go test -timeout 25m
phases_done
