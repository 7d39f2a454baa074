"""Every row of the lifecycle through the public API: the move, the wrong role, the illegal state, the missing member.

The rows are those of tests/lifecycle.py. From every state with every verb, in the domain alone: tests/domain.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from domain.identity.words import Role
from domain.operations import OPERATIONS
from domain.project.words import MOVES, State
from tests.conftest import WHY, Api, Clock, World, application
from tests.domain.scene import MONDAY
from tests.lifecycle import MOVING, ROWS, Row, allowed_from, body_of, cells_of, path_to, words
from whyfolio.settings import Settings
from whyfolio.wiring import open_system

PAGE = Path(__file__).parents[1] / "docs" / "lifecycle.md"
STARTS = [pytest.param(row, state, id=f"{row}-from-{state}") for row in ROWS for state in row.sources]
NO_STARTS = [
    pytest.param(row, state, id=f"{row}-from-{state}")
    for row in ROWS
    for state in State
    if not any(state in other.sources for other in ROWS if other.verb == row.verb)
]
NEEDS = [
    pytest.param(row, pointer, id=f"{row}-without-{pointer}")
    for row in ROWS
    for pointer in (*row.required, *(["rationale/code", "rationale/text"] if "rationale" in row.required else []))
]


class Town:
    """A portfolio with a scoring model, and for every role somebody who holds only that one; all of them score."""

    def __init__(self, world: World) -> None:
        self.people = {role: world.person(f"the {role}", role) for role in Role}
        self.portfolio = self.people[Role.BOARD].do("/portfolios", {"name": "Town", "currency": "GBP"})["id"]
        model = {"name": "Value", "method": "value_effort", "rationale": WHY}
        self.people[Role.BOARD].do(f"/portfolios/{self.portfolio}/set-scoring-model", model)
        self._standing: dict[State, str] = {}
        self.project(State.DRAFT)  # for the next ones to be ranked before

    def project(self, state: State) -> str:
        """A new project of the portfolio that was led to a state, each move by the first who may make it."""
        body = {"name": "Shop", "sponsor": "sales", "portfolio": self.portfolio, "rationale": WHY}
        project = str(self.people[Role.REQUESTER].do("/projects", body)["id"])
        for row in path_to(state):
            self.ask(row, project, row.roles[0]).raise_for_status()
        return project

    def standing(self, state: State) -> str:
        """A project in a state, for commands that are refused."""
        if state not in self._standing:
            self._standing[state] = self.project(state)
        return self._standing[state]

    def ask(self, row: Row, project: str, role: str, without: str | None = None) -> Any:
        """What somebody is answered who makes a move, without one member of its body if so wanted."""
        body: Any = body_of(row.verb)
        if row.verb == "reprioritize":
            body["portfolio"] = self.portfolio
        if row.fact == "project.deprioritized":
            body["to_rank"] = 2
        if row.verb == "evaluate":
            body["scorers"] = [person.person for person in self.people.values()]
        if without:
            *parents, member = without.split("/")
            body = {**body, **{parent: dict(body[parent]) for parent in parents}}
            inner = body[parents[0]] if parents else body
            del inner[member]
        return self.people[Role(role)].attempt(f"/projects/{project}/{row.verb}", body)

    def facts(self, project: str) -> list[Any]:
        """The history of a project, the oldest fact first."""
        reader: Api = self.people[Role.AUDITOR]
        reader.token = max((each.token for each in self.people.values() if each.token), key=_position)
        return sorted(reader.every(f"/projects/{project}/history"), key=lambda fact: int(fact["position"]))


def _position(token: str) -> int:
    return int(token.rpartition("-")[2])


@pytest.fixture(scope="module")
def town(prepared_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    file, clock = (
        shutil.copy(prepared_file, tmp_path_factory.mktemp("town")),
        Clock(MONDAY),
    )
    system = open_system(Settings(database_url=f"sqlite:///{file}", _env_file=None), clock=clock)
    system.projector.start()
    with application(system.context) as app, TestClient(app) as client:
        yield Town(World(system, client, clock))
    system.close()


@pytest.mark.parametrize(("row", "state"), STARTS)
def test_a_move_is_made_by_everybody_who_may(town: Town, row: Row, state: State) -> None:
    for role in row.roles:
        _is_made(town, row, state, role)


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_every_move_is_made_on_the_other_database_too(world: World) -> None:
    town = Town(world)
    world.system.projector.start()
    for row in ROWS:
        _is_made(town, row, row.sources[-1], row.roles[-1])


def _is_made(town: Town, row: Row, state: State, role: str) -> None:
    project = town.project(state)
    if row.fact == "project.deprioritized":
        town.ask(ROWS[-2], project, role).raise_for_status()
    answer = town.ask(row, project, role)
    assert answer.status_code == 200, answer.text
    person = town.people[Role(role)]
    person.token = answer.json()["token"]
    shown, made = person.get(f"/projects/{project}"), town.facts(project)[-1]
    assert shown["state"] == (row.target or state)
    assert (made["name"].rpartition(".v")[0], made["role"]) == (row.fact, role)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_whoever_may_not_is_told_who_may(town: Town, row: Row) -> None:
    project = town.standing(row.sources[0])
    for role in set(Role) - set(row.roles):
        answer = town.ask(row, project, role)
        problem = answer.json()
        assert (answer.status_code, problem["roles"]) == (403, list(row.roles)), (role, answer.text)
        assert all(each in problem["detail"] for each in row.roles)


@pytest.mark.parametrize(("row", "state"), NO_STARTS)
def test_from_any_other_state_it_is_refused_with_the_moves_that_are_allowed(town: Town, row: Row, state: State) -> None:
    answer = town.ask(row, town.standing(state), row.roles[0])
    problem = answer.json()
    assert answer.status_code == 409, answer.text
    assert (problem["state"], problem["allowed_moves"]) == (state, allowed_from(state))
    assert state in problem["detail"]


@pytest.mark.parametrize(("row", "pointer"), NEEDS)
def test_what_a_row_requires_is_named_when_it_is_missing(town: Town, row: Row, pointer: str) -> None:
    project = town.standing(row.sources[0])
    before = len(town.facts(project))
    answer = town.ask(row, project, row.roles[0], without=pointer)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{pointer}"]
    assert len(town.facts(project)) == before


def test_everything_that_is_missing_is_named_at_once(town: Town) -> None:
    for row in ROWS:
        person = town.people[Role(row.roles[0])]
        answer = person.attempt(f"/projects/{town.standing(row.sources[0])}/{row.verb}", {})
        needed = {pointer for pointer in row.required if "/" not in pointer}
        if needed:
            assert answer.status_code == 422, (row, answer.text)
            assert {error["pointer"] for error in answer.json()["errors"]} == {f"/{each}" for each in needed}, row


# --- the table, the code and the page are the same -------------------------------------------------


def test_no_move_is_without_its_stories() -> None:
    told: dict[str, tuple[set[State], State | None]] = {}
    for row in MOVING:
        sources, _ = told.get(row.verb, (set(), None))
        told[row.verb] = (sources | set(row.sources), row.target)
    assert told == {verb: (set(move.sources), move.target) for verb, move in MOVES.items()}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_row_says_what_the_code_says(row: Row) -> None:
    operation = OPERATIONS[f"projects.{row.verb}"]
    assert set(row.roles) == set(operation.roles)
    fields = operation.body.model_fields.items()
    assert {field.alias or name for name, field in fields if field.is_required()} <= set(row.required)


def test_the_page_says_the_same() -> None:
    page = PAGE.read_text()
    moves = {words(cells[0])[0]: cells for cells in _table(page, "Moves of a component")}
    assert set(moves) == {row.verb for row in MOVING}
    for verb, (_, sources, target, facts, roles, required, rule) in moves.items():
        rows = [row for row in ROWS if row.verb == verb]
        assert set(words(sources)) == {state for row in rows for state in row.sources}
        assert {target} == {row.target for row in rows}
        assert {fact.rpartition(".v")[0] for fact in words(facts)} == {row.fact for row in rows}
        assert set(words(roles)) == {role for row in rows for role in row.roles}
        assert set(words(required)) <= {each for each in rows[0].required if "/" not in each}
        assert rule.endswith(".")
    commands = {words(cells[0])[0]: cells for cells in _table(page, "Every command")}
    for row in ROWS:
        _, roles, required, _ = commands[f"projects.{row.verb}"]
        assert set(words(roles)) == set(row.roles)
        assert set(words(required)) <= set(row.required)


def _table(page: str, title: str) -> Iterator[list[str]]:
    section = page.partition(f"## {title}\n")[2].partition("\n## ")[0]
    return cells_of("\n".join(line for line in section.splitlines() if line.startswith("|")))
