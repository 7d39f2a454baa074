"""Analyses as people keep them: made once, unchanged for ever, evidence of a decision."""

import json
import re
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.choosing.analyses import METHODS, AnalysisKind, analysed
from domain.identity.words import Role
from tests.conftest import WHY, Api, World

EXAMPLES = [
    json.loads(block)
    for block in re.findall(
        r"```json\n(.*?)```", (Path(__file__).parents[1] / "docs" / "choosing.md").read_text(), re.DOTALL
    )
]
"""The bodies of docs/choosing.md."""
USD = {"amount": "100.00", "currency": "USD"}
BUILD = {"name": "Build", "side": "cost", "amounts": [{"on": "2026", "money": USD}]}


def fares(on: str, periods: int = 1) -> dict[str, Any]:
    amount = {"on": on, "periods": periods, "money": {"amount": "1.00", "currency": "GBP"}}
    return {"name": f"Fares from {on}", "side": "benefit", "amounts": [amount]}


def deep(levels: int) -> dict[str, Any]:
    root: dict[str, Any] = {"kind": "outcome", "name": "end", "money": {"amount": "1.00", "currency": "GBP"}}
    for level in range(levels):
        root = {"kind": "choice", "name": f"Level {level}", "options": [{"name": "on", "then": root}]}
    return root


@pytest.fixture
def portfolio(ada: Api) -> str:
    return str(ada.do("/portfolios", {"name": "Digital", "currency": "GBP"})["id"])


def keep(api: Api, portfolio: str, **body: Any) -> str:
    asked = {"kind": "cost_benefit", "title": "Ticket machines", "portfolio": portfolio, **body}
    return str(api.do("/analyses", asked)["id"])


def test_every_kind_has_an_example() -> None:
    assert {example["kind"] for example in EXAMPLES} == set(AnalysisKind)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["kind"])
def test_what_is_kept_is_what_was_computed(ada: Api, portfolio: str, example: dict[str, Any]) -> None:
    """And the kept inputs alone give the same result again."""
    kept = ada.get(f"/analyses/{keep(ada, portfolio, **example)}")
    assert (kept["name"], kept["kind"], kept["portfolio"]) == (example["title"], example["kind"], portfolio)
    assert (kept["method_version"], kept["version"], kept["role"]) == (
        METHODS[kept["kind"]].version,
        1,
        "portfolio_manager",
    )
    assert analysed(AnalysisKind(kept["kind"]), kept["inputs"]) == (kept["inputs"], kept["result"])
    content = json.dumps([kept["inputs"], kept["result"]], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert kept["sha256"] == sha256(content.encode()).hexdigest()


def test_the_newest_come_first(world: World, ada: Api, portfolio: str) -> None:
    other = str(ada.do("/portfolios", {"name": "Roads", "currency": "GBP"})["id"])
    made = []
    for number, held in enumerate((portfolio, other, portfolio)):
        world.clock.now += timedelta(minutes=1)
        made.append(keep(ada, held, **EXAMPLES[number]))
    listed = ada.get("/analyses")["items"]
    assert [each["id"] for each in listed] == made[::-1]
    assert all("result" not in each for each in listed)
    assert [each["id"] for each in ada.get("/analyses", portfolio=other)["items"]] == [made[1]]
    assert [each["id"] for each in ada.get("/analyses", kind=EXAMPLES[2]["kind"])["items"]] == [made[2]]
    first = ada.get("/analyses", limit=2)
    assert [each["id"] for each in ada.get("/analyses", limit=2, cursor=first["next_cursor"])["items"]] == [made[0]]


def test_a_portfolio_lends_its_currency_and_its_rate_of_the_day(world: World, ada: Api, portfolio: str) -> None:
    """What it lent is kept: another rate later changes nothing."""
    rate = {"currency": "USD", "rate": "0.8", "valid_from": "2026-01-01", "published_by": "Bank"}
    controller = world.person("finn", Role.FINANCE_CONTROLLER)
    controller.do(f"/portfolios/{portfolio}/set-rate", rate)
    analysis = keep(controller, portfolio, inputs={"discount_rate": "0", "lines": [BUILD]})
    kept = controller.get(f"/analyses/{analysis}")
    assert kept["result"]["cost"] == "80.00"
    assert kept["inputs"]["currency"] == "GBP"
    assert kept["inputs"]["rates"] == [{"currency": "USD", "rate": "0.8"}]
    controller.do(f"/portfolios/{portfolio}/set-rate", {**rate, "rate": "0.9", "rationale": WHY})
    again = controller.get(f"/analyses/{analysis}")
    assert (again["result"], again["sha256"]) == (kept["result"], kept["sha256"])


def test_an_analysis_is_evidence_of_a_decision(ada: Api, portfolio: str) -> None:
    kept = ada.get(f"/analyses/{keep(ada, portfolio, **EXAMPLES[0])}")
    evidence = {
        "title": kept["name"],
        "url": f"https://whyfolio.example/api/v1/analyses/{kept['id']}",
        "sha256": kept["sha256"],
    }
    body = {
        "name": "Machines",
        "sponsor": "sales",
        "portfolio": portfolio,
        "rationale": {**WHY, "evidence": [evidence]},
    }
    ada.do("/projects", body)
    (decision, *_) = ada.get("/decisions", portfolio=portfolio)["items"]
    assert decision["evidence"] == [evidence]


def test_before_it_was_made_there_was_none(world: World, ada: Api, portfolio: str) -> None:
    world.clock.now += timedelta(days=2)
    analysis = keep(ada, portfolio, **EXAMPLES[0])
    yesterday = (world.clock.now - timedelta(days=1)).isoformat().replace("+00:00", "Z")
    answer = ada.get(f"/analyses/{analysis}", as_of=yesterday)
    assert (answer["name"], answer["result"], answer["version"]) == (None, None, None)
    assert answer["first_fact_at"]
    assert ada.get("/analyses", as_of=yesterday)["items"] == []
    assert ada.ask(f"/analyses/{portfolio}").status_code == 404


def test_who_sees_the_portfolio_sees_its_analyses(world: World, ada: Api, portfolio: str) -> None:
    analysis = keep(ada, portfolio, **EXAMPLES[0])
    own, foreign = (ada.do("/portfolios", {"name": name})["id"] for name in ("Own", "Foreign"))
    insider, stranger = (
        world.person(name, Role.PROJECT_MANAGER, portfolio=UUID(held))
        for name, held in (("insider", portfolio), ("stranger", own))
    )
    insider.token = stranger.token = ada.token
    assert insider.get(f"/analyses/{analysis}")["result"]
    assert stranger.ask(f"/analyses/{analysis}").status_code == 404
    assert stranger.get("/analyses")["items"] == []
    refused = stranger.attempt("/analyses", {**EXAMPLES[0], "portfolio": foreign})
    assert (refused.status_code, "/portfolio" in refused.text) == (422, True)


def test_the_same_key_makes_one_analysis(world: World, ada: Api, portfolio: str) -> None:
    body = {**EXAMPLES[0], "portfolio": portfolio}
    head = world.system.store.head()
    answers = [ada.attempt("/analyses", body, **{"Idempotency-Key": "once"}).json()["id"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert world.system.store.head() == head + 1


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("body", "pointer", "sentence"),
    [
        ({"kind": "guess"}, "/kind", "expected one of cost_benefit, decision_tree, score"),
        ({"inputs": {}}, "/inputs/lines", "required"),
        ({"inputs": {"discount_rate": "0", "lines": [BUILD]}}, "/inputs/lines/0/amounts/0/money/currency", "a rate"),
        ({"inputs": {"discount_rate": "much", "lines": [BUILD]}}, "/inputs/discount_rate", "expected a rate a year"),
        ({"inputs": {"mood": "good"}}, "/inputs/mood", "not a member"),
        ({"portfolio": "01900000-0000-7000-8000-000000000001"}, "/portfolio", "no portfolio has the id"),
        (
            {
                "kind": "decision_tree",
                "inputs": {
                    "root": {"kind": "chance", "name": "C", "outcomes": [{"name": "a", "probability": "0.9"}]},
                },
            },
            "/inputs/root/outcomes",
            "sum to 1; they sum to 0.9",
        ),
        (
            {
                "kind": "decision_tree",
                "inputs": {"root": {"kind": "chance", "name": "C", "outcomes": [{"name": "a", "probability": "2"}]}},
            },
            "/inputs/root/outcomes/0/probability",
            "a part from 0 to 1; got 2",
        ),
        (
            {"inputs": {"discount_rate": "0", "lines": [fares("9998", 10)]}},
            "/inputs/lines/0/amounts/0/periods",
            "the year 9999",
        ),
        ({"inputs": {"discount_rate": "-0.9", "lines": [fares("2026"), fares("9998")]}}, "/inputs", "beyond 50 digits"),
        ({"kind": "decision_tree", "inputs": {"root": deep(300)}}, "/inputs", "100 deep in each other"),
        ({"inputs": {"discount_rate": 1 / 3, "lines": [BUILD]}}, "/inputs/discount_rate", "and 12 behind it; got 0.33"),
        (
            {
                "kind": "frontier",
                "inputs": {
                    "selection": {
                        "periods": ["Q1"],
                        "candidates": [{"project": "A", "value": 1}, {"project": "A", "value": 1}],
                    },
                    "amounts": [1],
                    "budget": 0,
                },
            },
            "/inputs/budget",
            "place of a budget",
        ),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_recorded(
    world: World, ada: Api, portfolio: str, body: dict[str, Any], pointer: str, sentence: str
) -> None:
    head = world.system.store.head()
    response = ada.attempt("/analyses", {**EXAMPLES[0], "portfolio": portfolio, **body})
    assert response.status_code == 422
    named = {error["pointer"]: error["detail"] for error in response.json()["errors"]}
    assert sentence in named.get(pointer, ""), named
    assert world.system.store.head() == head


def test_half_a_character_is_refused_and_nothing_is_recorded(world: World, ada: Api, portfolio: str) -> None:
    head = world.system.store.head()
    halved = json.dumps({**EXAMPLES[0], "portfolio": portfolio, "inputs": {"lines": [{**BUILD, "name": "\ud800"}]}})
    headers = {"Authorization": f"Bearer {ada.key}", "Content-Type": "application/json"}
    response = world.client.post("/api/v1/analyses", content=halved, headers=headers)
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error["pointer"] == "/inputs"
    assert "expected text of whole Unicode characters" in error["detail"]
    assert world.system.store.head() == head


def test_a_busy_portfolio_does_not_make_it_be_computed_again(
    world: World, ada: Api, portfolio: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The portfolio moves on while it is computed: it is decided again, from the result that is there."""
    computed = []

    def slowly(*given: Any) -> Any:
        computed.append(given)
        if len(computed) == 1:
            ada.do("/projects", {"name": "Shop", "sponsor": "sales", "portfolio": portfolio, "rationale": WHY})
        return analysed(*given)

    monkeypatch.setattr("domain.choosing.analysis.analysed", slowly)
    assert keep(ada, portfolio, **EXAMPLES[0])
    assert len(computed) == 1
