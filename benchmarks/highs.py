"""The rival of a selection: plain HiGHS on the same instance, its rows written from the words, in floats, unchecked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import highspy
from highspy._core import _Highs as Highs  # the class that is exported prints a banner

Row = tuple[float, float, dict[int, float]]
"""Low, high, and the coefficient of each candidate."""
NONE = highspy.kHighsInf
Body = Mapping[str, Any]


@dataclass(frozen=True)
class Rival:
    """How it ended; `gap_percent` is 0 if proven."""

    seconds: float
    value: float
    gap_percent: float


def plain(body: Body, seconds: float) -> Rival:
    """One search with the defaults of HiGHS but for the gap, which is to be closed as ours is."""
    began = perf_counter()
    model = _model(body)
    model.setOptionValue("time_limit", seconds)
    return _run(model, began)


def plain_frontier(body: Body, seconds: float, amounts: list[float]) -> list[Rival]:
    """A search for each amount of the first budget, each with its part of the seconds, all in one model."""
    model, found = _model(body), []
    for amount in amounts:
        began = perf_counter()
        model.changeRowBounds(0, -NONE, amount)
        model.setOptionValue("time_limit", seconds / len(amounts))
        found.append(_run(model, began))
    return found


def _run(model: Highs, began: float) -> Rival:
    model.run()
    info = model.getInfo()
    return Rival(perf_counter() - began, info.objective_function_value, info.mip_gap * 100)


def _model(body: Body) -> Highs:
    model = Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("mip_rel_gap", 0.0)
    count = len(body["candidates"])
    model.addVars(count, [0.0] * count, [1.0] * count)
    for number, candidate in enumerate(body["candidates"]):
        model.changeColIntegrality(number, highspy.HighsVarType.kInteger)
        model.changeColCost(number, float(candidate["value"]))
    model.changeObjectiveSense(highspy.ObjSense.kMaximize)
    for low, high, terms in _rows(body):
        model.addRow(low, high, len(terms), list(terms), list(terms.values()))
    return model


def _rows(body: Body) -> Iterator[Row]:
    candidates, periods = body["candidates"], body["periods"]
    place = {each["project"]: number for number, each in enumerate(candidates)}
    for budget in body["budgets"]:
        wanted = [periods.index(budget["period"])] if budget["period"] else list(range(len(periods)))
        spent = {n: sum(_money(c) for c in each["costs"] if c["after"] in wanted) for n, each in enumerate(candidates)}
        yield -NONE, _money(budget), spent
    for capacity in body["capacities"]:
        wanted = [periods.index(capacity["period"])]
        yield -NONE, float(capacity["amount"]), _needed(body, capacity["role"], wanted)
    for pair in body["requires"]:
        yield -NONE, 0.0, {place[pair["project"]]: 1.0, place[pair["needs"]]: -1.0}
    for pair in body["excludes"]:
        yield -NONE, 1.0, {place[pair["project"]]: 1.0, place[pair["other"]]: 1.0}
    for goal in body["goals"]:
        least, name = float(goal["at_least"]), goal["goal"]
        cost = {n: sum(map(_money, each["costs"])) for n, each in enumerate(candidates)}
        yield 0.0, NONE, {n: cost[n] * ((name in each["goals"]) - least) for n, each in enumerate(candidates)}


def _needed(body: Body, role: str, wanted: list[int]) -> dict[int, float]:
    needed = {}
    for number, each in enumerate(body["candidates"]):
        own = [float(n["amount"]) for n in each["needs"] if n["role"] == role and n["after"] in wanted]
        if own:
            needed[number] = sum(own)
    return needed


def _money(holder: Mapping[str, Any]) -> float:
    return float(holder["money"]["amount"])
