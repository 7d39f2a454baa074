"""From a command to the read models: 100 commands a second through API, relay, Kafka and two projectors."""

import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter, sleep
from typing import NamedTuple
from uuid import UUID

import psycopg
from pydantic_core import from_json, to_json

from benchmarks.shared import Figure, Servers, quantile
from store.group import shard_of
from tests.pipe import Pipe
from tests.servers import until

GOAL_P50_MS, GOAL_P99_MS = 25, 150
RATE = 100
CLIENTS = 16
LOOK_EVERY_SECONDS = 0.002
LIVE_CHECKPOINTS = (
    "SELECT shard, position FROM read_checkpoints "
    "WHERE generation = (SELECT number FROM read_generations WHERE state = 'live')"
)


class Sent(NamedTuple):
    """A command: its shard, its position, when it was due, and when its receipt came (seconds)."""

    shard: int
    position: int
    due: float
    answered: float


def measure(servers: Servers, *, tiny: bool = False) -> list[Figure]:
    """Milliseconds from the moment a command is due until the read models hold what it did."""
    projects, seconds = (20, 0.1) if tiny else (200, 20.0)
    with tempfile.TemporaryDirectory(prefix="whyfolio-visible-") as folder:
        pipe = Pipe(servers.postgres_url(), servers.kafka, f"events.{Path(folder).name}", Path(folder))
        try:
            ids = [pipe.do("/projects", {"name": f"P {n}", "sponsor": "s"})["id"] for n in range(projects)]
            _load(pipe, ids, 0.1 if tiny else 5.0)  # until everything is warm
            with Watch(pipe) as watch:
                sent = _load(pipe, ids, seconds)
                until(lambda: watch.has_passed(sent), 60)
        finally:
            pipe.close()
    return [_figure(sent, watch.seen)]


def _figure(sent: Sequence[Sent], seen: dict[int, list[tuple[int, float]]]) -> Figure:
    visible = [_first(seen[each.shard], each.position) for each in sent]
    whole = [(at - each.due) * 1000 for each, at in zip(sent, visible, strict=True)]
    after = [max(0.0, at - each.answered) * 1000 for each, at in zip(sent, visible, strict=True)]
    p50, p99 = quantile(whole, 0.5), quantile(whole, 0.99)
    return Figure(
        name="visible",
        work=f"command → visible, {RATE} commands/s through Kafka",
        ours=f"p50 {p50:.0f} ms, p99 {p99:.0f} ms (after the receipt: p50 {quantile(after, 0.5):.0f} ms)",
        goal=f"p50 ≤ {GOAL_P50_MS} ms, p99 ≤ {GOAL_P99_MS} ms",
        reached=p50 <= GOAL_P50_MS and p99 <= GOAL_P99_MS,
        numbers={"p50_ms": p50, "p99_ms": p99, "after_receipt_p50_ms": quantile(after, 0.5), "commands": len(sent)},
        notes="open loop over HTTP, timed from the instant a command is due, so that a queue counts; visible is the "
        "commit of the rows, as a watcher sees it that reads the checkpoints every 2 ms; client and watcher "
        "share the cores with everything else",
    )


def _first(passed: Sequence[tuple[int, float]], position: int) -> float:
    return next(at for reached, at in passed if reached >= position)


def _load(pipe: Pipe, projects: Sequence[str], seconds: float) -> list[Sent]:
    """Commands at a steady rate, whatever the answers take."""
    own = threading.local()
    opened: list[HTTPConnection] = []
    began = perf_counter() + 0.1

    def connection() -> HTTPConnection:
        if not hasattr(own, "connection"):
            own.connection = HTTPConnection("127.0.0.1", pipe.settings.port)
            opened.append(own.connection)
        return own.connection  # type: ignore[no-any-return]

    def send(number: int) -> Sent:
        due = began + number / RATE
        sleep(max(0.0, due - perf_counter()))
        project = projects[number % len(projects)]
        headers = {"Authorization": f"Bearer {pipe.keys[0]}", "Content-Type": "application/json"}
        body = to_json({"name": f"Name {number} at {began}"})
        connection().request("POST", f"/api/v1/projects/{project}/revise", body, headers)
        response = connection().getresponse()
        receipt = from_json(response.read())
        if response.status != 200:
            raise AssertionError(receipt)
        return Sent(shard_of(UUID(project)), receipt["position"], due, perf_counter())

    try:
        with ThreadPoolExecutor(CLIENTS) as pool:
            return list(pool.map(send, range(max(3, int(RATE * seconds)))))
    finally:
        for each in opened:
            each.close()


class Watch:
    """Remembers when each shard's checkpoint moved."""

    def __init__(self, pipe: Pipe) -> None:
        self.seen: dict[int, list[tuple[int, float]]] = {}
        self._url = pipe.settings.database_url
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def has_passed(self, sent: Sequence[Sent]) -> bool:
        """Whether everything sent was seen."""
        return all(self.seen.get(each.shard, [(0, 0.0)])[-1][0] >= each.position for each in sent)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self._over.wait(LOOK_EVERY_SECONDS):
                for shard, position in connection.execute(LIVE_CHECKPOINTS).fetchall():
                    moves = self.seen.setdefault(shard, [(0, 0.0)])
                    if position > moves[-1][0]:
                        moves.append((position, perf_counter()))
