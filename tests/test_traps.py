"""What other products get wrong, each with a test of its own that fails where it is wrong here too.

Two stand with their parts: a status demanded the minute a project resumes is
tests/test_status.py::test_nothing_is_asked_of_a_paused_project_nor_the_minute_it_resumes, a baseline edit missing from
the log is tests/test_baselines.py::test_no_change_of_a_baseline_is_missing_from_the_log.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.project.words import State
from tests.conftest import WHY, Api, World
from tests.imports.conftest import JSON_MAPPING, Imports, added, changed
from tests.lifecycle import MONEY, body_of, path_to
from tests.reads import every_read
from whyfolio.settings import Settings

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
TODAYS = {"position", "at", "version", "allowed_moves", "next_after"}
"""What an answer may say of today, whatever it was asked for."""


@pytest.fixture
def portfolio(ada: Api) -> str:
    return str(ada.do("/portfolios", {"name": "Town", "currency": "GBP"})["id"])


@pytest.fixture
def shop(ada: Api, bob: Api, portfolio: str) -> str:
    """An active project that was reported to be on track."""
    body = {"name": "Shop", "sponsor": "sales", "portfolio": portfolio, "rationale": WHY}
    project = str(ada.do("/projects", body)["id"])
    for row in path_to(State.ACTIVE):
        (bob if row.verb == "authorize" else ada).do(f"/projects/{project}/{row.verb}", body_of(row.verb))
    ada.do(f"/projects/{project}/status-updates", {"overall": "on_track", "text": "All is well"})
    return project


def test_a_paused_project_is_not_counted_as_on_track(ada: Api, portfolio: str, shop: str) -> None:
    assert ada.get(f"/portfolios/{portfolio}")["counts"]["by_health"]["on_track"] == 1
    ada.do(f"/projects/{shop}/pause", body_of("pause"))
    counts = ada.get(f"/portfolios/{portfolio}")["counts"]
    assert counts["by_health"] == {"on_track": 0, "at_risk": 0, "off_track": 0, "no_update": 0}
    assert counts["by_state"] == {"on_hold": 1}


def test_to_reopen_a_project_wipes_no_score(ada: Api, portfolio: str) -> None:
    model = {"name": "Value", "method": "value_effort", "rationale": WHY}
    ada.do(f"/portfolios/{portfolio}/set-scoring-model", model)
    body = {"name": "Kiosk", "sponsor": "sales", "portfolio": portfolio, "rationale": WHY}
    kiosk = ada.do("/projects", body)["id"]
    for verb in ("submit", "evaluate", "score", "override-score"):
        ada.do(f"/projects/{kiosk}/{verb}", body_of(verb))
    before = ada.get(f"/projects/{kiosk}/scores")["items"]
    assert (before[0]["score"], before[0]["computed"]) == ("5", "2.0000")
    for verb in ("reject", "reopen"):
        ada.do(f"/projects/{kiosk}/{verb}", body_of(verb))
        assert ada.get(f"/projects/{kiosk}/scores")["items"] == before, verb
    assert ada.get(f"/projects/{kiosk}")["score"] == "5"


def test_an_old_report_never_shows_todays_data(world: World, ada: Api, bob: Api, portfolio: str, shop: str) -> None:
    person = ada.do("/resources", {"name": "Carol"})["id"]
    share = {"project": shop, "share": "0.5", "starts_on": "2026-03-02", "rationale": WHY}
    ada.do(f"/resources/{person}/assign", share)
    goal = ada.do("/goals", {"name": "No queues", "portfolio": portfolio, "rationale": WHY})["id"]
    ada.do(f"/goals/{goal}/link", {"project": shop, "weight": "1", "rationale": WHY})
    ada.do(f"/portfolios/{portfolio}/open-review")
    review = ada.get(f"/portfolios/{portfolio}/reviews")["items"][0]
    things = {"portfolio": [portfolio], "project": [shop], "resource": [person], "goal": [goal]}
    things["review"] = [f"{portfolio}/reviews/{review['id']}"]
    thought = {"portfolio": portfolio, "name": "What if", "value": {"basis": "npv"}}
    things["scenario"] = [ada.do("/scenarios", thought)["id"] for _ in range(2)]
    position = ada.get("/portfolios")["position"]
    then = {"as_of": world.clock().isoformat(), "known_at": world.clock().isoformat()}
    world.clock.now += timedelta(days=1)
    pinned, dated = _every(ada, things, at=str(position)), _every(ada, things, **then)
    _change_everything(ada, bob, portfolio, shop, person, goal)
    assert ada.get(f"/projects/{shop}")["name"] == "Kiosk"
    assert _every(ada, things, at=str(position)) == pinned
    assert _every(ada, things, **then) == dated


def _every(reader: Api, things: dict[str, list[str]], **bounds: str) -> dict[str, Any]:
    reader.get("/portfolios")  # waits for what was written before
    told = {}
    for path, parameters in every_read(things):
        answer = reader.ask(path, **{**bounds, **parameters})
        assert answer.status_code == 200, (path, answer.text)
        is_json = answer.headers["content-type"].endswith("/json")
        told[path] = _without_todays(answer.json()) if is_json else answer.text
    return told


def _without_todays(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_todays(member) for name, member in value.items() if name not in TODAYS}
    return [_without_todays(each) for each in value] if isinstance(value, list) else value


def _change_everything(ada: Api, bob: Api, portfolio: str, shop: str, person: str, goal: str) -> None:
    why = {"rationale": {"code": "other", "text": "The council thinks otherwise today"}}
    ada.do(f"/projects/{shop}/revise", {"name": "Kiosk", "owner": "dan", "sponsor": "mayor"})
    line = {"month": "2026-03", "category": "capex", "money": MONEY}
    ada.do(f"/projects/{shop}/set-forecast", {"lines": [line]})
    ada.do(f"/projects/{shop}/record-actuals", {"lines": [line]})
    trouble = {"overall": "off_track", "text": "The roof has come down", "path_to_green": "A new roof"}
    ada.do(f"/projects/{shop}/status-updates", trouble)
    ada.do(f"/goals/{goal}/record-progress", {"project": shop, "progress": "0.9"})
    ada.do(f"/goals/{goal}/retire", why)
    ada.do(f"/resources/{person}/release", {"project": shop, "from_day": "2026-03-03", **why})
    budget = {"year": 2026, "category": "capex", "money": MONEY}
    ada.do(f"/portfolios/{portfolio}/set-budget", {"lines": [budget], **why})
    ada.do(f"/portfolios/{portfolio}/set-scoring-model", {"name": "Speed", "method": "wsjf", **why})
    new = {"name": "New", "sponsor": "mayor", "portfolio": portfolio}
    ada.do("/projects", {**new, **why})
    ada.do(f"/projects/{shop}/reprioritize", {"portfolio": portfolio, "to_rank": 2, **why})
    bob.do(f"/projects/{shop}/cancel", {**body_of("cancel"), **why})
    bob.do(f"/portfolios/{portfolio}/close-review", {"conclusion": "Another council decides"})
    ada.token = bob.token


def test_what_was_deleted_since_is_in_every_view_of_the_past(
    world: World, ada: Api, bob: Api, portfolio: str, shop: str
) -> None:
    goal = ada.do("/goals", {"name": "No queues", "portfolio": portfolio, "rationale": WHY})["id"]
    then = world.clock().isoformat()
    world.clock.now += timedelta(days=1)
    ada.do(f"/portfolios/{portfolio}/remove-component", {"component": shop, "rationale": WHY})
    ada.do(f"/goals/{goal}/retire", {"rationale": WHY})
    ada.do(f"/projects/{shop}/cancel", body_of("cancel"))
    assert ada.get("/projects", portfolio=portfolio)["items"] == []
    for past in ({"as_of": then}, {"known_at": then}):
        (held,) = ada.get("/projects", portfolio=portfolio, **past)["items"]
        assert (held["id"], held["state"], held["rank"], held["removed"]) == (shop, "active", 1, False)
        was = ada.get(f"/portfolios/{portfolio}", **past)
        assert (was["components"], was["counts"]["by_state"]) == (1, {"active": 1})
        assert was["counts"]["by_health"]["on_track"] == 1
        (pursued,) = ada.get(f"/portfolios/{portfolio}/goals", **past)["items"]
        assert (pursued["id"], pursued["state"]) == (goal, "open")
    days = {"from": then, "to": world.clock().isoformat()}
    gone = ada.get(f"/portfolios/{portfolio}/diff", **days)["items"]
    assert ("removed", shop) in [(row["kind"], row["subject"]["id"]) for row in gone]


def test_a_goal_is_not_at_nothing_while_all_that_serves_it_is_done(ada: Api, portfolio: str, shop: str) -> None:
    """Whatever is recorded below shows above at once, for nothing is stored above."""
    goal = ada.do("/goals", {"name": "No queues", "portfolio": portfolio, "rationale": WHY})["id"]
    ada.do(f"/goals/{goal}/link", {"project": shop, "weight": "1", "rationale": WHY})
    assert ada.get(f"/goals/{goal}")["progress"]["value"] is None
    ada.do(f"/goals/{goal}/record-progress", {"project": shop, "progress": "1"})
    assert ada.get(f"/goals/{goal}")["progress"]["value"] == "1"
    assert ada.get(f"/portfolios/{portfolio}/goals")["items"][0]["progress"]["value"] == "1"
    aim = {"measure": "Waiting time", "unit": "minutes", "start": "30", "target": "5", "current": "5"}
    period = {"starts_on": "2026-04-01", "ends_on": "2026-06-30"}
    ada.do(f"/goals/{goal}/set-key-result", {**aim, "period": period})
    (result,) = ada.get(f"/goals/{goal}")["key_results"]
    assert result["progress"] == "1"


def test_an_import_accounts_for_every_line(
    world: World, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHYFOLIO_DATABASE_URL", settings.database_url)
    world.clock.now = datetime.now(UTC)
    imports = Imports(world, tmp_path)
    lines: list[Any] = [added(1, title="Shop", colour="blue"), changed(2, "colour", "blue", "red"), "no JSON"]
    lines += [changed(4, "status", None, "a word nobody knows"), changed(5, "noise", 1, 2), added(6, "B")]
    refused = imports.lines(*lines)
    assert (refused.code, [each["line"] for each in refused.report["refused"]]) == (1, [3, 4])
    assert imports.facts() == [], "part of a file is taken in only on demand"
    taken = imports.lines(*lines, options=("--skip-refused",)).report
    assert (taken["lines"], [each["line"] for each in taken["refused"]]) == (6, [3, 4])
    assert imports.project("A")["attributes"]["colour"] == "red", "a field that no mapping names is kept"
    assert set(imports.projects()) == {"A", "B"}
    again = imports.lines(*lines, options=("--skip-refused",)).report
    assert again["skipped"] + len(again["refused"]) == again["lines"]
    assert JSON_MAPPING.count("noise") == 1, "what makes no fact was named in the mapping"


def test_a_missing_number_is_neither_nothing_nor_green(ada: Api, portfolio: str) -> None:
    """Where nobody said anything, the answer says that nobody did."""
    body = {"name": "Till", "sponsor": "sales", "portfolio": portfolio, "rationale": WHY}
    project = ada.do("/projects", body)["id"]
    shown, whole = ada.get(f"/projects/{project}"), ada.get(f"/portfolios/{portfolio}")
    assert [shown[figure] for figure in ("budget", "forecast", "actual", "score", "next_milestone")] == [None] * 5
    assert (shown["health"]["declared"], shown["health"]["computed"]) == (None, None)
    assert whole["counts"]["by_health"] == {"on_track": 0, "at_risk": 0, "off_track": 0, "no_update": 1}
    for figure in ("budget", "actual", "forecast"):
        assert whole["money"][figure] == {"amount": None, "currency": "GBP", "of": 1, "missing": 1}
    assert ada.get("/projects", health="on_track")["items"] == []
    goal = ada.do("/goals", {"name": "No queues", "portfolio": portfolio, "rationale": WHY})["id"]
    ada.do(f"/goals/{goal}/link", {"project": project, "weight": "1", "rationale": WHY})
    assert ada.get(f"/goals/{goal}")["progress"]["value"] is None
