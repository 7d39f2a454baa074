"""What is selected can be paid for: with all that was selected before, it keeps to the budget of each portfolio."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.money import Money, Rates
from domain.kernel.refusal import Refused, Scoped
from domain.portfolio.portfolio import Portfolio
from domain.processes.policies import holders, require_a_code
from domain.project.books import told
from domain.project.commands import SelectProject
from domain.project.costs import cost
from domain.project.events import ForcedIn
from domain.project.project import Project
from domain.project.words import RELEASED, State

COMMITTED = RELEASED | {State.SELECTED}
"""States in which what a component costs is taken out of the budget."""


class Overdrawn(NamedTuple):
    """A budget that does not reach; `missing` are components of which nobody said what they cost."""

    portfolio: Portfolio
    budget: Money
    committed: Money
    cost: Money
    missing: Sequence[UUID]

    @property
    def left(self) -> Money:
        """What nothing is committed to yet; below 0 if the budget is overdrawn as it is."""
        return less(self.budget, self.committed)


class Unaffordable(Scoped):
    """The budget does not reach (409): the figures, and what would be possible."""

    def __init__(self, over: Overdrawn) -> None:
        cost, left = told(over.cost), over.left
        possible = f"a cost of at most {told(left)}, " if left.amount > 0 else ""
        needed = Money(amount=over.committed.amount + over.cost.amount, currency=over.budget.currency)
        figures = {
            name: getattr(over, name).model_dump(mode="json") for name in ("budget", "committed", "cost", "left")
        }
        super().__init__(
            f"{over.portfolio.name} may spend {told(over.budget)} and has committed {told(over.committed)}; "
            f"this one costs {cost}, {told(less(over.cost, left))} more than is left. "
            f"Possible: {possible}a budget of at least {told(needed)}, or force_in with its reason.",
            portfolio=str(over.portfolio.id),
            **figures,
            missing=[str(each) for each in over.missing],
        )
        self._portfolio = over.portfolio.id

    def seen_by(self, sees: Callable[[UUID], bool]) -> Refused:
        """Without the figures of a portfolio that is not known."""
        if sees(self._portfolio):
            return self
        return Refused(
            "The budget of another portfolio that holds it does not reach. Possible: force_in with its reason."
        )


def select(project_id: UUID, command: SelectProject) -> Decide:
    """It is chosen, within the budget of every portfolio that holds it or with a reason to force it in.

    Raises `Refused` with the figures if the budget does not reach, or for a reason that nothing asks for. A cost that
    is not known cannot break a budget.
    """

    def decide(read: Reading) -> Facts:
        project = read(Project, project_id)
        selected = project.select(command, read.occasion)
        portfolios, why = holders(read, project_id), command.force_in
        over = [found for each in portfolios if (found := overdrawn(read, each, project))]
        if why is None and over:
            raise Unaffordable(over[0])
        if why and not over:
            raise Refused("The budget reaches, and the reason to force it in would be lost; leave it out.")
        require_a_code(portfolios, "override", why, "/force_in")
        forced = [
            ForcedIn(portfolio=each.portfolio.id, budget=each.budget, committed=each.committed, cost=each.cost, why=why)
            for each in over
            if why
        ]
        return [(project_id, fact) for fact in (*forced, selected)]

    return decide


def overdrawn(read: Reading, portfolio: Portfolio, project: Project) -> Overdrawn | None:
    """What a portfolio's budget lacks for one more component; `None` if it reaches or there is none.

    What work is under way on may change meanwhile; that nothing else is selected is checked on append.
    """
    budget = portfolio.budget()
    if budget is None:
        return None
    rates, day = Rates(budget.currency, portfolio.quoted), read.moment.date()
    own = cost(project, rates, day)
    if own is None:
        return None
    others = read.glance(Project, [member for member in portfolio.members if member != project.id])
    for other in others:
        if other.state not in RELEASED:
            read.new(Project, other.id)
    known = {other.id: cost(other, rates, day) for other in others if other.state in COMMITTED}
    committed = sum((each for each in known.values() if each is not None), Decimal(0))
    if committed + own <= budget.amount:
        return None
    missing = [other for other, each in known.items() if each is None]
    taken, needed = (Money(amount=amount, currency=budget.currency) for amount in (committed, own))
    return Overdrawn(portfolio, budget, taken, needed, missing)


def less(one: Money, other: Money) -> Money:
    """The difference of two amounts in one currency."""
    return Money(amount=one.amount - other.amount, currency=one.currency)
