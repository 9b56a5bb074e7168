#!/usr/bin/env bash
# Resolve every *.in file into its hashed *.txt, for CPython 3.11 to 3.13 on Linux and macOS.
#
# Usage: deploy/lock.sh [--upgrade]    Without --upgrade, versions already locked are kept.
set -euo pipefail
cd "$(dirname "$0")/.."
uv="${UV:-.venv/bin/uv}"

resolve() {
    local source=$1 target=$2
    shift 2
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate --no-config \
        "$@" --output-file "$target" "$source"
}

resolve requirements.in requirements.txt "$@"
resolve portal/requirements/production.in portal/requirements/production.txt "$@"
resolve tests/requirements.in tests/requirements.txt "$@"
