"""The import contracts catch what they are for: each is broken once in a house of empty rooms."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {
    "assistant": "cli app api eval orchestrator bus policy models vault memory tools adapters config ports domain",
    "assistant/memory": "ingest recall upkeep embed store",
    "assistant/adapters": "store embed",
    "ui": "shell docks deeds item_models",
}
MODULES = {
    "assistant/memory": "service spaces",
    "assistant/app": "bootstrap",
    "ui": "main bridge theme",
    "ui/docks": "base chat sources",
}
ALLOWED = {
    "ui/main.py": "import assistant.app.bootstrap\nimport ui.shell\n",
    "ui/docks/chat.py": "import assistant.api\nimport ui.docks.base\n",
    "assistant/app/bootstrap.py": "import assistant.adapters.store\nimport assistant.bus\n",
    "assistant/adapters/store/__init__.py": "import assistant.ports\nimport tantivy\n",
    "assistant/ports/__init__.py": "import assistant.domain\n",
}
BROKEN = [
    ("assistant/memory/service.py", "import assistant.policy", "The floors of assistant, from user to used"),
    ("assistant/config/__init__.py", "import assistant.api", "The floors of assistant, from user to used"),
    ("assistant/newroom/__init__.py", "", "The floors of assistant, from user to used"),
    ("assistant/memory/embed/__init__.py", "import assistant.memory.recall", "The floors of assistant.memory"),
    ("assistant/memory/service.py", "import sqlcipher3", "Engines, the operating system and the network only inside adapters"),
    ("ui/docks/chat.py", "def late():\n    import httpx", "Engines, the operating system and the network only inside adapters"),
    (
        "assistant/orchestrator/__init__.py",
        "import assistant.adapters.store",
        "Only the composition root names adapters and the bus",
    ),
    ("assistant/cli/__init__.py", "import assistant.bus", "Only the composition root names adapters and the bus"),
    ("assistant/cli/__init__.py", "import ui.main", "Assistant knows nothing of the window"),
    ("assistant/domain/__init__.py", "def late():\n    import PySide6", "Assistant knows nothing of the window"),
    ("assistant/adapters/store/__init__.py", "import assistant.adapters.embed", "One adapter never sees another"),
    ("ui/docks/chat.py", "import ui.docks.sources", "One dock never sees another"),
    ("ui/docks/chat.py", "import assistant.domain", "The window knows only assistant.api"),
    ("ui/bridge.py", "import assistant.app.bootstrap", "The window knows only assistant.api"),
    ("ui/theme.py", "import ui.bridge", "The floors of ui"),
]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for package, rooms in ROOMS.items():
        (tmp_path / package).mkdir(exist_ok=True)
        (tmp_path / package / "__init__.py").touch()
        for room in rooms.split():
            (tmp_path / package / room).mkdir()
            (tmp_path / package / room / "__init__.py").touch()
    for package, modules in MODULES.items():
        for module in modules.split():
            (tmp_path / package / f"{module}.py").touch()
    for name, text in ALLOWED.items():
        (tmp_path / name).write_text(text, "utf-8")
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def broken_contracts(house: Path) -> set[str]:
    code = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command; lint_imports_command()"
    result = subprocess.run([sys.executable, "-c", code, "--no-cache"], cwd=house, capture_output=True, text=True, check=False)
    assert "Contracts:" in result.stdout, result.stdout + result.stderr
    return {line.split(" BROKEN")[0] for line in result.stdout.splitlines() if " BROKEN" in line}


def test_a_good_house_stands(house: Path) -> None:
    assert broken_contracts(house) == set()


@pytest.mark.parametrize("place,line,contract", BROKEN, ids=[f"{place}-{number}" for number, (place, _, _) in enumerate(BROKEN)])
def test_a_wrong_arrow_is_caught(house: Path, place: str, line: str, contract: str) -> None:
    path = house / place
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text("utf-8") if path.exists() else "") + line + "\n", "utf-8")
    assert contract in broken_contracts(house)
