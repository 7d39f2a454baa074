"""What the API works with; the composition root fills it in."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from starlette.requests import Request

from api.limits import Limits
from projections.reads import Reads
from store.event_store import EventStore
from store.outbox import Outbox
from store.people import People

PREFIX = "/api/v1"


class Progress:
    """Wakes everything that waits for the read models, without holding a thread.

    `ended` says that the server stops, and nobody should wait any longer.
    """

    def __init__(self) -> None:
        self.ended = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._moved = asyncio.Event()

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait in this event loop."""
        self._loop = loop

    def announce(self) -> None:
        """The read models moved on; may be called from any thread."""
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._announce)

    def end(self) -> None:
        """The server stops."""
        self.ended = True
        self.announce()

    def _announce(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def moved(self, timeout: float) -> None:
        """Return when the read models moved on, or after `timeout` seconds."""
        try:
            await asyncio.wait_for(self._moved.wait(), timeout)
        except TimeoutError:
            return


@dataclass
class Context:
    """The parts of a running system.

    `projection_error` tells what stops the projector in this process, if anything; `outbox` is what the relay
    sends on, `None` without Kafka.
    """

    store: EventStore
    reads: Reads
    people: People
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]
    projection_error: Callable[[], str | None]
    outbox: Outbox | None = None
    progress: Progress = field(default_factory=Progress)
    limits: Limits = field(default_factory=Limits)


def context_of(request: Request) -> Context:
    """The context of the app that serves a request."""
    context: Context = request.app.state.context
    return context
