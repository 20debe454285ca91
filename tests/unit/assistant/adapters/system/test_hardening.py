"""A process that holds a key leaves no memory image behind."""

import os
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


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_passphrase_is_gone_from_where_the_system_laid_it() -> None:
    script = (
        "import os\n"
        "from assistant.app.environment import environment\n"
        "found = environment()\n"
        "laid = open('/proc/self/environ', 'rb').read()\n"
        "assert b'open sesame' not in laid, 'readable by every forked process'\n"
        "assert 'MNEME_PASSPHRASE' not in os.environ\n"
        "assert found.passphrases.possible\n"
    )
    told = {**os.environ, "MNEME_PASSPHRASE": "open sesame"}
    done = subprocess.run([sys.executable, "-c", script], env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
