"""What a solution says of each component: in or out, from when, and what kept it out. Pure, over what was kept."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from projections.paging import Answer

Solution = Mapping[str, Any]
"""The members `inputs`, `result` and `missing` of what a scenario was solved to."""


def verdicts(solution: Solution) -> list[Answer]:
    """One row a component, from rank 1 down; those of which something is missing last."""
    inputs, result = solution["inputs"], solution["result"]
    inside = {each["project"]: each for each in result["selected"]}
    outside = {each["project"]: each for each in result["losers"]}
    forced = {each["project"]: each["reason"] for each in inputs.get("mandatory", ())}
    ruled_out = {each["project"]: each["reason"] for each in inputs.get("excluded", ())}
    lacks = {each["project"]: each["sentence"] for each in solution["missing"]}
    rows = []
    for each in inputs["candidates"]:
        project = each["project"]
        loser = outside.get(project, {"kept_out": (), "let_in": ()})
        rows.append(
            {
                **_blank(project, each.get("name")),
                "verdict": "in" if project in inside else "out" if project in outside else None,
                "start": inside.get(project, {}).get("start"),
                "value": inside.get(project, each)["value"],
                "cost": _cost(each),
                "forced": forced.get(project) if project in forced else ruled_out.get(project),
                "kept_out": [why["sentence"] for why in loser["kept_out"]],
                "let_in": [way["sentence"] for way in loser["let_in"] or ()],
                "missing": lacks.get(project),
            }
        )
    return [*rows, *_missing(solution)]


def _cost(candidate: Mapping[str, Any]) -> str:
    amounts = [Decimal(each["money"]["amount"]) for each in candidate.get("costs", ())]
    return f"{sum(amounts, Decimal(0)):.2f}"


def _missing(solution: Solution) -> Iterator[Answer]:
    told: dict[str, Answer] = {}
    for each in solution["missing"]:
        if not each["is_in"]:
            row = told.setdefault(each["project"], _blank(each["project"], each["name"]))
            row |= {"verdict": "missing", "missing": "; ".join(filter(None, (row["missing"], each["sentence"])))}
    yield from told.values()


def _blank(project: str, name: str | None) -> Answer:
    empty = dict.fromkeys(("verdict", "start", "value", "cost", "forced"))
    return {"project": project, "name": name, **empty, "kept_out": [], "let_in": [], "missing": None}


def used(solution: Solution) -> list[Answer]:
    """What is used of each limit, with what it limits."""
    return [{**_limit(solution["inputs"], each), **each} for each in solution["result"]["used"]]


def _limit(inputs: Mapping[str, Any], used_of: Mapping[str, Any]) -> Answer:
    _, member, place = used_of["at"].split("/")
    given = inputs[member][int(place)]
    names = ("category", "role", "period", "through")
    return {"of": "budget" if member == "budgets" else "capacity", **{name: given.get(name) for name in names}}


def served(solution: Solution) -> list[Answer]:
    """Which part serves each goal, with its name."""
    called = {each["goal"]: each.get("name") for each in solution["inputs"].get("goals", ())}
    return [{**each, "name": called[each["goal"]]} for each in solution["result"]["goals"]]
