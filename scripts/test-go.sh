#!/usr/bin/env bash
# The Go tests: all of them with the race detector and short inputs, then the
# property, race and kill loops at a tenth of their full counts without it.
# GUANXI_TEST_PG names the PostgreSQL that both share.
#
# The detector leaves out SQLite's translated C, which works on memory that it
# does not watch anyway and is four times quicker so; what calls it is watched.
# The packages that take longest go first, so that none is left for the end.
# The lint before has vetted everything. Memory is collected seldom, which takes
# an eighth off the time under the detector.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${GUANXI_TEST_PG:?run this through: go run ./internal/testkit/pg/run -- scripts/test-go.sh}"
# shellcheck source=scripts/phase.sh
. scripts/phase.sh

quick=-gcflags='modernc.org/...=-race=false'
longest=(./internal/server/... ./internal/app/... ./internal/core/...)
tree=/internal/archtest # it parses and checks the sources, which the detector only makes longer
mapfile -t all < <(go list ./... | grep -v "$tree\$")

phase 'Go: race, short inputs' env GOGC=300 GOMEMLIMIT=2GiB go test -race -short -vet=off "$quick" -timeout 25m "${longest[@]}" "${all[@]}"
phase 'Go: the tree' go test -short -vet=off ".$tree"
phase 'Go: property, race and kill loops' go run ./internal/testkit/loops -- go test -vet=off -timeout 25m
phases_done
