"""Goals: what contributes to them, how far they are, and what is refused."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.kernel.aggregate import fold
from domain.kernel.rationale import Rationale
from domain.kernel.refusal import Invalid, NotFound
from domain.portfolio.events import ComponentAdded, ComponentRemoved, PortfolioCreated
from domain.project.events import ProjectCancelled, ProjectDrafted
from domain.project.words import State
from domain.strategy import events as e
from domain.strategy.goal import Goal
from domain.strategy.progress import Contribution, reached, rolled_up
from tests.domain.scene import WHY, Outcome, Scene, numbered

DIGITAL, QUEUES, ELSEWHERE = numbered(1), numbered(2), numbered(3)
PROJECTS = [numbered(number) for number in (11, 12, 13, 14)]
SHOP, APP, KIOSK, TRAM = PROJECTS
REASON = Rationale(code="strategic_fit", text="It fits the plan of this year")
QUARTER = {"starts_on": "2026-04-01", "ends_on": "2026-06-30"}
WAITING = {"measure": "Waiting time", "unit": "minutes", "start": "30", "target": "5", "period": QUARTER}


def office() -> Scene:
    """A portfolio with an objective and three components that may contribute; the tram is in no portfolio."""
    scene = Scene().given((DIGITAL, PortfolioCreated(name="Digital")))
    for number, project in enumerate(PROJECTS):
        scene.given((project, ProjectDrafted(name=f"Project {number}", state=State.ACTIVE)))
        if project != TRAM:
            scene.given((DIGITAL, ComponentAdded(component=project, order=Decimal(number), why=REASON)))
    return scene.given((QUEUES, e.GoalCreated(portfolio=DIGITAL, name="No queues", why=REASON)))


def link(scene: Scene, project: UUID, weight: str) -> Outcome:
    return scene.when("goals.link", QUEUES, {"project": str(project), "weight": weight, "rationale": WHY})


def unlink(scene: Scene, project: UUID) -> Outcome:
    return scene.when("goals.unlink", QUEUES, {"project": str(project), "rationale": WHY})


def record(scene: Scene, **members: Any) -> Outcome:
    return scene.when("goals.record-progress", QUEUES, members)


def goal_of(scene: Scene) -> Goal:
    return fold(Goal, QUEUES, scene.ledger.history(QUEUES))


# --- created --------------------------------------------------------------------------------------


def test_a_portfolio_gets_an_objective_for_a_reason() -> None:
    body = {"portfolio": str(DIGITAL), "name": "Fewer letters", "owner": "post", "rationale": WHY}
    created = office().when("goals.create", ELSEWHERE, body).then(e.GoalCreated)
    assert (created.portfolio, created.name, created.owner) == (DIGITAL, "Fewer letters", "post")


def test_an_objective_needs_a_portfolio_and_a_reason() -> None:
    body = {"portfolio": str(SHOP), "name": "Fewer letters", "rationale": WHY}
    office().when("goals.create", ELSEWHERE, body).refused("/portfolio", "no portfolio has the id", kind=Invalid)
    with pytest.raises(ValidationError, match="rationale"):
        office().when("goals.create", ELSEWHERE, {"portfolio": str(DIGITAL), "name": "Fewer letters"})


# --- contributions --------------------------------------------------------------------------------


def test_a_project_contributes_with_a_weight() -> None:
    linked = link(office(), SHOP, "0.6").then(e.GoalLinked)
    assert (linked.project, linked.from_weight, linked.to_weight) == (SHOP, None, Decimal("0.6"))


def test_another_weight_tells_the_one_before() -> None:
    scene = office()
    link(scene, SHOP, "0.6").then(e.GoalLinked)
    again = link(scene, SHOP, "0.9").then(e.GoalLinked)
    assert (again.from_weight, again.to_weight) == (Decimal("0.6"), Decimal("0.9"))
    weights = [fact.event.to_weight for fact in scene.ledger.history(QUEUES) if isinstance(fact.event, e.GoalLinked)]
    assert weights == [Decimal("0.6"), Decimal("0.9")], "the weight of before is kept"


def test_the_same_weight_again_would_lose_its_reason() -> None:
    scene = office()
    link(scene, SHOP, "0.60").then(e.GoalLinked)
    link(scene, SHOP, "0.6").refused("already contributes with the weight 0.60", "another weight is possible")


def test_weights_never_sum_to_more_than_one() -> None:
    scene = office()
    link(scene, SHOP, "0.7").then(e.GoalLinked)
    link(scene, APP, "0.3001").refused("sum to at most 1", "0.3 is left for this project", "unlinked")
    link(scene, APP, "0.3").then(e.GoalLinked)
    link(scene, SHOP, "0.8").refused("0.7 is left for this project")
    unlink(scene, APP).then(e.GoalUnlinked)
    link(scene, SHOP, "1").then(e.GoalLinked)


@pytest.mark.parametrize("weight", ["0", "1.0001", "-0.1", "0.00001", "much", "1e-1", "NaN", True, 0, None])
def test_a_weight_is_above_nothing_and_at_most_the_whole(weight: Any) -> None:
    with pytest.raises(ValidationError, match="expected a weight above 0 and up to 1"):
        office().when("goals.link", QUEUES, {"project": str(SHOP), "weight": weight, "rationale": WHY})


def test_only_what_the_portfolio_holds_contributes() -> None:
    scene = office()
    link(scene, TRAM, "0.5").refused("/project", "does not hold the component", kind=Invalid)
    scene.given((DIGITAL, ComponentRemoved(component=SHOP, why=REASON)))
    link(scene, SHOP, "0.5").refused("/project", "does not hold the component", kind=Invalid)
    link(scene, ELSEWHERE, "0.5").refused("/project", "no project has the id", kind=Invalid)


def test_only_what_lives_contributes() -> None:
    scene = office()
    cancelled = ProjectCancelled(sunk_cost={"amount": "1", "currency": "GBP"}, disposition="All go free", why=REASON)
    scene.given((SHOP, cancelled))
    link(scene, SHOP, "0.5").refused("A contribution needs a live project; this one is cancelled")


def test_what_was_removed_from_the_portfolio_can_still_be_unlinked() -> None:
    scene = office()
    link(scene, SHOP, "0.5").then(e.GoalLinked)
    scene.given((DIGITAL, ComponentRemoved(component=SHOP, why=REASON)))
    unlink(scene, SHOP).then(e.GoalUnlinked)
    unlink(scene, SHOP).refused("/project", "does not contribute", "link lets it", kind=Invalid)


steps = st.lists(
    st.tuples(
        st.sampled_from([SHOP, APP, KIOSK]),
        st.one_of(st.none(), st.integers(1, 10_000), st.sampled_from([2_500, 5_000, 10_000])),
    ),
    max_size=20,
)


@settings(deadline=None)
@given(steps)
def test_weights_follow_a_plain_sum(taken: list[tuple[UUID, int | None]]) -> None:
    """In ten-thousandths: linked if it fits beside the others, unlinked (`None`) if it is there."""
    scene, plain = office(), dict[UUID, int]()
    for project, weight in taken:
        if weight is None:
            outcome, possible = unlink(scene, project), project in plain
        else:
            outcome = link(scene, project, str(Decimal(weight) / 10_000))
            others = sum(given for each, given in plain.items() if each != project)
            possible = plain.get(project) != weight and others + weight <= 10_000
        assert (outcome.refusal is None) == possible
        if possible and weight is not None:
            plain[project] = weight
        elif possible:
            del plain[project]
        assert goal_of(scene).weights == {each: Decimal(given) / 10_000 for each, given in plain.items()}


# --- key results ----------------------------------------------------------------------------------


def test_a_measure_is_set_and_measured() -> None:
    scene = office()
    scene.when("goals.set-key-result", QUEUES, WAITING).then(e.KeyResultSet)
    recorded = record(scene, measure="Waiting time", current="20").then(e.ProgressRecorded)
    assert (recorded.measure, recorded.current, recorded.project) == ("Waiting time", Decimal(20), None)
    assert goal_of(scene).measured == {"Waiting time": Decimal(20)}


def test_to_move_the_target_is_a_decision() -> None:
    scene = office()
    scene.when("goals.set-key-result", QUEUES, WAITING, current="12").then(e.KeyResultSet)
    easier = {**WAITING, "target": "15"}
    scene.when("goals.set-key-result", QUEUES, easier).refused("/rationale", "anew", kind=Invalid)
    scene.when("goals.set-key-result", QUEUES, easier, rationale=WHY).then(e.KeyResultSet)
    assert goal_of(scene).measured == {"Waiting time": Decimal(12)}, "what was measured stays"


def test_a_key_result_that_changes_nothing_records_nothing() -> None:
    scene = office()
    scene.when("goals.set-key-result", QUEUES, WAITING, current="12").then(e.KeyResultSet)
    scene.when("goals.set-key-result", QUEUES, WAITING).then()
    scene.when("goals.set-key-result", QUEUES, WAITING, current="12.0").then()
    scene.when("goals.set-key-result", QUEUES, WAITING, rationale=WHY).refused("a reason without a change")
    scene.when("goals.set-key-result", QUEUES, WAITING, current="11").then(e.KeyResultSet)


def test_a_key_result_goes_from_one_value_to_another_in_a_period() -> None:
    nowhere = {**WAITING, "target": "30.0"}
    office().when("goals.set-key-result", QUEUES, nowhere).refused("/target", "another value", kind=Invalid)
    backwards = {**WAITING, "period": {"starts_on": "2026-06-30", "ends_on": "2026-04-01"}}
    office().when("goals.set-key-result", QUEUES, backwards).refused("/period/ends_on", "2026-06-30", kind=Invalid)


# --- progress -------------------------------------------------------------------------------------


def test_a_contribution_is_delivered_step_by_step() -> None:
    scene = office()
    link(scene, SHOP, "0.5").then(e.GoalLinked)
    record(scene, project=str(SHOP), progress="0").then(e.ProgressRecorded)
    record(scene, project=str(SHOP), progress="0.0").then()
    record(scene, project=str(SHOP), progress="0", rationale=WHY).refused("a reason without a change")
    record(scene, project=str(SHOP), progress="1").then(e.ProgressRecorded)
    assert goal_of(scene).delivered == {SHOP: Decimal(1)}


def test_a_contribution_that_comes_back_begins_unknown() -> None:
    scene = office()
    link(scene, SHOP, "0.5").then(e.GoalLinked)
    record(scene, project=str(SHOP), progress="0.8").then(e.ProgressRecorded)
    unlink(scene, SHOP).then(e.GoalUnlinked)
    record(scene, project=str(SHOP), progress="0.8").refused("/project", "does not contribute", kind=Invalid)
    link(scene, SHOP, "0.5").then(e.GoalLinked)
    assert goal_of(scene).delivered == {}


def test_progress_may_be_entered_late_but_not_before_the_latest_decision() -> None:
    scene = office()
    link(scene, SHOP, "0.5").then(e.GoalLinked)
    linked_at = scene.now
    scene.now += timedelta(days=3)
    early = (linked_at - timedelta(minutes=1)).isoformat()
    record(scene, project=str(SHOP), progress="0.2", occurred_at=early).refused("/occurred_at", kind=Invalid)
    late = (linked_at + timedelta(days=1)).isoformat()
    record(scene, project=str(SHOP), progress="0.2", occurred_at=late).then(e.ProgressRecorded)


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({}, "expected measure and current, or project and progress"),
        ({"measure": "Waiting time"}, "/current: required"),
        ({"current": "4"}, "/measure: required"),
        ({"project": str(SHOP)}, "/progress: required"),
        ({"progress": "0.4"}, "/project: required"),
        ({"measure": "Waiting time", "progress": "0.4"}, "/current: required"),
        ({"measure": "Waiting time", "current": "4", "project": str(SHOP), "progress": "1"}, "expected measure and"),
        ({"measure": "Mood", "current": "4"}, "/measure: expected a measure of the goal (Waiting time)"),
    ],
)
def test_progress_is_of_one_measure_or_of_one_project(members: dict[str, Any], pointer: str) -> None:
    scene = office()
    scene.when("goals.set-key-result", QUEUES, WAITING).then(e.KeyResultSet)
    link(scene, SHOP, "0.5").then(e.GoalLinked)
    record(scene, **members).refused(pointer, kind=Invalid)


# --- retired --------------------------------------------------------------------------------------


def test_a_retired_goal_stays_as_it_stood() -> None:
    scene = office()
    link(scene, SHOP, "0.5").then(e.GoalLinked)
    scene.when("goals.retire", QUEUES, {"rationale": WHY}).then(e.GoalRetired)
    link(scene, APP, "0.2").refused("A contribution needs an open goal; this one is retired")
    unlink(scene, SHOP).refused("needs an open goal")
    record(scene, project=str(SHOP), progress="1").refused("Progress needs an open goal")
    scene.when("goals.set-key-result", QUEUES, WAITING).refused("A key result needs an open goal")
    scene.when("goals.retire", QUEUES, {"rationale": WHY}).refused("a new goal can be created")


@pytest.mark.parametrize("verb", ["link", "unlink", "retire"])
def test_no_decision_about_a_goal_goes_without_a_reason(verb: str) -> None:
    body = (
        {}
        if verb == "retire"
        else {"project": str(SHOP), "weight": "0.5"}
        if verb == "link"
        else {"project": str(SHOP)}
    )
    with pytest.raises(ValidationError, match=r"rationale\n +Field required"):
        office().when(f"goals.{verb}", QUEUES, body)


def test_only_a_goal_can_be_commanded_as_one() -> None:
    office().when("goals.retire", SHOP, {"rationale": WHY}).refused("no goal has the id", kind=NotFound)


# --- how far --------------------------------------------------------------------------------------

parts = st.integers(0, 10_000).map(lambda part: Decimal(part) / 10_000)
contributions = st.lists(
    st.tuples(st.integers(1, 2_500).map(lambda part: Decimal(part) / 10_000), st.one_of(st.none(), parts)), max_size=4
)


@given(contributions)
def test_progress_is_the_weighted_sum_of_what_is_known(given: list[tuple[Decimal, Decimal | None]]) -> None:
    found = rolled_up(Contribution(weight, progress) for weight, progress in given)
    exact = [Fraction(weight) * Fraction(progress) for weight, progress in given if progress is not None]
    assert (found.of, found.missing) == (len(given), len(given) - len(exact))
    assert (found.progress is None) == (not exact), "nothing known is not nothing done"
    if found.progress is not None:
        assert Fraction(found.progress) == sum(exact)
        assert 0 <= found.progress <= found.known_weight <= found.weight <= 1


def test_a_goal_is_not_at_nothing_while_what_serves_it_is_done() -> None:
    done = Contribution(Decimal(1), Decimal(1))
    assert rolled_up([done]).progress == 1
    assert rolled_up([Contribution(Decimal(1), None)]).progress is None
    assert rolled_up([]).progress is None


@given(st.integers(-999, 999), st.integers(-999, 999), st.integers(-999, 999))
def test_a_measure_has_come_its_part_of_the_way(start: int, target: int, current: int) -> None:
    if start == target:
        return
    exact = Fraction(current - start, target - start)
    found = reached(Decimal(start), Decimal(target), Decimal(current))
    assert abs(Fraction(found) - max(Fraction(0), min(Fraction(1), exact))) < Fraction(1, 10**20)
    assert (found == 1) == (exact >= 1)
