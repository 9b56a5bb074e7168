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
take() { install -m 644 "$work/node_modules/$1" "$target/$2"; }
take @picocss/pico/css/pico.classless.min.css pico.classless.min.css
take @picocss/pico/LICENSE.md pico.LICENSE.md
take leaflet/dist/leaflet.js leaflet.js
take leaflet/dist/leaflet.css leaflet.css
take leaflet/LICENSE leaflet.LICENSE.txt
take protomaps-leaflet/dist/protomaps-leaflet.js protomaps-leaflet.js
take protomaps-leaflet/LICENSE protomaps-leaflet.LICENSE.txt
take tweetnacl/LICENSE tweetnacl.LICENSE.txt
take blakejs/LICENSE blakejs.LICENSE.txt
# The one file that is put together: what a sealed vote is sealed with, and nothing else.
cp sealed_box.js "$work"
(cd "$work" && npx --no-install esbuild sealed_box.js --bundle --minify --format=iife \
  --global-name=sealedBox --target=es2017 --log-level=warning --outfile=sealed_box.min.js)
install -m 644 "$work/sealed_box.min.js" "$target/sealed_box.js"
sed -i '/^\/\/# sourceMappingURL=/d' "$target"/*.js
