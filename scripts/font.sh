#!/usr/bin/env bash
# Puts a font with Chinese characters where the program embeds it, so that a
# binary prints on machines that have none. Installs it where that is possible;
# a build without it works too: the program then looks for a font where it runs.
#   font.sh FOLDER
set -euo pipefail
folder=$1
# TrueType outlines, under the Apache licence: see NOTICE.
fonts=(/usr/share/fonts/truetype/wqy/wqy-microhei.ttc /usr/share/fonts/wqy-microhei/wqy-microhei.ttc
  /usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf /usr/share/fonts/google-droid/DroidSansFallbackFull.ttf)

found() { for f in "${fonts[@]}"; do if [ -s "$f" ]; then echo "$f"; return; fi; done; }

font=$(found)
if [ -z "$font" ] && command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; then
  root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo -n)
  echo "font: installing fonts-wqy-microhei"
  apt() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=60 -o Acquire::Retries=3 -q -y "$@"; }
  { apt install --no-install-recommends fonts-wqy-microhei || { apt update && apt install --no-install-recommends fonts-wqy-microhei; }; } >/dev/null 2>&1 || true
  font=$(found)
fi
if [ -z "$font" ]; then
  echo "font: none was found to build in; to print, install WenQuanYi Micro Hei (Debian: fonts-wqy-microhei) here or where the program runs" >&2
  exit 0
fi
cmp -s "$font" "$folder/sans.ttf" || install -m 644 "$font" "$folder/sans.ttf"
