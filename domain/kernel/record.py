"""Record what was decided: on fresh state, once, and never before what it rests on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.kernel.decide import Commit, Decide, Facts, FactStore, Occasion, Reading, Receipt, must_not_be_ahead
from domain.kernel.event import Event, Fact
from domain.kernel.instants import rfc3339
from domain.kernel.refusal import Conflict, Invalid, Refused, Stale

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Command:
    """A command on its way: how to decide it, under which key, and whose receipt is wanted."""

    decide: Decide
    receipt_for: UUID
    key: str
    fingerprint: str
    if_match: int | None = None
    names: Mapping[UUID, str | None] = field(default_factory=dict)


def record(store: FactStore, command: Command, occasion: Callable[[], Occasion], new_id: Callable[[], UUID]) -> Receipt:
    """Decide on fresh state and append; a stale decision is re-decided up to three times.

    Raises the refusals of the decision, `Stale` when `if_match` is not the version, `Conflict`
    when others kept changing what was read.
    """
    for attempt in range(ATTEMPTS + 1):
        try:
            return store.append(_commit(store, command, occasion(), new_id))
        except Conflict:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _commit(store: FactStore, command: Command, occasion: Occasion, new_id: Callable[[], UUID]) -> Commit:
    head = store.head()
    if command.if_match is not None:
        _check_version(store.version(command.receipt_for), command)
    _check_inputs(head, occasion)
    reading = Reading(store, occasion)
    decided = command.decide(reading)
    _check_version(reading.expected().get(command.receipt_for, 0), command)
    _check_superseded(reading, decided)
    occurred_at = _occurred_at(reading, decided, occasion)
    facts = [
        Fact(
            event_id=new_id(),
            stream_id=stream,
            event=event,
            occurred_at=occurred_at,
            recorded_at=occasion.recorded_at,
            actor=occasion.actor,
            role=occasion.role,
            correlation_id=occasion.correlation_id,
            inputs_position=_inputs_position(head, event, occasion),
            traceparent=occasion.traceparent,
        )
        for stream, event in decided
    ]
    return Commit(
        key=command.key,
        fingerprint=command.fingerprint,
        receipt_for=command.receipt_for,
        facts=tuple(facts),
        expected=reading.expected(),
        names=command.names,
        searched=reading.searched(),
    )


def _check_version(actual: int, command: Command) -> None:
    if command.if_match is not None and command.if_match != actual:
        raise Stale(f"If-Match names version {command.if_match}; the current version is {actual}")


def _check_inputs(head: int, occasion: Occasion) -> None:
    given = occasion.inputs_position
    if given is not None and not 0 <= given <= head:
        raise Invalid({"/inputs_position": f"expected a position up to {head}, the newest; got {given}"})


def _inputs_position(head: int, event: Event, occasion: Occasion) -> int | None:
    if event.why is None:
        return None
    return occasion.inputs_position if occasion.inputs_position is not None else head


def _check_superseded(reading: Reading, decided: Facts) -> None:
    for stream, event in decided:
        known = reading.states()[stream].decisions
        old = event.why.supersedes if event.why else None
        if old is None:
            continue
        if old not in known:
            raise Invalid({"/rationale/supersedes": f"no decision about this has the event id {old}"})
        if known[old] is not None:
            raise Refused(f"the decision {old} was already superseded by {known[old]}; supersede that one")


def _occurred_at(reading: Reading, decided: Facts, occasion: Occasion) -> datetime:
    states = reading.states()
    written = [states[stream].latest_lifecycle_at for stream, _ in decided if stream in states]
    latest = max((instant for instant in written if instant), default=None)
    given = occasion.occurred_at
    if given is None:
        return max(occasion.now, latest) if latest else occasion.now
    must_not_be_ahead(occasion)
    if latest and given < latest:
        raise Invalid({"/occurred_at": f"{rfc3339(given)} is before the latest decision on it, at {rfc3339(latest)}"})
    return given
