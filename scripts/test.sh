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

phase 'lint: Go' make lint-go
phase 'lint: web' make lint-web
phase 'build' make build

# One PostgreSQL for the whole run; every test makes its own database in it.
scratch=$(mktemp -d)
chmod 755 "$scratch"
trap 'scripts/pg-cluster.sh stop "$scratch/pg"; rm -rf -- "$scratch"' EXIT
GUANXI_TEST_PG=$(scripts/pg-cluster.sh start "$scratch/pg")
export GUANXI_TEST_PG

phase 'Go: race, short inputs' go test -race -short -timeout 10m ./...
phase 'Go: property, race and kill loops' go test -timeout 15m ./...
phase 'web: unit' npm --prefix web test
phase 'web: browser' npm --prefix web run e2e
phases_done
