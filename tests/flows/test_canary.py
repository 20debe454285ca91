"""What an encrypted memory leaves on disk: not one readable byte of files, names, questions or vectors, killed or not.

The same search over a plain memory finds them: it would see them here.
"""

import base64
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from docx import Document
from sqlcipher3 import dbapi2 as untyped

from tests.bench.invented import Prose
from tests.flows.cli import LIMIT_S, Mneme

dbapi2: Any = untyped

TEXT, NAME, CODE, OFFICE, ASKED, FAILED = (
    "Quixelvorn",
    "brumfendalk",
    "harvostrixen",
    "Plimquandory",
    "snerwickleton",
    "drobnaskuil",
)
PASSPHRASE = "open sesame, please"
MORE_FILES = 12


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path.resolve() / "files")


def written(place: Path) -> Path:
    """Write files with a canary each: in text (Latin and Cyrillic around it), in a name, in code, in an office document."""
    place.mkdir()
    (place / "text.md").write_text(f"# Насос\n\nThe {TEXT} pump stands at the well. Насос {TEXT} стоит у скважины.\n", "utf-8")
    (place / f"{NAME}.txt").write_text("A file whose name tells everything.\n", "utf-8")
    (place / "code.py").write_text(f'def {CODE}(level):\n    """Open the valve."""\n    return level\n', "utf-8")
    document = Document()
    document.add_paragraph(f"The {OFFICE} report was never published.")
    document.save(str(place / "report.docx"))
    (place / f"{FAILED}.pdf").write_bytes(b"%PDF-1.7 this is no document")
    return place


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files of every process started here, short enough for the address of a socket."""
    place = tmp_path / "t"
    place.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(place))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "nowhere"))
    return place


@dataclass(frozen=True, slots=True)
class Trace:
    """Bytes that give something away."""

    of: str
    content: bytes


def traces_of(word: str) -> list[Trace]:
    """Every way a word may stand in a file; stems and cases count, so the beginning of the word will do."""
    stem = word[:8].lower()
    found = [Trace(f"{word} as text", stem.encode()), Trace(f"{word} in hexadecimal", stem.encode().hex().encode())]
    found += [Trace(f"{word} as {name}", stem.encode(name)) for name in ("utf-16-le", "utf-16-be")]
    for spelling in (word, stem):
        for shift in range(3):  # where the word may stand in the groups of three that base64 writes
            coded = base64.b64encode(b"\0" * shift + spelling.encode())
            found.append(Trace(f"{word} in base64", coded[4 if shift else 0 : len(spelling) // 3 * 4]))
    return found


def met(places: list[Path], traces: list[Trace]) -> dict[str, list[str]]:
    """Return which traces stand in which files, names of files included."""
    found: dict[str, list[str]] = {}
    for place in places:
        for file in place.rglob("*"):
            if file.is_symlink() or not file.is_file() or "models" in file.parts:
                continue
            content = file.read_bytes()
            lower = content.lower()
            name = str(file.relative_to(place)).lower().encode()
            for trace in traces:
                if trace.content in content or trace.content in lower or trace.content in name:
                    found.setdefault(trace.of, []).append(str(file.relative_to(place)))
    return found


WORDS = [trace for word in (TEXT, NAME, CODE, OFFICE, ASKED, FAILED) for trace in traces_of(word)]


def home(place: Path, models: Path) -> Mneme:
    (place / "data").mkdir(parents=True)
    (place / "data" / "models").symlink_to(models, target_is_directory=True)
    return Mneme(place)


def used(mneme: Mneme, folder: Path) -> None:
    """Do what a person does in a day."""
    added = mneme("add", str(folder), "--json")
    assert added.code == 0, added.stderr
    assert (added.json["remembered"], len(added.json["failed"])) == (4, 1)
    assert TEXT in mneme("recall", f"{TEXT} pump {ASKED}", "--json").stdout
    assert OFFICE in mneme("ask", f"Was the {OFFICE} report about {ASKED} ever published?").stdout
    assert NAME in mneme("status").stdout
    assert ASKED in mneme("log").stdout
    assert mneme("backup", str(mneme.home / "copy.db")).code == 0
    (folder / "text.md").write_text(f"The {TEXT} pump was moved to the barn.\n", "utf-8")
    assert mneme("add", str(folder)).code == 0
    assert mneme("forget", str(folder / "code.py"), "--yes").code == 0


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> list[Trace]:
    """Raw numbers of the canaries' vectors, taken from a plain memory in which everything else is found as well."""
    place = tmp_path_factory.mktemp("plain")
    mneme = home(place / "home", models_dir)
    assert mneme("add", str(written(place.resolve() / "files"))).code == 0
    assert mneme("recall", f"{TEXT} pump {ASKED}").code == 0
    connection = dbapi2.connect(str(mneme.home / "data" / "memory" / "records.db"))
    try:
        raw = [bytes(row[0]) for row in connection.execute("SELECT vector FROM vectors")]
    finally:
        connection.close()
    assert len(raw) >= 4
    slices = [Trace("a vector", vector[start : start + 24]) for vector in raw for start in (0, 400, 1200)]
    halves = [Trace("a vector in halves", np.frombuffer(vector, "<f4").astype("<f2").tobytes()[:24]) for vector in raw]
    plain = met([mneme.home], [*WORDS, *slices])
    for word in (TEXT, NAME, CODE, OFFICE, FAILED, ASKED):
        assert f"{word} as text" in plain, "the search finds what lies open"
    assert "a vector" in plain, "the search finds vectors that lie open"
    return [*slices, *halves]


@pytest.mark.timeout(300)
def test_nothing_of_an_encrypted_memory_can_be_read_on_disk(
    tmp_path: Path, vectors: list[Trace], folder: Path, room: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNEME_SECURITY__ENCRYPT_AT_REST", "true")
    mneme = home(tmp_path / "sealed", models_dir)
    refused = mneme("add", str(folder))
    assert refused.code == 1
    assert "MNEME_PASSPHRASE" in refused.stderr
    monkeypatch.setenv("MNEME_PASSPHRASE", PASSPHRASE)
    used(mneme, folder)
    files = [file for file in mneme.home.rglob("*") if file.is_file() and "models" not in file.parts]
    assert {"records.db", "words.db", "manifest", "vault.json", "copy.db"} <= {file.name for file in files}
    secret = [Trace("the passphrase", PASSPHRASE.encode())]
    assert met([mneme.home, room], [*WORDS, *vectors, *secret]) == {}


@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("moment", [pytest.param("records.db-wal", marks=pytest.mark.soak), "manifest"])
def test_nor_of_one_that_was_killed(
    tmp_path: Path,
    folder: Path,
    room: Path,
    models_dir: Path,
    vectors: list[Trace],
    moment: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prose = Prose(seed=3)
    for number in range(MORE_FILES):
        (folder / f"more-{number:02}.md").write_text(f"{TEXT}. {prose.document(300)}", "utf-8")
    monkeypatch.setenv("MNEME_SECURITY__ENCRYPT_AT_REST", "true")
    monkeypatch.setenv("MNEME_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("MNEME_INDEX__COMMIT_SECONDS", "0.05")
    monkeypatch.setenv("MNEME_EMBEDDING__BATCH", "2")
    mneme = home(tmp_path / "sealed", models_dir)
    adding = mneme.start("add", str(folder))
    seen: list[str] = []

    def reached() -> bool:
        seen.extend(told_to_children(adding.pid))
        return any(file.stat().st_size > 100 for file in (mneme.home / "data" / "memory").rglob(moment))

    mneme.until(adding, reached)
    os.killpg(adding.pid, signal.SIGKILL)
    adding.communicate(timeout=LIMIT_S)
    assert met([mneme.home, room], [*WORDS, *vectors, Trace("the passphrase", PASSPHRASE.encode())]) == {}
    assert not any(PASSPHRASE in told for told in seen)
    assert mneme("add", str(folder)).code == 0
    assert mneme("verify").code == 0
    assert TEXT in mneme("recall", TEXT).stdout
    assert met([mneme.home, room], [*WORDS, *vectors]) == {}


def told_to_children(pid: int) -> list[str]:
    """Return the arguments and the environment of every process below this one."""
    told: list[str] = []
    try:
        for child in psutil.Process(pid).children(recursive=True):
            told += [*child.cmdline(), *child.environ().values()]
    except psutil.Error:
        pass
    return told
