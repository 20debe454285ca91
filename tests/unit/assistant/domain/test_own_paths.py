"""Paths of texts that Mneme writes itself."""

from assistant.domain.own import DEEDS, deed_path, is_own, run_of


def test_a_run_is_found_by_the_path_of_its_text() -> None:
    assert deed_path("run_1") == "mneme:/deeds/run_1.md"
    assert run_of(deed_path("run_1")) == "run_1"
    assert is_own(deed_path("run_1"))
    for other in ("/home/mneme:/deeds/run_1.md", "mneme:/deeds/a/b.md", "mneme:/deeds/run_1", "mneme:/other/run_1.md", DEEDS):
        assert run_of(other) == ""
    assert not is_own("/mneme:/deeds/run_1.md")
