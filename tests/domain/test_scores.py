"""Scoring models of a portfolio, scores given under them, and what holds in their place."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.identity.events import PersonAdded
from domain.kernel.aggregate import fold
from domain.kernel.rationale import Rationale
from domain.kernel.refusal import Forbidden, Invalid
from domain.kernel.scoring import ModelKey
from domain.portfolio import events as pe
from domain.portfolio.portfolio import Portfolio
from domain.portfolio.scoring_events import ScoringModelSet
from domain.project import events as e
from domain.project.project import Project
from domain.project.scoring_events import ProjectScored, ProjectScoreOverridden, Under
from domain.project.words import State
from tests.domain.scene import WHY, Outcome, Scene, numbered
from tests.lifecycle import body_of

SHOP, KIOSK, HARBOUR, ROADS, ANN, BEN = map(numbered, range(1, 7))
REASON = Rationale(code="other", text="A reason that is long enough")
WEIGHTED = {
    "name": "Value",
    "method": "weighted",
    "criteria": [
        {"name": "Reach", "weight": "0.6"},
        {"name": "Risk", "weight": "0.4", "low": 1, "high": 5, "lower_is_better": True},
    ],
}
WSJF = {"business_value": 8, "time_criticality": 5, "risk_reduction": 3}
JUDGED = {"code": "judgement", "text": "The board knows this market better"}


def in_state(state: State, *holders: UUID) -> Scene:
    """A project that portfolios hold, and two people who may be asked to score."""
    scene = Scene().given((ANN, PersonAdded()), (BEN, PersonAdded()))
    scene.given((SHOP, e.ProjectDrafted(name="Shop", sponsor="sales", state=state)))
    for portfolio in holders or (HARBOUR,):
        scene.given((portfolio, pe.PortfolioCreated(name=f"Portfolio {portfolio.int}")))
        scene.given((portfolio, pe.ComponentAdded(component=SHOP, order="1", why=REASON)))
    return scene


def set_model(scene: Scene, body: dict[str, Any], portfolio: UUID = HARBOUR, **more: Any) -> Outcome:
    return scene.when("portfolios.set-scoring-model", portfolio, {"rationale": WHY, **body, **more})


def modelled(body: dict[str, Any] | None = None, **evaluate: Any) -> Scene:
    """The project is under evaluation by a model of its portfolio."""
    scene = in_state(State.SUBMITTED)
    set_model(scene, body or WEIGHTED).then(ScoringModelSet)
    scene.when("projects.evaluate", SHOP, evaluate).then(e.ProjectEvaluationStarted)
    return scene


def by_method(method: str) -> Scene:
    return modelled({"name": "Value", "method": method})


def score(scene: Scene, values: dict[str, Any] | None = None, by: UUID | str = "ada", **more: Any) -> Outcome:
    return scene.when("projects.score", SHOP, {"values": values or {}, **more}, actor=str(by))


def override(scene: Scene, score: Any, **more: Any) -> Outcome:
    return scene.when("projects.override-score", SHOP, {"score": score, "rationale": JUDGED, **more})


def project(scene: Scene) -> Project:
    return fold(Project, SHOP, scene.ledger.history(SHOP))


def value(scene: Scene, name: str = "Value", version: int = 1) -> Decimal | None:
    return project(scene).scores.value(name, version)


def computed(scene: Scene) -> Decimal | None:
    return project(scene).scores.computed(Under(HARBOUR, ModelKey("Value", 1)))


# --- models ---------------------------------------------------------------------------------------


def test_each_model_of_a_name_is_another_version_and_the_old_ones_stay() -> None:
    scene = in_state(State.SUBMITTED)
    assert set_model(scene, WEIGHTED).then(ScoringModelSet).version == 1
    assert set_model(scene, WEIGHTED, aggregation="median").then(ScoringModelSet).version == 2
    assert set_model(scene, {"name": "Speed", "method": "wsjf"}).then(ScoringModelSet).version == 1
    models = fold(Portfolio, HARBOUR, scene.ledger.history(HARBOUR)).models
    assert [(str(key), model.aggregation) for key, model in models.items()] == [
        ("Value 1", "mean"),
        ("Value 2", "median"),
        ("Speed 1", "mean"),
    ]


def test_a_model_that_says_the_same_is_no_new_version() -> None:
    scene = in_state(State.SUBMITTED)
    set_model(scene, WEIGHTED).then(ScoringModelSet)
    set_model(scene, WEIGHTED).refused("Value 1 already says this")
    set_model(scene, WEIGHTED, name="Worth").then(ScoringModelSet)


def test_a_model_of_the_policy_has_its_place_among_the_versions() -> None:
    scene = in_state(State.SUBMITTED)
    model = {"name": "Value", "version": 4, "criteria": [{"name": "Reach", "weight": "1"}]}
    scene.when("portfolios.set-policy", HARBOUR, {"scoring_model": model, "rationale": WHY}).then(pe.PolicySet)
    assert set_model(scene, WEIGHTED).then(ScoringModelSet).version == 5
    rewritten = {**WEIGHTED, "version": 5, "criteria": [{"name": "Reach", "weight": "1"}]}
    scene.when("portfolios.set-policy", HARBOUR, {"scoring_model": rewritten, "rationale": WHY}).refused(
        "/scoring_model/version", "above 5", kind=Invalid
    )


PAIRS = [("Reach", "Ease", "3"), ("Reach", "Fit", "7"), ("Ease", "Fit", "3")]


def compared(*pairs: tuple[str, str, str], criteria: Sequence[str] = ("Reach", "Ease", "Fit")) -> dict[str, Any]:
    told = [{"one": one, "other": other, "times": times} for one, other, times in pairs]
    return {"name": "Value", "method": "ahp", "criteria": [{"name": name} for name in criteria], "judgements": told}


def test_pairwise_comparisons_become_weights_that_sum_to_one_and_are_kept() -> None:
    """1, 3, 7 over 1/3, 1, 3: the principal eigenvector is 0.669, 0.243, 0.088, the consistency ratio 0.006."""
    scene = in_state(State.SUBMITTED)
    model = set_model(scene, compared(*PAIRS)).then(ScoringModelSet)
    weights = [each.weight for each in model.criteria]
    assert sum(weights) == 1
    assert [float(weight) for weight in weights] == pytest.approx([0.669, 0.243, 0.088], abs=1e-3)
    assert float(model.consistency_ratio) == pytest.approx(0.006, abs=1e-3)
    assert [(each.one, each.other, each.times) for each in model.judgements] == PAIRS
    scene.when("projects.evaluate", SHOP)
    scored = score(scene, {"Reach": 100, "Ease": 50, "Fit": 0}).then(ProjectScored)
    assert scored.score == 100 * weights[0] + 50 * weights[1]


def test_contradicting_comparisons_are_refused_with_the_ratio_and_the_worst_pair() -> None:
    agreeing = [("A", "B", "2"), ("B", "C", "2"), ("C", "D", "2"), ("A", "C", "4"), ("B", "D", "4")]
    body = compared(*agreeing, ("A", "D", "1/9"), criteria="ABCD")
    refusal = set_model(in_state(State.SUBMITTED), body).refused("contradict one another", kind=Invalid)
    assert "/judgements/5" in str(refusal)
    assert "consistency ratio" in str(refusal)
    assert "the worst pair is A and D" in str(refusal)
    set_model(in_state(State.SUBMITTED), compared(*agreeing, ("A", "D", "8"), criteria="ABCD")).then(ScoringModelSet)


HALF, TENTH = {"name": "Reach", "weight": "0.5"}, {"name": "Ease", "weight": "0.1"}


@pytest.mark.parametrize(
    ("method", "more", "words"),
    [
        ("weighted", {"criteria": [HALF, TENTH]}, ("/criteria", "weights that sum to 1; they sum to 0.6")),
        ("weighted", {}, ("/criteria", "at least one criterion")),
        ("weighted", {"criteria": [HALF, {**HALF, "name": "reach"}]}, ("/criteria", "reach comes twice")),
        ("weighted", {"criteria": [{"name": "Reach"}]}, ("/criteria/0/weight", "expected a weight")),
        ("weighted", {"criteria": [HALF], "judgements": compared(*PAIRS)["judgements"]}, ("/judgements", "ahp does")),
        ("rice", {"criteria": [HALF]}, ("/criteria", "rice has its own")),
        ("ahp", {"criteria": [HALF]}, ("/criteria/0/weight", "come from the judgements")),
        ("ahp", {"criteria": [{"name": "A"}, {"name": "B"}]}, ("/judgements", "a judgement of A and B")),
        (
            "ahp",
            {"criteria": [{"name": "A"}], "judgements": [{"one": "A", "other": "Z", "times": 2}]},
            ("/judgements/0/other", "expected a known criterion (A); got Z"),
        ),
    ],
)
def test_what_is_wrong_with_a_model_is_named(method: str, more: dict[str, Any], words: tuple[str, ...]) -> None:
    body = {"name": "Value", "method": method, **more}
    set_model(in_state(State.SUBMITTED), body).refused(*words, kind=Invalid)


# --- scores ---------------------------------------------------------------------------------------


def test_a_score_is_what_its_values_come_to_under_the_model_of_the_evaluation() -> None:
    scene = modelled()
    scored = score(scene, {"Reach": 80, "Risk": 2}).then(ProjectScored)
    assert (scored.portfolio, scored.model.name, scored.model.version) == (HARBOUR, "Value", 1)
    assert scored.score == value(scene) == Decimal("78.0000")


@pytest.mark.parametrize(
    ("method", "given", "expected"),
    [
        ("rice", {"values": {"reach": 2000, "impact": 2, "confidence": "0.8", "effort": 4}}, "800"),
        ("wsjf", {"values": {**WSJF, "job_size": 4}}, "4"),
        ("value_effort", {"values": {"value": 9, "effort": 3}}, "3"),
        ("moscow", {"bucket": "should"}, "2"),
    ],
)
def test_every_method_makes_a_score(method: str, given: dict[str, Any], expected: str) -> None:
    scene = by_method(method)
    assert scene.when("projects.score", SHOP, given).then(ProjectScored).score == Decimal(expected)


def test_a_missing_value_leaves_it_without_a_score_and_never_at_nothing() -> None:
    scene = modelled()
    assert value(scene) is None
    assert score(scene, {"Reach": 80}).then(ProjectScored).score is None
    assert value(scene) is None
    score(scene, {"Reach": 0, "Risk": 5})
    assert value(scene) == 0


def test_scorers_come_together_as_the_model_says_and_the_latest_of_each_counts() -> None:
    for aggregation, expected in (("mean", "50"), ("median", "60")):
        scene = modelled({**WEIGHTED, "criteria": [{"name": "Reach", "weight": "1"}], "aggregation": aggregation})
        for scorer, reach in (("ada", 90), (ANN, 60), (BEN, 80), ("ada", 10)):
            score(scene, {"Reach": reach}, by=scorer).then(ProjectScored)
        assert value(scene) == Decimal(expected)


def test_where_scorers_are_assigned_they_alone_score_and_all_of_them() -> None:
    scene = modelled(scorers=[str(ANN), str(BEN)])
    score(scene, {"Reach": 80, "Risk": 1}).refused(str(ANN), "you are not among them", kind=Forbidden)
    scene.when("projects.score", SHOP, {"values": {"Reach": 80, "Risk": 1}}, actor=str(ANN), role="team_member").then(
        ProjectScored
    )
    assert value(scene) is None, "the other one is still missing"
    score(scene, {"Reach": 60, "Risk": 1}, by=BEN)
    assert value(scene) == Decimal(82)


def test_where_nobody_is_assigned_it_is_for_the_portfolio_side() -> None:
    body = {"values": {"Reach": 80, "Risk": 1}}
    modelled().when("projects.score", SHOP, body, role="sponsor").refused("portfolio_manager or board", kind=Forbidden)
    modelled().when("projects.score", SHOP, body, role="portfolio_manager").then(ProjectScored)


def test_scorers_are_persons_each_once() -> None:
    for scorers, words in (([KIOSK], "no person has the id"), ([ANN, ANN], "comes twice")):
        scene = in_state(State.SUBMITTED)
        body = {"scorers": list(map(str, scorers))}
        scene.when("projects.evaluate", SHOP, body).refused(f"/scorers/{len(scorers) - 1}", words, kind=Invalid)


@pytest.mark.parametrize(
    ("method", "body", "words"),
    [
        ("wsjf", {"values": {**WSJF, "job_size": 0}}, ("/values/job_size", "more than 0, because")),
        ("rice", {"values": {"confidence": 80}}, ("/values/confidence", "from 0 to 1; got 80")),
        ("wsjf", {"values": {"size": 1}}, ("/values/size", "job_size); got size")),
        ("wsjf", {"bucket": "must"}, ("/bucket", "wsjf has values")),
        ("moscow", {"values": {"value": 1}}, ("/values/value", "expected a known value")),
        ("moscow", {}, ("/bucket", "expected at least one of bucket")),
        ("wsjf", {}, ("/values", "business_value, time_criticality")),
        ("wsjf", {"scoring_model": "Worth"}, ("/scoring_model", "of the portfolio: Value; got Worth")),
        ("wsjf", {"version": 7}, ("/version", "expected a version of Value: 1; got 7")),
        ("wsjf", {"portfolio": str(ROADS)}, ("/portfolio", "does not hold this component")),
    ],
)
def test_what_is_wrong_with_a_score_is_named(method: str, body: dict[str, Any], words: tuple[str, ...]) -> None:
    by_method(method).when("projects.score", SHOP, body).refused(*words, kind=Invalid)


def test_a_value_off_its_scale_or_of_no_criterion_is_named() -> None:
    score(modelled(), {"Risk": 6}).refused("/values/Risk", "from 1 to 5; got 6", kind=Invalid)
    score(modelled(), {"Cost": 6}).refused("/values/Cost", "(Reach, Risk); got Cost", kind=Invalid)


def test_scores_are_given_while_it_is_under_evaluation() -> None:
    for state in set(State) - {State.UNDER_EVALUATION}:
        scene = in_state(state)
        set_model(scene, WEIGHTED)
        score(scene, {"Reach": 1}, scoring_model="Value").refused("under evaluation", state)
        override(scene, 1, scoring_model="Value").refused("under evaluation", state)


def test_the_same_score_again_is_nothing() -> None:
    scene = modelled()
    score(scene, {"Reach": 80, "Risk": 2}).then(ProjectScored)
    score(scene, {"Reach": 80, "Risk": 2}).then()
    score(scene, {"Reach": 80, "Risk": 2}, rationale=WHY).refused("would be lost")
    score(scene, {"Reach": 80, "Risk": 2}, by=ANN).then(ProjectScored)


def test_a_new_version_of_the_model_rewrites_no_score() -> None:
    scene = modelled()
    score(scene, {"Reach": 80, "Risk": 2})
    before = scene.ledger.facts[-1].event
    set_model(scene, WEIGHTED, criteria=[{"name": "Reach", "weight": "1"}]).then(ScoringModelSet)
    score(scene, {"Reach": 80, "Risk": 1}).then(ProjectScored)
    assert (value(scene), value(scene, version=2)) == (Decimal(88), None), "the evaluation is held to its version"
    score(scene, {"Reach": 30}, scoring_model="Value").then(ProjectScored)
    assert (value(scene), value(scene, version=2)) == (Decimal(88), Decimal(30))
    assert before in [fact.event for fact in scene.ledger.facts]


def test_any_model_of_the_portfolio_may_be_named() -> None:
    scene = modelled()
    set_model(scene, {"name": "Speed", "method": "wsjf"})
    score(scene, {**WSJF, "job_size": 8}, scoring_model="Speed").then(ProjectScored)
    assert (value(scene), value(scene, "Speed")) == (None, Decimal(2))


def test_of_two_portfolios_with_such_a_model_one_is_named_to_score_for() -> None:
    scene = in_state(State.SUBMITTED, HARBOUR, ROADS)
    for portfolio in (HARBOUR, ROADS):
        set_model(scene, {"name": "Value", "method": "value_effort"}, portfolio)
    scene.when("projects.evaluate", SHOP).then(e.ProjectEvaluationStarted)
    score(scene, {"value": 9, "effort": 3}).refused("/portfolio", "expected the one to score for", kind=Invalid)
    score(scene, {"value": 9, "effort": 3}, portfolio=str(ROADS)).then(ProjectScored)
    score(scene, {"value": 8, "effort": 2}, portfolio=str(HARBOUR)).then(ProjectScored)
    scores = project(scene).scores
    assert [scores.value("Value", 1, each) for each in (ROADS, HARBOUR, None)] == [3, 4, None]


def test_without_a_portfolio_there_is_no_model_to_score_by() -> None:
    scene = Scene().given((SHOP, e.ProjectDrafted(name="Shop", state=State.UNDER_EVALUATION)))
    score(scene, {"Reach": 1}).refused("none holds this one")


# --- evaluations ----------------------------------------------------------------------------------


def test_an_evaluation_freezes_the_model_its_portfolio_and_its_scorers() -> None:
    scene = in_state(State.SUBMITTED)
    set_model(scene, WEIGHTED)
    set_model(scene, {"name": "Speed", "method": "wsjf"})
    scene.when("projects.evaluate", SHOP).refused("/scoring_model", "one of Value, Speed", kind=Invalid)
    scene.when("projects.evaluate", SHOP, {"scoring_model": "Fit"}).refused("Value, Speed; got Fit", kind=Invalid)
    wanted = {"scoring_model": "Speed", "scoring_model_version": 2}
    scene.when("projects.evaluate", SHOP, wanted).refused("/scoring_model_version", "Speed: 1; got 2", kind=Invalid)
    body = {"scoring_model": "Speed", "scorers": [str(ANN)]}
    started = scene.when("projects.evaluate", SHOP, body).then(e.ProjectEvaluationStarted)
    assert (started.scoring_model.key, started.scoring_model.method) == (("Speed", 1), "wsjf")
    assert (started.portfolio, started.scorers) == (HARBOUR, (ANN,))
    assert project(scene).scores.evaluation == (started.scoring_model, HARBOUR, (ANN,))


def test_to_reopen_or_take_up_again_wipes_no_score() -> None:
    scene = modelled()
    score(scene, {"Reach": 80, "Risk": 2})
    override(scene, 90)
    for verb in ("reject", "reopen", "defer", "evaluate"):
        assert scene.when(f"projects.{verb}", SHOP, body_of(verb)).refusal is None
        assert (value(scene), computed(scene)) == (90, 78)
    score(scene, {"Reach": 10, "Risk": 2})
    assert (value(scene), computed(scene)) == (90, 36), "whoever scored it may say otherwise"


def test_after_recycling_a_new_evaluation_begins_without_the_earlier_scores() -> None:
    scene = modelled()
    score(scene, {"Reach": 80, "Risk": 2})
    scene.when("projects.recycle", SHOP, body_of("recycle"))
    assert value(scene) == 78, "until it is evaluated anew"
    scene.when("projects.evaluate", SHOP)
    assert value(scene) is None
    assert [fact.name for fact in scene.ledger.history(SHOP)].count("project.scored.v1") == 1, "history keeps it"


# --- overrides ------------------------------------------------------------------------------------


def test_an_override_holds_with_its_reason_and_keeps_what_was_computed() -> None:
    scene = modelled()
    score(scene, {"Reach": 80, "Risk": 2})
    overridden = override(scene, "95.5").then(ProjectScoreOverridden)
    assert (overridden.score, overridden.computed, overridden.why.code) == (Decimal("95.5"), 78, "judgement")
    score(scene, {"Reach": 70, "Risk": 2})
    assert value(scene) == Decimal("95.5"), "a newer score changes what is computed, not what was decided"
    assert override(scene, None).then(ProjectScoreOverridden).computed == 72
    assert value(scene) == 72


def test_an_override_may_stand_for_a_score_that_nobody_gave() -> None:
    scene = modelled()
    assert override(scene, 50).then(ProjectScoreOverridden).computed is None
    assert value(scene) == 50


def test_an_override_needs_a_code_of_its_own_and_a_score_on_the_scale() -> None:
    scene = modelled()
    override(scene, 50, rationale={**JUDGED, "code": "roi"}).refused("/rationale/code", "data_error", kind=Invalid)
    override(scene, 101).refused("/score", "from 0 to 100, as Value 1 makes them; got 101", kind=Invalid)
    override(scene, -1).refused("/score", kind=Invalid)
    override(by_method("moscow"), 4).refused("from 0 to 3", kind=Invalid)
    override(by_method("wsjf"), 4000).then(ProjectScoreOverridden)


def test_the_same_override_again_is_refused_as_its_reason_would_be_lost() -> None:
    scene = modelled()
    override(scene, None).refused("is not overridden")
    override(scene, 50).then(ProjectScoreOverridden)
    override(scene, 50).refused("holds already")
