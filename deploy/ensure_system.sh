#!/usr/bin/env bash
# Make sure that what the tests need of the system is there: Chromium, poppler-utils, nginx,
# belenios-tool, and a font with which Chromium can draw Chinese.
#
# Present: used as it is. Missing: installed with apt when root, otherwise one line says what to
# install and the script ends with 1. CHROMIUM=/path names a browser that is not on the PATH.
set -euo pipefail

found() { command -v "$1" >/dev/null 2>&1; }

has_browser() {
    [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ] && return 0
    found chromium || found chromium-browser || found google-chrome \
        || [ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ] \
        || [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ]
}

has_nginx() { found nginx || [ -x /usr/sbin/nginx ]; }

has_chinese_font() { ! found fc-list || [ -n "$(fc-list :lang=zh family)" ]; }

missing=()
has_browser || missing+=(chromium)
{ found pdftotext && found pdftoppm; } || missing+=(poppler-utils)
has_nginx || missing+=(nginx-light)
found belenios-tool || missing+=(belenios-tool)
has_chinese_font || missing+=(fonts-noto-cjk)
[ "${#missing[@]}" -eq 0 ] && exit 0

if found apt-get && [ "$(id -u)" -eq 0 ]; then
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    echo "installing ${missing[*]} with apt"
    export DEBIAN_FRONTEND=noninteractive
    if apt-get update >"$log" 2>&1 \
        && apt-get install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
        exit 0
    fi
    tail -n 5 "$log" >&2
    echo "apt could not install: ${missing[*]}" >&2
    exit 1
fi

if found brew; then
    echo "Please install first: ${missing[*]} (brew install --cask chromium; brew install poppler nginx)" >&2
else
    echo "Please install first: ${missing[*]} (Debian, Ubuntu: sudo apt-get install ${missing[*]})" >&2
fi
exit 1
