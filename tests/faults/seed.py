"""Facts by the thousand, as fast as the store takes them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

from domain.kernel.decide import Commit
from domain.kernel.event import Event, Fact
from domain.project.events import ProjectDrafted, StatusReported
from domain.project.words import Health
from store.event_store import EventStore

PROJECTS = 100
CHUNK = 500


def store_many(store: EventStore, number: int) -> None:
    """Draft a hundred projects, then report on them in turn; so many facts in all."""
    projects = [uuid4() for _ in range(PROJECTS)]
    commits = list(_commits(projects, number))
    for start in range(0, number, CHUNK):
        outcomes = store.append_all(commits[start : start + CHUNK])
        assert all(not isinstance(outcome, Exception) for outcome in outcomes), outcomes


def _commits(projects: list[UUID], number: int) -> Iterator[Commit]:
    now = datetime.now(UTC)
    for each in range(number):
        version, index = divmod(each, len(projects))
        project = projects[index]
        fact = Fact(uuid4(), project, _event(index, version), now, None, "ada", "project_manager", "seed")
        yield Commit(f"once:{uuid4()}", "f", project, (fact,), {project: version})


def _event(index: int, version: int) -> Event:
    if version == 0:
        return ProjectDrafted(name=f"Seeded {index}", sponsor="sales")
    return StatusReported(overall=Health.ON_TRACK, text=f"All is well in week {version}")
