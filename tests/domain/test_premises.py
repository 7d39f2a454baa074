"""Premises of a decision: well formed, about what is there, and kept with its reason."""

from decimal import Decimal
from typing import Any

import pytest

from domain.kernel.premises import Premise
from domain.kernel.rationale import Rationale
from domain.kernel.refusal import Invalid
from domain.operations import OPERATIONS
from domain.portfolio import events as pe
from domain.project import events as e
from domain.project.words import State
from domain.resources import events as r
from domain.strategy import events as ge
from tests.domain.scene import Outcome, Scene, numbered

HARBOUR, SHOP, QUEUES, ANA, NOWHERE = map(numbered, range(1, 6))
REASON = Rationale(code="other", text="A reason that is long enough")
WHY = {"code": "strategic_fit", "text": "It fits the plan of this year"}
LEFT = {"figure": "budget_left", "portfolio": str(HARBOUR), "at_least": "0"}


def harbour() -> Scene:
    """A portfolio with a shop under evaluation, a goal, and Ana, who tests."""
    return Scene().given(
        (HARBOUR, pe.PortfolioCreated(name="Harbour")),
        (SHOP, e.ProjectDrafted(name="Shop", state=State.UNDER_EVALUATION)),
        (HARBOUR, pe.ComponentAdded(component=SHOP, order="1", why=REASON)),
        (QUEUES, ge.GoalCreated(portfolio=HARBOUR, name="No queues", why=REASON)),
        (ANA, r.ResourceAdded(kind=r.ResourceKind.PERSON)),
        (ANA, r.RoleSet(as_role="tester")),
        (ANA, r.ResourceAssigned(project=SHOP, share="0.5", starts_on="2026-03-02", as_role="lead", why=REASON)),
    )


def selected(*premises: dict[str, Any], **why: Any) -> Outcome:
    return harbour().when("projects.select", SHOP, {"rationale": {**WHY, **why, "premises": list(premises)}})


def test_a_decision_names_the_figures_it_rests_on_and_keeps_them() -> None:
    load = {"figure": "role_load", "portfolio": str(HARBOUR), "role": "tester", "at_most": "1"}
    weight = {"figure": "goal_weight", "goal": str(QUEUES), "project": str(SHOP), "at_least": "0.2"}
    forecast = {"figure": "forecast", "project": str(SHOP), "at_least": "-5.5", "at_most": "100"}
    decided = selected(LEFT, load, weight, forecast).then(e.ProjectSelected)
    assert decided.model_dump(mode="json")["why"]["premises"] == [LEFT, load, weight, forecast]


def test_a_decision_without_premises_is_stored_as_it_always_was() -> None:
    assert "premises" not in selected().then(e.ProjectSelected).model_dump(mode="json")["why"]


@pytest.mark.parametrize(
    ("premise", "pointer", "words"),
    [
        ({"figure": "budget_left", "at_least": "0"}, "/portfolio", "required"),
        ({**LEFT, "at_least": None}, "", "expected a bound"),
        ({**LEFT, "at_most": "-1"}, "/at_most", "at least 0"),
        ({**LEFT, "role": "tester"}, "/role", "budget_left has none; expected only portfolio"),
        ({**LEFT, "portfolio": str(NOWHERE)}, "/portfolio", "no portfolio has the id"),
        ({**LEFT, "portfolio": str(SHOP)}, "/portfolio", "no portfolio has the id"),
        ({"figure": "goal_weight", "goal": str(NOWHERE), "at_least": "0.2"}, "/goal", "no goal has the id"),
        (
            {"figure": "goal_weight", "goal": str(QUEUES), "project": str(HARBOUR), "at_least": "1"},
            "/project",
            "no pro",
        ),
        ({"figure": "forecast", "project": str(NOWHERE), "at_most": "9"}, "/project", "no project has the id"),
        (
            {"figure": "role_load", "portfolio": str(HARBOUR), "role": "testr", "at_most": "1"},
            "/role",
            "promised to the portfolio: lead, tester",
        ),
        (
            {
                "figure": "role_load",
                "portfolio": str(HARBOUR),
                "role": "tester",
                "starts_on": "2026-04-01",
                "ends_on": "2026-03-01",
                "at_most": "1",
            },
            "/ends_on",
            "from 2026-04-01 on",
        ),
    ],
)
def test_a_premise_that_cannot_be_watched_is_refused_at_its_pointer(
    premise: dict[str, Any], pointer: str, words: str
) -> None:
    refusal = selected(LEFT, premise).refused(words, kind=Invalid)
    assert isinstance(refusal, Invalid)
    assert list(refusal.errors) == [f"/rationale/premises/1{pointer}"]


def test_every_operation_asks_whether_what_a_premise_names_is_there() -> None:
    scene = harbour()
    unknown = {**WHY, "premises": [{**LEFT, "portfolio": str(NOWHERE)}]}
    for name, thing, body in (
        ("portfolios.create", numbered(20), {"name": "Roads"}),
        ("goals.retire", QUEUES, {}),
        ("resources.release", ANA, {"project": str(SHOP), "from_day": "2026-03-09"}),
    ):
        refusal = scene.when(name, thing, body, rationale=unknown).refused("no portfolio has the id", kind=Invalid)
        assert isinstance(refusal, Invalid)
        assert list(refusal.errors) == ["/rationale/premises/0/portfolio"]
    assert {operation.decide.__qualname__ for operation in OPERATIONS.values()} == {
        "on_what_is_there.<locals>.decide_for_premises"
    }


@pytest.mark.parametrize(
    ("value", "holds"), [("-0.01", False), ("0", True), ("7.5", True), ("10", True), ("10.0001", False)]
)
def test_both_bounds_belong_to_what_is_allowed(value: str, holds: bool) -> None:
    premise = Premise.model_validate({**LEFT, "at_most": "10"})
    assert premise.holds(Decimal(value)) is holds


def test_what_cannot_be_told_neither_holds_nor_fails() -> None:
    assert Premise.model_validate(LEFT).holds(None) is None
