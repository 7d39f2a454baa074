"""A portfolio is reviewed: the agenda is told from the streams of what it holds, at the moment the review begins."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from domain.attention import ORDER, Said, Situation, alone, asks_of, is_past
from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.event import Recorded
from domain.portfolio import review_commands as c
from domain.portfolio.agenda import AgendaItem, Reason
from domain.portfolio.portfolio import Portfolio
from domain.premises import stands
from domain.processes.watching import broken_premises
from domain.project.events import Moved, ProjectDeferred
from domain.project.project import Project
from domain.project.words import GIVEN_UP
from domain.strategy.goal import Goal

Decisions = Mapping[UUID, Recorded]


class Holding(NamedTuple):
    """A decision that nothing took the place of, and the component it is about, if it is about one."""

    decision: Recorded
    component: Project | None

    @property
    def project(self) -> UUID | None:
        """The id of the component."""
        return self.component.id if self.component else None

    @property
    def said(self) -> tuple[Hashable, ...]:
        """What is the same of facts in which one decision was recorded, about one component."""
        why = self.decision.event.why
        return self.decision.correlation_id, self.decision.occurred_at, why.text if why else None, self.project

    @property
    def is_latest_move(self) -> bool:
        """Whether the component is where it is by this decision."""
        return self.component is not None and self.component.latest_move == self.decision.event_id

    @property
    def stands(self) -> bool:
        """Whether it still has an effect."""
        led_to = self.decision.event.target if isinstance(self.decision.event, Moved) else None
        state = self.component.state if self.component else None
        return self.component is None or stands(led_to, state, is_latest_move=self.is_latest_move)


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
    for goal in pursued:
        yield from _unserved(read, goal)
    made = {event_id: fact for decided in about.values() for event_id, fact in decided.items()}
    holding = list(_not_superseded(made, projects))
    yield from _past_review(holding, today)
    yield from _broken(read, holding)


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


def _not_superseded(made: Decisions, projects: Mapping[UUID, Project]) -> Iterator[Holding]:
    """Decisions that nothing took the place of, each with the component it is about."""
    superseded = {fact.event.corrects for fact in made.values()}
    for event_id, fact in made.items():
        if fact.event.why and event_id not in superseded:
            yield Holding(fact, next((projects[each.id] for each in fact.subjects if each.id in projects), None))


def _past_review(holding: Iterable[Holding], today: date) -> Iterator[AgendaItem]:
    """Decisions that should have been looked at again; a deferral only as long as it holds."""
    for each in holding:
        fact, why = each.decision, each.decision.event.why
        if why is None or why.review_on is None or not is_past(why.review_on, today):
            continue
        if not isinstance(fact.event, ProjectDeferred) or each.component is None or each.is_latest_move:
            yield AgendaItem(
                reason=Reason.PAST_REVIEW_DATE, project=each.project, since=why.review_on, fact=fact.event_id
            )


def _broken(read: Reading, holding: Iterable[Holding]) -> Iterator[AgendaItem]:
    """Decisions that still have an effect, and rest on a figure that is out of its bounds."""
    watched = {each.decision.event_id: each for each in holding if each.stands}
    in_order = sorted(watched.values(), key=lambda each: each.decision.position)
    first = {each.said: each.decision for each in reversed(in_order)}
    for decision, _, fact in broken_premises(read, reversed(first.values())):
        yield AgendaItem(
            reason=Reason.BROKEN_PREMISE,
            project=watched[decision.event_id].project,
            since=fact.occurred_at.date(),
            fact=fact.event_id,
            decision=decision.event_id,
        )


def _unserved(read: Reading, goal: Goal) -> Iterator[AgendaItem]:
    """An open goal without a component that was not given up."""
    contributing = [read.then(Project, project) for project in goal.weights]
    given_up = [each.reporting.moved for each in contributing if each.state in GIVEN_UP]
    if goal.is_retired or goal.began is None or len(given_up) < len(contributing):
        return
    ended = [_said(fact) for fact in (*given_up, *goal.ended.values()) if fact]
    asked = alone(_said(goal.began), ended)
    yield AgendaItem(reason=asked.reason, project=None, since=asked.since, fact=asked.fact, goal=goal.id)


def _said(fact: Recorded) -> Said[UUID]:
    return Said(fact.occurred_at, fact.event_id)
