#!/usr/bin/env bash
# Holds the OpenAPI document to two linters, with no error and no warning. The
# document is the golden one that the Go tests compare with what the server
# gives, put together from its parts; with an argument another file.
set -euo pipefail
cd "$(dirname "$0")/.."
parts=$PWD/internal/server/api/testdata/openapi
document=${1:-}
[ -z "$document" ] || document=$(cd "$(dirname "$document")" && pwd)/$(basename "$document")
cd tools/spec
if [ ! -e node_modules/.installed ] || [ package-lock.json -nt node_modules/.installed ]; then
  ../../scripts/toolchain.sh node
  before=$(cksum <package-lock.json)
  npm install --no-save --no-audit --no-fund --ignore-scripts --loglevel=error
  if [ "$(cksum <package-lock.json)" != "$before" ]; then
    echo "spec-lint: npm changed tools/spec/package-lock.json" >&2
    exit 1
  fi
  touch node_modules/.installed
fi
if [ -z "$document" ]; then
  mkdir -p ../../bin
  document=$PWD/../../bin/openapi.json
  node join.mjs "$parts" "$document"
fi
# Neither asks anybody for a newer version or tells anybody that it ran.
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
node_modules/.bin/redocly lint --config redocly.yaml "$document"
node_modules/.bin/spectral lint --ruleset spectral.yaml --fail-severity=hint "$document"
