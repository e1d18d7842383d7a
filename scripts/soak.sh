#!/usr/bin/env bash
# The Go tests with GUANXI_SOAK=1: every loop at its full count, on both
# databases. Takes an hour or more.
set -euo pipefail
cd "$(dirname "$0")/.."
export GUANXI_SOAK=1
scripts/toolchain.sh go
scripts/setup-test.sh
scratch=$(mktemp -d)
chmod 755 "$scratch"
trap 'scripts/pg-cluster.sh stop "$scratch/pg"; rm -rf -- "$scratch"' EXIT
GUANXI_TEST_PG=$(scripts/pg-cluster.sh start "$scratch/pg")
export GUANXI_TEST_PG
go test -count=1 -v -timeout 170m ./... | grep -vE '^=== (RUN|PAUSE|CONT)'
