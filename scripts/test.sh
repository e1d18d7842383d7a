#!/usr/bin/env bash
# Everything that proves the tree, cheapest first, so that a failure comes
# early. Nothing is skipped: what cannot run fails.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/phase.sh
. scripts/phase.sh
# shellcheck source=scripts/memory.sh
. scripts/memory.sh

scripts/toolchain.sh go node
# What does not wait for each other goes side by side: a package that is fetched,
# a page that is put together on one core and a compiler fill the machine.
together() { make -j3 --output-sync=target "$@"; }
phase 'setup: packages, linter, page' together setup-test bin/golangci-lint web
phase 'build' make build
phase 'lint, web units' together lint-go lint-web lint-api unit

# One PostgreSQL for all packages; every test makes its own database in it.
phase 'Go tests' go run ./internal/testkit/pg/run -- scripts/test-go.sh

phase 'web: browser' npm --prefix web run e2e
phases_done
