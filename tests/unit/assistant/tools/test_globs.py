"""Globs as people write them."""

import pytest

from assistant.domain.errors import ArgumentError
from assistant.tools.globs import matcher


@pytest.mark.parametrize(
    ("glob", "fitting", "others"),
    [
        ("*.png", ["a.png", "sub/B.PNG"], ["a.png.txt", "png"]),
        ("*.{jpg, png}", ["a.jpg", "a.png"], ["a.gif", "a.{jpg,png}"]),
        ("photo?.jpg", ["photo1.jpg"], ["photo.jpg", "photo12.jpg"]),
        ("[ab]*", ["a1", "b"], ["c"]),
        ("[!ab]*", ["c"], ["a"]),
        ("[a", ["[a"], ["a"]),
        ("docs/*.md", ["docs/a.md"], ["a.md", "docs/sub/a.md", "x/docs/a.md"]),
        ("docs/**/*.md", ["docs/a.md", "docs/x/y/a.md"], ["a.md"]),
        ("/docs/**", ["docs/a", "docs/a/b"], ["docs"]),
        ("{a}", ["{a}"], ["a"]),
        ("снимок*", ["Снимок экрана.png"], ["скан.png"]),
        ("a.b", ["a.b"], ["axb"]),
        ("[[]x", ["[x"], ["x"]),
    ],
)
def test_globs(glob: str, fitting: list[str], others: list[str]):
    fits = matcher(glob)
    assert [one for one in fitting if not fits(one)] == []
    assert [one for one in others if fits(one)] == []


def test_braces_have_an_end():
    with pytest.raises(ArgumentError, match="too many"):
        matcher("{a,b}" * 10)
