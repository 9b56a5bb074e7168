#!/usr/bin/env bash
# Fetch what the pages use from npm, by lock file, and copy it to portal/static/vendor.
#
# The copies are committed, so nobody needs Node to run or test the portal. After a run,
# `git diff --exit-code portal/static/vendor` tells whether the committed files are the locked ones.
set -euo pipefail
cd "$(dirname "$0")"
target=$PWD/../static/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp package.json package-lock.json "$work"
(cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --silent)
mkdir -p "$target"
install -m 644 "$work/node_modules/@picocss/pico/css/pico.classless.min.css" \
  "$target/pico.classless.min.css"
install -m 644 "$work/node_modules/@picocss/pico/LICENSE.md" "$target/pico.LICENSE.md"
