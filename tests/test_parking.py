"""A fact that cannot be applied parks its stream, and nothing but its stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from domain.identity.words import Role
from domain.kernel.decide import Commit
from domain.kernel.event import CATALOGUE, Event, Fact
from domain.kernel.types import Line
from domain.project.events import ProjectRevised
from projections.dated import Change
from projections.project_board import board
from tests.conftest import WHY, Api, World
from tests.servers import until
from whyfolio.cli.main import app
from workers.rebuild import rebuild

NAME = "project.haunted.v1"


class Haunted(Event, name=NAME):
    """A fact of a later release, which this one does not know."""

    by: Line


CATALOGUE.pop(NAME)


@board.on(Haunted)
def haunted(event: Haunted, fact: Any) -> Iterator[Change]:
    """What the later release shows of it."""
    yield Change(fact.stream_id, "owner", event.by)


@dataclass
class House:
    """Two portfolios with a project each; the first project is about to be haunted."""

    world: World
    ada: Api
    mine: str
    other: str
    portfolio: str
    elsewhere: str

    def happens(self, project: str, event: Event) -> int:
        """A fact that some other release records."""
        store, stream = self.world.system.store, UUID(project)
        fact = Fact(self.world.system.context.new_id(), stream, event, self.world.clock(), None, "x", "board", "c")
        key = f"once:{fact.event_id}"
        return store.append(Commit(key, "f", stream, (fact,), {stream: store.version(stream)})).position

    def settle(self) -> None:
        """Wait until the read models have passed everything."""
        until(lambda: self.world.system.context.reads.position() >= self.world.system.store.head())

    def project(self, project: str, **params: Any) -> Any:
        """The answer about a project."""
        return self.ada.get(f"/projects/{project}", **params)


@pytest.fixture
def house(world: World, ada: Api, monkeypatch: pytest.MonkeyPatch) -> House:
    """The given facts; the command line finds the same store."""
    monkeypatch.setenv("WHYFOLIO_DATABASE_URL", world.system.settings.database_url)
    portfolios = [ada.do("/portfolios", {"name": name})["id"] for name in ("Here", "Elsewhere")]
    projects = [
        ada.do("/projects", {"name": "P", "sponsor": "s", "portfolio": portfolio, "rationale": WHY})["id"]
        for portfolio in portfolios
    ]
    return House(world, ada, *projects, *portfolios)


def revised(name: str) -> ProjectRevised:
    return ProjectRevised(name=name)


def parked(*words: str) -> Any:
    return CliRunner().invoke(app, ["parked", *words])


def test_only_the_stream_of_a_poison_fact_stands_still(house: House) -> None:
    poison = house.happens(house.mine, Haunted(by="a ghost"))
    behind = house.happens(house.mine, revised("Renamed"))
    house.ada.do(f"/projects/{house.other}/revise", {"name": "Goes on"})
    missed = [{"stream_id": house.mine, "position": position} for position in (poison, behind)]
    found = house.project(house.mine)
    assert (found["name"], found["owner"], found["incomplete"]) == ("P", None, missed)
    assert house.project(house.other)["name"] == "Goes on"
    assert "incomplete" not in house.project(house.other)
    assert house.ada.get("/projects")["incomplete"] == missed
    assert house.ada.get(f"/projects/{house.mine}/why")["incomplete"] == missed
    assert house.ada.get(f"/portfolios/{house.portfolio}")["incomplete"] == missed
    assert "incomplete" not in house.ada.get(f"/portfolios/{house.elsewhere}")
    assert house.project(house.mine, at=poison)["incomplete"] == missed[:1]
    assert "incomplete" not in house.project(house.mine, at=poison - 1)
    assert "incomplete" not in house.project(house.mine, as_of=found["last_decision"]["occurred_at"])


def test_what_a_program_comes_to_says_that_a_part_of_it_is_missing(house: House) -> None:
    body = {"name": "Program", "sponsor": "s", "kind": "program"}
    program, another = (house.ada.do("/projects", body)["id"] for _ in range(2))
    house.ada.do(f"/projects/{house.mine}/move", {"program": program, "rationale": WHY})
    poison = house.happens(house.mine, Haunted(by="a ghost"))
    house.settle()
    missed = [{"stream_id": house.mine, "position": poison}]
    assert house.ada.get(f"/projects/{program}/money")["incomplete"] == missed
    assert "incomplete" not in house.ada.get(f"/projects/{another}/money")


def test_who_may_not_see_a_thing_is_not_told_that_it_is_parked(house: House) -> None:
    house.happens(house.mine, Haunted(by="a ghost"))
    house.settle()
    scoped = house.world.person("eve", Role.AUDITOR, portfolio=UUID(house.elsewhere))
    assert "incomplete" not in scoped.get("/projects")


def test_a_command_on_it_is_refused_with_a_sentence(house: House) -> None:
    house.happens(house.mine, Haunted(by="a ghost"))
    response = house.ada.attempt(f"/projects/{house.mine}/revise", {"name": "New"})
    assert response.status_code == 503
    assert NAME in response.json()["detail"]
    assert "upgrade" in response.json()["detail"]


def test_after_an_upgrade_what_was_parked_is_taken_in_in_order(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.happens(house.mine, Haunted(by="a ghost"))
    house.happens(house.mine, revised("Once"))
    house.happens(house.mine, revised("Twice"))
    house.settle()
    assert house.ada.client.get("/health/ready").json()["parked"] == 3
    still = parked("retry", house.mine)
    assert (still.exit_code, "0 applied, 3 still parked" in still.output) == (1, True)
    monkeypatch.setitem(CATALOGUE, NAME, Haunted)
    assert "3 applied, 0 still parked" in parked("retry").output
    found = house.project(house.mine)
    assert (found["name"], found["owner"], found.get("incomplete")) == ("Twice", "a ghost", None)
    names = [fact["name"] for fact in house.ada.get(f"/projects/{house.mine}/history")["items"]]
    assert names[-3:] == [NAME, "project.revised.v1", "project.revised.v1"]
    assert parked("list").output == "No fact is parked.\n"


def test_a_discarded_fact_is_left_out_also_by_a_rebuild(house: House) -> None:
    poison = house.happens(house.mine, Haunted(by="a ghost"))
    house.happens(house.mine, revised("Renamed"))
    house.settle()
    assert "one discarded, 1 applied, 0 still parked" in parked("discard", house.mine).output
    assert house.project(house.mine)["name"] == "Renamed"
    assert "incomplete" not in house.project(house.mine)
    for _ in range(3):
        rebuild(house.world.system.store, house.world.system.context.reads.engine, lambda *_: None)
    assert house.project(house.mine)["name"] == "Renamed"
    assert f"{poison}  {NAME}  {house.mine}  discarded: UnknownFact" in parked("list").output
    assert parked("discard", house.mine).exit_code == 1


def test_the_dashboard_says_that_something_is_missing(house: House) -> None:
    client = house.ada.client
    client.post("/sign-in", data={"key": house.ada.key, "next": "/"})
    assert "Incomplete:" not in client.get("/").text
    house.happens(house.mine, Haunted(by="a ghost"))
    house.settle()
    assert "1 fact could not be read into this view yet" in client.get(f"/?portfolio={house.portfolio}").text


def test_a_poison_fact_among_many_costs_only_itself(house: House) -> None:
    house.world.system.projector.stop()
    for number in range(20):
        house.happens(house.other, revised(f"Other {number}"))
        if number == 10:
            house.happens(house.mine, Haunted(by="a ghost"))
    house.world.system.projector.catch_up()
    assert house.project(house.other)["name"] == "Other 19"
    assert len(house.ada.get("/projects")["incomplete"]) == 1
