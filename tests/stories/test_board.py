"""A board chooses from thirty proposals through the public API: everybody is told why, the losers too, for ever.

What it chose is held to an exact count of its own: the most value that the money could buy.
"""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.conftest import WHY, Clock, World, application
from tests.stories.board.meeting import CHOOSING, TOWN, Meeting, Minute
from tests.stories.board.minutes import CHOSEN, FAST, LAW, LAWFUL, SECOND_LOOK, TAKEN_BACK, WORTHY, the_board
from tests.stories.board.papers import BUDGET, PAPERS
from whyfolio.settings import Settings
from whyfolio.wiring import open_system

Whys = dict[str, list[Any]]


@pytest.fixture(scope="module")
def meeting(prepared_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meeting]:
    """The meeting after its year."""
    file = shutil.copy(prepared_file, tmp_path_factory.mktemp("board"))
    clock = Clock(datetime(2026, 1, 5, 8, tzinfo=UTC))
    system = open_system(Settings(database_url=f"sqlite:///{file}", _env_file=None), clock)
    system.projector.start()
    with application(system.context) as app, TestClient(app) as client:
        yield the_board(World(system, client, clock))
    system.close()


@pytest.fixture(scope="module")
def whys(meeting: Meeting) -> Whys:
    """The decisions about every proposal, the oldest first."""
    return {name: meeting.why(name) for name in PAPERS}


def own_reason(whys: Whys, name: str) -> Any:
    """What a proposal was told when the list was committed."""
    (found,) = [each for each in whys[name] if "verdict" in each["data"]]
    return found


def winners(whys: Whys) -> set[str]:
    return {name for name in PAPERS if own_reason(whys, name)["fact"] == "project.selected.v1"}


def worth(name: str) -> int:
    """Ten times the value of a paper: reach counts for six tenths, little risk for four."""
    paper = PAPERS[name]
    return 900 if name == "Flood wall" else 60 * paper.reach + 40 * (10 - paper.risk)


def best_value(budget: int, names: list[str]) -> int:
    """The most value for the money, by counting it for every amount."""
    most = [0] * (budget + 1)
    for name in names:
        cost = PAPERS[name].cost
        for left in range(budget, cost - 1, -1):
            most[left] = max(most[left], most[left - cost] + worth(name))
    return most[budget]


def test_the_list_that_was_chosen_is_the_best_there_was(whys: Whys) -> None:
    chosen = winners(whys)
    assert "Fire doors" in chosen
    assert sum(PAPERS[name].cost for name in chosen) <= BUDGET
    free = [name for name in PAPERS if name not in {"Fire doors", "Cable car"}]
    best = best_value(BUDGET - PAPERS["Fire doors"].cost, free)
    assert sum(map(worth, chosen - {"Fire doors"})) == best
    assert 5 <= len(chosen) <= 25, "a choice is neither all nor nothing"


def test_everybody_is_told_why_the_losers_too(meeting: Meeting, whys: Whys) -> None:
    chosen = winners(whys)
    losers = sorted(set(PAPERS) - chosen, key=worth, reverse=True)
    for name in PAPERS:
        told = own_reason(whys, name)
        verdict = told["data"]["verdict"]
        assert (verdict["scenario"], verdict["cost"]["amount"]) == (
            meeting.ids[LAWFUL],
            f"{PAPERS[name].cost}000.00",
        )
        assert float(verdict["value"]) * 10 == worth(name)
        assert not any(each["fact"] == "portfolio.scenario_committed.v1" for each in whys[name]), (
            "the whole stands with the portfolio, not a thousand times"
        )
        if name in chosen:
            assert (told["code"], told["text"]) == tuple(CHOSEN.split(": "))
            assert (verdict["start"], verdict["of_losers"]) == ("2026", len(losers))
            assert {worth(each["name"]) for each in verdict["over"]} == {worth(each) for each in losers[:5]}
        else:
            assert told["text"] == "; ".join(verdict["kept_out"])
            assert told["evidence"][0]["title"] == LAWFUL


def test_what_kept_a_loser_out_is_so(whys: Whys) -> None:
    chosen = winners(whys)
    left = BUDGET - sum(PAPERS[name].cost for name in chosen)
    for name in set(PAPERS) - chosen - {"Cable car"}:
        told = own_reason(whys, name)
        short = PAPERS[name].cost - left
        assert (told["code"], short > 0) == ("below_waterline", True)
        assert told["text"].startswith(f"GBP {short}000.00 over the budget")
        assert told["data"]["verdict"]["let_in_by"], "and what would have let it in was tried"
    cable = own_reason(whys, "Cable car")
    assert (cable["code"], cable["data"]["verdict"]["forced_out"]) == (
        "forced_out",
        "Nobody on the board wants it above the roofs",
    )
    doors = own_reason(whys, "Fire doors")["data"]["verdict"]
    assert doors["forced_in"] == LAW.partition(": ")[2]


def test_the_three_lists_are_kept_and_differ(meeting: Meeting, whys: Whys) -> None:
    (whole,) = meeting.reads("/decisions", fact="scenario_committed")["items"]
    assert (whole["data"]["name"], whole["data"]["model"]["name"]) == (LAWFUL, "Value")
    assert [each["title"] for each in whole["alternatives"]] == [FAST, WORTHY]
    assert len(whole["data"]["verdicts"]) == len(PAPERS)
    solved = [meeting.reads("/audit", fact="scenario.solved.v1", subject=meeting.ids[each]) for each in (FAST, WORTHY)]
    lists = [{each["project"] for each in answer["items"][0]["data"]["result"]["selected"]} for answer in solved]
    ids = {meeting.ids[name] for name in winners(whys)}
    assert lists[0] != lists[1]
    assert meeting.ids["Fire doors"] not in lists[1], "by its value alone nobody would close the doors"
    assert lists[1] != ids


def test_every_verb_of_choosing_was_used(meeting: Meeting) -> None:
    assert CHOOSING - meeting.verbs == set()


def test_the_minutes_are_what_the_product_tells(meeting: Meeting) -> None:
    names = {id: name for name, id in meeting.ids.items()}
    told = [
        Minute(each["fact"], each["code"], each["text"], frozenset(names[about["id"]] for about in each["subjects"]))
        for each in meeting.people["chair"].every("/decisions")
        if "verdict" not in each["data"] and each["fact"] != "portfolio.scenario_committed.v1"
    ]
    assert sorted(told, key=by_words) == sorted(meeting.minutes, key=by_words)


def by_words(minute: Minute) -> tuple[str, str, list[str]]:
    return minute.fact, minute.text, sorted(minute.about)


def test_what_was_taken_back_stays_beside_what_took_it_back(meeting: Meeting, whys: Whys) -> None:
    for name, lost, because, state in (
        ("Market roof", "project.not_selected.v1", SECOND_LOOK, "selected"),
        ("School meals", "project.selected.v1", TAKEN_BACK, "under_evaluation"),
    ):
        *_, latest = whys[name]
        old = own_reason(whys, name)
        assert (old["fact"], old["superseded_by"], latest["supersedes"]) == (lost, latest["event_id"], old["event_id"])
        assert (latest["code"], latest["text"]) == tuple(because.split(": "))
        assert meeting.states()[name] == state


def test_what_was_committed_is_computed_again_whatever_came_later(meeting: Meeting, whys: Whys) -> None:
    again = meeting.reads(f"/scenarios/{meeting.ids[LAWFUL]}/recomputation")
    assert (again["same_inputs"], again["same_verdicts"], again["difference"]) == (True, True, [])
    assert again["said"] == "proven optimal"
    chosen = {each["project"] for each in again["verdicts"] if each["verdict"] == "selected"}
    assert chosen == {meeting.ids[name] for name in winners(whys)}


def test_as_it_stood_before_nobody_was_chosen(meeting: Meeting) -> None:
    before = meeting.people["chair"].every("/projects", portfolio=meeting.ids[TOWN], as_of="2026-03-01")
    assert {each["state"] for each in before} == {"under_evaluation"}


def test_two_boards_at_once_one_receipt_and_one_difference(meeting: Meeting) -> None:
    for name in ("Spring list", "Autumn list"):
        meeting.thinks_about(name, "Value")
        meeting.solves(name)
    lists = [("chair", "Spring list"), ("deputy", "Autumn list")]

    def commit(one: tuple[str, str]) -> Any:
        who, name = one
        return meeting.people[who].attempt(meeting.in_(name, "commit"), {"rationale": WHY})

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(commit, lists))
    assert sorted(each.status_code for each in answers) == [200, 409], [each.text for each in answers]
    won = [name for (_, name), each in zip(lists, answers, strict=True) if each.status_code == 200]
    (lost,) = [each.json()["difference"] for each in answers if each.status_code == 409]
    moved = {"subject": meeting.ids[TOWN], "what": "committed_scenario", "from": meeting.ids[LAWFUL]}
    assert lost[0] == {**moved, "to": meeting.ids[won[0]]}
