"""A reading process loads what reading needs: it starts with the first file of a session, while somebody waits."""

import subprocess
import sys

from tests.conftest import ROOT

LOAD = """
import sys
import assistant.adapters.readers.worker
import assistant.adapters.readers.dispatch
print(sorted({"numpy", "psutil", "asyncio", "assistant.config", "kreuzberg", "PIL"} & sys.modules.keys()))
"""


def test_a_reading_process_starts_without_what_only_its_parent_needs() -> None:
    command = [sys.executable, "-P", "-c", LOAD]
    environment = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout
    assert told == "[]\n"
