#!/usr/bin/env bash
# The Go tests with GUANXI_SOAK=1: every loop at its full count, on both
# databases, then the browser tests in every look. Takes an hour or more.
set -euo pipefail
cd "$(dirname "$0")/.."
export GUANXI_SOAK=1
scripts/toolchain.sh go node
scripts/setup-test.sh
go run ./internal/testkit/pg/run -- go test -count=1 -v -timeout 170m ./... | grep -vE '^=== (RUN|PAUSE|CONT)'
make build
npm --prefix web run e2e
