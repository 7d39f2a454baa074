"""The order of a portfolio: where everything stands, which move put it there and why, and what changed in between."""

from datetime import timedelta
from typing import Any

import pytest

from domain.kernel.instants import rfc3339
from tests.conftest import WHY, Api, World

CAPACITY = {"code": "capacity", "text": "Nobody is free before May"}
MANDATE = {"code": "regulatory_mandate", "text": "The act leaves no other date"}


class Office:
    """A portfolio with four components in the order in which they joined."""

    def __init__(self, world: World, ada: Api) -> None:
        self.world, self.ada = world, ada
        self.portfolio = str(ada.do("/portfolios", {"name": "Harbour", "currency": "GBP"})["id"])
        self.ids = {name: self.propose(name) for name in ("Crane", "Bridge", "Ferry", "Quay")}
        self.before = self.later()

    def propose(self, name: str) -> str:
        body = {"name": name, "sponsor": "sales", "portfolio": self.portfolio, "rationale": WHY}
        return str(self.ada.do("/projects", body)["id"])

    def later(self) -> str:
        """Let two days pass; the instant in the middle of them."""
        middle = self.world.clock.now + timedelta(days=1)
        self.world.clock.now += timedelta(days=2)
        return rfc3339(middle)

    def move(self, name: str, to_rank: int, why: dict[str, str]) -> None:
        body = {"portfolio": self.portfolio, "to_rank": to_rank, "rationale": why}
        self.ada.do(f"/projects/{self.ids[name]}/reprioritize", body)

    def leave(self, name: str) -> None:
        self.ada.do(f"/portfolios/{self.portfolio}/remove-component", {"component": self.ids[name], "rationale": WHY})

    def priorities(self, **asked: Any) -> Any:
        return self.ada.get(f"/portfolios/{self.portfolio}/priorities", **asked)

    def order(self, **asked: Any) -> list[tuple[int, str]]:
        return [(each["rank"], each["name"]) for each in self.priorities(**asked)["items"]]

    def changes(self, **asked: Any) -> list[tuple[Any, ...]]:
        """What changed in short: kind, name, ranks, reason."""
        return [
            (row["kind"], row["subject"]["name"], row["from"], row["to"], row["decision"] and row["decision"]["text"])
            for row in self.priorities(**{"from": self.before, **asked})["changes"]
        ]


@pytest.fixture
def office(world: World, ada: Api) -> Office:
    return Office(world, ada)


def test_everything_stands_in_its_order_with_its_last_move_and_the_reason(office: Office) -> None:
    office.move("Quay", 3, CAPACITY)
    office.move("Quay", 1, MANDATE)
    assert office.order() == [(1, "Quay"), (2, "Crane"), (3, "Bridge"), (4, "Ferry")]
    quay, crane, *_ = office.priorities()["items"]
    move = quay["last_move"]
    assert (move["from_rank"], move["to_rank"], move["decision"]["text"]) == (3, 1, MANDATE["text"])
    assert move["decision"]["actor"] == office.ada.person
    assert crane["last_move"] is None, "it has another rank only because another one moved"


def test_what_left_and_came_back_tells_no_move(office: Office) -> None:
    office.move("Quay", 1, MANDATE)
    office.leave("Quay")
    assert office.order() == [(1, "Crane"), (2, "Bridge"), (3, "Ferry")]
    office.ada.do(
        f"/portfolios/{office.portfolio}/restore-component", {"component": office.ids["Quay"], "rationale": WHY}
    )
    first = office.priorities()["items"][0]
    assert (first["name"], first["last_move"]) == ("Quay", None)


def test_ranks_count_everything_whatever_is_asked_for(office: Office) -> None:
    cost = {"amount": "1.00", "currency": "GBP"}
    handed_in = {"problem": "Queues", "expected_benefit": "Sales", "cost_low": cost, "cost_high": cost}
    office.ada.do(f"/projects/{office.ids['Ferry']}/submit", handed_in)
    assert office.order(state="submitted") == [(3, "Ferry")]


def test_what_changed_between_two_rankings_tells_the_decision_behind_it(office: Office) -> None:
    office.move("Quay", 1, MANDATE)
    office.leave("Bridge")
    office.ids["Dredger"] = office.propose("Dredger")
    assert office.changes() == [
        ("added", "Dredger", None, 4, WHY["text"]),
        ("removed", "Bridge", 2, None, WHY["text"]),
        ("rank", "Crane", 1, 2, None),
        ("rank", "Quay", 4, 1, MANDATE["text"]),
    ]
    assert office.priorities()["changes"] is None, "nobody asked"


def test_the_two_rankings_are_those_of_the_two_moments(office: Office) -> None:
    office.move("Quay", 1, MANDATE)
    between = office.later()
    office.move("Quay", 4, CAPACITY)
    assert office.changes() == [], "it stands where it stood"
    assert [row[1:4] for row in office.changes(to=between)][-1] == ("Quay", 4, 1)
    assert [row for row in office.changes(**{"from": between}) if row[4]] == [("rank", "Quay", 1, 4, CAPACITY["text"])]
    answer = office.priorities(**{"from": office.before, "to": between, "clock": "occurred"})
    assert (answer["from"], answer["to"], answer["clock"]) == (office.before, between, "occurred")


def test_the_order_of_the_past_is_the_order_then(office: Office) -> None:
    then, position = office.before, office.priorities()["position"]
    office.move("Quay", 1, MANDATE)
    for past in ({"as_of": then}, {"known_at": then}, {"at": position}):
        told = office.priorities(**past)["items"]
        assert [each["name"] for each in told] == ["Crane", "Bridge", "Ferry", "Quay"]
        assert all(each["last_move"] is None for each in told)
    assert office.priorities(as_of="2020-01-01")["items"] == []


def test_pages_of_an_order_compare_the_moments_of_the_first_page(office: Office) -> None:
    office.move("Quay", 1, MANDATE)
    asked = {"from": office.before, "limit": 3}
    first = office.priorities(**asked)
    office.move("Quay", 4, CAPACITY)
    second = office.priorities(**asked, cursor=first["next_cursor"])
    assert [each["name"] for each in second["items"]] == ["Ferry"], "the page does not shift"
    assert (second["from"], second["to"], second["changes"]) == (first["from"], first["to"], first["changes"])


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [({"to": "2026-03-02"}, "query:to"), ({"from": "soon"}, "query:from"), ({"from": "2030-01-01"}, "query:from")],
)
def test_moments_that_cannot_be_compared_are_refused(office: Office, asked: dict[str, Any], pointer: str) -> None:
    answer = office.ada.ask(f"/portfolios/{office.portfolio}/priorities", **asked)
    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (422, [pointer])
