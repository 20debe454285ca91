"""The inference engine tells nobody anything: no device id of its maker appears, no collector is looked up."""

import os
import subprocess
import sys
from pathlib import Path

from assistant.adapters.embed.convert import convert_weights
from tests.conftest import ROOT
from tests.fixtures import tiny_bert

LOAD = """
import sys
from pathlib import Path
from assistant.adapters.embed.fastembed_text import Engine
from tests.fixtures import tiny_bert
Engine(tiny_bert.manifest(), Path(sys.argv[1]))
"""
QUANTISE = """
import sys
from pathlib import Path
from assistant.adapters.embed.convert import convert_weights
from tests.fixtures import tiny_bert
convert_weights(tiny_bert.manifest(), Path(sys.argv[1]), Path(sys.argv[2]))
"""


def run(code: str, home: Path, *args: Path) -> None:
    """Run code in a process that does not inherit the tests' own silence, with a home of its own."""
    kept = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY" and not name.startswith("XDG_")}
    home.mkdir()
    subprocess.run(
        [sys.executable, "-c", code, *map(str, args)],
        env={**kept, "HOME": str(home), "USERPROFILE": str(home), "LOCALAPPDATA": str(home), "PYTHONPATH": str(ROOT)},
        check=True,
        timeout=120,
    )


def left(home: Path) -> list[str]:
    return [str(file.relative_to(home)) for file in home.rglob("*") if file.is_file()]


def test_loading_and_converting_leave_no_trace_of_telemetry(tmp_path: Path) -> None:
    raw = tiny_bert.write(tmp_path / "raw")
    convert_weights(tiny_bert.manifest(), raw, tmp_path / "ready")
    run(LOAD, tmp_path / "loading", tmp_path / "ready")
    run(QUANTISE, tmp_path / "converting", raw, tmp_path / "made")
    assert left(tmp_path / "loading") == left(tmp_path / "converting") == []
