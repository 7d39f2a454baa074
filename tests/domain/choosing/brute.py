"""Selections by trying everything: written from the words of the constraints alone."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from typing import Any

Body = dict[str, Any]
Plan = dict[str, int]
"""Who is in, and the place of the period it starts in."""


def plans(body: Body) -> Iterator[Plan]:
    """Every way to select and to start."""
    periods = body["periods"]
    ways = []
    for each in body["candidates"]:
        first = periods.index(each.get("earliest") or periods[0])
        last = periods.index(each["latest"]) if each.get("latest") else first
        ways.append([None, *range(first, last + 1)])
    names = [each["project"] for each in body["candidates"]]
    for way in product(*ways):
        yield {name: start for name, start in zip(names, way, strict=True) if start is not None}


def value(body: Body, plan: Plan) -> Decimal:
    """What a plan is worth."""
    candidates = (each for each in body["candidates"] if each["project"] in plan)
    return sum((worth(body, each, plan[each["project"]]) for each in candidates), Decimal(0))


def worth(body: Body, each: Body, start: int) -> Decimal:
    first = body["periods"].index(each.get("earliest") or body["periods"][0])
    return Decimal(each["value"]) - Decimal(each.get("loss_per_period", 0)) * (start - first)


def _spent(body: Body, plan: Plan, limit: Body) -> Decimal:
    periods, category = body["periods"], limit.get("category")
    first = periods.index(limit["period"]) if limit.get("period") else 0
    last = periods.index(limit.get("through") or limit["period"]) if limit.get("period") else len(periods) - 1
    total = Decimal(0)
    for each in body["candidates"]:
        for cost in each.get("costs", []) if each["project"] in plan else []:
            on = plan[each["project"]] + cost.get("after", 0)
            if first <= on <= last and category in (None, cost["category"]):
                total += Decimal(cost["money"]["amount"])
    return total


def _staffed(body: Body, plan: Plan, role: str, period: str) -> Decimal:
    total = Decimal(0)
    for each in body["candidates"]:
        for need in each.get("needs", []) if each["project"] in plan else []:
            if need["role"] == role and body["periods"][plan[each["project"]] + need.get("after", 0)] == period:
                total += Decimal(need["amount"])
    return total


def keeps(body: Body, plan: Plan) -> bool:
    """Whether a plan keeps every constraint."""
    money = all(_spent(body, plan, each) <= Decimal(each["money"]["amount"]) for each in body.get("budgets", []))
    people = all(
        _staffed(body, plan, each["role"], period) <= Decimal(each["amount"])
        for each in body.get("capacities", [])
        for period in ([each["period"]] if each.get("period") else body["periods"])
    )
    return money and people and _is_logical(body, plan) and _serves(body, plan)


def _is_logical(body: Body, plan: Plan) -> bool:
    return (
        all(each["project"] in plan for each in body.get("mandatory", []))
        and all(each["project"] not in plan for each in body.get("excluded", []))
        and all(each["project"] not in plan or each["needs"] in plan for each in body.get("requires", []))
        and all(not {each["project"], each["other"]} <= plan.keys() for each in body.get("excludes", []))
        and all(
            (each.get("at_least") or 0) <= len(plan.keys() & set(each["projects"])) <= _most(each)
            for each in body.get("groups", [])
        )
    )


def _most(group: Body) -> int:
    return 99 if group.get("at_most") is None else int(group["at_most"])


def _serves(body: Body, plan: Plan) -> bool:
    for goal in body.get("goals", []):
        whole = served = Decimal(0)
        for each in body["candidates"]:
            if each["project"] not in plan:
                continue
            own = (
                worth(body, each, plan[each["project"]])
                if goal.get("of") == "value"
                else sum(Decimal(cost["money"]["amount"]) for cost in each.get("costs", []))
            )
            own = own if own > 0 else Decimal(0)
            whole += own
            served += own * Decimal(each.get("goals", {}).get(goal["goal"], 0))
        if served < Decimal(goal.get("at_least", 0)) * whole:
            return False
    return True


def best(body: Body, project: str | None = None) -> Decimal | None:
    """The most value of all plans that keep the constraints (and have a project in); `None` if none does."""
    found = (plan for plan in plans(body) if project is None or project in plan)
    return max((value(body, plan) for plan in found if keeps(body, plan)), default=None)
