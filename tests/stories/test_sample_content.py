"""What the sample story holds: everything there is, told so that `why` makes sense of it."""

from datetime import UTC, datetime, timedelta

from domain.facts import CATALOGUE
from domain.operations import OPERATIONS
from domain.project.words import Health
from tests.conftest import Api
from tests.schemas import problems
from tests.stories.conftest import AFTER_THE_STORY, STORY, documents
from whyfolio.wiring import System

ONLY_IMPORTED = {"project.state_recorded.v1", "project.attribute_changed.v1", "project.baseline_captured.v1"}


# --- everything is in it --------------------------------------------------------------------------


def test_the_story_uses_every_operation_and_makes_every_fact_of_a_command(told: System) -> None:
    assert set(OPERATIONS) - {step.do for step in STORY.step} == set()
    made = {document["name"] for document in documents(told)}
    assert set(CATALOGUE) - made - ONLY_IMPORTED == {"resource.person_erased.v1"}


def test_every_fact_of_the_feed_follows_its_schema(auditor: Api, told: System) -> None:
    feed = auditor.get("/events", limit=1000)["items"]
    assert [fact.pop("position") for fact in feed][-1] == told.store.head()
    assert {fact["event_id"]: found for fact in feed if (found := problems(fact))} == {}


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
    by_people = [document for document in documents(told) if "verdict" not in document["data"]]
    reasons = [document["rationale"]["text"] for document in by_people if document["rationale"]]
    assert all(len(reason.split()) >= 8 for reason in reasons)
    per_command = {document["correlation_id"]: document["rationale"] for document in by_people}
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
    rejected, deferred, passed_over = decisions[-3:]
    assert (rejected["fact"], deferred["fact"]) == ("project.rejected.v1", "project.deferred.v1")
    assert deferred["supersedes"] == rejected["event_id"]
    assert rejected["superseded_by"] == deferred["event_id"]
    assert deferred["review_on"] == "2026-10-15"
    assert (passed_over["fact"], passed_over["code"]) == ("project.not_selected.v1", "incomplete")
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
        ("score_overridden", "judgement"),
        ("forced_out", "awaiting_decision"),
        ("unforced", "judgement"),
        ("not_selected", "below_waterline"),
    ]


def test_the_trail_left_the_portfolio_and_came_back(auditor: Api) -> None:
    trail = one(auditor, "HC-10")
    assert auditor.get(f"/projects/{trail}", as_of="2026-01-13")["removed"] is False
    assert auditor.get(f"/projects/{trail}", as_of="2026-01-20")["removed"] is True
    assert auditor.get(f"/projects/{trail}")["removed"] is False
    told = [fact for fact, _ in tale(auditor, "HC-10")]
    assert told.index("component_removed") < told.index("component_restored") < told.index("paused")
