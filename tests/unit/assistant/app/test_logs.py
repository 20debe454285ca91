"""What the log file holds: classes, codes and stacks; never what a file, a question or an error's message says."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.app.logs import Logbook
from assistant.domain.errors import StorageError

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def written(tmp_path):
    """Return a function that lets work log and gives back the file's text."""

    def write(work):
        book = Logbook(tmp_path)
        try:
            work()
        finally:
            book.close()
        return book.file.read_text("utf-8")

    return write


def test_an_error_is_written_by_class_code_and_stack(written):
    def work():
        try:
            try:
                raise ValueError("the question was: where is my testament")
            except ValueError as cause:
                raise StorageError("The notes of /home/anna/testament.txt are damaged.") from cause
        except StorageError:
            logging.getLogger("ui.bridge").exception("a request of the window failed")

    text = written(work)
    assert "a request of the window failed" in text
    assert "StorageError [storage]" in text
    assert "ValueError" in text
    assert "tests/unit/assistant/app/test_logs.py" in text
    assert "testament" not in text


def test_what_other_packages_say_is_withheld(written):
    text = written(lambda: logging.getLogger("somebody.else").warning("read /home/anna/will.txt"))
    assert "somebody.else" in text
    assert "anna" not in text


def test_less_than_a_warning_is_not_kept(tmp_path):
    book = Logbook(tmp_path)
    logging.getLogger("assistant.x").info("detail")
    book.close()
    assert not book.file.exists()


def test_a_folder_that_cannot_be_made_disturbs_nobody(tmp_path):
    (tmp_path / "taken").write_text("a file")
    book = Logbook(tmp_path / "taken" / "logs")
    logging.getLogger("assistant.x").warning("lost")
    book.close()


def test_a_process_that_dies_leaves_its_stacks(tmp_path):
    code = "import faulthandler, pathlib, sys; from assistant.app.logs import Logbook"
    code += "; book = Logbook(pathlib.Path(sys.argv[1])); faulthandler._sigabrt()"
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, check=False)
    assert ended.returncode != 0
    assert "Current thread" in (tmp_path / "crash.log").read_text("utf-8")
