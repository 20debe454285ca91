#!/bin/sh
# Resolves pyproject.toml into the lock files, for Linux, macOS and Windows and Python 3.11 to 3.13 at once, each file with its hashes.
. "$(dirname "$0")/lib.sh"

# Only the public default index counts: a machine's own folders and mirrors must not leak into a file everybody uses.
unset UV_FIND_LINKS UV_INDEX UV_EXTRA_INDEX_URL UV_CONSTRAINT UV_OVERRIDE 2>/dev/null || true
unset PIP_FIND_LINKS PIP_EXTRA_INDEX_URL 2>/dev/null || true
adopt_pip_config "$venv_bin/python"

compile() {
  "$venv_bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" ${UPGRADE:+--upgrade} "$@"
}

compile packaging/bootstrap.in --output-file packaging/bootstrap.txt
compile pyproject.toml packaging/bootstrap.in --constraints packaging/bootstrap.txt --output-file packaging/requirements.txt
compile pyproject.toml packaging/bootstrap.in --group dev --constraints packaging/requirements.txt \
  --output-file packaging/requirements-dev.txt

for lock in packaging/bootstrap.txt packaging/requirements.txt packaging/requirements-dev.txt; do
  if grep -nE '^(torch|nvidia-)|://|--(extra-)?index-url|--find-links|file:' "$lock" >&2; then
    fail "$lock names a place or a package it must not; see the lines above."
  fi
done
say "locked: $(grep -c '^[a-z]' packaging/requirements.txt) packages to run, $(grep -c '^[a-z]' packaging/requirements-dev.txt) to develop"
