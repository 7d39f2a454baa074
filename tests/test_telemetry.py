"""What operators see: figures, health, and one trace from the request to the row."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import select
from structlog.testing import capture_logs

from api.telemetry import continued
from projections.bounds import Bounds
from store.event_store import EventStore
from tests.conftest import Api, World

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
GIVEN = f"00-{TRACE}-00f067aa0ba902b7-01"


def figure(ada: Api, name: str) -> float | None:
    """The value of a figure on /metrics, `None` if it is not there."""
    text = ada.client.get("/metrics", headers={"Authorization": f"Bearer {ada.key}"}).text
    found = [line.split()[1] for line in text.splitlines() if line.split()[0] == f"whyfolio_{name}"]
    return float(found[0]) if found else None


@pytest.fixture
def _talkative() -> Iterator[None]:
    """Log what is not an error too, as a server does."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    yield
    structlog.configure(**before)


def test_lag_is_counted_in_facts_and_in_seconds(world: World, ada: Api) -> None:
    ada.do("/portfolios", {"name": "Here"})
    ada.get("/portfolios")
    assert (figure(ada, "projection_lag_facts"), figure(ada, "projection_lag_seconds")) == (0.0, 0.0)
    world.system.projector.stop()
    for number in range(3):
        ada.do("/projects", {"name": f"P {number}", "sponsor": "s"})
    assert figure(ada, "projection_lag_facts") == 3.0
    behind = figure(ada, "projection_lag_seconds")
    world.clock.now = world.clock.now.replace(minute=world.clock.now.minute + 2)
    assert behind is not None
    assert behind < 1
    assert figure(ada, "projection_lag_seconds") == pytest.approx(120 + behind, abs=0.1)
    told = world.client.get("/health/ready")
    assert (told.status_code, told.json()["lag"]) == (200, 3)
    world.system.projector.catch_up()
    assert (figure(ada, "projection_lag_facts"), figure(ada, "projection_lag_seconds")) == (0.0, 0.0)


def test_appends_and_waits_are_measured(world: World, ada: Api) -> None:
    before = figure(ada, "append_seconds_count") or 0
    ada.do("/portfolios", {"name": "Here"})
    ada.get("/portfolios")
    assert figure(ada, "append_seconds_count") == before + 1
    assert figure(ada, "append_group_commands_sum") == before + 1
    assert figure(ada, "append_wait_seconds_count") == before + 1
    assert figure(ada, "read_wait_seconds_count") == 1
    assert figure(ada, "append_conflicts_total") == 0
    assert figure(ada, "relay_lag_facts") is None  # nothing is sent on without Kafka
    assert figure(ada, "rebuild_progress_ratio") is None


@pytest.mark.parametrize("given", ["", "00-0-0-01", GIVEN.replace(TRACE, "0" * 32), "01" + GIVEN[2:], GIVEN.upper()])
def test_a_trace_that_cannot_be_continued_is_begun(given: str) -> None:
    begun = continued(given)
    assert begun[3:35] not in {TRACE, "0" * 32}
    assert continued(begun)[:35] == begun[:35]


@pytest.mark.usefixtures("_talkative")
def test_a_trace_goes_from_the_request_to_the_row(world: World, ada: Api) -> None:
    with capture_logs() as logs:
        receipt = ada.do("/projects", {"name": "P", "sponsor": "s"}, traceparent=GIVEN, x_correlation_id="order-7")
    (logged,) = [entry for entry in logs if entry["event"] == "request"]
    ada.get("/projects")
    with world.system.context.reads.view(Bounds()) as view:
        trail = view.table("trail")
        row = view.connection.execute(select(trail).where(trail.c.position == receipt["position"])).first()
    assert row is not None
    assert row.traceparent[:35] == GIVEN[:35]
    assert row.traceparent != GIVEN  # our own span of the caller's trace
    assert (logged["traceparent"], logged["correlation_id"]) == (row.traceparent, "order-7")
    (fact,) = ada.get(f"/projects/{receipt['id']}/history")["items"]
    assert fact["correlation_id"] == "order-7"


def test_what_fails_unexpectedly_is_logged_and_answered_without_its_cause(
    world: World, ada: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ValueError("SELECT secret")

    monkeypatch.setattr(EventStore, "head", broken)
    with capture_logs() as logs:
        answer = ada.attempt("/projects", {"name": "P", "sponsor": "s"}, x_correlation_id="order-8")
    assert answer.status_code == 500
    assert answer.headers["x-correlation-id"] == "order-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in answer.text
    (logged,) = [entry for entry in logs if entry["event"] == "request_failed"]
    assert (logged["correlation_id"], "secret" in logged["error"]) == ("order-8", True)
