"""What a list of changes amounts to, and what an approval refers to."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.change import Change, ChangeKind, Stamp
from assistant.domain.plan import Decision, Risk, Verdict
from assistant.orchestrator.acting.previewing import digest, highest, left, preview, strictest, totals, touched

FILE = Stamp(kind="file", size=10, mode=0o644, mtime_ns=5, inode=1)
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
MOVE = Change(kind=ChangeKind.MOVE, path="/r/a", to="/r/m/a", before=FILE)
MKDIR = Change(kind=ChangeKind.MKDIR, path="/r/m")


def verdict(decision: Decision, **risk: object) -> Verdict:
    return Verdict(decision=decision, rule="", reason="", risk=Risk.model_validate(risk))


def test_the_digest_is_of_all_that_matters_and_of_nothing_else() -> None:
    assert digest([MKDIR, MOVE]) == digest([MKDIR, MOVE.model_copy(update={"why": "May"})])
    others = [
        [MOVE, MKDIR],
        [MKDIR],
        [MKDIR, MOVE.model_copy(update={"to": "/r/m/b"})],
        [MKDIR, MOVE.model_copy(update={"before": FILE.model_copy(update={"mtime_ns": 6})})],
        [MKDIR, MOVE.model_copy(update={"before": None})],
    ]
    assert len({digest(one) for one in [[MKDIR, MOVE], *others]}) == 6


def test_totals_count_entries_and_bytes() -> None:
    trash = Change(kind=ChangeKind.TRASH, path="/r/old", before=FILE)
    folder = Stamp(kind="folder", size=0, mode=0o755, mtime_ns=0)
    whole = Change(kind=ChangeKind.TRASH, path="/r/d", before=folder, size=500, items=7)
    write = Change(kind=ChangeKind.WRITE, path="/r/w", before=FILE, blob="x", size=30)
    counted = totals([MKDIR, MOVE, trash, whole, write])
    assert (counted.moved, counted.trashed, counted.written, counted.folders) == (1, 8, 1, 1)
    assert (counted.bytes_written, counted.bytes_trashed) == (30, 510)
    assert counted.entries == 11


def test_a_plan_is_as_strict_as_its_strictest_step() -> None:
    allow, ask, deny = (verdict(decision) for decision in (Decision.ALLOW, Decision.ASK, Decision.DENY))
    assert strictest([]) is Decision.ALLOW
    assert strictest([allow, ask]) is Decision.ASK
    assert strictest([ask, deny, allow]) is Decision.DENY


def test_a_plan_is_as_risky_as_its_riskiest_step_and_gives_all_reasons() -> None:
    low = verdict(Decision.ASK, score=10, level="low", reasons=("few files",), stop="never that")
    high = verdict(Decision.ASK, score=80, level="high", reasons=("many files", "few files"))
    risk = highest([low, high])
    assert (risk.score, risk.level, risk.reasons, risk.stop) == (80, "high", ("many files", "few files"), "never that")
    assert highest([]) == Risk()


def test_folders_made_only_for_what_is_left_out_are_not_made() -> None:
    other = Change(kind=ChangeKind.MOVE, path="/r/b", to="/r/n/b", before=FILE)
    second = Change(kind=ChangeKind.MKDIR, path="/r/n")
    assert left([MKDIR, second, MOVE, other], ["/r/a"]) == [second, other]
    assert left([MKDIR, MOVE], []) == [MKDIR, MOVE]
    assert left([MKDIR], ["/r/other"]) == [MKDIR]


@given(st.lists(st.sampled_from([MKDIR, MOVE]), max_size=5))
def test_every_path_is_named_once(changes: list[Change]) -> None:
    paths = touched(changes)
    assert len(set(paths)) == len(paths)
    assert set(paths) == {path for change in changes for path in (change.path, change.to) if path}


def test_a_preview_says_each_limit_of_undo_once() -> None:
    made = preview([MOVE], [], ["opened elsewhere", "opened elsewhere"], NOON)
    assert made.uncovered == ("opened elsewhere",)
    assert made.digest == digest([MOVE])
