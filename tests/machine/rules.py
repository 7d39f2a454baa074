"""What always holds, whatever was commanded: said of the facts alone, and of every refusal."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from domain.identity.person import Person
from domain.kernel.aggregate import Aggregate, fold
from domain.kernel.event import Decision, Fact, Recorded
from domain.operations import OPERATIONS
from domain.portfolio.portfolio import Portfolio
from domain.project.books import OPEN
from domain.project.events import ProjectAuthorized, ProjectSubmitted
from domain.project.money_events import ForecastApproved
from domain.project.project import Project
from domain.project.words import TRANSITIONS, State, verbs_from
from domain.resources.bookings import LAST_DAY, booked, lowest
from domain.resources.capacity import excesses
from domain.resources.events import ResourceAssigned
from domain.resources.resource import Resource
from domain.strategy.goal import Goal
from store.codec import decode, encode

AGGREGATES: Mapping[str, type[Aggregate]] = {each.kind: each for each in (Portfolio, Project, Resource, Goal, Person)}
VERBS = "|".join(operation.verb for operation in OPERATIONS.values() if "-" in operation.verb)
POSSIBLE = re.compile(
    rf"\b(possible|can be|can only|another|leave it out|supersede that one|at most|they hold|waits|solve it|{VERBS})\b",
    re.IGNORECASE,
)
"""How a refusal that is no illegal move says what would have been allowed."""


def streams_of(facts: Sequence[Recorded]) -> dict[UUID, list[Recorded]]:
    """The facts by stream, in commit order."""
    found = defaultdict[UUID, list[Recorded]](list)
    for fact in facts:
        found[fact.stream_id].append(fact)
    return found


def states_of(streams: Mapping[UUID, Sequence[Recorded]]) -> dict[UUID, Aggregate]:
    """Every thing as its facts say."""
    return {
        stream: fold(AGGREGATES[own[0].event.stream_kind], stream, own)
        for stream, own in streams.items()
        if own[0].event.stream_kind in AGGREGATES
    }


def must_hold(streams: Mapping[UUID, Sequence[Recorded]], states: Mapping[UUID, Aggregate]) -> None:
    """Every rule, of these streams; `states` has those of all."""
    for stream, own in streams.items():
        assert [fact.version for fact in own] == list(range(1, len(own) + 1)), f"versions of {stream} have a gap"
        _decisions_hold(own)
        match state := states.get(stream):
            case Project():
                _moves_hold(own)
                _four_eyes_hold(own)
                _no_circle(state, states)
                assert sum(each.fate == OPEN for each in state.books.proposals.values()) <= 1
            case Portfolio():
                orders = [*state.members.values()]
                assert len(orders) == len(set(orders)), "two components have one place"
                assert not state.members.keys() & state.removed.keys()
                assert all(isinstance(states[each], Project) for each in state.members)
            case Resource():
                _promises_hold(own)
                for project in {booking.project for booking in state.bookings}:
                    assert lowest(state.bookings, project, date.min, LAST_DAY) >= 0
            case Goal():
                assert sum(state.weights.values(), Decimal(0)) <= 1
                assert state.delivered.keys() <= state.weights.keys()


def _decisions_hold(own: Sequence[Recorded]) -> None:
    """Each carries its reason, names what its author had seen, and is superseded once at most."""
    superseded = [fact.event.why.supersedes for fact in own if fact.event.why and fact.event.why.supersedes]
    assert len(superseded) == len(set(superseded)), "a decision was superseded twice"
    for fact in own:
        assert fact.event.why or not isinstance(fact.event, Decision)
        assert (fact.inputs_position is None) == (fact.event.why is None)
    times = [fact.occurred_at for fact in own if fact.event.lifecycle]
    assert times == sorted(times), "a decision occurred before the one it follows"


def _moves_hold(own: Sequence[Recorded]) -> None:
    """A state changes along the lifecycle, or as if the move that a correction supersedes had not been made."""
    project = Project(own[0].stream_id)
    for fact in own:
        before, base, latest = project.state, project.state_before, project.latest_move
        again = isinstance(fact.event, ProjectSubmitted) and project.intake.to_fix is not None
        project.take(fact)
        corrects = fact.event.why is not None and fact.event.why.supersedes == latest
        if before is not None and project.latest_move != latest and not again:
            starts: set[State | None] = {before} | ({base} if corrects else set())
            assert any((start, project.state) in TRANSITIONS for start in starts), f"{before} led to {project.state}"


def _four_eyes_hold(own: Sequence[Recorded]) -> None:
    project = Project(own[0].stream_id)
    for fact in own:
        if isinstance(fact.event, ProjectAuthorized):
            assert fact.actor not in project.proposers
        if isinstance(fact.event, ForecastApproved):
            assert fact.actor != project.books.proposals[fact.event.proposal].proposer
        project.take(fact)


def _promises_hold(own: Sequence[Recorded]) -> None:
    """Nobody's time is promised beyond what there was then, unless somebody said why it has to be."""
    for place, fact in enumerate(own):
        if isinstance(fact.event, ResourceAssigned) and not fact.event.override:
            before, last = fold(Resource, fact.stream_id, own[:place]), fact.event.ends_on or LAST_DAY
            bookings = booked(before.bookings, fact.event)
            over = next(iter(excesses(bookings, before.availability.capacity, fact.event.starts_on, last)), None)
            assert over is None, f"{fact.stream_id} is promised twice: {over}"


def _no_circle(project: Project, states: Mapping[UUID, Aggregate]) -> None:
    seen, at = {project.id}, project.parent
    while at:
        assert at not in seen, f"{project.id} belongs to itself"
        seen.add(at)
        above = states[at]
        at = above.parent if isinstance(above, Project) else None


def must_be_told_again(facts: Sequence[Recorded]) -> None:
    """What is written down and read back is written down the same again, and tells the same."""
    written = [_document(fact) for fact in facts]
    again = [decode(document, fact.position) for document, fact in zip(written, facts, strict=True)]
    assert [_document(fact) for fact in again] == written
    assert plain(states_of(streams_of(again))) == plain(states_of(streams_of(facts)))


def plain(value: Any) -> Any:
    """A state as what it is made of, so that two can be compared whatever their classes call equal."""
    if isinstance(value, Recorded):
        return value.event_id
    if isinstance(value, BaseModel):
        return value.model_dump()
    if hasattr(value, "__dict__") and not isinstance(value, type | Enum):
        return {name: plain(member) for name, member in vars(value).items()}
    if isinstance(value, Mapping):
        return {name: plain(member) for name, member in value.items()}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def _document(fact: Recorded) -> bytes:
    return encode(_as_fact(fact), fact.version, fact.stored_at)


def _as_fact(fact: Recorded) -> Fact:
    return Fact(
        fact.event_id, fact.stream_id, fact.event, fact.occurred_at, fact.recorded_at, fact.actor, fact.role,
        fact.correlation_id, fact.causation_id, fact.inputs_position,
    )  # fmt: skip


def must_say_what_is_possible(status: int, problem: Mapping[str, Any]) -> None:
    """A refusal names the bad members, the roles, the state and its moves, or in a sentence what can be done."""
    detail = problem["detail"]
    if status == 422 and problem.get("title") == "Idempotency key used before":
        assert "key" in detail
    elif status == 422:
        assert problem["errors"], detail
        for error in problem["errors"]:
            assert error["pointer"] == "" or error["pointer"].startswith(("/", "header:")), error
            assert error["detail"], error
    elif status == 409 and "state" in problem:
        assert problem["allowed_moves"] == list(verbs_from(State(problem["state"]))), detail
    elif status == 409:
        assert POSSIBLE.search(detail), f"says nothing of what is possible: {detail}"
    elif status == 403:
        assert problem.get("roles") or "another" in detail, detail
    else:
        assert status in {404, 412}, (status, detail)
