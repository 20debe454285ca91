"""Runs the real command line in processes of their own, on a home and a folder of files that vanish afterwards."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """What it printed, which has to be JSON and nothing else."""
        return json.loads(self.stdout)


@dataclass(frozen=True, slots=True)
class Mneme:
    """One home and the commands over it; there is no model in it, so search is by text."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this home starts from."""
        return {**os.environ, "MNEME_HOME": str(self.home), "PYTHONPATH": str(ROOT)}

    def start(self, *args: str) -> "subprocess.Popen[str]":
        """Start a command and return at once."""
        return subprocess.Popen(
            [sys.executable, "-m", "assistant.cli.main", *args],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def __call__(self, *args: str) -> Done:
        """Run a command to its end."""
        running = self.start(*args)
        stdout, stderr = running.communicate(timeout=LIMIT_S)
        return Done(running.returncode, stdout, stderr)

    def until(self, running: "subprocess.Popen[str]", holds: Callable[[], bool]) -> None:
        """Wait, watching a running command, until a condition holds; fails when the command ends first."""
        while not holds():
            try:
                running.wait(0.01)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"the command ended early: {running.communicate()}")
