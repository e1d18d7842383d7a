#!/usr/bin/env bash
# The tests behind the build tag testdata: they import real files, read in
# place from the folder GUANXI_TEST_DATA, and read the figures of pages in a
# browser. No data is a failure, not a skip.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/phase.sh
. scripts/phase.sh
# shellcheck source=scripts/memory.sh
. scripts/memory.sh

data=${GUANXI_TEST_DATA:?set GUANXI_TEST_DATA to the folder of the real data}
if ! [ -d "$data" ] || [ -z "$(ls -A "$data")" ]; then
  echo "test-data: no data at $data; set GUANXI_TEST_DATA to the folder that holds it" >&2
  exit 1
fi
GUANXI_TEST_DATA=$(cd "$data" && pwd)
export GUANXI_TEST_DATA

mapfile -t packages < <(git grep --untracked -lE '^//go:build .*\btestdata\b' -- '*_test.go' | xargs -r -n 1 dirname | sort -u | sed 's|^|./|')
if [ "${#packages[@]}" -eq 0 ]; then
  echo "test-data: no test carries the build tag testdata" >&2
  exit 1
fi

scripts/toolchain.sh go node
scripts/setup-test.sh
phase 'page' make web
phase 'real data' go run ./internal/testkit/pg/run -- go test -count=1 -v -timeout 20m -tags testdata -run '^TestData' "${packages[@]}"
phases_done
