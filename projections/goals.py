"""Queries about goals: how far each is, what contributes to it, what that costs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from domain.project.words import GIVEN_UP, LIVE
from domain.strategy.progress import Contribution, reached, rolled_up
from domain.strategy.words import GoalState
from projections.bounds import View
from projections.dated import Cell, Cells, instant_of, set_by, value_of
from projections.goal_board import AIM, DELIVERED, MEASURED, RETIRED, WEIGHT, goals
from projections.journal import decisions_at, first_fact_at, is_known, versions
from projections.money import Entries, entries_of, with_totals
from projections.paging import Answer, Page, ordered, page_of
from projections.portfolio_board import portfolios
from projections.portfolios import sums_of
from projections.project_board import board, member_of
from projections.projects import members

PLACES = Decimal("0.0001")
"""Progress of a measure is told to this step and rounded down, so that nothing is reached before it is."""
SPENT = ("budget", "forecast")
CONTRIBUTING = ("name", "state", *SPENT)
"""What is told of the components that contribute."""


@dataclass(frozen=True, slots=True)
class GoalFilter:
    """Which goals are asked for; `None` = any."""

    portfolio: UUID | None = None
    state: GoalState | None = None


def list_goals(view: View, wanted: GoalFilter, page: Page) -> tuple[list[Answer], bool]:
    """The goals in scope by name, one page."""
    found = found_goals(view, wanted)
    shown, more = page_of(ordered(found, lambda goal: value_of(found[goal], "name"), str, descending=False), page)
    return answers(view, {goal: found[goal] for goal in shown}), more


def one_goal(view: View, goal: UUID) -> Answer | None:
    """The goal within the bounds; `None` if no fact ever named it (or it is out of scope)."""
    if not view.sees(goal) or not is_known(view, goal, [f"{goals.name}_latest"]):
        return None
    cells = goals.cells(view, [goal]).get(goal, {})
    answer = answers(view, {goal: cells})[0]
    return answer if "name" in cells else {**answer, "first_fact_at": first_fact_at(view, goal)}


def unaligned(view: View, portfolio: UUID) -> Answer:
    """What stands alone in a portfolio: open goals without a component that was not given up, live components
    without an open goal.
    """
    pursued = found_goals(view, GoalFilter(portfolio, GoalState.OPEN))
    serving = {goal: set(weights_of(cells)) for goal, cells in pursued.items()}
    components = board.cells(view, aspects=["name", "state", member_of(portfolio)])
    states = {component: value_of(cells, "state") for component, cells in components.items()}
    given_up = {component for component, state in states.items() if state in GIVEN_UP}
    live = {component for component in members(components, portfolio) if states[component] in LIVE}
    return {
        "goals_without_projects": _named("goal", pursued, [goal for goal in pursued if serving[goal] <= given_up]),
        "projects_without_goals": _named("project", components, live.difference(*serving.values())),
    }


def found_goals(view: View, wanted: GoalFilter) -> Cells:
    """Every aspect of the goals in scope that are asked for."""
    return {goal: cells for goal, cells in goals.cells(view).items() if _is_wanted(view, goal, cells, wanted)}


def weights_of(cells: Mapping[str, Cell]) -> dict[UUID, Decimal]:
    """The weight of every project that contributes to a goal, in order of id."""
    given = {
        UUID(aspect.removeprefix(WEIGHT)): value_of(cells, aspect) for aspect in cells if aspect.startswith(WEIGHT)
    }
    return {project: Decimal(given[project]) for project in sorted(given) if given[project] is not None}


def answers(view: View, found: Cells) -> list[Answer]:
    """Whole answers for these goals, in this order."""
    found = {goal: _as_seen(view, goal, cells) for goal, cells in found.items()}
    contributing = {project for cells in found.values() for project in weights_of(cells) if view.sees(project)}
    components, entries = board.cells(view, sorted(contributing)), entries_of(view, sorted(contributing))
    known = with_totals(view, components, entries, SPENT)
    own = {UUID(owner) for cells in found.values() if (owner := value_of(cells, "portfolio"))}
    owners = portfolios.cells(view, sorted(own))
    decided = {goal: set_by(cells, "decision") for goal, cells in found.items() if "decision" in cells}
    decisions, counted = decisions_at(view, decided.values()), versions(view, list(found))
    return [
        {
            **_answer(goal, cells, known),
            "money": _spend(cells, components, entries, owners),
            "last_decision": _if_seen(view, goal, decisions.get(decided.get(goal, 0))),
            "version": counted.get(goal),
        }
        for goal, cells in found.items()
    ]


def _as_seen(view: View, goal: UUID, cells: Mapping[str, Cell]) -> Mapping[str, Cell]:
    """The aspects of a goal; of a portfolio's out of scope without it, and without what others contribute."""
    if view.sees_whole(goal):
        return cells
    hidden = {each for each in weights_of(cells) if not view.sees(each)}
    without = {"portfolio", *(f"{kind}{each}" for kind in (WEIGHT, DELIVERED) for each in hidden)}
    return {aspect: cell for aspect, cell in cells.items() if aspect not in without}


def _if_seen(view: View, goal: UUID, decision: Answer | None) -> Answer | None:
    """The decision, unless it is about what others contribute to a portfolio's goal out of scope."""
    if decision is None or view.sees_whole(goal):
        return decision
    return decision if any(view.sees_whole(UUID(subject["id"])) for subject in decision["subjects"]) else None


def _is_wanted(view: View, goal: UUID, cells: Mapping[str, Cell], wanted: GoalFilter) -> bool:
    if "name" not in cells or not view.sees(goal):
        return False
    if wanted.portfolio and (value_of(cells, "portfolio") != str(wanted.portfolio) or not view.sees(wanted.portfolio)):
        return False
    return wanted.state is None or _state(cells) == wanted.state


def _state(cells: Mapping[str, Cell]) -> GoalState | None:
    if "name" not in cells:
        return None
    return GoalState.RETIRED if value_of(cells, RETIRED) else GoalState.OPEN


def _spend(cells: Mapping[str, Cell], components: Cells, entries: Entries, owners: Cells) -> Answer | None:
    """What the contributing components may cost and are expected to cost, each as a whole."""
    if "name" not in cells:
        return None
    serving = list(weights_of(cells))
    seen = {each: components.get(each, {}) for each in serving}
    owner = value_of(cells, "portfolio")
    return sums_of(seen, serving, entries, owners.get(UUID(owner), {}) if owner else {}, SPENT)


def _answer(goal: UUID, cells: Mapping[str, Cell], components: Cells) -> Answer:
    exists, owner = "name" in cells, value_of(cells, "portfolio")
    weights = weights_of(cells)
    return {
        "id": str(goal),
        "portfolio": owner,
        "name": value_of(cells, "name"),
        "description": value_of(cells, "description"),
        "owner": value_of(cells, "owner"),
        "state": _state(cells),
        "key_results": list(_key_results(cells)),
        "contributions": [_contribution(cells, project, weights[project], components) for project in weights],
        "progress": _progress(cells, weights) if exists else None,
    }


def _key_results(cells: Mapping[str, Cell]) -> Iterable[Answer]:
    for aspect in sorted(aspect for aspect in cells if aspect.startswith(AIM)):
        measure, aim = aspect.removeprefix(AIM), value_of(cells, aspect)
        measured = f"{MEASURED}{measure}"
        current = value_of(cells, measured)
        yield {
            "measure": measure,
            **aim,
            "current": current,
            "progress": _reached(aim, current) if current is not None else None,
            "measured_at": instant_of(cells, measured) if current is not None else None,
        }


def _reached(aim: Answer, current: str) -> str:
    part = reached(Decimal(aim["start"]), Decimal(aim["target"]), Decimal(current))
    return part_text(part.quantize(PLACES, ROUND_DOWN))


def _contribution(cells: Mapping[str, Cell], project: UUID, weight: Decimal, components: Cells) -> Answer:
    own, delivered = components.get(project, {}), f"{DELIVERED}{project}"
    progress = value_of(cells, delivered)
    return {
        "project": str(project),
        **{member: value_of(own, member) for member in CONTRIBUTING},
        "weight": part_text(weight),
        "since": instant_of(cells, f"{WEIGHT}{project}"),
        "progress": part_text(Decimal(progress)) if progress is not None else None,
        "reported_at": instant_of(cells, delivered) if progress is not None else None,
    }


def _progress(cells: Mapping[str, Cell], weights: dict[UUID, Decimal]) -> Answer:
    delivered = {project: value_of(cells, f"{DELIVERED}{project}") for project in weights}
    sum_up = rolled_up(
        Contribution(weight, Decimal(delivered[project]) if delivered[project] is not None else None)
        for project, weight in weights.items()
    )
    return {
        "value": part_text(sum_up.progress) if sum_up.progress is not None else None,
        "of": sum_up.of,
        "missing": sum_up.missing,
        "weight": part_text(sum_up.weight),
        "known_weight": part_text(sum_up.known_weight),
    }


def _named(kind: str, cells: Cells, things: Iterable[UUID]) -> list[dict[str, Any]]:
    names = {each: value_of(cells[each], "name") for each in things}
    by_name = ordered(things, names.get, str, descending=False)
    return [{"id": str(each), "kind": kind, "name": names[each]} for each in by_name]


def part_text(part: Decimal) -> str:
    """A part of a whole as text without needless zeros, such as 0.4."""
    return f"{part.normalize():f}"
