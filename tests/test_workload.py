"""How much of people's time is promised, week by week, as people see it; every sum against one by the day."""

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.identity.words import Role
from domain.resources.events import CapacityFact
from domain.resources.words import WEEKDAYS
from projections.staffing import staffing
from tests.conftest import WHY, Api, World

AT_WORK = dict.fromkeys(WEEKDAYS[:5], "1")
MANDATE = {"code": "mandate", "text": "The harbour act leaves no other date"}
SKILL = {"code": "skill_match", "text": "Kim has built such a till before"}


class Town:
    """Two portfolios, a shop and an app in one, a dam in the other; Kim and Lee, who work for them."""

    def __init__(self, world: World, ada: Api) -> None:
        self.world, self.ada = world, ada
        self.digital, self.water = (str(ada.do("/portfolios", {"name": name})["id"]) for name in ("Digital", "Water"))
        self.shop, self.app = (self.begin(name, self.digital) for name in ("Shop", "App"))
        self.dam = self.begin("Dam", self.water)
        self.kim, self.lee = (str(ada.do("/resources", {"name": name})["id"]) for name in ("Kim", "Lee"))

    def begin(self, name: str, portfolio: str) -> str:
        body = {"name": name, "sponsor": "sales", "portfolio": portfolio, "rationale": WHY}
        return str(self.ada.do("/projects", body)["id"])

    def at_work(self, person: str, week: dict[str, str] | None = None, start: str = "2026-01-01", **more: Any) -> Any:
        return self.ada.do(f"/resources/{person}/set-capacity", {"starts_on": start, "week": week or AT_WORK, **more})

    def away(self, person: str, start: str, end: str) -> str:
        body = {"starts_on": start, "ends_on": end, "reason": "vacation"}
        receipt = self.ada.do(f"/resources/{person}/record-absence", body)
        return str(self.ada.get("/events", after=receipt["position"] - 1)["items"][0]["event_id"])

    def assign(self, person: str, project: str, share: str, start: str, end: str | None = None, **more: Any) -> Any:
        body = {"project": project, "share": share, "starts_on": start, "ends_on": end, "rationale": WHY, **more}
        return self.ada.do(f"/resources/{person}/assign", body)

    def ask(self, project: str, share: str, start: str, end: str | None = None, **more: Any) -> str:
        need = {"as_role": "Developer", "share": share, "starts_on": start, "ends_on": end, "rationale": WHY, **more}
        receipt = self.ada.do(f"/projects/{project}/request-resource", need)
        return str(self.ada.get("/events", after=receipt["position"] - 1)["items"][0]["event_id"])

    def workload(self, who: Api | None = None, **params: Any) -> Any:
        return (who or self.ada).get(f"/portfolios/{self.digital}/workload", **params)

    def cell(self, name: str | None, week: str, **params: Any) -> Any:
        """The cell of a person, or of a role."""
        rows = self.workload(**params)["rows"]
        (row,) = [each for each in rows if (each["as_role"] if params.get("by") == "role" else each["name"]) == name]
        (found,) = [cell for cell in row["cells"] if cell["week"] == week]
        return found


@pytest.fixture
def town(world: World, ada: Api) -> Town:
    return Town(world, ada)


def figures(cell: Any) -> tuple[Any, ...]:
    return tuple(cell[name] for name in ("capacity", "promised", "over", "load"))


# --- weeks ------------------------------------------------------------------------------------------


def test_a_week_is_what_its_days_add_up_to(town: Town) -> None:
    town.at_work(town.kim, {**AT_WORK, "friday": "0.5"})
    town.assign(town.kim, town.shop, "0.5", "2026-03-04")
    assert figures(town.cell("Kim", "2026-W10")) == ("4.5", "1.5", "0", "0.3333")
    cell = town.cell("Kim", "2026-W11")
    assert figures(cell) == ("4.5", "2.5", "0", "0.5556")
    (made,) = cell["assignments"]
    assert (made["project"], made["project_name"], made["share"], made["days"]) == (town.shop, "Shop", "0.5", "2.5")
    assert (made["starts_on"], made["ends_on"]) == ("2026-03-04", None)


def test_an_absence_takes_days_away_and_leaves_the_promise(town: Town) -> None:
    town.at_work(town.kim)
    town.assign(town.kim, town.shop, "0.6", "2026-03-02")
    absence = town.away(town.kim, "2026-03-12", "2026-03-17")
    assert figures(town.cell("Kim", "2026-W11")) == ("3", "3", "1.2", "1")
    assert figures(town.cell("Kim", "2026-W12")) == ("3", "3", "1.2", "1")
    town.ada.do(f"/resources/{town.kim}/cancel-absence", {"absence": absence, "rationale": WHY})
    assert figures(town.cell("Kim", "2026-W11")) == ("5", "3", "0", "0.6")


def test_where_nobody_said_how_much_there_is_nobody_can_tell_whether_it_is_too_much(town: Town) -> None:
    town.assign(town.kim, town.shop, "0.6", "2026-03-02")
    cell = town.cell("Kim", "2026-W11")
    assert (figures(cell), cell["of"], cell["missing"]) == ((None, "4.2", None, None), 1, 1)
    town.assign(town.kim, town.app, "0.6", "2026-03-16", override=MANDATE)
    assert figures(town.cell("Kim", "2026-W12")) == (None, "8.4", None, None)


def test_weeks_are_those_of_the_iso_calendar_across_years(town: Town) -> None:
    town.at_work(town.kim, days_off=["2026-12-25", "2027-01-01"])
    town.assign(town.kim, town.shop, "0.5", "2026-12-30", "2027-01-05")
    shown = town.workload(**{"from": "2026-12-24", "to": "2027-01-04"})
    assert [week["week"] for week in shown["weeks"]] == ["2026-W52", "2026-W53", "2027-W01"]
    assert [week["starts_on"] for week in shown["weeks"]] == ["2026-12-21", "2026-12-28", "2027-01-04"]
    assert (shown["from"], shown["to"]) == ("2026-12-21", "2027-01-10")
    assert [figures(cell)[:2] for cell in shown["rows"][0]["cells"]] == [("4", "0"), ("4", "1"), ("5", "1")]


def test_a_week_belongs_to_the_year_of_its_thursday(town: Town) -> None:
    shown = town.workload(**{"from": "2024-12-27", "to": "2025-01-01"})
    assert [week["week"] for week in shown["weeks"]] == ["2024-W52", "2025-W01"]


def test_twelve_weeks_are_shown_if_nobody_says_which(town: Town) -> None:
    assert [week["week"] for week in town.workload()["weeks"]] == [f"2026-W{week}" for week in range(10, 22)]
    assert town.workload(**{"from": "2026-06-03"})["to"] == "2026-08-23"
    assert town.workload(to="2026-02-01")["from"] == "2025-11-10"


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"from": "1.3.2026"}, "query:from"),
        ({"from": "2026-02-30"}, "query:from"),
        ({"to": "9999-12-31"}, "query:to"),
        ({"from": "2026-03-09", "to": "2026-03-01"}, "query:to"),
        ({"from": "2026-03-09", "to": "2029-03-01"}, "query:to"),
        ({"by": "team"}, "query:by"),
    ],
)
def test_weeks_that_cannot_be_are_refused_by_their_parameter(town: Town, params: dict[str, str], pointer: str) -> None:
    refused = town.ada.ask(f"/portfolios/{town.digital}/workload", **params)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


def test_a_portfolio_that_is_not_there_has_no_people(town: Town) -> None:
    assert town.ada.ask(f"/portfolios/{town.shop}/workload").status_code == 404
    before = town.workload(as_of="2020-01-01")
    assert (before["name"], before["rows"], before["from"]) == (None, [], "2019-12-30")
    assert before["first_fact_at"].startswith("2026-03-02")


def test_whoever_works_for_the_portfolio_is_shown_with_all_their_time(world: World, town: Town) -> None:
    town.at_work(town.kim)
    town.assign(town.kim, town.shop, "0.4", "2026-03-02", "2026-03-08")
    town.assign(town.kim, town.dam, "0.5", "2026-03-02", as_role="Diver")
    town.assign(town.lee, town.dam, "0.5", "2026-03-02")
    shown = town.workload()["rows"]
    assert [row["name"] for row in shown] == ["Kim"]
    assert [cell["promised"] for cell in shown[0]["cells"][:2]] == ["4.5", "2.5"]
    assert [row["name"] for row in town.workload(people="all")["rows"]] == ["Kim", "Lee"]
    assert town.workload(**{"from": "2026-03-09"})["rows"] == []
    insider = world.person("ian", Role.TEAM_MEMBER, portfolio=UUID(town.digital))
    made = town.workload(insider)["rows"][0]["cells"][0]["assignments"]
    assert sorted((each["project_name"] or "", each["days"]) for each in made) == [("", "2.5"), ("Shop", "2")]
    assert town.dam not in str(made)
    assert "Diver" not in str(made)
    assert [row["name"] for row in town.workload(insider, people="all")["rows"]] == ["Kim"]


def test_the_past_shows_what_was_promised_then(world: World, town: Town) -> None:
    town.at_work(town.kim)
    receipt = town.assign(town.kim, town.shop, "0.4", "2026-03-02")
    world.clock.now += timedelta(days=7)
    town.at_work(town.kim, {"monday": "1"})
    town.ada.do(f"/resources/{town.kim}/release", {"project": town.shop, "from_day": "2026-03-16", "rationale": WHY})
    assert figures(town.cell("Kim", "2026-W11"))[:2] == ("1", "0.4")
    then = town.workload(at=receipt["position"])["rows"][0]["cells"]
    assert [figures(cell)[:2] for cell in then[:3]] == [("5", "2")] * 3
    assert figures(town.cell("Kim", "2026-W12", as_of="2026-03-05"))[:2] == ("5", "2")
    assert figures(town.cell("Kim", "2026-W12", known_at="2026-03-05"))[:2] == ("5", "2")
    assert [row["name"] for row in town.workload(**{"from": "2026-03-16"})["rows"]] == []


def test_a_workload_says_which_facts_it_misses(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_: object) -> Any:
        raise ValueError("no release reads this")

    town.assign(town.kim, town.shop, "0.4", "2026-03-02")
    town.workload()
    monkeypatch.setitem(staffing._handlers, CapacityFact, unreadable)
    missed = town.at_work(town.kim)["position"]
    town.at_work(town.lee)
    assert [fact["position"] for fact in town.workload()["incomplete"]] == [missed]


# --- roles ------------------------------------------------------------------------------------------


def test_a_role_shows_what_is_missing_for_what_is_asked(town: Town) -> None:
    for person in (town.kim, town.lee):
        town.ada.do(f"/resources/{person}/set-role", {"as_role": "Developer"})
        town.at_work(person)
    town.assign(town.kim, town.shop, "0.9", "2026-03-02")
    town.assign(town.lee, town.app, "0.5", "2026-03-02", as_role="Tester")
    request = town.ask(town.shop, "0.8", "2026-03-11", "2026-03-31")
    cell = town.cell("Developer", "2026-W11", by="role")
    assert (figures(cell), cell["of"], cell["missing"]) == (("10", "4.5", "0", "0.45"), 2, 0)
    assert (cell["requested"], cell["gap"]) == ("2.4", "0")
    town.ask(town.app, "1", "2026-03-16", "2026-03-20")
    assert [town.cell("Developer", "2026-W12", by="role")[name] for name in ("requested", "gap")] == ["9", "3.5"]
    tester = town.cell("Tester", "2026-W11", by="role")
    assert (figures(tester), tester["of"]) == ((None, "2.5", None, None), 0)
    town.ada.do(f"/projects/{town.shop}/decline-request", {"request": request, "rationale": WHY})
    assert town.cell("Developer", "2026-W12", by="role")["gap"] == "0"


def test_a_role_says_of_how_many_nobody_knows_their_time(town: Town) -> None:
    for person in (town.kim, town.lee):
        town.ada.do(f"/resources/{person}/set-role", {"as_role": "Developer"})
        town.assign(person, town.shop, "0.5", "2026-03-02")
    town.at_work(town.lee)
    cell = town.cell("Developer", "2026-W11", by="role")
    assert (figures(cell), cell["of"], cell["missing"]) == (("5", "6", None, None), 2, 1)


# --- every sum by the day -----------------------------------------------------------------------------


class Diary:
    """Every person's every day, kept by what was answered with 200."""

    def __init__(self) -> None:
        self.share: dict[tuple[str, str, date], Decimal] = defaultdict(Decimal)
        self.there: dict[tuple[str, date], Decimal] = {}
        self.free: set[tuple[str, date]] = set()

    def cell(self, person: str, projects: list[str], monday: date) -> tuple[str | None, str, str | None]:
        days = [monday + timedelta(days=number) for number in range(7)]
        asked = [day for day in days if (person, day) not in self.free]
        sums = {day: sum((self.share[person, each, day] for each in projects), Decimal(0)) for day in asked}
        over = sum(
            (max(Decimal(0), sums[day] - self.there.get((person, day), Decimal(1))) for day in asked), Decimal(0)
        )
        known = [self.there.get((person, day), None) for day in days]
        capacity = None if None in known else sum(filter(None, known), Decimal(0))
        told = over if capacity is not None else None
        return _text(capacity), _text(sum(sums.values(), Decimal(0))) or "", _text(told)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(4))
def test_every_cell_is_the_sum_of_its_days(town: Town, seed: int) -> None:
    chance, diary = random.Random(seed), Diary()
    first = date(2026, 11, 30)
    horizon = [first + timedelta(days=number) for number in range(7 * 9)]
    people, projects = [town.kim, town.lee], [town.shop, town.app, town.dam]
    for _ in range(40):
        person, start = chance.choice(people), chance.choice(horizon)
        end = chance.choice([None, *horizon[horizon.index(start) :]])
        days = [day for day in horizon if start <= day and (end is None or day <= end)]
        _happen(town, chance, diary, person, projects, start, end, days)
    shown = town.workload(people="all", **{"from": first.isoformat(), "to": horizon[-1].isoformat()})
    assert len(shown["weeks"]) == 9
    for row in shown["rows"]:
        for place, cell in enumerate(row["cells"]):
            expected = diary.cell(row["resource"], projects, first + timedelta(weeks=place))
            assert figures(cell)[:3] == expected, (row["name"], cell["week"])
            assert sum((Decimal(each["days"]) for each in cell["assignments"]), Decimal(0)) == Decimal(cell["promised"])
    roles = town.workload(people="all", by="role", **{"from": first.isoformat(), "to": horizon[-1].isoformat()})
    for place in range(9):
        by_person, by_role = (
            sum((Decimal(row["cells"][place]["promised"]) for row in each["rows"]), Decimal(0))
            for each in (shown, roles)
        )
        assert by_person == by_role


def _happen(
    town: Town, chance: random.Random, diary: Diary, person: str, projects: list[str], start: date, end: date | None,
    days: list[date],
) -> None:  # fmt: skip
    one, other = chance.sample(projects, 2)
    share, span = (
        Decimal(chance.choice(["0.2", "0.5"])),
        {"starts_on": start.isoformat(), "ends_on": end and end.isoformat()},
    )
    match chance.choice(["capacity", "absence", "assign", "assign", "reassign", "release"]):
        case "capacity":
            week = {weekday: chance.choice(["1", "0.5", "0"]) for weekday in WEEKDAYS[:6]} | {"monday": "1"}
            town.ada.do(f"/resources/{person}/set-capacity", {"week": week, **span})
            for day in days:
                worked = Decimal(week.get(WEEKDAYS[day.weekday()], "0"))
                diary.there[person, day] = worked
                (diary.free.discard if worked else diary.free.add)((person, day))
        case "assign":
            body = {
                "project": one,
                "share": f"{share}",
                "rationale": WHY,
                "as_role": chance.choice(["dev", None]),
                **span,
            }
            if town.ada.attempt(f"/resources/{person}/assign", body).status_code == 409:
                town.ada.do(f"/resources/{person}/assign", {**body, "override": MANDATE})
            for day in days:
                diary.share[person, one, day] += share
        case "reassign" if all(diary.share[person, one, day] >= share for day in days) and end:
            move = {"from_project": one, "to_project": other, "share": f"{share}", "rationale": SKILL}
            town.ada.do(f"/resources/{person}/reassign", {**move, **span})
            for day in days:
                diary.share[person, one, day] -= share
                diary.share[person, other, day] += share
        case "release":
            body = {"project": one, "from_day": start.isoformat(), "rationale": WHY}
            town.ada.attempt(f"/resources/{person}/release", body)
            for project, day in [(project, day) for _, project, day in diary.share if project == one and day >= start]:
                diary.share[person, project, day] = Decimal(0)


# --- what it leads to -----------------------------------------------------------------------------------


def test_over_allocated_is_measured_against_what_there_is(town: Town) -> None:
    def over() -> int:
        return int(town.ada.get(f"/portfolios/{town.digital}")["over_allocated"])

    town.assign(town.kim, town.shop, "0.6", "2026-03-02", "2026-06-30")
    assert over() == 0
    town.at_work(town.kim)
    assert over() == 0
    town.away(town.kim, "2026-07-01", "2026-07-02")
    assert over() == 0
    town.away(town.kim, "2026-05-04", "2026-05-05")
    assert over() == 1
    town.world.clock.now += timedelta(days=90)
    again = Api(town.world.client, town.ada.key, town.ada.person)
    assert again.get(f"/portfolios/{town.digital}")["over_allocated"] == 0


def test_an_assignment_that_is_too_much_is_refused_with_its_days(town: Town) -> None:
    town.at_work(town.kim)
    town.away(town.kim, "2026-03-12", "2026-03-17")
    body = {"project": town.shop, "share": "0.5", "starts_on": "2026-03-02", "rationale": WHY}
    refused = town.ada.attempt(f"/resources/{town.kim}/assign", body)
    assert refused.status_code == 409
    assert "50 % from 2026-03-12 to 2026-03-17, where at most 0 % is possible" in refused.json()["detail"]
    over = [{"starts_on": "2026-03-12", "ends_on": "2026-03-17", "promised": "0.5", "capacity": "0"}]
    assert refused.json()["over"] == over
    wrong = town.ada.attempt(f"/resources/{town.kim}/assign", {**body, "override": {**MANDATE, "code": "other"}})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/override/code")
    town.ada.do(f"/resources/{town.kim}/assign", {**body, "override": MANDATE})
    (shown,) = town.ada.get(f"/resources/{town.kim}")["overrides"]
    assert (shown["name"], shown["code"], shown["text"], shown["over"]) == ("Shop", *MANDATE.values(), over)
    (decided,) = town.ada.get(f"/projects/{town.shop}/why")["items"][-1:]
    assert (decided["data"]["override"], decided["data"]["over"]) == (MANDATE, over)


def test_a_person_shows_calendar_absences_skills_and_role(town: Town) -> None:
    bare = town.ada.get(f"/resources/{town.kim}")
    assert {name: bare[name] for name in ("capacity", "calendars", "absences", "skills", "as_role")} == {
        "capacity": None, "calendars": [], "absences": [], "skills": [], "as_role": None,
    }  # fmt: skip
    town.at_work(town.kim, {"monday": "0.5"}, days_off=["2026-04-06"])
    absence = town.away(town.kim, "2026-04-07", "2026-04-13")
    town.ada.do(f"/resources/{town.kim}/set-skills", {"skills": [{"skill": "Go", "level": 3}]})
    town.ada.do(f"/resources/{town.kim}/set-role", {"as_role": "Developer"})
    shown = town.ada.get(f"/resources/{town.kim}")
    assert (shown["capacity"], shown["as_role"], shown["skills"]) == ("0.5", "Developer", [{"skill": "Go", "level": 3}])
    assert shown["calendars"][0]["days_off"] == ["2026-04-06"]
    assert [(each["id"], each["days"]) for each in shown["absences"]] == [(absence, ["2026-04-13"])]
    divers = town.ada.do("/resources", {"name": "Divers", "kind": "team"})["id"]
    town.ada.do(f"/resources/{divers}/set-members", {"members": [town.kim]})
    assert town.ada.get(f"/resources/{divers}")["members"] == [{"id": town.kim, "kind": "resource", "name": "Kim"}]
    told = town.ada.get("/audit", subject=town.kim, fact="skills_set")["items"][0]["changes"]
    assert [(each["aspect"], each["from"]) for each in told] == [("skills", None)]


def test_requests_are_listed_with_what_became_of_them(world: World, town: Town) -> None:
    manager = world.person("pia", Role.PROJECT_MANAGER)
    need = {"as_role": "Developer", "skill": "Go", "share": "0.5", "starts_on": "2026-05-01", "rationale": WHY}
    receipt = manager.do(f"/projects/{town.shop}/request-resource", need)
    filled = town.ada.get("/events", after=receipt["position"] - 1)["items"][0]["event_id"]
    still_open, gone = town.ask(town.app, "0.2", "2026-04-01"), town.ask(town.dam, "0.2", "2026-06-01")
    town.assign(town.kim, town.shop, "0.4", "2026-05-04", request=filled)
    town.ada.do(
        f"/projects/{town.dam}/withdraw", {"rationale": {"code": "other", "text": "The river was moved instead"}}
    )
    shown = town.ada.get("/requests")["items"]
    assert [(each["id"], each["status"]) for each in shown] == [
        (still_open, "open"), (filled, "filled"), (gone, "lapsed"),
    ]  # fmt: skip
    assert (shown[1]["by_name"], shown[1]["text"], shown[1]["name"]) == ("pia", WHY["text"], "Shop")
    answer = shown[1]["answer"]
    assert [answer[name] for name in ("resource", "name", "share", "starts_on", "ends_on", "by_name")] == [
        town.kim, "Kim", "0.4", "2026-05-04", None, "ada",
    ]  # fmt: skip
    assert [each["id"] for each in town.ada.get("/requests", status="open")["items"]] == [still_open]
    assert [each["id"] for each in town.ada.get("/requests", portfolio=town.water)["items"]] == [gone]
    assert [each["id"] for each in town.ada.get("/requests", project=town.shop)["items"]] == [filled]
    insider = world.person("ian", Role.TEAM_MEMBER, portfolio=UUID(town.water))
    insider.token = town.ada.token
    assert [each["id"] for each in insider.get("/requests")["items"]] == [gone]
    refused = insider.attempt(f"/projects/{town.dam}/request-resource", need)
    assert (refused.status_code, refused.json()["roles"]) == (
        403, ["project_manager", "program_manager", "portfolio_manager"],
    )  # fmt: skip


def test_every_move_of_somebody_is_told_by_each_project_it_concerns(town: Town) -> None:
    town.assign(town.kim, town.shop, "0.5", "2026-03-02")
    move = {"from_project": town.shop, "to_project": town.app, "share": "0.2", "starts_on": "2026-03-09"}
    town.ada.do(f"/resources/{town.kim}/reassign", {**move, "rationale": SKILL})
    release = {"project": town.shop, "from_day": "2026-04-01", "rationale": WHY}
    town.ada.do(f"/resources/{town.kim}/release", release)
    leave = {"code": "departure", "text": "Kim goes to the county in May"}
    town.ada.do(f"/resources/{town.kim}/depart", {"last_day": "2026-04-30", "rationale": leave})

    def told(project: str) -> list[tuple[str, str]]:
        items = town.ada.get(f"/projects/{project}/why")["items"]
        return [(each["fact"], each["text"]) for each in items if each["fact"].startswith("resource.")]

    moved, left = ("resource.reassigned.v1", SKILL["text"]), ("resource.departed.v1", leave["text"])
    assert told(town.shop) == [
        ("resource.assigned.v1", WHY["text"]), moved, ("resource.released.v1", WHY["text"]),
    ]  # fmt: skip
    assert told(town.app) == [moved, left, ("resource.released.v1", leave["text"])]
    assert town.ada.get(f"/resources/{town.kim}", after=town.ada.token)["assignments"][-1]["ends_on"] == "2026-04-30"
