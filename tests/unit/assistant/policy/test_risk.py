"""How risky an action is, with its reasons; and what is never done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.plan import Action
from assistant.domain.tool import EffectKind, Taint
from assistant.policy import OffLimits, system_folders
from assistant.policy.risk import Granted, assess

LIMITS = OffLimits(home="/home/u", system=("/etc",), own=("/home/u/.local/share/mneme",), most_entries=1000)
GRANTED = Granted(read=("/home/u/docs", "/home/u/one.md"), write=("/home/u/docs", "/home/u/one.md"))
TAINT = Taint(argument="name", origin="web", source="https://example.org")


def act(*effects: EffectKind, paths: tuple[str, ...] = ("/home/u/docs/a.md",), **changes: object) -> Action:
    return Action.model_validate({"tool": "t.x", "origin": "cli", "paths": paths, "effects": effects} | changes)


@pytest.mark.parametrize(
    ("action", "score", "level", "reason"),
    [
        (act(EffectKind.READ, count=900), 0, "none", ""),
        (act(), 0, "none", ""),
        (act(EffectKind.CREATE), 10, "low", "makes new files"),
        (act(EffectKind.MOVE, EffectKind.TRASH), 30, "medium", "moves or renames files"),
        (act(EffectKind.MOVE, count=11), 25, "low", "touches 11 entries"),
        (act(EffectKind.MOVE, count=101), 30, "medium", "touches 101 entries"),
        (act(EffectKind.MOVE, count=1001), 40, "medium", "touches 1,001 entries"),
        (act(EffectKind.WRITE, reversible=False), 55, "medium", "cannot be undone"),
        (act(EffectKind.WRITE, origin="schedule"), 45, "medium", "nobody sits at the door it came through"),
        (act(EffectKind.WRITE, taints=(TAINT,)), 55, "medium", "text that nobody here wrote flows into it"),
        (act(EffectKind.WRITE, paths=("/home/u/.ssh/config",)), 55, "medium", "hidden folders of your home"),
        (act(EffectKind.CREATE, paths=("/home/u/docs/Run.SH",)), 30, "medium", "files that can be run"),
        (act(EffectKind.MOVE, paths=("/home/u/docs/Run.SH",)), 20, "low", "moves"),
        (act(EffectKind.MOVE, paths=("/home/u/docs/a\u202eb",)), 40, "medium", "cannot be seen"),
        (act(writes=True), 5, "low", "changes what Mneme remembers"),
        (act(network=True), 50, "medium", "over the network"),
        (act(EffectKind.NETWORK, reversible=False, taints=(TAINT,), origin="flow"), 100, "high", "cannot be undone"),
    ],
)
def test_points_add_up_with_their_reasons(action: Action, score: int, level: str, reason: str) -> None:
    risk = assess(action, LIMITS, GRANTED)
    assert (risk.score, risk.level) == (score, level)
    assert reason in " ".join(risk.reasons)
    assert all(risk.reasons)


@pytest.mark.parametrize(
    ("action", "stop"),
    [
        (act(EffectKind.TRASH, paths=("/home/u",)), "/home/u is your home folder itself"),
        (act(EffectKind.MOVE, paths=("/",)), "/ is a whole volume"),
        (act(EffectKind.WRITE, paths=("/media/u/stick",)), "/media/u/stick is a whole volume"),
        (act(EffectKind.TRASH, paths=("/home/u/docs",)), "/home/u/docs is a folder you gave Mneme, itself"),
        (act(EffectKind.WRITE, paths=("/etc/passwd",)), "/etc/passwd belongs to the system"),
        (act(EffectKind.TRASH, paths=("/home/u/.local/share/mneme/memory",)), "belongs to Mneme itself"),
        (act(EffectKind.MOVE, paths=("/home/u/.local",)), "holds folders that have to stay where they are"),
        (act(EffectKind.MOVE, paths=("/home",)), "holds folders that have to stay where they are"),
        (act(EffectKind.WRITE, count=1001), "it would touch 1,001 entries, and 1,000 are the most"),
        (act(EffectKind.READ, paths=("/a/../b",)), "'/a/../b' is a path that does not say plainly where it leads"),
        (act(EffectKind.WRITE, reads=("a\0",)), "is a path with a zero byte in it"),
        (act(EffectKind.OPEN, paths=("a",)), "'a' is a path that is not absolute"),
    ],
)
def test_what_is_never_done_says_why(action: Action, stop: str) -> None:
    assert stop in assess(action, LIMITS, GRANTED).stop


@pytest.mark.parametrize(
    "action",
    [
        act(EffectKind.READ, paths=("/home/u", "/home/u/docs"), count=5000),
        act(EffectKind.WRITE, paths=("/home/u/one.md",)),
        act(EffectKind.CREATE, paths=("/home/u/docs/new.md",), reads=("/home/u/docs",)),
        act(paths=("relative",), writes=True),
    ],
)
def test_the_rest_is_not_stopped(action: Action) -> None:
    assert assess(action, LIMITS, GRANTED).stop == ""


@given(st.sampled_from(list(EffectKind)), st.integers(0, 900), st.integers(0, 900), st.booleans())
def test_more_entries_never_weigh_less(effect: EffectKind, one: int, other: int, reversible: bool) -> None:
    few, many = sorted((one, other))
    risks = [assess(act(effect, count=count, reversible=reversible), LIMITS, GRANTED).score for count in (few, many)]
    assert risks == sorted(risks)


def test_the_system_is_known_by_platform() -> None:
    assert "/etc" in system_folders("linux", {})
    assert "/usr/local" not in system_folders("linux", {})
    assert "/System" in system_folders("darwin", {})
    assert system_folders("win32", {"SystemRoot": "C:\\Windows"}) == ("C:\\Windows",)
    assert system_folders("sunos", {}) == system_folders("linux", {})
