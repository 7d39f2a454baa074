"""Every version of every fact ever stored is read by today's code."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import ValidationError

from domain.facts import CATALOGUE, UPCASTERS
from domain.kernel.event import Fact
from store.codec import UnknownFact, decode, encode

GOLDEN = Path(__file__).parent / "facts"


@pytest.mark.parametrize("name", sorted({*CATALOGUE, *UPCASTERS}))
def test_every_fact_has_a_golden_file_that_today_reads(name: str) -> None:
    golden = GOLDEN / f"{name}.json"
    assert golden.exists(), f"store an example of {name} in {golden.name}; it may never change afterwards"
    stored = json.loads(golden.read_text())
    fact = decode(golden.read_bytes(), position=7)
    assert fact.position == 7
    assert stored["name"] == name
    if name in CATALOGUE:
        assert written_again(golden.read_bytes()) == stored


def test_no_golden_file_is_left_without_a_reader() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == {*CATALOGUE, *UPCASTERS}


def test_a_fact_newer_than_the_code_is_refused_not_guessed() -> None:
    stored = json.loads((GOLDEN / "project.paused.v1.json").read_text())
    stored["name"] = "project.paused.v99"
    with pytest.raises(UnknownFact, match=r"project\.paused\.v99.*upgrade"):
        decode(json.dumps(stored).encode())


def test_a_fact_with_a_member_nobody_knows_is_refused() -> None:
    stored = json.loads((GOLDEN / "project.paused.v1.json").read_text())
    stored["data"]["mood"] = "good"
    with pytest.raises(ValidationError, match="mood"):
        decode(json.dumps(stored).encode())


def written_again(golden: bytes) -> object:
    """The document today's code would store for the same fact."""
    fact = decode(golden)
    again = Fact(
        event_id=fact.event_id,
        stream_id=fact.stream_id,
        event=fact.event,
        occurred_at=fact.occurred_at,
        recorded_at=fact.recorded_at,
        actor=fact.actor,
        role=fact.role,
        correlation_id=fact.correlation_id,
        causation_id=fact.causation_id,
        inputs_position=fact.inputs_position,
    )
    return json.loads(encode(again, fact.version, fact.stored_at))


@pytest.mark.parametrize("name", ["project.evaluation_started", "project.re_evaluated"])
def test_an_older_version_says_what_the_newer_one_says(name: str) -> None:
    old, new = (decode((GOLDEN / f"{name}.v{version}.json").read_bytes()) for version in (1, 2))
    assert (old.name, new.name) == (f"{name}.v1", f"{name}.v2")
    assert replace(old, name=new.name) == new


@pytest.mark.parametrize("name", sorted(UPCASTERS))
def test_an_upcaster_leaves_what_it_was_given_as_it_is(name: str) -> None:
    data = json.loads((GOLDEN / f"{name}.json").read_text())["data"]
    before = deepcopy(data)
    _, upcast = UPCASTERS[name]
    assert upcast(data) == upcast(data) != data
    assert data == before


def test_an_old_shape_is_upcast_by_every_step_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(UPCASTERS, "project.stopped.v1", ("project.stopped.v2", lambda data: {**data, "steps": 1}))
    monkeypatch.setitem(UPCASTERS, "project.stopped.v2", ("project.closed.v1", lambda data: {"why": data["why"]}))
    stored = json.loads((GOLDEN / "project.closed.v1.json").read_text())
    stored["name"] = "project.stopped.v1"
    fact = decode(json.dumps(stored).encode())
    assert fact.event.fact_name == "project.closed.v1"
    assert fact.stored_at == datetime(2026, 3, 31, 9, 0, 0, 2, tzinfo=UTC)
    assert isinstance(fact.event_id, UUID)
