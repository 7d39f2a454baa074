"""Decisions on a component are held to the policies of the portfolios that hold it."""

from collections.abc import Callable, Sequence
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
            return [*overridden(read, portfolios, project_id, enters, command), *facts]

        return decide_held

    return decide_held_for


def holders(read: Reading, project_id: UUID) -> list[Portfolio]:
    """The portfolios that hold a component."""
    return [portfolio for portfolio in read.about(project_id, Portfolio) if project_id in portfolio.members]


class Full(NamedTuple):
    """A state in which as many components of a portfolio are as may be."""

    portfolio: Portfolio
    state: State
    limit: int
    number: int


def overridden(
    read: Reading, portfolios: Sequence[Portfolio], project_id: UUID, enters: State | None, command: Any
) -> Facts:
    """The decisions that let a component into a state that is full; none if there is room everywhere.

    Raises `Refused` if it is full and the command has no `override`, or has one that nothing needs.
    """
    why = command.override if isinstance(command, Entering) else None
    full = [found for each in portfolios if enters and (found := _full(read, each, project_id, enters))]
    if why is None and full:
        raise _refusal(full[0])
    if why is None:
        return []
    if not full:
        raise Refused("No limit stands in the way, and the reason to override one would be lost; leave it out.")
    require_a_code(portfolios, "override", why, "/override")
    return [
        (project_id, LimitOverridden(portfolio=at.id, state=s, limit=li, number=n, why=why)) for at, s, li, n in full
    ]


def _full(read: Reading, portfolio: Portfolio, project_id: UUID, state: State) -> Full | None:
    """How full the state is without the component, if there is no room for it; other states are not counted.

    Whoever is there may leave meanwhile; that nobody else comes is checked on append.
    """
    limit = portfolio.policy.limit(state)
    if limit is None:
        return None
    others = read.glance(Project, [member for member in portfolio.members if member != project_id])
    elsewhere = [other for other in others if other.state is not state]
    for other in elsewhere:
        read.new(Project, other.id)
    number = len(others) - len(elsewhere)
    return Full(portfolio, state, limit, number) if number >= limit else None


def _refusal(full: Full) -> Refused:
    portfolio, state, limit, number = full
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
