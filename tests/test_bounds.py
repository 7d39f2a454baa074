"""The past is what a fresh system would say that was fed only the facts within the bounds.

The oracle is a second system: same facts, same instants, its clock at the bound, nothing else in it.
"""

import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from starlette.testclient import TestClient

from api.identity import Caller, caller_of
from domain.facts import project as p
from domain.identity.words import Place, PlaceKind, Role
from domain.kernel.decide import Commit
from domain.kernel.event import Event, Fact, Recorded
from domain.kernel.rationale import Rationale
from domain.portfolio.review_events import ReviewOpened
from projections import dated, journal, score_board
from store.tables import people
from tests.conftest import Api, Clock, World, application
from whyfolio.settings import Settings
from whyfolio.wiring import System, open_system

LEFT_OUT = {"position", "at", "version", "inputs_position", "next_cursor", "next_after"}
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MOMENTS = {"from": "2026-02-10", "to": "2026-05-01T12:00:00Z"}


class History:
    """A year that was recorded partly late, in a running system."""

    def __init__(
        self, world: World, key: str, facts: list[Recorded], ids: dict[str, list[str]], insider: str = ""
    ) -> None:
        self.world = world
        self.key = key
        self.insider = insider
        self.facts = facts
        self.ids = ids


@pytest.fixture(scope="module")
def history(prepared_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    clock = Clock(START)
    file = shutil.copy(prepared_file, tmp_path_factory.mktemp("full"))
    system = open_system(Settings(database_url=f"sqlite:///{file}", _env_file=None), clock=clock)
    with application(system.context) as app, TestClient(app) as client:
        world = World(system, client, clock)
        key = world.person("auditor").key
        ids = live_through(world)
        insider = world.person("insider", portfolio=UUID(ids["portfolio"][1])).key
        record_late(world, ids["project"])
        system.projector.catch_up()
        yield History(world, key, system.store.read(0, 10_000), ids, insider)
    system.close()


def live_through(world: World) -> dict[str, list[str]]:
    """Commands on two portfolios, five projects, three people and three goals over half a year."""
    chance = random.Random(7)
    ada, bob = world.person("ada"), world.person("bob")
    if not world.system.settings.kafka_servers:
        world.system.projector.start()
    portfolios = [ada.do("/portfolios", {"name": n, "currency": "GBP"})["id"] for n in ("Harbour", "Roads")]
    projects = []
    for index in range(5):
        body = {"name": f"Project {index}", "key": f"P-{index}", "sponsor": "sales", "owner": f"owner-{index % 2}"}
        projects.append(ada.do("/projects", body)["id"])
        for portfolio in portfolios[: 1 + index % 2]:
            ada.do(f"/portfolios/{portfolio}/add-component", {"component": projects[-1], "rationale": _why(chance)})
        world.clock.now += timedelta(days=3, hours=index)
    people_ids = [ada.do("/resources", {"name": f"Person {n}"})["id"] for n in range(2)]
    people_ids.append(ada.do("/resources", {"name": "Web team", "kind": "team"})["id"])
    for project in projects[:4]:
        _bring_to_life(world, chance, ada, bob, project)
    other = random.Random(13)
    aims = [("No queues", portfolios[0]), ("Clean water", portfolios[1]), ("Sound walls", portfolios[0])]
    goals = [ada.do("/goals", {"name": n, "portfolio": held, "rationale": _why(other)})["id"] for n, held in aims]
    for _ in range(90):
        world.clock.now += timedelta(days=chance.randrange(3), minutes=chance.randrange(600))
        who = chance.choice([ada, bob])
        path, body = _anything(chance, portfolios, projects, people_ids)
        if chance.random() < 0.3:
            body["occurred_at"] = (world.clock.now - timedelta(hours=chance.randrange(72))).isoformat()
        who.attempt(path, body)
        path, body = _anything_about_goals(other, goals, projects)
        if other.random() < 0.3:
            body["occurred_at"] = (world.clock.now - timedelta(hours=other.randrange(72))).isoformat()
        ada.attempt(path, body)
    _plan_time(world, ada, projects, people_ids)
    _spend(world, ada, bob, portfolios, projects)
    _foresee(world, ada, projects)
    _argue_and_rebaseline(world, ada, portfolios, projects)
    reviews = _report(world, ada, portfolios, projects)
    analyses = [_analysed(world, ada, portfolio) for portfolio in portfolios]
    scenarios = _thought_about(world, ada, portfolios[0])
    return {
        "project": projects,
        "portfolio": portfolios,
        "resource": people_ids,
        "goal": goals,
        "review": reviews,
        "analysis": analyses,
        "scenario": scenarios,
    }


def _plan_time(world: World, ada: Api, projects: list[str], people_ids: list[str]) -> None:
    """Calendars, absences that are cancelled again, requests that are filled, declined and forgotten."""
    chance = random.Random(3)
    kept = {"absence": [(people_ids[0], str(uuid4()))], "request": [(projects[0], str(uuid4()))]}
    because = {"code": "judgement", "text": "It has to be done all the same"}
    for _ in range(50):
        world.clock.now += timedelta(hours=chance.randrange(30))
        why = {"rationale": _why(chance)}
        project, person = chance.choice(projects), chance.choice(people_ids)
        day = f"2026-0{chance.randrange(3, 8)}-{chance.randrange(1, 28):02}"
        (absent, absence), (asking, request) = kept["absence"][-1], kept["request"][-1]
        away = {"starts_on": day, "ends_on": day, "reason": "leave"}
        need = {"as_role": "dev", "share": "0.2", "starts_on": day, **why}
        week = {weekday: chance.choice(["1", "0.5"]) for weekday in ("monday", "tuesday", "friday")}
        promise = {
            "project": project,
            "share": "0.3",
            "starts_on": day,
            "as_role": chance.choice(["dev", "ops"]),
            **why,
        }
        asked = {**promise, "project": asking, "request": request, "override": because}
        kind, owner, path, body = chance.choice(
            [
                ("", "", f"/resources/{person}/set-capacity", {"starts_on": day, "week": week}),
                ("absence", person, f"/resources/{person}/record-absence", away),
                ("", "", f"/resources/{absent}/cancel-absence", {"absence": absence, **why}),
                ("", "", f"/resources/{person}/set-role", {"as_role": chance.choice(["dev", "ops"])}),
                ("", "", f"/resources/{person}/set-skills", {"skills": [{"skill": chance.choice(["Go", "C"])}]}),
                ("", "", f"/resources/{people_ids[2]}/set-members", {"members": people_ids[: chance.randrange(3)]}),
                ("request", project, f"/projects/{project}/request-resource", need),
                ("", "", f"/projects/{asking}/decline-request", {"request": request, **why}),
                ("", "", f"/resources/{person}/assign", promise),
                ("", "", f"/resources/{person}/assign", {**promise, "override": because}),
                ("", "", f"/resources/{person}/assign", asked),
            ]
        )
        answered = ada.attempt(path, body)
        if kind and answered.status_code == 200:
            fact = ada.get("/events", after=answered.json()["position"] - 1, limit=1)["items"][0]
            kept[kind].append((owner, fact["event_id"]))


def _analysed(world: World, ada: Api, portfolio: str) -> str:
    """A choice that a portfolio thought about, an hour before it was written down."""
    choice = {"kind": "choice", "name": "Build?", "options": [{"name": "yes"}, {"name": "no"}]}
    body = {"kind": "decision_tree", "portfolio": portfolio, "title": "Build or not", "inputs": {"root": choice}}
    world.clock.now += timedelta(hours=2)
    occurred_at = (world.clock.now - timedelta(hours=1)).isoformat()
    return str(ada.do("/analyses", {**body, "occurred_at": occurred_at})["id"])


def _thought_about(world: World, ada: Api, portfolio: str) -> list[str]:
    """Two scenarios that are edited, forced and solved, each change an hour before it was written down."""
    chance, made = random.Random(13), list[str]()
    held = [each["id"] for each in ada.get("/projects", portfolio=portfolio)["items"]]
    cost = {"category": "capex", "money": {"amount": "90.00", "currency": "GBP"}}

    def adjusted() -> dict[str, Any]:
        return {"adjustments": [{"project": each, "value": chance.randrange(9), "costs": [cost]} for each in held]}

    for turn in range(2):
        world.clock.now += timedelta(hours=5)
        about = {"portfolio": portfolio, "name": f"Choice {turn}", "value": {"basis": "npv"}}
        made.append(str(ada.do("/scenarios", {**about, **adjusted()})["id"]))
    for _ in range(24):
        world.clock.now += timedelta(hours=chance.randrange(1, 30))
        occurred_at = (world.clock.now - timedelta(hours=1)).isoformat()
        ruled = {"project": chance.choice(held), "rationale": _why(chance)}
        verb, body = chance.choice(
            [
                ("edit", adjusted()),
                ("edit", {"name": f"Renamed {chance.randrange(9)}"}),
                ("force-in", ruled),
                ("force-out", ruled),
                ("unforce", ruled),
                ("solve", {}),
                ("solve", {}),
            ]
        )
        ada.attempt(f"/scenarios/{chance.choice(made)}/{verb}", {**body, "occurred_at": occurred_at})
    return made


def _spend(world: World, ada: Api, bob: Api, portfolios: list[str], projects: list[str]) -> None:
    """Months of plan and actual in two currencies, a program, a threshold, and changes that needed two people."""
    chance, why = random.Random(5), {"rationale": {"code": "estimate", "text": "Another quotation has come in"}}
    program = ada.do("/projects", {"name": "Program", "sponsor": "s", "kind": "program"})["id"]
    ada.do(f"/portfolios/{portfolios[1]}/add-component", {"component": program, **why})
    lines = [{"year": 2026, "category": "capex", "money": {"amount": "900.00", "currency": "GBP"}}]
    ada.do(f"/portfolios/{portfolios[0]}/set-budget", {"lines": lines, **why})
    for portfolio in portfolios:
        limit = {"amount": "400.00", "currency": "GBP"}
        rules = {"wip_limits": {"active": 9}, "guardrails": [{"category": "capex", "at_most": "0.5"}]}
        ada.do(f"/portfolios/{portfolio}/set-policy", {"money_threshold": limit, **rules, **why})
    for turn in range(30):
        world.clock.now += timedelta(hours=chance.randrange(60))
        project, portfolio = chance.choice(projects), chance.choice(portfolios)
        money = {"amount": f"{chance.randrange(900)}.25", "currency": chance.choice(["GBP", "USD"])}
        line = {
            "month": f"2026-0{chance.randrange(1, 4)}",
            "category": chance.choice(["capex", "opex"]),
            "money": money,
        }
        rate = {"currency": "USD", "rate": f"0.{chance.randrange(1, 99)}", "valid_from": "2026-02-01"}
        verb, body = chance.choice(
            [
                ("set-forecast", {"lines": [line]}),
                ("record-actuals", {"lines": [line]}),
                ("record-commitments", {"lines": [line]}),
                ("move", {"program": chance.choice([program, None])}),
            ]
        )
        answered = ada.attempt(f"/projects/{project}/{verb}", {**body, **why})
        if answered.status_code == 200:
            ada.token = answered.json()["token"]
        if turn % 6 == 2:
            bob.attempt(f"/portfolios/{portfolio}/set-rate", {**rate, "published_by": "Bank", **why})
            limit = {"amount": f"{turn * 20}.00", "currency": "GBP"}
            bob.attempt(f"/portfolios/{portfolio}/set-policy", {"money_threshold": limit, **why})
        proposals = ada.get(f"/projects/{project}/money")["proposals"]
        if proposals:
            decided = {"proposal": proposals[-1]["id"], **why}
            bob.attempt(f"/projects/{project}/{chance.choice(['approve', 'withdraw'])}-forecast", decided)
    projects.append(program)


def _foresee(world: World, ada: Api, projects: list[str]) -> None:
    """Risks, milestones, dependencies and benefits of all of them, not all assessed, reached or reviewed."""
    chance, needs = random.Random(23), list[tuple[str, Any]]()
    for _ in range(110):
        world.clock.now += timedelta(hours=chance.randrange(30))
        project, (verb, body) = chance.choice(projects), _anything_foreseen(chance, chance.choice(projects))
        if verb == "remove-dependency" and needs:
            project, body["depends_on"] = needs.pop()
        if chance.random() < 0.3:
            body["occurred_at"] = (world.clock.now - timedelta(hours=chance.randrange(72))).isoformat()
        answered = ada.attempt(f"/projects/{project}/{verb}", body)
        if verb == "add-dependency" and answered.status_code == 200:
            needs.append((project, body["depends_on"]))


def _anything_foreseen(chance: random.Random, other: str) -> Any:
    """Some command about what lies ahead; whether it is legal now is not its business."""
    why, number, level = {"rationale": _why(chance)}, chance.randrange(1, 4), chance.choice([None, 1, 3, 5])
    said = {"title": f"Risk {number}", "owner": "pilot", "due_on": f"2026-0{chance.randrange(3, 9)}-01"}
    dates = {"due_on": f"2026-0{chance.randrange(4, 8)}-10", "forecast_on": f"2026-0{chance.randrange(4, 9)}-20"}
    benefit, due = {"benefit": chance.choice(["Speed", "Quiet"])}, f"2026-0{chance.randrange(4, 9)}-01"
    plan = {"owner": "sales", "measure": "Time", "unit": chance.choice("hm"), "target": "9", "due_on": due}
    return chance.choice(
        [
            ("record-risk", {**said, "probability": level, "impact": chance.choice([None, 2, 4])}),
            ("revise-risk", {"risk": number, "impact": level, **why}),
            ("close-risk", {"risk": number, **why}),
            ("record-issue", {**said, "risk": chance.choice([None, number]), **why}),
            ("revise-issue", {"issue": number, "impact": level}),
            ("close-issue", {"issue": number, **why}),
            ("set-milestone", {"name": chance.choice(["Opening", "Start"]), **dates, **why}),
            ("set-milestone", {"name": chance.choice(["Opening", "Start"]), "reached_on": "2026-03-30"}),
            ("drop-milestone", {"name": "Start", **why}),
            ("add-dependency", {"depends_on": other, **why}),
            ("remove-dependency", {"depends_on": other, **why}),
            ("plan-benefit", {**benefit, **plan, **why}),
            ("record-benefit", {**benefit, "actual": f"{number}.5", "on": f"2026-03-0{number}", **why}),
            ("review-benefit", {**benefit, "actual": f"{number}", "on": f"2026-04-0{number}", "text": "So it is"}),
        ]
    )


def _argue_and_rebaseline(world: World, ada: Api, portfolios: list[str], projects: list[str]) -> None:
    """Versions of a business case, one sent back and handed in again, and baselines that move."""
    chance = random.Random(3)
    idea = ada.do("/projects", {"name": "Idea", "sponsor": "s"})["id"]
    ada.do(f"/portfolios/{portfolios[1]}/add-component", {"component": idea, "rationale": _why(chance)})
    money = {"amount": "90.00", "currency": "GBP"}
    case = {"expected_benefit": "b", "cost_low": money, "cost_high": money}
    for verb, body in [
        ("set-business-case", {"problem": "Queues"}),
        ("set-business-case", {"options": ["Build", "Wait"], "chosen_option": "Wait", "risks": ["Rain"]}),
        ("set-business-case", {"assumptions": ["It rains"], "chosen_option": "Build", "rationale": _why(chance)}),
        ("submit", case),
        ("evaluate", {}),
        ("recycle", {"to_fix": "The cost", "rationale": _why(chance)}),
        ("set-business-case", {"problem": None, "risks": None}),
        ("submit", case),
        ("set-business-case", {"problem": "Longer queues", "risks": ["Snow"]}),
        ("submit", {**case, "problem": "Queues again"}),
    ]:
        world.clock.now += timedelta(hours=chance.randrange(40))
        ada.attempt(f"/projects/{idea}/{verb}", body)
    for turn in range(24):
        world.clock.now += timedelta(hours=chance.randrange(40))
        project, day = chance.choice(projects), f"2027-0{chance.randrange(1, 7)}-15"
        cost = {"amount": f"{chance.randrange(1, 900)}.25", "currency": chance.choice(["GBP", "USD"])}
        change = chance.choice([{"finishes_on": day}, {"cost": cost}, {"starts_on": f"2026-0{1 + turn % 6}-01"}])
        ada.attempt(f"/projects/{project}/rebaseline", {**change, "rationale": _why(chance)})
        if turn % 3 == 0:
            ada.attempt(f"/projects/{project}/revise", {"forecast_finish": day, "rationale": _why(chance)})
    projects.append(idea)


def _report(world: World, ada: Api, portfolios: list[str], projects: list[str]) -> list[str]:
    """Cadences, updates of which some correct an earlier one, and reviews: returns these with their portfolios."""
    found = []
    chance, why = random.Random(3), {"rationale": {"code": "governance", "text": "The board wants to hear of it"}}
    for turn in range(24):
        world.clock.now += timedelta(days=chance.randrange(4), hours=chance.randrange(20))
        portfolio, project = chance.choice(portfolios), chance.choice(projects)
        days = {"update_cadence_days": chance.choice([3, 10, None]), "review_cadence_days": chance.choice([5, 30])}
        if turn % 5 == 0:
            ada.attempt(f"/portfolios/{portfolio}/set-policy", {**days, **why})
        looked_at = {"rationale": {**why["rationale"], "review_on": f"2026-0{chance.randrange(4, 9)}-01"}}
        asked = {"cadence_days": chance.choice([2, 14, None]), **looked_at}
        ada.attempt(f"/projects/{project}/set-cadence", asked)
        ada.do(f"/projects/{projects[0]}/revise", {"name": f"Renamed in turn {turn}"})
        overall = chance.choice(["on_track", "at_risk", "no_update"])
        said = {"overall": overall, "text": f"So it goes in turn {turn}", "path_to_green": "Hire"}
        published = ada.get(f"/projects/{project}/status-updates")["items"]
        if published and chance.random() < 0.5:
            said["supersedes"] = chance.choice(published)["event_id"]
        ada.attempt(f"/projects/{project}/status-updates", said)
        ada.attempt(f"/portfolios/{portfolio}/{chance.choice(['open', 'close'])}-review")
        reviews = ada.get(f"/portfolios/{portfolio}/reviews")["items"]
        found += [f"{portfolio}/reviews/{each['id']}" for each in reviews]
    return sorted(set(found))


def _bring_to_life(world: World, chance: random.Random, ada: Api, bob: Api, project: str) -> None:
    money = {"amount": f"{chance.randrange(1, 900)}.50", "currency": "GBP"}
    case = {"problem": "a", "expected_benefit": "b", "cost_low": money, "cost_high": money}
    ada.do(f"/projects/{project}/submit", case)
    world.clock.now += timedelta(days=2)
    ada.do(f"/projects/{project}/evaluate")
    ada.do(f"/projects/{project}/select", {"rationale": {**_why(chance), "code": "roi"}})
    world.clock.now += timedelta(days=2)
    bob.do(f"/projects/{project}/authorize", {"budget": money, "rationale": _why(chance)})
    ada.do(f"/projects/{project}/activate", {"owner": "someone", "starts_on": "2026-02-01"})


def _anything(chance: random.Random, portfolios: list[str], projects: list[str], people_ids: list[str]) -> Any:
    """Some command; whether it is legal now is not its business."""
    money = {"amount": f"{chance.randrange(1, 900)}.50", "currency": "GBP"}
    why = {"rationale": _why(chance)}
    project, other = chance.sample(projects, 2)
    portfolio, person = chance.choice(portfolios), chance.choice(people_ids)
    days = {"starts_on": f"2026-0{chance.randrange(1, 7)}-01"}
    rank = {
        "portfolio": portfolio,
        "to_rank": chance.randrange(1, 5),
        "rationale": {**_why(chance), "code": "capacity"},
    }
    reassign = {"from_project": project, "to_project": other, "share": "0.2", **days}
    status = {"overall": chance.choice(["on_track", "at_risk"]), "text": "So it goes", "path_to_green": "Hire"}
    return chance.choice(
        [
            (
                f"/projects/{project}/submit",
                {"problem": "a", "expected_benefit": "b", "cost_low": money, "cost_high": money},
            ),
            (f"/projects/{project}/evaluate", dict(why)),
            (f"/projects/{project}/select", {"rationale": {**_why(chance), "code": "roi"}}),
            (f"/projects/{project}/authorize", {**why, "budget": money}),
            (f"/projects/{project}/activate", {"owner": "someone", "starts_on": "2026-02-01"}),
            (
                f"/projects/{project}/pause",
                {
                    "expected_resume": "unknown",
                    "allocations": "release",
                    "rationale": {**_why(chance), "code": "budget_freeze"},
                },
            ),
            (f"/projects/{project}/resume", {**why, "forecast_finish": "2026-12-01"}),
            (f"/projects/{project}/reprioritize", rank),
            (f"/projects/{project}/reprioritize", dict(rank)),
            (f"/projects/{project}/status-updates", status),
            (f"/projects/{project}/revise", {"name": f"Renamed {chance.randrange(9)}"}),
            (f"/portfolios/{portfolio}/remove-component", {"component": project, **why}),
            (f"/portfolios/{portfolio}/restore-component", {"component": project, **why}),
            (f"/resources/{person}/assign", {"project": project, "share": "0.4", **days, **why}),
            (f"/resources/{person}/reassign", {**reassign, "rationale": {**_why(chance), "code": "skill_match"}}),
        ]
    )


def _anything_about_goals(chance: random.Random, goals: list[str], projects: list[str]) -> Any:
    """Some command about a goal; whether it is legal now is not its business."""
    goal, project, why = chance.choice(goals), chance.choice(projects), {"rationale": _why(chance)}
    aim = {"measure": chance.choice(["Length", "Depth"]), "unit": "m", "start": "1", "target": f"{chance.randrange(9)}"}
    period = {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    return chance.choice(
        [
            (f"/goals/{goal}/link", {"project": project, "weight": f"0.{chance.randrange(1, 6)}", **why}),
            (f"/goals/{goal}/link", {"project": project, "weight": f"0.{chance.randrange(1, 6)}5", **why}),
            (f"/goals/{goal}/unlink", {"project": project, **why}),
            (f"/goals/{goal}/set-key-result", {**aim, "period": period, **why}),
            (f"/goals/{goal}/record-progress", {"measure": aim["measure"], "current": f"{chance.randrange(9)}.5"}),
            (f"/goals/{goal}/record-progress", {"project": project, "progress": f"0.{chance.randrange(1000):03}"}),
            (f"/goals/{goals[2]}/retire", dict(why)) if chance.random() < 0.2 else (f"/goals/{goal}/retire", {}),
        ]
    )


def _why(chance: random.Random) -> dict[str, str]:
    return {"code": "enabler", "text": f"Reason number {chance.randrange(100)} of this year"}


def record_late(world: World, projects: list[str]) -> None:
    """Facts of another system: occurred long before they were recorded, recorded before they were stored."""
    chance = random.Random(11)
    why = Rationale(code="imported", text="As the source says")
    for index in range(25):
        stream = UUID(chance.choice(projects))
        recorded = START + timedelta(days=chance.randrange(60), hours=chance.randrange(24))
        event: Event = chance.choice(
            [
                p.StateRecorded(
                    to=chance.choice(["active", "on_hold", "completed"]),
                    irregular=True,
                    source_word=f"w{index}",
                    why=why,
                ),
                p.AttributeChanged(name="target", from_=None, to=f"v{index}", why=why),
                p.AttributeChanged(name="owner", from_=None, to=f"late-{index}"),
                p.StatusReported(overall="off_track", source_word="Red", why=why),
            ]
        )
        occurred = recorded - timedelta(days=chance.randrange(40))
        _append(world.system, Fact(uuid4(), stream, event, occurred, recorded, "late:u-1", "integration", f"c{index}"))
        world.clock.now += timedelta(hours=3)


def _append(system: System, fact: Fact) -> None:
    version = system.store.versions([fact.stream_id]).get(fact.stream_id, 0)
    key = f"import:test:{fact.event_id}"
    system.store.append(Commit(key, "", fact.stream_id, (fact,), {fact.stream_id: version}))


def _moments(history: History) -> list[datetime]:
    """Instants at which something happened, and some between; the store itself began by the clock of the wall."""
    known = {f.occurred_at for f in history.facts} | {f.recorded_at for f in history.facts}
    every = sorted(instant for instant in known if instant <= history.world.clock.now)
    return [START - timedelta(days=100), *every, *(a + (b - a) / 2 for a, b in pairwise(every))]


@pytest.mark.parametrize("who", ["an auditor", "an insider of one portfolio"])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_past_equals_a_fresh_system_fed_only_its_facts(
    history: History, prepared_file: Path, tmp_path: Path, data: st.DataObject, who: str
) -> None:
    moments = st.one_of(st.none(), st.sampled_from(_moments(history)))
    as_of, known_at = data.draw(moments, "as_of"), data.draw(moments, "known_at")
    at = data.draw(st.one_of(st.none(), st.integers(0, history.facts[-1].position)), "at")
    fed = [
        fact
        for fact in history.facts
        if (as_of is None or fact.occurred_at <= as_of)
        and (known_at is None or fact.recorded_at <= known_at)
        and (at is None or fact.position <= at)
    ]
    now = _clock_at(history, as_of, known_at, at)
    file = shutil.copy(prepared_file, tmp_path / f"{uuid4().hex}.db")
    scope = Place(PlaceKind.PORTFOLIO, UUID(history.ids["portfolio"][1])) if "insider" in who else None
    with _fresh(history, file, fed, now, scope) as fresh:
        bounds = _texts(as_of=as_of, known_at=known_at)
        mine = bounds | ({"at": str(at)} if at is not None else {})
        theirs = bounds | ({"at": str(len(fed))} if at is not None else {})
        asked = [*questions(history)]
        for path, params in random.Random(data.draw(st.integers(0, 99), "which")).sample(asked, len(asked) // 3):
            _compare(history, fresh, scope, path, {**params, **mine}, {**params, **theirs})


def test_no_question_changes_what_the_next_one_reads(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    decode, read = dated.from_json, {}
    for module in (dated, journal):
        monkeypatch.setattr(module, "from_json", lambda text: read.setdefault(text, decode(text)))
    for kept in (dated.AS_TOLD.kept, score_board.SCORED.kept, journal.document_of):
        kept.forget()
    for path, params in questions(history):
        at = {"at": str(history.facts[-1].position)} if path.endswith("/stream") else {}
        answer = history.world.client.get(path, params=params | at, headers={"Authorization": f"Bearer {history.key}"})
        assert answer.status_code == 200, (path, answer.text)
    assert len(read) > 100
    assert [members for members, cells in read.items() if cells != decode(members)] == []


def _clock_at(history: History, as_of: datetime | None, known_at: datetime | None, at: int | None) -> datetime:
    if as_of:
        return as_of
    stored = [fact.stored_at for fact in history.facts if at is not None and fact.position <= at]
    return min(filter(None, [history.world.clock.now, known_at, stored[-1] if stored else None]))


def _texts(**instants: datetime | None) -> dict[str, str]:
    return {name: instant.isoformat().replace("+00:00", "Z") for name, instant in instants.items() if instant}


@contextmanager
def _fresh(
    history: History, file: Path, fed: list[Recorded], now: datetime, scope: Place | None
) -> Iterator[TestClient]:
    """A client, with the same rights, of a system that holds only the given facts."""
    time = Clock(now)
    system = open_system(Settings(database_url=f"sqlite:///{file}", _env_file=None), clock=time)
    _copy_names(history.world.system, system)
    versions = Counter[UUID]()
    for stored_at, together in groupby(fed, key=lambda fact: fact.stored_at):
        facts = tuple(_as_fact(fact) for fact in together)
        time.now = stored_at - timedelta(microseconds=1)
        read = {fact.stream_id: versions[fact.stream_id] for fact in facts}
        system.store.append(Commit(f"import:test:{facts[0].event_id}", "", facts[0].stream_id, facts, read))
        versions.update(fact.stream_id for fact in facts)
    time.now = history.world.clock.now
    system.context.reads.clock = lambda: now
    # facts at positions before `at` that are not fed were stored all the same, and moved the clock of the answer
    system.store.stored_at = lambda _: now  # type: ignore[method-assign]
    # rights are those of today: what a portfolio held later is in the scope of its past too
    system.store.subjects_of = history.world.system.store.subjects_of  # type: ignore[method-assign]
    system.store.owners_about = history.world.system.store.owners_about  # type: ignore[method-assign]
    system.projector.catch_up()
    with application(system.context) as app, TestClient(app) as client:
        app.dependency_overrides[caller_of] = lambda: Caller(uuid4(), frozenset((role, scope) for role in Role))
        yield client
    system.close()


def _copy_names(source: System, target: System) -> None:
    with source.engine.connect() as connection:
        rows = [row._asdict() for row in connection.execute(select(people))]
    with target.engine.begin() as connection:
        connection.execute(insert(people), rows)


def _as_fact(fact: Recorded) -> Fact:
    return Fact(
        fact.event_id, fact.stream_id, fact.event, fact.occurred_at, fact.recorded_at, fact.actor, fact.role,
        fact.correlation_id, fact.causation_id, fact.inputs_position,
    )  # fmt: skip


def questions(history: History) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every read route of the application, for every thing it can be asked of, in several ways."""
    app: Any = history.world.client.app
    paths = sorted(path for path, methods in app.openapi()["paths"].items() if "get" in methods)
    assert len(paths) >= 15, paths
    for path in paths:
        if path.endswith("/compare"):
            yield from [(path, {"id": history.ids["scenario"]})] if len(history.ids["scenario"]) > 1 else []
            continue
        if path.endswith("/recomputation"):  # rests on a position of the log, not on what is shown within bounds
            continue
        named = re.findall(r"\{(\w+)_id\}", path)
        for each in history.ids[named[-1]] if named else [""]:
            asked = re.sub(r"\{\w+\}(/reviews/\{\w+\})?", each, path)
            takes = {parameter["name"] for parameter in app.openapi()["paths"][path]["get"].get("parameters", [])}
            page = {"limit": "1000"} if "limit" in takes else {}
            yield asked, page | (MOMENTS if path.endswith("diff") else {})
            if path.endswith("diff"):
                yield asked, {**page, **MOMENTS, "clock": "occurred"}
    yield "/api/v1/projects", {"portfolio": history.ids["portfolio"][0], "sort": "-rank", "limit": "1000"}
    yield "/api/v1/projects", {"q": "renamed", "sort": "state_since", "health": "at_risk"}
    yield "/api/v1/decisions", {"portfolio": history.ids["portfolio"][1], "limit": "1000"}
    yield f"/api/v1/portfolios/{history.ids['portfolio'][0]}/risks", {"sort": "due_on", "state": "closed"}
    yield "/api/v1/goals", {"portfolio": history.ids["portfolio"][0], "state": "open"}
    yield f"/api/v1/portfolios/{history.ids['portfolio'][0]}/workload", {"by": "role", "people": "all"}
    yield f"/api/v1/portfolios/{history.ids['portfolio'][1]}/workload", {"from": "2026-04-01", "to": "2026-08-01"}
    yield f"/api/v1/portfolios/{history.ids['portfolio'][0]}/priorities", {**MOMENTS, "limit": "1000"}
    yield f"/api/v1/portfolios/{history.ids['portfolio'][1]}/priorities", {**MOMENTS, "clock": "occurred"}
    yield f"/api/v1/portfolios/{history.ids['portfolio'][0]}/matrix", {"x": "forecast", "y": "alignment"}
    yield f"/api/v1/portfolios/{history.ids['portfolio'][1]}/matrix", {"colour": "health", "size": "actual"}
    yield "/api/v1/requests", {"portfolio": history.ids["portfolio"][0], "status": "open"}
    yield "/api/v1/decisions", {"q": "queues", "limit": "1000"}
    yield "/api/v1/decisions", {"q": "renamed last month", "limit": "1000"}
    yield "/api/v1/audit", {"fact": "status_reported", "limit": "1000"}


def _compare(
    history: History, fresh: TestClient, scope: Place | None, path: str, mine: dict[str, str], theirs: dict[str, str]
) -> None:
    if path.endswith("/stream"):
        mine = {"at": str(history.facts[-1].position), **mine}
        theirs = {"at": str(fresh.app.state.context.store.head()), **theirs}  # type: ignore[attr-defined]
    key = history.insider if scope else history.key
    here = history.world.client.get(path, params=mine, headers={"Authorization": f"Bearer {key}"})
    there = fresh.get(path, params=theirs)
    if scope and here.status_code == 404:
        assert there.status_code == 404, (path, theirs, there.text)
        return
    assert here.status_code == 200, (path, mine, here.text)
    if there.status_code == 404:
        if path.endswith(".svg"):
            assert "<circle" not in here.text, path
        else:
            _shows_nothing(here.json(), path)
        return
    assert there.status_code == 200, (path, theirs, there.text)
    assert _comparable(here, path) == _comparable(there, path), (path, mine)


def _shows_nothing(answer: dict[str, Any], path: str) -> None:
    """An id that a later fact names: 200, members null, and when the first fact occurred."""
    if "items" in answer:
        assert answer["items"] == [], path
    elif "scenarios" in answer:
        assert None in [each["name"] for each in answer["scenarios"]], path
    else:
        assert answer["name"] is None, path
        assert answer["first_fact_at"], path


def _comparable(response: Any, path: str) -> Any:
    if path.endswith("/stream"):
        return re.findall(r"^data: .*?\"event_id\":\"([^\"]+)\"", response.text, re.MULTILINE)
    if path.endswith("/export"):
        return [_without(json.loads(line)) for line in response.text.splitlines()]
    if path.endswith(".svg"):
        return response.text
    answer = response.json()
    if not answer.get("items", True):
        answer.pop("first_fact_at", None)
    return _without(answer)


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(member) for name, member in value.items() if name not in LEFT_OUT}
    return [_without(each) for each in value] if isinstance(value, list) else value


def test_the_year_holds_what_makes_it_hard(history: History) -> None:
    names = {fact.event.fact_name for fact in history.facts}
    assert {"project.deprioritized.v1", "resource.reassigned.v1", "portfolio.component_removed.v1"} <= names
    assert {"goal.linked.v1", "goal.unlinked.v1", "goal.progress_recorded.v1", "goal.key_result_set.v1"} <= names
    assert {"project.dependency_removed.v1", "project.benefit_recorded.v1", "project.benefit_reviewed.v1"} <= names
    assert {"project.risk_revised.v1", "project.issue_closed.v1", "project.milestone_set.v1"} <= names
    assert {"resource.capacity_set.v1", "resource.absence_cancelled.v1", "resource.members_set.v1"} <= names
    assert {"project.resource_request_filled.v1", "project.resource_request_declined.v1"} <= names
    assert {"project.forecast_approved.v1", "project.moved_to_program.v1", "portfolio.rate_set.v1"} <= names
    assert {"project.business_case_set.v1", "project.recycled.v1", "project.rebaselined.v1"} <= names
    reports = [fact.event for fact in history.facts if isinstance(fact.event, p.StatusReported)]
    assert len([report for report in reports if report.supersedes]) > 2
    assert len([report for report in reports if report.figures]) > 10
    items = [
        item.reason for fact in history.facts if isinstance(fact.event, ReviewOpened) for item in fact.event.agenda
    ]
    assert {"unaligned", "at_risk", "overdue_update", "past_review_date"} <= set(items)
    late = [f for f in history.facts if f.occurred_at < f.recorded_at - timedelta(days=1)]
    unordered = [1 for a, b in pairwise(history.facts) if b.occurred_at < a.occurred_at]
    assert len(late) > 10
    assert len(unordered) > 10
    seen = [
        history.world.client.get("/api/v1/projects", headers={"Authorization": f"Bearer {key}"}).json()["items"]
        for key in (history.key, history.insider)
    ]
    assert 0 < len(seen[1]) < len(seen[0]), "an insider sees a part"
