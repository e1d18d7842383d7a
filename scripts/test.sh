#!/usr/bin/env bash
# Everything that proves the tree, cheapest first, so that a failure comes
# early. Nothing is skipped: what cannot run fails.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/phase.sh
. scripts/phase.sh

scripts/toolchain.sh go node
phase 'setup: PostgreSQL, Chromium, fonts' scripts/setup-test.sh
phase 'setup: linter' make bin/golangci-lint
phase 'setup: page modules' make web/node_modules/.installed
phase 'build' make build

phase 'lint: Go' make lint-go
phase 'lint: web' make lint-web
phase 'lint: API' make lint-api

# One PostgreSQL for all packages; every test makes its own database in it.
phase 'Go tests' go run ./internal/testkit/pg/run -- scripts/test-go.sh

phase 'web: unit' npm --prefix web test
phase 'web: browser' npm --prefix web run e2e
phases_done
