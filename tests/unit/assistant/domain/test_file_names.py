"""New names are plain to see, and fit all three systems."""

import pytest

from assistant.domain.file_names import folded, is_device, unfit


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "no name"),
        (".", "no name"),
        ("..", "no name"),
        ("a/b", "no name"),
        ("a\u202egnp.exe", "not seen"),
        ("a\u200bb", "not seen"),
        ("a\u200db", "not seen"),
        ("\u200d🙂", "not seen"),
        ("a\nb", "not seen"),
        ("a\ufeff", "not seen"),
        ("\u3164", "not seen"),
        ("\udcff", "not seen"),
        ("a:b", "part of a path"),
        ("a\\b", "part of a path"),
        ("CON", "device"),
        ("lpt1.txt", "device"),
        ("a.", "a dot"),
        ("a ", "a dot"),
        ("я" * 128, "longer"),
    ],
)
def test_unfit_names(name: str, why: str):
    assert why in unfit(name)


@pytest.mark.parametrize("name", ["a", ".profile", "Снимок экрана.png", "é" * 127, "console", "👨\u200d👩\u200d👧.png", " a"])
def test_fit_names(name: str):
    assert unfit(name) == ""


def test_what_disks_take_for_one():
    assert folded("É.TXT") == folded("e\u0301.txt")
    assert is_device("nul.txt")
    assert not is_device("null")
