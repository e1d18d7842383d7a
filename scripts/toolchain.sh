#!/usr/bin/env bash
# Says plainly which of Go and Node is missing or too old.
#   toolchain.sh go|node...
set -euo pipefail

# at_least WANT HAVE: version numbers, compared field by field.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

die() { echo "toolchain: $*" >&2; exit 1; }

for tool in "$@"; do
  case $tool in
    go)
      command -v go >/dev/null || die "Go is not installed; Guanxi is built with Go 1.26 or newer"
      have=$(go env GOVERSION); have=${have#go}
      at_least 1.26 "${have%%[-+ ]*}" || die "Go $have is too old; 1.26 or newer is needed"
      ;;
    node)
      command -v node >/dev/null || die "Node.js is not installed; 20.19 or newer is needed to build the page"
      command -v npm >/dev/null || die "npm is not installed; it comes with Node.js or as a package of its own"
      have=$(node --version); have=${have#v}
      at_least 20.19 "$have" || die "Node.js $have is too old; 20.19 or newer is needed to build the page"
      ;;
    *) die "unknown tool $tool" ;;
  esac
done
