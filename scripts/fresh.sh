#!/usr/bin/env bash
# Deletes a data folder, after asking. Anything but "yes" leaves it alone.
#   fresh.sh DIR
set -euo pipefail
dir=$1
[ -e "$dir" ] || exit 0
if [ ! -e "$dir/guanxi.db" ] && [ ! -d "$dir/secret" ] && [ -n "$(ls -A "$dir")" ]; then
  echo "fresh: $dir does not look like a Guanxi data folder; nothing was deleted" >&2
  exit 1
fi
printf 'Delete %s with every record, file and key in it? Type yes: ' "$dir"
read -r answer || answer=
if [ "$answer" != yes ]; then
  echo "fresh: nothing was deleted" >&2
  exit 1
fi
rm -rf -- "$dir"
