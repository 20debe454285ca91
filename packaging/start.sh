#!/bin/sh
# Opens the window where there is a display; without one runs the demonstration in the terminal.
. "$(dirname "$0")/lib.sh"

if [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
  say "no display here: running the demonstration in the terminal instead of the window"
  exec "$venv_bin/python" -m assistant.cli.main demo
fi
exec "$venv_bin/python" -m assistant.cli.main
