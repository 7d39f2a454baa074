"""A store as the first release left it: documents put into its tables by hand, with nothing of today's facts."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, column, insert, table

from domain.kernel.instants import micros
from store.group import shard_of
from store.tables import fact_index, fact_subjects
from whyfolio.wiring import new_id

Document = dict[str, Any]
BOB = "01900000-0000-7000-8000-000000000003"
MONEY = {"amount": "1000.00", "currency": "GBP"}
CASE = {"problem": "The quay sinks", "expected_benefit": "Ships", "cost_low": MONEY, "cost_high": MONEY}
WAIT = {"code": "budget_freeze", "text": "No money before the spring", "review_on": "2026-02-02"}
AGAIN = {"code": "review", "text": "There is money again", "review_on": None}


def proposal(project: UUID) -> list[Document]:
    """A proposal that was evaluated, deferred, and taken up again, each time under a version of the scoring model."""
    drafted = {"name": "Quay", "key": "Q-1", "kind": "project", "state": "draft", "sponsor": "sam", "attributes": {}}
    facts: list[tuple[str, Document, Document | None]] = [
        ("project.drafted.v1", drafted, None),
        ("project.submitted.v1", CASE, None),
        ("project.evaluation_started.v1", {"scoring_model_version": 3}, None),
        ("project.deferred.v1", {}, WAIT),
        ("project.re_evaluated.v1", {"scoring_model_version": 4}, AGAIN),
    ]
    return [_document(project, version, *fact) for version, fact in enumerate(facts, start=1)]


def leave(engine: Engine, documents: list[Document]) -> None:
    """Put these facts of projects behind the others that a store holds."""
    position = "notification_id" if engine.dialect.name == "postgresql" else "rowid"
    columns = (position, "originator_id", "originator_version", "topic", "state")
    events = table("stored_events", *map(column, columns))
    with engine.begin() as connection:
        for document in documents:
            stream, version = UUID(document["stream_id"]), document["version"]
            row = dict(
                zip(columns[1:], (stream, version, document["name"], json.dumps(document).encode()), strict=True)
            )
            at = connection.scalar(insert(events).values(row).returning(events.c[position]))
            connection.execute(insert(fact_index).values(position=at, stream_id=stream, **_index(document)))
            connection.execute(insert(fact_subjects).values(subject_id=stream, position=at))


def _index(document: Document) -> Document:
    times = {
        name: micros(datetime.fromisoformat(document[name])) for name in ("occurred_at", "recorded_at", "stored_at")
    }
    return {
        "event_id": UUID(document["event_id"]),
        "kind": "project",
        "version": document["version"],
        "actor": document["actor"],
        "shard": shard_of(UUID(document["stream_id"])),
        **times,
    }


def _document(project: UUID, version: int, name: str, data: Document, why: Document | None) -> Document:
    at = f"2026-01-{version:02d}T09:00:00Z"
    return {
        "event_id": str(new_id()),
        "name": name,
        "stream_id": str(project),
        "version": version,
        "subjects": [{"id": str(project), "kind": "project"}],
        "occurred_at": at,
        "recorded_at": at,
        "stored_at": at,
        "actor": BOB,
        "role": "portfolio_manager",
        "correlation_id": "by hand",
        "causation_id": None,
        "inputs_position": 0 if why else None,
        "rationale": {"alternatives": [], "evidence": [], "supersedes": None, **why} if why else None,
        "data": data,
    }
