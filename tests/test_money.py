"""Sums of money against an oracle that adds fractions up from the raw facts, on both databases."""

from calendar import monthrange
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.identity.words import Role
from tests.conftest import WHY, Api, World

REASON = {"code": "estimate", "text": "The supplier has sent another quotation"}
FIGURES = {
    "project.forecast_set.v1": "forecast",
    "project.forecast_approved.v1": "forecast",
    "project.actuals_recorded.v1": "actual",
    "project.commitments_recorded.v1": "committed",
}
VERBS = {"forecast": "set-forecast", "actual": "record-actuals", "committed": "record-commitments"}
MONTHS = ["2025-11", "2025-12", "2026-01", "2026-02"]
Worth = Fraction | None


def gbp(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "GBP"}


def line(month: str, category: str, amount: str | None, currency: str = "GBP") -> dict[str, Any]:
    return {"month": month, "category": category, "money": amount and {"amount": amount, "currency": currency}}


def harbour(ada: Api) -> str:
    return ada.do("/portfolios", {"name": "Harbour", "currency": "GBP"})["id"]


def begin(ada: Api, portfolio: str, name: str = "Quay", **more: Any) -> str:
    body = {"name": name, "sponsor": "s", "portfolio": portfolio, "rationale": WHY, **more}
    return ada.do("/projects", body)["id"]


# --- the oracle ----------------------------------------------------------------------------------


class Ledger:
    """What the facts of the feed say, fact by fact, as fractions."""

    def __init__(self, facts: list[dict[str, Any]]) -> None:
        self.held: dict[tuple[str, str, str, str], tuple[Fraction, str]] = {}
        self.rates: dict[tuple[str, str], Fraction] = {}
        for fact in facts:
            self.take(fact["name"], fact["stream_id"], fact["data"])

    def take(self, name: str, stream: str, data: dict[str, Any]) -> None:
        if name == "portfolio.rate_set.v1":
            self.rates[data["currency"], data["valid_from"]] = Fraction(data["rate"])
        for each in data["lines"] if name in FIGURES else ():
            key = stream, FIGURES[name], each["month"], each["category"]
            self.held.pop(key, None)
            if each["money"]:
                self.held[key] = Fraction(each["money"]["amount"]), each["money"]["currency"]

    def worth(self, key: tuple[str, str, str, str]) -> Worth:
        """In pounds, to the penny, by the latest rate up to the month's last day."""
        amount, currency = self.held[key]
        if currency == "GBP":
            return amount
        year, month = map(int, key[2].split("-"))
        end = f"{key[2]}-{monthrange(year, month)[1]}"
        valid = sorted((day, rate) for (of, day), rate in self.rates.items() if of == currency and day <= end)
        return Fraction(round(amount * valid[-1][1] * 100), 100) if valid else None

    def value(self, project: str, figure: str) -> Worth:
        keys = [key for key in self.held if key[:2] == (project, figure)]
        worths = [self.worth(key) for key in keys]
        return None if not worths or None in worths else sum(worths, Fraction(0))  # type: ignore[arg-type]


def says(told: dict[str, Any], values: list[Worth]) -> None:
    """A sum of the answer is the one of these values."""
    present = [value for value in values if value is not None]
    amount = None if told["amount"] is None else Fraction(told["amount"])
    assert (amount, told["of"], told["missing"]) == (
        sum(present, Fraction(0)) if present else None,
        len(values),
        len(values) - len(present),
    )


AMOUNT = st.decimals(min_value=-9999, max_value=9999, places=2).map(lambda amount: f"{amount:f}")
SAID = st.tuples(
    st.sampled_from(sorted(VERBS)),
    st.integers(0, 2),
    st.sampled_from(MONTHS),
    st.sampled_from(["capex", "labour"]),
    st.one_of(st.none(), AMOUNT),
    st.sampled_from(["GBP", "GBP", "USD", "EUR"]),
)
QUOTED = st.tuples(
    st.sampled_from(["USD", "EUR"]),
    st.sampled_from(["0.5", "0.79255", "1.5"]),
    st.sampled_from(["2025-12-31", "2026-01-31"]),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SAID, max_size=12), st.lists(QUOTED, max_size=3))
def test_every_sum_is_what_the_facts_add_up_to(world: World, said: list[Any], quoted: list[Any]) -> None:
    ada = world.person("ada")
    portfolio = harbour(ada)
    program = begin(ada, portfolio, "Waterfront", kind="program")
    projects = [begin(ada, portfolio, f"P{number}", parent=program) for number in range(3)]
    for currency, rate, day in quoted:
        body = {"currency": currency, "rate": rate, "valid_from": day, "published_by": "Bank", "rationale": REASON}
        ada.attempt(f"/portfolios/{portfolio}/set-rate", body)
    for figure, number, *of in said:
        body = {"lines": [line(*of)], "rationale": REASON}
        ada.attempt(f"/projects/{projects[number]}/{VERBS[figure]}", body)
    ada.do(f"/projects/{program}/revise", {"name": "Waterside"})
    feed = ada.every("/audit")[::-1]
    own = {portfolio, program, *projects}
    ledger = Ledger([fact for fact in feed if fact["stream_id"] in own])

    whole, rolled = ada.get(f"/portfolios/{portfolio}"), ada.get(f"/projects/{program}/money")["rolled_up"]
    accounts = ada.get(f"/portfolios/{portfolio}/money")
    for figure in VERBS:
        values = [ledger.value(project, figure) for project in projects]
        says(whole["money"][figure], [*values, None])
        says(accounts["totals"][figure], [*values, None])
        says(rolled[figure], values)
    for months in (accounts["months"], rolled["months"]):
        assert [each["month"] for each in months] == sorted({key[2] for key in ledger.held})
        for each in months:
            busy = sorted({(key[0], key[3]) for key in ledger.held if key[2] == each["month"]})

            def of_month(figure: str, month: str = each["month"], busy: Any = busy) -> list[Worth]:
                keys = [(project, figure, month, category) for project, category in busy]
                return [ledger.worth(key) if key in ledger.held else None for key in keys]

            for figure in VERBS:
                says(each[figure], of_month(figure))
            plan, spent = of_month("forecast"), of_month("actual")
            known = None not in [*plan, *spent]
            expected = sum(spent, Fraction(0)) - sum(plan, Fraction(0)) if known else None  # type: ignore[arg-type]
            assert (each["variance"] and Fraction(each["variance"]["amount"])) == expected


# --- what people do ------------------------------------------------------------------------------


def test_plan_against_actual_is_told_by_month_and_what_is_missing_is_missing(ada: Api) -> None:
    quay = begin(ada, harbour(ada))
    plan = [line("2026-01", "labour", "100.00"), line("2026-01", "capex", "50.00"), line("2026-02", "labour", "70.00")]
    ada.do(f"/projects/{quay}/set-forecast", {"lines": plan})
    spent = [line("2026-01", "labour", "90.00"), line("2026-02", "labour", "75.50")]
    ada.do(f"/projects/{quay}/record-actuals", {"lines": spent})
    shown = ada.get(f"/projects/{quay}/money")
    january, february = shown["months"]
    assert january["actual"] == {"amount": "90.00", "currency": "GBP", "of": 2, "missing": 1}
    assert (january["variance"], february["variance"]) == (None, gbp("5.50"))
    assert january["committed"] == {"amount": None, "currency": "GBP", "of": 2, "missing": 2}
    assert shown["totals"]["budget"] == {"amount": None, "currency": None, "of": 0, "missing": 0}
    project = ada.get(f"/projects/{quay}")
    assert [project[figure] for figure in ("budget", *VERBS)] == [None, gbp("220.00"), gbp("165.50"), None]


def test_what_a_project_lacks_in_a_month_its_program_and_portfolio_lack_too(ada: Api) -> None:
    portfolio = harbour(ada)
    works = begin(ada, portfolio, "Works", kind="program")
    quay = begin(ada, portfolio, parent=works)
    plan = [line("2026-01", "it", "150.00"), line("2026-01", "people", "50.00")]
    ada.do(f"/projects/{quay}/set-forecast", {"lines": plan})
    ada.do(f"/projects/{quay}/record-actuals", {"lines": [line("2026-01", "people", "50.00")]})
    own, rolled, whole = (
        ada.get(f"/projects/{quay}/money")["months"],
        ada.get(f"/projects/{works}/money")["rolled_up"]["months"],
        ada.get(f"/portfolios/{portfolio}/money")["months"],
    )
    assert own == rolled == whole
    assert whole[0]["actual"] == {"amount": "50.00", "currency": "GBP", "of": 2, "missing": 1}
    assert whole[0]["variance"] is None


def test_a_total_without_a_rate_is_no_value_until_there_is_one(ada: Api) -> None:
    portfolio = harbour(ada)
    quay = begin(ada, portfolio)
    plan = [line("2026-01", "labour", "100.00"), line("2026-01", "capex", "50.00", "USD")]
    ada.do(f"/projects/{quay}/set-forecast", {"lines": plan})
    assert ada.get(f"/projects/{quay}")["forecast"] is None
    assert [each["id"] for each in ada.get("/projects", sort="-forecast")["items"]] == [quay]
    assert ada.get(f"/portfolios/{portfolio}")["money"]["forecast"]["missing"] == 1
    rate = {"currency": "USD", "rate": "0.8", "valid_from": "2026-01-31", "published_by": "Bank of England"}
    ada.do(f"/portfolios/{portfolio}/set-rate", rate)
    assert ada.get(f"/projects/{quay}")["forecast"] == gbp("140.00")
    assert ada.get(f"/portfolios/{portfolio}/money")["rates"] == [rate]


def test_one_persons_change_above_the_threshold_waits_for_another(world: World, ada: Api, bob: Api) -> None:
    portfolio = harbour(ada)
    quay = begin(ada, portfolio)
    ada.do(f"/portfolios/{portfolio}/set-policy", {"money_threshold": gbp("1000.00"), "rationale": REASON})
    policy = ada.get(f"/portfolios/{portfolio}")["policy"]
    assert (policy["version"], policy["money_threshold"]) == (1, gbp("1000.00"))
    large = {"lines": [line("2026-05", "capex", "5000.00")], "rationale": REASON}
    ada.do(f"/projects/{quay}/set-forecast", large)
    world.clock.now += timedelta(days=1)
    larger = {"lines": [line("2026-05", "capex", "6000.00")], "rationale": REASON}
    ada.do(f"/projects/{quay}/set-forecast", larger)
    before = ada.get(f"/projects/{quay}/money")
    assert [each["status"] for each in before["proposals"]] == ["superseded", "open"]
    assert before["totals"]["forecast"]["amount"] is None
    approval = {"proposal": before["proposals"][1]["id"], "rationale": REASON}
    own_key_of_another_role = world.person("ada", Role.BOARD)
    for same in (ada, own_key_of_another_role):
        refused = same.attempt(f"/projects/{quay}/approve-forecast", approval)
        assert (refused.status_code, "another person" in refused.json()["detail"]) == (403, True)
    bob.do(f"/projects/{quay}/approve-forecast", approval)
    after = bob.get(f"/projects/{quay}/money")
    assert [(each["status"], each["settled_by"]) for each in after["proposals"]] == [
        ("superseded", ada.person),
        ("approved", bob.person),
    ]
    assert after["totals"]["forecast"]["amount"] == "6000.00"
    assert bob.get(f"/projects/{quay}/money", at=before["position"])["months"] == []


def test_a_component_that_moves_takes_its_money_along_and_the_past_stays(world: World, ada: Api) -> None:
    portfolio = harbour(ada)
    trams, ferries = (begin(ada, portfolio, name, kind="program") for name in ("Trams", "Ferries"))
    quay = begin(ada, portfolio, parent=trams)
    ada.do(f"/projects/{quay}/set-forecast", {"lines": [line("2026-01", "labour", "100.00")]})
    then = ada.get("/projects")["position"]
    ada.do(f"/projects/{ferries}/move", {"program": trams, "rationale": REASON})

    def rolled(program: str, read: Callable[..., Any] = ada.get, **bounds: Any) -> Any:
        told = read(f"/projects/{program}/money", **bounds)["rolled_up"]
        return told["components"], told["forecast"]["amount"]

    assert rolled(trams) == (2, "100.00")
    ada.do(f"/projects/{quay}/move", {"program": ferries, "rationale": REASON})
    assert (rolled(trams), rolled(ferries)) == ((2, "100.00"), (1, "100.00"))
    assert (rolled(trams, at=then), rolled(ferries, at=then)) == ((1, "100.00"), (0, None))
    assert ada.get(f"/projects/{quay}")["parent_id"] == ferries
    assert [each["fact"] for each in ada.get(f"/projects/{ferries}/why")["items"]].count(
        "project.moved_to_program.v1"
    ) == 2


def test_the_amount_a_project_was_completed_or_cancelled_with_counts_until_months_are_told(ada: Api, bob: Api) -> None:
    portfolio = harbour(ada)
    quay = begin(ada, portfolio)
    case = {"problem": "a", "expected_benefit": "b", "cost_low": gbp("1.00"), "cost_high": gbp("2.00")}
    ada.do(f"/projects/{quay}/submit", case)
    ada.do(f"/projects/{quay}/evaluate")
    ada.do(f"/projects/{quay}/select", {"rationale": WHY})
    bob.do(f"/projects/{quay}/authorize", {"budget": gbp("2.00"), "rationale": WHY})
    over = {"code": "over_budget", "text": "It costs more than it will ever bring in"}
    bob.do(f"/projects/{quay}/cancel", {"sunk_cost": gbp("1.50"), "disposition": "Sold", "rationale": over})
    assert bob.get(f"/portfolios/{portfolio}")["money"]["actual"]["amount"] == "1.50"
    bob.do(f"/projects/{quay}/record-actuals", {"lines": [line("2026-01", "labour", "1.75")]})
    assert bob.get(f"/portfolios/{portfolio}")["money"]["actual"]["amount"] == "1.75"


@pytest.mark.parametrize(
    ("role", "verb", "allowed"),
    [
        (Role.PROJECT_MANAGER, "set-forecast", True),
        (Role.FINANCE_CONTROLLER, "set-forecast", True),
        (Role.FINANCE_CONTROLLER, "record-actuals", True),
        (Role.PROJECT_MANAGER, "record-actuals", False),
        (Role.PROJECT_MANAGER, "record-commitments", False),
        (Role.BOARD, "set-forecast", False),
    ],
)
def test_who_may_say_what_a_project_costs(world: World, ada: Api, role: Role, verb: str, allowed: bool) -> None:
    quay = begin(ada, harbour(ada))
    answer = world.person(role, role).attempt(f"/projects/{quay}/{verb}", {"lines": [line("2026-01", "a", "1.00")]})
    assert answer.status_code == (200 if allowed else 403)
