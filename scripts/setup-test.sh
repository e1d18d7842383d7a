#!/usr/bin/env bash
# Installs what the tests need and this machine lacks: PostgreSQL's server
# binaries, Chromium, Chinese fonts for pages and for papers, a C compiler, a mail
# server, what reads papers back. Never leaves something out in silence:
# what cannot be had ends the run.
set -euo pipefail

pg_bin() { # the newest installed server's folder, if any
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
  if [ -n "$found" ]; then dirname "$found"; return; fi
  command -v initdb >/dev/null && dirname "$(readlink -f "$(command -v initdb)")"
}
has_postgres() { [ -n "$(pg_bin)" ]; }
# Either will do (e2e/browser.mjs); the shell without windows is the faster by a quarter.
has_chromium() {
  [ -x "${CHROMIUM:-/usr/bin/chromium-headless-shell}" ] || { [ -z "${CHROMIUM:-}" ] && [ -x /usr/bin/chromium ]; }
}
# This one and no other: the pictures of the gallery are drawn with it.
has_font() { command -v fc-list >/dev/null && [ -n "$(fc-list 'Noto Sans CJK SC' 2>/dev/null)" ]; }
# The race detector links C.
has_compiler() { command -v gcc >/dev/null || command -v cc >/dev/null || command -v clang >/dev/null; }

# The program only: each test starts its own, as nobody in particular.
has_mail() { [ -x /usr/sbin/exim4 ] || command -v exim4 >/dev/null; }

# Papers are printed in this one and read back by these.
has_paper_font() { [ -s /usr/share/fonts/truetype/wqy/wqy-microhei.ttc ] || [ -s /usr/share/fonts/wqy-microhei/wqy-microhei.ttc ]; }
has_poppler() { command -v pdftotext >/dev/null && command -v pdffonts >/dev/null; }

missing() {
  has_postgres || echo postgresql
  has_chromium || echo chromium
  has_font || echo fonts-noto-cjk fontconfig
  has_compiler || echo gcc libc6-dev
  has_mail || echo exim4-daemon-light
  has_paper_font || echo fonts-wqy-microhei
  has_poppler || echo poppler-utils
}

want=$(missing | tr '\n' ' ')
if [ -n "${want// /}" ]; then
  if ! command -v apt-get >/dev/null; then
    echo "setup-test: needed and not installed: $want(this is not a Debian-like system; install them by its own package manager)" >&2
    exit 1
  fi
  root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "setup-test: needed and not installed: $want(run as root or install sudo)" >&2; exit 1; }
    root=(sudo)
  fi
  echo "setup-test: installing $want"
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  # No cluster of Debian's own is wanted, only the programs.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    "${root[@]}" mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' | "${root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  apt() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -q -y "$@"; }
  if ! apt update >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    echo "setup-test: could not ask for: $want" >&2
    exit 1
  fi
  # Where the shell is a package of its own (Debian 12 and later).
  if apt-cache show chromium-headless-shell >/dev/null 2>&1; then
    want=${want/chromium/chromium-headless-shell}
  fi
  # shellcheck disable=SC2086 # a list of words
  if ! apt install --no-install-recommends $want >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    echo "setup-test: could not install: $want" >&2
    exit 1
  fi
fi

still=$(missing | tr '\n' ' ')
if [ -n "${still// /}" ]; then
  echo "setup-test: installed, and yet not found: $still" >&2
  exit 1
fi
