"""The chain of the audit: each line carries a digest over itself and the digest of the line before. Pure but for `chain`.

Paths and reasons count by digests of their own, so that they can be taken out of a line and the chain still holds.
"""

import json
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Protocol

from assistant.domain.erasure import FORGOTTEN, marked_out

PAGE = 5000
LINE = "seq, at, tool, origin, paths, writes, network, decision, rule, reason, correlation, hash"


class Statements(Protocol):
    """What runs statements in the database that is being migrated."""

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return all its rows."""
        ...


def link(before: str, line: Sequence[Any]) -> str:
    """Return the digest of a line, the values of LINE but for its hash, over that of the line before ("" for the first)."""
    seq, at, tool, origin, paths, writes, network, decision, rule, reason, correlation = line
    marks = [marked(path) for path in json.loads(paths)]
    values = [before, seq, at, tool, origin, marks, writes, network, decision, rule, marked(reason), correlation]
    return blake2b(json.dumps(values).encode(), digest_size=16).hexdigest()


def marked(text: str) -> str:
    """Return the digest of a path or reason; one that was forgotten is its digest already."""
    return text if text.startswith(FORGOTTEN) else marked_out(text)


def chain(connection: Statements) -> None:
    """Chain the lines of an audit that was kept without; run once, by its migration."""
    before, seq = "", 0
    while rows := connection.rows(f"SELECT {LINE} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?", (seq, PAGE)):
        for row in rows:
            before, seq = link(before, row[:-1]), row[0]
            connection.rows("UPDATE audit SET hash = ? WHERE seq = ?", (before, seq))
