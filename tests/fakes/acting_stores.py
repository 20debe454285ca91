"""Stores of runs and of standing permissions in plain dictionaries. Used by every test of acting."""

from collections.abc import Sequence
from datetime import datetime

from assistant.domain.change import Applied
from assistant.domain.erasure import Doomed, digests, erased, is_forgotten, wordless
from assistant.domain.plan import Grant, Run, RunLog


class FakeRuns:
    """RunStore; `runs` and `logs` are to look into, `durable` lists the ids of runs whose beginning or end was made durable."""

    def __init__(self) -> None:
        self.runs: dict[str, Run] = {}
        self.logs: dict[str, RunLog] = {}
        self.durable: list[str] = []
        self.marks = 0
        self._erased: set[str] = set()
        self._forgotten: set[tuple[str, int]] = set()

    async def begin(self, run: Run, log: RunLog) -> None:
        self.runs[run.id], self.logs[run.id] = run, log
        self._erased.discard(run.id)
        self._forgotten = {(run_id, n) for run_id, n in self._forgotten if run_id != run.id}
        self.durable.append(run.id)

    async def mark(self, run_id: str, applied: Sequence[Applied] = (), reverted: Sequence[int] = ()) -> None:
        self.marks += 1
        log = self.logs[run_id]
        done = {one.n: one for one in log.applied}
        done |= {one.n: one for one in applied if (run_id, one.n) not in self._forgotten}
        back = (set(log.reverted) - {one.n for one in applied}) | (set(reverted) & set(done))
        update = {"applied": tuple(done[n] for n in sorted(done)), "reverted": tuple(sorted(back))}
        self.logs[run_id] = log.model_copy(update=update)

    async def save(self, run: Run, *, durable: bool = True) -> None:
        if run.id in self.runs:
            self.runs[run.id] = wordless(run) if run.id in self._erased else run
            if durable:
                self.durable.append(run.id)

    async def get(self, run_id: str) -> tuple[Run, RunLog] | None:
        return (self.runs[run_id], self.logs[run_id]) if run_id in self.runs else None

    async def all(self, before: str = "", limit: int = 100) -> list[Run]:
        ids = list(self.runs)
        ids = ids[: ids.index(before) if before in ids else 0] if before else ids
        return [self.runs[run_id] for run_id in ids[::-1][: max(0, limit)]]

    async def forget(self, paths: Sequence[str]) -> set[str]:
        doomed, freed = Doomed(paths), set[str]()
        for run_id in reversed(self.runs):
            run, log = self.runs[run_id], self.logs[run_id]
            left = erased(run, log, doomed)
            if left is None:
                continue
            self.runs[run_id], self.logs[run_id] = left
            freed |= digests(log) - digests(left[1])
            self._erased.add(run_id)
            self._forgotten |= {(run_id, n) for n, change in enumerate(left[1].preview.changes) if is_forgotten(change)}
            self._forgotten |= {(run_id, n) for n in {d.n for d in log.applied} - {d.n for d in left[1].applied}}
        return freed - {digest for log in self.logs.values() for digest in digests(log)}


class FakeGrants:
    """GrantStore; `held` are the grants by id."""

    def __init__(self) -> None:
        self.held: dict[str, Grant] = {}

    async def add(self, grant: Grant) -> None:
        self.held[grant.id] = grant

    async def all(self, now: datetime) -> list[Grant]:
        holding = [grant for grant in self.held.values() if grant.expires is None or grant.expires > now]
        return sorted(holding, key=lambda grant: (grant.at, grant.id))

    async def remove(self, grant_id: str) -> bool:
        return self.held.pop(grant_id, None) is not None
