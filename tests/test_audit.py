"""The audit trail: what a value was before, and the trail as a file."""

import csv
import io
import json
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.facts import project as p
from domain.identity.words import Role
from domain.kernel.decide import Commit
from domain.kernel.event import Fact
from projections.export import cell
from tests.conftest import WHY, Api, World
from tests.servers import until

MONEY = {"amount": "100.00", "currency": "GBP"}


@pytest.fixture
def shop(ada: Api) -> str:
    """A project whose name looks like a formula, renamed twice, submitted once."""
    harbour = ada.do("/portfolios", {"name": "Harbour"})["id"]
    body = {"name": "=1+1", "owner": "bea", "sponsor": "s", "portfolio": harbour, "rationale": WHY}
    project = ada.do("/projects", body)["id"]
    ada.do(f"/projects/{project}/revise", {"name": "@Shop"})
    ada.do(f"/projects/{project}/revise", {"name": "Web shop", "owner": "bea"})
    case = {"problem": "Queues", "expected_benefit": "Sales", "cost_low": MONEY, "cost_high": MONEY}
    ada.do(f"/projects/{project}/submit", case)
    return str(project)


def _changes(api: Api, **params: Any) -> list[tuple[str, dict[str, tuple[Any, Any]]]]:
    return [
        (fact["name"], {each["aspect"]: (each["from"], each["to"]) for each in fact["changes"]})
        for fact in reversed(api.get("/audit", **params)["items"])
    ]


def test_each_fact_tells_what_a_value_was_before_it(ada: Api, shop: str) -> None:
    drafted, joined, *later = _changes(ada, subject=shop)
    assert drafted[1]["name"] == (None, "=1+1")
    assert joined[0] == "portfolio.component_added.v1"
    assert later == [
        ("project.revised.v1", {"name": ("=1+1", "@Shop")}),
        ("project.revised.v1", {"name": ("@Shop", "Web shop")}),
        ("project.submitted.v1", {"state": ("draft", "submitted")}),
    ]


def test_a_value_is_told_once_and_who_proposed_is_none(world: World, ada: Api, bob: Api) -> None:
    project = ada.do("/projects", {"name": "Quay", "sponsor": "s", "rationale": WHY})["id"]
    bob.do(
        f"/projects/{project}/submit", {"problem": "a", "expected_benefit": "b", "cost_low": MONEY, "cost_high": MONEY}
    )
    now, store, stream = world.clock(), world.system.store, UUID(project)
    fact = Fact(uuid4(), stream, p.AttributeChanged(name="benefit", to="4"), now, now, "kep:u-1", "integration", "c")
    store.append(Commit(f"test:{fact.event_id}", "", stream, (fact,), {stream: store.versions([stream])[stream]}))
    until(lambda: world.client.get("/health/ready").json()["lag"] == 0)
    told = [sorted(each["aspect"] for each in fact["changes"]) for fact in ada.get("/audit", subject=project)["items"]]
    assert told == [["benefit"], ["state"], ["kind", "name", "sponsor", "state"]]


def test_what_was_before_a_fact_is_what_the_log_before_it_said(world: World, ada: Api, shop: str) -> None:
    """A change that is told late comes between two that are known: the later one is not told otherwise for it."""
    submitted = world.clock.now
    world.clock.now += timedelta(hours=1)
    ada.do(f"/projects/{shop}/revise", {"owner": "dora"})
    before = _changes(ada, subject=shop)
    late = (submitted + timedelta(minutes=30)).isoformat()
    ada.do(f"/projects/{shop}/revise", {"owner": "carl", "occurred_at": late})
    after = _changes(ada, subject=shop)
    assert before[-1] == ("project.revised.v1", {"owner": ("bea", "dora")})
    assert after == [*before[:-1], ("project.revised.v1", {"owner": ("bea", "carl")}), before[-1]]


def test_roles_are_told_with_what_held_before(world: World, ada: Api) -> None:
    root = world.person("root", Role.ADMINISTRATOR)
    person = root.do("/people", {"name": "Wilma"})["id"]
    root.do(f"/people/{person}/grant-role", {"role": "board", "rationale": WHY})
    root.do(f"/people/{person}/grant-role", {"role": "board", "until": "2026-12-31", "rationale": WHY})
    *_, first, second = (list(changes.values()) for _, changes in _changes(root, subject=person))
    assert (first[0][0], first[0][1]["until"]) == (None, None)
    assert (second[0][0]["until"], second[0][1]["until"]) == (None, "2026-12-31")


FILTERS: list[dict[str, str]] = [
    {},
    {"fact": "revised"},
    {"code": "strategic_fit"},
    {"q": "Web shop"},
    {"since": "2026-03-02", "until": "2026-03-02"},
    {"as_of": "2026-03-01"},
]


@pytest.mark.parametrize("asked", FILTERS, ids=str)
def test_the_file_holds_what_the_list_holds(ada: Api, shop: str, asked: dict[str, str]) -> None:
    listed = ada.every("/audit", **asked)
    lines = ada.ask("/audit/export", format="jsonl", **asked)
    assert [_as_listed(json.loads(line)) for line in lines.text.splitlines()] == listed
    assert int(lines.headers["x-count"]) == len(listed)
    assert lines.headers["x-sha256"] == sha256(lines.content).hexdigest()
    table = ada.ask("/audit/export", format="csv", **asked)
    rows = list(csv.DictReader(io.StringIO(table.text, newline="")))
    assert [row["event_id"] for row in rows] == [fact["event_id"] for fact in listed]
    assert [json.loads(row["changes"]) for row in rows] == [fact["changes"] for fact in listed]
    assert int(table.headers["x-count"]) == len(listed)
    assert table.headers["x-sha256"] == sha256(table.content).hexdigest()


def test_by_whom_about_what_and_by_which_name(world: World, ada: Api, bob: Api, shop: str) -> None:
    bob.do(f"/projects/{shop}/revise", {"name": "Shop of Bob"})
    bob.get("/audit")
    mine = ada.ask("/audit/export", actor=bob.person, subject=shop)
    assert [json.loads(line)["data"]["name"] for line in mine.text.splitlines()] == ["Shop of Bob"]
    assert ada.ask("/audit/export", format="xls").status_code == 422
    assert world.person("sam", Role.SPONSOR).ask("/audit/export").status_code == 403


def _as_listed(row: dict[str, Any]) -> dict[str, Any]:
    return {member: row[member] for member in row if member not in {"code", "text"}}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-cmd|x", "'-cmd|x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-12.50", "-12.50"),
        ("Harbour", "Harbour"),
        (None, ""),
        (0, "0"),
        ({"amount": "1"}, '{"amount":"1"}'),
    ],
)
def test_no_cell_is_a_formula(value: Any, expected: str) -> None:
    assert cell(value) == expected
