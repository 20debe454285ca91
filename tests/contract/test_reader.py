"""What every Reader promises the memory, tried on the reading processes that Mneme ships with."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from assistant.adapters.readers.pool import WorkerReader
from assistant.config.schema import Ingest
from assistant.domain.errors import ReaderLimitError, ReadError
from assistant.ports.content import Reader
from tests.fixtures import office


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    with ThreadPoolExecutor(4) as executor:
        made = WorkerReader(executor, Ingest(readers=2, max_file_mb=2, read_output_mb=1))
        yield made
        await made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path.resolve()


async def test_text_comes_back_letter_for_letter(reader: Reader, folder: Path) -> None:
    text = "Привет,\r\nмир — 𝄞\n\n\tend"
    (folder / "a.md").write_bytes(text.encode())
    document = await reader.read(str(folder / "a.md"))
    assert [part.text for part in document.parts] == [text]
    assert document.encoding == "utf-8" and not document.extracted


async def test_code_comes_with_its_symbols(reader: Reader, folder: Path) -> None:
    (folder / "a.py").write_text("class Parser:\n    def parse(self):\n        return 1\n")
    document = await reader.read(str(folder / "a.py"))
    assert (document.modality, document.language) == ("code", "python")
    assert [(symbol.scope, symbol.line, symbol.line_end) for symbol in document.symbols] == [
        ("class Parser", 1, 3),
        ("class Parser > def parse", 2, 3),
    ]


async def test_documents_are_read_under_the_caps(reader: Reader, folder: Path) -> None:
    canvas = Canvas(str(folder / "a.pdf"))
    canvas.drawString(100, 700, "A page of text")
    canvas.save()
    (folder / "a.xlsx").write_bytes(office.xlsx({"Sheet": [["a", "b"]]}))
    page, sheet = await asyncio.gather(reader.read(str(folder / "a.pdf")), reader.read(str(folder / "a.xlsx")))
    assert (page.parts[0].kind, page.parts[0].text.strip()) == ("page", "A page of text")
    assert (sheet.parts[0].kind, sheet.parts[0].label, sheet.parts[0].text) == ("sheet", "Sheet", "a\tb")
    drawn = await reader.render(str(folder / "a.pdf"), 1, "page of text", 400)
    assert (drawn.width, drawn.page, drawn.pages, len(drawn.marks)) == (400, 1, 1, 1)
    assert drawn.png.startswith(b"\x89PNG")


async def test_pictures_are_drawn_but_not_read(reader: Reader, folder: Path) -> None:
    Image.new("RGB", (300, 100)).save(folder / "a.png")
    drawn = await reader.render(str(folder / "a.png"), 1, "", 150)
    assert (drawn.width, drawn.height, drawn.marks) == (150, 50, ())
    with pytest.raises(ReadError):
        await reader.read(str(folder / "a.png"))


async def test_failures_carry_a_reason_and_leave_the_next_file_alone(reader: Reader, folder: Path) -> None:
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (folder / "good.txt").write_text("good")
    (folder / "large.txt").write_bytes(b"x" * (2 * 2**20 + 1))
    (folder / "wordy.txt").write_bytes(b"x" * (2**20 + 1))
    for name, error in (
        ("binary.txt", ReadError),
        ("large.txt", ReaderLimitError),
        ("wordy.txt", ReaderLimitError),
        ("gone", ReadError),
    ):
        with pytest.raises(error) as caught:
            await reader.read(str(folder / name))
        assert caught.value.what
    assert (await reader.read(str(folder / "good.txt"))).parts[0].text == "good"


async def test_many_files_at_once_come_back_to_their_askers(reader: Reader, folder: Path) -> None:
    for n in range(60):
        (folder / f"{n}.txt").write_text(f"note {n}")
    read = await asyncio.gather(*(reader.read(str(folder / f"{n}.txt")) for n in range(60)))
    assert [document.parts[0].text for document in read] == [f"note {n}" for n in range(60)]


async def test_closing_twice_is_safe(reader: Reader) -> None:
    await reader.close()
    await reader.close()


async def test_a_document_tells_of_which_bytes_it_was_made(reader: Reader, folder: Path) -> None:
    file = folder / "stamped.md"
    file.write_bytes(b"# One\r\ntwo")
    found = await reader.read(str(file))
    look = file.stat()
    assert (found.digest, found.size, found.modified) == (sha256(b"# One\r\ntwo").hexdigest(), look.st_size, look.st_mtime)
