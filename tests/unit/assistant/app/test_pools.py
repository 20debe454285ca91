"""Pools over one set of threads: quotas hold, one kind of work cannot take the threads of another, failures stay their own."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from assistant.app import pools
from assistant.app.pools import Pool, PoolSet
from assistant.app.workbench import THREADS
from assistant.domain.errors import BusyError

DEADLINE_S = 10.0


class Held:
    """A call that runs until it is let go; counts how many run at once."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.guard = threading.Lock()
        self.running = self.most = 0
        self.reached = threading.Semaphore(0)

    def __call__(self, value: int = 0) -> int:
        with self.guard:
            self.running += 1
            self.most = max(self.most, self.running)
        self.reached.release()
        assert self.go.wait(DEADLINE_S)
        with self.guard:
            self.running -= 1
        return value


def test_no_more_than_the_quota_run_and_the_rest_follow_in_order() -> None:
    held = Held()
    with ThreadPoolExecutor(8) as below:
        pool = Pool("reading", below, 2)
        futures = [pool.submit(held, n) for n in range(6)]
        for _ in range(2):
            assert held.reached.acquire(timeout=DEADLINE_S)
        seen = pool.figures()
        assert (seen.running, seen.waiting, seen.quota, seen.done) == (2, 4, 2, 0)
        held.go.set()
        assert [future.result(DEADLINE_S) for future in futures] == list(range(6))
    assert held.most == 2
    assert pool.figures().done == 6


def test_a_full_pool_leaves_the_others_alone() -> None:
    held = Held()
    with ThreadPoolExecutor(THREADS) as below:
        every = PoolSet.over(below, readers=2)
        for _ in range(50):
            every.reading.submit(held)
        assert every.embedding.submit(int, "7").result(DEADLINE_S) == 7
        assert every.files.submit(int, "8").result(DEADLINE_S) == 8
        assert sum(one.quota for one in every.figures()) <= THREADS
        held.go.set()


def test_a_failing_call_frees_its_place_and_keeps_its_error() -> None:
    with ThreadPoolExecutor(2) as below:
        pool = Pool("files", below, 1)
        broken: Future[int] = pool.submit(int, "seven")
        assert pool.submit(int, "7").result(DEADLINE_S) == 7
        with pytest.raises(ValueError, match="seven"):
            broken.result(DEADLINE_S)


def test_a_call_that_was_cancelled_while_it_waited_never_runs() -> None:
    held = Held()
    with ThreadPoolExecutor(2) as below:
        pool = Pool("files", below, 1)
        pool.submit(held)
        assert held.reached.acquire(timeout=DEADLINE_S)
        waiting = pool.submit(held)
        assert waiting.cancel()
        held.go.set()
        assert pool.submit(int, "7").result(DEADLINE_S) == 7
    assert held.most == 1


def test_too_much_at_once_is_refused_and_after_the_end_nothing_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "MOST_WAITING", 1)
    held = Held()
    with ThreadPoolExecutor(2) as below:
        pool = Pool("files", below, 1)
        pool.submit(held)
        assert held.reached.acquire(timeout=DEADLINE_S)
        waiting = pool.submit(held)
        with pytest.raises(BusyError, match="Try again"):
            pool.submit(held)
        pool.shutdown(cancel_futures=True)
        assert waiting.cancelled()
        with pytest.raises(RuntimeError, match="closed"):
            pool.submit(held)
        held.go.set()
