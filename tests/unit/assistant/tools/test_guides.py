"""The commands nearest to a request, among those that may be used here."""

import re
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.domain.errors import ModelError
from assistant.tools import Guides, Registry
from assistant.tools.builtin import builtin_tools

REGISTRY = Registry(builtin_tools)
SENSES = ("sort|order|tidy|month", "duplicate|twice|double", "todo|task", "replace|change|swap")


async def senses(texts: Sequence[str]) -> NDArray[np.float32]:
    """A model that knows four things."""
    vectors = np.array([[1e-3 + len(re.findall(one, text.lower())) for one in SENSES] for text in texts], dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("text", "language", "command"),
    [
        ("sort screenshots by month", "en", "files.sort"),
        ("разложи снимки экрана по месяцам", "ru", "files.sort"),
        ("убери дубликаты из папки", "ru", "files.duplicates"),
        ("show me the duplicates", "en", "files.list_duplicates"),
        ("собери все TODO в таблицу", "ru", "text.todos"),
        ("remove empty folders", "en", "files.clean"),
        ("поменяй слово во всех файлах", "ru", "text.replace"),
        ("commit everything", "en", "git.commit"),
    ],
)
async def test_words_alone_find_commands(text: str, language: str, command: str):
    found = await Guides(REGISTRY, "linux").best(text, language, 3)
    assert command in [one.command for one in found]
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 <= one.score <= 1 for one in found)


async def test_an_example_is_nearest_to_itself():
    guides = Guides(REGISTRY, "linux")
    for name, spec in REGISTRY.all().items():
        for language in ("en", "ru"):
            best = (await guides.best(spec.guide.examples[language][0], language, 1))[0]
            assert (best.command, best.score > 0.6, best.title) == (name, True, spec.guide.title[language])


async def test_what_nothing_is_near_to_finds_nothing():
    assert await Guides(REGISTRY, "linux").best("zzz", "en", 3) == []


async def test_only_what_may_be_used_here():
    def names(found: Sequence[tuple[object, ...]]) -> list[object]:
        return [one[0] for one in found]

    text = "git status of the repository"
    assert names(await Guides(REGISTRY, "linux").best(text, "en", 1)) == ["git.status"]
    assert await Guides(REGISTRY, "haiku").best(text, "en", 1) == []
    without = Guides(REGISTRY, "linux", has=lambda program: program != "git")
    assert not any(str(name).startswith("git.") for name in names(await without.best(text, "en", 5)))
    reading = Guides(REGISTRY, "linux", allowed=lambda name, spec: "fs.write" not in spec.permissions)
    assert "files.duplicates" not in names(await reading.best("remove duplicates", "en", 5))


async def test_a_model_helps_in_languages_it_knows():
    asked: list[int] = []

    async def counted(texts: Sequence[str]) -> NDArray[np.float32]:
        asked.append(len(texts))
        return await senses(texts)

    guides = Guides(REGISTRY, "linux", embed=counted, knows=lambda language: language == "en")
    assert (await guides.best("what lies here twice", "en", 1))[0].command in ("files.duplicates", "files.list_duplicates")
    assert (await guides.best("tidy my pictures", "en", 1))[0].command == "files.sort"
    assert asked[1:] == [1, 1], "guides are embedded once"
    await guides.best("разложи", "ru", 1)
    assert len(asked) == 3


async def test_without_its_model_words_are_enough():
    async def broken(texts: Sequence[str]) -> NDArray[np.float32]:
        raise ModelError("no model")

    guides = Guides(REGISTRY, "linux", embed=broken, knows=lambda language: True)
    assert (await guides.best("sort screenshots by month", "en", 1))[0].command == "files.sort"


async def test_how_a_command_is_called_is_told_in_a_line():
    usage = (await Guides(REGISTRY, "linux").best("compare two folders", "en", 1))[0].usage
    assert usage == "files.compare(left, right): Shows how two files differ line by line, or two folders file by file."
