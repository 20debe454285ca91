"""A process that holds a key leaves no memory image behind."""

import subprocess
import sys

import pytest

PROBE = """
import ctypes, resource
from assistant.adapters.system.hardening import forbid_dumps
forbid_dumps()
forbid_dumps()
print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the mark back as Linux keeps it")
def test_neither_core_dumps_nor_looks_from_outside() -> None:
    told = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.split() == ["0", "0"]
