"""What roles over a program or a project let people see and decide, and what they do not."""

import random
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.reach import Reach, Thing, seen_from
from domain.identity.words import Place, PlaceKind, Role
from domain.kernel.decide import Commit
from domain.kernel.event import Event, Fact
from domain.kernel.rationale import Rationale
from domain.project.events import MovedToProgram, ProjectDrafted
from domain.project.words import Kind
from store.event_store import EventStore
from tests.conftest import WHY, Api, World

RISK = {"title": "The ground is soft", "owner": "civil works", "due_on": "2027-05-01"}
STATUS = {"overall": "on_track", "text": "The piles are in the ground"}
ONE_DATABASE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


class Harbour:
    """A portfolio with the program Quays, to which Crane and Shed belong, and with Roads beside it."""

    def __init__(self, world: World) -> None:
        self.world, self.ada = world, world.person("ada")
        self.portfolio = self.ada.do("/portfolios", {"name": "Harbour", "currency": "GBP"})["id"]
        self.quays = self.draft("Quays", kind="program")
        self.crane, self.shed = (self.draft(name, parent=self.quays) for name in ("Crane", "Shed"))
        self.roads = self.draft("Roads")

    def draft(self, name: str, **more: Any) -> str:
        """A component of the portfolio."""
        body = {"name": name, "sponsor": "sales", "portfolio": self.portfolio, "rationale": WHY, **more}
        return str(self.ada.do("/projects", body)["id"])

    def move(self, project: str, program: str | None) -> None:
        """Somebody over everything moves it to another program."""
        self.ada.do(f"/projects/{project}/move", {"program": program, "rationale": WHY})

    def risk_by(self, who: Api, project: str) -> int:
        """The status of an attempt to record a risk."""
        return who.attempt(f"/projects/{project}/record-risk", RISK).status_code

    def shown_to(self, who: Api) -> Api:
        """The same person, who waits for everything written so far."""
        who.token = self.ada.token
        return who


@pytest.fixture
def harbour(world: World) -> Harbour:
    return Harbour(world)


@ONE_DATABASE
def test_a_program_manager_decides_on_what_belongs_to_the_program_and_on_nothing_else(harbour: Harbour) -> None:
    paula = harbour.world.person("paula", Role.PROGRAM_MANAGER, program=harbour.quays)
    assert [harbour.risk_by(paula, each) for each in (harbour.quays, harbour.crane, harbour.shed)] == [200] * 3
    assert harbour.risk_by(paula, harbour.roads) == harbour.risk_by(paula, str(uuid4())) == 404
    needs = {"depends_on": harbour.roads, "rationale": WHY}
    refused = paula.attempt(f"/projects/{harbour.crane}/add-dependency", needs)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/depends_on")
    paula.do(f"/projects/{harbour.crane}/add-dependency", {**needs, "depends_on": harbour.shed})
    pause = {"expected_resume": "unknown", "allocations": "keep", "rationale": WHY}
    lacking = paula.attempt(f"/projects/{harbour.crane}/pause", pause)
    assert (lacking.status_code, lacking.json()["roles"]) == (403, ["portfolio_manager"])
    assert paula.attempt(f"/projects/{harbour.roads}/pause", pause).status_code == 404
    assert paula.attempt(f"/portfolios/{harbour.portfolio}/open-review", {}).status_code == 404


@ONE_DATABASE
def test_what_leaves_the_program_is_seen_still_and_decided_upon_no_more(harbour: Harbour) -> None:
    paula = harbour.world.person("paula", Role.PROGRAM_MANAGER, program=harbour.quays)
    harbour.move(harbour.crane, None)
    refused = paula.attempt(f"/projects/{harbour.crane}/record-risk", RISK)
    assert (refused.status_code, "program_manager" in refused.json()["roles"]) == (403, True)
    shown = harbour.shown_to(paula).get(f"/projects/{harbour.crane}")
    assert (shown["name"], shown["allowed_moves"]) == ("Crane", [])
    harbour.move(harbour.crane, harbour.quays)
    assert harbour.risk_by(paula, harbour.crane) == 200


@ONE_DATABASE
def test_a_program_manager_lets_go_of_a_component_but_takes_in_none_from_elsewhere(harbour: Harbour) -> None:
    paula = harbour.world.person("paula", Role.PROGRAM_MANAGER, program=harbour.quays)
    other = harbour.draft("Tunnels", kind="program")
    move = {"program": harbour.quays, "rationale": WHY}
    assert paula.attempt(f"/projects/{harbour.roads}/move", move).status_code == 404
    away = paula.attempt(f"/projects/{harbour.shed}/move", {**move, "program": other})
    assert (away.status_code, away.json()["errors"][0]["pointer"]) == (422, "/program")
    paula.do(f"/projects/{harbour.shed}/move", {**move, "program": None})
    assert harbour.risk_by(paula, harbour.shed) == 403


@ONE_DATABASE
def test_a_program_in_the_program_belongs_to_it_with_all_it_holds(harbour: Harbour) -> None:
    paula = harbour.world.person("paula", Role.PROGRAM_MANAGER, program=harbour.quays)
    dredging = harbour.draft("Dredging", kind="program", parent=harbour.quays)
    basin = harbour.draft("Basin", parent=dredging)
    inner = harbour.world.person("ines", Role.PROGRAM_MANAGER, program=dredging)
    assert [harbour.risk_by(paula, each) for each in (dredging, basin)] == [200, 200]
    assert [harbour.risk_by(inner, each) for each in (dredging, basin, harbour.quays)] == [200, 200, 404]
    harbour.move(dredging, None)
    assert [harbour.risk_by(paula, each) for each in (dredging, basin)] == [403, 403]


@ONE_DATABASE
def test_a_project_manager_of_one_project_reports_on_theirs_alone(harbour: Harbour) -> None:
    max_ = harbour.world.person("max", Role.PROJECT_MANAGER, project=harbour.crane)
    max_.do(f"/projects/{harbour.crane}/status-updates", STATUS)
    for other in (harbour.shed, harbour.quays, harbour.roads):
        assert max_.attempt(f"/projects/{other}/status-updates", STATUS).status_code == 404
    sam = harbour.world.person("sam", Role.SPONSOR, project=harbour.shed)
    lacking = sam.attempt(f"/projects/{harbour.shed}/status-updates", STATUS)
    assert (lacking.status_code, lacking.json()["roles"]) == (403, ["project_manager", "portfolio_manager"])


@ONE_DATABASE
def test_who_leads_in_a_program_proposes_within_it(harbour: Harbour) -> None:
    max_ = harbour.world.person("max", Role.PROJECT_MANAGER, program=harbour.quays)
    body = {"name": "Bollards", "sponsor": "sales", "rationale": WHY}
    assert max_.attempt("/projects", body).status_code == 403
    assert max_.attempt("/projects", {**body, "portfolio": harbour.portfolio}).status_code == 422
    within = max_.do("/projects", {**body, "parent": harbour.quays})["id"]
    max_.do(f"/projects/{within}/status-updates", STATUS)


def test_a_role_over_a_project_shows_the_project_and_who_works_on_it(harbour: Harbour) -> None:
    ada = harbour.ada
    nadia = ada.do("/resources", {"name": "Nadia"})["id"]
    for project in (harbour.crane, harbour.roads):
        share = {"project": project, "share": "0.4", "starts_on": "2026-01-01", "rationale": WHY}
        ada.do(f"/resources/{nadia}/assign", share)
    ada.do("/resources", {"name": "Somebody else"})
    eve = harbour.shown_to(harbour.world.person("eve", Role.AUDITOR, project=harbour.crane))
    assert eve.get("/portfolios")["items"] == eve.get("/analyses")["items"] == []
    (shown,) = eve.get("/projects")["items"]
    assert (shown["name"], shown["portfolios"], shown["rank"]) == ("Crane", [], None)
    (person,) = eve.get("/resources")["items"]
    assert [each["project"] for each in person["assignments"]] == [harbour.crane]
    decided = eve.get("/decisions")["items"]
    assert len(decided) == 3, "joined the program, joined the portfolio, somebody was assigned"
    for told in (decided, eve.get("/audit")["items"], eve.get("/events", after=0)["items"]):
        assert told
        assert all(any(subject["id"] in {harbour.crane, nadia} for subject in each["subjects"]) for each in told)
    for path in (
        f"/portfolios/{harbour.portfolio}",
        f"/portfolios/{harbour.portfolio}/money",
        f"/projects/{harbour.shed}",
        f"/projects/{harbour.quays}",
        f"/projects/{harbour.roads}/why",
    ):
        assert eve.ask(path).status_code == 404, path


def test_a_role_over_a_program_shows_what_ever_belonged_to_it_and_sums_no_more(harbour: Harbour) -> None:
    harbour.move(harbour.shed, None)
    for number, project in enumerate((harbour.quays, harbour.crane, harbour.shed, harbour.roads)):
        line = {"month": "2027-01", "category": "capex", "money": {"amount": f"{10**number}.00", "currency": "GBP"}}
        harbour.ada.do(f"/projects/{project}/set-forecast", {"lines": [line], "rationale": WHY})
    paula = harbour.shown_to(harbour.world.person("paula", Role.PROGRAM_MANAGER, program=harbour.quays))
    assert [each["name"] for each in paula.get("/projects")["items"]] == ["Crane", "Quays", "Shed"]
    rolled = paula.get(f"/projects/{harbour.quays}/money")["rolled_up"]
    assert (rolled["components"], rolled["forecast"]["amount"], rolled["forecast"]["of"]) == (1, "11.00", 2)
    assert paula.get("/portfolios")["items"] == []


def test_a_goal_of_a_portfolio_out_of_scope_tells_what_the_project_adds_and_nothing_of_others(harbour: Harbour) -> None:
    ada = harbour.ada
    goal = ada.do("/goals", {"name": "No queues", "portfolio": harbour.portfolio, "rationale": WHY})["id"]
    ada.do("/goals", {"name": "Clean water", "portfolio": harbour.portfolio, "rationale": WHY})
    for number, (project, weight) in enumerate(((harbour.crane, "0.2"), (harbour.roads, "0.5"))):
        line = {"month": "2027-01", "category": "capex", "money": {"amount": f"{10**number}.00", "currency": "GBP"}}
        ada.do(f"/projects/{project}/set-forecast", {"lines": [line], "rationale": WHY})
        ada.do(f"/goals/{goal}/link", {"project": project, "weight": weight, "rationale": WHY})
        ada.do(f"/goals/{goal}/record-progress", {"project": project, "progress": "0.5"})
    max_ = harbour.shown_to(harbour.world.person("max", Role.PROJECT_MANAGER, project=harbour.crane))
    (shown,) = max_.get("/goals")["items"]
    assert (shown["name"], shown["portfolio"]) == ("No queues", None)
    assert [each["project"] for each in shown["contributions"]] == [harbour.crane]
    assert (shown["progress"]["value"], shown["progress"]["of"], shown["progress"]["weight"]) == ("0.1", 1, "0.2")
    assert (shown["money"]["forecast"]["amount"], shown["money"]["forecast"]["of"]) == ("1.00", 1)
    assert shown["last_decision"] is None, "it was about Roads"
    (why,) = max_.get(f"/goals/{goal}/why")["items"]
    assert (why["fact"], why["data"]["project"]) == ("goal.linked.v1", harbour.crane)
    whole = ada.get(f"/goals/{goal}")
    assert (len(whole["contributions"]), whole["progress"]["value"]) == (2, "0.35")


@ONE_DATABASE
def test_who_leads_a_project_says_how_much_of_its_contribution_is_delivered(harbour: Harbour) -> None:
    ada = harbour.ada
    goal, other = (
        ada.do("/goals", {"name": name, "portfolio": harbour.portfolio, "rationale": WHY})["id"] for name in ("A", "B")
    )
    for project in (harbour.crane, harbour.roads):
        ada.do(f"/goals/{goal}/link", {"project": project, "weight": "0.2", "rationale": WHY})
    max_ = harbour.world.person("max", Role.PROJECT_MANAGER, project=harbour.crane)
    own = {"project": harbour.crane, "progress": "0.5"}
    max_.do(f"/goals/{goal}/record-progress", own)
    refused = [
        max_.attempt(f"/goals/{goal}/record-progress", {**own, "project": harbour.roads}),
        max_.attempt(f"/goals/{goal}/record-progress", {"measure": "Hours", "current": "1"}),
        max_.attempt(f"/goals/{other}/record-progress", own),
    ]
    assert [each.status_code for each in refused] == [403, 403, 404]


@ONE_DATABASE
def test_roles_in_places_are_told_with_their_names_at_any_moment(harbour: Harbour) -> None:
    world = harbour.world
    root, wilma = world.person("root", Role.ADMINISTRATOR), str(world.person("wilma", Role.EXECUTIVE).person)
    before = world.clock.now
    world.clock.now += timedelta(hours=1)
    given = [("program_manager", "program", harbour.quays), ("sponsor", "project", harbour.crane)]
    for role, kind, place in given:
        root.do(f"/people/{wilma}/grant-role", {"role": role, kind: place, "rationale": WHY})
    (told,) = root.get("/access", who=wilma)["items"]
    held = {role["role"]: role for role in told["roles"]}
    manager, sponsor = held["program_manager"], held["sponsor"]
    assert (manager["program"], manager["program_name"], manager["portfolio"]) == (harbour.quays, "Quays", None)
    assert (sponsor["project"], sponsor["project_name"], sponsor["program"]) == (harbour.crane, "Crane", None)
    (told,) = root.get("/access", who=wilma, as_of=before.isoformat())["items"]
    assert [role["role"] for role in told["roles"]] == ["executive"]
    page = world.client.get("/access", headers={"Authorization": f"Bearer {root.key}"})
    assert f'program <a href="/projects/{harbour.quays}">Quays</a>' in page.text
    root.do(f"/people/{wilma}/revoke-role", {"role": "sponsor", "project": harbour.crane, "rationale": WHY})
    (told,) = root.get("/access", who=wilma)["items"]
    assert {role["role"] for role in told["roles"]} == {"executive", "program_manager"}


@ONE_DATABASE
def test_who_administers_or_audits_a_program_sees_and_gives_the_roles_within_it(harbour: Harbour) -> None:
    world, wilma = harbour.world, harbour.world.person("wilma", Role.SPONSOR, project=harbour.roads)
    local = world.person("local", Role.ADMINISTRATOR, program=harbour.quays)
    body = {"role": "sponsor", "rationale": WHY}
    local.do(f"/people/{wilma.person}/grant-role", {**body, "project": harbour.crane})
    local.do(f"/people/{wilma.person}/grant-role", {**body, "program": harbour.quays})
    outside = local.attempt(f"/people/{wilma.person}/grant-role", {**body, "project": harbour.roads})
    assert (outside.status_code, outside.json()["errors"][0]["pointer"]) == (422, "/project")
    assert local.attempt(f"/people/{wilma.person}/grant-role", body).status_code == 403
    eve = world.person("eve", Role.AUDITOR, program=harbour.quays)
    eve.token = local.token
    roles = {each["id"]: each["roles"] for each in eve.get("/access")["items"]}
    assert [role["project"] or role["program"] for role in roles[wilma.person]] == [harbour.quays, harbour.crane]
    assert roles.keys() == {wilma.person, local.person, eve.person}


@ONE_DATABASE
def test_a_role_everywhere_asks_nothing_of_places(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: object) -> None:
        raise AssertionError("a role over the whole organisation needs no place")

    monkeypatch.setattr("api.identity.Reach", asked)
    assert harbour.risk_by(harbour.ada, harbour.crane) == 200


@ONE_DATABASE
def test_what_is_seen_and_decided_agrees_with_an_oracle_whatever_moves(world: World) -> None:
    """The oracle walks up from every component, over the parents it has and over those it ever had."""
    store, chance = world.system.store, random.Random(11)
    programs, projects = [uuid4() for _ in range(5)], [uuid4() for _ in range(6)]
    every = [*programs, *projects]
    parents: dict[UUID, UUID | None] = dict.fromkeys(every)
    ever: dict[UUID, set[UUID]] = {each: set() for each in every}
    for each in every:
        kind = Kind.PROGRAM if each in programs else Kind.PROJECT
        _put(world, each, ProjectDrafted(name="Some text", kind=kind))
    for _ in range(25):
        moved, program = chance.choice(every), chance.choice([None, *programs])
        if program and moved in _above(program, lambda each: {parents[each]}):
            continue
        why = Rationale(code="other", text="It belongs here")
        _put(world, moved, MovedToProgram(from_program=parents[moved], to_program=program, why=why))
        parents[moved] = program
        ever[moved] |= {program} if program else set()
    for program in programs:
        places = [Place(PlaceKind.PROGRAM, program), Place(PlaceKind.PROJECT, projects[0])]
        reach, seen = Reach(store, places), seen_from(store, places)
        for each in every:
            shown = each == projects[0] or program in _above(each, ever.__getitem__)
            assert (reach.ever(Thing("project", each)), each in seen.things) == (shown, shown)
            decides = {places[0]} if program in _above(each, lambda one: {parents[one]}) else set()
            decides |= {places[1]} if each == projects[0] else set()
            assert reach.now(Thing("project", each)) == decides
    assert any(parents[each] for each in programs), "programs lie in programs"
    assert _reached_once(store, programs, every) > 0, "something was left behind"


def _reached_once(store: EventStore, programs: list[UUID], every: list[UUID]) -> int:
    reaches = [Reach(store, [Place(PlaceKind.PROGRAM, program)]) for program in programs]
    things = [Thing("project", each) for each in every]
    return sum(reach.ever(thing) and not reach.now(thing) for reach, thing in product(reaches, things))


def _above(component: UUID, parents: Callable[[UUID], set[Any]]) -> list[UUID]:
    found = [component]
    for each in found:
        found += [parent for parent in parents(each) if parent and parent not in found]
    return found


def _put(world: World, stream: UUID, event: Event) -> None:
    fact, store = Fact(uuid4(), stream, event, world.clock(), None, "given", Role.BOARD, "given"), world.system.store
    store.append(Commit(f"import:given:{fact.event_id}", "", stream, (fact,), {stream: store.version(stream)}))
