"""Globs as people write them: *.png, photo?.jpg, *.{jpg,png}, docs/**/*.md; case does not matter. Pure; used by selection."""

import re
from collections.abc import Callable

from assistant.domain.errors import ArgumentError

_MOST = 64
"""Alternatives that the braces of one glob may stand for."""


def matcher(glob: str) -> Callable[[str], bool]:
    """Return a test for paths from the folder ("/" between names); a glob without "/" looks at the last name alone.

    Raises ArgumentError for braces that stand for too much.
    """
    alternatives = _unfolded(glob)
    by_name = [re.compile(_pattern(one), re.IGNORECASE | re.DOTALL) for one in alternatives if "/" not in one]
    by_path = [re.compile(_pattern(one.lstrip("/")), re.IGNORECASE | re.DOTALL) for one in alternatives if "/" in one]

    def fits(path: str) -> bool:
        name = path.rpartition("/")[2]
        return any(one.fullmatch(name) for one in by_name) or any(one.fullmatch(path) for one in by_path)

    return fits


def _unfolded(glob: str) -> list[str]:
    found, ready = [glob], list[str]()
    while found:
        if len(found) + len(ready) > _MOST:
            raise ArgumentError(f"The pattern {glob} stands for too many patterns.", kept="Nothing was done.")
        one = found.pop()
        inner = re.search(r"\{([^{}]*,[^{}]*)\}", one)
        if inner is None:
            ready.append(one)
        else:
            found += [one[: inner.start()] + part.strip() + one[inner.end() :] for part in inner.group(1).split(",")]
    return ready


def _pattern(glob: str) -> str:
    """Translate a glob without braces; the result has no nested repetition, so that it matches in bounded time."""
    parts: list[str] = []
    at = 0
    while at < len(glob):
        if glob.startswith("**/", at):
            parts.append(r"(?:.*/)?")
            at += 3
        elif glob[at] == "*":
            while at < len(glob) and glob[at] == "*":
                at += 1
            parts.append("[^/]*" if glob[at - 2 : at] != "**" else ".*")
        elif glob[at] == "?":
            parts.append("[^/]")
            at += 1
        elif glob[at] == "[" and "]" in glob[at + 2 :]:
            end = glob.index("]", at + 2)
            inner = (
                glob[at + 1 : end]
                .replace("\\", r"\\")
                .replace("[", r"\[")
                .replace("&&", "&")
                .replace("~~", "~")
                .replace("||", "|")
            )
            parts.append(f"[^{inner[1:]}]" if inner[0] in "!^" and len(inner) > 1 else f"[{inner}]")
            at = end + 1
        else:
            parts.append(re.escape(glob[at]))
            at += 1
    return "".join(parts)
