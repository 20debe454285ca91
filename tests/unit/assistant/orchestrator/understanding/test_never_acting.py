"""What must not become an action: questions that mention verbs, prohibitions, quotes, names of files, what is beyond Mneme."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.plan import Understanding
from tests.unit.assistant.orchestrator.understanding import phrases_english, phrases_russian
from tests.unit.assistant.orchestrator.understanding.desk_of_anna import WORK, outcome, understood

FORBIDDEN = """
не удаляй a.txt
не надо удалять файлы в загрузках
ни в коем случае не удаляй фотографии
никогда не перемещай мои файлы
нельзя удалять a.txt
не стоит удалять a.txt
удалять a.txt не нужно
не хочу удалять a.txt
я не просил удалять a.txt
перестань удалять файлы
удали всё, кроме a.txt
перенеси pdf в ~/papers, но не удаляй оригиналы
удали a.txt, если он пустой
don't delete a.txt
do not delete a.txt
don’t delete a.txt
please don't move anything
never rename my photos
you must not delete a.txt
I don't want you to delete a.txt
stop deleting my files
delete nothing
do anything but delete a.txt
delete everything except a.txt
delete all pdfs but not a.pdf
move pdfs to ~/papers without deleting anything
delete a.txt if it is empty
delete a.txt unless it is new
"""
ASKED = """
как удалить ветку в git?
как мне удалить a.txt?
можно удалить a.txt?
можно ли удалить a.txt?
что будет, если удалить a.txt?
если удалить a.txt, что будет?
зачем удалять a.txt?
ты удалил a.txt?
how do I rename a branch?
how to delete a.txt
what happens if I delete a.txt?
why did you delete a.txt?
did you delete a.txt?
should I delete a.txt?
can I delete a.txt?
do I have to move the photos?
find notes about "delete all files"
найди заметки про «удали все файлы»
"""
BEYOND = """
send a.txt to Peter
email the report to my boss
install python
run rm -rf /
run a.txt
shut down the computer
translate a.txt into German
download the file from https://example.org/a.zip
browse the web
open https://example.org
make the file names lowercase in ~/jobs/docs
push to origin
delete the branch trial
create a folder new
play music
print a.txt
empty the trash
book a flight
отправь a.txt Петру
перешли отчёт начальнику
установи python
выполни rm -rf /
запусти a.txt
выключи компьютер
переведи a.txt на немецкий
скачай файл с сайта
удали ветку trial
создай папку new
включи музыку
распечатай a.txt
очисти корзину
закажи билет
"""
SAID = """
удалил a.txt
я удалил a.txt
файл удалён
I deleted a.txt
the file was deleted
deleted files
"delete a.txt"
«удали a.txt»
привет
thanks
и
and then
...
"""


LOOKING = ("files.list", "files.compare", "files.open", "archive.list", "git.status", "git.changes", "text.todos")


def acts(found: Understanding) -> bool:
    return any(intent.kind == "action" and not intent.tool.startswith(LOOKING) for intent in found.intents)


@pytest.mark.parametrize(
    "request_text", [*FORBIDDEN.strip().splitlines(), *BEYOND.strip().splitlines(), *SAID.strip().splitlines()]
)
async def test_what_is_ruled_out_or_beyond_gets_examples(request_text: str) -> None:
    found = await understood(request_text)
    assert outcome(found) == "nearest"
    assert 1 <= len(found.nearest) <= 3
    russian = any("а" <= letter <= "я" for letter in request_text.lower())
    assert all(russian == any("а" <= letter <= "я" for letter in example.lower()) for example in found.nearest)


@pytest.mark.parametrize("request_text", ASKED.strip().splitlines())
async def test_a_question_that_mentions_a_verb_is_a_question(request_text: str) -> None:
    assert outcome(await understood(request_text)) == "question"


@pytest.mark.parametrize(
    ("request_text", "tool", "arguments"),
    [
        ('open "delete all.txt"', "files.open", {"path": f"{WORK}/delete all.txt"}),
        ("open move all.txt", "files.open", {"path": f"{WORK}/move all.txt"}),
        ("переименуй «удали.txt» в «сотри.txt»", "files.rename", {"paths": [f"{WORK}/удали.txt"], "pattern": "сотри.txt"}),
        ("сравни «удали всё.txt» и b.txt", "files.compare", {"left": f"{WORK}/удали всё.txt", "right": f"{WORK}/b.txt"}),
        (
            "создай todo.md с текстом «удали все файлы; запусти rm -rf»",
            "text.create",
            {"content": "удали все файлы; запусти rm -rf"},
        ),
        ("запиши в todo.md: купить молоко и удалить письма", "text.append", {"content": "купить молоко и удалить письма"}),
        ("add to todo.md: buy milk; delete cookies", "text.append", {"content": "buy milk; delete cookies"}),
        ("commit: fix it and delete the rest", "git.commit", {"message": "fix it and delete the rest"}),
    ],
)
async def test_names_and_texts_are_never_commands(request_text: str, tool: str, arguments: dict[str, object]) -> None:
    found = await understood(request_text)
    assert outcome(found) == tool
    assert arguments.items() <= found.intents[0].arguments.items()


@given(st.text(max_size=300))
@settings(deadline=None)
async def test_any_text_is_understood_somehow(text: str) -> None:
    found = await understood(text)
    assert bool(found.intents) + (found.question is not None) + bool(found.nearest) == 1


WORDS = sorted(
    {
        word
        for table in (phrases_english.PHRASES, phrases_russian.PHRASES)
        for block in table.values()
        for word in block.replace("?", " ? ").split()
    }
)


@given(st.lists(st.sampled_from([*WORDS, ";", "«", "»", '"', "и", "and", "then", ","]), max_size=15))
@settings(deadline=None, max_examples=300)
async def test_any_order_of_words_is_understood_somehow(words: list[str]) -> None:
    found = await understood(" ".join(words))
    assert bool(found.intents) + (found.question is not None) + bool(found.nearest) == 1


COMMANDS = {
    "en": [line for block in phrases_english.PHRASES.values() for line in block.strip().splitlines()],
    "ru": [
        line for block in phrases_russian.PHRASES.values() for line in block.strip().splitlines() if not line.startswith("мож")
    ],
}
BANS = {"en": ["don't ", "do not ", "never ", "please don't "], "ru": ["не ", "никогда не ", "не надо ", "нельзя "]}


@given(st.data())
@settings(deadline=None, max_examples=300)
async def test_a_prohibition_never_acts(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(["en", "ru"]))
    ban, line = data.draw(st.sampled_from(BANS[language])), data.draw(st.sampled_from(COMMANDS[language]))
    assert not acts(await understood(ban + line))


@given(st.text(st.characters(exclude_characters="«»\"“”„'‘’`\n\r{}", exclude_categories=("Cs",)), min_size=1, max_size=80))
@settings(deadline=None)
async def test_quoted_text_changes_no_tool_and_arrives_as_it_is(quoted: str) -> None:
    if not quoted.strip():
        return
    for request, tool in (("добавь «{}» в todo.md", "text.append"), ('append "{}" to todo.md', "text.append")):
        found = await understood(request.format(quoted))
        assert outcome(found) == tool
        assert found.intents[0].arguments["content"] == quoted


async def test_a_text_is_no_request_and_long_blanks_change_nothing() -> None:
    assert outcome(await understood("delete a.txt " * 5000)) == "nearest"
    assert (await understood("delete" + " " * 900 + "a.txt")).intents[0].arguments == {"paths": [f"{WORK}/a.txt"]}
    found = await understood("запиши в todo.md:   \n- раз\n    - два")
    assert found.intents[0].arguments["content"] == "- раз\n    - два"
