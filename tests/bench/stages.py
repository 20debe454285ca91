"""Runs stages as child processes, noting when each line arrives and how much memory the child and its children hold."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
SAMPLE_S = 0.05
MIB = 1024 * 1024


@dataclass
class Stage:
    """What a stage told (with `at`, seconds since its start), how long it ran, and its peak memory in MiB by phase."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    peaks: dict[str, float] = field(default_factory=dict)

    def last(self, key: str) -> dict[str, Any]:
        """Return the last line that has this key."""
        return next(line for line in reversed(self.lines) if key in line)


def run(module: str, *arguments: object, home: Path | None = None, settings: Mapping[str, str] | None = None) -> Stage:
    """Run `python -m module arguments`; `home` becomes its MNEME_HOME, `settings` join its environment.

    Raises RuntimeError when it fails.
    """
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), **(settings or {})}
    if home is not None:
        env["MNEME_HOME"] = str(home)
    stage = Stage()
    began = time.monotonic()
    phase = ["start"]
    over = threading.Event()
    command = [sys.executable, "-m", module, *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, encoding="utf-8") as child:
        watch = threading.Thread(target=_watch, args=(child.pid, phase, over, stage.peaks))
        watch.start()
        try:
            assert child.stdout is not None
            for line in child.stdout:
                if not line.startswith('{"'):  # stages tell one object a line; whatever else a program prints is not for us
                    continue
                told = json.loads(line)
                told["at"] = time.monotonic() - began
                phase[0] = told.get("phase", phase[0])
                stage.lines.append(told)
            code = child.wait()
        except BaseException:
            child.kill()
            raise
        finally:
            over.set()
            watch.join()
    stage.seconds = time.monotonic() - began
    if code:
        raise RuntimeError(f"the stage {module} failed with exit code {code}")
    return stage


def _watch(pid: int, phase: list[str], over: threading.Event, peaks: dict[str, float]) -> None:
    """Keep the highest sum of resident memory in each phase; pages shared between the processes count in each."""
    while not over.wait(SAMPLE_S):
        try:
            top = psutil.Process(pid)
            total = sum(_resident(process) for process in [top, *top.children(recursive=True)])
        except psutil.Error:
            continue
        peaks[phase[0]] = max(peaks.get(phase[0], 0.0), total / MIB)


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
