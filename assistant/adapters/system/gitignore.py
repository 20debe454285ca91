"""Patterns of .gitignore files and of the settings, nested as Git nests them. Asked by `walker`."""

import os
from pathlib import Path
from typing import NamedTuple

from pathspec import GitIgnoreSpec

LARGEST_FILE = 2**20


class RuleFile(NamedTuple):
    """The patterns of one file: `base` is the folder they count from, with a final separator's place cut off."""

    base: str
    origin: str
    lines: tuple[str, ...]
    spec: GitIgnoreSpec


Rules = tuple[RuleFile, ...]
"""From the outermost folder inward; the innermost that says anything decides."""


def read_rules(folder: str, name: str = ".gitignore") -> Rules:
    """Return the patterns of a folder's ignore file: none when it is missing, unreadable or absurdly large."""
    file = Path(folder, name)
    try:
        if not file.is_file() or file.stat().st_size > LARGEST_FILE:
            return ()
        lines = file.read_text("utf-8-sig", "replace").splitlines()
    except OSError:
        return ()
    return compile_rules(folder, name, lines)


def compile_rules(base: str, origin: str, lines: list[str] | tuple[str, ...]) -> Rules:
    """Return these patterns counted from `base`; a pattern that makes no sense is left out, as Git does."""
    kept: list[str] = []
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        try:
            GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        kept.append(line)
    return (RuleFile(base, origin, tuple(kept), GitIgnoreSpec.from_lines(kept)),) if kept else ()


def rules_above(folder: str) -> Rules:
    """Return the rules of the repository around `folder`, none outside a repository or when they ignore `folder` itself.

    A person who names an ignored folder wants it, so rules that leave it out do not count inside it.
    """
    inner = Path(folder)
    chain = [inner, *inner.parents]
    # Path.exists would raise where it may not look.
    top = next((place for place in chain if os.path.exists(place / ".git")), None)  # noqa: PTH110
    if top is None:
        return ()
    rules: Rules = read_rules(str(top / ".git" / "info"), "exclude")
    rules = tuple(rule._replace(base=str(top)) for rule in rules)
    for place in reversed(chain[1 : chain.index(top) + 1]):
        rules += read_rules(str(place))
    return () if _matches_with_parents(rules, inner, top) else rules


def _matches_with_parents(rules: Rules, folder: Path, top: Path) -> bool:
    places = [place for place in (folder, *folder.parents) if place != top and place.is_relative_to(top)]
    return any(ignored_by(rules, str(place), True) for place in places)


def ignored_by(rules: Rules, path: str, folder: bool) -> str:
    """Return a reason such as "ignored by .gitignore: *.log", or "" when nothing ignores the path."""
    for rule in reversed(rules):
        below = path[len(rule.base) :].replace("\\", "/").lstrip("/")
        result = rule.spec.check_file(below + "/" if folder else below)
        if result.include is None:
            continue
        if not result.include:
            return ""
        pattern = rule.lines[result.index] if result.index is not None else ""
        return f"ignored by {rule.origin}: {pattern.strip()}"
    return ""
