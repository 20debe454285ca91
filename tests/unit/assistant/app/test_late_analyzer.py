"""What understands requests is made with the first one, once, and off the loop."""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.app.deeds import LateAnalyzer
from assistant.domain.errors import ConfigError
from assistant.domain.plan import Understanding


class Echo:
    """Fulfils `ports.acting.IntentAnalyzer`: the nearest of a request is the request."""

    async def analyse(self, request: str, context: Sequence[str] = (), answers: Mapping[str, str] | None = None) -> Understanding:
        return Understanding(nearest=(request, *context, *(answers or {})))


async def test_it_is_made_once_in_a_worker() -> None:
    made: list[int] = []

    def make() -> Echo:
        made.append(threading.get_ident())
        return Echo()

    with ThreadPoolExecutor(1) as pool:
        analyzer = LateAnalyzer(pool, make)
        assert made == []
        assert (await analyzer.analyse("a", ["/d"], {"slot": "x"})).nearest == ("a", "/d", "slot")
        assert (await analyzer.analyse("b")).nearest == ("b",)
    assert len(made) == 1
    assert made != [threading.get_ident()]


async def test_a_damaged_tool_fails_the_request_and_not_the_start() -> None:
    def make() -> Echo:
        raise ConfigError("The tool files cannot be used.")

    with ThreadPoolExecutor(1) as pool:
        analyzer = LateAnalyzer(pool, make)
        for _ in range(2):
            with pytest.raises(ConfigError):
                await analyzer.analyse("a")
