"""A server may be away for a while: what cannot be done is told, and everything goes on without hands."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from domain.kernel.refusal import Busy
from tests.conftest import WHY
from tests.faults.crowd import Crowd
from tests.faults.reckoning import reckon
from tests.pipe import Pipe
from tests.servers import Kafka, Postgres, Server, until
from whyfolio.settings import Settings
from whyfolio.wiring import System, open_system
from workers.stream import Message, Publisher, StreamAway, ensure_topic

SECONDS = [7, pytest.param(66, marks=pytest.mark.soak)]
"""Longer than a member of the projectors' group may be silent; long enough for pauses that double to hurt."""
BACK_SECONDS = 20
TOLD_SECONDS = 20


@pytest.mark.parametrize("seconds", SECONDS)
@pytest.mark.parametrize("how", [pytest.param("kill", marks=pytest.mark.soak), "freeze"])
def test_without_the_broker_commands_go_on_and_are_seen_later(
    shaken: Pipe, kafka: Kafka, how: str, seconds: int
) -> None:
    with at_work(shaken, f"no-broker-{how}-{seconds}") as crowd:
        before = crowd.acknowledged()
        with away(kafka, how):
            told = list(while_away(seconds, lambda: ask_for_the_newest(shaken)))
            crowd.complain()
        assert crowd.acknowledged() > before + seconds
    assert not any(client.refused for client in crowd.clients)
    behind = [answer for answer in told if answer.status_code != 200]
    assert behind
    for answer in behind:
        is_a_clear_503(answer)
    assert not shaken.ended()


def test_what_a_hanging_broker_does_not_take_is_given_up(kafka: Kafka, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.stream.SEND_TIMEOUT_SECONDS", 2)
    before, topic = set(threading.enumerate()), f"given.up.{uuid4()}"
    message = Message(0, b"key", b"{}", {"ce_id": "1"})
    ensure_topic(kafka.servers, topic)
    publisher = Publisher(kafka.servers, topic)
    publisher.publish([message])
    with away(kafka, "freeze"), closing(publisher), pytest.raises(StreamAway):
        publisher.publish([message])
    until(lambda: set(threading.enumerate()) <= before)


def ask_for_the_newest(pipe: Pipe) -> httpx2.Response:
    """Whatever an impatient reader of their own write gets; the patient one who takes what there is gets an answer."""
    receipt = pipe.do("/portfolios", {"name": "Harbour"})
    for path in ("/portfolios", "/projects", "/decisions", f"/events?after={receipt['position'] - 1}"):
        assert pipe.client.get(path).status_code == 200
    return pipe.client.get("/portfolios", params={"after": receipt["token"]}, headers={"Prefer": "wait=0"})


@pytest.mark.parametrize("seconds", SECONDS)
def test_without_the_database_everybody_is_told_to_try_again(shaken: Pipe, database: Postgres, seconds: int) -> None:
    with at_work(shaken, f"no-database-{seconds}") as crowd, opened(shaken.settings) as system:
        newest = crowd.newest()
        with away(database, "kill"):
            told = list(while_away(seconds, lambda: ask_for_everything(shaken, newest.id, newest.token)))
            is_told_in_time(system.store.head)
    for answer in [each for answers in told for each in answers]:
        is_a_clear_503(answer)
    assert not shaken.ended()


def ask_for_everything(pipe: Pipe, project: str, token: str) -> list[httpx2.Response]:
    """One command of each kind, and every kind of read."""
    paths = ["/portfolios", "/projects", f"/projects/{project}", "/resources", "/decisions", "/audit", "/events"]
    reads = [pipe.client.get(path) for path in [*paths, f"/projects/{project}/why", f"/portfolios?after={token}"]]
    change = {"expected_resume": "unknown", "allocations": "keep", "rationale": WHY}
    creates, changes = ("/projects", {"name": "P", "sponsor": "s"}), (f"/projects/{project}/pause", change)
    return [*reads, *(pipe.client.post(path, json=body) for path, body in (creates, changes))]


def is_a_clear_503(answer: httpx2.Response) -> None:
    """Try again, says a sentence; nothing of our insides is told."""
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert len(answer.json()["detail"].split()) > 4
    tells_no_insides(answer.text)


def tells_no_insides(text: str) -> None:
    """No stack, no SQL, no driver, no address."""
    for inside in ("Traceback", "psycopg", "SELECT", "127.0.0.1", "sqlalche", "connection", "server"):
        assert inside not in text, text


def is_told_in_time(ask: Callable[[], Any]) -> None:
    """Whoever asks the store itself, as the relay and the projectors do, does not hang."""
    began = monotonic()
    with pytest.raises(Busy):
        ask()
    assert monotonic() - began < TOLD_SECONDS


@contextmanager
def opened(settings: Settings) -> Iterator[System]:
    """A system that was opened before the trouble began."""
    system = open_system(settings)
    yield system
    system.close()


@contextmanager
def at_work(pipe: Pipe, name: str) -> Iterator[Crowd]:
    """People give commands meanwhile; at the end all they were acknowledged is seen and sent on by itself."""
    crowd = Crowd(pipe.client_of, pipe.keys, name, size=2)
    until(lambda: all(len(client.book.acknowledged) > 10 for client in crowd.clients))
    yield crowd
    before = crowd.acknowledged()
    until(lambda: crowd.acknowledged() > before + 5, BACK_SECONDS)
    for sentence in {sentence for client in crowd.clients for sentence in client.refused}:
        tells_no_insides(sentence)
    reckon(pipe, crowd.stop(), name, crowd.common)


@contextmanager
def away(server: Server, how: str) -> Iterator[None]:
    """The server is killed and started again, or hangs and goes on."""
    end: Callable[[], None] = server.kill if how == "kill" else server.freeze
    back: Callable[[], None] = server.start if how == "kill" else server.thaw
    end()
    try:
        yield
    finally:
        back()


def while_away(seconds: float, ask: Callable[[], Any]) -> Iterator[Any]:
    """What is answered all the time."""
    waiting, ends = threading.Event(), monotonic() + seconds
    while monotonic() < ends:
        yield ask()
        waiting.wait(0.2)
