"""The loops of the worker processes: go on, wait, try again; stop when told."""

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from time import monotonic

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from domain.kernel.refusal import Busy
from store.event_store import EventStore
from store.lease import lease
from workers.consumer import ShardProjector
from workers.relay import Fenced, Relay
from workers.stream import Publisher, StreamAway, Subscription, ensure_topic

QUICK_SECONDS = 0.003
IDLE_SECONDS = 0.025
BUSY_FOR_SECONDS = 5.0
RETRY_SECONDS = 0.3
RECONCILE_SECONDS = 3.0
AWAY = (StreamAway, DBAPIError, Busy)
log = structlog.get_logger()


def keep_trying(what: str, work: Callable[[], None], stop: threading.Event) -> None:
    """Run `work` again and again until told to stop; losing a server or the ownership is no end."""
    while not stop.is_set():
        try:
            work()
        except Fenced as fenced:
            log.warning(f"{what}_fenced", reason=str(fenced))
        except AWAY as away:
            log.warning(f"{what}_waits", reason=f"{type(away).__name__}: {away}".splitlines()[0])
        stop.wait(RETRY_SECONDS)


def relay(store: EventStore, database_url: str, servers: str, topic: str, owner: str, stop: threading.Event) -> None:
    """Send facts on until told to stop; a second relay stands by."""

    def work() -> None:
        with lease(database_url, "relay") as is_ours:
            if is_ours:
                send()

    def send() -> None:
        ensure_topic(servers, topic)
        with closing(Publisher(servers, topic)) as publisher:
            active = Relay(store, publisher, owner)
            active.take_over()
            log.info("relaying", position=active.position)
            latest = monotonic()
            while not stop.is_set():
                if active.step():
                    latest = monotonic()
                else:
                    stop.wait(QUICK_SECONDS if monotonic() - latest < BUSY_FOR_SECONDS else IDLE_SECONDS)

    keep_trying("relay", work, stop)


def project(store: EventStore, engine: Engine, servers: str, topic: str, member: str, stop: threading.Event) -> None:
    """Take polled facts into the read models until told to stop."""

    def work() -> None:
        ensure_topic(servers, topic)
        projector = ShardProjector(store, engine, member)
        group = f"whyfolio.projector.{store.epoch()}"
        assigned: list[Sequence[int]] = []
        with closing(Subscription(servers, topic, group, member, assigned.append)) as subscription:
            latest = monotonic()
            while not stop.is_set():
                projector.beat()
                polled = subscription.poll()
                if assigned:
                    # not in the client's callback, which would swallow what goes wrong
                    projector.claim(assigned.pop())
                    assigned.clear()
                if polled:
                    projector.apply(polled)
                    subscription.done()
                    latest = monotonic()
                elif monotonic() - latest > RECONCILE_SECONDS:
                    projector.catch_up()
                    latest = monotonic()

    keep_trying("projector", work, stop)
