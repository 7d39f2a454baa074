"""Decisions on a component are held to the policies of the portfolios that hold it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from domain.kernel.command import Entering
from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.rationale import Rationale, require_code
from domain.kernel.refusal import Refused
from domain.portfolio.policy import require_evidence
from domain.portfolio.portfolio import Portfolio
from domain.project.events import LimitOverridden, Moved
from domain.project.project import Project
from domain.project.words import REASON_CODES, State

DecideFor = Callable[[UUID, Any], Decide]


def held(verb: str, decide_for: DecideFor) -> DecideFor:
    """A decision on a component: with a reason code that holds there, the evidence asked for, and room in the state."""

    def decide_held_for(project_id: UUID, command: Any) -> Decide:
        decide = decide_for(project_id, command)

        def decide_held(read: Reading) -> Facts:
            facts = decide(read)
            if not facts:
                return facts
            project, portfolios = read(Project, project_id), holders(read, project_id)
            *_, event = (event for stream, event in facts if stream == project_id)
            require_a_code(portfolios, verb, event.why)
            require_evidence([each.policy for each in portfolios], verb, event.why, project.documents())
            enters = event.target if isinstance(event, Moved) and event.target is not project.state else None
            entering = [Entrance(project_id, portfolios, enters)] if enters else []
            return [*overridden(read, entering, command), *facts]

        return decide_held

    return decide_held_for


def holders(read: Reading, project_id: UUID) -> list[Portfolio]:
    """The portfolios that hold a component."""
    return [portfolio for portfolio in read.about(project_id, Portfolio) if project_id in portfolio.members]


class Entrance(NamedTuple):
    """A component that comes into a state of the portfolios that hold it."""

    project: UUID
    portfolios: Sequence[Portfolio]
    state: State


class Full(NamedTuple):
    """A state in which as many components of a portfolio are as may be."""

    project: UUID
    portfolio: Portfolio
    state: State
    limit: int
    number: int


def overridden(read: Reading, entering: Sequence[Entrance], command: Any) -> Facts:
    """The decisions that let components into states that are full; none if there is room everywhere.

    Raises `Refused` if one is full and the command has no `override`, or has one that nothing needs.
    """
    why = command.override if isinstance(command, Entering) else None
    full = list(_full(read, entering))
    if why is None and full:
        raise _refusal(full[0])
    if why is None:
        return []
    if not full:
        raise Refused("No limit stands in the way, and the reason to override one would be lost; leave it out.")
    require_a_code([portfolio for each in entering for portfolio in each.portfolios], "override", why, "/override")
    return [
        (project, LimitOverridden(portfolio=at.id, state=state, limit=limit, number=number, why=why))
        for project, at, state, limit, number in full
    ]


def _full(read: Reading, entering: Sequence[Entrance]) -> Iterator[Full]:
    """Where there is no room any more, one component after the other."""
    numbers: dict[tuple[UUID, State], int] = {}
    moving = {each.project for each in entering}
    for project, portfolios, state in entering:
        for portfolio in portfolios:
            limit = portfolio.policy.limit(state)
            if limit is None:
                continue
            at = portfolio.id, state
            if at not in numbers:
                numbers[at] = _number(read, portfolio, moving, state)
            if numbers[at] >= limit:
                yield Full(project, portfolio, state, limit, numbers[at])
            numbers[at] += 1


def _number(read: Reading, portfolio: Portfolio, moving: Collection[UUID], state: State) -> int:
    """How many others are in the state.

    Whoever is there may leave meanwhile; that nobody else comes is checked on append.
    """
    others = read.glance(Project, [member for member in portfolio.members if member not in moving])
    elsewhere = [other for other in others if other.state is not state]
    for other in elsewhere:
        read.new(Project, other.id)
    return len(others) - len(elsewhere)


def _refusal(full: Full) -> Refused:
    _, portfolio, state, limit, number = full
    told = state.replace("_", " ")
    return Refused(
        f"{portfolio.name} lets {limit} be {told} at once, and {number} {'is' if number == 1 else 'are'}. "
        f"Another can follow once one has left that state, or with an override and its reason.",
        state=state,
        limit=limit,
        number=number,
    )


def require_a_code(
    portfolios: Sequence[Portfolio], verb: str, why: Rationale | None, pointer: str = "/rationale"
) -> None:
    """Raises `Invalid` for a reason whose code is neither one of the verb nor one that a portfolio adds to it."""
    further = (code for each in portfolios for code in each.policy.codes(verb))
    if why:
        require_code(why, dict.fromkeys((*REASON_CODES.get(verb, ()), *further)), pointer)
