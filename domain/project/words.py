"""States of a project, the moves between them, and its reason codes."""

from enum import StrEnum
from functools import cache
from typing import Annotated, NamedTuple

from pydantic import Strict

from domain.kernel.types import one_of


class State(StrEnum):
    """Where a component stands in its lifecycle."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_EVALUATION = "under_evaluation"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    SELECTED = "selected"
    AUTHORIZED = "authorized"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


LIVE = frozenset(
    {
        State.DRAFT,
        State.SUBMITTED,
        State.UNDER_EVALUATION,
        State.DEFERRED,
        State.SELECTED,
        State.AUTHORIZED,
        State.ACTIVE,
        State.ON_HOLD,
    }
)

REPORTING = LIVE - {State.ON_HOLD}
"""States in which a declared health counts: what is on hold is no more on track than what has ended."""

UNDER_WAY = (State.DRAFT, State.SUBMITTED, State.UNDER_EVALUATION)
"""States before a proposal is decided, in which its business case may change."""


GIVEN_UP = frozenset({State.REJECTED, State.CANCELLED})
"""States in which a component brings nothing."""


RELEASED = (State.AUTHORIZED, State.ACTIVE, State.ON_HOLD)
"""States in which the board has released a budget."""


FINISHED = (State.COMPLETED, State.CLOSED)
"""States in which its work is done."""


class Kind(StrEnum):
    """What sort of component it is."""

    PROGRAM = "program"
    PROJECT = "project"
    OPERATIONS = "operations"


class Health(StrEnum):
    """How the component is doing, as declared."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    NO_UPDATE = "no_update"


class Allocations(StrEnum):
    """What happens to the people of a paused component."""

    KEEP = "keep"
    RELEASE = "release"


class RegisterState(StrEnum):
    """What became of a risk or an issue; only a risk can occur."""

    OPEN = "open"
    CLOSED = "closed"
    OCCURRED = "occurred"


class DependencyKind(StrEnum):
    """What of another component has to come before what of this one."""

    FINISH_TO_START = "finish_to_start"


class Met(StrEnum):
    """Whether what a component needs has finished; it is broken if that was given up."""

    OPEN = "open"
    MET = "met"
    BROKEN = "broken"


class BenefitStatus(StrEnum):
    """Where a benefit stands: tracked once its component is completed, given up if that was rejected or cancelled."""

    PLANNED = "planned"
    TRACKED = "tracked"
    REVIEWED = "reviewed"
    GIVEN_UP = "given_up"


StateWord = Annotated[State, Strict(False), one_of(State)]
KindWord = Annotated[Kind, Strict(False), one_of(Kind)]
HealthWord = Annotated[Health, Strict(False), one_of(Health)]
DependencyWord = Annotated[DependencyKind, Strict(False), one_of(DependencyKind)]
AllocationsWord = Annotated[Allocations, Strict(False), one_of(Allocations)]


class Move(NamedTuple):
    """One row of the lifecycle: from which states a verb leads where."""

    sources: tuple[State, ...]
    target: State


S = State
MOVES: dict[str, Move] = {
    "submit": Move((S.DRAFT,), S.SUBMITTED),
    "withdraw": Move((S.DRAFT, S.SUBMITTED), S.CANCELLED),
    "evaluate": Move((S.SUBMITTED, S.DEFERRED), S.UNDER_EVALUATION),
    "recycle": Move((S.UNDER_EVALUATION,), S.SUBMITTED),
    "reject": Move((S.SUBMITTED, S.UNDER_EVALUATION, S.SELECTED, S.DEFERRED), S.REJECTED),
    "defer": Move((S.SUBMITTED, S.UNDER_EVALUATION, S.SELECTED, S.AUTHORIZED), S.DEFERRED),
    "select": Move((S.UNDER_EVALUATION, S.DEFERRED), S.SELECTED),
    "deselect": Move((S.SELECTED,), S.UNDER_EVALUATION),
    "authorize": Move((S.SELECTED,), S.AUTHORIZED),
    "activate": Move((S.AUTHORIZED,), S.ACTIVE),
    "pause": Move((S.ACTIVE,), S.ON_HOLD),
    "resume": Move((S.ON_HOLD,), S.ACTIVE),
    "complete": Move((S.ACTIVE, S.ON_HOLD), S.COMPLETED),
    "close": Move((S.COMPLETED,), S.CLOSED),
    "cancel": Move((S.AUTHORIZED, S.ACTIVE, S.ON_HOLD), S.CANCELLED),
    "reopen": Move((S.REJECTED, S.CANCELLED), S.UNDER_EVALUATION),
}
"""The lifecycle table: every verb that leads from one state to another."""

TRANSITIONS = frozenset((source, move.target) for move in MOVES.values() for source in move.sources)
"""Every (from, to) pair that is a row of the lifecycle table."""

THE_SCORING_MODEL = "standard"
"""The one scoring model there is, in versions. Facts hold the name, so it can never be spelled otherwise."""

REASON_CODES: dict[str, tuple[str, ...]] = {
    "select": ("strategic_fit", "regulatory_mandate", "roi", "risk_reduction", "enabler", "executive_directive"),
    "reject": (
        "low_value",
        "no_fit",
        "duplicate",
        "unaffordable",
        "no_capacity",
        "too_risky",
        "infeasible",
        "below_waterline",
    ),
    "pause": (
        "resource_conflict",
        "budget_freeze",
        "blocked_by_dependency",
        "awaiting_decision",
        "strategy_shift",
        "external_event",
    ),
    "cancel": (
        "business_case_failed",
        "no_longer_aligned",
        "over_budget",
        "delivered_elsewhere",
        "infeasible",
        "external_event",
    ),
}
REASON_CODES["defer"] = REASON_CODES["pause"]
REASON_CODES["override"] = ("data_error", "judgement", "mandate")
"""Reason codes by verb; a verb without a list takes any code, its text says what changed."""


@cache
def verbs_from(state: State | None) -> tuple[str, ...]:
    """The verbs that lead out of a state, in the order of the lifecycle table."""
    return tuple(verb for verb, move in MOVES.items() if state in move.sources)
