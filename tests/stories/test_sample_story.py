"""The sample story is told once, the same everywhere, by the rights and rules of any command."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Clock
from tests.stories.conftest import AFTER_THE_STORY, BEFORE_THE_STORY, STORY, Document, Open, documents
from whyfolio.demo import BrokenStory, Step, Story, read_story, sample, tell
from whyfolio.settings import Settings
from whyfolio.wiring import System, open_system, prepare_store


def edited(number: int, **members: Any) -> Story:
    """The story with another step in place of one."""
    steps = list(STORY.step)
    steps[number - 1] = steps[number - 1].model_copy(update=members)
    return STORY.model_copy(update={"step": steps})


def number_of(do: str) -> int:
    """The number of the first step with an operation."""
    return next(number for number, step in enumerate(STORY.step, start=1) if step.do == do)


# --- told once, the same everywhere ---------------------------------------------------------------


def test_two_fresh_systems_hold_the_same_facts_whatever_their_clocks_say(open_fresh: Open) -> None:
    early, late = open_fresh("early", BEFORE_THE_STORY), open_fresh("late", AFTER_THE_STORY)
    assert tell(early, STORY) == tell(late, STORY) == len(STORY.step)
    assert documents(early) == documents(late)


def test_either_database_holds_the_same_facts(settings: Settings, told: System) -> None:
    prepare_store(settings)
    system = open_system(settings, clock=Clock(AFTER_THE_STORY))
    tell(system, STORY)
    found = documents(system)
    system.close()
    assert found == [document for document in documents(told) if document["correlation_id"].startswith("story:")]


def test_ids_are_known_in_advance(told: System) -> None:
    created = next(document for document in documents(told) if document["name"] == "portfolio.created.v1")
    assert created["stream_id"] == "01999eff-fa80-7000-84b6-bdc3a7addc82"
    assert created["occurred_at"] == created["recorded_at"] == "2025-10-01T09:00:00Z"


def test_telling_it_again_records_nothing(open_fresh: Open) -> None:
    system = open_fresh()
    tell(system, STORY)
    head = system.store.head()
    assert tell(system, STORY) == 0
    a_year_later = open_fresh(now=AFTER_THE_STORY + timedelta(days=365))
    assert tell(a_year_later, STORY) == 0
    assert a_year_later.store.head() == head


def test_a_telling_that_was_cut_short_goes_on_where_it_stopped(open_fresh: Open) -> None:
    def cut(number: int, _: int) -> None:
        if number == 60:
            raise KeyboardInterrupt

    short, whole = open_fresh("short"), open_fresh("whole")
    with pytest.raises(KeyboardInterrupt):
        tell(short, STORY, cut)
    assert tell(short, STORY) == len(STORY.step) - 60
    tell(whole, STORY)
    assert documents(short) == documents(whole)


def test_new_steps_at_the_end_are_told_to_a_system_that_knows_the_others(open_fresh: Open) -> None:
    system = open_fresh()
    tell(system, STORY.model_copy(update={"step": STORY.step[:-3]}))
    assert tell(system, STORY) == 3


def test_another_edition_is_refused_with_the_number_of_the_step(open_fresh: Open) -> None:
    system = open_fresh()
    tell(system, STORY)
    head = system.store.head()
    with pytest.raises(BrokenStory, match=r"step 12, .*another edition"):
        tell(system, edited(12, body={**STORY.step[11].body, "name": "Another name"}))
    assert system.store.head() == head


# --- the rights and rules of any command ----------------------------------------------------------


@pytest.mark.parametrize(
    ("do", "who", "sentence"),
    [
        ("projects.pause", "project-manager-digital", "needs the role portfolio_manager"),
        ("projects.authorize", "portfolio-manager", "needs the role board"),
        ("resources.assign", "sponsor-ports", "needs the role resource_manager"),
        ("projects.create", "auditor", "needs the role requester"),
        ("portfolios.create", "a-stranger", "nobody is called a-stranger"),
    ],
)
def test_a_step_by_somebody_without_the_role_is_refused(open_fresh: Open, do: str, who: str, sentence: str) -> None:
    number = number_of(do)
    system = open_fresh()
    with pytest.raises(BrokenStory, match=f"step {number}, {do} by {who}: .*{sentence}"):
        tell(system, edited(number, who=who))
    recorded = {document["correlation_id"] for document in documents(system)}
    assert f"story:{number - 1}" in recorded or number == 1
    assert f"story:{number}" not in recorded


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"do": "projects.forget"}, "there is no operation projects.forget"),
        ({"on": "$nowhere"}, r"nothing before this step is called \$nowhere"),
        ({"body": {"cost_low": "much"}}, "cost_low: "),
        ({"do": "projects.resume"}, "forecast_finish: Field required"),
    ],
)
def test_a_step_that_makes_no_sense_is_named(open_fresh: Open, members: Document, sentence: str) -> None:
    number = number_of("projects.submit")
    with pytest.raises(BrokenStory, match=f"step {number}, .*{sentence}"):
        tell(open_fresh(), edited(number, **members))


def test_the_rules_hold_too(open_fresh: Open) -> None:
    number = number_of("projects.resume")
    resume = STORY.step[number - 1]
    again = STORY.model_copy(update={"step": [*STORY.step[:number], resume]})
    with pytest.raises(BrokenStory, match=f"step {number + 1}, .*Resume starts from on hold; this project is active"):
        tell(open_fresh(), again)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("seed = ", "story.toml: Invalid value"),
        (
            'seed = "s"\nbegan = 2025-10-01T08:00:00Z\n[people]\nsmith = "blacksmith"\n',
            "people/smith: .*expected one of",
        ),
        ('seed = "s"\nbegan = 2025-10-01T08:00:00\n', "began: .*offset"),
    ],
)
def test_a_file_that_holds_no_story_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "story.toml"
    path.write_text(text)
    with pytest.raises(BrokenStory, match=sentence):
        read_story(path)


def test_time_does_not_run_backwards(tmp_path: Path) -> None:
    text = sample("story.toml").read_text()
    path = tmp_path / "story.toml"
    path.write_text(text.replace("at = 2025-10-01T09:20:00Z", "at = 2025-09-30T09:20:00Z"))
    with pytest.raises(BrokenStory, match="step 2 is before the step it follows"):
        read_story(path)


def test_steps_read_the_way_the_file_writes_them() -> None:
    pause = STORY.step[number_of("projects.pause") - 1]
    assert isinstance(pause, Step)
    assert (pause.who, pause.on, pause.at) == (
        "portfolio-manager",
        "$tickets",
        datetime(2026, 2, 11, 14, 0, tzinfo=UTC),
    )
