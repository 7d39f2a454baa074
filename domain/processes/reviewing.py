"""A portfolio is reviewed: the agenda is told from the streams of what it holds, at the moment the review begins."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from domain.attention import ORDER, Said, Situation, asks_of, is_past
from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.event import Recorded
from domain.portfolio import review_commands as c
from domain.portfolio.agenda import AgendaItem, Reason
from domain.portfolio.portfolio import Portfolio
from domain.project.events import ProjectDeferred
from domain.project.project import Project
from domain.strategy.goal import Goal

Decisions = Mapping[UUID, Recorded]


def open_review(portfolio_id: UUID, command: c.OpenReview) -> Decide:
    """What asks for attention becomes the agenda."""

    def decide(read: Reading) -> Facts:
        portfolio = read(Portfolio, portfolio_id)
        portfolio.reviews.must_be_closed()
        agenda = sorted(_agenda(read, read.then(Portfolio, portfolio_id)), key=_place)
        return [(portfolio_id, portfolio.reviews.open(command, tuple(agenda)))]

    return decide


def close_review(portfolio_id: UUID, command: c.CloseReview) -> Decide:
    """The review that is open ends."""

    def decide(read: Reading) -> Facts:
        return [(portfolio_id, read(Portfolio, portfolio_id).reviews.close(command))]

    return decide


def _agenda(read: Reading, portfolio: Portfolio) -> Iterator[AgendaItem]:
    today = read.moment.date()
    goals = [read.then(Goal, goal.id) for goal in read.about(portfolio.id, Goal)]
    pursued = [goal for goal in goals if goal.portfolio == portfolio.id]
    read.glance(Project, list(portfolio.members))
    projects = {member: read.then(Project, member) for member in portfolio.members}
    about = {thing: _decisions(read, thing) for thing in (portfolio.id, *projects, *(goal.id for goal in pursued))}
    for member, project in projects.items():
        situation = _situation(project, _cadence(read, project, about[member]), _alone(portfolio, member, pursued))
        for asked in asks_of(situation, today) if situation else ():
            yield AgendaItem(reason=asked.reason, project=member, since=asked.since, fact=asked.fact)
    yield from _past_review(about.values(), projects, today)


def _place(item: AgendaItem) -> tuple[int, date, str]:
    """What is worst first, then what has waited longest."""
    return ORDER.index(item.reason), item.since, str(item.project or "")


def _situation(project: Project, cadence_days: int | None, alone: Recorded | None) -> Situation[UUID] | None:
    reporting = project.reporting
    if project.state is None or reporting.moved is None:
        return None
    reported = reporting.reported()
    return Situation(
        state=project.state,
        moved=_said(reporting.moved),
        overall=reporting.health(),
        reported=Said(reported.counts_from, reported.event_id) if reported else None,
        cadence_days=cadence_days,
        expected_resume=reporting.expected_resume,
        alone=_said(alone) if alone else None,
    )


def _alone(portfolio: Portfolio, member: UUID, goals: Sequence[Goal]) -> Recorded | None:
    """The fact since which a member serves no open goal of the portfolio; `None` if it serves one."""
    if any(member in goal.weights and not goal.is_retired for goal in goals):
        return None
    ended = [goal.ended[member] for goal in goals if member in goal.ended]
    return max([portfolio.reviews.joined[member], *ended], key=lambda fact: fact.occurred_at)


def _cadence(read: Reading, project: Project, decided: Decisions) -> int | None:
    """Its own, or the shortest of all portfolios that hold it."""
    if project.reporting.cadence_days:
        return project.reporting.cadence_days
    streams = {fact.stream_id for fact in decided.values() if fact.event.stream_kind == Portfolio.kind}
    held = [each for stream in streams if project.id in (each := read.then(Portfolio, stream)).members]
    return min((days for each in held if (days := each.policy.update_cadence_days)), default=None)


def _decisions(read: Reading, thing: UUID) -> Decisions:
    """Every decision about a thing that had been taken by then."""
    return {fact.event_id: fact for fact in read.decisions_about(thing) if fact.occurred_at <= read.moment}


def _past_review(about: Iterable[Decisions], projects: Mapping[UUID, Project], today: date) -> Iterator[AgendaItem]:
    """Decisions that should have been looked at again; a deferral only as long as it holds."""
    every = {event_id: fact for decided in about for event_id, fact in decided.items()}
    superseded = {fact.event.corrects for fact in every.values()}
    for event_id, fact in every.items():
        why, project = fact.event.why, next((each.id for each in fact.subjects if each.id in projects), None)
        if why is None or why.review_on is None or event_id in superseded or not is_past(why.review_on, today):
            continue
        if isinstance(fact.event, ProjectDeferred) and project and projects[project].latest_move != event_id:
            continue
        yield AgendaItem(reason=Reason.PAST_REVIEW_DATE, project=project, since=why.review_on, fact=event_id)


def _said(fact: Recorded) -> Said[UUID]:
    return Said(fact.occurred_at, fact.event_id)
