"""The project board: what each component is, at any moment."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from domain.choosing.analyses import AnalysisKind
from domain.choosing.events import AnalysisRecorded
from domain.kernel.event import Event, Recorded
from domain.kernel.instants import micros
from domain.kernel.money import Money
from domain.portfolio import events as portfolio
from domain.project import events as e
from domain.project.status_events import CadenceSet
from domain.project.words import Health
from projections.bounds import View
from projections.dated import Cell, Cells, Change, DatedChanges, Having

board = DatedChanges("project_board")

MEMBERS = ("name", "key", "kind", "owner", "sponsor", "parent", "budget", "forecast")
"""Members of the project answer that facts set directly; every other name is an attribute."""

COST_BENEFIT = ("currency", "npv", "cost", "benefit", "irr", "roi", "bcr", "payback_years", "discounted_payback_years")
"""The figures of a cost-benefit analysis that are told of a component."""


def member_of(portfolio_id: UUID) -> str:
    """The aspect that says whether a portfolio holds the component."""
    return f"member:{portfolio_id}"


def ever_held(view: View, portfolio_id: UUID, aspects: Sequence[str]) -> Cells:
    """These aspects of whatever the portfolio ever held, and whether it holds it within the bounds."""
    return board.cells(view, aspects=[*aspects, member_of(portfolio_id)], ever_with=held_once(portfolio_id))


def held_once(portfolio_id: UUID) -> Having:
    """Whatever the portfolio ever held, for what is read of it in any read model."""
    return Having(board, member_of(portfolio_id))


def holders_in(cells: Mapping[str, Cell]) -> list[UUID]:
    """The portfolios that hold the component, by its aspects."""
    prefix = "member:"
    return sorted(
        UUID(aspect.removeprefix(prefix)) for aspect in cells if aspect.startswith(prefix) and cells[aspect][0]
    )


def circle_of(view: View, thing: UUID) -> set[UUID]:
    """Everything whose facts an answer about one thing rests on: itself, what it holds, what it is held by.

    A program holds whatever belongs to it; of programs in programs, the next level is told.
    """
    keys = view.table("project_board_latest").c
    prefix = member_of(thing).removesuffix(str(thing))
    within = and_(keys.aspect == "parent", keys.cell.contains(str(thing)))
    held = select(keys.subject).where(or_(keys.aspect == member_of(thing), within))
    holding = select(keys.aspect).where(keys.subject == thing, keys.aspect.startswith(prefix))
    by = {UUID(aspect.removeprefix(prefix)) for aspect in view.connection.scalars(holding)}
    return {thing, *view.connection.scalars(held), *by}


def order_in(portfolio_id: UUID) -> str:
    """The aspect that holds the component's order key in a portfolio."""
    return f"order:{portfolio_id}"


def cost_benefit_in(portfolio_id: UUID) -> str:
    """The aspect that holds the figures of its latest cost-benefit analysis in a portfolio."""
    return f"cost_benefit:{portfolio_id}"


def attribute(name: str) -> str:
    """The aspect of a field that is no member of the project answer."""
    return name if name in MEMBERS else f"attribute:{name}"


def _money(value: Money | None) -> Any:
    return value.model_dump(mode="json") if value else None


@board.on(Event)
def decided(event: Event, fact: Recorded) -> Iterable[Change]:
    """Whatever carries a reason is the last decision on every component it is about."""
    if event.why:
        for subject in fact.subjects:
            if subject.kind == "project":
                yield Change(subject.id, "decision", None)


@board.on(e.ProjectDrafted)
def drafted(event: e.ProjectDrafted, fact: Recorded) -> Iterable[Change]:
    """It exists, with its first values."""
    values = event.model_dump(mode="json")
    for member in MEMBERS:
        if values[member] is not None:
            yield Change(fact.stream_id, member, values[member])
    for name, value in event.attributes.items():
        yield Change(fact.stream_id, attribute(name), value)
    yield Change(fact.stream_id, "state", event.state)
    if event.source_word is not None:
        yield Change(fact.stream_id, "source_word", event.source_word)


@board.on(e.Moved)
def moved(event: e.Moved, fact: Recorded) -> Iterable[Change]:
    """It went on in its lifecycle; a source's word for the old state no longer holds."""
    yield Change(fact.stream_id, "state", event.target)
    yield Change(fact.stream_id, "source_word", None)


@board.on(e.StateRecorded)
def state_recorded(event: e.StateRecorded, fact: Recorded) -> Iterable[Change]:
    """Another system moved it."""
    yield Change(fact.stream_id, "state", event.to)
    yield Change(fact.stream_id, "source_word", event.source_word)


@board.on(e.ProjectAuthorized)
def authorized(event: e.ProjectAuthorized, fact: Recorded) -> Iterable[Change]:
    """It has a budget."""
    yield Change(fact.stream_id, "budget", _money(event.budget))


@board.on(e.ProjectDeferred)
def deferred(event: e.ProjectDeferred, fact: Recorded) -> Iterable[Change]:
    """It is put off, and the money that was released for it is free again."""
    yield Change(fact.stream_id, "budget", None)


@board.on(e.ProjectActivated)
def activated(event: e.ProjectActivated, fact: Recorded) -> Iterable[Change]:
    """It has an owner and a start."""
    yield Change(fact.stream_id, "owner", event.owner)
    yield Change(fact.stream_id, attribute("start"), event.starts_on.isoformat())
    if event.baseline and event.baseline.finishes_on:
        yield Change(fact.stream_id, attribute("finish"), event.baseline.finishes_on.isoformat())


@board.on(e.ProjectPaused)
def paused(event: e.ProjectPaused, fact: Recorded) -> Iterable[Change]:
    """It waits, perhaps until a day."""
    day = event.expected_resume
    yield Change(fact.stream_id, attribute("expected_resume"), day.isoformat() if day else None)


@board.on(e.ProjectResumed)
def resumed(event: e.ProjectResumed, fact: Recorded) -> Iterable[Change]:
    """It goes on under a new forecast."""
    yield Change(fact.stream_id, attribute("expected_resume"), None)
    yield Change(fact.stream_id, attribute("finish"), event.forecast_finish.isoformat())
    if event.forecast:
        yield Change(fact.stream_id, "forecast", _money(event.forecast))


@board.on(e.ProjectCompleted)
def completed(event: e.ProjectCompleted, fact: Recorded) -> Iterable[Change]:
    """It came to an end and cost so much, if that was said."""
    if event.actual_cost:
        yield Change(fact.stream_id, "actual", _money(event.actual_cost))


@board.on(e.ProjectCancelled)
def cancelled(event: e.ProjectCancelled, fact: Recorded) -> Iterable[Change]:
    """It was stopped, and so much was spent."""
    yield Change(fact.stream_id, "actual", _money(event.sunk_cost))


@board.on(e.MovedToProgram)
def moved_to_program(event: e.MovedToProgram, fact: Recorded) -> Iterable[Change]:
    """It belongs to another program, or to none."""
    yield Change(fact.stream_id, "parent", str(event.to_program) if event.to_program else None)


@board.on(e.StatusReported)
def status_reported(event: e.StatusReported, fact: Recorded) -> Iterable[Change]:
    """Somebody said how it is doing; a correction of what was outdated by then leaves the health as it is."""
    if event.outdated:
        return
    kept_apart = {"why", "source", "figures", "supersedes", "counts_from", "outdated"}
    yield Change(fact.stream_id, "health", event.model_dump(mode="json", exclude=kept_apart))
    if event.overall is not Health.NO_UPDATE:
        yield Change(fact.stream_id, "reported", micros(event.counts_from or fact.occurred_at))


@board.on(CadenceSet)
def cadence_set(event: CadenceSet, fact: Recorded) -> Iterable[Change]:
    """Its status is asked for at an interval of its own, or no longer."""
    yield Change(fact.stream_id, "cadence", event.cadence_days)


@board.on(e.AttributeChanged)
def attribute_changed(event: e.AttributeChanged, fact: Recorded) -> Iterable[Change]:
    """A field changed."""
    aspect = "source_word" if event.name == "source_word" else attribute(event.name)
    yield Change(fact.stream_id, aspect, event.to)


@board.on(e.ProjectRevised)
def revised(event: e.ProjectRevised, fact: Recorded) -> Iterable[Change]:
    """Its description was set anew."""
    for member in ("name", "key", "owner", "sponsor"):
        if (value := getattr(event, member)) is not None:
            yield Change(fact.stream_id, member, value)
    if event.forecast_finish:
        yield Change(fact.stream_id, attribute("finish"), event.forecast_finish.isoformat())


@board.on(portfolio.ComponentAdded, portfolio.ComponentRestored)
def joined(event: portfolio.ComponentAdded | portfolio.ComponentRestored, fact: Recorded) -> Iterable[Change]:
    """A portfolio holds it."""
    yield Change(event.component, member_of(fact.stream_id), True)
    yield Change(event.component, order_in(fact.stream_id), str(event.order))


@board.on(portfolio.ComponentRemoved)
def left(event: portfolio.ComponentRemoved, fact: Recorded) -> Iterable[Change]:
    """A portfolio holds it no longer."""
    yield Change(event.component, member_of(fact.stream_id), False)


@board.on(portfolio.RankChanged)
def rank_changed(event: portfolio.RankChanged, fact: Recorded) -> Iterable[Change]:
    """It has another place in the order."""
    yield Change(event.component, order_in(fact.stream_id), str(event.order))


@board.on(AnalysisRecorded)
def analysed(event: AnalysisRecorded, fact: Recorded) -> Iterable[Change]:
    """Somebody told what it costs and brings."""
    if event.project and event.kind is AnalysisKind.COST_BENEFIT:
        figures = {name: event.result[name] for name in COST_BENEFIT}
        told = {"analysis": str(fact.stream_id), "title": event.title, "by": fact.actor, "role": fact.role}
        yield Change(event.project, cost_benefit_in(event.portfolio), {**told, **figures})
