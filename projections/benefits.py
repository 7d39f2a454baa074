"""Queries about benefits: actual against plan, what is still to be reviewed, and sums where units match."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any, NamedTuple
from uuid import UUID

from domain.kernel.instants import from_micros, rfc3339
from domain.project.words import GIVEN_UP, LIVE, BenefitStatus, Kind
from projections.accounts import all_within
from projections.benefit_board import ACTUAL, COMPLETED, DECISION, PLAN, REVIEW, benefits
from projections.bounds import View
from projections.dated import Cell, Cells, occurred_at, set_by, value_of
from projections.journal import decisions_at
from projections.money import sum_of
from projections.paging import Answer, Page, page_of
from projections.project_board import board
from projections.projects import held_by

COMPONENT = ("name", "state")
PLACES = Decimal("0.0001")


class Benefit(NamedTuple):
    """A benefit of a component: its plan, where it stood by day, its last review, what was last decided about it."""

    project: UUID
    name: str
    plan: Answer
    planned_at: int
    stood: dict[str, Answer]
    review: Answer | None
    decided_at: int | None
    status: BenefitStatus

    @property
    def actual(self) -> Decimal | None:
        """Where its measure stood on the latest day that was recorded."""
        return Decimal(self.stood[max(self.stood)]["actual"]) if self.stood else None

    @property
    def variance(self) -> Decimal | None:
        """Actual minus target; `None` while nothing was recorded."""
        return self.actual - Decimal(self.plan["target"]) if self.actual is not None else None

    @property
    def realized(self) -> Decimal | None:
        """The part of the way from baseline to target, rounded down; `None` while either end of it is not known."""
        baseline, target = self.plan["baseline"], Decimal(self.plan["target"])
        if baseline is None or self.actual is None:
            return None
        part = (self.actual - Decimal(baseline)) / (target - Decimal(baseline))
        return part.quantize(PLACES, ROUND_FLOOR).normalize()

    def is_due(self, today: str) -> bool:
        """Whether its day has come and nobody has reviewed it."""
        return self.status in (BenefitStatus.PLANNED, BenefitStatus.TRACKED) and self.plan["due_on"] <= today


@dataclass(frozen=True, slots=True)
class BenefitFilter:
    """Which benefits are asked for, of one component (a program with all within), or of all a portfolio holds."""

    project: UUID | None = None
    portfolio: UUID | None = None
    status: BenefitStatus | None = None
    due: bool | None = None


def list_benefits(view: View, wanted: BenefitFilter, page: Page) -> tuple[list[Answer], bool]:
    """Benefits by the day they are promised for, one page."""
    components = _components(view, wanted)
    found, today = _found(view, components), view.now.date().isoformat()
    kept = [each for each in found if wanted.status in (None, each.status) and wanted.due in (None, each.is_due(today))]
    shown, more = page_of(kept, page)
    decisions = decisions_at(view, {each.decided_at for each in shown if each.decided_at is not None})
    return [
        {
            "project": {
                "id": str(each.project),
                "kind": "project",
                "name": value_of(components[each.project], "name"),
            },
            **_answer(each, today),
            "last_decision": decisions.get(each.decided_at) if each.decided_at is not None else None,
        }
        for each in shown
    ], more


def summed_up(view: View, wanted: BenefitFilter) -> Answer:
    """How many there are, were reviewed and wait for it, and sums by unit; what was given up counts no more."""
    every = [each for each in _found(view, _components(view, wanted)) if each.status is not BenefitStatus.GIVEN_UP]
    by_unit: dict[str, list[Benefit]] = defaultdict(list)
    for each in every:
        by_unit[each.plan["unit"]].append(each)
    today = view.now.date().isoformat()
    return {
        "reviews": {
            "of": len(every),
            "reviewed": sum(each.status is BenefitStatus.REVIEWED for each in every),
            "due": sum(each.is_due(today) for each in every),
        },
        "sums": [_sum(unit, by_unit[unit]) for unit in sorted(by_unit)],
    }


def _components(view: View, wanted: BenefitFilter) -> Cells:
    """Name and state of those in scope that the portfolio holds; or of one component and, in a program, all within."""
    if wanted.project:
        own = board.cells(view, [wanted.project], [*COMPONENT, "kind"])
        if value_of(own.get(wanted.project, {}), "kind") != Kind.PROGRAM:
            return own
        every = board.cells(view, aspects=[*COMPONENT, "parent"])
        return {each: every[each] for each in all_within(view, every, wanted.project)}
    return held_by(view, wanted.portfolio, COMPONENT) if wanted.portfolio else {}


def _found(view: View, components: Cells) -> list[Benefit]:
    """Every benefit of these components, by the day it is promised for, then by name."""
    found = [
        benefit
        for project, cells in benefits.cells(view, sorted(components)).items()
        for benefit in _of(project, cells, value_of(components[project], "state"))
    ]
    return sorted(found, key=lambda each: (each.plan["due_on"], each.name, each.project))


def _of(project: UUID, cells: Mapping[str, Cell], state: Any) -> Iterator[Benefit]:
    stood: dict[str, dict[str, Answer]] = defaultdict(dict)
    for aspect, (said, *_) in cells.items():
        if aspect.startswith(ACTUAL):
            _, day, name = aspect.split(":", 2)
            stood[name][day] = said
    for aspect in cells:
        if aspect.startswith(PLAN):
            name = aspect.removeprefix(PLAN)
            review, decided = value_of(cells, f"{REVIEW}{name}"), f"{DECISION}{name}"
            yield Benefit(
                project,
                name,
                value_of(cells, aspect),
                occurred_at(cells, aspect),
                stood[name],
                review,
                set_by(cells, decided) if decided in cells else None,
                _status(state, is_reviewed=_is_reviewed(cells, f"{REVIEW}{name}")),
            )


def _is_reviewed(cells: Mapping[str, Cell], review: str) -> bool:
    """Whether a review counts: one from before the completion, if there was one, is a record."""
    return review in cells and (COMPLETED not in cells or occurred_at(cells, review) >= occurred_at(cells, COMPLETED))


def _status(state: Any, *, is_reviewed: bool) -> BenefitStatus:
    if is_reviewed:
        return BenefitStatus.REVIEWED
    if state in GIVEN_UP:
        return BenefitStatus.GIVEN_UP
    return BenefitStatus.PLANNED if state in LIVE else BenefitStatus.TRACKED


def _answer(each: Benefit, today: str) -> Answer:
    return {
        "benefit": each.name,
        **each.plan,
        "status": each.status,
        "actual": _text(each.actual),
        "measured_on": max(each.stood) if each.stood else None,
        "variance": _text(each.variance),
        "realized": _text(each.realized),
        "measured": [{"on": day, **each.stood[day]} for day in sorted(each.stood)],
        "review": each.review,
        "review_due": each.is_due(today),
        "planned_at": rfc3339(from_micros(each.planned_at)),
    }


def _sum(unit: str, together: Sequence[Benefit]) -> Answer:
    """Target and actual over benefits that are measured in one unit; variance where none is missing."""
    actual, variances = sum_of([each.actual for each in together], None), [each.variance for each in together]
    known = [each for each in variances if each is not None]
    return {
        "unit": unit,
        "of": actual["of"],
        "missing": actual["missing"],
        "target": f"{sum((Decimal(each.plan['target']) for each in together), Decimal(0)):f}",
        "actual": actual["amount"],
        "variance": f"{sum(known, Decimal(0)):f}" if len(known) == len(variances) else None,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
