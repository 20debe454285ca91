"""Reports: quotations letter for letter, numbered, with places that can be checked."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.document import Span
from assistant.domain.errors import ArgumentError
from assistant.domain.memory import ContextPack, Evidence
from assistant.domain.sensitive import scan
from assistant.domain.tool import Outcome
from tests.fakes.seeing import FakeRecalling, Toolbox

LEASE = "# Lease\n\nThe warehouse lease ends on 30 June 2027. The landlord is Ostwind GmbH.\nRent is paid\nmonthly by transfer.\n"
PLAN = "# Plan\n\nWe move the boxes to the new hall in May.\n\n- The lease of the hall has to be signed before.\n"


def evidence(path: str, **more: Any) -> Evidence:
    """The whole of a text file as one passage."""
    content = Path(path).read_bytes()
    text = content.decode()
    digest = sha256(content).hexdigest()
    values = {"n": 1, "chunk_id": path, "source_id": path, "path": path, "part": 0, "offset": 0, "text": text, "scope": ""}
    span = Span(unit="line", start=1, end=text.count("\n") or 1)
    return Evidence.model_validate({**values, "span": span, "language": "en", "digest": digest, "score": 0.5, **more})


class Desk:
    """Files that memory has read, and the tool over them."""

    def __init__(self, box: Toolbox) -> None:
        self.box = box
        self.packs: dict[str, ContextPack] = {}

    def remember(self, name: str, content: str, **more: Any) -> str:
        path = self.box.write(name, content)
        self.know(path, evidence(path, **more))
        return path

    def know(self, key: str, *found: Evidence) -> None:
        self.packs[key] = ContextPack(query=key, evidence=found, tokens=1, budget=1)

    async def report(self, language: str = "en", **arguments: Any) -> tuple[Outcome, str]:
        more = {"memory": FakeRecalling(self.packs)}
        arguments = {"target": self.box.path("report.md"), **arguments}
        outcome = await self.box.call("report.write", language, more, **arguments)
        return outcome, self.box.blobs.kept[outcome.changes[-1].blob].decode() if outcome.changes else ""


@pytest.fixture
def desk(box: Toolbox) -> Desk:
    return Desk(box)


async def test_a_folder_becomes_sections_of_quotations_with_sources(desk: Desk) -> None:
    lease, plan = desk.remember("docs/lease.md", LEASE), desk.remember("docs/plan.md", PLAN)
    outcome, text = await desk.report(folder=desk.box.path("docs"))
    assert text.startswith("# Report on docs\n\n2024-06-15. Quotations, letter for letter: 5, from files: 2.\n")
    assert "\n## [docs/lease.md](docs/lease.md)\n\n- The warehouse lease ends on 30 June 2027. [1]\n" in text
    assert "- Rent is paid monthly by transfer. [3]\n" in text, "lines that were wrapped are joined"
    assert "- The lease of the hall has to be signed before. [5]\n" in text
    assert "- [3] [docs/lease.md:4-5](docs/lease.md) (sha256: quotation " in text
    for citation in outcome.citations:
        content = Path(citation.path).read_bytes()
        assert citation.hash == sha256(content).hexdigest()
        lines = content.decode().splitlines(keepends=True)
        assert citation.line is not None
        assert citation.quote in "".join(lines[citation.line - 1 : citation.line_end])
    assert [taint.source for taint in outcome.taints] == [lease, plan]
    assert {(taint.argument, taint.origin) for taint in outcome.taints} == {("content", "memory")}
    assert (await desk.report(folder=desk.box.path("docs")))[1] == text, "the same state gives the same report"


async def test_a_subject_quotes_only_what_is_about_it(desk: Desk) -> None:
    lease, plan = desk.remember("docs/lease.md", LEASE), desk.remember("docs/plan.md", PLAN)
    other = desk.remember("other.md", "Nothing of the sort is said here, and nobody asked for it.\n")
    desk.know("the leases", *(evidence(path) for path in (lease, plan, other)))
    _, text = await desk.report(subject="the leases", target=desk.box.path("deep/leases.md"))
    assert text.startswith("# The leases\n")
    assert re.findall(r"^- (.*) \[\d\]$", text, re.MULTILINE) == [
        "The warehouse lease ends on 30 June 2027.",
        "The lease of the hall has to be signed before.",
    ]
    assert "(../docs/lease.md)" in text
    assert "other.md" not in text


async def test_a_passage_without_the_words_counts_when_it_is_close(desk: Desk) -> None:
    path = desk.remember("a.md", "Аренда склада кончается в июне.\n")
    desk.know("warehouse lease", evidence(path, dense=0.7))
    desk.know("warehouse fire", evidence(path, dense=0.2))
    assert "Аренда склада кончается в июне. [1]" in (await desk.report(subject="warehouse lease"))[1]
    assert (await desk.report(subject="warehouse fire"))[0].empty


async def test_what_changed_or_is_not_in_memory_is_left_out_and_counted(desk: Desk) -> None:
    path = desk.remember("docs/lease.md", LEASE)
    desk.remember("docs/plan.md", PLAN)
    desk.box.write("docs/new.bin", b"\0")
    Path(path).write_text("another text entirely", "utf-8")
    outcome, text = await desk.report("ru", folder=desk.box.path("docs"))
    assert "lease" not in text.partition("## Источники")[0].replace("The lease of the hall", "")
    assert outcome.text.endswith("Не вошли: не в памяти или без текста: 1, изменились или исчезли с тех пор, как прочитаны: 1.")
    assert "# Отчёт по папке docs\n\n2024-06-15. Дословных цитат: 2, файлов: 1.\n\nНе вошли: " in text


async def test_files_with_the_same_contents_are_quoted_once(desk: Desk) -> None:
    desk.remember("docs/lease.md", LEASE)
    desk.remember("docs/lease copy.md", LEASE)
    outcome, text = await desk.report(folder=desk.box.path("docs"))
    assert len(outcome.citations) == 3
    assert "## [docs/lease copy.md](docs/lease%20copy.md)\n\nThe same contents: [docs/lease.md](docs/lease.md)\n" in text


async def test_markup_in_files_is_shown_and_never_rendered(desk: Desk) -> None:
    evil = "See ![pixel](http://spy.example/x.png) and <img src=x> and [99] &amp; *bold* words.\n"
    desk.remember("docs/a]b(c).md", evil)
    _, text = await desk.report(folder=desk.box.path("docs"))
    assert r"- See !\[pixel\](http://spy.example/x.png) and \<img src=x\> and \[99\] \&amp; \*bold\* words. [1]" in text
    assert r"## [docs/a\]b(c).md](docs/a%5Db%28c%29.md)" in text


async def test_code_and_tables_are_quoted_as_they_stand(desk: Desk) -> None:
    desk.remember("docs/app.py", 'def run():\n    """```"""\n    return 1\n', language="python")
    desk.remember("docs/prices.csv", "item,price\nbox,3\nlamp,12\nrope,=7\nbag,1\n", language="")
    outcome, text = await desk.report(folder=desk.box.path("docs"))
    assert '- [1]\n\n  ````\n  def run():\n      """```"""\n      return 1\n  ````\n' in text
    assert outcome.citations[1].quote == "item,price\nbox,3\nlamp,12\nrope,=7"


async def test_secrets_are_not_quoted(desk: Desk) -> None:
    text = "The door is green and large.\n\nThe password: hunter2-Blue-Horse is for the door.\n"
    desk.remember("docs/door.md", text, withheld=tuple(scan(text)))
    _, made = await desk.report(folder=desk.box.path("docs"))
    assert "The door is green and large. [1]" in made
    assert "hunter2" not in made


async def test_nothing_found_makes_no_file(desk: Desk) -> None:
    outcome, _ = await desk.report(subject="dragons")
    assert outcome.empty
    assert outcome.changes == ()
    assert outcome.text == "There is nothing in memory to report on."


async def test_an_old_report_is_replaced_and_not_quoted(desk: Desk) -> None:
    desk.remember("docs/lease.md", LEASE)
    desk.remember("docs/report.md", "An old report that says much about nothing.\n")
    outcome, text = await desk.report(folder=desk.box.path("docs"), target=desk.box.path("docs/report.md"), title="Mine & yours")
    assert outcome.changes[0].before is not None
    assert text.startswith("# Mine & yours\n")
    assert "old report" not in text


async def test_what_cannot_be(desk: Desk) -> None:
    with pytest.raises(ArgumentError, match=r"written as \.md"):
        await desk.report(subject="x", target=desk.box.path("x.pdf"))
    with pytest.raises(ArgumentError, match="not said what"):
        await desk.report(subject="...")
    with pytest.raises(ArgumentError):
        await desk.report()
