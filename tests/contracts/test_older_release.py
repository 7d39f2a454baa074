"""A store that an older release filled: read, shown, decided upon and given away by today's code."""

from uuid import UUID

import pytest

from domain.kernel.scoring import ScoringModel
from domain.project.events import ProjectEvaluationStarted, ProjectReEvaluated
from store.codec import UnknownFact
from tests.conftest import WHY, Api, World
from tests.older_release import Document, leave, proposal
from tests.schemas import problems
from whyfolio.settings import Settings
from whyfolio.wiring import migrate_store, new_id, open_system

QUAY = new_id()
EVALUATED, TAKEN_UP_AGAIN = "project.evaluation_started.v1", "project.re_evaluated.v1"


@pytest.fixture
def old(world: World) -> list[Document]:
    """What the older release stored about the quay."""
    documents = proposal(QUAY)
    leave(world.system.engine, documents)
    return documents


@pytest.fixture
def reader(world: World, old: list[Document]) -> Api:
    """Somebody who came after the upgrade, once everything is shown to them."""
    api = world.person("ada")
    api.do("/portfolios", {"name": "Harbour"})
    return api


def test_what_was_stored_follows_the_schema_of_its_version(old: list[Document]) -> None:
    assert [problems(document) for document in old] == [[]] * 5


def test_decisions_are_taken_on_the_shape_of_today(world: World, old: list[Document]) -> None:
    events = [fact.event for fact in world.system.store.history(QUAY)]
    started, again = events[2], events[4]
    assert isinstance(started, ProjectEvaluationStarted)
    assert isinstance(again, ProjectReEvaluated)
    assert (started.scoring_model, again.scoring_model) == (
        ScoringModel(name="standard", version=3),
        ScoringModel(name="standard", version=4),
    )


def test_it_is_shown_and_decided_upon_like_any_other(reader: Api) -> None:
    shown = reader.get(f"/projects/{QUAY}")
    assert (shown["state"], shown["version"]) == ("under_evaluation", 5)
    assert "select" in shown["allowed_moves"]
    assert reader.get(f"/projects/{QUAY}", as_of="2026-01-04")["state"] == "deferred"
    assert reader.do(f"/projects/{QUAY}/select", {"rationale": WHY})["version"] == 6
    assert reader.get(f"/projects/{QUAY}")["state"] == "selected"


def test_a_new_evaluation_says_which_model_it_is_held_to(reader: Api) -> None:
    defer = {**WHY, "code": "budget_freeze", "review_on": "2026-04-01"}
    reader.do(f"/projects/{QUAY}/defer", {"rationale": defer})
    reader.do(f"/projects/{QUAY}/evaluate", {"scoring_model_version": 5, "rationale": WHY})
    newest = reader.get(f"/projects/{QUAY}/history")["items"][-1]
    assert newest["name"] == "project.re_evaluated.v2"
    assert newest["data"] == {"scoring_model": {"name": "standard", "version": 5}}


def test_the_feed_gives_every_fact_as_it_was_stored(reader: Api, old: list[Document]) -> None:
    fed = [fact for fact in reader.get("/events")["items"] if fact["stream_id"] == str(QUAY)]
    assert _without_position(fed) == old
    assert _without_position(reader.get(f"/projects/{QUAY}/history")["items"]) == old


def test_it_is_found_under_the_name_it_was_stored_under(reader: Api, old: list[Document]) -> None:
    assert _without_position(reader.get("/audit", fact=EVALUATED)["items"]) == [old[2]]
    assert reader.get("/audit", fact="project.evaluation_started.v2")["items"] == []
    assert _without_position(reader.get("/audit", fact="evaluation-started")["items"]) == [old[2]]
    (decision,) = reader.get("/decisions", fact="re_evaluated", subject=str(QUAY))["items"]
    assert (decision["fact"], decision["data"]) == (TAKEN_UP_AGAIN, {"scoring_model_version": 4})


def test_a_version_newer_than_the_code_is_refused(settings: Settings) -> None:
    migrate_store(settings)
    system = open_system(settings)
    documents = proposal(UUID(int=1))
    documents[2]["name"] = "project.evaluation_started.v3"
    leave(system.engine, documents)
    with pytest.raises(UnknownFact, match=r"evaluation_started\.v3, which this version of Whyfolio does not know"):
        system.store.history(UUID(int=1))
    system.close()


def _without_position(items: list[Document]) -> list[Document]:
    """What was stored: without its position, and without what the audit trail tells beside it."""
    return [{member: item[member] for member in item if member not in {"position", "changes"}} for item in items]
