#!/usr/bin/env bash
# gofmt and golangci-lint over the product and the bench module. All of go vet is
# in golangci-lint (govet, with the files behind the tag testdata); by itself it
# would look at everything once more.
set -euo pipefail
cd "$(dirname "$0")/.."

unformatted=$(git ls-files -co --exclude-standard -- '*.go' | xargs -r gofmt -l)
if [ -n "$unformatted" ]; then
  printf 'gofmt: not formatted:\n%s\n' "$unformatted" >&2
  exit 1
fi
bin/golangci-lint run ./...
# The floor is left to `make bench`: compiling SQLite's C library for a look at
# four files would take longer than all the rest.
cd bench
others=(. ./dataset ./drive ./httpraw ./system ./workload)
go test "${others[@]}"
../bin/golangci-lint run -c ../.golangci.yml "${others[@]}"
