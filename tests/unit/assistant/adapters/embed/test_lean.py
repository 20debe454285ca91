"""The engine comes without clients of the web and without pictures; whoever wants those gets the real ones."""

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.adapters.embed import lean
from assistant.adapters.embed.convert import convert_weights
from tests.conftest import ROOT
from tests.fixtures import tiny_bert

LOAD = """
import sys
from pathlib import Path
from assistant.adapters.embed.fastembed_text import Engine
from assistant.adapters.embed import lean
from tests.fixtures import tiny_bert
assert "onnx" not in sys.modules
engine = Engine(tiny_bert.manifest(), Path(sys.argv[1]))
print(sorted({"fastembed", "PIL", "huggingface_hub", "requests", "httpx", "rich", "onnx"} & sys.modules.keys()))
from PIL import Image
from huggingface_hub import hf_hub_download
lean.load_lean()
print(Image.new("L", (2, 1)).size, hf_hub_download.__module__.startswith("huggingface_hub"))
"""


def test_loading_a_model_loads_no_client_of_the_web_and_no_pictures(tmp_path: Path) -> None:
    convert_weights(tiny_bert.manifest(), tiny_bert.write(tmp_path / "raw"), tmp_path / "ready")
    command = [sys.executable, "-c", LOAD, str(tmp_path / "ready")]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120).stdout
    assert told.splitlines() == ["['fastembed']", "(2, 1) True"]


def test_what_was_left_out_cannot_be_called() -> None:
    assert issubclass(lean.Absent.anything.at_all, Exception)
    with pytest.raises(RuntimeError, match="fetch models"):
        lean.Absent.snapshot_download("somewhere")
    assert not hasattr(lean.Absent, "__wrapped__")
