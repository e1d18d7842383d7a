#!/usr/bin/env bash
# gofmt, go vet and golangci-lint over the product and the bench module.
set -euo pipefail
cd "$(dirname "$0")/.."

unformatted=$(git ls-files -co --exclude-standard -- '*.go' | xargs -r gofmt -l)
if [ -n "$unformatted" ]; then
  printf 'gofmt: not formatted:\n%s\n' "$unformatted" >&2
  exit 1
fi
go vet ./...
go vet -tags testdata ./...
bin/golangci-lint run ./...
# The floor is left to `make bench`: compiling SQLite's C library for a look at
# four files would take longer than all the rest.
cd bench
others=(. ./dataset ./drive ./httpraw ./system ./workload)
go vet "${others[@]}"
go test "${others[@]}"
../bin/golangci-lint run -c ../.golangci.yml "${others[@]}"
