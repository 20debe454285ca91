"""The main job through the real command line: add, ask, change, forget."""

from pathlib import Path

import pytest

from tests.flows.cli import Done, Mneme

QUESTION = "How many days of paid leave does a keeper get?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path.resolve() / "papers"
    place.mkdir()
    (place / "leave.md").write_text("# Leave\n\nEvery keeper gets 26 days of paid leave per year.\n", "utf-8")
    (place / "насос.txt").write_text("Насос включается при давлении ниже двух атмосфер.\n", "utf-8")
    (place / "window.py").write_text(
        'def admit(batch):\n    """Drop readings older than forty days."""\n    return batch\n', "utf-8"
    )
    (place / "broken.pdf").write_bytes(b"%PDF-1.7 this is no document")
    (place / "node_modules").mkdir()
    (place / "node_modules" / "left.js").write_text("left()", "utf-8")
    return place


def assert_cited(answer: Done) -> None:
    """Every citation's quote stands letter for letter at its lines."""
    assert answer.json["citations"]
    for citation in answer.json["citations"]:
        lines = Path(citation["path"]).read_text("utf-8").splitlines()
        assert citation["quote"] in "\n".join(lines[citation["line"] - 1 : citation["line_end"]])


def test_from_a_folder_to_a_cited_answer_and_back_to_nothing(tmp_path: Path, folder: Path) -> None:
    mneme = Mneme(tmp_path / "home")

    added = mneme("add", str(folder), "--json")
    assert added.code == 0, added.stderr
    assert (added.json["queued"], added.json["remembered"]) == (4, 3)
    assert [Path(one["path"]).name for one in added.json["failed"]] == ["broken.pdf"]
    assert added.json["excluded"] == 1

    states = {Path(one["path"]).name: one for one in mneme("status", "--json").json["sources"]}
    assert states["leave.md"]["state"] == "ready"
    assert (states["broken.pdf"]["state"], bool(states["broken.pdf"]["reason"])) == ("failed", True)
    assert states["node_modules"]["state"] == "excluded"

    answer = mneme("ask", QUESTION, "--json")
    assert answer.code == 0, answer.stderr
    assert "26 days" in answer.json["answer"]
    assert_cited(answer)
    russian = mneme("ask", "При каком давлении включается насос?", "--json")
    assert "двух атмосфер" in russian.json["answer"]
    assert_cited(russian)

    (folder / "leave.md").write_text("# Leave\n\nUpdated.\n\nEvery keeper gets 31 days of paid leave per year.\n", "utf-8")
    again = mneme("add", str(folder), "--json")
    assert again.json["unchanged"] == 3, "two that are ready, and the broken one, which is not tried again unasked"
    assert again.json["remembered"] == 1
    answer = mneme("ask", QUESTION, "--json")
    assert "31 days" in answer.json["answer"]
    assert "26 days" not in answer.stdout
    assert_cited(answer)

    forgotten = mneme("forget", str(folder / "leave.md"), "--verify", "--json")
    assert forgotten.code == 0, forgotten.stderr
    assert forgotten.json["proved"] is True
    assert set(forgotten.json["remains"].values()) == {0}
    assert forgotten.json["verify"]["ok"] is True
    found = mneme("recall", "paid leave per year")
    assert (found.code, found.stdout) == (3, "")


def test_a_locale_without_letters_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}.items():
        monkeypatch.setenv(key, value)
    asked = Mneme(tmp_path / "home")("ask", "Сколько дней отпуска?")
    assert asked.code == 3, asked.stderr
    assert "памяти" in asked.stdout
