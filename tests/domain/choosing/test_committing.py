"""A scenario becomes the plan: whole or not at all, and everybody is told why."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.choosing import scenario_events as se
from domain.kernel import verdicts
from domain.kernel.aggregate import fold
from domain.kernel.refusal import Invalid
from domain.portfolio import events as pe
from domain.portfolio.commit_events import ScenarioCommitted
from domain.portfolio.policy import Policy
from domain.processes.committing import TOLD, Row
from domain.project import events as e
from domain.project.project import Project
from domain.project.words import State
from tests.domain.choosing.board import (
    APP,
    BECAUSE,
    CITY,
    QUAY,
    SCENARIO,
    SHOP,
    TRAM,
    budget,
    case,
    city,
    create,
    force,
    pounds,
    solve,
    worth,
)
from tests.domain.scene import WHY, Outcome, Scene, numbered
from tests.domain.test_policies import racing

OTHER = numbered(60)
JUDGED = {"code": "judgement", "text": "The mayor has promised it to everybody"}


def commit(scene: Scene, scenario: UUID = SCENARIO, **more: Any) -> Outcome:
    return scene.when("scenarios.commit", scenario, {"rationale": WHY, **more})


def ready(scene: Scene | None = None, scenario: UUID = SCENARIO, **more: Any) -> Scene:
    """A scenario that was solved."""
    scene = scene or city()
    create(scene, scenario, **more).then(se.ScenarioCreated)
    solve(scene, scenario).then(se.ScenarioSolved)
    return scene


def facts(outcome: Outcome) -> dict[UUID, Any]:
    """What was recorded, by stream; of several the last."""
    assert outcome.refusal is None, outcome.refusal
    return {fact.stream_id: fact.event for fact in outcome.facts}


def moved(outcome: Outcome, *words: str) -> list[Any]:
    """What a refused commit tells to have changed: subject and what."""
    refusal = outcome.refused("no longer the one in which this was solved", "solve it anew", *words)
    return [(each["subject"], each["what"], each["from"], each["to"]) for each in refusal.details["difference"]]


def test_who_is_in_is_selected_and_who_is_not_is_told_why() -> None:
    scene = ready()
    found = facts(commit(scene))
    assert {stream: type(event) for stream, event in found.items()} == {
        CITY: ScenarioCommitted,
        SHOP: e.ProjectSelected,
        APP: e.ProjectSelected,
        QUAY: e.NotSelected,
    }
    shop, quay = found[SHOP].verdict, found[QUAY].verdict
    assert (shop.scenario, shop.value, shop.cost, shop.start) == (SCENARIO, 10, pounds(6000), "2026")
    assert ([(each.project, each.name) for each in shop.over], shop.of_losers) == ([(QUAY, "Quay")], 1)
    assert found[SHOP].why.text == WHY["text"]
    assert (quay.value, quay.cost, quay.lost) == (3, pounds(5000), 6)
    assert quay.kept_out == ("GBP 4000.00 over the budget of capex in 2026, GBP 12000.00",)
    assert quay.let_in_by[0] == "Its value is higher by 7"
    assert (found[QUAY].why.code, found[QUAY].why.text) == ("below_waterline", quay.kept_out[0])


def test_the_whole_tells_every_verdict_and_what_it_rests_on() -> None:
    scene = ready(city(running=True))
    solution = scene.ledger.facts[-1].event
    whole = facts(commit(scene))[CITY]
    assert [(each.project, each.verdict, each.reason, each.start) for each in whole.verdicts] == [
        (APP, "selected", "most_value", "2026"),
        (QUAY, "selected", "most_value", "2026"),
        (TRAM, "kept", "under_way", "2026"),
        (SHOP, "not_selected", "below_waterline", None),
    ]
    assert whole.verdicts[2].sentence == "It is active and stays in"
    assert (whole.inputs_position, whole.sha256) == (solution.inputs_position, solution.sha256)
    assert (whole.scenario, whole.name, whole.scenario_version, whole.model) == (SCENARIO, "Next year", 2, None)
    recorded = next(fact for fact in scene.ledger.facts if isinstance(fact.event, ScenarioCommitted))
    assert {each.id for each in recorded.subjects} == {CITY, SCENARIO}


def test_what_was_ruled_stands_in_the_verdicts() -> None:
    scene = city()
    create(scene)
    force(scene, "force-in", QUAY, rationale={"code": "regulatory_mandate", "text": "The law names the year"})
    force(scene, "force-out", SHOP, rationale={"code": "overlap", "text": "The market has a shop"})
    solve(scene)
    found = facts(commit(scene))
    assert found[QUAY].verdict.forced_in == "The law names the year"
    assert (found[SHOP].why.code, found[SHOP].verdict.forced_out) == ("forced_out", "The market has a shop")
    rows = {each.project: each for each in found[CITY].verdicts}
    assert (rows[QUAY].reason, rows[QUAY].forced) == ("forced_in", "The law names the year")
    assert rows[QUAY].sentence == "It comes in, from 2026 on; it had to be: The law names the year"


def test_what_lacks_a_value_is_told_so() -> None:
    scene = ready(city(), adjustments=worth({SHOP: 10, APP: 9}))
    found = facts(commit(scene))
    assert (found[QUAY].why.code, found[QUAY].verdict.value) == ("incomplete", None)
    assert "has no analysis" in found[QUAY].why.text


def test_what_was_selected_before_is_kept_or_taken_back() -> None:
    scene = ready()
    commit(scene)
    scene.given((QUAY, case(("2026-03", "capex", 5000), version=2)))
    scene.when("scenarios.edit", SCENARIO, {"adjustments": worth({SHOP: 10, APP: 9, QUAY: 30})})
    solve(scene)
    found = facts(commit(scene))
    assert {stream: type(event) for stream, event in found.items()} == {
        CITY: ScenarioCommitted,
        QUAY: e.ProjectSelected,
        APP: e.ProjectDeselected,
    }
    assert found[APP].verdict.kept_out
    rows = {each.project: (each.verdict, each.reason) for each in found[CITY].verdicts}
    assert rows == {
        SHOP: ("kept", "selected_before"),
        QUAY: ("selected", "most_value"),
        APP: ("not_selected", "below_waterline"),
    }


def test_a_loser_stays_where_it_is() -> None:
    scene = city().given((QUAY, e.StateRecorded(to=State.DEFERRED, irregular=False)))
    found = facts(commit(ready(scene)))
    assert isinstance(found[QUAY], e.NotSelected)
    scene.when("projects.select", QUAY, {"rationale": WHY, "force_in": JUDGED}).then(e.ForcedIn, e.ProjectSelected)


@pytest.mark.parametrize(("row", "state"), [(row, state) for row in TOLD for state in row.sources])
def test_every_row_of_the_lifecycle_page_is_what_happens(row: Row, state: State) -> None:
    scene = city().given((SHOP, e.StateRecorded(to=state, irregular=True)))
    is_in = row.verdict is not verdicts.Outcome.NOT_SELECTED
    values = worth({SHOP: 10 if is_in else 1, APP: 9, QUAY: 8})
    found = facts(commit(ready(scene, adjustments=values)))
    assert type(found.get(SHOP)) is (row.fact or type(None))
    assert next(each for each in found[CITY].verdicts if each.project == SHOP).verdict is row.verdict
    after = fold(Project, SHOP, scene.ledger.history(SHOP)).state
    assert after == (state if row.target == "the same" else row.target)


# --- what has to be so ---------------------------------------------------------------------------


def test_only_what_was_solved_as_it_is_now_can_be_committed() -> None:
    scene = city()
    create(scene)
    commit(scene).refused("was not solved yet", "solve it")
    solve(scene)
    force(scene, "force-in", QUAY)
    commit(scene).refused("was changed since it was solved")


def test_nothing_found_is_nothing_to_commit() -> None:
    scene = city()
    create(scene, groups=[{"name": "all", "projects": [str(SHOP), str(APP), str(QUAY)], "at_least": 3}])
    solve(scene)
    commit(scene).refused("nothing to commit: infeasible")


def test_a_plan_that_moved_is_told_thing_by_thing() -> None:
    scene = ready()
    scene.given((SHOP, case(("2026-03", "capex", 6500), version=2)), budget((2026, "capex", 11000)))
    scene.given((QUAY, e.StateRecorded(to=State.REJECTED, irregular=False)))
    capex = {"category": "capex", "money": {"amount": "6000.00", "currency": "GBP"}}
    more = {"category": "capex", "money": {"amount": "6500.00", "currency": "GBP"}}
    limit = {"period": "2026", "category": "capex", "money": {"amount": "12000.00", "currency": "GBP"}}
    assert moved(commit(scene), "3 things changed") == [
        (str(QUAY), "state", "under_evaluation", "rejected"),
        (str(SHOP), "costs", [capex], [more]),
        (str(CITY), "budgets", [limit], [{**limit, "money": {"amount": "11000.00", "currency": "GBP"}}]),
    ]
    solve(scene)
    assert facts(commit(scene))


def test_what_changes_nothing_of_the_choice_does_not_disturb() -> None:
    scene = ready(city(running=True))
    scene.when("projects.status-updates", SHOP, {"overall": "on_track", "text": "All is well"})
    scene.when("projects.pause", TRAM, {"expected_resume": "unknown", "allocations": "keep", "rationale": WHY})
    assert facts(commit(scene))


def test_a_ruling_that_no_longer_holds_is_told_beside_what_moved() -> None:
    scene = city()
    create(scene)
    force(scene, "force-in", QUAY)
    solve(scene)
    scene.given((QUAY, e.StateRecorded(to=State.CANCELLED, irregular=False)))
    state, plan = moved(commit(scene))
    assert state == (str(QUAY), "state", "under_evaluation", "cancelled")
    assert plan[1] == "plan"
    assert "it cannot be forced in" in plan[3]


def test_of_two_scenarios_one_is_committed_and_the_other_told_what_moved() -> None:
    scene = ready()
    ready(scene, OTHER)
    commit(scene)
    rows = moved(commit(scene, OTHER))
    assert rows[0] == (str(CITY), "committed_scenario", None, str(SCENARIO))
    assert (str(SHOP), "state", "under_evaluation", "selected") in rows


def test_two_boards_that_commit_at_once_do_not_both() -> None:
    scene = ready()
    ready(scene, OTHER)
    racing(scene).meanwhile = lambda: commit(scene, OTHER)
    scene.when("scenarios.commit", SCENARIO, {"rationale": WHY})
    committed = [fact.event.scenario for fact in scene.ledger.facts if isinstance(fact.event, ScenarioCommitted)]
    assert committed == [OTHER]


def test_a_scenario_of_the_past_is_held_to_the_plan_of_today() -> None:
    scene = city()
    position = len(scene.ledger.facts)
    scene.given((SHOP, case(("2026-03", "capex", 6500), version=2)))
    ready(scene, inputs_position=position)
    assert [row[:2] for row in moved(commit(scene))] == [(str(SHOP), "costs")]


def test_it_becomes_the_plan_neither_in_the_future_nor_before_it_was_solved() -> None:
    scene = ready()
    for days, words in ((400, "is in the future"), (-400, "is before it was solved, at")):
        moment = (scene.ledger.facts[-1].occurred_at + timedelta(days=days)).isoformat()
        commit(scene, occurred_at=moment).refused("/occurred_at", words, kind=Invalid)
    assert facts(commit(scene))


# --- the guards of each move ---------------------------------------------------------------------


def ruled(scene: Scene, **rules: Any) -> Scene:
    return scene.given((CITY, pe.PolicySet(version=1, policy=Policy.model_validate(rules), why=BECAUSE)))


def test_the_reason_has_a_code_of_a_selection() -> None:
    strange = {"code": "weather", "text": "The sun was shining"}
    scene = ready()
    commit(scene, rationale=strange).refused("/rationale/code", "strategic_fit", kind=Invalid)
    ruled(scene, reason_codes={"select": ["weather"]})
    assert facts(commit(scene, rationale=strange))


def test_every_gate_holds() -> None:
    scene = ruled(ready(), required_gates={"select": ["Minutes"]})
    commit(scene).refused("/rationale/evidence", '"Minutes"', kind=Invalid)
    minutes = {**WHY, "evidence": [{"title": "Minutes", "url": "https://example.org/minutes"}]}
    found = facts(commit(scene, rationale=minutes))
    assert [each.title for each in found[QUAY].why.evidence] == ["Minutes"]


def test_a_full_state_is_entered_by_nobody_without_an_override() -> None:
    scene = ruled(ready(), wip_limits={"selected": 1})
    refusal = commit(scene).refused("City lets 1 be selected at once, and 1 is")
    assert refusal.details["limit"] == 1
    outcome = commit(scene, override=JUDGED)
    assert [type(fact.event) for fact in outcome.facts].count(e.LimitOverridden) == 1


def test_budgets_the_scenario_set_aside_hold_all_the_same() -> None:
    plenty = [{"money": {"amount": "99000.00", "currency": "GBP"}}]
    scene = ready(city(), budgets=plenty)
    refusal = commit(scene).refused(
        "City may spend GBP 12000.00 and has committed GBP 11000.00; Quay costs GBP 5000.00"
    )
    assert refusal.details["project"] == str(QUAY)
    outcome = commit(scene, force_in=JUDGED)
    forced = [fact.stream_id for fact in outcome.facts if isinstance(fact.event, e.ForcedIn)]
    assert forced == [QUAY]
    again = ready()
    commit(again, force_in=JUDGED).refused("The budget reaches")


def test_only_the_whole_keeps_premises_and_what_it_corrects() -> None:
    premises = [{"figure": "budget_left", "portfolio": str(CITY), "at_least": "0"}]
    scene = ready()
    found = facts(commit(scene, rationale={**WHY, "premises": premises, "review_on": "2026-09-01"}))
    assert (len(found[CITY].why.premises), str(found[CITY].why.review_on)) == (1, "2026-09-01")
    assert [(each.why.premises, each.why.review_on) for each in (found[SHOP], found[QUAY])] == [((), None)] * 2
    earlier = next(fact.event_id for fact in scene.ledger.facts if isinstance(fact.event, ScenarioCommitted))
    solve(scene)
    assert facts(commit(scene, rationale={**WHY, "supersedes": str(earlier)}))[CITY].why.supersedes == earlier


def test_a_later_start_and_what_it_loses_by_it_stand_in_the_verdict() -> None:
    starts = [{"project": str(APP), "earliest": "2026", "latest": "2027", "loss_per_period": 1}]
    scene = city().given(budget((2026, "capex", 6000)), budget((2027, "capex", 5000)))
    found = facts(commit(ready(scene, starts=starts, periods=["2026", "2027"])))
    assert (found[APP].verdict.start, found[APP].verdict.value) == ("2027", 8)
