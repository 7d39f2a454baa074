"""The connection to PostgreSQL breaks at the COMMIT: nobody is told anything wrong, nothing happens twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from httpx2 import Response
from sqlalchemy import make_url
from starlette.testclient import TestClient

from domain.identity.words import Role
from domain.kernel.event import Recorded
from tests.conftest import Api, application
from tests.faults.proxy import Cut, Proxy, between
from tests.faults.writer import opened
from tests.servers import Postgres, until
from whyfolio.settings import Settings
from whyfolio.wiring import System, grant_key, open_system

BEFORE = Cut(sent=False)
AFTER = Cut(sent=True)
PARALLEL = 8
FOUNDED = "portfolio.created.v1"


@pytest.fixture
def proxy(postgres: Postgres) -> Iterator[Proxy]:
    with between(postgres.port, FOUNDED.encode()) as proxy:
        yield proxy


@pytest.fixture
def system(postgresql_url: str, proxy: Proxy) -> Iterator[System]:
    """A system that reaches its database through the proxy, and notices within a second that it is away."""
    url = make_url(postgresql_url).set(port=proxy.port).render_as_string(hide_password=False)
    system = open_system(Settings(database_url=url, _env_file=None))
    system.store._recorder.datastore.pool.timeout = 1  # type: ignore[attr-defined]
    yield system
    system.close()


@pytest.fixture
def ada(system: System) -> Iterator[Api]:
    key = grant_key(system, list(Role), None, "ada")
    with application(system.context) as app, TestClient(app) as client:
        yield Api(client, key.key, str(key.person))


def found(url: str) -> list[Recorded]:
    """The portfolios that were founded, as the database itself tells."""
    with opened(url) as store:
        return [fact for fact in store.read(0, 1000) if fact.event.fact_name == FOUNDED]


def founding(ada: Api, name: str = "Harbour") -> Response:
    return ada.attempt("/portfolios", {"name": name}, idempotency_key=name)


def is_the_receipt_of(response: Response, fact: Recorded) -> bool:
    told = response.json()
    return (response.status_code, UUID(told["id"]), told["version"], told["position"]) == (
        201,
        fact.stream_id,
        fact.version,
        fact.position,
    )


def test_an_answer_that_is_lost_with_the_connection_is_found_again(ada: Api, proxy: Proxy, postgresql_url: str) -> None:
    proxy.cuts.append(AFTER)
    answer = founding(ada)
    assert not proxy.cuts
    (fact,) = found(postgresql_url)
    assert is_the_receipt_of(answer, fact)
    assert founding(ada).json() == answer.json()
    assert len(found(postgresql_url)) == 1


def test_a_commit_that_never_arrived_is_told_and_can_be_sent_again(ada: Api, proxy: Proxy, postgresql_url: str) -> None:
    proxy.cuts.append(BEFORE)
    refused = founding(ada)
    assert not proxy.cuts
    assert is_busy(refused, "nothing was recorded")
    assert not found(postgresql_url)
    again = founding(ada)
    (fact,) = found(postgresql_url)
    assert is_the_receipt_of(again, fact)


def is_busy(response: Response, sentence: str) -> bool:
    problem = response.headers["content-type"] == "application/problem+json" and "retry-after" in response.headers
    return problem and response.status_code == 503 and sentence in response.json()["detail"]


def test_what_cannot_be_found_out_is_not_claimed(ada: Api, proxy: Proxy, postgresql_url: str) -> None:
    proxy.cuts.append(Cut(sent=True, stays_away=True))
    unsure = founding(ada)
    assert is_busy(unsure, "whether it recorded this is not known: send it again with the same key")
    proxy.come_back()
    (fact,) = found(postgresql_url)
    assert is_the_receipt_of(until_it_answers(ada), fact)
    assert len(found(postgresql_url)) == 1


def until_it_answers(ada: Api) -> Response:
    answers: list[Response] = []

    def answered() -> bool:
        answers.append(founding(ada))
        return answers[-1].status_code != 503

    until(answered, 30)
    return answers[-1]


def test_a_database_that_leaves_after_its_answer_takes_no_receipt_along(
    ada: Api, proxy: Proxy, postgresql_url: str
) -> None:
    proxy.cuts.append(Cut(sent=True, answered=True, stays_away=True))
    answer = founding(ada)
    (fact,) = found(postgresql_url)
    assert is_the_receipt_of(answer, fact)


@pytest.mark.parametrize(("first", "others"), [(AFTER, AFTER), (AFTER, BEFORE), (BEFORE, AFTER)])
def test_everybody_in_a_group_is_told_what_became_of_their_own_command(
    ada: Api,
    proxy: Proxy,
    system: System,
    postgresql_url: str,
    monkeypatch: pytest.MonkeyPatch,
    first: Cut,
    others: Cut,
) -> None:
    """The first command leads alone; while its COMMIT is held, the other seven come together behind it."""
    arrived: list[Any] = []
    append = system.store.append
    monkeypatch.setattr(system.store, "append", lambda commit: (arrived.append(commit), append(commit))[1])
    held = Cut(first.sent, meanwhile=lambda: until(lambda: len(arrived) == PARALLEL, 30))
    proxy.cuts.extend([held, others])
    names = [f"Harbour-{number}" for number in range(PARALLEL)]
    with ThreadPoolExecutor(PARALLEL) as pool:
        answers = list(pool.map(lambda name: founding(ada, name), names))
    assert not proxy.cuts
    recorded = {fact.event.name: fact for fact in found(postgresql_url)}  # type: ignore[attr-defined]
    for name, answer in zip(names, answers, strict=True):
        if name in recorded:
            assert is_the_receipt_of(answer, recorded[name])
        else:
            assert is_busy(answer, "nothing was recorded")
    for name in names:
        assert founding(ada, name).status_code == 201
    assert sorted(fact.event.name for fact in found(postgresql_url)) == names  # type: ignore[attr-defined]
