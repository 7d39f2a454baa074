"""Attention and reviews as people see them: an agenda that stays as it was, minutes that are told from the facts."""

from typing import Any
from uuid import UUID

import pytest

from domain.identity.words import Role
from tests.conftest import WHY, Api, World
from tests.test_status import FINE, TROUBLE, WAIT, Office
from workers.rebuild import rebuild

LATER = {**WHY, "review_on": "2026-03-10"}
one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


class Board(Office):
    """The portfolio of the office with a goal that the shop serves, and a kiosk that serves none."""

    def __init__(self, world: World, ada: Api, bob: Api) -> None:
        super().__init__(world, ada, bob)
        goal = {"name": "No queues", "portfolio": self.portfolio, "rationale": WHY}
        self.goal = str(ada.do("/goals", goal)["id"])
        self.serve(self.shop)
        self.kiosk = self.begin("Kiosk")

    def serve(self, project: str) -> None:
        self.ada.do(f"/goals/{self.goal}/link", {"project": project, "weight": "0.2", "rationale": WHY})

    def attention(self, **bounds: Any) -> list[tuple[str, str, str]]:
        """Why, what, and the name of the fact behind it."""
        items = self.ada.get(f"/portfolios/{self.portfolio}/attention", **bounds)["items"]
        return [(each["reason"], each["subject"]["name"], each["fact"]["name"]) for each in items]

    def open(self, **body: Any) -> str:
        self.ada.do(f"/portfolios/{self.portfolio}/open-review", body)
        return str(self.reviews()[0]["id"])

    def close(self, **body: Any) -> None:
        self.ada.do(f"/portfolios/{self.portfolio}/close-review", body)

    def reviews(self, **bounds: Any) -> list[dict[str, Any]]:
        return list(self.ada.get(f"/portfolios/{self.portfolio}/reviews", **bounds)["items"])

    def review(self, review: str, **bounds: Any) -> dict[str, Any]:
        return dict(self.ada.get(f"/portfolios/{self.portfolio}/reviews/{review}", **bounds))


@pytest.fixture
def board(world: World, ada: Api, bob: Api) -> Board:
    return Board(world, ada, bob)


KIOSK_ALONE = ("unaligned", "Kiosk", "portfolio.component_added.v1")


# --- attention ------------------------------------------------------------------------------------


def test_what_asks_for_attention_is_told_with_the_fact_that_put_it_there(board: Board) -> None:
    assert board.attention() == [KIOSK_ALONE]
    board.ada.do(f"/projects/{board.shop}/status-updates", TROUBLE)
    board.ada.do(f"/projects/{board.kiosk}/set-cadence", {"cadence_days": 30, "rationale": LATER})
    board.on(3, 13)
    assert board.attention() == [
        ("off_track", "Shop", "project.status_reported.v1"),
        ("overdue_update", "Shop", "project.status_reported.v1"),
        ("past_review_date", "Kiosk", "project.cadence_set.v1"),
        KIOSK_ALONE,
    ]
    rows = board.ada.get(f"/portfolios/{board.portfolio}/attention")["items"]
    assert [(each["since"], each["days"]) for each in rows[:3]] == [
        ("2026-03-02", 11),
        ("2026-03-12", 1),
        ("2026-03-10", 3),
    ]
    assert rows[0]["fact"]["data"]["text"] == TROUBLE["text"]
    assert rows[2]["fact"]["rationale"]["review_on"] == "2026-03-10"


def test_a_paused_project_asks_for_nothing_but_its_resume(board: Board) -> None:
    board.serve(board.kiosk)
    board.ada.do(f"/projects/{board.shop}/status-updates", TROUBLE)
    pause = {"expected_resume": "2026-03-20", "allocations": "keep", "rationale": WAIT}
    board.ada.do(f"/projects/{board.shop}/pause", pause)
    board.ada.do(f"/projects/{board.kiosk}/set-cadence", {"cadence_days": 300, "rationale": WHY})
    board.on(3, 20)
    assert board.attention() == []
    board.on(3, 21)
    assert board.attention() == [("resume_passed", "Shop", "project.paused.v1")]
    board.ada.do(f"/projects/{board.shop}/resume", {"forecast_finish": "2026-12-01", "rationale": WHY})
    assert board.attention() == [("off_track", "Shop", "project.status_reported.v1")]


def test_the_past_asked_for_what_it_asked_for(board: Board) -> None:
    board.on(3, 9)
    board.serve(board.kiosk)
    board.on(3, 14)
    known = board.world.system.store.head()
    board.ada.do(f"/projects/{board.shop}/status-updates", FINE)
    assert board.attention(as_of="2026-03-08") == [KIOSK_ALONE]
    assert board.attention(as_of="2026-03-12") == []
    late = [("overdue_update", name, "project.activated.v1") for name in ("Shop", "Kiosk")]
    assert sorted(board.attention(as_of="2026-03-13")) == sorted(late)
    assert board.attention() == [("overdue_update", "Kiosk", "project.activated.v1")]
    assert board.attention(at=known) == [], "its clock is when the newest fact was stored, on 9 March"


@one_database
def test_a_decision_that_was_superseded_is_not_looked_at_again(board: Board) -> None:
    board.serve(board.kiosk)
    body = {"update_cadence_days": 30, "rationale": LATER}
    board.ada.do(f"/portfolios/{board.portfolio}/set-policy", body)
    board.on(3, 11)
    assert board.attention() == [("past_review_date", "Digital", "portfolio.policy_set.v1")]
    old = board.ada.get(f"/portfolios/{board.portfolio}/attention")["items"][0]["fact"]["event_id"]
    body = {"update_cadence_days": 31, "rationale": {**WHY, "supersedes": old}}
    board.ada.do(f"/portfolios/{board.portfolio}/set-policy", body)
    assert board.attention() == []


@one_database
def test_attention_comes_in_pages(board: Board) -> None:
    for name in ("A", "B", "C"):
        board.begin(name)
    path = f"/portfolios/{board.portfolio}/attention"
    first = board.ada.get(path, limit=3)
    board.begin("D")
    second = board.ada.get(path, limit=3, cursor=first["next_cursor"])
    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (3, 1, None)


# --- reviews --------------------------------------------------------------------------------------


def items_of(review: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(each["reason"], each["subject"], each["since"], each["fact"]) for each in review["agenda"]]


def test_opening_freezes_what_asks_for_attention(board: Board) -> None:
    board.ada.do(f"/projects/{board.shop}/status-updates", TROUBLE)
    board.ada.do(f"/portfolios/{board.portfolio}/set-policy", {"review_cadence_days": 30, "rationale": LATER})
    board.on(3, 14)
    rows = board.ada.get(f"/portfolios/{board.portfolio}/attention")["items"]
    review = board.review(board.open(name="March"))
    asked = [(each["reason"], each["subject"], each["since"], each["fact"]["event_id"]) for each in rows]
    frozen = items_of(review)
    assert sorted(frozen, key=str) == sorted(asked, key=str)
    assert len({each["reason"] for each in rows}) == 4
    board.serve(board.kiosk)
    board.ada.do(f"/projects/{board.shop}/status-updates", FINE)
    assert "unaligned" not in [reason for reason, *_ in board.attention()]
    later = [
        (each["reason"], each["subject"], each["since"], each["fact"]) for each in board.review(review["id"])["agenda"]
    ]
    assert later == frozen, "the agenda stays what it was"


def test_minutes_are_the_decisions_taken_while_it_was_open(board: Board) -> None:
    board.ada.do(f"/projects/{board.shop}/status-updates", TROUBLE)
    board.ada.do(f"/projects/{board.shop}/set-cadence", {"cadence_days": 20, "rationale": WHY})
    review = board.open(name="March")
    board.serve(board.kiosk)
    board.bob.do(
        f"/projects/{board.shop}/pause", {"expected_resume": "unknown", "allocations": "keep", "rationale": WAIT}
    )
    board.ada.token = board.bob.token
    elsewhere = board.found("Roads", None)
    other = board.begin("Road", elsewhere)
    board.close(conclusion="Shop waits for money")
    board.ada.do(f"/projects/{board.kiosk}/set-cadence", {"cadence_days": 20, "rationale": WHY})
    told = board.review(review)
    assert [(each["fact"], each["actor_name"], each["text"]) for each in told["minutes"]["decisions"]] == [
        ("goal.linked.v1", "ada", WHY["text"]),
        ("project.paused.v1", "bob", WAIT["text"]),
    ]
    assert other not in str(told)
    assert (told["name"], told["conclusion"], told["closed_by_name"]) == ("March", "Shop waits for money", "ada")
    paused, linked = (each["event_id"] for each in told["minutes"]["decisions"][::-1])
    became = {each["reason"]: (each["decisions"], each["is_touched"], each["is_settled"]) for each in told["agenda"]}
    assert became == {"off_track": ([paused], True, True), "unaligned": ([linked], True, True)}
    assert told["minutes"]["untouched"] == []


def test_what_nobody_touched_is_named(board: Board) -> None:
    board.ada.do(f"/projects/{board.shop}/status-updates", TROUBLE)
    review = board.open()
    path = {**TROUBLE, "overall": "at_risk"}
    board.ada.do(f"/projects/{board.shop}/status-updates", path)
    update = board.updates()[0]["event_id"]
    board.close()
    told = board.review(review)
    assert [each["name"] for each in told["minutes"]["untouched"]] == ["Kiosk"]
    assert told["minutes"]["decisions"] == []
    shop = next(each for each in told["agenda"] if each["subject"]["name"] == "Shop")
    assert (shop["status_updates"], shop["is_touched"], shop["is_settled"]) == ([update], True, False)
    board.serve(board.kiosk)
    assert board.review(review)["minutes"] == told["minutes"], "what came after is in no minutes"


def test_a_review_is_seen_as_it_stood(board: Board) -> None:
    board.on(3, 3)
    review = board.open()
    board.on(3, 4)
    board.serve(board.kiosk)
    half = board.world.system.store.head()
    board.on(3, 5)
    board.close()
    board.on(3, 9)
    then = board.review(review, as_of="2026-03-03")
    assert (then["closed_at"], then["minutes"]["decisions"]) == (None, [])
    assert [each["name"] for each in then["minutes"]["untouched"]] == ["Kiosk"]
    assert board.review(review, at=half)["closed_at"] is None
    assert len(board.review(review, at=half)["minutes"]["decisions"]) == 1
    assert board.reviews(as_of="2026-03-02") == []
    before = board.review(review, as_of="2026-03-02")
    assert (before["name"], before["opened_at"], before["agenda"], before["minutes"]) == (None, None, [], None)
    assert before["first_fact_at"][:10] == "2026-03-03"
    (listed,) = board.reviews()
    assert (listed["opened_at"][:10], listed["closed_at"][:10], listed["agenda_items"]) == (
        "2026-03-03",
        "2026-03-05",
        1,
    )


def test_a_decision_recorded_after_the_meeting_belongs_to_it_by_its_time(board: Board) -> None:
    board.on(3, 3)
    review = board.open()
    board.on(3, 5)
    board.close()
    board.on(3, 6)
    link = {"project": board.kiosk, "weight": "0.2", "rationale": WHY, "occurred_at": "2026-03-04T09:00:00Z"}
    board.ada.do(f"/goals/{board.goal}/link", link)
    assert [each["fact"] for each in board.review(review)["minutes"]["decisions"]] == ["goal.linked.v1"]
    assert board.review(review, known_at="2026-03-05")["minutes"]["decisions"] == []


@one_database
def test_what_the_portfolio_no_longer_held_is_none_of_its_business(board: Board) -> None:
    left = board.begin("Left")
    board.ada.do(f"/portfolios/{board.portfolio}/remove-component", {"component": left, "rationale": WHY})
    review = board.open()
    board.ada.do(f"/projects/{left}/set-cadence", {"cadence_days": 20, "rationale": WHY})
    joined = board.begin("Joined")
    board.ada.do(f"/portfolios/{board.portfolio}/remove-component", {"component": board.kiosk, "rationale": WHY})
    board.close()
    about = {subject["name"] for each in board.review(review)["minutes"]["decisions"] for subject in each["subjects"]}
    assert about == {"Digital", "Joined", "Kiosk"}
    assert joined in str(board.review(review))


@one_database
def test_one_review_at_a_time(board: Board) -> None:
    assert board.ada.attempt(f"/portfolios/{board.portfolio}/close-review").status_code == 409
    review = board.open()
    refused = board.ada.attempt(f"/portfolios/{board.portfolio}/open-review")
    assert (refused.status_code, review in refused.text) == (409, True)
    board.close()
    board.open()
    assert len(board.reviews()) == 2
    strange = "0190a1b2-0000-7000-8000-000000000000"
    assert board.ada.ask(f"/portfolios/{board.portfolio}/reviews/{strange}").status_code == 404
    elsewhere = board.found("Roads", None)
    assert board.ada.ask(f"/portfolios/{elsewhere}/reviews/{review}").status_code == 404


def test_the_next_review_is_due_one_cadence_after_the_last(board: Board) -> None:
    assert board.whole()["review_due"] is None
    board.ada.do(f"/portfolios/{board.portfolio}/set-policy", {"review_cadence_days": 14, "rationale": WHY})
    due = board.whole()["review_due"]
    assert due == {"due_on": "2026-03-16", "is_overdue": False, "days_overdue": 0, "cadence_days": 14}
    board.on(3, 20)
    assert (board.whole()["review_due"]["is_overdue"], board.whole()["review_due"]["days_overdue"]) == (True, 4)
    board.open()
    assert board.whole()["review_due"]["due_on"] == "2026-04-03"
    assert board.whole(as_of="2026-03-19")["review_due"]["days_overdue"] == 3


@one_database
def test_a_review_is_in_the_scope_of_its_portfolio(board: Board) -> None:
    review = board.open()
    elsewhere = board.found("Roads", None)
    insider = board.world.person("insider", Role.AUDITOR, portfolio=UUID(board.portfolio))
    stranger = board.world.person("stranger", Role.AUDITOR, portfolio=UUID(elsewhere))
    for path in ("attention", "reviews", f"reviews/{review}"):
        assert insider.ask(f"/portfolios/{board.portfolio}/{path}").status_code == 200
        assert stranger.ask(f"/portfolios/{board.portfolio}/{path}").status_code == 404


@one_database
def test_a_rebuild_tells_the_same(board: Board) -> None:
    board.ada.do(f"/projects/{board.shop}/status-updates", {**TROUBLE, "rationale": LATER})
    board.on(3, 20)
    review = board.open()
    board.serve(board.kiosk)
    paths = [f"/portfolios/{board.portfolio}{path}" for path in ("", "/attention", "/reviews", f"/reviews/{review}")]
    before = [board.ada.get(path) for path in paths]
    rebuild(board.world.system.store, board.world.system.context.reads.engine, lambda *_: None)
    assert [board.ada.get(path) for path in paths] == before
