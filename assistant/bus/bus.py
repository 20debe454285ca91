"""Typed publish and subscribe for past facts. Built by `app`; rooms see it as an EventSink."""

from collections import deque
from collections.abc import AsyncIterator, Hashable

from assistant.bus.mailbox import Mailbox, Overflow
from assistant.domain.events import Event, JobProgressed, PreviewProgressed, SourceChanged, StepChanged, Warned
from assistant.domain.upkeep import ActorFigures

SUBSCRIBER_SIZE = 4096
"""Facts kept for a slow subscriber before the oldest is dropped."""
UNHEARD = 64
"""Warnings kept for the first subscriber: those of opening come before anybody can listen."""


def _coalesce(event: Event) -> Hashable | None:
    """Merge waiting reports of progress of the same thing, and waiting states of one source, into the newest."""
    match event:
        case JobProgressed():
            return "progress"
        case SourceChanged():
            return event.source_id
        case PreviewProgressed(text=""):
            return (event.plan_id, event.step)
        case StepChanged(state="running", text=""):
            return (event.run_id, event.step)
        case _:
            return None


class Bus:
    """An EventSink whose subscribers each read at their own pace."""

    def __init__(self) -> None:
        self._mailboxes: list[Mailbox[Event]] = []
        self._heard = 0
        self._closed = False
        self._unheard: deque[Warned] = deque(maxlen=UNHEARD)

    def publish(self, event: Event) -> None:
        """Hand the fact to all subscribers; never blocks and never raises. While there are none, warnings wait for the first."""
        if not self._heard and isinstance(event, Warned):
            self._unheard.append(event)
        for mailbox in self._mailboxes:
            mailbox.put(event)

    def subscribe(self, *, inside: bool = False) -> AsyncIterator[Event]:
        """Receive facts published from now on, and warnings nobody heard; ends with the iteration or with `close`.

        One from `inside` Mneme shows nothing to a person: unheard warnings go on waiting.
        """
        mailbox: Mailbox[Event] = Mailbox(SUBSCRIBER_SIZE, Overflow.COALESCE, _coalesce)
        while self._unheard and not inside:
            mailbox.put(self._unheard.popleft())
        if self._closed:
            mailbox.close()
        self._mailboxes.append(mailbox)
        self._heard += not inside
        return self._drain(mailbox, inside)

    async def _drain(self, mailbox: Mailbox[Event], inside: bool) -> AsyncIterator[Event]:
        try:
            while (event := await mailbox.get()) is not None:
                yield event
        finally:
            if mailbox in self._mailboxes:
                self._mailboxes.remove(mailbox)
                self._heard -= not inside

    def figures(self) -> tuple[ActorFigures, ...]:
        """Tell how far behind those are who listen, and what they lost."""
        return tuple(
            ActorFigures(name=f"listener {n}", running=True, restarts=0, depth=len(mailbox), dropped=mailbox.dropped)
            for n, mailbox in enumerate(self._mailboxes, 1)
        )

    def close(self) -> None:
        """End all subscriptions, those to come included, once they have read what waits."""
        self._closed = True
        for mailbox in self._mailboxes:
            mailbox.close()
