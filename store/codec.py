"""How a fact is written down: one JSON document, the same in the store, the feed and on Kafka."""

from datetime import datetime
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Mapper, StoredEvent
from pydantic_core import from_json, to_json

from domain.facts import CATALOGUE, UPCASTERS
from domain.kernel.event import Event, Fact, Recorded, Subject
from domain.kernel.instants import rfc3339

LARGEST = 15 * 2**20
"""Bytes a stored document may have at most, so that it passes the stream, the feed and the read models."""


class UnknownFact(Exception):
    """The store holds a fact that this version of Whyfolio does not know."""


def _document(fact: Fact, version: int, stored_at: datetime) -> dict[str, Any]:
    """The fact as it is stored, without its position, which the store gives it."""
    return {
        "event_id": fact.event_id,
        "name": fact.event.fact_name,
        "stream_id": fact.stream_id,
        "version": version,
        "subjects": [{"id": subject.id, "kind": subject.kind} for subject in fact.subjects],
        "occurred_at": rfc3339(fact.occurred_at),
        "recorded_at": rfc3339(fact.recorded_at or stored_at),
        "stored_at": rfc3339(stored_at),
        "actor": fact.actor,
        "role": fact.role,
        "correlation_id": fact.correlation_id,
        "causation_id": fact.causation_id,
        "inputs_position": fact.inputs_position,
        "rationale": fact.content["why"],
        "data": {member: value for member, value in fact.content.items() if member != "why"},
    }


def encode(fact: Fact, version: int, stored_at: datetime) -> bytes:
    """The document that the store keeps."""
    return to_json(_document(fact, version, stored_at))


def decode(state: bytes, position: int = 0) -> Recorded:
    """A stored document as a fact, upcast to today's shape.

    Raises `UnknownFact` for a name or version that is newer than the code.
    """
    stored = from_json(state)
    return Recorded(
        position=position,
        event_id=UUID(stored["event_id"]),
        name=stored["name"],
        stream_id=UUID(stored["stream_id"]),
        version=stored["version"],
        subjects=tuple(Subject(UUID(each["id"]), each["kind"]) for each in stored["subjects"]),
        occurred_at=datetime.fromisoformat(stored["occurred_at"]),
        recorded_at=datetime.fromisoformat(stored["recorded_at"]),
        stored_at=datetime.fromisoformat(stored["stored_at"]),
        actor=stored["actor"],
        role=stored["role"],
        correlation_id=stored["correlation_id"],
        causation_id=stored["causation_id"],
        inputs_position=stored["inputs_position"],
        event=event_of(stored["name"], stored["data"], stored["rationale"]),
    )


def event_of(name: str, data: dict[str, Any], rationale: dict[str, Any] | None) -> Event:
    """The event a name and its data stand for, through every upcaster on the way."""
    data = {**data, "why": rationale}
    while name in UPCASTERS:
        name, upcast = UPCASTERS[name]
        data = upcast(data)
    if name not in CATALOGUE:
        raise UnknownFact(f"the store holds {name}, which this version of Whyfolio does not know; upgrade it")
    return CATALOGUE[name].model_validate(data)


class FactMapper(Mapper[UUID]):
    """Lets the library's event store read our documents."""

    def __init__(self) -> None:
        """No transcoder, cipher or compressor: the document is the whole format."""

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """The stored row as a fact."""
        return decode(stored_event.state)
