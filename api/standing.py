"""How the pipe stands: what lags behind the store, and what is dead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.context import Context
from domain.kernel.instants import micros
from store.event_store import Backlog
from store.group import SHARDS

DEAD_AFTER_SECONDS = 10.0
MICROS = 1_000_000


@dataclass(frozen=True, slots=True)
class Lag:
    """Facts not yet taken in, and the age of the oldest of them in seconds (0 if there is none)."""

    facts: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Standing:
    """The store's head, up to where the read models are complete, what lags behind, what is dead.

    `relay` is `None` without Kafka, `rebuilt` the share (0 to 1) of a rebuild that is under way, `error` a
    sentence about what does not work at all.
    """

    head: int
    position: int
    projection: Lag
    relay: Lag | None
    parked: int
    rebuilt: float | None
    error: str | None


def look(context: Context) -> Standing:
    """Ask the databases, so that it is right also about processes that are dead."""
    reads, store, now = context.reads.standing(), context.store, context.clock()
    head, checkpoints = store.head(), reads.checkpoints or {}
    cursor = context.outbox.cursor() if context.outbox else None
    return Standing(
        head=head,
        position=store.complete_position(checkpoints) if reads.checkpoints is not None else 0,
        projection=_lag(store.backlog(checkpoints), now),
        relay=_lag(store.backlog(dict.fromkeys(range(SHARDS), cursor.position)), now) if cursor else None,
        parked=reads.parked,
        rebuilt=store.complete_position(reads.building) / head if reads.building and head else None,
        error=(context.projection_error() or "").split(":")[0]  # what follows may be SQL
        or ("the read models are being built" if reads.checkpoints is None else None)
        or (_silence(micros(now), cursor.seen_at, reads.seen_at) if cursor else None),
    )


def _lag(backlog: Backlog, now: datetime) -> Lag:
    return Lag(backlog.facts, max(0.0, (now - backlog.since).total_seconds()) if backlog.since else 0.0)


def _silence(now: int, relay_seen_at: int, shards_seen_at: Mapping[int, int]) -> str | None:
    earliest = now - int(DEAD_AFTER_SECONDS * MICROS)
    if relay_seen_at < earliest:
        return "no relay is at work"
    silent = [str(shard) for shard in range(SHARDS) if shards_seen_at.get(shard, 0) < earliest]
    return f"no projector is at work on the shards {', '.join(silent)}" if silent else None
