"""Queries about risks and issues, of a component and of a whole portfolio."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from domain.project.words import RegisterState
from projections.bounds import View
from projections.dated import Cell, Cells, instant_of, occurred_at, set_by, value_of
from projections.journal import decisions_at
from projections.paging import Answer, Page, ordered, page_of
from projections.project_board import board
from projections.projects import held_by
from projections.register_board import ISSUE, ISSUE_MEMBERS, RISK, RISK_MEMBERS, register

DECISION = "decision"


class Entry(NamedTuple):
    """A risk or an issue of a component: its number, and its cells by member."""

    project: UUID
    number: int
    cells: Mapping[str, Cell]

    @property
    def state(self) -> RegisterState:
        """Whether it is open, and what became of it."""
        return RegisterState(value_of(self.cells, "state"))


def severity(entry: Entry) -> int | None:
    """Probability × impact; `None` while either was not assessed."""
    probability, impact = (value_of(entry.cells, member) for member in ("probability", "impact"))
    return probability * impact if probability and impact else None


def _member(name: str) -> Callable[[Entry], Any]:
    return lambda entry: value_of(entry.cells, name)


SHARED: dict[str, Callable[[Entry], Any]] = {
    "number": lambda entry: entry.number,
    "recorded_at": lambda entry: occurred_at(entry.cells, "title"),
    **{member: _member(member) for member in ("title", "impact", "owner", "due_on")},
}
RISK_SORTS = {**SHARED, "severity": severity, "probability": _member("probability")}
ISSUE_SORTS = SHARED


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """Which entries are asked for, of one component or of all a portfolio holds; `state` `None` = any."""

    project: UUID | None = None
    portfolio: UUID | None = None
    state: RegisterState | None = None


def list_risks(view: View, wanted: RegisterFilter, sort: str, page: Page) -> tuple[list[Answer], bool]:
    """Risks, one page; `sort` is a name of `RISK_SORTS`, `-` in front for descending."""
    return _list(view, wanted, RISK, RISK_SORTS, sort, page, _risk)


def list_issues(view: View, wanted: RegisterFilter, sort: str, page: Page) -> tuple[list[Answer], bool]:
    """Issues, one page; `sort` is a name of `ISSUE_SORTS`, `-` in front for descending."""
    return _list(view, wanted, ISSUE, ISSUE_SORTS, sort, page, _issue)


def _list(
    view: View,
    wanted: RegisterFilter,
    kind: str,
    sorts: Mapping[str, Callable[[Entry], Any]],
    sort: str,
    page: Page,
    told: Callable[[Entry], Answer],
) -> tuple[list[Answer], bool]:
    if wanted.project:
        components = board.cells(view, [wanted.project], ["name"])
    else:
        components = held_by(view, wanted.portfolio, ["name"]) if wanted.portfolio else {}
    found = [each for each in _entries(view, kind, sorted(components)) if wanted.state in (None, each.state)]
    key, descending = sorts[sort.removeprefix("-")], sort.startswith("-")
    shown, more = page_of(ordered(found, key, _tie, descending=descending), page)
    return _answers(view, shown, components, told), more


def _tie(entry: Entry) -> str:
    return f"{entry.project}{entry.number:012}"


def _entries(view: View, kind: str, projects: Sequence[UUID]) -> Iterator[Entry]:
    for project, cells in register.cells(view, projects).items():
        entries: dict[int, dict[str, Cell]] = defaultdict(dict)
        for aspect, cell in cells.items():
            decided = aspect.startswith(f"{DECISION}:")
            of, number, member = aspect.removeprefix(f"{DECISION}:").split(":")
            if of == kind:
                entries[int(number)][DECISION if decided else member] = cell
        yield from (Entry(project, number, entries[number]) for number in sorted(entries))


def _answers(view: View, entries: Sequence[Entry], components: Cells, told: Callable[[Entry], Answer]) -> list[Answer]:
    decided = {set_by(entry.cells, DECISION) for entry in entries if DECISION in entry.cells}
    decisions = decisions_at(view, decided)
    return [
        {
            "project": _project(entry.project, components),
            **told(entry),
            **_shared(view, entry),
            "last_decision": decisions[set_by(entry.cells, DECISION)] if DECISION in entry.cells else None,
        }
        for entry in entries
    ]


def _project(project: UUID, components: Cells) -> Answer:
    return {"id": str(project), "kind": "project", "name": value_of(components.get(project, {}), "name")}


def _risk(entry: Entry) -> Answer:
    return {
        "risk": entry.number,
        **_said(entry, RISK_MEMBERS),
        "severity": severity(entry),
        "issue": value_of(entry.cells, "issue"),
    }


def _issue(entry: Entry) -> Answer:
    return {"issue": entry.number, **_said(entry, ISSUE_MEMBERS), "risk": value_of(entry.cells, "risk")}


def _said(entry: Entry, members: Collection[str]) -> Answer:
    return {member: value_of(entry.cells, member) for member in members}


def _shared(view: View, entry: Entry) -> Answer:
    is_open = entry.state is RegisterState.OPEN
    return {
        "state": entry.state,
        "overdue": is_open and value_of(entry.cells, "due_on") < view.now.date().isoformat(),
        "recorded_at": instant_of(entry.cells, "title"),
        "closed_at": None if is_open else instant_of(entry.cells, "state"),
    }
