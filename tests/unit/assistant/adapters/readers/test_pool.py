"""A file that kills, hangs or bloats its reading process fails alone; the next one is read."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from assistant.adapters.readers.pool import WorkerReader
from assistant.config.schema import Ingest
from assistant.domain.errors import ReaderCrashedError, ReaderLimitError, ReadError, ReaderTimeoutError

MANUAL = Path(__file__).parents[5] / "golden" / "corpus" / "manuals" / "hivelight-service-manual.pdf"
HOSTILE = (sys.executable, "-P", str(Path(__file__).with_name("hostile.py")))


@pytest.fixture
async def hostile() -> AsyncIterator[WorkerReader]:
    with ThreadPoolExecutor(3) as executor:
        reader = WorkerReader(executor, Ingest(readers=1, read_seconds=20, read_memory_mb=256), command=HOSTILE, recycle_after=4)
        yield reader
        await reader.close()


async def said(reader: WorkerReader, name: str) -> str:
    return (await reader.read("/" + name)).parts[0].text


@pytest.mark.parametrize("left", ["nothing", "an empty file", "the library"])
async def test_a_pdf_is_read_on_a_machine_that_never_read_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: str) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    if left != "nothing":
        (tmp_path / "kreuzberg-pdfium").mkdir()
        (tmp_path / "kreuzberg-pdfium" / "libpdfium.tmp.1").touch()
    with ThreadPoolExecutor(1) as executor:
        for _ in range(1 + (left == "the library")):
            reader = WorkerReader(executor, Ingest(readers=1))
            found = await reader.read(str(MANUAL))
            await reader.close()
            assert "service partners" in found.parts[0].text


@pytest.mark.parametrize(
    ("act", "error"),
    [
        ("die", ReaderCrashedError),
        ("abort", ReaderCrashedError),
        ("eat", ReaderLimitError),
        ("flood", ReaderLimitError),
        ("panic", ReadError),
    ],
)
async def test_a_bad_file_fails_alone_and_the_next_is_read(hostile: WorkerReader, act: str, error: type[ReadError]) -> None:
    await said(hostile, "good")
    with pytest.raises(error) as caught:
        await hostile.read("/" + act)
    assert caught.value.what
    assert (await said(hostile, "good")).isdigit()


async def test_a_file_that_hangs_is_stopped_and_its_process_replaced() -> None:
    with ThreadPoolExecutor(2) as executor:
        reader = WorkerReader(executor, Ingest(readers=1, read_seconds=0.5), command=HOSTILE)
        first = int(await said(reader, "good"))
        with pytest.raises(ReaderTimeoutError, match=r"longer than 0\.5 seconds"):
            await reader.read("/hang")
        second = int(await said(reader, "good"))
        assert first != second and not psutil.pid_exists(first)
        await reader.close()
        assert not psutil.pid_exists(second)


async def test_what_a_library_prints_is_never_taken_for_an_answer(hostile: WorkerReader) -> None:
    assert await said(hostile, "print") == "printed"
    assert await said(hostile, "chatter") == "chattered"
    assert (await said(hostile, "good")).isdigit()


async def test_the_process_has_no_network_no_children_and_no_pen(hostile: WorkerReader) -> None:
    assert await said(hostile, "reach") == "refused refused refused refused"


@pytest.mark.skipif(sys.platform == "win32", reason="priorities are POSIX")
async def test_the_process_stands_back(hostile: WorkerReader) -> None:
    assert int(await said(hostile, "nice")) >= os.nice(0) + 5 or os.nice(0) > 14


async def test_a_process_is_replaced_when_it_is_worn(hostile: WorkerReader) -> None:
    seen = [await said(hostile, "good") for _ in range(5)]
    assert len(set(seen[:4])) == 1 and seen[4] != seen[0]


async def test_a_process_killed_while_idle_is_replaced(hostile: WorkerReader) -> None:
    victim = int(await said(hostile, "good"))
    process = psutil.Process(victim)
    process.kill()
    await asyncio.to_thread(_gone, process)
    assert int(await said(hostile, "good")) != victim


def _gone(process: psutil.Process) -> None:
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        pass


async def test_a_cancelled_read_frees_its_process(hostile: WorkerReader) -> None:
    await said(hostile, "good")
    task = asyncio.get_running_loop().create_task(hostile.read("/hang"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await said(hostile, "good")).isdigit()


async def test_ctrl_c_in_the_terminal_is_not_for_the_reader(hostile: WorkerReader) -> None:
    before = int(await said(hostile, "good"))
    os.kill(before, signal.SIGINT)
    assert int(await said(hostile, "good")) == before


async def test_the_loop_goes_on_while_files_are_read_and_close_ends_them(hostile: WorkerReader) -> None:
    await said(hostile, "good")
    task = asyncio.get_running_loop().create_task(hostile.read("/hang"))
    for _ in range(20):
        await asyncio.sleep(0)
    await hostile.close()
    await hostile.close()
    with pytest.raises(ReadError):
        await task
    with pytest.raises(ReadError, match="closing"):
        await hostile.read("/good")


async def test_a_process_dies_with_its_parent(tmp_path: Path) -> None:
    script = (
        "import sys, threading\n"
        "from assistant.adapters.readers.child import Child\n"
        "child = Child(sys.argv[1:], 256, 2**20)\n"
        "print(child.pid, flush=True)\n"
        "threading.Event().wait()\n"
    )
    root = str(Path(__file__).resolve().parents[5])
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, *HOSTILE, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}
    )
    assert parent.stdout is not None
    child = psutil.Process(int(await parent.stdout.readline()))
    parent.kill()
    await parent.wait()
    await asyncio.to_thread(child.wait, 20)


async def test_a_command_that_cannot_start_says_so() -> None:
    with ThreadPoolExecutor(1) as executor:
        reader = WorkerReader(executor, Ingest(readers=1), command=(sys.executable, "-c", "raise SystemExit('no engine')"))
        with pytest.raises(ReaderCrashedError, match=r"did not start.*no engine"):
            await reader.read("/good")
        await reader.close()
