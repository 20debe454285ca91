"""Every fact has its topic, and every topic of the specification has facts."""

from typing import get_args

from assistant.domain import events
from assistant.domain.events import Event
from assistant.domain.topics import TOPICS, Topic, topic_of
from tests.fakes.runtime import FakeClock


def test_every_fact_has_a_topic_and_every_topic_a_fact() -> None:
    facts = {kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, Event)} - {Event}
    assert set(TOPICS) == facts
    assert set(TOPICS.values()) == set(get_args(Topic))


def test_a_fact_tells_its_topic() -> None:
    assert topic_of(events.SpaceGivenBack(id="ev", at=FakeClock().now(), freed={"backups": 1})) == "memory.gc"
