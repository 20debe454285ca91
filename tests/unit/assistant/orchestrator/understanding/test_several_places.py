"""Every place that a request names is acted on, or a question is asked: none is dropped without a word."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import JsonValue

from tests.unit.assistant.orchestrator.understanding.desk_of_anna import (
    DESKTOP,
    DOCUMENTS,
    DOWNLOADS,
    HOME,
    PICTURES,
    WORK,
    outcome,
    understood,
)

A, B, C = f"{HOME}/a", f"{HOME}/b", f"{HOME}/c"
ENGLISH = {
    "~/a": A,
    "~/b": B,
    '"~/my letters"': f"{HOME}/my letters",
    '"~/old things/2024"': f"{HOME}/old things/2024",
    "Downloads": DOWNLOADS,
    "Documents": DOCUMENTS,
    "my Desktop": DESKTOP,
    "/srv/data": "/srv/data",
    "invoices": f"{WORK}/invoices",
}
RUSSIAN = {
    "~/a": A,
    "~/b": B,
    "«~/мои письма»": f"{HOME}/мои письма",
    '"~/old things/2024"': f"{HOME}/old things/2024",
    "загрузках": DOWNLOADS,
    "документах": DOCUMENTS,
    "/srv/data": "/srv/data",
    "invoices": f"{WORK}/invoices",
}
ENGLISH_REQUESTS = (
    "sort the files in {} by month",
    "sort the photos in {} by type into ~/sorted",
    "in {}, delete all pdfs",
    "rename the files in {} by date",
    'rename the files in {} to "x_{{n:03}}{{ext}}"',
    'replace "x" with "y" in {}',
    "clean up files older than 30 days in {}",
    "remove the empty folders in {}",
    "delete all tmp files in {}",
    "move all pdfs from {} to ~/kept",
    "copy {} to ~/kept",
    "find duplicates in {} and trash the extras",
    "list the duplicates in {}",
    "list the files in {}",
    "list the files in {} and save the list to l.md",
    "sort the files in {} by month and then list them",
    "collect every TODO in {}",
    "collect every TODO in {} into todo.md",
    'extract the lines with "x" from {} into t.csv',
    "summarise {} into s.md",
    "pack {} into x.zip",
    "stage all changes in {}",
    'commit all changes in {} with the message "x"',
    "git status of {}",
    "move a.txt to {}",
    "compare {}",
)
RUSSIAN_REQUESTS = (
    "разложи файлы в {} по месяцам",
    "переименуй файлы в {} по дате",
    "замени «x» на «y» в {}",
    "удали пустые папки в {}",
    "удали все tmp в {}",
    "скопируй все pdf из {} в ~/kept",
    "найди дубликаты в {} и отправь лишние в корзину",
    "покажи дубликаты в {}",
    "покажи файлы в {}",
    "разложи файлы в {} по типам, а затем покажи их",
    "собери все TODO из {} в todo.md",
    "извлеки строки со словом «x» из {} в t.csv",
    "запакуй всё, что лежит в {}, в x.zip",
    "добавь в индекс все изменения в {}",
    "перенеси a.txt в {}",
)


def strings(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def together(names: list[str], sign: str, word: str) -> str:
    return f"{sign.join(names[:-1])} {word} {names[-1]}"


@settings(max_examples=300, deadline=None)
@given(data=some.data())
def test_no_place_is_dropped(data: some.DataObject) -> None:
    russian = data.draw(some.booleans())
    places, requests, word = (RUSSIAN, RUSSIAN_REQUESTS, "и") if russian else (ENGLISH, ENGLISH_REQUESTS, "and")
    names = data.draw(some.lists(some.sampled_from([*places]), min_size=2, max_size=4, unique=True))
    said = together(names, data.draw(some.sampled_from([", ", f" {word} "])), data.draw(some.sampled_from([word, f", {word}"])))
    request = data.draw(some.sampled_from(requests)).format(said.replace(" ,", ","))
    found = asyncio.run(understood(request))
    if found.question is None and found.intents:
        named = {path for intent in found.intents for value in intent.arguments.values() for path in strings(value)}
        assert {places[name] for name in names} <= named, request


@pytest.mark.parametrize(
    ("request_text", "tools", "folders"),
    [
        ("sort the files in ~/a and ~/b by month", "files.sort files.sort", [A, B]),
        ("sort the files in ~/a, ~/b and ~/c by month", "files.sort files.sort files.sort", [A, B, C]),
        ("sort the files in both ~/a and ~/b by month", "files.sort files.sort", [A, B]),
        ("sort the files in ~/b and in ~/a by month", "files.sort files.sort", [B, A]),
        ('replace "x" with "y" in ~/a and ~/b', "text.replace text.replace", [A, B]),
        ('replace "x" with "y" in "~/a" and "~/b"', "text.replace text.replace", [A, B]),
        ("sort the files in downloads and documents by month", "files.sort files.sort", [DOWNLOADS, DOCUMENTS]),
        ("sort the files in Pictures, downloads and documents by type", "files.sort " * 3, [PICTURES, DOWNLOADS, DOCUMENTS]),
        ('sort the files in "My Files" and "Old" by month', "files.sort files.sort", [f"{WORK}/My Files", f"{WORK}/Old"]),
        ("sort the files in ~/a and ~/b by month and then list them", "files.sort files.sort files.list files.list", [A, B] * 2),
        ("move Downloads and Documents to ~/c", "files.move files.move", [DOWNLOADS, DOCUMENTS]),
        ("rename the files in ~/a and ~/b by date", "files.rename files.rename", [A, B]),
        ("move all pdfs from ~/a and ~/b to ~/c", "files.move files.move", [A, B]),
        (
            "list the files in the folders Alpha, Beta and Gamma",
            "files.list " * 3,
            [f"{WORK}/{n}" for n in ("Alpha", "Beta", "Gamma")],
        ),
        ("разложи файлы в загрузках и документах по месяцам", "files.sort files.sort", [DOWNLOADS, DOCUMENTS]),
        ("разложи файлы и в ~/a, и в ~/b по месяцам", "files.sort files.sort", [A, B]),
        ("замени «x» на «y» в ~/a и ~/b", "text.replace text.replace", [A, B]),
        ("удали пустые папки в ~/a, ~/b и ~/c", "files.clean files.clean files.clean", [A, B, C]),
        ("удали tmp из загрузок и документов", "files.trash files.trash", [DOWNLOADS, DOCUMENTS]),
        ("разложи файлы в обеих папках ~/a и ~/b по типам", "files.sort files.sort", [A, B]),
    ],
)
async def test_one_step_for_each_folder_in_the_order_as_said(request_text: str, tools: str, folders: list[str]) -> None:
    found = await understood(request_text)
    assert outcome(found) == tools.strip()
    assert [intent.arguments["folder"] for intent in found.intents] == folders


@pytest.mark.parametrize(
    ("request_text", "tool", "arguments"),
    [
        ("find duplicates in ~/a and ~/b", "files.list_duplicates", {"folders": [A, B]}),
        ("найди дубликаты в ~/a и ~/b и отправь лишние в корзину", "files.duplicates", {"folders": [A, B]}),
        ("move ~/a and ~/b to ~/c", "files.move", {"paths": [A, B]}),
        ("delete a.txt, ~/a and b.txt", "files.trash", {"paths": [f"{WORK}/a.txt", A, f"{WORK}/b.txt"]}),
        ("pack ~/a and ~/b into x.zip", "archive.pack", {"paths": [A, B]}),
        ("summarise ~/a and ~/b into s.md", "report.write", {"paths": [A, B]}),
        ("compare ~/a and ~/b", "files.compare", {"left": A, "right": B}),
        ("сравни папки Копия и Документы", "files.compare", {"left": f"{WORK}/Копия", "right": DOCUMENTS}),
    ],
)
async def test_what_takes_a_list_takes_all(request_text: str, tool: str, arguments: dict[str, object]) -> None:
    found = await understood(request_text)
    assert outcome(found) == tool
    assert arguments.items() <= found.intents[0].arguments.items()


@pytest.mark.parametrize(
    ("request_text", "tools", "paths"),
    [
        ("open a.txt and b.txt", "files.open files.open", [f"{WORK}/a.txt", f"{WORK}/b.txt"]),
        ("convert a.md and b.md to html", "text.convert text.convert", [f"{WORK}/a.md", f"{WORK}/b.md"]),
        ('append "x" to a.md and b.md', "text.append text.append", [f"{WORK}/a.md", f"{WORK}/b.md"]),
        ("распакуй a.zip и b.zip", "archive.unpack archive.unpack", [f"{WORK}/a.zip", f"{WORK}/b.zip"]),
    ],
)
async def test_one_step_for_each_file(request_text: str, tools: str, paths: list[str]) -> None:
    found = await understood(request_text)
    assert outcome(found) == tools
    assert [intent.arguments["path"] for intent in found.intents] == paths


async def test_one_thing_is_copied_to_each_place() -> None:
    found = await understood("copy a.txt and b.txt to ~/a and ~/b")
    both = [f"{WORK}/a.txt", f"{WORK}/b.txt"]
    assert [intent.arguments for intent in found.intents] == [{"paths": both, "target": A}, {"paths": both, "target": B}]


async def test_known_places_to_choose_from_are_no_words_left_over() -> None:
    found = await understood("move a.txt to Downloads and Documents")
    assert outcome(found) == "ask place"


async def test_a_word_joined_to_a_path_is_asked_about() -> None:
    assert outcome(await understood("copy drafts and ~/a to ~/c")) == "ask paths"


async def test_a_file_named_in_two_folders_is_no_whole_folder() -> None:
    found = await understood("delete a.txt in ~/a and ~/b")
    assert [intent.arguments for intent in found.intents] == [{"paths": [f"{A}/a.txt"]}, {"paths": [f"{B}/a.txt"]}]


async def test_lists_of_several_folders_are_written_below_each_other() -> None:
    found = await understood("list the files in ~/a and ~/b and save the list to l.md")
    assert outcome(found) == "files.list files.list text.create text.append"
    assert [intent.arguments["content"] for intent in found.intents[2:]] == [
        {"from": "1", "take": "table"},
        {"from": "2", "take": "table"},
    ]


@pytest.mark.parametrize(
    "request_text",
    [
        "sort the files in ~/a or ~/b by month",
        "move a.txt to ~/a and ~/b",
        "перенеси a.txt в ~/a и в ~/b",
        "collect every TODO in ~/a and ~/b into todo.md",
        "pack the pdfs in ~/a and ~/b into x.zip",
    ],
)
async def test_where_neither_makes_sense_one_is_chosen(request_text: str) -> None:
    found = await understood(request_text)
    assert outcome(found) == "ask place"
    assert found.question is not None
    assert found.question.choices == ((A, A), (B, B))
    found = await understood(request_text, answers={"place": B})
    assert len(found.intents) == 1
    named = [path for value in found.intents[0].arguments.values() for path in strings(value)]
    assert B in named
    assert A not in named
    assert outcome(await understood(request_text, answers={"place": C})) == "ask place"


@pytest.mark.parametrize(
    "request_text",
    ["delete photos in ~/a and pdfs in ~/b", "move a.txt to ~/a and b.txt to ~/b", "удали фото в ~/a и pdf в ~/b"],
)
async def test_what_was_meant_for_one_place_is_done_in_no_other(request_text: str) -> None:
    for answers in ({}, {"place": A}, {"place": B}):
        found = await understood(request_text, answers=answers)
        assert outcome(found) == "ask place"
        assert found.question is not None
        assert not found.question.choices


@pytest.mark.parametrize(
    "request_text", ['delete all files with "draft" in the name in ~/a', "удали все файлы «draft» в ~/a и ~/b"]
)
async def test_a_quote_that_nobody_took_narrows_what_is_meant(request_text: str) -> None:
    found = await understood(request_text)
    assert found.question is not None
    assert found.question.slot == "paths"
    assert found.question.choices[0][0] == "*draft*"
