"""Puts renames into an order in which each is possible, with a name in between where they go round. Pure; used by renaming."""

from collections.abc import Callable, Iterator, Mapping

from assistant.domain.file_names import folded


def ordered(moves: Mapping[str, str], between: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Yield (from, to) so that no step meets a place that is taken; `between` gives a free path beside one.

    All sources differ and all targets differ, case left aside, and no target is taken by what does not move.
    """
    source_of = {folded(source): source for source in moves}
    left = dict(moves)
    standing = dict[str, str]()
    """Where a source stands that was put aside."""
    for start in moves:
        path = {start: None}
        while path:
            source = next(reversed(path))
            if source not in left:
                del path[source]
                continue
            blocker = source_of.get(folded(left[source]))
            if blocker is None or blocker == source or blocker not in left or blocker in standing:
                yield standing.pop(source, source), left.pop(source)
                del path[source]
            elif blocker in path:
                aside = between(blocker)
                standing[blocker] = aside
                yield blocker, aside
            else:
                path[blocker] = None
