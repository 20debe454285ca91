"""The house rules that no linter knows: room names, doors, file lengths, what tracked files may hold."""

import ast
import configparser
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400
PACKAGES = ("assistant", "ui")
BANNED_MODULE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts)


def tracked_files() -> list[Path]:
    """What git tracks; where there is no git (a bare machine, an unpacked archive) what lies outside the folders git ignores."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        listed = subprocess.run([git, "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
        return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    ignored = {".git", ".venv", ".cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "__pycache__"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not ignored & set(path.relative_to(ROOT).parts)]


def rooms_in_contracts(container: str) -> set[str]:
    """The rooms that the layers contract of a package names, optional ones included."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    for section in contracts.sections():
        if contracts[section].get("type") == "layers" and contracts[section].get("containers", "").strip() == container:
            return set(re.findall(r"\w+", contracts[section]["layers"]))
    raise AssertionError(f"no layers contract for {container} in .importlinter")


def rooms_on_disk(container: str) -> set[str]:
    folder = ROOT.joinpath(*container.split("."))
    rooms = {path.name for path in folder.iterdir() if path.is_dir() and any(path.rglob("*.py"))}
    return rooms | {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}


@pytest.mark.parametrize("container", ["assistant", "assistant.memory", "ui"])
def test_every_room_has_a_floor(container: str) -> None:
    assert rooms_on_disk(container) <= rooms_in_contracts(container)


def test_layers_are_exhaustive() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    layered = [contracts[name] for name in contracts.sections() if contracts[name].get("type") == "layers"]
    assert len(layered) == 3
    assert all(contract.getboolean("exhaustive") for contract in layered)


def test_no_folder_hides_from_the_contracts() -> None:
    """A folder without __init__.py is no package: import-linter would not see what is in it."""
    bare = {path.parent for path in python_files(*PACKAGES) if not (path.parent / "__init__.py").exists()}
    assert not bare


def test_every_room_has_one_door() -> None:
    """A package's __init__ that re-exports something says in __all__ what; nothing else is for others to use."""
    for path in python_files(*PACKAGES):
        if path.name != "__init__.py":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        imports = any(isinstance(node, ast.Import | ast.ImportFrom) for node in tree.body)
        names = {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        assert "__all__" in names or not imports, f"{path.relative_to(ROOT)} imports names and has no __all__"


def test_files_stay_short() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text("utf-8").splitlines()) for path in python_files(*PACKAGES, "tests")}
    assert not {str(path): lines for path, lines in lengths.items() if lines >= LONGEST_FILE}


def test_no_module_is_named_for_nothing() -> None:
    assert not [
        path
        for path in python_files(*PACKAGES, "tests")
        if path.stem in BANNED_MODULE_NAMES or path.parent.name in BANNED_MODULE_NAMES
    ]


def test_module_docstrings_are_one_to_five_lines() -> None:
    for path in python_files(*PACKAGES):
        docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
        assert docstring, f"{path.relative_to(ROOT)} does not say what lives in it"
        assert len(docstring.splitlines()) <= 5, f"{path.relative_to(ROOT)}: {len(docstring.splitlines())} lines of docstring"


def test_no_module_is_chosen_at_run_time() -> None:
    """What ruff's banned-api does not catch: built-ins and attribute access that import by name."""
    for path in python_files(*PACKAGES):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            assert called not in {"__import__", "exec", "eval"}, (
                f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)} calls {called}"
            )


@pytest.mark.parametrize(
    "line",
    [
        "import importlib",
        "from importlib import import_module",
        "from . import x",
        "import runpy",
        "import asyncio\n\nasyncio.create_task(x())",
    ],
)
def test_ruff_bans_hold(line: str) -> None:
    command = [
        str(Path(sys.executable).parent / "ruff"),
        "check",
        "--select",
        "TID",
        "--stdin-filename",
        "assistant/memory/service.py",
        "-",
    ]
    assert subprocess.run(command, cwd=ROOT, input=line, capture_output=True, text=True, check=False).returncode == 1


def test_no_nested_event_loops() -> None:
    """Under qasync the window's loop is asyncio's: exec(), static dialogs and processEvents would run a second one inside it."""
    found: list[str] = []
    for path in python_files("ui"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            static_box = owner == "QMessageBox" and node.func.attr in {"information", "question", "warning", "critical", "about"}
            static_pick = owner == "QFileDialog" and node.func.attr.startswith("get")
            if node.func.attr in {"exec", "exec_", "processEvents"} or static_box or static_pick:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {owner}.{node.func.attr}")
    assert not found


def test_no_comment_promises_work() -> None:
    promise = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b")
    assert not [
        path
        for path in python_files(*PACKAGES, "tests")
        if promise.search(path.read_text("utf-8")) and path != Path(__file__).resolve()
    ]


def texts() -> Iterator[tuple[Path, str]]:
    for path in tracked_files():
        try:
            yield path, path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def test_tracked_files_name_no_machine() -> None:
    """Neither a build machine's folders nor the address of a package index, belongs in the repository."""
    place = re.compile(r"(?<![\w.])/(?:work/|root/|opt/(?:pypi|wheels))")
    registry = re.compile(r"\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|crates\.io/api)\b")
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path, text in texts()
        if path != Path(__file__).resolve()
        for pattern in (place, registry)
        if (hit := pattern.search(text))
    ]
    assert not found


def test_locks_are_hashed_and_placeless() -> None:
    for name in ("bootstrap.txt", "requirements.txt", "requirements-dev.txt"):
        lock = (ROOT / "packaging" / name).read_text("utf-8")
        pinned = re.findall(r"^([a-z0-9][\w.-]*)==", lock, re.MULTILINE)
        assert pinned
        assert lock.count("--hash=sha256:") >= len(pinned)
        assert "://" not in lock
        assert "torch" not in pinned


def test_core_starts_without_qt() -> None:
    """Importing the composition root pulls in no window."""
    code = "import sys, assistant.app.bootstrap; print({'PySide6', 'qasync', 'shiboken6'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "set()"


def test_a_start_does_not_wait_for_what_only_requests_need() -> None:
    """What understands requests, the commands, and what those are made of load with the first request."""
    late = ("assistant.orchestrator.understanding", "assistant.tools.builtin", "jsonschema", "bs4", "lxml", "markdown_it")
    code = f"import sys, assistant.cli.main, assistant.app.bootstrap; print({set(late)!r} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout.strip()) == (0, "set()"), result.stderr


def test_locks_hold_every_declared_dependency() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    for name, lines in {
        "requirements.txt": declared["project"]["dependencies"],
        "requirements-dev.txt": declared["project"]["dependencies"] + declared["dependency-groups"]["dev"],
    }.items():
        locked = set(re.findall(r"^([a-z0-9][\w.-]*)==", (ROOT / "packaging" / name).read_text("utf-8"), re.MULTILINE))
        wanted = {re.split(r"[^\w.-]", line, maxsplit=1)[0].lower().replace("_", "-") for line in lines}
        assert wanted <= locked, f"packaging/{name} is out of date: run make lock"
