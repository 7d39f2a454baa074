"""Bad input gets a status, a sentence that names the member, and leaves no fact behind.

What is refused before the store is asked is tested on one database.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.identity.words import Role
from tests.conftest import PREFIX, WHY, Api, World

MONEY = {"amount": "100.00", "currency": "GBP"}
CASE = {"problem": "Queues", "expected_benefit": "Sales", "cost_low": MONEY, "cost_high": MONEY}
PAUSE = {
    "expected_resume": "unknown",
    "allocations": "keep",
    "rationale": {"code": "budget_freeze", "text": "No money until the summer"},
}


@pytest.fixture
def active(ada: Api, bob: Api) -> str:
    """An active project."""
    project = ada.do("/projects", {"name": "Shop", "sponsor": "sales"})["id"]
    ada.do(f"/projects/{project}/submit", CASE)
    ada.do(f"/projects/{project}/evaluate")
    ada.do(f"/projects/{project}/select", {"rationale": WHY})
    bob.do(f"/projects/{project}/authorize", {"budget": MONEY, "rationale": WHY})
    ada.do(f"/projects/{project}/activate", {"owner": "carol", "starts_on": "2026-03-02"})
    return str(project)


@pytest.fixture
def unchanged(world: World) -> Any:
    """Nothing may be recorded while the test runs; call it at the end."""
    head = world.system.store.head()
    return lambda: world.system.store.head() == head


def _pause(**changes: Any) -> dict[str, Any]:
    return {**PAUSE, **changes}


def _because(text: str, code: str = "budget_freeze") -> dict[str, str]:
    return {"code": code, "text": text}


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("body", "pointer", "sentence"),
    [
        (_pause(rationale=_because("   ")), "/rationale/text", "expected text"),
        (_pause(rationale=_because("")), "/rationale/text", "at least 1 character"),
        (_pause(rationale=_because("n/a")), "/rationale/text", "gives none"),
        (_pause(rationale=_because("TBD.")), "/rationale/text", "gives none"),
        (_pause(rationale=_because("Budgetfreeze")), "/rationale/text", "2 words"),
        (_pause(rationale=_because("as it is")), "/rationale/text", "10 characters"),
        (_pause(rationale=_because("No money until summer", "boredom")), "/rationale/code", "expected one of"),
        (_pause(rationale=_because("No money now", "other")), "/rationale/text", "other demands"),
        (_pause(mood="good"), "/mood", "not a member"),
        (_pause(allocations=True), "/allocations", "expected one of keep, release"),
        (_pause(expected_resume="31.12.2026"), "/expected_resume", "expected a date"),
        (_pause(expected_resume=20261231), "/expected_resume", "expected a date"),
        ({"allocations": "keep", "expected_resume": "unknown"}, "/rationale", "required"),
        (_pause(occurred_at="2026-03-02T09:00:00"), "/occurred_at", "RFC 3339"),
        (_pause(occurred_at=1772442000), "/occurred_at", "RFC 3339"),
        (_pause(inputs_position="3"), "/inputs_position", "integer"),
        (_pause(inputs_position=10**9), "/inputs_position", "the newest"),
    ],
)
def test_a_wrong_member_is_named(
    ada: Api, active: str, unchanged: Any, body: dict[str, Any], pointer: str, sentence: str
) -> None:
    before = ada.get(f"/projects/{active}")["version"]
    response = ada.attempt(f"/projects/{active}/pause", body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    named = {error["pointer"]: error["detail"] for error in problem["errors"]}
    assert any(each.startswith(pointer) for each in named), named
    assert sentence in problem["detail"]
    assert ada.get(f"/projects/{active}")["version"] == before


def test_every_wrong_member_is_named_at_once(ada: Api) -> None:
    response = ada.attempt(f"/projects/{uuid4()}/submit", {"cost_low": {"amount": 1, "currency": "pounds"}})
    pointers = {error["pointer"] for error in response.json()["errors"]}
    assert pointers == {"/problem", "/expected_benefit", "/cost_high", "/cost_low/amount", "/cost_low/currency"}


def test_false_is_no_amount(ada: Api, active: str) -> None:
    response = ada.attempt(f"/projects/{active}/cancel", {
        "rationale": WHY, "disposition": "Sold", "sunk_cost": {"amount": False, "currency": "GBP"},
    })  # fmt: skip
    assert response.status_code == 422
    assert "/sunk_cost/amount" in response.text


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize("content", [b"", b"{", b'{"name": "a",}', b"[1, 2]", b'"text"', b"\xff\xfe", b"null"])
def test_what_is_no_json_object_is_refused(world: World, ada: Api, content: bytes) -> None:
    head = world.system.store.head()
    response = world.client.post(
        f"{PREFIX}/portfolios",
        content=content,
        headers={"Authorization": f"Bearer {ada.key}", "Content-Type": "application/json"},
    )
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"]
    assert world.system.store.head() == head


def test_an_illegal_move_names_the_state_and_what_is_allowed(ada: Api, active: str) -> None:
    response = ada.attempt(f"/projects/{active}/resume", {"rationale": WHY, "forecast_finish": "2027-01-01"})
    assert response.status_code == 409
    problem = response.json()
    assert problem["state"] == "active"
    assert problem["allowed_moves"] == ["pause", "complete", "cancel"]
    assert "this project is active" in problem["detail"]


def test_a_state_already_reached_is_refused_because_its_reason_would_be_lost(ada: Api, active: str) -> None:
    ada.do(f"/projects/{active}/pause", PAUSE)
    response = ada.attempt(f"/projects/{active}/pause", _pause(rationale=_because("Still no money at all")))
    assert response.status_code == 409
    assert "on_hold" in response.json()["detail"]


def test_a_stale_version_is_refused(ada: Api, active: str) -> None:
    version = ada.get(f"/projects/{active}")["version"]
    response = ada.attempt(f"/projects/{active}/pause", PAUSE, if_match=f'"{version - 1}"')
    assert response.status_code == 412
    assert f"the current version is {version}" in response.json()["detail"]
    receipt = ada.do(f"/projects/{active}/pause", PAUSE, if_match=f'"{version}"')
    assert receipt["version"] == version + 1
    assert ada.attempt(f"/projects/{active}/pause", PAUSE, if_match="latest").status_code == 422


def test_an_unknown_id_is_not_found(ada: Api) -> None:
    for path in (f"/projects/{uuid4()}", f"/portfolios/{uuid4()}/why", f"/resources/{uuid4()}/history", "/projects/x"):
        response = ada.ask(path)
        assert response.status_code == 404, path
        assert "has the id" in response.json()["detail"]
    assert ada.attempt(f"/projects/{uuid4()}/pause", PAUSE).status_code == 404
    assert ada.ask("/nowhere").status_code == 404


def test_an_unknown_id_in_the_body_is_named(ada: Api, active: str) -> None:
    body = {"portfolio": str(uuid4()), "to_rank": 1, "rationale": _because("Less money than hoped", "capacity")}
    response = ada.attempt(f"/projects/{active}/reprioritize", body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/portfolio"


def test_an_idempotency_key_belongs_to_one_body(ada: Api, bob: Api, world: World, active: str) -> None:
    first = ada.do(f"/projects/{active}/pause", PAUSE, idempotency_key="k1")
    head = world.system.store.head()
    assert ada.do(f"/projects/{active}/pause", PAUSE, idempotency_key="k1") == first
    response = ada.attempt(f"/projects/{active}/pause", _pause(allocations="release"), idempotency_key="k1")
    assert response.status_code == 422
    assert "another body" in response.json()["detail"]
    assert bob.attempt(f"/projects/{active}/pause", PAUSE, idempotency_key="k1").status_code == 409
    assert world.system.store.head() == head


def test_a_key_is_forgotten_after_30_days(ada: Api, world: World) -> None:
    first = ada.do("/portfolios", {"name": "One"}, idempotency_key="again")["id"]
    world.clock.now += timedelta(days=29)
    assert ada.do("/portfolios", {"name": "One"}, idempotency_key="again")["id"] == first
    world.clock.now += timedelta(days=2)
    assert ada.do("/portfolios", {"name": "One"}, idempotency_key="again")["id"] != first


def test_what_happened_lies_neither_in_the_future_nor_before_the_last_decision(
    ada: Api, world: World, active: str
) -> None:
    future = (world.clock.now + timedelta(minutes=5)).isoformat()
    response = ada.attempt(f"/projects/{active}/pause", _pause(occurred_at=future))
    assert response.status_code == 422
    assert "is in the future; it is 2026-03-02T09:00:00" in response.json()["detail"]
    response = ada.attempt(f"/projects/{active}/pause", _pause(occurred_at="2026-03-01T09:00:00Z"))
    assert response.status_code == 422
    assert (
        "2026-03-01T09:00:00Z is before the latest decision on it, at 2026-03-02T09:00:00" in response.json()["detail"]
    )


def test_a_date_before_the_first_fact_is_an_answer(ada: Api, active: str) -> None:
    answer = ada.get(f"/projects/{active}", as_of="2020-01-01")
    assert answer["name"] is None
    assert answer["state"] is None
    assert answer["rank"] is None
    assert answer["first_fact_at"].startswith("2026-03-02")
    for path in ("/projects", "/portfolios", f"/projects/{active}/why", f"/projects/{active}/history", "/events"):
        for bound in ({"as_of": "2020-01-01"}, {"known_at": "2020-01-01"}, {"at": 0}):
            listed = ada.get(path, **bound)
            assert listed["items"] == []
            assert listed["first_fact_at"].startswith("2026-03-02"), (path, bound)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"as_of": "2030-01-01"}, "in the future"),
        ({"known_at": "2030-01-01T00:00:00Z"}, "in the future"),
        ({"as_of": "yesterday"}, "expected a date"),
        ({"as_of": "2026-02-30"}, "expected a date"),
        ({"at": "99999"}, "past the head"),
        ({"at": "-1"}, "greater than or equal to 0"),
        ({"limit": "0"}, "greater than or equal to 1"),
        ({"limit": "1001"}, "less than or equal to 1000"),
        ({"state": "sleeping"}, "'draft'"),
        ({"sort": "colour"}, "expected one of"),
        ({"sort": "rank"}, "portfolio"),
        ({"cursor": "nonsense"}, "next_cursor"),
        ({"after": "nonsense"}, "token"),
        ({"stat": "draft"}, "not a parameter here"),
    ],
)
def test_a_wrong_question_is_refused(ada: Api, params: dict[str, str], sentence: str) -> None:
    response = ada.ask("/projects", **params)
    assert response.status_code == 422
    assert sentence in response.json()["detail"]


def test_without_a_valid_key_nothing_is_answered(world: World, ada: Api) -> None:
    for key in (
        "",
        "Bearer ",
        "Bearer wf_x_y",
        f"Basic {ada.key}",
        f"Bearer {ada.key}x",
        "Bearer wf_" + "0" * 32 + "_s",
    ):
        response = world.client.get(f"{PREFIX}/projects", headers={"Authorization": key} if key else {})
        assert response.status_code == 401, key
        assert response.headers["www-authenticate"].startswith("Bearer")
        assert "whyfolio keys create" in response.json()["detail"]


def test_a_revoked_key_is_worth_nothing(world: World, ada: Api) -> None:
    key_id = next(key.id for key in world.system.context.people.every_key() if str(key.person) == ada.person)
    assert world.system.context.people.revoke_key(key_id)
    assert ada.ask("/projects").status_code == 401


def test_the_wrong_role_is_told_which_is_needed(world: World, active: str) -> None:
    auditor = world.person("auditor", Role.AUDITOR)
    response = auditor.attempt(f"/projects/{active}/pause", PAUSE)
    assert response.status_code == 403
    assert "portfolio_manager" in response.json()["detail"]
    assert response.json()["roles"] == ["portfolio_manager"]
    member = world.person("member", Role.TEAM_MEMBER)
    assert member.ask("/audit").status_code == 403
    assert member.ask("/events").status_code == 403


def test_an_administrator_cannot_decide(world: World, active: str) -> None:
    administrator = world.person("root", Role.ADMINISTRATOR)
    assert administrator.attempt(f"/projects/{active}/pause", PAUSE).status_code == 403


def test_whoever_proposed_may_not_authorize(ada: Api) -> None:
    project = ada.do("/projects", {"name": "Shop", "sponsor": "sales"})["id"]
    ada.do(f"/projects/{project}/submit", CASE)
    ada.do(f"/projects/{project}/evaluate")
    ada.do(f"/projects/{project}/select", {"rationale": WHY})
    response = ada.attempt(f"/projects/{project}/authorize", {"budget": MONEY, "rationale": WHY})
    assert response.status_code == 403
    assert "another board member" in response.json()["detail"]


def test_out_of_scope_is_not_found(world: World, ada: Api, active: str) -> None:
    mine = ada.do("/portfolios", {"name": "Mine"})["id"]
    inside = ada.do("/projects", {"name": "In", "sponsor": "s", "portfolio": mine, "rationale": WHY})["id"]
    scoped = world.person("scoped", Role.PORTFOLIO_MANAGER, portfolio=UUID(mine))
    scoped.token = ada.token
    assert [item["id"] for item in scoped.get("/projects")["items"]] == [inside]
    assert scoped.ask(f"/projects/{active}").status_code == 404
    assert scoped.ask(f"/projects/{active}/why").status_code == 404
    assert scoped.attempt(f"/projects/{active}/pause", PAUSE).status_code == 404
    assert scoped.attempt("/portfolios", {"name": "Other"}).status_code == 403
    assert {s["id"] for item in scoped.get("/decisions")["items"] for s in item["subjects"]} == {mine, inside}
    assert all(any(s["id"] in {mine, inside} for s in f["subjects"]) for f in scoped.get("/events")["items"])


def test_a_refusal_shows_neither_sql_nor_a_stack(ada: Api, monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("SELECT secret FROM api_keys")

    monkeypatch.setattr(world.system.context.store, "head", broken)
    world.client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    response = ada.ask("/projects", at="1")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert response.headers["content-type"] == "application/problem+json"


def test_a_person_who_works_elsewhere_too_shows_only_what_is_in_scope(world: World, ada: Api) -> None:
    mine, other = (UUID(ada.do("/portfolios", {"name": name})["id"]) for name in ("Mine", "Other"))
    inside, outside, secret = (
        ada.do("/projects", {"name": name, "sponsor": "s", "portfolio": str(where), "rationale": WHY})["id"]
        for name, where in (("In", mine), ("Out", other), ("Secret", other))
    )
    kim = ada.do("/resources", {"name": "Kim"})["id"]
    share = {"share": "0.2", "starts_on": "2026-03-02"}
    for project, text in ((inside, "Needed for the inside"), (secret, "Nobody may know of this")):
        why = {"code": "skill", "text": text}
        ada.do(f"/resources/{kim}/assign", {"project": project, **share, "rationale": why})
    moved = {"code": "skill_match", "text": "Goes over to the other one"}
    reassign = {"from_project": inside, "to_project": outside, **share, "rationale": moved}
    ada.do(f"/resources/{kim}/reassign", reassign)
    scoped = world.person("scoped", Role.PORTFOLIO_MANAGER, portfolio=mine)
    scoped.token = ada.token
    for path in (f"/resources/{kim}/why", f"/resources/{kim}/history", "/decisions", "/audit", "/events"):
        answer = scoped.ask(path, limit=1000, **({} if "events" in path else {"after": str(ada.token)}))
        assert answer.status_code == 200
        assert "Needed for the inside" in answer.text, path
        assert "Goes over to the other one" in answer.text, path
        assert "Nobody may know of this" not in answer.text, path
        assert '"Out"' not in answer.text.replace('"name":"Out","key"', "") or path in {"/audit", "/events"}, path
    assert scoped.get("/projects", portfolio=str(other))["items"] == []


def test_who_removed_a_component_decides_about_it_no_longer(world: World, ada: Api) -> None:
    mine, other = (UUID(ada.do("/portfolios", {"name": name})["id"]) for name in ("Mine", "Other"))
    project = ada.do("/projects", {"name": "P", "sponsor": "s", "portfolio": str(mine), "rationale": WHY})["id"]
    ada.do(f"/portfolios/{other}/add-component", {"component": project, "rationale": WHY})
    scoped = world.person("scoped", Role.PORTFOLIO_MANAGER, portfolio=mine)
    scoped.do(f"/projects/{project}/revise", {"name": "Mine still"})
    ada.do(f"/portfolios/{mine}/remove-component", {"component": project, "rationale": WHY})
    assert scoped.attempt(f"/projects/{project}/revise", {"name": "No longer"}).status_code == 403
    scoped.token = ada.token
    shown = scoped.get(f"/projects/{project}")
    assert (shown["name"], shown["allowed_moves"], shown["portfolios"]) == ("Mine still", [], [])


def test_a_decision_is_superseded_once_and_by_one_of_its_own_stream(ada: Api, active: str) -> None:
    first = ada.do(f"/projects/{active}/pause", PAUSE)
    paused = ada.get(f"/projects/{active}")["last_decision"]["event_id"]
    kim = ada.do("/resources", {"name": "Kim"})["id"]
    why = {**WHY, "supersedes": paused}
    share = {"project": active, "share": "0.2", "starts_on": "2026-03-02"}
    response = ada.attempt(f"/resources/{kim}/assign", {**share, "rationale": why})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/rationale/supersedes"
    right = {"code": "awaiting_decision", "text": "It waits for the council", "supersedes": paused}
    again = ada.do(f"/projects/{active}/pause", _pause(rationale=right))
    assert again["version"] == first["version"] + 1
    response = ada.attempt(f"/projects/{active}/pause", _pause(rationale=right))
    assert response.status_code == 409
    decisions = ada.get(f"/projects/{active}/why")["items"]
    assert [d["superseded_by"] for d in decisions if d["event_id"] == paused] == [decisions[-1]["event_id"]]


def test_a_stale_version_is_told_before_any_rule(ada: Api, active: str) -> None:
    assert (
        ada.attempt(
            f"/projects/{active}/resume", {"rationale": WHY, "forecast_finish": "2027-01-01"}, if_match='"1"'
        ).status_code
        == 412
    )


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize("share", ["NaN", "Infinity", "-0.5", "0", "1.00001", "1e-9", 2, True, None, "0,5"])
def test_a_share_is_a_part_of_full_time(ada: Api, active: str, share: Any) -> None:
    kim = ada.do("/resources", {"name": "Kim"})["id"]
    body = {"project": active, "share": share, "starts_on": "2026-03-02", "rationale": WHY}
    response = ada.attempt(f"/resources/{kim}/assign", body)
    assert response.status_code == 422
    assert "/share" in response.text


@pytest.mark.parametrize(
    "params",
    [
        {"until": "9999-12-31"},
        {"q": "last year", "as_of": "0001-01-01"},
        {"q": "a\x00b"},
        {"cursor": "eyJvZmZzZXQiOi0xfQ"},
        {"cursor": "eyJvZmZzZXQiOjEwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwfQ"},
        {"cursor": "eyJvZmZzZXQiOjEsInBpbiI6IngifQ"},
    ],
)
def test_odd_questions_never_fail(ada: Api, params: dict[str, str]) -> None:
    assert ada.ask("/decisions", **params).status_code in {200, 422}


def test_many_readers_at_once_are_answered(ada: Api, active: str) -> None:
    with ThreadPoolExecutor(60) as pool:
        codes = set(pool.map(lambda _: ada.ask("/projects").status_code, range(180)))
    assert codes == {200}
