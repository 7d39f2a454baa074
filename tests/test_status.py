"""Status updates as people see them: as they were, as they were corrected, and when the next one is due."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import WHY, Api, World
from tests.test_pages import Visitor, text_of

POUNDS = {"amount": "500.00", "currency": "GBP"}
FINE = {"overall": "on_track", "text": "All is well"}
TROUBLE = {"overall": "off_track", "text": "The supplier is late", "path_to_green": "A second supplier in May"}
WAIT = {"code": "budget_freeze", "text": "No money before the summer"}
REASONS = {"off_track", "at_risk", "overdue_update"}
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


class Office:
    """A portfolio that asks for an update every ten days, and a shop that becomes active on 2 March."""

    def __init__(self, world: World, ada: Api, bob: Api) -> None:
        self.world, self.ada, self.bob = world, ada, bob
        self.portfolio = self.found("Digital", 10)
        self.shop = self.begin("Shop")

    def found(self, name: str, cadence: int | None) -> str:
        portfolio = str(self.ada.do("/portfolios", {"name": name, "currency": "GBP"})["id"])
        if cadence:
            self.ada.do(f"/portfolios/{portfolio}/set-policy", {"update_cadence_days": cadence, "rationale": WHY})
        return portfolio

    def begin(self, name: str, portfolio: str | None = None) -> str:
        body = {"name": name, "sponsor": "s", "portfolio": portfolio or self.portfolio, "rationale": WHY}
        project = str(self.ada.do("/projects", body)["id"])
        case = {"problem": "a", "expected_benefit": "b", "cost_low": POUNDS, "cost_high": POUNDS}
        self.ada.do(f"/projects/{project}/submit", case)
        self.ada.do(f"/projects/{project}/evaluate")
        self.ada.do(f"/projects/{project}/select", {"rationale": WHY})
        self.bob.do(f"/projects/{project}/authorize", {"budget": POUNDS, "rationale": WHY})
        self.ada.token = self.bob.token
        self.ada.do(f"/projects/{project}/activate", {"owner": "carol", "starts_on": "2026-03-02"})
        return project

    def report(self, **more: Any) -> str:
        """The event id of an update of the shop."""
        self.ada.do(f"/projects/{self.shop}/status-updates", {**FINE, **more})
        return str(self.updates()[0]["event_id"])

    def updates(self, **bounds: Any) -> list[dict[str, Any]]:
        return list(self.ada.get(f"/projects/{self.shop}/status-updates", **bounds)["items"])

    def project(self, **bounds: Any) -> dict[str, Any]:
        return dict(self.ada.get(f"/projects/{self.shop}", **bounds))

    def whole(self, **bounds: Any) -> dict[str, Any]:
        return dict(self.ada.get(f"/portfolios/{self.portfolio}", **bounds))

    def due(self, **bounds: Any) -> tuple[Any, ...] | None:
        found = self.project(**bounds)["status_due"]
        return found and (found["due_on"], found["is_overdue"], found["days_overdue"])

    def on(self, month: int, day: int) -> None:
        self.world.clock.now = datetime(2026, month, day, 9, tzinfo=UTC)


@pytest.fixture
def office(world: World, ada: Api, bob: Api) -> Office:
    return Office(world, ada, bob)


# --- updates --------------------------------------------------------------------------------------


def test_an_old_report_never_shows_todays_data(office: Office) -> None:
    office.report()
    lines = [{"month": "2026-03", "category": "capex", "money": {"amount": "900.00", "currency": "GBP"}}]
    office.ada.do(f"/projects/{office.shop}/set-forecast", {"lines": lines})
    office.on(3, 9)
    office.report(**TROUBLE)
    new, old = office.updates()
    baseline = {"number": 0, "starts_on": "2026-03-02", "finishes_on": None, "cost": POUNDS}
    missing = {"forecast": None, "actual": None, "finish": None}
    assert old["figures"] == {"budget": POUNDS, **missing, "baseline": baseline}
    assert new["figures"] == {**old["figures"], "forecast": {"amount": "900.00", "currency": "GBP"}}
    assert (new["overall"], new["path_to_green"], new["actor_name"]) == ("off_track", "A second supplier in May", "ada")
    assert [each["overall"] for each in office.updates(as_of="2026-03-05")] == ["on_track"]
    assert office.updates(as_of="2026-03-05")[0]["figures"] == old["figures"]


def test_figures_are_those_that_the_project_answer_told_then(office: Office) -> None:
    rate = {"currency": "USD", "rate": "0.8", "valid_from": "2026-01-01", "published_by": "Bank"}
    office.ada.do(f"/portfolios/{office.portfolio}/set-rate", rate)
    for month, amount, currency in (("2026-02", "10.00", "GBP"), ("2026-03", "20.00", "USD")):
        line = {"month": month, "category": "capex", "money": {"amount": amount, "currency": currency}}
        for verb in ("set-forecast", "record-actuals"):
            office.ada.do(f"/projects/{office.shop}/{verb}", {"lines": [line]})
        office.report()
    pause = {"expected_resume": "unknown", "allocations": "keep", "rationale": WAIT}
    office.ada.do(f"/projects/{office.shop}/pause", pause)
    resume = {"forecast_finish": "2026-12-01", "forecast": {"amount": "26.00", "currency": "GBP"}, "rationale": WHY}
    office.ada.do(f"/projects/{office.shop}/resume", resume)
    office.report()
    for update in office.updates():
        then = office.project(at=update["position"] - 1)
        told = {figure: then[figure] for figure in ("budget", "forecast", "actual")}
        known = {**told, "finish": then["attributes"].get("finish")}
        assert {member: update["figures"][member] for member in known} == known
    assert {update["figures"]["baseline"]["number"] for update in office.updates()} == {0}
    assert [each["figures"]["forecast"]["amount"] for each in office.updates()] == ["26.00", "26.00", "10.00"]


def test_what_was_superseded_stays_visible_and_says_by_what(office: Office) -> None:
    wrong = office.report()
    office.on(3, 4)
    right = office.report(**TROUBLE, supersedes=wrong)
    new, old = office.updates()
    assert (new["event_id"], new["supersedes"], new["superseded_by"]) == (right, wrong, None)
    assert (old["event_id"], old["text"], old["superseded_by"]) == (wrong, "All is well", right)
    assert office.project()["health"]["declared"] == "off_track"
    (then,) = office.updates(as_of="2026-03-03")
    assert then["superseded_by"] is None
    assert office.project(as_of="2026-03-03")["health"]["declared"] == "on_track"


def test_correcting_an_older_report_leaves_the_newest_in_place(office: Office) -> None:
    wrong = office.report()
    office.on(3, 9)
    office.report(overall="on_track", text="All is well again")
    office.on(3, 10)
    corrected = {**TROUBLE, "supersedes": wrong, "occurred_at": "2026-03-03T09:00:00Z"}
    office.ada.do(f"/projects/{office.shop}/status-updates", corrected)
    assert office.project()["health"]["text"] == "All is well again"
    assert office.project(as_of="2026-03-05")["health"]["declared"] == "off_track"
    assert office.project(as_of="2026-03-05", known_at="2026-03-05")["health"]["declared"] == "on_track"
    newest, right, old = office.updates()
    assert (newest["superseded_by"], right["supersedes"], old["superseded_by"]) == (None, wrong, right["event_id"])
    assert [each["superseded_by"] for each in office.updates(known_at="2026-03-09")] == [None, None]


@one_database
def test_updates_come_in_pages_newest_first(office: Office) -> None:
    texts = [f"Week number {week}" for week in range(5)]
    for text in texts:
        office.report(text=text)
    path = f"/projects/{office.shop}/status-updates"
    first = office.ada.get(path, limit=2)
    office.report(text="One more in between")
    second = office.ada.get(path, limit=9, cursor=first["next_cursor"])
    assert [each["text"] for each in first["items"] + second["items"]] == texts[::-1]
    assert office.ada.ask("/projects/0190a1b2-0000-7000-8000-000000000000/status-updates").status_code == 404
    before = office.ada.get(path, as_of="2026-01-01")
    assert (before["items"], before["first_fact_at"][:10]) == ([], "2026-03-02")


@one_database
def test_a_superseding_update_with_a_reason_is_told_among_decisions(office: Office) -> None:
    wrong = office.report(rationale=WHY)
    right = office.report(**TROUBLE, supersedes=wrong, rationale=WAIT)
    told = [each for each in office.ada.get(f"/projects/{office.shop}/why")["items"] if "status" in each["fact"]]
    assert [(each["event_id"], each["superseded_by"]) for each in told] == [(wrong, right), (right, None)]


# --- cadence --------------------------------------------------------------------------------------


def test_the_first_update_is_due_one_cadence_after_work_began(office: Office) -> None:
    assert office.due() == ("2026-03-12", False, 0)
    office.on(3, 12)
    assert office.due() == ("2026-03-12", False, 0)
    assert office.whole()["overdue_updates"] == 0
    office.on(3, 15)
    assert office.due() == ("2026-03-12", True, 3)
    assert office.whole()["overdue_updates"] == 1
    office.report()
    assert office.due() == ("2026-03-25", False, 0)
    assert office.whole()["overdue_updates"] == 0


def test_the_past_is_asked_by_its_own_clock(office: Office) -> None:
    office.on(3, 15)
    office.report()
    late = office.world.system.store.head()
    office.on(4, 20)
    assert office.due(as_of="2026-03-12") == ("2026-03-12", False, 0)
    assert office.due(as_of="2026-03-14") == ("2026-03-12", True, 2)
    assert office.due(known_at="2026-03-16") == ("2026-03-25", False, 0)
    assert office.due(at=late) == ("2026-03-25", False, 0)
    assert office.due(at=late - 1) == ("2026-03-12", False, 0), "its clock is when the newest fact was stored"
    assert [office.whole(as_of=day)["overdue_updates"] for day in ("2026-03-12", "2026-03-13", "2026-03-15")] == [
        0,
        1,
        0,
    ]
    assert office.whole(as_of="2026-01-01")["overdue_updates"] is None


def test_nothing_is_asked_of_a_paused_project_nor_the_minute_it_resumes(office: Office) -> None:
    office.report()
    office.on(3, 5)
    pause = {"expected_resume": "unknown", "allocations": "keep", "rationale": WAIT}
    office.ada.do(f"/projects/{office.shop}/pause", pause)
    office.on(6, 1)
    assert office.due() is None
    assert office.whole()["overdue_updates"] == 0
    paused = office.whole()["counts"]["by_health"]
    assert set(paused.values()) == {0}, "what is paused counts as no health, least of all as on track"
    assert office.whole()["stale_health"] == 0
    office.ada.do(f"/projects/{office.shop}/resume", {"forecast_finish": "2026-12-01", "rationale": WHY})
    assert office.due() == ("2026-06-11", False, 0)
    assert office.project()["health"]["is_stale"] is True, "what was said in March says little in June"
    assert office.whole()["stale_health"] == 1
    office.on(6, 12)
    assert office.due() == ("2026-06-11", True, 1)


def test_a_health_older_than_the_cadence_is_stale(office: Office) -> None:
    assert office.project()["health"]["is_stale"] is None
    office.report()
    fresh, stale = "2026-03-12", "2026-03-13"
    office.on(3, 20)
    assert [office.project(as_of=day)["health"]["is_stale"] for day in (fresh, stale)] == [False, True]
    assert [office.whole(as_of=day)["stale_health"] for day in (fresh, stale)] == [0, 1]
    assert office.project()["health"]["declared"] == "on_track", "it stays what was said"


def test_without_a_cadence_nothing_is_due_and_nothing_is_zero(office: Office) -> None:
    office.ada.do(f"/portfolios/{office.portfolio}/set-policy", {"update_cadence_days": None, "rationale": WHY})
    office.report()
    office.on(6, 1)
    assert office.due() is None
    assert office.project()["health"]["is_stale"] is None
    assert (office.whole()["overdue_updates"], office.whole()["stale_health"]) == (None, None)
    assert office.whole(as_of="2026-03-01")["policy"] is None
    assert office.ada.get("/portfolios")["items"][0]["overdue_updates"] is None


def test_a_project_has_a_cadence_of_its_own_for_a_reason(office: Office) -> None:
    office.ada.do(f"/projects/{office.shop}/set-cadence", {"cadence_days": 30, "rationale": WHY})
    assert office.due() == ("2026-04-01", False, 0)
    assert office.project()["last_decision"]["fact"] == "project.cadence_set.v1"
    office.ada.do(f"/projects/{office.shop}/set-cadence", {"cadence_days": None, "rationale": WHY})
    assert office.due() == ("2026-03-12", False, 0)


def test_of_several_portfolios_the_shortest_cadence_asks(office: Office) -> None:
    weekly, silent = office.found("Weekly", 7), office.found("Silent", None)
    for portfolio in (weekly, silent):
        office.ada.do(f"/portfolios/{portfolio}/add-component", {"component": office.shop, "rationale": WHY})
    assert office.due() == ("2026-03-09", False, 0)
    office.on(3, 10)
    counted = {each["name"]: each["overdue_updates"] for each in office.ada.get("/portfolios")["items"]}
    assert counted == {"Digital": 1, "Weekly": 1, "Silent": 1}
    office.ada.do(f"/portfolios/{weekly}/remove-component", {"component": office.shop, "rationale": WHY})
    assert office.due() == ("2026-03-12", False, 0)


@one_database
def test_only_active_components_are_asked(office: Office) -> None:
    body = {"name": "Kiosk", "sponsor": "s", "portfolio": office.portfolio, "rationale": WHY}
    kiosk = office.ada.do("/projects", body)["id"]
    office.on(6, 1)
    complete = {"outcome": "It sells", "lessons": "Begin with payment", "actual_cost": POUNDS, "rationale": WHY}
    office.ada.do(f"/projects/{office.shop}/complete", complete)
    assert office.ada.get(f"/projects/{kiosk}")["status_due"] is None
    assert office.due() is None
    assert office.whole()["overdue_updates"] == 0


@one_database
def test_a_health_that_was_taken_back_leaves_the_due_day_where_the_last_report_put_it(office: Office) -> None:
    office.on(3, 8)
    office.report()
    office.on(3, 9)
    office.report(overall="no_update", text="Nobody knows any more")
    assert office.due() == ("2026-03-18", False, 0)
    assert office.project()["health"]["is_stale"] is None
    office.on(3, 20)
    assert office.due() == ("2026-03-18", True, 2)
    assert asked(office) == [("overdue_update", "2026-03-18")] == agenda(office)


def test_correcting_an_old_update_changes_neither_todays_health_nor_the_due_day(office: Office) -> None:
    old = office.report()
    office.on(3, 5)
    office.report(text="All is still well")
    office.on(3, 9)
    office.report(**TROUBLE, supersedes=old)
    assert (office.project()["health"]["declared"], office.due()) == ("on_track", ("2026-03-15", False, 0))
    assert [each["text"] for each in office.updates()[:1]] == [TROUBLE["text"]]
    assert office.whole()["counts"]["by_health"]["on_track"] == 1
    office.on(3, 16)
    assert asked(office) == [("overdue_update", "2026-03-15")] == agenda(office)


def test_correcting_the_newest_update_changes_the_health_and_not_the_due_day(office: Office) -> None:
    office.on(3, 5)
    wrong = office.report()
    office.on(3, 9)
    office.report(**TROUBLE, supersedes=wrong)
    assert (office.project()["health"]["declared"], office.due()) == ("off_track", ("2026-03-15", False, 0))
    assert office.due(as_of="2026-03-08") == ("2026-03-15", False, 0)
    office.on(3, 16)
    assert asked(office) == [("off_track", "2026-03-05"), ("overdue_update", "2026-03-15")] == agenda(office)


def test_a_project_on_hold_has_no_health_that_counts(office: Office) -> None:
    office.report()
    office.ada.do(
        f"/projects/{office.shop}/pause", {"expected_resume": "unknown", "allocations": "keep", "rationale": WAIT}
    )
    office.on(6, 1)
    assert office.whole()["counts"]["by_health"]["on_track"] == 0
    assert office.ada.get("/projects", health="on_track")["items"] == []
    health = office.project()["health"]
    assert (health["declared"], health["is_stale"]) == ("on_track", None)
    assert len(office.ada.get("/projects", health="on_track", as_of="2026-03-01")["items"]) == 0
    visitor = Visitor(office.world, office.ada)
    assert visitor.sign_in().status_code == 303
    assert "on holdlast reported: on track" in text_of(visitor.page(f"/?portfolio={office.portfolio}"))
    assert "last reported: on track" in text_of(visitor.page(f"/projects/{office.shop}"))


def asked(office: Office) -> list[tuple[str, str]]:
    """What asks for attention, and since when."""
    path = f"/portfolios/{office.portfolio}/attention"
    return [(each["reason"], each["since"]) for each in office.ada.get(path)["items"] if each["reason"] in REASONS]


def agenda(office: Office) -> list[tuple[str, str]]:
    """The same as a review that is opened now freezes it."""
    office.ada.do(f"/portfolios/{office.portfolio}/open-review", {})
    (review,) = office.ada.get(f"/portfolios/{office.portfolio}/reviews")["items"]
    opened = office.ada.get(f"/portfolios/{office.portfolio}/reviews/{review['id']}")["agenda"]
    return [(each["reason"], each["since"]) for each in opened if each["reason"] in REASONS]


@one_database
@pytest.mark.parametrize("wrong", [0, 400, "weekly", 7.5])
def test_a_policy_takes_days(office: Office, wrong: Any) -> None:
    body = {"update_cadence_days": wrong, "rationale": WHY}
    refused = office.ada.attempt(f"/portfolios/{office.portfolio}/set-policy", body)
    pointers = [error["pointer"] for error in refused.json()["errors"]]
    assert (refused.status_code, pointers) == (422, ["/update_cadence_days"])
