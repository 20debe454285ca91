"""The log of an encrypted memory is plain text, so that it holds none of a person's."""

import logging
from pathlib import Path

from assistant.app.environment import environment
from assistant.app.logs import QuietFile


def written(home: Path, encrypt: bool) -> str:
    env = environment(
        {"MNEME_HOME": str(home), "MNEME_SECURITY__ENCRYPT_AT_REST": str(encrypt).lower(), "MNEME_PASSPHRASE": "open sesame"}
    )
    handler = QuietFile(home / "mneme.log", env)
    log, foreign = logging.Logger("assistant.test"), logging.Logger("kreuzberg")
    for one in (log, foreign):
        one.addHandler(handler)
        one.warning("reading %s took %d s (100%%)", "/home/anna/Tagebuch.docx", 7)
    log.warning("it is open sesame")
    try:
        raise ValueError("Liebes Tagebuch")
    except ValueError:
        log.exception("%r failed", "Tagebuch")
    handler.close()
    return (home / "mneme.log").read_text("utf-8")


def test_what_messages_are_filled_with_is_left_out(tmp_path: Path) -> None:
    told = written(tmp_path, encrypt=True)
    assert "reading … took … s" in told
    assert "ValueError" in told and "message withheld" in told
    assert "Tagebuch" not in told and "sesame" not in told


def test_a_plain_memory_keeps_them_and_still_no_passphrase(tmp_path: Path) -> None:
    told = written(tmp_path, encrypt=False)
    assert "reading /home/anna/Tagebuch.docx took 7 s (100%)" in told
    assert "sesame" not in told
