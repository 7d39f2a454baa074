"""What differs in a portfolio between two moments, and the decision behind each difference."""

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.difference_answers import Differences
from domain.facts import project as p
from domain.identity.words import Role
from domain.kernel.decide import Commit
from domain.kernel.event import Event, Fact
from domain.kernel.instants import rfc3339
from domain.kernel.rationale import Rationale
from tests.conftest import PREFIX, WHY, Api, World
from tests.servers import until

MONEY = {"amount": "100.00", "currency": "GBP"}
CASE = {"problem": "Queues", "expected_benefit": "Sales", "cost_low": MONEY, "cost_high": MONEY}
FROZEN = {"code": "budget_freeze", "text": "No money until the summer"}
CAPACITY = {"code": "capacity", "text": "Nobody is free before May"}
PAUSE = {"expected_resume": "unknown", "allocations": "keep", "rationale": FROZEN}
KINDS = ["added", "removed", "state", "rank", "slipped", "budget", "people", "health"]


class Scene:
    """A portfolio with three components in order of rank, the first two of them active."""

    def __init__(self, world: World, ada: Api, bob: Api) -> None:
        self.world, self.ada = world, ada
        self.portfolio = str(ada.do("/portfolios", {"name": "Harbour", "currency": "GBP"})["id"])
        self.crane, self.bridge, self.ferry = (self.component(name) for name in ("Crane", "Bridge", "Ferry"))
        for project in (self.crane, self.bridge):
            ada.do(f"/projects/{project}/submit", CASE)
            ada.do(f"/projects/{project}/evaluate")
            ada.do(f"/projects/{project}/select", {"rationale": WHY})
            bob.do(f"/projects/{project}/authorize", {"budget": MONEY, "rationale": WHY})
            ada.do(f"/projects/{project}/activate", {"owner": "carol", "starts_on": "2026-03-02"})
        self.carol = str(ada.do("/resources", {"name": "Carol"})["id"])
        self.before = self.later(days=1)

    def component(self, name: str, **more: Any) -> str:
        body = {"name": name, "sponsor": "sales", "portfolio": self.portfolio, "rationale": WHY, **more}
        return str(self.ada.do("/projects", body)["id"])

    def later(self, **passed: int) -> str:
        """Let time pass; the instant in the middle of it."""
        middle = self.world.clock.now + timedelta(**passed) / 2
        self.world.clock.now += timedelta(**passed)
        return rfc3339(middle)

    def record(self, project: str, event: Event, ago: timedelta = timedelta(0)) -> None:
        """A fact of another system."""
        now, stream, store = self.world.clock(), UUID(project), self.world.system.store
        fact = Fact(uuid4(), stream, event, now - ago, now, "kep:u-1", "integration", "c")
        version = store.versions([stream])[stream]
        store.append(Commit(f"test:{fact.event_id}", "", stream, (fact,), {stream: version}))
        until(lambda: self.world.client.get("/health/ready").json()["lag"] == 0)

    def assign(self, project: str, share: str, starts_on: str = "2026-03-01", **more: Any) -> None:
        body = {"project": project, "share": share, "starts_on": starts_on, "rationale": CAPACITY, **more}
        self.ada.do(f"/resources/{self.carol}/assign", body)

    def diff(self, **asked: Any) -> list[Any]:
        """All rows, from before until now if nothing else is asked."""
        asked = {"from": self.before, **asked}
        return self.ada.every(f"/portfolios/{self.portfolio}/diff", **asked)

    def told(self, **asked: Any) -> list[tuple[Any, ...]]:
        """The rows in short: kind, name, from, to, reason."""
        return [
            (row["kind"], row["subject"]["name"], row["from"], row["to"], row["decision"] and row["decision"]["text"])
            for row in self.diff(**asked)
        ]


@pytest.fixture
def scene(world: World, ada: Api, bob: Api) -> Scene:
    return Scene(world, ada, bob)


def test_what_joined_is_added_and_what_left_is_removed_and_nothing_else(scene: Scene) -> None:
    tunnel = scene.component("Tunnel")
    scene.ada.do(f"/projects/{tunnel}/submit", CASE)
    scene.ada.do(f"/projects/{scene.ferry}/submit", CASE)
    scene.ada.do(f"/portfolios/{scene.portfolio}/remove-component", {"component": scene.ferry, "rationale": CAPACITY})
    assert scene.told() == [
        ("added", "Tunnel", None, "Tunnel", WHY["text"]),
        ("removed", "Ferry", "Ferry", None, CAPACITY["text"]),
    ]


def test_what_came_and_went_between_is_not_told(scene: Scene) -> None:
    tunnel = scene.component("Tunnel")
    scene.ada.do(f"/portfolios/{scene.portfolio}/remove-component", {"component": tunnel, "rationale": CAPACITY})
    assert scene.told() == []


def test_another_state_has_the_decision_that_set_it(scene: Scene) -> None:
    scene.ada.do(f"/projects/{scene.crane}/pause", PAUSE)
    scene.ada.do(f"/projects/{scene.ferry}/submit", CASE)
    assert scene.told() == [
        ("state", "Crane", "active", "on_hold", FROZEN["text"]),
        ("state", "Ferry", "draft", "submitted", None),
    ]


def test_the_decision_is_the_whole_decision(scene: Scene) -> None:
    scene.ada.do(f"/projects/{scene.crane}/pause", PAUSE)
    [row] = scene.diff()
    assert row["subject"] == {"id": scene.crane, "kind": "project", "name": "Crane"}
    assert row["person"] is None
    assert row["decision"] == scene.ada.get("/decisions", fact="paused")["items"][0]


def test_a_state_that_came_back_is_no_difference(scene: Scene) -> None:
    scene.record(scene.crane, p.StateRecorded(to="on_hold", irregular=False))
    scene.record(scene.crane, p.StateRecorded(to="active", irregular=False))
    assert scene.told() == []


def test_another_rank_has_the_decision_only_if_the_component_itself_was_moved(scene: Scene) -> None:
    move = {"portfolio": scene.portfolio, "to_rank": 1, "rationale": CAPACITY}
    scene.ada.do(f"/projects/{scene.ferry}/reprioritize", move)
    assert scene.told() == [
        ("rank", "Bridge", 2, 3, None),
        ("rank", "Crane", 1, 2, None),
        ("rank", "Ferry", 3, 1, CAPACITY["text"]),
    ]


def test_ranks_move_up_behind_what_left(scene: Scene) -> None:
    scene.ada.do(f"/portfolios/{scene.portfolio}/remove-component", {"component": scene.crane, "rationale": CAPACITY})
    assert scene.told() == [
        ("removed", "Crane", "Crane", None, CAPACITY["text"]),
        ("rank", "Bridge", 2, 1, None),
        ("rank", "Ferry", 3, 2, None),
    ]


def test_another_finish_has_slipped_whichever_way(scene: Scene) -> None:
    for project in (scene.crane, scene.bridge):
        scene.record(project, p.AttributeChanged(name="finish", to="2026-09-30"))
    between = scene.later(days=1)
    scene.record(scene.bridge, p.AttributeChanged(name="finish", to="2026-08-31"))
    scene.ada.do(f"/projects/{scene.crane}/pause", PAUSE)
    scene.ada.do(f"/projects/{scene.crane}/resume", {"forecast_finish": "2026-12-31", "rationale": WHY})
    assert scene.told(**{"from": between}) == [
        ("slipped", "Bridge", "2026-09-30", "2026-08-31", None),
        ("slipped", "Crane", "2026-09-30", "2026-12-31", WHY["text"]),
    ]
    assert scene.told(to=between) == [
        ("slipped", "Bridge", None, "2026-09-30", None),
        ("slipped", "Crane", None, "2026-09-30", None),
    ]


def test_another_budget_is_told_as_money(scene: Scene, bob: Api) -> None:
    more = {"amount": "250.00", "currency": "GBP"}
    scene.record(scene.crane, p.AttributeChanged(name="budget", to=more))
    for verb, body in (("submit", CASE), ("evaluate", {}), ("select", {"rationale": WHY})):
        scene.ada.do(f"/projects/{scene.ferry}/{verb}", body)
    bob.do(f"/projects/{scene.ferry}/authorize", {"budget": more, "rationale": CAPACITY})
    scene.ada.token = bob.token
    assert [row for row in scene.told() if row[0] == "budget"] == [
        ("budget", "Crane", MONEY, more, None),
        ("budget", "Ferry", None, more, CAPACITY["text"]),
    ]


def test_another_declared_health_has_a_decision_if_the_report_gives_a_reason(scene: Scene) -> None:
    report = {"overall": "at_risk", "text": "The pier is late", "path_to_green": "Hire"}
    scene.ada.do(f"/projects/{scene.crane}/status-updates", {**report, "rationale": CAPACITY})
    scene.ada.do(f"/projects/{scene.bridge}/status-updates", report)
    assert scene.told() == [
        ("health", "Bridge", None, "at_risk", None),
        ("health", "Crane", None, "at_risk", CAPACITY["text"]),
    ]


def test_people_moved_are_told_on_both_components(scene: Scene) -> None:
    scene.assign(scene.crane, "0.6")
    between = scene.later(days=1)
    move = {"from_project": scene.crane, "to_project": scene.bridge, "share": "0.20", "starts_on": "2026-03-02"}
    scene.ada.do(f"/resources/{scene.carol}/reassign", {**move, "rationale": {**CAPACITY, "code": "skill_match"}})
    rows = scene.diff(**{"from": between})
    assert [(row["kind"], row["subject"]["name"], row["from"], row["to"]) for row in rows] == [
        ("people", "Bridge", None, "0.2"),
        ("people", "Crane", "0.6", "0.4"),
    ]
    assert {row["decision"]["fact"] for row in rows} == {"resource.reassigned.v1"}
    assert [row["person"] for row in rows] == [{"id": scene.carol, "kind": "resource", "name": "Carol"}] * 2


def test_a_share_is_that_of_the_moments_own_days(scene: Scene) -> None:
    scene.assign(scene.crane, "0.5", "2026-03-10", ends_on="2026-03-20")
    assert scene.told() == []
    days = [scene.later(days=8), scene.later(days=8), scene.later(days=16)]
    share = (CAPACITY["text"],)
    assert scene.told(to=days[1]) == [("people", "Crane", None, "0.5", *share)]
    assert scene.told(**{"from": days[1], "to": days[2]}) == [("people", "Crane", "0.5", None, *share)]
    assert scene.told(**{"from": days[0], "to": days[2]}) == []


def test_the_two_clocks_tell_a_late_record_apart(scene: Scene) -> None:
    happened = scene.later(days=4)
    between = scene.later(days=4)
    why = Rationale(code="imported", text="As the source says")
    scene.record(scene.crane, p.StateRecorded(to="on_hold", irregular=False, why=why), ago=timedelta(days=5))
    after = scene.later(days=4)
    row = ("state", "Crane", "active", "on_hold", why.text)
    assert scene.told(**{"from": happened, "to": between, "clock": "occurred"}) == [row]
    assert scene.told(**{"from": happened, "to": between, "clock": "recorded"}) == []
    assert scene.told(**{"from": between, "to": after, "clock": "occurred"}) == []
    assert scene.told(**{"from": between, "to": after}) == [row]


def test_a_known_at_bounds_both_sides_of_occurred_times(scene: Scene) -> None:
    happened, between = scene.later(days=4), scene.later(days=4)
    scene.record(scene.crane, p.StateRecorded(to="on_hold", irregular=False), ago=timedelta(days=5))
    asked = {"from": happened, "to": between, "clock": "occurred"}
    assert scene.told(**asked, known_at=between) == []
    assert len(scene.told(**asked, known_at=scene.later(days=2))) == 1


def test_an_as_of_bounds_both_sides_of_recorded_times(scene: Scene) -> None:
    happened, between = scene.later(days=4), scene.later(days=4)
    scene.record(scene.crane, p.StateRecorded(to="on_hold", irregular=False), ago=timedelta(days=5))
    assert scene.told(**{"from": between}, as_of=happened) == []
    assert len(scene.told(**{"from": between}, as_of=between)) == 1


def test_nothing_differs_from_a_moment_to_itself(scene: Scene) -> None:
    scene.ada.do(f"/projects/{scene.crane}/pause", PAUSE)
    for moment in (scene.before, scene.later(days=2), "2026-03-02"):
        for clock in ("recorded", "occurred"):
            assert scene.diff(**{"from": moment, "to": moment, "clock": clock}) == []


def test_the_answer_says_what_it_compared(scene: Scene) -> None:
    path = f"/portfolios/{scene.portfolio}/diff"
    answer = scene.ada.get(path, **{"from": "2026-03-02", "to": scene.later(days=2)})
    assert (answer["id"], answer["clock"]) == (scene.portfolio, "recorded")
    assert answer["from"] == "2026-03-02T23:59:59.999999Z"
    assert answer["known_at"] is None
    open_end = scene.ada.get(path, **{"from": scene.before, "clock": "occurred"})
    assert open_end["clock"] == "occurred"
    assert datetime.fromisoformat(open_end["to"]) <= scene.world.clock.now
    today = scene.ada.get(path, **{"from": "2026-03-02", "to": scene.world.clock.now.date().isoformat()})
    assert datetime.fromisoformat(today["to"]) <= scene.world.clock.now


def test_the_answer_is_what_openapi_says(scene: Scene) -> None:
    _one_of_each(scene)
    bounds: dict[str, str]
    for bounds in ({}, {"as_of": "2020-01-01"}):
        answer = scene.ada.get(f"/portfolios/{scene.portfolio}/diff", **{"from": scene.before}, **bounds)
        Differences.model_validate_json(json.dumps(answer))
        assert bool(answer["items"]) != bool(bounds)
        assert bool(answer.get("first_fact_at")) == bool(bounds)


def test_rows_come_by_kind_then_name(scene: Scene) -> None:
    _one_of_each(scene)
    rows = [(KINDS.index(row["kind"]), row["subject"]["name"], row["subject"]["id"]) for row in scene.diff()]
    assert rows == sorted(rows)
    assert {KINDS[kind] for kind, _, _ in rows} == set(KINDS)


def _one_of_each(scene: Scene) -> None:
    scene.assign(scene.crane, "0.5")
    scene.component("Tunnel")
    scene.ada.do(f"/projects/{scene.bridge}/status-updates", {"overall": "on_track", "text": "All is well"})
    move = {"portfolio": scene.portfolio, "to_rank": 3, "rationale": CAPACITY}
    scene.ada.do(f"/projects/{scene.crane}/reprioritize", move)
    scene.record(scene.bridge, p.AttributeChanged(name="budget", to={"amount": "1.00", "currency": "GBP"}))
    scene.record(scene.bridge, p.AttributeChanged(name="finish", to="2026-08-31"))
    scene.ada.do(f"/projects/{scene.bridge}/pause", PAUSE)
    scene.ada.do(f"/portfolios/{scene.portfolio}/remove-component", {"component": scene.ferry, "rationale": CAPACITY})


def test_pages_do_not_shift_while_others_decide(scene: Scene) -> None:
    _one_of_each(scene)
    scene.assign(scene.bridge, "0.1", starts_on=(scene.world.clock.now + timedelta(days=3)).date().isoformat())
    whole, path = scene.diff(), f"/portfolios/{scene.portfolio}/diff"
    first = scene.ada.get(path, **{"from": scene.before}, limit=2)
    rows, page = list(first["items"]), first
    while page["next_cursor"]:
        scene.later(days=5)
        scene.component("One more")
        page = scene.ada.get(path, **{"from": scene.before}, limit=2, cursor=page["next_cursor"])
        assert (page["from"], page["to"]) == (first["from"], first["to"])
        rows += page["items"]
    assert rows == whole


def test_a_difference_at_a_position_never_changes(scene: Scene) -> None:
    _one_of_each(scene)
    scene.assign(scene.bridge, "0.1", starts_on=(scene.world.clock.now + timedelta(days=3)).date().isoformat())
    path, at = f"/portfolios/{scene.portfolio}/diff", scene.world.system.store.head()
    for clock in ("recorded", "occurred"):
        asked = {"from": scene.before, "clock": clock, "at": at}
        pinned = scene.ada.get(path, **asked)
        assert pinned["items"]
        scene.later(days=9)
        scene.component("One more")
        assert scene.ada.get(path, **asked) == pinned


def test_a_portfolio_out_of_scope_or_never_named_is_not_found(scene: Scene) -> None:
    other = scene.ada.do("/portfolios", {"name": "Roads"})["id"]
    manager = scene.world.person("dan", Role.PORTFOLIO_MANAGER, portfolio=UUID(scene.portfolio))
    scene.ada.do(f"/projects/{scene.crane}/pause", PAUSE)
    manager.token = scene.ada.token
    asked = {"from": scene.before}
    assert manager.get(f"/portfolios/{scene.portfolio}/diff", **asked)["items"] == scene.diff()
    assert manager.ask(f"/portfolios/{other}/diff", **asked).status_code == 404
    assert scene.ada.ask(f"/portfolios/{uuid4()}/diff", **asked).status_code == 404
    assert scene.ada.ask(f"/portfolios/{scene.crane}/diff", **asked).status_code == 404
    assert scene.world.client.get(f"{PREFIX}/portfolios/{scene.portfolio}/diff", params=asked).status_code == 401
    assert scene.diff(**{"from": "2020-01-01", "to": "2020-02-01"}) == []


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({}, "query:from", "required"),
    ({"from": "yesterday"}, "query:from", "expected a date"),
    ({"from": "2026-02-30"}, "query:from", "expected a date"),
    ({"from": "2026-03-01T09:00:00"}, "query:from", "expected a date"),
    ({"from": "2026-03-01", "to": ""}, "query:to", "expected a date"),
    ({"from": "2026-03-01", "to": "2026-04-01"}, "query:to", "in the future"),
    ({"from": "2030-01-01"}, "query:from", "in the future"),
    ({"from": "2026-03-02", "to": "2026-03-01"}, "query:from", "is after 2026-03-01T23:59:59.999999Z"),
    ({"from": "2026-03-01", "known_at": "2026-02-01"}, "query:from", "is after 2026-02-01"),
    ({"from": "2026-03-01", "as_of": "2026-02-01", "clock": "occurred"}, "query:from", "is after 2026-02-01"),
    ({"from": "2026-03-01", "clock": "stored"}, "query:clock", "recorded"),
    ({"from": "2026-03-01", "since": "2026-01-01"}, "query:since", "not a parameter"),
    ({"from": "2026-03-01", "limit": 0}, "query:limit", "greater"),
    ({"from": "2026-03-01", "cursor": "nonsense"}, "query:cursor", "next_cursor"),
]


def test_a_wrong_parameter_is_named(ada: Api) -> None:
    portfolio = ada.do("/portfolios", {"name": "Harbour"})["id"]
    for asked, pointer, sentence in BAD:
        response = ada.ask(f"/portfolios/{portfolio}/diff", **asked)
        assert response.status_code == 422, (asked, response.text)
        named = {error["pointer"]: error["detail"] for error in response.json()["errors"]}
        assert list(named) == [pointer], asked
        assert sentence in named[pointer]


def test_the_rows_are_what_two_lists_show(scene: Scene) -> None:
    """Given a season of commands and late records, any two moments on either clock, within any other bound."""
    chance = random.Random(3)
    instants = [rfc3339(scene.world.clock.now - timedelta(days=2)), *_live_through(scene, chance)]
    seen: set[str] = set()
    for _ in range(30):
        earlier, later = sorted(chance.choices(instants, k=2))
        clock, bound, other = chance.choice([("recorded", "known_at", "as_of"), ("occurred", "as_of", "known_at")])
        besides = {other: chance.choice(instants)} if chance.random() < 0.4 else {}
        before, after = (_shown(scene, {**besides, bound: moment}) for moment in (earlier, later))
        rows = scene.diff(**{"from": earlier, "to": later, "clock": clock}, **besides)
        assert sorted(map(_short, rows)) == sorted(_differences(before, after)), (earlier, later, clock, besides)
        seen |= {row["kind"] for row in rows}
        decided = {each["event_id"]: each for each in scene.ada.every("/decisions", **besides, **{bound: later})}
        for row in rows:
            _has_its_decision(row, decided, after)
    assert seen == set(KINDS)


def _live_through(scene: Scene, chance: random.Random) -> Iterator[str]:
    """Sixty commands, legal or not, and facts recorded late; the instants between."""
    projects = [scene.crane, scene.bridge, scene.ferry, scene.component("Tunnel"), scene.component("Lock")]
    for number in range(60):
        yield scene.later(hours=chance.randrange(2, 48))
        project, other = chance.sample(projects, 2)
        why = {"rationale": {"code": "strategic_fit", "text": f"Reason number {number} of this year"}}
        if chance.random() < 0.25:
            scene.record(project, _late(chance, why["rationale"]), ago=timedelta(hours=chance.randrange(200)))
            continue
        path, body = _anything(scene, chance, project, other)
        scene.ada.attempt(path, {**why, **body})
    scene.component("Quay")
    yield rfc3339(scene.world.clock.now)


def _late(chance: random.Random, why: dict[str, str]) -> Event:
    reason = Rationale(**why) if chance.random() < 0.5 else None
    number = chance.randrange(1, 9)
    events: list[Event] = [
        p.StateRecorded(to=chance.choice(["active", "on_hold", "completed"]), irregular=True, why=reason),
        p.StatusReported(overall=chance.choice(["off_track", "on_track"]), why=reason),
        p.AttributeChanged(name="finish", to=f"2026-0{number}-01", why=reason),
        p.AttributeChanged(name="budget", to={"amount": f"{number}.00", "currency": "GBP"}, why=reason),
    ]
    return chance.choice(events)


def _anything(scene: Scene, chance: random.Random, project: str, other: str) -> tuple[str, dict[str, Any]]:
    days = {"starts_on": f"2026-0{chance.randrange(2, 6)}-{chance.randrange(10, 28)}"}
    move = {"from_project": project, "to_project": other, "share": "0.1"}
    return chance.choice(
        [
            (f"/projects/{project}/reprioritize", {"portfolio": scene.portfolio, "to_rank": chance.randrange(1, 5)}),
            (f"/projects/{project}/revise", {"name": f"Renamed {chance.randrange(9)}"}),
            (f"/portfolios/{scene.portfolio}/remove-component", {"component": project}),
            (f"/portfolios/{scene.portfolio}/restore-component", {"component": project}),
            (f"/portfolios/{scene.portfolio}/restore-component", {"component": other}),
            (f"/resources/{scene.carol}/assign", {"project": project, "share": "0.3", **days}),
            (f"/resources/{scene.carol}/reassign", {**move, **days, "rationale": {**CAPACITY, "code": "skill_match"}}),
            (f"/resources/{scene.carol}/release", {"project": project, "from_day": days["starts_on"]}),
        ]
    )


def _shown(scene: Scene, bounds: dict[str, str]) -> dict[str, Any]:
    """What the lists show within bounds: the components, and each share of a person's time on the bounds' day."""
    day = (bounds.get("as_of") or bounds["known_at"])[:10]
    people = scene.ada.every("/resources", **bounds)
    return {
        "projects": {each["id"]: each for each in scene.ada.every("/projects", portfolio=scene.portfolio, **bounds)},
        "shares": {
            (held["project"], person["id"]): held["share"]
            for person in people
            for held in person["assignments"]
            if held["starts_on"] <= day <= (held["ends_on"] or day)
        },
    }


def _differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    was, now = before["projects"], after["projects"]
    yield from (json.dumps(["added", each, None, None, now[each]["name"]]) for each in now.keys() - was.keys())
    yield from (json.dumps(["removed", each, None, was[each]["name"], None]) for each in was.keys() - now.keys())
    for each in was.keys() & now.keys():
        for kind, value in (
            ("state", lambda shown: shown["state"]),
            ("rank", lambda shown: shown["rank"]),
            ("slipped", lambda shown: shown["attributes"].get("finish")),
            ("budget", lambda shown: shown["budget"]),
            ("health", lambda shown: shown["health"]["declared"]),
        ):
            if value(was[each]) != value(now[each]):
                yield json.dumps([kind, each, None, value(was[each]), value(now[each])])
    for project, person in before["shares"].keys() | after["shares"].keys():
        old, new = (side["shares"].get((project, person)) for side in (before, after))
        if old != new and project in was.keys() & now.keys():
            yield json.dumps(["people", project, person, old, new])


def _short(row: dict[str, Any]) -> str:
    return json.dumps(
        [row["kind"], row["subject"]["id"], row["person"] and row["person"]["id"], row["from"], row["to"]]
    )


def _has_its_decision(row: dict[str, Any], decided: dict[str, Any], after: dict[str, Any]) -> None:
    """Then the decision is one about the component by then, and a state's the one that moved it last."""
    component = row["subject"]["id"]
    if row["decision"]:
        assert row["decision"] == decided[row["decision"]["event_id"]]
        assert component in [subject["id"] for subject in row["decision"]["subjects"]]
    if row["kind"] in {"added", "removed", "people"}:
        assert row["decision"]
    if row["kind"] == "state":
        since = after["projects"][component]["state_since"]
        moves = [
            each
            for each in decided.values()
            if each["occurred_at"] == since and each["stream_id"] == component and each["fact"] != "project.drafted.v1"
        ]
        assert [row["decision"]] == (moves or [None])
