"""The amounts that a move names: told in a currency that counts, and never another answer than the months give."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.money import Money, Rates
from domain.kernel.refusal import Invalid
from domain.processes.money import above
from domain.processes.policies import holders
from domain.project.books import told
from domain.project.forecast import Forecast
from domain.project.money_events import Figure
from domain.project.project import Project

DecideFor = Callable[[UUID, Any], Decide]
FIGURES = {"forecast": Figure.FORECAST, "actual_cost": Figure.ACTUAL, "sunk_cost": Figure.ACTUAL}
"""What a single amount says that months may have said before."""
AMOUNTS = ("budget", "cost", *FIGURES)
SET_BY = {Figure.FORECAST: "set-forecast", Figure.ACTUAL: "record-actuals"}


def weighed(decide_for: DecideFor) -> DecideFor:
    """A decision on a component whose amounts can be counted beside everything else that is known of it."""

    def decide_weighed_for(project_id: UUID, command: Any) -> Decide:
        decide = decide_for(project_id, command)
        given = {name: money for name in AMOUNTS if isinstance(money := getattr(command, name, None), Money)}

        def decide_weighed(read: Reading) -> Facts:
            facts = decide(read)
            if wrong := dict(_wrong(read, read(Project, project_id), given)) if given else {}:
                raise Invalid(wrong)
            return facts

        return decide_weighed

    return decide_weighed_for


def _wrong(read: Reading, project: Project, given: dict[str, Money]) -> Iterator[tuple[str, str]]:
    for name, money in given.items():
        figure, home = FIGURES.get(name), _foreign_to(read, project, money)
        if home:
            expected = f"expected {home}, the portfolio's currency, or a currency with a rate on that day: set-rate"
            yield f"/{name}/currency", expected
        elif figure and project.books.currencies(figure):
            yield from _unlike_its_months(read, project, figure, name, money)
        elif figure is Figure.FORECAST:
            yield from _above(read, project, name, money)


def _foreign_to(read: Reading, project: Project, money: Money) -> str | None:
    """The currency of a portfolio that cannot count an amount, if there is one."""
    for portfolio in holders(read, project.id):
        worth = portfolio.rates().worth(money.amount, money.currency, read.moment.date())
        if portfolio.currency and worth is None:
            return portfolio.currency
    return None


def _unlike_its_months(
    read: Reading, project: Project, figure: Figure, name: str, money: Money
) -> Iterator[tuple[str, str]]:
    """What months come to holds; in several currencies it is counted as a portfolio that holds the project does."""
    homes = [Rates(currency) for currency in project.books.currencies(figure)]
    if len(homes) > 1:
        homes = [portfolio.rates() for portfolio in holders(read, project.id) if portfolio.currency]
    sums = [said for home in homes if (said := project.books.total(figure, home))]
    if sums and money not in sums:
        yield f"/{name}", f"its months come to {told(sums[0])}, which holds; expected that, or first {SET_BY[figure]}"


def _above(read: Reading, project: Project, name: str, money: Money) -> Iterator[tuple[str, str]]:
    for threshold, change in above(read, project, Forecast({}, money)):
        moved = f"a change of {told(change)}" if change else "a change for which a rate is missing"
        limit = f"{moved} is above the threshold of {told(threshold)}"
        yield f"/{name}", f"{limit} and needs a second person; leave it out and set-forecast"
