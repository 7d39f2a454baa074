"""Puts the parts together; the only place that knows them all."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, sleep
from uuid import UUID

import uuid_utils
from sqlalchemy import Engine, make_url

from api.context import Context
from api.limits import Limits
from domain.identity.person import Person
from domain.identity.words import Place, Role
from domain.kernel.decide import Facts, Occasion, Reading
from domain.kernel.record import Command, record
from domain.kernel.refusal import Busy
from domain.processes.granting import must_fit
from projections.reads import Reads
from store.database import open_engine
from store.event_store import EventStore
from store.lease import lease
from store.migrate import is_current, migrate, open_new_epoch
from store.outbox import Outbox
from store.people import NewKey, People
from store.recorder import open_recorder
from whyfolio.settings import Settings
from workers.projector import Projector, prepare_read_models, retire_other_epochs

SYSTEM_ACTOR = "whyfolio"
LONGEST_WAIT_SECONDS = 30.0
POLL_SECONDS = 0.05


class NotMigrated(Exception):
    """The store is not there or older than this release."""


class AlreadyServed(Exception):
    """Another process serves this database."""


def now() -> datetime:
    """The clock of this machine, UTC."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """A UUIDv7: sorts by the time it was made."""
    return UUID(bytes=uuid_utils.uuid7().bytes)


@dataclass
class System:
    """A running system on the embedded log: store, read models, people, projector."""

    settings: Settings
    context: Context
    projector: Projector
    engine: Engine

    @property
    def store(self) -> EventStore:
        """The event store."""
        return self.context.store

    def catch_up(self) -> None:
        """Let the read models show everything there is; with Kafka, wait for its projectors a while."""
        if not self.settings.kafka_servers:
            self.projector.catch_up()
            return
        head, deadline = self.store.head(), monotonic() + LONGEST_WAIT_SECONDS
        while self.context.reads.position() < head:
            if monotonic() > deadline:
                raise Busy("the read models are behind; are the relay and the projectors running?")
            sleep(POLL_SECONDS)

    def close(self) -> None:
        """Stop and give everything back."""
        self.projector.stop()
        self.store.close()
        self.engine.dispose()
        self.context.reads.engine.dispose()


def open_system(settings: Settings, clock: Callable[[], datetime] = now, ids: Callable[[], UUID] = new_id) -> System:
    """Open the store and its read models. Raises `NotMigrated`. Starts nothing."""
    engine = open_engine(settings.database_url)
    if not is_current(engine):
        raise NotMigrated("the database has no current tables; run: whyfolio migrate")
    # always a pool of its own: a view that holds a connection asks the store while it does
    read_engine = open_engine(settings.read_database_url or settings.database_url, rebuildable=True)
    store = EventStore(open_recorder(settings.database_url), engine, clock)
    people = People(engine, clock, ids)
    reads = Reads(read_engine, store, people.names, clock)
    prepare_read_models(read_engine)
    projector = Projector(store, read_engine)
    outbox = Outbox(engine, clock) if settings.kafka_servers else None
    limits = Limits(settings.rate_limit)
    context = Context(store, reads, people, clock, ids, lambda: projector.last_error, outbox, limits=limits)

    def appended() -> None:
        projector.wake()
        context.progress.announce()

    store.after_append = appended
    projector.after_step = context.progress.announce
    return System(settings, context, projector, engine)


def prepare_store(settings: Settings) -> bool:
    """Bring the store to today's tables; whether it had none before."""
    engine = open_engine(settings.database_url)
    try:
        return migrate(engine, now())
    finally:
        engine.dispose()


def migrate_store(settings: Settings) -> NewKey | None:
    """Bring the store to today's tables; a new one gets one administrator, whose key is returned once."""
    if not prepare_store(settings):
        return None
    system = open_system(settings)
    try:
        return grant_key(system, [Role.ADMINISTRATOR], None, "administrator")
    finally:
        system.close()


def begin_new_epoch(settings: Settings) -> None:
    """Open a new epoch of a store that was restored from a backup."""
    prepare_store(settings)
    system = open_system(settings)
    try:
        open_new_epoch(system.engine, now())
        retire_other_epochs(system.context.reads.engine, system.store.epoch())
    finally:
        system.close()


def grant_key(
    system: System,
    roles: Sequence[Role],
    place: Place | None,
    who: str | UUID,
    secret: str | None = None,
    expires_at: datetime | None = None,
) -> NewKey:
    """A new key for the person of this name or id, who is given the roles they do not hold yet.

    Raises `Invalid` for a place that is not there, or that is none for these roles.
    """
    person = system.context.people.person_called(who) if isinstance(who, str) else who
    key = f"once:{system.context.new_id()}"
    occasion = Occasion(system.context.clock(), SYSTEM_ACTOR, Role.ADMINISTRATOR, correlation_id=key)
    record(system.store, granting(person, roles, place, key), lambda: occasion, system.context.new_id)
    return system.context.people.create_key(person, secret, expires_at)


def granting(person: UUID, roles: Sequence[Role], place: Place | None, key: str) -> Command:
    """The command that gives a person roles; those they hold already are not recorded again."""

    def decide(read: Reading) -> Facts:
        must_fit(read, place, roles)
        granted = [read.new(Person, person).grant(role, place) for role in dict.fromkeys(roles)]
        return [(person, fact) for fact in granted if fact]

    return Command(decide, person, key, fingerprint=",".join(roles))


@contextmanager
def sole_server(settings: Settings) -> Iterator[None]:
    """Hold the database as its one server. Raises `AlreadyServed`. With Kafka there may be many."""
    if settings.kafka_servers:
        yield
        return
    with lease(settings.database_url, "lock") as is_ours:
        if not is_ours:
            shown = make_url(settings.database_url).render_as_string(hide_password=True)
            raise AlreadyServed(f"{shown} is already served by another process; embedded means one server")
        yield
