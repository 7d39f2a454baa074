"""Whether a store is sound: what backups and auditors are checked with."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, func, select

from projections.models import checkpoints, generations
from store.codec import decode
from store.event_store import EventStore
from workers.projector import prepare_read_models

PAGE = 1_000
Report = dict[str, Any]


def verify(store: EventStore, read_engine: Engine, progress: Callable[[int, int], None]) -> Report:
    """Read every fact and compare with what is kept beside it.

    `ok`, `facts`, `streams`; when not ok also `position` (the first bad one) and `problem`.
    """
    versions: dict[UUID, int] = {}
    position, count, head = 0, 0, store.head()
    while documents := store.read_documents(position, PAGE):
        for position, _, document, _ in documents:
            problem = _problem(document, position, versions)
            if problem:
                return _report(count, versions, position, problem)
            count += 1
        progress(position, max(head, position))
    problem = _index_problem(store, position) or _checkpoint_problem(read_engine, store)
    return _report(count, versions, store.head(), problem)


def _report(facts: int, versions: dict[UUID, int], position: int, problem: str | None) -> Report:
    found: Report = {"ok": problem is None, "facts": facts, "streams": len(versions)}
    return found if problem is None else {**found, "position": position, "problem": problem}


def _problem(document: bytes, position: int, versions: dict[UUID, int]) -> str | None:
    try:
        fact = decode(document, position)
    except Exception as error:
        return f"the fact cannot be read: {type(error).__name__}: {error}"
    expected = versions.get(fact.stream_id, 0) + 1
    if fact.version != expected:
        return f"the stream {fact.stream_id} goes from version {expected - 1} to {fact.version}"
    versions[fact.stream_id] = fact.version
    return None


def _index_problem(store: EventStore, position: int) -> str | None:
    stored, indexed = store.counted(position)
    return None if indexed == stored else f"{stored} facts are stored, {indexed} are in the index"


def _checkpoint_problem(read_engine: Engine, store: EventStore) -> str | None:
    prepare_read_models(read_engine)
    in_use = generations.c.state != "retired"
    with read_engine.connect() as connection:
        numbers = select(generations.c.number).where(in_use)
        passed = select(func.max(checkpoints.c.position)).where(checkpoints.c.generation.in_(numbers))
        newest = connection.scalar(passed) or 0
        epochs = set(connection.scalars(select(generations.c.epoch).where(in_use)))
    if newest > (head := store.head()):
        return f"a checkpoint is at {newest}, beyond the head {head}"
    if epochs - {store.epoch()}:
        return f"read models of another epoch: {', '.join(sorted(epochs - {store.epoch()}))}"
    return None
