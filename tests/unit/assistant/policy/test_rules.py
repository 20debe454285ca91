"""Which rule speaks about which action, and what a damaged policy does: nothing is widened."""

from pathlib import Path

import pytest

from assistant.domain.errors import ConfigError
from assistant.domain.plan import Action, Decision
from assistant.domain.tool import EffectKind
from assistant.policy import Rule, read_policy, read_rules

SHIPPED = Path(__file__).resolve().parents[4] / "configs" / "policy.toml"


def rule(tool: str, *origin: str) -> Rule:
    return Rule(name="r", tool=tool, origin=origin, decision=Decision.ALLOW, reason="because")


@pytest.mark.parametrize(
    ("tool", "origin", "matches"),
    [
        ("memory.ingest", ("cli",), True),
        ("memory.ingest", ("*",), True),
        ("memory.ingest", ("window",), False),
        ("memory.ingest", (), False),
        ("memory", ("*",), False),
        ("memory.ingest.more", ("*",), False),
        ("*", ("*",), False),
    ],
)
def test_a_rule_speaks_of_its_tool_and_its_doors_only(tool: str, origin: tuple[str, ...], matches: bool) -> None:
    assert rule(tool, *origin).matches(Action(tool="memory.ingest", origin="cli")) is matches


def test_the_policy_that_comes_with_mneme_lets_no_other_door_write() -> None:
    rules = read_rules(SHIPPED).rule
    assert {one.tool for one in rules} >= {"memory.recall", "memory.ingest", "memory.forget", "models.install"}
    assert all("*" not in one.origin or one.tool == "memory.recall" for one in rules if one.decision is Decision.ALLOW)


@pytest.mark.parametrize(
    "content",
    [b"[[rule]\n", b"\xff\xfe", b"[[rules]]\nname = 'x'\n", b"[[rule]]\nname = 'x'\ntool = 't'\n", b"rule = 3\n"],
)
def test_a_damaged_policy_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="Nothing was done"):
        read_rules(path)
    with pytest.raises(ConfigError):
        read_rules(tmp_path / "missing.toml")


def test_an_editor_that_writes_a_byte_order_mark_breaks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("\ufeff" + SHIPPED.read_text("utf-8"), "utf-8")
    assert read_rules(path) == read_rules(SHIPPED)


def speaks(action: Action, decision: Decision = Decision.ALLOW, **changes: object) -> bool:
    values = {"name": "r", "tool": "files.*", "origin": ("*",), "decision": decision, "reason": "because"}
    return Rule.model_validate(values | changes).matches(action)


def move(*paths: str, **changes: object) -> Action:
    values = {"tool": "files.sort", "origin": "cli", "paths": paths, "effects": (EffectKind.MOVE,)}
    return Action.model_validate(values | changes)


@pytest.mark.parametrize(
    ("tool", "named"),
    [("files.*", True), ("*.*", True), ("*.sort", True), ("*", False), ("files.*.*", False), ("f*.s*", True), ("file", False)],
)
def test_a_star_stands_for_a_part_of_a_name(tool: str, named: bool) -> None:
    assert speaks(move("/a"), tool=tool) is named


def test_an_allow_has_to_fit_wholly_and_a_deny_speaks_at_once() -> None:
    both = move("/a/x", "/b/x", effects=(EffectKind.MOVE, EffectKind.WRITE))
    for decision, partly in ((Decision.ALLOW, False), (Decision.ASK, True), (Decision.DENY, True)):
        assert speaks(both, decision, scope=("/a",)) is partly
        assert speaks(both, decision, effects=(EffectKind.MOVE,)) is partly
        assert speaks(both, decision, scope=("/a", "/b"), effects=(EffectKind.MOVE, EffectKind.WRITE))
        assert not speaks(both, decision, scope=("/c",))
        assert not speaks(both, decision, effects=(EffectKind.READ,))
        assert not speaks(move(), decision, scope=("/a",))
        assert not speaks(move("/a", effects=()), decision, effects=(EffectKind.MOVE,))
    assert not speaks(move("/a/x", reads=("/c",)), scope=("/a",))


def test_an_allow_speaks_of_what_cannot_be_undone_only_when_it_says_so() -> None:
    gone = move("/a", reversible=False)
    assert not speaks(gone)
    assert speaks(gone, reversible=False)
    assert speaks(gone, Decision.DENY)
    assert not speaks(gone, Decision.DENY, reversible=True)
    assert not speaks(move("/a"), reversible=False)


def test_a_rule_may_bound_the_number_of_entries() -> None:
    assert speaks(move("/a", count=10), most=10)
    assert not speaks(move("/a", count=11), most=10)
    assert not speaks(move("/a", "/b", "/c"), most=2)
    assert speaks(move("/a", count=11), Decision.DENY, above=10)
    assert not speaks(move("/a", count=10), Decision.DENY, above=10)


OWN = """
git = false
[fs]
read = ["~/look"]
[net]
hosts = ["example.org"]
[[rule]]
name = "throwing files away"
tool = "files.trash"
origin = ["cli"]
decision = "allow"
scope = ["~/Downloads"]
reason = "mine"
[[rule]]
name = "no keys"
tool = "*.*"
origin = ["*"]
decision = "deny"
scope = ["*.key"]
reason = "keys stay"
"""


def test_a_persons_own_rules_take_the_place_of_those_of_their_name_and_add_to_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/u")
    monkeypatch.setenv("USERPROFILE", "/home/u")
    own = tmp_path / "policy.toml"
    assert read_policy(SHIPPED, own) == read_rules(SHIPPED)
    own.write_text(OWN, "utf-8")
    book, shipped = read_policy(SHIPPED, own), read_rules(SHIPPED)
    assert (book.git, book.memory, book.net.hosts) == (False, True, ("example.org",))
    assert book.fs.read == (str(Path("/home/u/look")),)
    assert len(book.rule) == len(shipped.rule) + 1
    (trash,) = [one for one in book.rule if one.name == "throwing files away"]
    assert (trash.decision, trash.scope) == (Decision.ALLOW, (str(Path("/home/u/Downloads")),))
    assert {one.name for one in shipped.rule} < {one.name for one in book.rule}


@pytest.mark.parametrize(
    "content",
    ['shell = "on"', "[fs]\nwrite = ['relative']", "[fs]\nread = ['/a/../b']", "[fs]\nwrite = ['/']", "[[rule]\n", "x = 1"],
)
def test_a_damaged_own_policy_is_an_error_and_never_passed_over(tmp_path: Path, content: str) -> None:
    own = tmp_path / "policy.toml"
    own.write_text(content, "utf-8")
    with pytest.raises(ConfigError, match="Nothing was done"):
        read_policy(SHIPPED, own)


FAMILIES = {
    "memory": "recall ask",
    "report": "write",
    "files": "rename sort move copy trash duplicates list_duplicates clean list compare open",
    "text": "todos extract create append replace convert",
    "archive": "pack unpack list",
    "git": "status changes stage commit branch switch stash unstash",
    "history": "undo redo resume",
    "permissions": "grant revoke",
}
TOOLS = [f"{family}.{name}" for family, names in FAMILIES.items() for name in names.split()]


@pytest.mark.parametrize("tool", TOOLS)
def test_the_policy_that_comes_with_mneme_names_every_tool_and_only_looking_passes_unasked(tool: str) -> None:
    speaking = [one for one in read_rules(SHIPPED).rule if fits(one, tool)]
    assert speaking
    for one in speaking:
        passes = one.decision is Decision.ALLOW
        assert not passes or one.effects == (EffectKind.READ,) or tool.startswith(("memory.", "history.", "permissions."))


def fits(one: Rule, tool: str) -> bool:
    action = Action(tool=tool, origin="cli", paths=("/a",), effects=one.effects)
    return one.matches(action)
