"""The audit trail: every fact under every thing it is about.

Rows are keyed (fact, subject). The decision journal reads the rows that carry a reason.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text, Uuid, text

from domain.kernel.event import Recorded
from domain.kernel.instants import micros

NAME = "trail"
Row = dict[str, Any]


class Trail:
    """The read model behind history, audit, decisions and why."""

    name = NAME

    def tables(self, metadata: MetaData, suffix: str) -> tuple[Table, ...]:
        """One row a fact and subject; `ordinal` 0 is the owner of the stream."""
        name = f"{NAME}{suffix}"
        return (
            Table(
                name,
                metadata,
                Column("position", BigInteger, primary_key=True),
                Column("ordinal", Integer, primary_key=True),
                Column("subject", Uuid, nullable=False),
                Column("stream_id", Uuid, nullable=False),
                Column("version", BigInteger, nullable=False),
                Column("event_id", Uuid, nullable=False),
                Column("name", String, nullable=False),
                Column("actor", String, nullable=False),
                Column("role", String, nullable=False),
                Column("occurred_at", BigInteger, nullable=False),
                Column("recorded_at", BigInteger, nullable=False),
                Column("code", String),
                Column("review_on", String),
                Column("supersedes", Uuid),
                Column("premises", Integer),
                Column("search", Text, nullable=False),
                Column("document", Text, nullable=False),
                Column("traceparent", String),
                Index(f"{name}_by_subject", "subject", "occurred_at", "position"),
                Index(f"{name}_by_stream", "stream_id", "version", "position", "occurred_at", "recorded_at"),
                Index(f"{name}_by_time", "ordinal", "occurred_at", "position"),
                Index(f"{name}_by_superseded", "supersedes", "position"),
                Index(f"{name}_by_event", "event_id"),
                _of_few(name, "review_on"),
                _of_few(name, "premises"),
            ),
        )

    def rows(self, fact: Recorded, document: bytes, traceparent: str | None) -> Iterable[tuple[str, Row]]:
        """One row a subject. What can be searched is folded to lower case here, as Unicode says."""
        why = fact.event.why
        searchable = [fact.name, fact.actor, *((why.code, why.text) if why else ())]
        for ordinal, subject in enumerate(fact.subjects):
            yield (
                NAME,
                {
                    "position": fact.position,
                    "ordinal": ordinal,
                    "subject": subject.id,
                    "stream_id": fact.stream_id,
                    "version": fact.version,
                    "event_id": fact.event_id,
                    "name": fact.name,
                    "actor": fact.actor,
                    "role": fact.role,
                    "occurred_at": micros(fact.occurred_at),
                    "recorded_at": micros(fact.recorded_at),
                    "code": why.code if why else None,
                    "review_on": why.review_on.isoformat() if why and why.review_on else None,
                    "supersedes": fact.event.corrects,
                    "premises": len(why.premises) or None if why else None,
                    "search": " ".join(searchable).casefold(),
                    "document": document.decode(),
                    "traceparent": traceparent,
                },
            )


def _of_few(name: str, column: str) -> Index:
    """Only of the decisions that have a value there, which are few."""
    given = text(f"{column} IS NOT NULL")
    return Index(f"{name}_by_{column}", column, postgresql_where=given, sqlite_where=given)


trail = Trail()
