"""Premises of decisions, watched: what each comes to now, and which fact broke it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from domain.kernel.premises import Premise, Watched
from domain.premises import broken_by
from projections.bounds import View
from projections.figures import figure_of
from projections.goals import part_text
from projections.paging import Answer
from projections.replay import Figure, Replay, load


class Resting(NamedTuple):
    """A premise, and the position of the decision that rests on it."""

    premise: Premise
    decided: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a premise comes to; `holds` is `None` if that cannot be told, or not to this caller.

    `broken_by` is the position of the fact since which it fails, if it does and held, or could not be told, before.
    """

    value: Decimal | None = None
    currency: str | None = None
    holds: bool | None = None
    broken_by: int | None = None


def watched(view: View, resting: Iterable[Resting]) -> dict[Resting, Standing]:
    """How each premise stands within the bounds. What is out of the caller's scope is not told."""
    asked = list(dict.fromkeys(resting))
    seen = [each for each in asked if all(view.sees(thing) for _, thing in each.premise.things())]
    whole = replace(view, scope=None)  # a figure is the same whoever asks
    figures = {what: figure_of(whole, what) for what in dict.fromkeys(each.premise.what for each in seen)}
    load(whole, figures.values())
    found = {each: _now(each, figures[each.premise.what]) for each in seen}
    broken = sorted((each for each in seen if found[each].holds is False), key=lambda each: each.decided)
    for what, figure in figures.items():
        if own := [each for each in broken if each.premise.what == what]:
            for each, position in _breakers(whole, figure, own):
                found[each] = replace(found[each], broken_by=position)
    return {each: found.get(each, Standing()) for each in asked}


def told(premise: Premise, standing: Standing, names: Mapping[UUID, str | None]) -> Answer:
    """A premise with what it comes to, and in a sentence."""
    value = _text(premise, standing.value)
    return {
        **dict.fromkeys(Premise.model_fields),
        **premise.model_dump(mode="json"),
        "value": value,
        "currency": standing.currency,
        "holds": standing.holds,
        "sentence": _sentence(premise, standing, names),
    }


def _sentence(premise: Premise, standing: Standing, names: Mapping[UUID, str | None]) -> str:
    """Budget left of Digital is GBP -20.00; it has to be at least 0."""
    about = [names.get(thing) or f"a {kind}" for kind, thing in premise.things()]
    role = f" of {premise.role}" if premise.role else ""
    bounds = [
        f"{word} {bound:f}"
        for word, bound in (("at least", premise.at_least), ("at most", premise.at_most))
        if bound is not None
    ]
    money = f"{standing.currency} " if standing.currency else ""
    known = _text(premise, standing.value)
    value = f"is {money}{known}" if known is not None else "cannot be told"
    what = premise.figure.replace("_", " ")
    return f"{what.capitalize()}{role} of {' and '.join(about)} {value}; it has to be {' and '.join(bounds)}."


def _text(premise: Premise, value: Decimal | None) -> str | None:
    """A part of 1 without needless zeros, whatever else to its last digit."""
    if value is None:
        return None
    return part_text(value) if premise.figure in (Watched.GOAL_WEIGHT, Watched.ROLE_LOAD) else f"{value:f}"


def _now(each: Resting, figure: Figure) -> Standing:
    value = figure.value()
    return Standing(value, figure.currency(), each.premise.holds(value))


def _breakers(view: View, figure: Figure, broken: Sequence[Resting]) -> Iterator[tuple[Resting, int | None]]:
    """The fact that broke each of these premises of one figure; the earliest decision is in front."""
    course = list(course_of(view, figure, broken[0].decided))
    for each in broken:
        *_, (_, at_first) = (step for step in course if step[0] <= each.decided)
        yield each, broken_by(each.premise, at_first, (step for step in course if step[0] > each.decided))


def course_of(view: View, figure: Figure, since: int) -> Iterator[tuple[int, Decimal | None]]:
    """What the figure came to at a position, and behind each fact since that it rests on, in commit order."""
    replay = Replay(view, figure, since)
    yield since, figure.value()
    while (position := replay.ahead) is not None:
        replay.take()
        yield position, figure.value()
