"""What is selected can be paid for: with all that was selected before, it keeps to the budget of each portfolio."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.money import Money, Rates
from domain.kernel.rationale import Rationale
from domain.kernel.refusal import Refused, Scoped
from domain.portfolio.portfolio import Portfolio
from domain.processes.policies import holders, require_a_code
from domain.project.books import told
from domain.project.commands import SelectProject
from domain.project.costs import cost
from domain.project.events import ForcedIn
from domain.project.project import Project
from domain.project.words import RELEASED, State

COMMITTED = (State.SELECTED, *RELEASED)
"""States in which what a component costs is taken out of the budget."""
Chosen = tuple[Project, Sequence[Portfolio]]
"""A component that is selected, and the portfolios whose budgets it has to keep to."""


@dataclass(frozen=True)
class Overdrawn:
    """A budget that does not reach for a project; `missing` are others of which nobody said what they cost."""

    project: Project
    portfolio: Portfolio
    budget: Money
    committed: Money
    cost: Money
    missing: Sequence[UUID]

    @property
    def left(self) -> Money:
        """What nothing is committed to yet; below 0 if the budget is overdrawn as it is."""
        return _less(self.budget, self.committed)


class Unaffordable(Scoped):
    """The budget does not reach (409): the figures, and what would be possible."""

    def __init__(self, over: Overdrawn) -> None:
        left, name = over.left, over.project.values.get("name") or over.project.id
        possible = f"a cost of at most {told(left)}, " if left.amount > 0 else ""
        needed = Money(amount=over.committed.amount + over.cost.amount, currency=over.budget.currency)
        figures = ("budget", "committed", "cost", "left")
        super().__init__(
            f"{over.portfolio.name} may spend {told(over.budget)} and has committed {told(over.committed)}; "
            f"{name} costs {told(over.cost)}, {told(_less(over.cost, left))} more than is left. "
            f"Possible: {possible}a budget of at least {told(needed)}, or force_in with its reason.",
            portfolio=str(over.portfolio.id),
            project=str(over.project.id),
            **{figure: getattr(over, figure).model_dump(mode="json") for figure in figures},
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
    """It is chosen, within the budget of every portfolio that holds it or with a reason to force it in."""

    def decide(read: Reading) -> Facts:
        project = read(Project, project_id)
        selected = project.select(command, read.occasion)
        return [*forced_in(read, [(project, holders(read, project_id))], command.force_in), (project_id, selected)]

    return decide


def forced_in(read: Reading, chosen: Sequence[Chosen], why: Rationale | None, leaving: Collection[UUID] = ()) -> Facts:
    """The decisions that force components in for which a budget does not reach; `leaving` need their money no more.

    Raises `Refused` with the figures if a budget does not reach and there is no reason, or for a reason that nothing
    asks for. A cost that is not known cannot break a budget.
    """
    over = list(_overdrawn(read, chosen, leaving))
    if why is None and over:
        raise Unaffordable(over[0])
    if why is None:
        return []
    if not over:
        raise Refused("The budget reaches, and the reason to force it in would be lost; leave it out.")
    require_a_code([portfolio for _, portfolios in chosen for portfolio in portfolios], "override", why, "/force_in")
    return [
        (
            each.project.id,
            ForcedIn(
                portfolio=each.portfolio.id, budget=each.budget, committed=each.committed, cost=each.cost, why=why
            ),
        )
        for each in over
    ]


class _Purse:
    """What a portfolio may spend and has committed, apart from what moves now."""

    def __init__(self, read: Reading, portfolio: Portfolio, budget: Money, moving: Collection[UUID]) -> None:
        self.portfolio = portfolio
        self.budget = budget
        self._rates, self._day = Rates(budget.currency, portfolio.quoted), read.moment.date()
        known = {
            other.id: cost(other, self._rates, self._day)
            for other in _others(read, portfolio, moving)
            if other.state in COMMITTED
        }
        self._missing = [other for other, each in known.items() if each is None]
        self._committed = sum((each for each in known.values() if each is not None), Decimal(0))

    def pays(self, project: Project) -> Overdrawn | None:
        """Commit it to one more; what it lacks for that."""
        own, before = cost(project, self._rates, self._day), self._committed
        if own is None:
            return None
        self._committed += own
        if self._committed <= self.budget.amount:
            return None
        committed, needed = (Money(amount=amount, currency=self.budget.currency) for amount in (before, own))
        return Overdrawn(project, self.portfolio, self.budget, committed, needed, self._missing)


def _overdrawn(read: Reading, chosen: Sequence[Chosen], leaving: Collection[UUID]) -> Iterator[Overdrawn]:
    """Where a budget does not reach, one component after the other."""
    purses: dict[UUID, _Purse] = {}
    moving = {*leaving, *(project.id for project, _ in chosen)}
    for project, portfolios in chosen:
        for portfolio in portfolios:
            if (budget := portfolio.budget()) is None:
                continue
            if portfolio.id not in purses:
                purses[portfolio.id] = _Purse(read, portfolio, budget, moving)
            if over := purses[portfolio.id].pays(project):
                yield over


def _others(read: Reading, portfolio: Portfolio, moving: Collection[UUID]) -> list[Project]:
    """What else it holds.

    What work is under way on may change meanwhile; that nothing else is selected is checked on append.
    """
    others = read.glance(Project, [member for member in portfolio.members if member not in moving])
    for other in others:
        if other.state not in RELEASED:
            read.new(Project, other.id)
    return others


def _less(one: Money, other: Money) -> Money:
    return Money(amount=one.amount - other.amount, currency=one.currency)
