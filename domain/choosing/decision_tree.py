"""Decision trees: choices, chances and outcomes, rolled back to the best expected value. Pure.

Rolling back and the expected value of perfect information as in Raiffa, *Decision Analysis* (1968), and Hillier and
Lieberman, *Introduction to Operations Research*, chapter on decision analysis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import product
from math import prod
from typing import Annotated, Literal

from pydantic import Field

from domain.choosing.figures import NOTHING, WHOLE, GivenRate, Listed, Part, Some, cents, exchanger
from domain.kernel.money import Currency, Money
from domain.kernel.refusal import Invalid
from domain.kernel.types import Line, Strictly

DEEPEST = 40
MOST_NODES = 5_000
MOST_STATES = 20_000
"""Combinations of chances that perfect information is computed over."""


class Outcome(Strictly):
    """The end of a path: what it brings (or costs, below 0) beside what its branches did."""

    kind: Literal["outcome"]
    name: Line
    money: Money


class Option(Strictly):
    """One course of a choice; `money` is what taking it brings or costs."""

    name: Line
    money: Money | None = None
    then: Node | None = None


class Choice(Strictly):
    """Somebody decides."""

    kind: Literal["choice"]
    name: Line
    options: Some[Option]


class Possibility(Strictly):
    """One way a chance may turn out."""

    name: Line
    probability: Part
    money: Money | None = None
    then: Node | None = None


class Chance(Strictly):
    """Nobody decides; the probabilities sum to 1. Chances of one name are one event, seen from several places, none of
    them below another.
    """

    kind: Literal["chance"]
    name: Line
    outcomes: Some[Possibility]


Node = Annotated[Outcome | Choice | Chance, Field(discriminator="kind")]
for _model in (Option, Choice, Possibility, Chance):
    _model.model_rebuild()


class DecisionTree(Strictly):
    """A tree of money in one currency, from its root."""

    currency: Currency
    rates: Listed[GivenRate] = ()
    root: Node


class Step(Strictly):
    """A choice that the best course may come to, what is taken there, and what every option is worth.

    `after` are the branches taken so far; `worth` counts from here on.
    """

    after: tuple[str, ...]
    choice: str
    take: str
    worth: dict[str, Decimal]


class DecisionTreeResult(Strictly):
    """`expected_value` is that of the best course, `path` its choices from the root.

    `with_perfect_information` is the expected value of who knows how every chance turns out before choosing, `evpi`
    the most that knowing is worth; both are `null` where `evpi_untold` says why.
    """

    currency: Currency
    expected_value: Decimal
    path: tuple[Step, ...]
    with_perfect_information: Decimal | None
    evpi: Decimal | None
    evpi_untold: str | None = None


Told = Callable[[Money, str], Decimal]
State = Mapping[str, str]


def decision_tree(given: DecisionTree) -> DecisionTreeResult:
    """The best expected value, how it is reached, and what perfect information is worth.

    Raises `Invalid` for probabilities that do not sum to 1, options of one name, a chance below one of its name, a
    currency without a rate, and a tree deeper than 40 or larger than 5,000 nodes.
    """
    told = exchanger(given.currency, given.rates)
    events: dict[str, dict[str, Decimal]] = {}
    changing: set[str] = set()
    for number, (node, pointer, above) in enumerate(_nodes(given.root, "/root", ())):
        if len(above) >= DEEPEST or number >= MOST_NODES:
            raise Invalid({"/root": f"expected at most {DEEPEST} levels and {MOST_NODES:,} nodes"})
        _check(node, pointer, told)
        if isinstance(node, Chance):
            _must_be_open(node, pointer, above)
            chances = {each.name: each.probability for each in node.outcomes}
            if events.setdefault(node.name, chances) != chances:
                changing.add(node.name)
    value = _rolled_back(given.root, told)
    perfect, untold = _perfect(given.root, told, events, changing)
    return DecisionTreeResult(
        currency=given.currency,
        expected_value=cents(value),
        path=tuple(_path(given.root, told, ())),
        with_perfect_information=None if perfect is None else cents(perfect),
        evpi=None if perfect is None else cents(perfect) - cents(value),
        evpi_untold=untold,
    )


def _nodes(node: Node, pointer: str, above: tuple[Node, ...]) -> Iterator[tuple[Node, str, tuple[Node, ...]]]:
    """Every node with its pointer and the nodes above it."""
    yield node, pointer, above
    if len(above) >= DEEPEST or isinstance(node, Outcome):
        return
    for branch, at in _branches(node, pointer):
        if branch.then is not None:
            yield from _nodes(branch.then, f"{at}/then", (*above, node))


def _must_be_open(node: Chance, pointer: str, above: tuple[Node, ...]) -> None:
    """Raises `Invalid` for an event that has turned out further up: a second one of its kind is another event."""
    if any(isinstance(each, Chance) and each.name == node.name for each in above):
        told = f"expected a name of its own, for {node.name} has turned out on the way here; {node.name} 2, say"
        raise Invalid({f"{pointer}/name": told})


def _branches(node: Choice | Chance, pointer: str) -> Iterator[tuple[Option | Possibility, str]]:
    member = "options" if isinstance(node, Choice) else "outcomes"
    branches: tuple[Option | Possibility, ...] = node.options if isinstance(node, Choice) else node.outcomes
    for place, branch in enumerate(branches):
        yield branch, f"{pointer}/{member}/{place}"


def _check(node: Node, pointer: str, told: Told) -> None:
    if isinstance(node, Outcome):
        told(node.money, f"{pointer}/money")
        return
    seen = set()
    for branch, at in _branches(node, pointer):
        if branch.name in seen:
            raise Invalid({f"{at}/name": f"expected each branch of {node.name} once; {branch.name} comes twice"})
        seen.add(branch.name)
        if branch.money:
            told(branch.money, f"{at}/money")
    if isinstance(node, Chance):
        total = sum((each.probability for each in node.outcomes), NOTHING)
        if total != WHOLE:
            sentence = f"expected the probabilities of {node.name} to sum to 1; they sum to {total.normalize():f}"
            raise Invalid({f"{pointer}/outcomes": sentence})


def _money(branch: Option | Possibility, told: Told) -> Decimal:
    return told(branch.money, "") if branch.money else NOTHING


def _rolled_back(node: Node | None, told: Told) -> Decimal:
    """A choice is worth its best option, a chance the mean of what it may turn out to be."""
    if node is None:
        return NOTHING
    if isinstance(node, Outcome):
        return told(node.money, "")
    if isinstance(node, Choice):
        return max(_money(each, told) + _rolled_back(each.then, told) for each in node.options)
    return sum(
        (each.probability * (_money(each, told) + _rolled_back(each.then, told)) for each in node.outcomes), NOTHING
    )


def _path(node: Node | None, told: Told, after: tuple[str, ...]) -> Iterator[Step]:
    """The choices the best course comes to; of options worth the same the first."""
    if isinstance(node, Choice):
        worth = {each.name: _money(each, told) + _rolled_back(each.then, told) for each in node.options}
        best = max(node.options, key=lambda each: worth[each.name])
        amounts = {name: cents(amount) for name, amount in worth.items()}
        yield Step(after=after, choice=node.name, take=best.name, worth=amounts)
        yield from _path(best.then, told, (*after, best.name))
    elif isinstance(node, Chance):
        for each in node.outcomes:
            if each.probability:
                yield from _path(each.then, told, (*after, each.name))


def _perfect(
    root: Node, told: Told, events: Mapping[str, Mapping[str, Decimal]], changing: set[str]
) -> tuple[Decimal | None, str | None]:
    """The mean, over every way all chances together may turn out, of the best course in each."""
    if changing:
        names = ", ".join(sorted(changing))
        return None, f"the probabilities of {names} differ from branch to branch, so no single event can be foreseen"
    if prod(len(chances) for chances in events.values()) > MOST_STATES:
        return None, f"the chances combine in more than {MOST_STATES:,} ways"
    total = NOTHING
    for combined in product(*(chances.items() for chances in events.values())):
        state = {event: name for event, (name, _) in zip(events, combined, strict=True)}
        probability = prod((part for _, part in combined), start=WHOLE)
        total += probability * _foreseen(root, told, state)
    return total, None


def _foreseen(node: Node | None, told: Told, state: State) -> Decimal:
    if node is None:
        return NOTHING
    if isinstance(node, Outcome):
        return told(node.money, "")
    if isinstance(node, Choice):
        return max(_money(each, told) + _foreseen(each.then, told, state) for each in node.options)
    turned = next(each for each in node.outcomes if each.name == state[node.name])
    return _money(turned, told) + _foreseen(turned.then, told, state)
