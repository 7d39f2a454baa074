"""The sample story: the same everywhere, told once, and with everything in it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import from_json
from starlette.testclient import TestClient

from api.app import create_app
from domain.facts import CATALOGUE
from domain.identity.words import Role
from domain.operations import OPERATIONS
from domain.project.words import Health
from tests.conftest import Api, Clock
from whyfolio.demo import BrokenStory, Step, Story, read_story, sample, tell
from whyfolio.settings import Settings
from whyfolio.wiring import System, grant_key, open_system, prepare_store

AFTER_THE_STORY = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
BEFORE_THE_STORY = datetime(2024, 2, 29, 9, 0, tzinfo=UTC)
ONLY_IMPORTED = {"project.state_recorded.v1", "project.attribute_changed.v1"}
Open = Callable[..., System]
Document = dict[str, Any]

STORY = read_story(sample("story.toml"))


@pytest.fixture
def open_fresh(tmp_path: Path) -> Iterator[Open]:
    """Opens the system of a name, a fresh one for a new name, with a clock that stands somewhere."""
    opened: list[System] = []

    def open_it(name: str = "whyfolio", now: datetime = AFTER_THE_STORY) -> System:
        settings = Settings(database_url=f"sqlite:///{tmp_path / name}.db", _env_file=None)
        prepare_store(settings)
        opened.append(open_system(settings, clock=Clock(now)))
        return opened[-1]

    yield open_it
    for system in opened:
        system.close()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system that knows the whole story, its read models complete."""
    folder = tmp_path_factory.mktemp("told")
    settings = Settings(database_url=f"sqlite:///{folder / 'whyfolio.db'}", _env_file=None)
    prepare_store(settings)
    system = open_system(settings, clock=Clock(AFTER_THE_STORY))
    tell(system, STORY)
    system.projector.catch_up()
    yield system
    system.close()


@pytest.fixture(scope="module")
def auditor(told: System) -> Iterator[Api]:
    """Somebody who reads everything of the told story."""
    with TestClient(create_app(told.context)) as client:
        key = grant_key(told, [Role.AUDITOR], None, "a reader of stories")
        told.projector.catch_up()
        yield Api(client, key.key, str(key.person))


def documents(system: System) -> list[Document]:
    """All facts as they are stored, leaving out when they were stored."""
    found = [from_json(document) for _, document in system.store.read_documents(0, 10_000)]
    for document in found:
        del document["stored_at"]
    return found


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


# --- everything is in it --------------------------------------------------------------------------


def test_the_story_uses_every_operation_and_makes_every_fact_of_a_command(told: System) -> None:
    assert set(OPERATIONS) - {step.do for step in STORY.step} == set()
    made = {document["name"] for document in documents(told)}
    assert set(CATALOGUE) - made - ONLY_IMPORTED == {"identity.role_revoked.v1"}


def test_it_says_that_it_is_a_sample(auditor: Api) -> None:
    portfolios = auditor.every("/portfolios")
    assert len(portfolios) == 2
    assert all(portfolio["name"].endswith("(sample)") for portfolio in portfolios)
    assert all(resource["name"].endswith("(sample)") for resource in auditor.every("/resources"))
    actors = {decision["actor_name"] for decision in auditor.every("/decisions")}
    assert all(actor.endswith("(sample)") for actor in actors)


def test_it_lasts_one_year(told: System) -> None:
    of_the_story = [document for document in documents(told) if document["correlation_id"].startswith("story:")]
    instants = [datetime.fromisoformat(document["occurred_at"]) for document in of_the_story]
    assert datetime(2025, 10, 1, tzinfo=UTC) <= min(instants)
    assert max(instants) < AFTER_THE_STORY
    assert max(instants) - min(instants) > timedelta(days=360)


def test_it_ends_in_a_lively_mix(auditor: Api) -> None:
    projects = auditor.every("/projects")
    assert len(projects) >= 12
    assert {project["state"] for project in projects} >= {
        "draft",
        "submitted",
        "under_evaluation",
        "deferred",
        "selected",
        "authorized",
        "active",
        "on_hold",
        "closed",
        "cancelled",
    }
    active = [project["health"]["declared"] for project in projects if project["state"] == "active"]
    assert set(active) == set(Health) - {Health.NO_UPDATE}
    assert {project["kind"] for project in projects} == {"program", "project", "operations"}
    assert sum(len(project["portfolios"]) == 2 for project in projects) == 1
    assert {resource["kind"] for resource in auditor.every("/resources")} == {"person", "team"}


def test_nobody_authorizes_what_they_proposed(told: System) -> None:
    proposers: dict[str, set[str]] = {}
    for document in documents(told):
        if document["name"] in {"project.drafted.v1", "project.submitted.v1"}:
            proposers.setdefault(document["stream_id"], set()).add(document["actor"])
        if document["name"] == "project.authorized.v1":
            assert document["actor"] not in proposers[document["stream_id"]]


def test_every_decision_gives_a_reason_of_its_own(told: System) -> None:
    reasons = [document["rationale"]["text"] for document in documents(told) if document["rationale"]]
    assert all(len(reason.split()) >= 8 for reason in reasons)
    per_command = {document["correlation_id"]: document["rationale"] for document in documents(told)}
    texts = [rationale["text"] for rationale in per_command.values() if rationale]
    assert len(set(texts)) == len(texts)


def test_a_lack_of_capacity_moves_projects_down(auditor: Api) -> None:
    moved = auditor.every("/decisions", fact="deprioritized", code="capacity")
    assert len(moved) == 2
    assert all(decision["data"]["to_rank"] > decision["data"]["from_rank"] for decision in moved)


def test_a_cancellation_frees_its_people(auditor: Api) -> None:
    (cancelled,) = auditor.every("/decisions", fact="project.cancelled.v1")
    freed = [
        decision
        for decision in auditor.every("/decisions", fact="resource.released.v1")
        if decision["occurred_at"] == cancelled["occurred_at"]
    ]
    assert {subject["name"] for decision in freed for subject in decision["subjects"]} == {
        "Council chatbot pilot",
        "Developer two (sample)",
        "Data analyst (sample)",
    }


def test_a_decision_may_be_entered_days_after_it_was_taken(auditor: Api) -> None:
    berths = one(auditor, "HC-03")
    then = {"as_of": "2025-11-04", "known_at": "2025-11-05"}
    assert auditor.get(f"/projects/{berths}", **then)["state"] == "selected"
    assert auditor.get(f"/projects/{berths}", as_of="2025-11-04")["state"] == "authorized"


# --- why tells the tale ---------------------------------------------------------------------------


def one(api: Api, key: str) -> str:
    """The id of the project with a key."""
    (found,) = [project["id"] for project in api.every("/projects") if project["key"] == key]
    return str(found)


def tale(api: Api, key: str) -> list[tuple[str, str]]:
    """What was decided about a project and the code of the reason, in order."""
    decisions = api.every(f"/projects/{one(api, key)}/why")
    assert [d["occurred_at"] for d in decisions] == sorted(d["occurred_at"] for d in decisions)
    return [(decision["fact"].split(".")[1], decision["code"]) for decision in decisions]


def test_the_ticket_shop_waited_for_a_licence(auditor: Api) -> None:
    assert tale(auditor, "HC-01") == [
        ("drafted", "strategic_fit"),
        ("component_added", "strategic_fit"),
        ("selected", "strategic_fit"),
        ("authorized", "strategic_fit"),
        ("assigned", "skills"),
        ("paused", "blocked_by_dependency"),
        ("released", "blocked_by_dependency"),
        ("resumed", "dependency_cleared"),
        ("reassigned", "skill_match"),
        ("revised", "scope_named"),
        ("assigned", "continuity"),
    ]


def test_the_rejection_of_the_portal_was_a_mistake_that_stays_visible(auditor: Api) -> None:
    decisions = auditor.every(f"/projects/{one(auditor, 'HC-09')}/why")
    rejected, deferred = decisions[-2:]
    assert (rejected["fact"], deferred["fact"]) == ("project.rejected.v1", "project.deferred.v1")
    assert deferred["supersedes"] == rejected["event_id"]
    assert rejected["superseded_by"] == deferred["event_id"]
    assert deferred["review_on"] == "2026-10-15"
    between = auditor.get(f"/projects/{one(auditor, 'HC-09')}", as_of="2025-12-01")
    assert between["state"] == "rejected"
    assert between["last_decision"]["superseded_by"] is None


def test_the_drones_came_back_from_rejection(auditor: Api) -> None:
    assert tale(auditor, "HC-06") == [
        ("drafted", "risk_reduction"),
        ("component_added", "risk_reduction"),
        ("rejected", "too_risky"),
        ("reopened", "risk_moved"),
        ("deprioritized", "capacity"),
    ]


def test_the_trail_left_the_portfolio_and_came_back(auditor: Api) -> None:
    trail = one(auditor, "HC-10")
    assert auditor.get(f"/projects/{trail}", as_of="2026-01-13")["removed"] is False
    assert auditor.get(f"/projects/{trail}", as_of="2026-01-20")["removed"] is True
    assert auditor.get(f"/projects/{trail}")["removed"] is False
    told = [fact for fact, _ in tale(auditor, "HC-10")]
    assert told.index("component_removed") < told.index("component_restored") < told.index("paused")


def test_steps_read_the_way_the_file_writes_them() -> None:
    pause = STORY.step[number_of("projects.pause") - 1]
    assert isinstance(pause, Step)
    assert (pause.who, pause.on, pause.at) == (
        "portfolio-manager",
        "$tickets",
        datetime(2026, 2, 11, 14, 0, tzinfo=UTC),
    )
