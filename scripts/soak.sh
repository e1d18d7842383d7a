#!/usr/bin/env bash
# The Go tests with GUANXI_SOAK=1: every loop at its full count, on both
# databases. Takes an hour or more.
set -euo pipefail
cd "$(dirname "$0")/.."
export GUANXI_SOAK=1
scripts/toolchain.sh go
scripts/setup-test.sh
go run ./internal/testkit/pg/run -- go test -count=1 -v -timeout 170m ./... | grep -vE '^=== (RUN|PAUSE|CONT)'
