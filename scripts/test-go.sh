#!/usr/bin/env bash
# The Go tests twice: all of them with the race detector and short inputs (the
# pure-Go SQLite is 30 times slower under it), then the property, race and kill
# loops at a tenth of their full counts without it. GUANXI_TEST_PG names the
# PostgreSQL that both share.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${GUANXI_TEST_PG:?run this through: go run ./internal/testkit/pg/run -- scripts/test-go.sh}"
# shellcheck source=scripts/phase.sh
. scripts/phase.sh

phase 'Go: race, short inputs' go test -race -short -timeout 15m ./...
phase 'Go: property, race and kill loops' go test -timeout 15m ./...
phases_done
