"""What every test gets: Qt without a screen, a home of its own, and a check that nothing is left running."""

import asyncio
import inspect
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before any test imports the engine: it calls home at once otherwise
# A shell lets what it starts in the background ignore Ctrl+C, and the processes of the tests would as well.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]
DEFAULT_MODEL = "all-MiniLM-L6-v2"
LEAK_DEADLINE_S = 5.0
"""How long a test's threads and tasks may take to end after it."""


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point HOME and MNEME_HOME at an empty folder, so that no test meets what another or a person keeps."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("MNEME_HOME", str(home / "mneme"))
    for name in [name for name in os.environ if name.startswith("MNEME_") and "__" in name]:
        monkeypatch.delenv(name)
    return home


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The folder of installed models (one folder each), read only; fails where `make test-model` has not fetched the default one.

    MNEME_TEST_MODEL_DIR names another place than the checkout's own cache.
    """
    folder = Path(os.environ.get("MNEME_TEST_MODEL_DIR") or ROOT / ".cache" / "mneme" / "data" / "models")
    if not (folder / DEFAULT_MODEL).is_dir():
        pytest.fail("the text model is not installed here: run `make test-model`, which fetches it")
    return folder


@pytest.fixture(scope="session")
def model_dir(models_dir: Path) -> Path:
    """The folder of the default text model."""
    return models_dir / DEFAULT_MODEL


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fail a test that leaves a thread behind which would keep the process alive."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + LEAK_DEADLINE_S
    for thread in _left(before):
        thread.join(max(0.0, deadline - time.monotonic()))
    left = _left(before)
    assert not left, f"the test left threads running: {sorted(thread.name for thread in left)}"


def _left(before: set[threading.Thread]) -> list[threading.Thread]:
    new = [thread for thread in threading.enumerate() if thread not in before and thread.is_alive() and not thread.daemon]
    # The loop's own pool (asyncio.to_thread) is joined by the loop when it closes, which is after this look.
    return [thread for thread in new if not thread.name.startswith("asyncio_")]


@pytest.fixture
async def no_task_left() -> AsyncIterator[None]:
    """Fail an async test that leaves a task running on its loop. Every async test has it, by the hook below."""
    before = asyncio.all_tasks()
    yield
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    if left:
        _, left = await asyncio.wait(left, timeout=LEAK_DEADLINE_S)
    assert not left, f"the test left tasks running: {sorted(task.get_name() for task in left)}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every async test the task check; first in line, so that it looks after all other fixtures have closed."""
    for item in items:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            item.fixturenames.insert(0, "no_task_left")
