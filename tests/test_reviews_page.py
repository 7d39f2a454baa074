"""The pages of attention, of reviews and of a project's status updates, as they leave the server."""

import re

import pytest

from tests.conftest import Api, World
from tests.test_pages import Visitor, text_of, words_of
from tests.test_reviews import LATER, Board
from tests.test_status import FINE, TROUBLE, WAIT
from whyfolio.settings import Settings


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    """One database is enough: the queries behind the pages are tested on every one."""
    return Settings(database_url=sqlite_url, _env_file=None)


@pytest.fixture
def board(world: World, ada: Api, bob: Api) -> Board:
    return Board(world, ada, bob)


@pytest.fixture
def visitor(world: World, ada: Api, board: Board) -> Visitor:
    found = Visitor(world, ada)
    assert found.sign_in().status_code == 303
    return found


def at_another_time(board: Board, visitor: Visitor, month: int, day: int) -> None:
    board.on(month, day)
    visitor.sign_in()


def test_the_portfolio_leads_to_attention_and_reviews(board: Board, visitor: Visitor) -> None:
    front = visitor.page("/?as_of=2026-03-02")
    for page in ("attention", "reviews"):
        link = f"/portfolios/{board.portfolio}/{page}?as_of=2026-03-02"
        assert f'href="{link}"' in front
        visitor.page(link)


def test_what_asks_for_attention_is_told_with_what_put_it_there(board: Board, visitor: Visitor) -> None:
    board.ada.do(f"/projects/{board.shop}/status-updates", TROUBLE)
    board.ada.do(f"/projects/{board.kiosk}/set-cadence", {"cadence_days": 30, "rationale": LATER})
    at_another_time(board, visitor, 3, 13)
    shown = words_of(visitor.page(f"/portfolios/{board.portfolio}/attention"))
    for told in (
        "off track 2 Mar 2026 11 The supplier is late Status reported, 2 Mar 2026",
        "update overdue 12 Mar 2026 1",
        "review date passed 10 Mar 2026 3",
        "serves no goal",
    ):
        assert told in shown
    front = words_of(visitor.page("/"))
    assert "Overdue updates 1 of active projects; 1 told its health longer ago than the cadence" in front


def test_nothing_is_told_as_nothing(board: Board, visitor: Visitor) -> None:
    board.serve(board.kiosk)
    assert "Nothing asks for attention" in text_of(visitor.page(f"/portfolios/{board.portfolio}/attention"))
    assert "No review was held. No cadence of reviews is set." in text_of(
        visitor.page(f"/portfolios/{board.portfolio}/reviews")
    )
    board.ada.do(f"/portfolios/{board.portfolio}/set-policy", {"review_cadence_days": 14, "rationale": LATER})
    shown = text_of(visitor.page(f"/portfolios/{board.portfolio}/reviews"))
    assert "The next is due 16 Mar 2026." in shown


def test_a_review_tells_its_agenda_and_its_minutes(board: Board, visitor: Visitor) -> None:
    board.ada.do(f"/projects/{board.shop}/status-updates", TROUBLE)
    review = board.open(name="March review")
    pause = {"expected_resume": "unknown", "allocations": "keep", "rationale": WAIT}
    board.ada.do(f"/projects/{board.shop}/pause", pause)
    listed = visitor.page(f"/portfolios/{board.portfolio}/reviews")
    assert f'href="/portfolios/{board.portfolio}/reviews/{review}">March review</a>' in listed
    assert "still open" in text_of(listed)
    board.close(conclusion="Shop waits for money")
    page = visitor.page(f"/portfolios/{board.portfolio}/reviews/{review}")
    shown = text_of(page)
    for told in (
        "Shop waits for money",
        WAIT["text"],
        "Untouched Kiosk",
        "settled by the end",
        "still asks for attention",
    ):
        assert told in shown
    decided = re.search(r'href="#d-([^"]*)">decided</a>', page)
    assert decided
    assert f'id="d-{decided[1]}"' in page
    assert "Nothing had been recorded" in text_of(
        visitor.page(f"/portfolios/{board.portfolio}/reviews/{review}?as_of=2020-01-01")
    )
    visitor.page(f"/portfolios/{board.portfolio}/reviews/{board.shop}", 404)


def test_a_project_tells_its_updates_with_the_figures_of_then(board: Board, visitor: Visitor) -> None:
    wrong = board.report()
    at_another_time(board, visitor, 3, 4)
    lines = [{"month": "2026-03", "category": "capex", "money": {"amount": "900.00", "currency": "GBP"}}]
    board.ada.do(f"/projects/{board.shop}/set-forecast", {"lines": lines})
    right = board.report(**TROUBLE, supersedes=wrong)
    page = visitor.page(f"/projects/{board.shop}")
    history = page.split('id="status"')[1].split("</section>")[0]
    new, old = (row.split("</tr>")[0] for row in history.split('<tr id="u-')[1:])
    assert "Corrects" in new
    assert "GBP 900" in new
    assert "GBP 900" not in old
    assert f'href="#u-{right}"' in old
    assert "due 12 Mar 2026" in text_of(page)


def test_a_paused_project_is_never_shown_as_on_track(board: Board, visitor: Visitor) -> None:
    board.ada.do(f"/projects/{board.shop}/status-updates", FINE)
    pause = {"expected_resume": "unknown", "allocations": "keep", "rationale": WAIT}
    board.ada.do(f"/projects/{board.shop}/pause", pause)
    how = visitor.page(f"/projects/{board.shop}").split('class="how"')[1].split("</section>")[0]
    assert "health on_track" not in how
    assert "On hold: no status is asked for" in how
