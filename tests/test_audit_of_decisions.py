"""The audit trail answers what a PMO is asked about most: who worked on what before, and what stood where."""

from typing import Any

import pytest

from domain.identity.words import Role
from tests.conftest import WHY, Api, World
from tests.test_money import gbp
from tests.test_workload import AT_WORK, SKILL, Town

Told = dict[str, tuple[Any, Any]]


@pytest.fixture
def town(world: World, ada: Api) -> Town:
    return Town(world, ada)


def changes(api: Api, fact: str, **params: Any) -> Told:
    """What the latest fact of a name changed, by aspect."""
    (told, *_) = api.get("/audit", fact=fact, **params)["items"]
    return {each["aspect"]: (each["from"], each["to"]) for each in told["changes"]}


def shares(told: Told, project: str) -> tuple[list[str], list[str]]:
    """The share that a project held of somebody's time before and after, stretch by stretch."""
    before, after = told[f"assignments:{project}"]
    return [each["share"] for each in before or ()], [each["share"] for each in after or ()]


# --- who works on what ------------------------------------------------------------------------------


def test_a_reassignment_tells_what_both_projects_held_before_it_and_after(town: Town) -> None:
    town.assign(town.kim, town.shop, "0.6", "2026-03-02")
    told = changes(town.ada, "assigned")
    assert told.keys() == {f"assignments:{town.shop}"}
    assert shares(told, town.shop) == ([], ["0.6"])
    body = {"from_project": town.shop, "to_project": town.app, "share": "0.4", "starts_on": "2026-04-01"}
    town.ada.do(f"/resources/{town.kim}/reassign", {**body, "rationale": SKILL})
    told = changes(town.ada, "reassigned")
    assert shares(told, town.shop) == (["0.6"], ["0.6", "0.2"])
    assert shares(told, town.app) == ([], ["0.4"])
    town.ada.do(f"/resources/{town.kim}/release", {"project": town.shop, "from_day": "2026-03-02", "rationale": WHY})
    assert shares(changes(town.ada, "released"), town.shop) == (["0.6", "0.2"], [])


def test_a_calendar_an_absence_and_a_last_day_are_told_with_what_held_before(town: Town) -> None:
    town.at_work(town.kim)
    assert changes(town.ada, "capacity_set")["calendars"][0] is None
    town.at_work(town.kim, {**AT_WORK, "friday": "0"}, "2026-05-01")
    ((first,), (still, second)) = changes(town.ada, "capacity_set")["calendars"]
    assert (first, first["week"]["friday"], second["week"]["friday"]) == (still, "1", "0")
    absence = town.away(town.kim, "2026-03-12", "2026-03-13")
    none, away = changes(town.ada, "absence_recorded")[f"absence:{absence}"]
    assert (none, away["starts_on"], away["days"]) == (None, "2026-03-12", ["2026-03-12", "2026-03-13"])
    town.ada.do(f"/resources/{town.kim}/cancel-absence", {"absence": absence, "rationale": WHY})
    assert changes(town.ada, "absence_cancelled") == {f"absence:{absence}": (away, None)}
    town.ada.do(f"/resources/{town.kim}/depart", {"last_day": "2026-06-30", "rationale": WHY})
    assert changes(town.ada, "departed")["departs_on"] == (None, "2026-06-30")


# --- what stands where --------------------------------------------------------------------------------


def test_a_new_rank_is_told_with_the_old_one(town: Town) -> None:
    town.ada.do(f"/projects/{town.app}/reprioritize", {"portfolio": town.digital, "to_rank": 1, "rationale": WHY})
    told = changes(town.ada, "reprioritized")
    assert told[f"rank:{town.digital}"] == (2, 1)
    before, after = told[f"order:{town.digital}"]
    assert float(after) < float(before)


def test_a_limit_that_was_overridden_tells_how_many_there_were_and_are(town: Town) -> None:
    town.ada.do(f"/portfolios/{town.digital}/set-policy", {"wip_limits": {"draft": 2}, "rationale": WHY})
    why = {"code": "mandate", "text": "The harbour act leaves no other date"}
    body = {"name": "Pier", "sponsor": "sales", "portfolio": town.digital, "rationale": WHY, "override": why}
    town.ada.do("/projects", body)
    assert changes(town.ada, "limit_overridden") == {"number_of:draft": (2, 3)}


def test_what_was_forced_in_tells_what_the_budget_was_committed_to_before_and_after(town: Town) -> None:
    line = {"year": 2026, "category": "capex", "money": gbp("5.00")}
    town.ada.do(f"/portfolios/{town.digital}/set-budget", {"lines": [line], "rationale": WHY})
    case = {"problem": "a", "expected_benefit": "b", "cost_low": gbp("1.00"), "cost_high": gbp("6.00")}
    for verb, body in (("submit", case), ("evaluate", {})):
        town.ada.do(f"/projects/{town.shop}/{verb}", body)
    why = {"code": "mandate", "text": "The harbour act leaves no other date"}
    town.ada.do(f"/projects/{town.shop}/select", {"rationale": WHY, "force_in": why})
    assert changes(town.ada, "forced_in") == {"committed": (gbp("0"), gbp("6.00"))}


# --- what is open until it is settled ------------------------------------------------------------------


def test_a_request_a_proposal_and_a_review_are_open_until_they_are_settled(town: Town, bob: Api) -> None:
    first, second, third = (town.ask(town.shop, "0.5", "2026-04-01") for _ in range(3))
    assert changes(town.ada, "resource_requested") == {f"request:{third}": (None, "open")}
    town.assign(town.kim, town.shop, "0.5", "2026-04-01", request=first)
    assert changes(town.ada, "resource_request_filled") == {f"request:{first}": ("open", "filled")}
    for verb, request, became in (("decline", second, "declined"), ("withdraw", third, "withdrawn")):
        town.ada.do(f"/projects/{town.shop}/{verb}-request", {"request": request, "rationale": WHY})
        assert changes(town.ada, f"resource_request_{became}") == {f"request:{request}": ("open", became)}
    town.ada.do(f"/portfolios/{town.digital}/open-review", {"name": "Spring"})
    ((review, opened),) = changes(town.ada, "review_opened").items()
    town.ada.do(f"/portfolios/{town.digital}/close-review", {})
    assert (opened, changes(town.ada, "review_closed")) == ((None, "open"), {review: ("open", "closed")})


def test_a_forecast_that_needs_a_second_person_is_open_until_that_person_decides(town: Town, world: World) -> None:
    low = {"amount": "1.00", "currency": "GBP"}
    town.ada.do(f"/portfolios/{town.digital}/set-policy", {"money_threshold": low, "rationale": WHY})
    controller = world.person("fay", Role.FINANCE_CONTROLLER)

    def propose(month: str) -> str:
        line = {"month": month, "category": "capex", "money": {"amount": "900.00", "currency": "GBP"}}
        town.ada.do(f"/projects/{town.shop}/set-forecast", {"lines": [line], "rationale": WHY})
        ((proposal, told),) = changes(town.ada, "forecast_proposed").items()
        assert told == (None, "open")
        return proposal

    first = propose("2026-04")
    controller.do(f"/projects/{town.shop}/approve-forecast", {"proposal": first.split(":")[1], "rationale": WHY})
    told = changes(town.ada, "forecast_approved", after=controller.token)
    assert told[first] == ("open", "approved")
    second = propose("2026-05")
    town.ada.do(f"/projects/{town.shop}/withdraw-forecast", {"proposal": second.split(":")[1], "rationale": WHY})
    assert changes(town.ada, "forecast_withdrawn") == {second: ("open", "withdrawn")}
