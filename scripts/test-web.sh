#!/usr/bin/env bash
# The tests of the page: its own, then those in a real browser.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/phase.sh
. scripts/phase.sh

phase 'web: unit' npm --prefix web test
phase 'web: browser' npm --prefix web run e2e
phases_done
