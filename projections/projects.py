"""Queries about components."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from domain.project.words import LIVE, REPORTING, Health, State, verbs_from
from projections.bounds import View
from projections.cadence import Cadences, cadences_of, health_is_stale, status_due
from projections.dated import Cell, Cells, instant_of, occurred_at, set_by, value_of
from projections.journal import decisions_at, first_fact_at, is_known, versions
from projections.milestones import next_milestones
from projections.money import FIGURES, entries_of, with_totals
from projections.paging import Answer, Page, ordered, page_of
from projections.portfolio_board import portfolios
from projections.project_board import board, ever_held, member_of, order_in
from projections.proposers import proposers_of
from projections.score_board import with_scores

SEVERITY = (Health.OFF_TRACK, Health.AT_RISK, Health.NO_UPDATE, Health.ON_TRACK)
"""Declared health, the one that asks for attention first in front."""

SORTS: dict[str, Callable[[Mapping[str, Cell]], Any]] = {
    "name": lambda cells: value_of(cells, "name"),
    "key": lambda cells: value_of(cells, "key"),
    "kind": lambda cells: value_of(cells, "kind"),
    "owner": lambda cells: value_of(cells, "owner"),
    "state": lambda cells: value_of(cells, "state"),
    "health": lambda cells: health_of(cells),
    "severity": lambda cells: _severity(cells),
    "state_since": lambda cells: occurred_at(cells, "state") if "state" in cells else None,
    "budget": lambda cells: _amount(cells, "budget"),
    "forecast": lambda cells: _amount(cells, "forecast"),
    "actual": lambda cells: _amount(cells, "actual"),
    "score": lambda cells: Decimal(value_of(cells, "score")) if "score" in cells else None,
}
BY_ASPECT = SORTS.keys() - {"state_since", "severity", "score"}
"""Sorts that are called as the aspect they read."""
Moves = Callable[[UUID, tuple[str, ...], Collection[str]], list[str]]
"""Which of these verbs are open on a component that these persons proposed."""


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """Which components are asked for; `None` = any.

    `health` is asked of those alone whose health counts: live ones that are not on hold.
    `having` and `lacking` name an aspect that has a value, or has none.
    """

    portfolio: UUID | None = None
    state: tuple[str, ...] = ()
    health: tuple[str, ...] = ()
    owner: str | None = None
    q: str | None = None
    having: str | None = None
    lacking: str | None = None


def list_projects(view: View, wanted: ProjectFilter, sort: str, page: Page, moves: Moves) -> tuple[list[Answer], bool]:
    """One page of the components found, as whole answers."""
    whole = _how_many(view) <= page.limit
    found, cells = found_projects(view, wanted, sort, whole=whole)
    shown, more = page_of(found, page)
    ranks = ranks_of(view, cells, wanted.portfolio)
    return answers(view, shown, moves, ranks, cells if whole else completed(view, shown, cells)), more


def found_projects(view: View, wanted: ProjectFilter, sort: str, *, whole: bool = False) -> tuple[list[UUID], Cells]:
    """Components held by the portfolio (or by any, or never by one), filtered and sorted; and what was read for it.

    `sort` is a name of `SORTS` or `rank`, with `-` in front for descending. `whole` reads every aspect at once:
    where one page holds all components, reading some first would read the same rows twice.
    """
    if wanted.portfolio and not view.sees(wanted.portfolio):
        return [], {}
    cells = board.cells(view, aspects=None if whole else _aspects(view, wanted, sort.removeprefix("-")))
    figures = {sort.removeprefix("-"), wanted.having or "", wanted.lacking or ""}.intersection(FIGURES)
    if figures:
        cells = with_totals(view, cells, entries_of(view), figures)
    if sort.endswith("score"):
        cells = with_scores(view, cells)
    ranks = ranks_of(view, cells, wanted.portfolio) if sort.endswith("rank") else {}
    holders = _holders(cells)
    kept = [each for each, own in cells.items() if _is_wanted(view, each, own, wanted) and not _is_left(own, holders)]
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    value = (lambda subject: ranks.get(subject)) if key == "rank" else (lambda subject: SORTS[key](cells[subject]))
    return ordered(kept, value, str, descending=descending), cells


def one_project(view: View, project: UUID, moves: Moves, portfolio: UUID | None = None) -> Answer | None:
    """The component within the bounds; `None` if no fact ever named it (or it is out of scope).

    Before its first fact all members are `null`, with `first_fact_at`.
    """
    if not view.sees(project) or not is_known(view, project, [f"{board.name}_latest"]):
        return None
    own = board.cells(view, [project])
    held = [UUID(each) for aspect, each in _holders(own).items() if value_of(own[project], aspect)]
    holding = [each for each in ([portfolio] if portfolio else held) if view.sees(each)]
    order = board.cells(view, aspects=[*map(member_of, holding), *map(order_in, holding)])
    found = answers(view, [project], moves, ranks_of(view, order, portfolio), own)[0]
    return found if found["version"] else {**found, "first_fact_at": first_fact_at(view, project)}


def _aspects(view: View, wanted: ProjectFilter, sort: str) -> list[str]:
    """What finding and sorting needs to read, and no more."""
    holders = [wanted.portfolio] if wanted.portfolio else portfolio_ids(view)
    asked = {"state", sort if sort in BY_ASPECT else "state", wanted.having or "state", wanted.lacking or "state"}
    asked |= {"health"} if wanted.health or sort == "severity" else set()
    asked |= {"owner"} if wanted.owner is not None else set()
    asked |= {"key", "name"} if wanted.q else set()
    return [*sorted(asked), *map(member_of, holders), *map(order_in, holders)]


def _how_many(view: View) -> int:
    """How many components there ever were."""
    latest = view.table(f"{board.name}_latest")
    return view.connection.scalar(select(func.count()).where(latest.c.aspect == "state")) or 0


def portfolio_ids(view: View) -> list[UUID]:
    """Every portfolio that ever was, and so every one that ever held a component."""
    latest = view.table(f"{portfolios.name}_latest")
    return sorted(view.connection.scalars(select(latest.c.subject).distinct()))


def _is_wanted(view: View, subject: UUID, cells: Mapping[str, Cell], wanted: ProjectFilter) -> bool:
    if "state" not in cells or not view.sees(subject):
        return False
    if wanted.portfolio and not value_of(cells, member_of(wanted.portfolio)):
        return False
    if wanted.state and value_of(cells, "state") not in wanted.state:
        return False
    if wanted.health and (value_of(cells, "state") not in REPORTING or health_of(cells) not in wanted.health):
        return False
    if wanted.owner is not None and value_of(cells, "owner") != wanted.owner:
        return False
    if wanted.having and value_of(cells, wanted.having) is None:
        return False
    if wanted.lacking and value_of(cells, wanted.lacking) is not None:
        return False
    words = (value_of(cells, "key") or "", value_of(cells, "name") or "")
    return not wanted.q or any(wanted.q.casefold() in word.casefold() for word in words)


def members(cells: Cells, portfolio: UUID) -> list[UUID]:
    """The components a portfolio holds."""
    member = member_of(portfolio)
    return [subject for subject, own in cells.items() if value_of(own, member)]


def held_by(view: View, portfolio: UUID, aspects: Sequence[str]) -> Cells:
    """These aspects of the components in scope that a portfolio holds."""
    cells = ever_held(view, portfolio, aspects)
    return {each: cells[each] for each in members(cells, portfolio) if view.sees(each)}


def ranks_in(cells: Cells, portfolio: UUID) -> dict[UUID, int]:
    """The place of each component in the order of a portfolio, from 1."""
    held, order = members(cells, portfolio), order_in(portfolio)
    held.sort(key=lambda subject: (Decimal(value_of(cells[subject], order)), subject))
    return {subject: place for place, subject in enumerate(held, start=1)}


def ranks_of(view: View, cells: Cells, portfolio: UUID | None) -> dict[UUID, int]:
    """Each one's rank in the portfolio; without one, in the only portfolio in scope that holds it."""
    if portfolio:
        return ranks_in(cells, portfolio)
    seen = [holder for each in _holders(cells).values() if view.sees(holder := UUID(each))]
    ranks = [ranks_in(cells, holder) for holder in seen]
    holding = Counter(chain.from_iterable(ranks))
    return {subject: rank for held in ranks for subject, rank in held.items() if holding[subject] == 1}


def _holders(cells: Cells) -> dict[str, str]:
    """The portfolios that ever held any of these components, by the aspect that says whether they still do."""
    every = set[str]().union(*cells.values())
    return {aspect: aspect.removeprefix("member:") for aspect in sorted(every) if aspect.startswith("member:")}


def _is_left(cells: Mapping[str, Cell], holders: dict[str, str]) -> bool:
    """Whether some portfolio held it, and none does any more."""
    held = [cells[aspect][0] for aspect in holders if aspect in cells]
    return bool(held) and not any(held)


def completed(view: View, projects: Sequence[UUID], known: Cells) -> Cells:
    """Every aspect of these components; `known` is what was read of them before."""
    read = {aspect for own in known.values() for aspect in own}
    rest = board.cells(view, projects, besides=read)
    return {subject: {**known.get(subject, {}), **rest.get(subject, {})} for subject in projects}


def answers(view: View, projects: Sequence[UUID], moves: Moves, ranks: dict[UUID, int], cells: Cells) -> list[Answer]:
    """Whole answers for these components, in this order."""
    own = with_scores(view, {subject: cells.get(subject, {}) for subject in projects})
    known = with_totals(view, own, entries_of(view, projects))
    decided = {subject: set_by(own, "decision") for subject, own in known.items() if "decision" in own}
    named = {str(subject): value_of(own, "name") for subject, own in known.items()}
    decisions = decisions_at(view, decided.values(), named)
    counted, holders, cadences = versions(view, projects), _holders(known), cadences_of(view)
    ahead = next_milestones(view, [subject for subject, own in known.items() if value_of(own, "state") in LIVE])
    today, proposers = view.now.date(), proposers_of(view, known)
    shown = {aspect: holder for aspect, holder in holders.items() if view.sees(UUID(holder))}
    return [
        {
            **_answer(subject, own, cadences, today),
            "removed": _is_left(own, holders) if "state" in own else None,
            "portfolios": [holder for aspect, holder in shown.items() if value_of(own, aspect)],
            "rank": ranks.get(subject),
            "next_milestone": ahead.get(subject),
            "last_decision": decisions.get(decided.get(subject, 0)),
            "allowed_moves": _moves(view, subject, own, moves, proposers.get(subject, frozenset())),
            "version": counted.get(subject),
        }
        for subject, own in known.items()
    ]


def _moves(view: View, subject: UUID, cells: Mapping[str, Cell], moves: Moves, proposers: Collection[str]) -> list[str]:
    state = value_of(cells, "state")
    if state is None or not view.bounds.are_live():
        return []
    return moves(subject, verbs_from(State(state)), proposers)


def _answer(subject: UUID, cells: Mapping[str, Cell], cadences: Cadences, today: date) -> Answer:
    state = value_of(cells, "state")
    return {
        "id": str(subject),
        "key": value_of(cells, "key"),
        "name": value_of(cells, "name"),
        "kind": value_of(cells, "kind"),
        "parent_id": value_of(cells, "parent"),
        "state": state,
        "state_since": instant_of(cells, "state") if state else None,
        "source_word": value_of(cells, "source_word"),
        "health": {**_health(cells), "is_stale": health_is_stale(cells, cadences, today)},
        "status_due": status_due(cells, cadences, today),
        "owner": value_of(cells, "owner"),
        "sponsor": value_of(cells, "sponsor"),
        "score": value_of(cells, "score"),
        "budget": value_of(cells, "budget"),
        "forecast": value_of(cells, "forecast"),
        "actual": value_of(cells, "actual"),
        "committed": value_of(cells, "committed"),
        "attributes": _attributes(cells),
    }


def _attributes(cells: Mapping[str, Cell]) -> dict[str, Any]:
    found = sorted([aspect for aspect in cells if aspect.startswith("attribute:")])
    return {aspect.removeprefix("attribute:"): cells[aspect][0] for aspect in found}


def health_of(cells: Mapping[str, Cell]) -> str:
    """The declared overall health; `no_update` if nobody ever reported."""
    report = value_of(cells, "health")
    return str(report["overall"]) if report else "no_update"


def _severity(cells: Mapping[str, Cell]) -> int:
    """The place among those that ask for attention; a health that does not count comes last."""
    return SEVERITY.index(health_of(cells)) if value_of(cells, "state") in REPORTING else len(SEVERITY)


def _health(cells: Mapping[str, Cell]) -> Answer:
    report = value_of(cells, "health")
    return {
        "declared": report["overall"] if report else None,
        "source_word": report["source_word"] if report else None,
        "computed": None,
        "reported_at": instant_of(cells, "health") if report else None,
        "text": report["text"] if report else None,
        "path_to_green": report["path_to_green"] if report else None,
        "dimensions": {name: report[name] if report else None for name in ("schedule", "cost", "scope", "resource")},
    }


def _amount(cells: Mapping[str, Cell], aspect: str) -> Decimal | None:
    money = value_of(cells, aspect)
    return Decimal(money["amount"]) if money else None
