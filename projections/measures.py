"""What the components of a portfolio can be laid out by: a measure tells a value of each, or what is missing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from domain.kernel.instants import from_micros
from domain.kernel.scoring import Aggregation
from projections.dated import occurred_at, value_of
from projections.holding import ALIGNMENT, ATTRIBUTE, CRITERION, GOAL, NAMES, RANK, SCORE, WORTH, Held
from projections.money import rates_in
from projections.number_board import number_in
from projections.project_board import cost_benefit_in


@dataclass(frozen=True)
class Measure:
    """Values of components by one word; of whom there is none, `lacking` says why.

    `low` and `high` are there if it has a scale; `first_is_high` where 1 is the best, as in ranks.
    """

    key: str
    name: str
    values: Mapping[UUID, Decimal]
    lacking: Callable[[UUID], str]
    unit: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    first_is_high: bool = False


def measure(held: Held, word: str) -> Measure | None:
    """The measure of a word that is offered, or of the bare name of one; `None` if there is none."""
    if word in NAMES:
        return _of_every_portfolio(held, word)
    if word == SCORE:
        return _of_score(held)
    if word.startswith(CRITERION):
        return _of_criterion(held, word)
    if word in WORTH:
        return _of_analysis(held, word)
    if word.startswith(GOAL):
        return _of_goal(held, word)
    if word.startswith(ATTRIBUTE):
        return _of_attribute(held, word)
    named = next((key for key, name in held.offered.items() if name.casefold() == word.casefold()), None)
    return measure(held, named) if named else None


def _of_every_portfolio(held: Held, word: str) -> Measure:
    if word == RANK:
        ranks = {each: Decimal(rank) for each, rank in held.ranks.items()}
        last = Decimal(max(2, len(ranks)))
        return Measure(word, NAMES[word], ranks, str, low=Decimal(1), high=last, first_is_high=True)
    if word == ALIGNMENT:
        sums = {each: sum(own.values(), Decimal(0)) for each, own in held.weights.items()}
        return Measure(word, NAMES[word], sums, lambda _: "contributes to no open goal")
    amounts, home = held.amounts(word), held.currency(word)
    return Measure(word, NAMES[word], _present(amounts.items()), lambda each: _no_money(held, each, word), home)


def _of_score(held: Held) -> Measure:
    """The score that holds under the model: an override, else what the scorers came to together."""
    known = _present((each, standing.score) for each, standing in held.standings.items())
    highest = held.model.said.highest if held.model else None

    def lacking(project: UUID) -> str:
        if held.model is None:
            return "no scoring model"
        return "score is incomplete" if held.standings[project].given else "not scored"

    low = None if highest is None else Decimal(0)
    return Measure(SCORE, "Score", known, lacking, low=low, high=highest)


def _of_criterion(held: Held, word: str) -> Measure:
    """What all whose scores count gave under one criterion, brought together as the model brings scores together."""
    name = word.removeprefix(CRITERION)
    how = held.model.said.aggregation if held.model else Aggregation.MEAN

    def lacking(project: UUID) -> str:
        if name not in held.criteria:
            return f"no scoring model that asks for {name}"
        standing = held.standings[project]
        some = any(name in cell[0]["values"] for cell in standing.given.values())
        return f"{name} not by every scorer" if some else f"no {name}"

    low, high = _scale(held, name)
    known = _present((each, standing.under_criterion(name, how)) for each, standing in held.standings.items())
    return Measure(word, name, known, lacking, low=low, high=high)


def _scale(held: Held, criterion: str) -> tuple[Decimal | None, Decimal | None]:
    """From where to where a criterion goes, if the model says so."""
    scales = held.model.said.criteria if held.model else ()
    return next(((each.low, each.high) for each in scales if each.name == criterion), (None, None))


def _no_money(held: Held, project: UUID, figure: str) -> str:
    """Why a component has no amount of a figure in the currency of the portfolio."""
    home, told = held.currency(figure), held.currencies(figure, project)
    if not told:
        return f"no {figure}"
    return f"no rate from {' and '.join(sorted(told - {home}))} to {home}" if home else "several currencies here"


def _of_goal(held: Held, word: str) -> Measure:
    """The weight in one goal; in one that is not open nothing has any."""
    goal = next((each for each in held.goals if word == f"{GOAL}{each}"), None)
    name = held.goal_names[goal] if goal else "goal"
    weights = {each: own[goal] for each, own in held.weights.items() if goal in own} if goal else {}
    lacking = f"does not contribute to {name}" if goal else "this goal is not open"
    return Measure(word, name, weights, lambda _: lacking, low=Decimal(0), high=Decimal(1))


def _of_analysis(held: Held, word: str) -> Measure:
    """A figure of the latest cost-benefit analyses; an amount by the rate of the day on which it was made."""
    home = held.currency("npv") if word == "npv" else None
    rates, latest = rates_in(held.own, home), cost_benefit_in(held.portfolio)

    def value(project: UUID) -> Decimal | None:
        told = held.worth[project]
        if told[word] is None or word != "npv":
            return None if told[word] is None else Decimal(told[word])
        made_on = from_micros(occurred_at(held.cells[project], latest)).date()
        return rates.worth(Decimal(told[word]), told["currency"], made_on)

    def lacking(project: UUID) -> str:
        told = held.worth.get(project)
        if told is None or told[word] is None:
            return f"no {WORTH[word].lower()}" if told else "no cost-benefit analysis"
        return f"no rate from {told['currency']} to {home}" if home else "several currencies here"

    return Measure(word, WORTH[word], _present((each, value(each)) for each in held.worth), lacking, home)


def _of_attribute(held: Held, word: str) -> Measure:
    name = word.removeprefix(ATTRIBUTE)
    values = _present((each, number_in(value_of(cells, word))) for each, cells in held.cells.items())

    def lacking(project: UUID) -> str:
        return f"no {name}" if value_of(held.cells[project], word) is None else f"{name} is no number"

    return Measure(word, name, values, lacking)


def _present(pairs: Iterable[tuple[UUID, Decimal | None]]) -> dict[UUID, Decimal]:
    return {each: value for each, value in pairs if value is not None}
