"""Statements that are asked all the time, put together once: to find their words takes longer than the answer."""

from functools import cache
from typing import Any

from sqlalchemy import LargeBinary, Select, bindparam, cast, column, func, literal, or_, select, table, union_all

from store.group import SHARDS
from store.tables import api_keys, epochs, fact_index, fact_subjects, people, sessions

NO_POSITION = 2**62
"""Behind every position there will ever be."""

NEXT_AND_NEWEST = union_all(
    *(
        select(literal(shard), func.min(fact_index.c.position)).where(
            fact_index.c.shard == shard, fact_index.c.position > bindparam(f"passed_{shard}")
        )
        for shard in range(SHARDS)
    ),
    select(literal(SHARDS), func.max(fact_index.c.position)),
)
"""For each shard the first position behind the one it has passed; then the newest of all."""

NEWEST_EPOCH = select(epochs.c.epoch).order_by(epochs.c.number.desc()).limit(1)
"""The identity of the store."""

IS_VALID = (
    api_keys.c.revoked_at.is_(None),
    or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > bindparam("now")),
)
"""That a key is worth something `now`."""

VALID_KEY = select(api_keys).where(api_keys.c.id == bindparam("key"), *IS_VALID)
"""A key that is worth something."""

SESSION_HOLDER = (
    select(api_keys.c.person_id)
    .join(sessions, sessions.c.key_id == api_keys.c.id)
    .where(sessions.c.token_hash == bindparam("token"), sessions.c.expires_at >= bindparam("now"), *IS_VALID)
)
"""The person of a session that has not expired and whose key is worth something."""

NAMES = select(people.c.id, people.c.name).where(
    people.c.id.in_(bindparam("people", expanding=True)), people.c.name.is_not(None)
)
"""The names of those `people` that have one."""


@cache
def documents(position: str, *, of_one_shard: bool) -> Select[Any]:
    """What is stored `after` a position and up to `until`; `position` is the column where the library keeps it."""
    events = table("stored_events", column(position), column("state"))
    document = cast(events.c.state, LargeBinary)  # whoever meddled with a SQLite file may have made it text
    row = fact_index.c
    found = (
        select(row.position, row.stream_id, document, row.traceparent)
        .join_from(fact_index, events, events.c[position] == row.position)
        .where(row.position > bindparam("after"), row.position <= bindparam("until"))
        .order_by(row.position)
        .limit(bindparam("limit"))
    )
    return found.where(row.shard == bindparam("shard")) if of_one_shard else found


@cache
def documents_about(position: str) -> Select[Any]:
    """What is stored about a `subject`, in commit order."""
    events = table("stored_events", column(position), column("state"))
    return (
        select(events.c[position], cast(events.c.state, LargeBinary))
        .join_from(fact_subjects, events, events.c[position] == fact_subjects.c.position)
        .where(fact_subjects.c.subject_id == bindparam("subject"))
        .order_by(fact_subjects.c.position)
    )
