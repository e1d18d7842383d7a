#!/usr/bin/env bash
# Installs the page's packages exactly as web/package-lock.json has them.
# `npm ci` is not used: it refuses a lock file without the optional binaries
# of other platforms, and not every registry serves all of those. Its promise
# is kept by hand: the lock must agree with package.json and stay untouched.
set -euo pipefail
cd "$(dirname "$0")/../web"
../scripts/toolchain.sh node
node -e '
const read = (f) => JSON.parse(require("fs").readFileSync(f, "utf8"))
const root = read("package-lock.json").packages[""], own = read("package.json")
const differ = ["dependencies", "devDependencies"].filter((k) =>
  JSON.stringify(Object.entries(root[k] ?? {}).sort()) !== JSON.stringify(Object.entries(own[k] ?? {}).sort()))
if (differ.length) { console.error(`page-modules: package.json and package-lock.json disagree on ${differ}; run npm install in web and commit both`); process.exit(1) }
'
before=$(cksum <package-lock.json)
npm install --no-save --no-audit --no-fund
if [ "$(cksum <package-lock.json)" != "$before" ]; then
  echo "page-modules: npm changed web/package-lock.json" >&2
  exit 1
fi
touch node_modules/.installed
