"""The list of a thousand projects under random bounds, asked over HTTP from a server process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from time import perf_counter

import httpx2

from benchmarks.portfolios import BEGAN, LASTED, SEED, Story
from benchmarks.shared import Figure, Servers, quantile, system_at
from domain.identity.words import Role
from domain.kernel.instants import rfc3339
from tests.servers import free_port, until
from whyfolio.wiring import grant_key

GOAL_MS = 200
PROGRAM = Path(sys.executable).parent / "whyfolio"
WARMING = 5


def measure(servers: Servers, *, tiny: bool = False) -> list[Figure]:
    """p50 and p95 of the list, live and within bounds, on each database."""
    projects, facts, requests = (20, 150, 4) if tiny else (1_000, 100_000, 150)
    return [
        _figure(database, *_timed(servers, url, projects, facts, requests))
        for database, url in (("SQLite", servers.sqlite_url()), ("PostgreSQL", servers.postgres_url()))
    ]


def _figure(database: str, live: list[float], bounded: list[float]) -> Figure:
    p50, p95 = quantile(bounded, 0.5), quantile(bounded, 0.95)
    return Figure(
        name=f"listing.{database.lower()}",
        work=f"list of 1,000 projects under random bounds, 100,000 facts, {database}",
        ours=f"p50 {p50:.0f} ms, p95 {p95:.0f} ms (live: p50 {quantile(live, 0.5):.0f} ms)",
        goal=f"p95 ≤ {GOAL_MS} ms",
        reached=p95 <= GOAL_MS,
        numbers={"p50_ms": p50, "p95_ms": p95, "live_p50_ms": quantile(live, 0.5), "live_p95_ms": quantile(live, 0.95)},
        notes="`GET /projects?limit=1000` from `whyfolio serve`, from request to the last byte of the compressed "
        "answer; `as_of`, `known_at` and `at` alone and together, uniform over four years; PostgreSQL's tables are "
        "vacuumed first, which autovacuum would else do in the middle of it",
    )


def _timed(servers: Servers, url: str, projects: int, facts: int, requests: int) -> tuple[list[float], list[float]]:
    """Milliseconds of live requests and of requests within bounds."""
    system = system_at(url)
    Story(projects, facts).tell(system.store)
    system.catch_up()
    servers.settle(url)
    key, head = grant_key(system, [Role.AUDITOR], None, "reader").key, system.store.head()
    system.close()
    chance = Random(SEED)  # noqa: S311 (no secret)
    with served(url, key) as client:
        for _ in range(WARMING):
            _milliseconds(client, {}, projects)
        live = [_milliseconds(client, {}, projects) for _ in range(requests // 3 + 1)]
        return live, [_milliseconds(client, bounds(chance, head)) for _ in range(requests)]


def bounds(chance: Random, head: int) -> dict[str, str]:
    """One, two or all three of the bounds, each anywhere in the history."""
    asked = {
        "as_of": rfc3339(BEGAN + timedelta(seconds=int(LASTED.total_seconds() * chance.random()))),
        "known_at": rfc3339(BEGAN + timedelta(seconds=int(LASTED.total_seconds() * chance.random()))),
        "at": str(chance.randrange(1, head)),
    }
    return {name: asked[name] for name in chance.sample(sorted(asked), chance.randint(1, 3))}


def _milliseconds(client: httpx2.Client, bounds: dict[str, str], expected: int | None = None) -> float:
    began = perf_counter()
    response = client.get("/api/v1/projects", params={"limit": 1000, **bounds})
    took = (perf_counter() - began) * 1000
    if response.status_code != 200 or (expected and len(response.json()["items"]) != expected):
        raise AssertionError(f"{response.status_code}: {response.text[:200]}")
    return took


@contextmanager
def served(url: str, key: str) -> Iterator[httpx2.Client]:
    """A client of `whyfolio serve` on this database."""
    port = str(free_port())
    environment = {**os.environ, "WHYFOLIO_DATABASE_URL": url, "WHYFOLIO_PORT": port}
    server = subprocess.Popen([PROGRAM, "serve"], env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
    headers = {"Authorization": f"Bearer {key}"}
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client:
            until(lambda: _is_ready(client), 30)
            yield client
    finally:
        server.terminate()
        server.wait(20)


def _is_ready(client: httpx2.Client) -> bool:
    try:
        return client.get("/health/ready").status_code == 200
    except httpx2.TransportError:
        return False
