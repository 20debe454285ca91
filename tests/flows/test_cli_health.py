"""Health through the real command line: what one command measured, the next one tells; what is wrong fails."""

from pathlib import Path

from tests.flows.cli import Mneme


def test_what_was_measured_survives_the_process_and_failures_are_told(tmp_path: Path) -> None:
    mneme = Mneme(tmp_path / "home")
    papers = tmp_path.resolve() / "papers"
    papers.mkdir()
    (papers / "leave.md").write_text("# Leave\n\nEvery keeper gets 26 days of paid leave per year.\n", "utf-8")
    assert mneme("add", str(papers), "--json").code == 0
    assert mneme("recall", "paid leave", "--json").code == 0

    well = mneme("health", "--json")
    assert well.code == 0, well.stdout
    found = well.json
    assert found["ok"] and not found["troubles"]
    times = {series["name"]: series["whole"] for series in found["times"]}
    assert (times["search"]["count"], times["searchable"]["count"]) == (1, 1)
    assert 0 < times["search"]["p50"] <= times["search"]["p99"]
    assert all(one["agrees"] for one in found["counts"])
    assert found["drift"][0]["asked"] == 1

    few = mneme("tune", "--json")
    assert few.code == 0
    assert (few.json["state"], few.json["reason"]) == ("rejected", "0 confirmed questions are too few to tune on: 20 are needed")

    (papers / "broken.pdf").write_bytes(b"%PDF-1.7 this is no document")
    mneme("add", str(papers), "--json")
    ill = mneme("health", "--json")
    assert ill.code == 1
    assert [one["code"] for one in ill.json["troubles"]] == ["failed"]
    assert [Path(one["path"]).name for one in ill.json["failed"]] == ["broken.pdf"]
    assert ill.json["failed"][0]["reason"]
