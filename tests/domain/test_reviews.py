"""Reviews of a portfolio: the agenda is told from the streams, at the moment the review begins, and stays."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.kernel.event import Event
from domain.kernel.money import Money
from domain.kernel.rationale import Rationale
from domain.portfolio import events as pe
from domain.portfolio import review_events as re
from domain.portfolio.agenda import AgendaItem
from domain.portfolio.policy import Policy
from domain.project import events as e
from domain.project.status_events import CadenceSet
from domain.project.words import State
from domain.strategy import events as ge
from tests.domain.scene import Outcome, Scene, numbered

HARBOUR, ROADS, SHOP, APP, QUEUES = map(numbered, range(1, 6))
REASON = Rationale(code="other", text="A reason that is long enough")
LATE = Rationale(code="other", text="A reason that is long enough", review_on=date(2026, 3, 1))
WEEKLY = Policy(update_cadence_days=7)
MONEY = Money.model_validate({"amount": "10.00", "currency": "GBP"})
ACTIVATED = e.ProjectActivated(owner="carol", starts_on=date(2026, 3, 2))


def harbour(*policies: Policy) -> Scene:
    """A portfolio with an active shop, which serves a goal."""
    scene = Scene().given(
        (HARBOUR, pe.PortfolioCreated(name="Harbour")),
        (SHOP, e.ProjectDrafted(name="Shop", state=State.ACTIVE)),
        (HARBOUR, pe.ComponentAdded(component=SHOP, order="1", why=REASON)),
        (QUEUES, ge.GoalCreated(portfolio=HARBOUR, name="No queues", why=REASON)),
        (QUEUES, ge.GoalLinked(project=SHOP, to_weight="0.5", why=REASON)),
    )
    return scene.given(*((HARBOUR, pe.PolicySet(version=1, policy=policy, why=REASON)) for policy in policies))


def opened(scene: Scene, **more: Any) -> Outcome:
    return scene.when("portfolios.open-review", HARBOUR, more)


def agenda(scene: Scene, **more: Any) -> list[tuple[str, Any, Any]]:
    """What a review that began now would look at: why, which project, and the kind of fact behind it."""
    event_of = {fact.event_id: type(fact.event) for fact in scene.ledger.facts}
    items: tuple[AgendaItem, ...] = opened(scene, **more).then(re.ReviewOpened).agenda
    return [(item.reason, item.project, event_of[item.fact]) for item in items]


def later(scene: Scene, days: int) -> Scene:
    scene.now += timedelta(days=days)
    return scene


def test_where_nothing_asks_for_attention_the_agenda_is_empty() -> None:
    assert agenda(harbour()) == []


def test_an_update_is_overdue_once_its_day_is_over() -> None:
    assert agenda(later(harbour(WEEKLY), 7)) == []
    assert agenda(later(harbour(WEEKLY), 8)) == [("overdue_update", SHOP, e.ProjectDrafted)]
    reported = later(harbour(WEEKLY).given((SHOP, e.StatusReported(overall="on_track"))), 8)
    assert agenda(reported) == [("overdue_update", SHOP, e.StatusReported)]
    assert agenda(later(harbour(), 99)) == []


def test_a_paused_project_owes_nothing_and_is_no_trouble_until_it_should_have_resumed() -> None:
    until = e.ProjectPaused(expected_resume=date(2026, 3, 20), allocations="keep", why=REASON)
    scene = harbour(WEEKLY).given((SHOP, e.StatusReported(overall="off_track")), (SHOP, until))
    assert agenda(later(scene, 18)) == []
    scene.when("portfolios.close-review", HARBOUR)
    assert agenda(later(scene, 1)) == [("resume_passed", SHOP, e.ProjectPaused)]
    scene.when("portfolios.close-review", HARBOUR)
    resumed = scene.given((SHOP, e.ProjectResumed(forecast_finish=date(2026, 9, 1), why=REASON)))
    assert agenda(later(resumed, 7)) == [("off_track", SHOP, e.StatusReported)], "due is resume + one cadence"


@pytest.mark.parametrize("overall", ["at_risk", "off_track"])
def test_what_is_in_trouble_is_on_the_agenda(overall: str) -> None:
    report = e.StatusReported(overall=overall)
    assert agenda(harbour().given((SHOP, report))) == [(overall, SHOP, e.StatusReported)]
    assert agenda(harbour().given((SHOP, report), (SHOP, e.StatusReported(overall="on_track")))) == []


@pytest.mark.parametrize(
    ("facts", "behind", "goal_behind"),
    [
        ([(QUEUES, ge.GoalUnlinked(project=SHOP, why=REASON))], ge.GoalUnlinked, ge.GoalUnlinked),
        ([(QUEUES, ge.GoalRetired(why=REASON))], ge.GoalRetired, None),
        (
            [
                (QUEUES, ge.GoalUnlinked(project=SHOP, why=REASON)),
                (HARBOUR, pe.ComponentRemoved(component=SHOP, why=REASON)),
                (HARBOUR, pe.ComponentRestored(component=SHOP, order="1", why=REASON)),
            ],
            pe.ComponentRestored,
            ge.GoalUnlinked,
        ),
    ],
)
def test_a_live_project_without_a_goal_is_on_it_since_it_serves_none_and_so_is_the_goal(
    facts: Any, behind: type[Event], goal_behind: type[Event] | None
) -> None:
    alone = [("goal_without_projects", None, goal_behind)] if goal_behind else []
    assert agenda(harbour().given(*facts)) == [("unaligned", SHOP, behind), *alone]
    ended = e.ProjectClosed(why=REASON)
    assert agenda(harbour().given(*facts, (SHOP, ended))) == alone


def test_a_decision_is_looked_at_again_after_its_day_until_it_is_superseded() -> None:
    scene = harbour().given((SHOP, e.ProjectAuthorized(budget=MONEY, why=LATE)), (SHOP, ACTIVATED))
    assert agenda(scene) == [("past_review_date", SHOP, e.ProjectAuthorized)]
    scene.when("portfolios.close-review", HARBOUR)
    old = next(fact.event_id for fact in scene.ledger.facts if isinstance(fact.event, e.ProjectAuthorized))
    why = REASON.model_copy(update={"supersedes": old})
    assert agenda(scene.given((SHOP, e.ProjectAuthorized(budget=MONEY, why=why)), (SHOP, ACTIVATED))) == []


def test_a_deferral_is_looked_at_only_while_it_holds() -> None:
    deferred = harbour().given((SHOP, e.ProjectDeferred(why=LATE)))
    assert agenda(deferred) == [("past_review_date", SHOP, e.ProjectDeferred)]
    deferred.when("portfolios.close-review", HARBOUR)
    assert agenda(deferred.given((SHOP, e.ProjectSelected(why=REASON)))) == []


def test_a_decision_about_the_portfolio_or_a_goal_is_on_it_without_a_project() -> None:
    scene = harbour().given((HARBOUR, pe.PolicySet(version=1, policy=WEEKLY, why=LATE)))
    scene.given((QUEUES, ge.GoalLinked(project=SHOP, to_weight="0.4", why=LATE)))
    scene.given((HARBOUR, pe.ComponentRemoved(component=APP, why=LATE)))
    assert sorted(agenda(scene), key=str) == sorted(
        [
            ("past_review_date", None, pe.PolicySet),
            ("past_review_date", SHOP, ge.GoalLinked),
            ("past_review_date", None, pe.ComponentRemoved),
        ],
        key=str,
    )


def test_of_several_portfolios_the_shortest_cadence_asks_and_its_own_overrides() -> None:
    scene = harbour(Policy(update_cadence_days=30)).given(
        (ROADS, pe.PortfolioCreated(name="Roads")),
        (ROADS, pe.PolicySet(version=1, policy=WEEKLY, why=REASON)),
        (ROADS, pe.ComponentAdded(component=SHOP, order="1", why=REASON)),
    )
    assert agenda(later(scene, 8)) == [("overdue_update", SHOP, e.ProjectDrafted)]
    scene.when("portfolios.close-review", HARBOUR)
    assert agenda(scene.given((SHOP, CadenceSet(cadence_days=20, why=REASON)))) == []
    scene.when("portfolios.close-review", HARBOUR)
    scene.given((SHOP, CadenceSet(cadence_days=None, why=REASON)))
    assert agenda(scene.given((ROADS, pe.ComponentRemoved(component=SHOP, why=REASON)))) == []


def test_what_is_worst_comes_first_then_what_has_waited_longest() -> None:
    scene = harbour(WEEKLY)
    for number, overall in ((30, "at_risk"), (31, "off_track"), (32, "off_track")):
        project = numbered(number)
        scene.given((project, e.ProjectDrafted(name="P", state=State.ACTIVE)))
        scene.given((HARBOUR, pe.ComponentAdded(component=project, order=str(number), why=REASON)))
        later(scene, 1).given((project, e.StatusReported(overall=overall)))
    found = [(reason, project.int) for reason, project, _ in agenda(later(scene, 5))]
    assert found == [
        ("off_track", 31),
        ("off_track", 32),
        ("at_risk", 30),
        ("overdue_update", SHOP.int),
        ("unaligned", 30),
        ("unaligned", 31),
        ("unaligned", 32),
    ]


def test_one_review_at_a_time() -> None:
    scene = harbour()
    scene.when("portfolios.close-review", HARBOUR).refused("No review is open")
    review = opened(scene, name="March").event_id
    opened(scene).refused("still open", review)
    closed = scene.when("portfolios.close-review", HARBOUR, {"conclusion": "Go on"}).then(re.ReviewClosed)
    assert (str(closed.review), closed.conclusion) == (review, "Go on")
    opened(scene).then(re.ReviewOpened)


def test_a_review_that_is_dated_back_looks_at_what_was_so_then() -> None:
    scene = harbour().given((SHOP, e.StatusReported(overall="off_track")))
    then = scene.now.isoformat()
    scene.given((SHOP, e.StatusReported(overall="on_track")), (QUEUES, ge.GoalUnlinked(project=SHOP, why=LATE)))
    assert agenda(scene, occurred_at=then) == [("off_track", SHOP, e.StatusReported)]
