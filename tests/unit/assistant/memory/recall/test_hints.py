"""Which files a hint means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.memory.recall.hints import hinted
from tests.unit.assistant.memory.recall.candidates import source


@pytest.mark.parametrize(
    ("hint", "path", "means"),
    [
        ("*.py", "/r/a/b.py", True),
        ("*.py", "/r/b.pyi", False),
        ("*.PY", "/r/b.py", True),
        ("src/**", "/r/x/src/a/b.c", True),
        ("src/*.c", "/r/src/a/b.c", False),
        ("src/*.c", "/r/src/b.c", True),
        ("**/b.c", "/r/b.c", True),
        ("config.py", "/r/app/config.py", True),
        ("app/config.py", "/r/x/app/config.py", True),
        ("./app/config.py", "/r/app/config.py", True),
        ("app\\config.py", "/r/app/config.py", True),
        ("docs", "/r/docs/x.md", True),
        ("docs/", "/r/docs/x.md", True),
        ("doc", "/r/docs/x.md", False),
        ("r", "/r/docs/x.md", False),
        ("/r/*.md", "/r/x.md", True),
        ("/r/*.md", "/r/docs/x.md", False),
        ("/r/docs", "/r/docs/x.md", True),
        ("file?.txt", "/r/file1.txt", True),
        ("a+b(1).txt", "/r/a+b(1).txt", True),
        ("йога.txt", "/r/\u0438\u0306ога.txt", True),
        ("\u0438\u0306ога.*", "/r/йога.txt", True),
        ("*", "/r/x.md", False),
        ("  ", "/r/x.md", False),
    ],
)
def test_a_hint_means_files_and_folders_at_any_depth(hint: str, path: str, means: bool) -> None:
    assert hinted([hint])(source(path=path)) is means


def test_a_file_that_is_its_own_root_is_known_by_its_name() -> None:
    assert hinted(["todo.md"])(source(path="/r/todo.md", root="/r/todo.md"))


def test_any_of_several_hints_is_enough_and_none_means_none() -> None:
    assert hinted(["*.rs", "*.py"])(source(path="/r/x.py"))
    assert not hinted([])(source(path="/r/x.py"))


@given(st.text(max_size=30))
def test_no_hint_raises(hint: str) -> None:
    hinted([hint])(source(path="/r/x.py"))
