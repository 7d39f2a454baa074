"""What a portfolio holds its decisions to: reason codes of its own, limits of states, evidence, a scoring model."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from domain.kernel.decide import Commit, Receipt
from domain.kernel.rationale import Rationale
from domain.kernel.refusal import Invalid, Refused
from domain.kernel.scoring import ScoringModel
from domain.operations import OPERATIONS
from domain.portfolio import events as pe
from domain.portfolio.policy import Guardrail, Policy
from domain.portfolio.presets import presets
from domain.processes.rulemaking import GATED, LIMITED
from domain.project import events as e
from domain.project import money_events as me
from domain.project.words import LIVE, MOVES, REASON_CODES, State
from domain.resources.events import ResourceAdded, ResourceKind, ResourceReassigned
from domain.strategy.events import GoalCreated
from tests.domain.scene import WHY, Ledger, Outcome, Scene, numbered
from tests.domain.test_lifecycle import BODIES

SHOP, KIOSK, HARBOUR, ROADS, GOAL, THIRD, KIM = map(numbered, range(1, 8))
REASON = Rationale(code="other", text="A reason that is long enough")
JUDGED = {"code": "judgement", "text": "The old one ends on Friday anyway"}
GBP = {"amount": "10.00", "currency": "GBP"}
DOCUMENT = {"url": "https://example.org/paper"}


def held(*states: State, by: UUID = HARBOUR, **rules: Any) -> Scene:
    """Projects in these states, held by a portfolio with these rules."""
    scene = Scene().given((by, pe.PortfolioCreated(name="Harbour", currency="GBP")))
    for project, state in zip((SHOP, KIOSK, THIRD), states, strict=False):
        scene.given((project, e.ProjectDrafted(name="P", state=state)), actor="carol")
        scene.given((by, pe.ComponentAdded(component=project, order=str(project.int), why=REASON)))
    return ruled(scene, by, **rules) if rules else scene


def ruled(scene: Scene, by: UUID = HARBOUR, **rules: Any) -> Scene:
    """A portfolio has a policy now."""
    return scene.given((by, pe.PolicySet(version=1, policy=Policy.model_validate(rules), why=REASON)))


def move(scene: Scene, verb: str, thing: UUID = SHOP, *, actor: str = "ada", **more: Any) -> Outcome:
    return scene.when(f"projects.{verb}", thing, {"rationale": WHY, **BODIES.get(verb, {}), **more}, actor=actor)


def set_policy(scene: Scene, **rules: Any) -> Outcome:
    return scene.when("portfolios.set-policy", HARBOUR, {"rationale": WHY, **rules})


# --- reason codes --------------------------------------------------------------------------------


def because(code: str) -> dict[str, Any]:
    return {"rationale": {"code": code, "text": "The supplier is late again"}}


def test_a_portfolio_adds_reason_codes_to_a_verb() -> None:
    move(held(State.ACTIVE), "pause", **because("weather")).refused("/rationale/code", "strategy_shift", kind=Invalid)
    scene = held(State.ACTIVE, reason_codes={"pause": ["weather", "tide"]})
    refusal = move(scene, "pause", **because("moods")).refused("got moods", kind=Invalid)
    assert str(refusal).count("weather, tide, other") == 1, "the refusal lists what holds there"
    move(scene, "cancel", **because("weather")).refused("business_case_failed", kind=Invalid)
    move(scene, "pause", **because("weather")).then(e.ProjectPaused)


@pytest.mark.parametrize("verb", sorted(MOVES.keys() & REASON_CODES.keys()))
def test_every_verb_with_a_list_keeps_to_it_and_takes_further_codes(verb: str) -> None:
    review = {**because("weather")["rationale"], "review_on": "2026-06-01"}
    move(held(MOVES[verb].sources[0]), verb, rationale=review).refused("/rationale/code", kind=Invalid)
    scene = held(MOVES[verb].sources[0], reason_codes={verb: ["weather"]})
    assert move(scene, verb, rationale=review).refusal is None


def test_other_demands_more_text_whatever_the_policy_says() -> None:
    scene = held(State.ACTIVE, reason_codes={"pause": ["weather"]})
    short = {"code": "other", "text": "It is late"}
    move(scene, "pause", rationale=short).refused("/rationale/text", "at least 4 words", kind=Invalid)
    move(scene, "complete", rationale=short).refused("/rationale/text", "at least 4 words", kind=Invalid)


def test_the_codes_of_another_portfolio_hold_only_for_what_it_holds() -> None:
    scene = held(State.ACTIVE).given((ROADS, pe.PortfolioCreated(name="Roads")))
    ruled(scene, ROADS, reason_codes={"pause": ["weather"]})
    move(scene, "pause", **because("weather")).refused("/rationale/code", kind=Invalid)
    scene.given((ROADS, pe.ComponentAdded(component=SHOP, order="1", why=REASON)))
    scene.given((ROADS, pe.ComponentRemoved(component=SHOP, why=REASON)))
    move(scene, "pause", **because("weather")).refused("/rationale/code", kind=Invalid)
    scene.given((ROADS, pe.ComponentRestored(component=SHOP, order="1", why=REASON)))
    move(scene, "pause", **because("weather")).then(e.ProjectPaused)


def test_a_new_rank_takes_the_codes_of_its_portfolio() -> None:
    up = {"portfolio": str(HARBOUR), "to_rank": 1, **because("weather")}
    refused = held(State.ACTIVE, State.ACTIVE).when("projects.reprioritize", KIOSK, up)
    refused.refused("/rationale/code", "executive_directive, other", kind=Invalid)
    scene = held(State.ACTIVE, State.ACTIVE, reason_codes={"reprioritize": ["weather"]})
    scene.when("projects.reprioritize", KIOSK, up).then(pe.ProjectReprioritized)


def test_a_reassignment_takes_the_codes_of_either_portfolio() -> None:
    for codes, taken in ((["tide"], False), (["weather"], True)):
        scene = held(State.ACTIVE, reason_codes={"reassign": codes}).given(
            (KIOSK, e.ProjectDrafted(name="Kiosk", state=State.ACTIVE)), (KIM, ResourceAdded(kind=ResourceKind.PERSON))
        )
        share = {"share": "0.5", "starts_on": "2026-03-02"}
        scene.when("resources.assign", KIM, {"project": str(SHOP), "rationale": WHY, **share})
        ways = {"from_project": str(SHOP), "to_project": str(KIOSK)}
        moved = scene.when("resources.reassign", KIM, {**ways, **share, **because("weather")})
        if taken:
            moved.then(ResourceReassigned)
        else:
            moved.refused("own_request, tide, other", kind=Invalid)


def test_codes_hold_from_their_version_on() -> None:
    scene = held(State.ACTIVE, reason_codes={"pause": ["weather"]})
    set_policy(scene, reason_codes={"pause": ["tide"]}).then(pe.PolicySet)
    move(scene, "pause", **because("weather")).refused("tide, other", kind=Invalid)
    set_policy(scene, reason_codes=None).then(pe.PolicySet)
    move(scene, "pause", **because("tide")).refused("external_event, other", kind=Invalid)


# --- limits --------------------------------------------------------------------------------------

ENTERING = sorted(verb for verb, found in MOVES.items() if found.target in LIMITED)


@pytest.mark.parametrize("verb", ENTERING)
def test_no_verb_leads_into_a_full_state_without_a_reason_of_its_own(verb: str) -> None:
    source, target = MOVES[verb].sources[0], MOVES[verb].target
    scene = held(source, target, wip_limits={target: 1})
    refusal = move(scene, verb).refused("Harbour lets 1 be", "and 1 is", "override")
    assert refusal.details == {"state": target, "limit": 1, "number": 1}
    let_in, moved = (fact.event for fact in move(scene, verb, override=JUDGED).facts)
    assert isinstance(let_in, e.LimitOverridden)
    assert isinstance(moved, e.Moved)
    assert (let_in.portfolio, let_in.state, let_in.limit, let_in.number) == (HARBOUR, target, 1, 1)
    assert (let_in.why.code, moved.target) == ("judgement", target)


@pytest.mark.parametrize("verb", ENTERING)
def test_there_is_room_until_the_limit_and_again_when_one_has_left(verb: str) -> None:
    source, target = MOVES[verb].sources[0], MOVES[verb].target
    assert move(held(source, target, wip_limits={target: 2}), verb).refusal is None
    assert move(held(source, State.CLOSED, wip_limits={target: 1}), verb).refusal is None
    scene = held(source, target, wip_limits={target: 1}).given((KIOSK, e.StateRecorded(to="closed", irregular=True)))
    assert move(scene, verb).refusal is None


def test_a_paused_project_takes_no_place_among_the_active() -> None:
    scene = held(State.AUTHORIZED, State.ACTIVE, wip_limits={"active": 1})
    move(scene, "activate").refused("Harbour lets 1 be active at once")
    move(scene, "pause", KIOSK).then(e.ProjectPaused)
    move(scene, "activate").then(e.ProjectActivated)
    move(scene, "resume", KIOSK).refused("Harbour lets 1 be active at once")


def test_what_a_portfolio_does_not_hold_does_not_count() -> None:
    scene = held(State.AUTHORIZED, State.ACTIVE, wip_limits={"active": 1})
    scene.given((HARBOUR, pe.ComponentRemoved(component=KIOSK, why=REASON)))
    move(scene, "activate").then(e.ProjectActivated)


def test_a_component_does_not_come_in_where_its_state_is_full() -> None:
    scene = held(State.ACTIVE, wip_limits={"active": 1, "draft": 1})
    scene.given((KIOSK, e.ProjectDrafted(name="Kiosk", state=State.ACTIVE)))
    join = {"component": str(KIOSK), "rationale": WHY}
    scene.when("portfolios.add-component", HARBOUR, join).refused("lets 1 be active")
    scene.when("portfolios.add-component", HARBOUR, join, override=JUDGED).then(e.LimitOverridden, pe.ComponentAdded)
    scene.when("portfolios.remove-component", HARBOUR, join).then(pe.ComponentRemoved)
    scene.when("portfolios.restore-component", HARBOUR, join).refused("lets 1 be active")
    scene.when("portfolios.restore-component", HARBOUR, join, override=JUDGED).then(
        e.LimitOverridden, pe.ComponentRestored
    )


def test_no_proposal_more_where_drafts_are_limited() -> None:
    scene = held(wip_limits={"draft": 1})
    body = {"name": "Stall", "sponsor": "sales", "portfolio": str(HARBOUR), "rationale": WHY}
    scene.when("projects.create", numbered(20), body).then(e.ProjectDrafted, pe.ComponentAdded)
    scene.when("projects.create", numbered(21), body).refused("lets 1 be draft")
    let_in = scene.when("projects.create", numbered(21), body, override=JUDGED)
    let_in.then(e.ProjectDrafted, e.LimitOverridden, pe.ComponentAdded)


def test_the_reason_of_an_override_is_never_lost_and_has_codes_of_its_own() -> None:
    scene = held(State.AUTHORIZED, State.ACTIVE, wip_limits={"active": 2}, reason_codes={"override": ["board_vote"]})
    move(scene, "activate", override=JUDGED).refused("No limit stands in the way")
    ruled(scene, wip_limits={"active": 1}, reason_codes={"override": ["board_vote"]})
    roi = {"code": "roi", "text": "It pays for itself soon"}
    move(scene, "activate", override=roi).refused(
        "/override/code", "data_error, judgement, mandate, board_vote", kind=Invalid
    )
    move(scene, "activate", override={**roi, "code": "board_vote"}).then(e.LimitOverridden, e.ProjectActivated)


def test_what_is_put_right_within_a_state_enters_nothing() -> None:
    scene = held(State.ACTIVE, State.ON_HOLD, wip_limits={"on_hold": 2, "active": 1})
    paused = move(scene, "pause")
    ruled(scene, wip_limits={"on_hold": 1})
    again = {"rationale": {**WHY, "supersedes": paused.event_id}}
    move(scene, "pause", **again).then(e.ProjectPaused)


class Racing(Ledger):
    """A ledger in which something else happens just before the next append; it counts the appends tried."""

    def __init__(self) -> None:
        super().__init__()
        self.tried = 0
        self.meanwhile: Callable[[], Any] = lambda: None

    def append(self, commit: Commit) -> Receipt:
        self.tried += 1
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        return super().append(commit)


def racing(scene: Scene) -> Racing:
    """The same scene in a ledger with races."""
    ledger = Racing()
    ledger.facts, scene.ledger = scene.ledger.facts, ledger
    return ledger


def active_among(scene: Scene) -> list[UUID]:
    """Which projects a command activated."""
    return [fact.stream_id for fact in scene.ledger.facts if isinstance(fact.event, e.ProjectActivated)]


def test_two_that_are_decided_at_once_do_not_both_take_the_last_place() -> None:
    scene = held(State.AUTHORIZED, State.AUTHORIZED, wip_limits={"active": 1})
    racing(scene).meanwhile = lambda: move(scene, "activate", KIOSK)
    scene.when("projects.activate", SHOP, BODIES["activate"])
    assert active_among(scene) == [KIOSK]


def test_a_limit_that_is_set_meanwhile_holds() -> None:
    scene = held(State.AUTHORIZED, State.ACTIVE, wip_limits={"active": 2})
    racing(scene).meanwhile = lambda: set_policy(scene, wip_limits={"active": 1})
    scene.when("projects.activate", SHOP, BODIES["activate"])
    assert active_among(scene) == []


def test_a_component_that_joins_meanwhile_counts() -> None:
    scene = held(State.AUTHORIZED, State.ACTIVE, wip_limits={"active": 2})
    scene.given((THIRD, e.ProjectDrafted(name="P", state=State.ACTIVE)))
    join = {"component": str(THIRD), "rationale": WHY}
    racing(scene).meanwhile = lambda: scene.when("portfolios.add-component", HARBOUR, join)
    scene.when("projects.activate", SHOP, BODIES["activate"])
    assert active_among(scene) == []


def test_who_is_in_the_state_may_report_or_leave_meanwhile_without_disturbing() -> None:
    scene = held(State.AUTHORIZED, State.ACTIVE, wip_limits={"active": 2})
    ledger = racing(scene)
    fine = {"overall": "on_track", "text": "All is well"}
    ledger.meanwhile = lambda: scene.when("projects.status-updates", KIOSK, fine)
    scene.when("projects.activate", SHOP, BODIES["activate"])
    assert ledger.tried == 2, "one append for each command, none was decided twice"


def test_without_a_limit_no_other_component_is_read() -> None:
    scene = held(State.AUTHORIZED, State.ACTIVE, wip_limits={"on_hold": 1})
    read = []
    history = scene.ledger.history
    scene.ledger.history = lambda stream: read.append(stream) or history(stream)  # type: ignore[method-assign,func-returns-value]
    move(scene, "activate").then(e.ProjectActivated)
    assert KIOSK not in read


# --- evidence ------------------------------------------------------------------------------------


def evidence(*titles: str) -> dict[str, Any]:
    return {"rationale": {**WHY, "evidence": [{"title": title, **DOCUMENT} for title in titles]}}


def test_a_move_needs_its_documents_and_is_told_all_that_are_missing() -> None:
    scene = held(State.AUTHORIZED, required_gates={"activate": ["Building permit", "Safety plan", "Ground survey"]})
    refusal = move(scene, "activate", **evidence("ground survey")).refused(kind=Invalid)
    assert isinstance(refusal, Invalid)
    assert list(refusal.errors) == ["/rationale/evidence"]
    assert '"Building permit", "Safety plan"' in str(refusal)
    assert "Ground survey" not in str(refusal)
    unreasoned = scene.when("projects.activate", SHOP, {"owner": "carol", "starts_on": "2026-03-02"})
    unreasoned.refused("/rationale:", "Building permit", kind=Invalid)
    move(scene, "activate", **evidence("Ground survey", "SAFETY PLAN", "Building permit")).then(e.ProjectActivated)


def test_a_document_that_an_earlier_decision_rested_on_is_there_as_long_as_that_stands() -> None:
    scene = held(State.SELECTED, required_gates={"activate": ["Building permit"]})
    authorized = move(scene, "authorize", **evidence("Building permit"), actor="bob")
    assert authorized.refusal is None
    again = {"rationale": {**WHY, "supersedes": authorized.event_id}}
    move(scene, "authorize", **again, actor="bob").then(e.ProjectAuthorized)
    move(scene, "activate").refused("Building permit", kind=Invalid)
    move(scene, "activate", **evidence("Building permit")).then(e.ProjectActivated)


MONEY = {"lines": [{"month": "2026-03", "category": "capex", "money": GBP}]}


@pytest.mark.parametrize(
    ("verb", "fact"),
    [
        ("set-forecast", me.ForecastSet),
        ("record-actuals", me.ActualsRecorded),
        ("record-commitments", me.CommitmentsRecorded),
    ],
)
def test_money_changes_on_paper_only(verb: str, fact: Any) -> None:
    scene = held(State.ACTIVE, required_gates={verb: []})
    scene.when(f"projects.{verb}", SHOP, MONEY).refused("/rationale:", "a document", kind=Invalid)
    scene.when(f"projects.{verb}", SHOP, {**MONEY, "rationale": WHY}).refused("/rationale/evidence", kind=Invalid)
    scene.when(f"projects.{verb}", SHOP, {**MONEY, **evidence("Quotation")}).then(fact)


def test_a_budget_is_set_on_paper_if_the_policy_says_so() -> None:
    scene = held(State.ACTIVE, required_gates={"set-budget": ["Board paper"]})
    body = {"lines": [{"year": 2026, "category": "capex", "money": GBP}], "rationale": WHY}
    scene.when("portfolios.set-budget", HARBOUR, body).refused("Board paper", kind=Invalid)
    assert scene.when("portfolios.set-budget", HARBOUR, {**body, **evidence("Board paper")}).refusal is None


@pytest.mark.parametrize("verb", MOVES)
def test_every_move_can_need_evidence(verb: str) -> None:
    scene = held(MOVES[verb].sources[0], required_gates={verb: ["A paper"]})
    move(scene, verb, actor="bob").refused('"A paper"', kind=Invalid)


def test_all_portfolios_that_hold_it_are_asked() -> None:
    scene = held(State.AUTHORIZED, required_gates={"activate": ["Permit"]})
    scene.given((ROADS, pe.PortfolioCreated(name="Roads")))
    scene.given((ROADS, pe.ComponentAdded(component=SHOP, order="1", why=REASON)))
    ruled(scene, ROADS, required_gates={"activate": ["Survey"]})
    move(scene, "activate").refused('"Permit", "Survey"', kind=Invalid)


# --- scoring models ------------------------------------------------------------------------------


def model(name: str = "Value", version: int = 1, **weights: str) -> dict[str, Any]:
    criteria = [{"name": each, "weight": weight} for each, weight in (weights or {"Reach": "1"}).items()]
    return {"name": name, "version": version, "criteria": criteria}


def test_an_evaluation_is_held_to_the_model_of_the_policy() -> None:
    scene = held(State.SUBMITTED, scoring_model=model(version=3, Reach="0.6", Ease="0.4"))
    move(scene, "evaluate", scoring_model_version=1).refused(
        "/scoring_model_version", "3, which is Value", kind=Invalid
    )
    frozen = move(scene, "evaluate", scoring_model_version=3).then(e.ProjectEvaluationStarted).scoring_model
    assert (frozen.name, frozen.version) == ("Value", 3)
    assert [(each.name, str(each.weight)) for each in frozen.criteria] == [("Reach", "0.6"), ("Ease", "0.4")]
    ruled(scene, scoring_model=model(version=4))
    assert scene.ledger.facts[-2].event.scoring_model == frozen  # type: ignore[attr-defined]


def test_without_a_model_in_the_policy_it_is_the_standard_one() -> None:
    for body, version in (({}, 1), ({"scoring_model_version": 5}, 5)):
        scene = held(State.SUBMITTED)
        started = scene.when("projects.evaluate", SHOP, body).then(e.ProjectEvaluationStarted)
        assert started.scoring_model == ScoringModel(name="standard", version=version)


def test_of_two_portfolios_one_is_named_to_score_for() -> None:
    scene = held(State.SUBMITTED, scoring_model=model("Value"))
    scene.given((ROADS, pe.PortfolioCreated(name="Roads")))
    scene.given((ROADS, pe.ComponentAdded(component=SHOP, order="1", why=REASON)))
    ruled(scene, ROADS, scoring_model=model("Traffic"))
    scene.when("projects.evaluate", SHOP).refused("/portfolio", "Value 1 and Traffic 1", kind=Invalid)
    scene.when("projects.evaluate", SHOP, {"portfolio": str(KIOSK)}).refused("/portfolio", "not hold", kind=Invalid)
    started = scene.when("projects.evaluate", SHOP, {"portfolio": str(ROADS)}).then(e.ProjectEvaluationStarted)
    assert started.scoring_model.name == "Traffic"


def test_a_name_and_version_mean_the_same_for_ever() -> None:
    scene = held()
    set_policy(scene, scoring_model=model(version=1)).then(pe.PolicySet)
    set_policy(scene, scoring_model=model(version=2)).then(pe.PolicySet)
    set_policy(scene, scoring_model=model(version=1, Cost="1")).refused("above 2", kind=Invalid)
    set_policy(scene, scoring_model=model(version=1)).then(pe.PolicySet)
    set_policy(scene, scoring_model=model("Other", version=1, Cost="1")).then(pe.PolicySet)


@pytest.mark.parametrize(
    ("criteria", "sentence"),
    [
        ({"Reach": "0.6", "Ease": "0.3"}, "sum to 0.9"),
        ({"Reach": "0.5", "reach": "0.5"}, "reach comes twice"),
        ({}, "at least 1"),
    ],
)
def test_the_weights_of_a_model_sum_to_one(criteria: dict[str, str], sentence: str) -> None:
    lines = [{"name": name, "weight": weight} for name, weight in criteria.items()]
    with pytest.raises(ValidationError, match=sentence):
        set_policy(held(), scoring_model={"name": "Value", "version": 1, "criteria": lines})


# --- the policy itself ---------------------------------------------------------------------------


def test_a_policy_speaks_in_words_that_decisions_know() -> None:
    wrong = {
        "reason_codes": {"submit": ["weather"]},
        "wip_limits": {"activ": 1, "closed": 1},
        "required_gates": {"activated": ["Permit"]},
    }
    refusal = set_policy(held(), **wrong).refused("other verbs take any code", kind=Invalid)
    assert isinstance(refusal, Invalid)
    assert set(refusal.errors) == {
        "/reason_codes/submit",
        "/wip_limits/activ",
        "/wip_limits/closed",
        "/required_gates/activated",
    }
    assert "activate" in refusal.errors["/required_gates/activated"]
    assert {State(state) for state in LIMITED} == LIVE


def test_a_guardrail_names_a_category_or_a_goal_of_the_portfolio() -> None:
    scene = held().given((GOAL, GoalCreated(portfolio=HARBOUR, name="Quick", why=REASON)))
    scene.given((numbered(30), GoalCreated(portfolio=ROADS, name="Far", why=REASON)))
    rails = [{"goal": str(GOAL), "at_least": "0.2"}, {"category": "capex", "at_most": "0.5"}]
    set_policy(scene, guardrails=rails).then(pe.PolicySet)
    foreign = [{"category": "opex", "at_most": "0.5"}, {"goal": str(numbered(30)), "at_most": "0.2"}]
    set_policy(scene, guardrails=foreign).refused("/guardrails/1/goal", "not one of this", kind=Invalid)
    for wrong in ({"at_most": "0.2"}, {"category": "x"}, {"category": "x", "at_least": "0.3", "at_most": "0.2"}):
        with pytest.raises(ValidationError):
            set_policy(scene, guardrails=[wrong])


@pytest.mark.parametrize("name", sorted(presets()))
def test_a_portfolio_begins_with_a_preset(name: str) -> None:
    policy = set_policy(held(), preset=name, wip_limits={"active": 2}).then(pe.PolicySet).policy
    assert policy.wip_limits == {"active": 2}, "what the command says goes before the preset"
    assert policy.scoring_model is not None
    assert policy.required_gates
    assert policy.reason_codes
    assert policy.guardrails


def test_there_is_a_preset_for_each_line_of_business() -> None:
    assert set(presets()) == {"it", "marketing", "construction", "financial_services"}
    set_policy(held(), preset="farming").refused("/preset", "construction, financial_services", kind=Invalid)
    assert "Building permit" in str(presets()["construction"].policy(None).required_gates)


def test_a_bank_changes_money_with_two_people_and_a_document() -> None:
    scene = held(State.ACTIVE)
    told = set_policy(scene, preset="financial_services").then(pe.PolicySet)
    assert told.preset == "financial_services"
    assert told.policy.money_threshold is not None
    assert (str(told.policy.money_threshold.amount), told.policy.money_threshold.currency) == ("0.00", "GBP")
    scene.when("projects.set-forecast", SHOP, {**MONEY, "rationale": WHY}).refused("a document", kind=Invalid)
    scene.when("projects.set-forecast", SHOP, {**MONEY, **evidence("Offer")}).then(me.ForecastProposed)
    without = Scene().given((HARBOUR, pe.PortfolioCreated(name="Harbour")))
    set_policy(without, preset="financial_services").refused("/preset", "currency", kind=Invalid)


def test_what_a_preset_leaves_out_stays() -> None:
    scene = held(money_threshold=GBP)
    assert set_policy(scene, preset="it").then(pe.PolicySet).policy.money_threshold is not None
    set_policy(scene, preset="it").refused("already says this", kind=Refused)


def test_verbs_that_need_evidence_are_commands() -> None:
    assert {f"projects.{verb}" for verb in GATED} - OPERATIONS.keys() == {"projects.set-budget"}


@pytest.mark.parametrize("share", ["1.5", "0", "half", True])
def test_a_guardrail_is_a_share_of_the_budget(share: object) -> None:
    with pytest.raises(ValidationError, match="a share of the budget"):
        Guardrail.model_validate({"category": "capex", "at_most": share})
