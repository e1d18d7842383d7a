#!/usr/bin/env bash
# The Go tests: all of them with the race detector and short inputs, then the
# property, race and kill loops at a tenth of their full counts without it.
# GUANXI_TEST_PG names the PostgreSQL that both share.
#
# The detector leaves out SQLite's translated C, which works on memory that it
# does not watch anyway and is four times quicker so, and libraries that share
# nothing between goroutines and only compute on what they are handed; that of
# JSON schemas is the tests' own. What calls them is watched, and so is
# encoding/json, which reads our memory; hidden is only a text or buffer that
# somebody writes while one of them reads it. A program under the detector
# sleeps a second before it ends, for reports of goroutines that are left: a
# tenth of it is enough, a hundred programs are started.
#
# The packages that take longest go first, so that none is left for the end.
# The lint before has vetted everything. Memory is collected seldom, which takes
# an eighth off the time under the detector.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${GUANXI_TEST_PG:?run this through: go run ./internal/testkit/pg/run -- scripts/test-go.sh}"
# shellcheck source=scripts/phase.sh
. scripts/phase.sh

quick=()
for pure in modernc.org/... github.com/santhosh-tekuri/... golang.org/x/crypto/... compress/... regexp/...; do
  quick+=("-gcflags=$pure=-race=false")
done
longest=(./internal/server/... ./internal/app/... ./internal/core/... ./internal/modules/...)
tree=/internal/archtest # it parses and checks the sources, which the detector only makes longer
mapfile -t all < <(go list ./... | grep -v "$tree\$")

phase 'Go: race, short inputs' env CGO_ENABLED=1 GOGC=300 GOMEMLIMIT=2GiB GORACE=atexit_sleep_ms=100 go test -race -short -vet=off "${quick[@]}" -timeout 25m "${longest[@]}" "${all[@]}"
phase 'Go: the tree' go test -short -vet=off ".$tree"
phase 'Go: property, race and kill loops' go run ./internal/testkit/loops -- go test -vet=off -timeout 25m
phases_done
