"""The schemas of stored facts describe what is stored, and nobody narrows them by accident."""

import json
from collections.abc import Callable
from copy import deepcopy
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from breaking import breaks
from fact_schemas import FROZEN, schema_of, settle
from pydantic import Field, create_model

from domain.facts import CATALOGUE, UPCASTERS
from domain.kernel.event import Decision, Event
from domain.kernel.money import Money
from domain.kernel.types import Day, Id, Json, Line
from tests.schemas import SCHEMAS, problems, validator

GOLDEN = Path(__file__).parent / "facts"
NAMES = sorted({*CATALOGUE, *UPCASTERS})


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_fact_follows_the_schema_of_its_name(name: str) -> None:
    assert problems(json.loads((GOLDEN / f"{name}.json").read_text())) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_allows_nothing_but_its_fact(name: str) -> None:
    golden = json.loads((GOLDEN / f"{name}.json").read_text())
    is_valid = validator(name).is_valid
    for member in golden:
        assert not is_valid({other: golden[other] for other in golden if other != member}), member
        assert not is_valid({**golden, member: {"of": "another shape"}}), member
    assert not is_valid({**golden, "mood": "good"})
    assert not is_valid({**golden, "data": {**golden["data"], "mood": "good"}})
    assert not is_valid({**golden, "occurred_at": "2026-03-31T11:00:00+02:00"})


def test_the_committed_schemas_are_what_the_code_says() -> None:
    assert [*settle(SCHEMAS, CATALOGUE, UPCASTERS, write=False)] == []


class Mood(StrEnum):
    """How it felt."""

    GOOD = "good"
    BAD = "bad"


class WiderMood(StrEnum):
    """How it felt, told with one word more."""

    GOOD = "good"
    BAD = "bad"
    MIXED = "mixed"


STOPPED = "project.stopped.v1"
MEMBERS: dict[str, Any] = {
    "by": (Id, ...),
    "on": (Day, ...),
    "mood": (Mood, ...),
    "people": (Annotated[int, Field(ge=1, le=9)], ...),
    "cost": (Money | None, None),
    "note": (Line | None, None),
    "steps": (Annotated[tuple[Line, ...], Field(max_length=3)], ()),
    "source": (dict[str, Json] | None, None),
}
GONE = None


def stopped(base: type[Event] = Decision, doc: str = "Work came to an end.", **changes: Any) -> type[Event]:
    """The class of a fact, with members changed."""
    members = {member: shape for member, shape in {**MEMBERS, **changes}.items() if shape is not GONE}
    return create_model("Stopped", __base__=base, __doc__=doc, **members)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the schema of one fact was committed."""
    assert [*settle(tmp_path, {STOPPED: stopped()}, (), write=True)] == []
    return tmp_path


def test_a_schema_that_nobody_changed_is_left_alone(folder: Path) -> None:
    assert [*settle(folder, {STOPPED: stopped()}, (), write=False)] == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"note": GONE}, "data.note was removed or renamed"),
        ({"by": GONE, "stopper": (Id, ...)}, "data.by was removed or renamed; data.stopper is newly required"),
        ({"place": (Line, ...)}, "data.place is newly required"),
        ({"note": (Line | None, ...)}, "data.note is newly required"),
        (
            {"note": (Line, "none")},
            "data.note: default went from absent to none; data.note: type went from null to string",
        ),
        ({"by": (int, ...)}, "data.by: type went from string to integer"),
        ({"on": (Line, ...)}, "data.on: maxLength went from absent to 400"),
        ({"by": (Day, ...)}, "data.by: format went from uuid to date"),
        ({"note": (Annotated[str, Field(pattern="^[a-z]+$")] | None, None)}, "data.note: pattern went from absent to"),
        ({"mood": (Literal["good"], ...)}, "data.mood: enum went from ['good', 'bad'] to ['good']"),
        ({"note": (Mood | None, None)}, "data.note: enum went from absent to ['good', 'bad']"),
        ({"people": (Annotated[int, Field(ge=2, le=9)], ...)}, "data.people: minimum went from 1 to 2"),
        ({"people": (Annotated[int, Field(ge=1, le=8)], ...)}, "data.people: maximum went from 9 to 8"),
        ({"people": (Annotated[int, Field(ge=1, le=9, multiple_of=2)], ...)}, "data.people: multipleOf went from"),
        ({"note": (Annotated[str, Field(max_length=80)] | None, None)}, "data.note: maxLength went from 400 to 80"),
        ({"steps": (Annotated[tuple[Line, ...], Field(max_length=2)], ())}, "data.steps: maxItems went from 3 to 2"),
        ({"steps": (Annotated[tuple[Id, ...], Field(max_length=3)], ())}, "each of data.steps: format went from"),
        ({"steps": (Annotated[tuple[Line, ...], Field(max_length=3)], ("stop",))}, "data.steps: default went from"),
        ({"source": (dict[str, Line] | None, None)}, "data.source.*: type went from absent to string"),
        ({"cost": (stopped(Event, by=GONE) | None, None)}, "data.cost.amount was removed or renamed"),
    ],
)
def test_a_change_that_breaks_stored_facts_is_named_and_not_written(
    folder: Path, changes: dict[str, Any], sentence: str
) -> None:
    committed = (folder / f"{STOPPED}.json").read_text()
    for write in (False, True):
        (said,) = settle(folder, {STOPPED: stopped(**changes)}, (), write=write)
        assert said.startswith(f"{STOPPED} would break facts that are stored: ")
        assert sentence in said
        assert "make a new version with an upcaster" in said
    assert (folder / f"{STOPPED}.json").read_text() == committed


@pytest.mark.parametrize(
    "changed",
    [
        stopped(place=(Line | None, None)),
        stopped(mood=(WiderMood, ...)),
        stopped(mood=(Mood | None, None)),
        stopped(mood=(str, ...), people=(Json, ...)),
        stopped(people=(Annotated[float, Field(ge=0, le=10)], ...)),
        stopped(note=(Annotated[str, Field(max_length=500)] | None, None)),
        stopped(steps=(tuple[Line | None, ...], ())),
        stopped(by=(str, "nobody"), source=(Json, None)),
        stopped(doc="Work came to its end."),
    ],
)
def test_a_change_that_only_adds_is_written(folder: Path, changed: type[Event]) -> None:
    assert [*settle(folder, {STOPPED: changed}, (), write=False)] == [
        f"docs/{folder.name}/{STOPPED}.json is not what the code says; run: make docs"
    ]
    assert [*settle(folder, {STOPPED: changed}, (), write=True)] == []
    assert [*settle(folder, {STOPPED: changed}, (), write=False)] == []


def _without_the_actor(schema: Any) -> None:
    del schema["properties"]["actor"]


def _with_a_tenant(schema: Any) -> None:
    schema["required"].append("tenant")


def _with_a_causation(schema: Any) -> None:
    schema["properties"]["causation_id"] = {"type": "string"}


def _with_seconds_only(schema: Any) -> None:
    schema["properties"]["stored_at"]["pattern"] = "^.{20}$"


def _with_another_name(schema: Any) -> None:
    schema["properties"]["name"]["const"] = "project.ended.v1"


def _with_two_subjects(schema: Any) -> None:
    schema["properties"]["subjects"]["minItems"] = 2


def _with_a_condition(schema: Any) -> None:
    schema["not"] = {"required": ["rationale"]}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_without_the_actor, "actor was removed or renamed"),
        (_with_a_tenant, "tenant is newly required"),
        (_with_a_causation, "causation_id: type went from null to string"),
        (_with_seconds_only, "stored_at: pattern went from"),
        (_with_another_name, "name: enum went from ['project.stopped.v1'] to ['project.ended.v1']"),
        (_with_two_subjects, "subjects: minItems went from 1 to 2"),
        (_with_a_condition, "the message: not went from absent to {'required': ['rationale']}"),
    ],
)
def test_a_change_of_the_envelope_breaks_every_fact(change: Callable[[Any], None], sentence: str) -> None:
    old = schema_of(STOPPED, stopped())
    new = deepcopy(old)
    change(new)
    assert any(said.startswith(sentence) for said in breaks(old, new)), breaks(old, new)


def test_a_fact_that_becomes_a_decision_refuses_those_without_a_reason() -> None:
    fact, decision = (schema_of(STOPPED, stopped(base)) for base in (Event, Decision))
    assert breaks(fact, decision) == ["rationale: type went from null to object"]
    assert breaks(decision, fact) == []


def test_a_stored_fact_that_nothing_reads_any_more_is_named(folder: Path) -> None:
    (said,) = settle(folder, {}, (), write=True)
    assert said.startswith(f"{STOPPED} was stored and nothing reads it any more")


def test_the_schema_of_an_older_version_is_frozen(folder: Path) -> None:
    schema = folder / f"{STOPPED}.json"
    assert [*settle(folder, {}, {STOPPED}, write=False)] == [
        f"docs/{folder.name}/{FROZEN} lacks {STOPPED}; run: make docs"
    ]
    assert [*settle(folder, {}, {STOPPED}, write=True)] == []
    assert [*settle(folder, {}, {STOPPED}, write=False)] == []
    schema.write_text(schema.read_text().replace("came to an end", "ended"))
    for write in (False, True):
        (said,) = settle(folder, {}, {STOPPED}, write=write)
        assert said.endswith(f"{STOPPED}.json was lost or changed; facts are stored in this form: put it back")
    schema.unlink()
    assert len([*settle(folder, {}, {STOPPED}, write=True)]) == 1
