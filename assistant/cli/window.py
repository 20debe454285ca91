"""Opens the window in place of this process. Called by `main` when no command is given."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from assistant.cli.output import Output
from assistant.cli.session import FAILED
from assistant.domain.errors import MnemeError

PACKAGES = Path(__file__).resolve().parents[2]


def open_window() -> int:
    """Start `ui.main`; does not return on POSIX. Returns 1 after saying why when there is no display."""
    if not has_display(sys.platform, os.environ):
        Output().fail(
            MnemeError(
                "There is no display here, so the window cannot open.",
                remedy="Use the command line (`mneme --help`, or `mneme demo` to see it work), or log in to a desktop; over ssh"
                " try `ssh -X`.",
            )
        )
        return FAILED
    # -P keeps a `ui` folder that happens to lie in the working directory from being started instead.
    arguments = [sys.executable, "-P", "-m", "ui.main"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(PACKAGES), os.environ.get("PYTHONPATH")]))}
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(sys.executable, arguments, environment)
    return subprocess.call(arguments, env=environment)


def has_display(platform: str, environment: Mapping[str, str]) -> bool:
    """Tell whether Qt would find a screen; QT_QPA_PLATFORM says that somebody knows better."""
    if not platform.startswith(("linux", "freebsd")):
        return True
    return any(environment.get(key) for key in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
