"""Every route for every role, over what is theirs, what is others' and what is not there: as the table says.

What is expected is told here once more, from the roles of each row and from scope alone. Everywhere, over programs and
over projects a role of each row and one that is not in it speak for all.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel

from api.context import PREFIX
from api.rules import ANY_KEY, OTHERS, PAGES, READS, RULES, Roles, path_of
from domain.facts import (
    choosing,
    identity,
    portfolio,
    portfolio_reviews,
    project,
    project_benefits,
    project_money,
    project_register,
    project_requests,
    project_schedule,
    resources,
    scenarios,
    strategy,
)
from domain.identity.words import Role
from domain.kernel.decide import Commit, Receipt
from domain.kernel.event import Event, Fact
from domain.kernel.rationale import Rationale
from domain.operation import Operation
from domain.operations import OPERATIONS
from domain.project.words import MOVES, Kind, State
from tests.conftest import Api, World

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
POUND = {"amount": "1.00", "currency": "GBP"}
OWN, FOREIGN, ABSENT = "own", "foreign", "absent"
REASON = {"code": "other", "text": "A reason that is long enough for any list", "review_on": "2030-01-01"}
IN_SCOPE_BY_THEIR_WORK = {"resources", "people"}
"""Collections of the organisation: what a command on them needs is a role over what its body names."""
MORE: Mapping[str, Callable[["Place"], dict[str, str]]] = {
    "projects.pause": lambda _: {"expected_resume": "unknown"},
    "projects.complete": lambda _: {"actual_cost": {"amount": "10.00", "currency": "GBP"}},
    "analyses.create": lambda _: {
        "kind": "matrix",
        "inputs": {axis: {"name": axis, "low": 0, "high": 1} for axis in "xy"} | {"points": [{"project": "Shop"}]},
    },
    "scenarios.create": lambda _: {"value": {"basis": "npv"}},
    "scenarios.edit": lambda _: {"name": "Another"},
    "scenarios.unforce": lambda place: {"project": str(place.other)},
    "goals.set-key-result": lambda _: {"start": "10", "target": "2"},
    "goals.record-progress": lambda place: {"project": str(place.project), "progress": "0.5"},
    "goals.unlink": lambda place: {"project": str(place.project)},
    "projects.request-resource": lambda _: {"as_role": "Engineer"},
    "projects.withdraw-request": lambda place: {"request": str(place.request)},
    "projects.decline-request": lambda place: {"request": str(place.request)},
    "resources.cancel-absence": lambda place: {"absence": str(place.absence)},
    "portfolios.set-rate": lambda _: {"currency": "USD"},
    "portfolios.set-scoring-model": lambda _: {"method": "wsjf"},
    "projects.add-dependency": lambda place: {"depends_on": str(place.program)},
    "projects.remove-dependency": lambda place: {"depends_on": str(place.other)},
    "projects.set-milestone": lambda _: {"due_on": "2026-05-01"},
    "projects.set-business-case": lambda _: {"problem": "Queues"},
    "projects.submit": lambda _: {
        "problem": "Queues",
        "expected_benefit": "Sales",
        "cost_low": POUND,
        "cost_high": POUND,
    },
    "projects.rebaseline": lambda _: {"finishes_on": "2027-01-01"},
    "projects.approve-forecast": lambda place: {"proposal": str(place.proposal)},
    "projects.withdraw-forecast": lambda place: {"proposal": str(place.proposal)},
}
"""What a body must hold beside what its schema requires."""
PARAMETERS = {"diff": {"from": "2026-01-01"}}


class Place(NamedTuple):
    """Things of one portfolio, by kind; the second project is for commands that name two."""

    portfolio: UUID
    project: UUID
    other: UUID
    resource: UUID
    person: UUID
    goal: UUID
    program: UUID
    proposal: UUID
    absence: UUID
    request: UUID
    review: UUID
    analysis: UUID
    scenario: UUID
    rival: UUID


class Setting:
    """Two portfolios, each with a program to which its components belong; somebody for every role, in one of them or
    everywhere, and when asked for over that program or one project.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._given: list[Fact] = []
        self.portfolios = {OWN: self._put(uuid4(), portfolio.PortfolioCreated(name="Own", currency="GBP"))}
        self.portfolios[FOREIGN] = self._put(uuid4(), portfolio.PortfolioCreated(name="Foreign", currency="GBP"))
        self.reviews = {where: self._reviewed(held) for where, held in self.portfolios.items()}
        drafted = project.ProjectDrafted(name="Shops", kind=Kind.PROGRAM, state=State.ACTIVE)
        self.programs = {where: self._put(uuid4(), drafted) for where in self.portfolios}
        absent = Place(*(uuid4() for _ in Place._fields))
        self.places = {OWN: self.fresh(OWN), FOREIGN: self.fresh(FOREIGN), ABSENT: absent}
        self.people = {
            (role, scoped): world.person(f"{role} {scoped}", role, portfolio=self.portfolios[OWN] if scoped else None)
            for role in Role
            for scoped in (True, False)
        }
        world.system.projector.catch_up()

    def fresh(self, where: str, state: State = State.DRAFT) -> Place:
        """New things of a portfolio, its project in a state."""
        held, why = self.portfolios[where], Rationale(code="other", text="It belongs here")
        kinds = (Kind.PROJECT, Kind.PROJECT, Kind.PROGRAM)
        above = self.programs[where]
        projects = [
            self._put(uuid4(), project.ProjectDrafted(name="Shop", state=state, kind=kind, parent=above))
            for kind in kinds
        ]
        for number, each in enumerate(projects):
            order = Decimal(self.world.system.store.head() + number)
            self._put(held, portfolio.ComponentAdded(component=each, order=order, why=why))
        worker = self._put(uuid4(), resources.ResourceAdded(kind="person"))
        share = {"project": projects[0], "share": "0.5", "starts_on": "2026-01-01", "why": why}
        self._put(worker, resources.ResourceAssigned.model_validate(share))
        goal = self._put(uuid4(), strategy.GoalCreated(portfolio=held, name="Quick", why=why))
        linked = strategy.GoalLinked(project=projects[0], to_weight="0.1", why=why)  # type: ignore[arg-type]
        self._put(goal, linked)
        *two, program = projects
        self._registered(*two)
        person, absence, request = self._put(uuid4(), identity.PersonAdded()), uuid4(), uuid4()
        days = {"starts_on": "2026-05-01", "ends_on": "2026-05-01", "reason": "leave", "days": ["2026-05-01"]}
        self._put(worker, resources.AbsenceRecorded.model_validate(days), absence)
        need = {**dict.fromkeys(["skill", "ends_on", "deliverable"]), "as_role": "Engineer", "share": "0.1"}
        asked = project_requests.ResourceRequested.model_validate({**need, "starts_on": "2026-05-01", "why": why})
        self._put(projects[0], asked, request)
        proposed, analysis = self._proposed(projects[0]), self._analysed(held)
        scenarios_of_it = [self._thought(held, *two) for _ in range(2)]
        self._record()
        return Place(
            held,
            *two,
            worker,
            person,
            goal,
            program,
            proposed,
            absence,
            request,
            self.reviews[where],
            analysis,
            *scenarios_of_it,
        )

    def narrow(self, kind: str, role: Role, place: Place) -> Api:
        """Somebody who holds a role over the program, or over the project of a place."""
        over = {"program": self.programs[OWN], "project": place.project}[kind]
        return self.world.person(f"{role} in a {kind}", role, **{kind: over})

    def _reviewed(self, held: UUID) -> UUID:
        """A review of a portfolio that is over."""
        review = uuid4()
        self._put(held, portfolio_reviews.ReviewOpened(agenda=()), review)
        self._put(held, portfolio_reviews.ReviewClosed(review=review))
        return review

    def _registered(self, stream: UUID, other: UUID) -> None:
        """A risk, an issue, a milestone, a dependency and a benefit of a project."""
        said = {"title": "Some text", "owner": "Some text", "due_on": "2026-05-01"}
        self._put(stream, project_register.RiskRecorded.model_validate({"risk": 1, **said}))
        self._put(stream, project_register.IssueRecorded.model_validate({"issue": 1, **said}))
        dates = {"name": "Some text", "promised_on": "2026-04-01", "due_on": "2026-04-01"}
        self._put(stream, project_schedule.MilestoneSet.model_validate(dates))
        why = Rationale(code="other", text="It belongs here")
        self._put(stream, project_schedule.DependencyAdded(depends_on=other, why=why))
        plan = {"owner": "Some text", "measure": "Some text", "unit": "m", "target": "1.00", "due_on": "2026-05-01"}
        self._put(stream, project_benefits.BenefitPlanned.model_validate({"benefit": "Some text", **plan}))

    def _analysed(self, held: UUID) -> UUID:
        """A matrix that is kept."""
        made = {"portfolio": held, "kind": "matrix", "title": "Some text", "method_version": 1, "sha256": "0" * 64}
        return self._put(uuid4(), choosing.AnalysisRecorded.model_validate({**made, "inputs": {}, "result": {}}))

    def _thought(self, held: UUID, stream: UUID, other: UUID) -> UUID:
        """A scenario that forces one project in and can choose another."""
        cost = {"category": "capex", "money": POUND}
        spec = {"value": {"basis": "npv"}, "adjustments": [{"project": str(stream), "value": 1, "costs": [cost]}]}
        made = {"portfolio": held, "name": "Some text", "spec": spec}
        scenario = self._put(uuid4(), scenarios.ScenarioCreated.model_validate(made))
        why = Rationale(code="other", text="It belongs here")
        return self._put(scenario, scenarios.ScenarioForcedIn(project=other, why=why))

    def _proposed(self, stream: UUID) -> UUID:
        """A change of a project's forecast that waits for a second person."""
        pounds = {"amount": "900.00", "currency": "GBP"}
        line = {"month": "2026-03", "category": "capex", "money": pounds}
        why = {"code": "other", "text": "It belongs here"}
        said = {"lines": [line], "change": pounds, "threshold": pounds, "why": why}
        proposal = uuid4()
        self._put(stream, project_money.ForecastProposed.model_validate_json(json.dumps(said)), proposal)
        return proposal

    def _put(self, stream: UUID, event: Event, event_id: UUID | None = None) -> UUID:
        now = self.world.clock()
        self._given.append(Fact(event_id or uuid4(), stream, event, now, None, "given", Role.BOARD, "given"))
        return stream

    def _record(self) -> None:
        """Store what was given, each fact as a command of its own, in one transaction."""
        store, commits = self.world.system.store, []
        versions = Counter(store.versions([fact.stream_id for fact in self._given]))
        for fact in self._given:
            key, read = f"import:given:{fact.event_id}", {fact.stream_id: versions[fact.stream_id]}
            commits.append(Commit(key, "", fact.stream_id, (fact,), read))
            versions[fact.stream_id] += 1
        self._given = []
        assert all(isinstance(outcome, Receipt) for outcome in store.append_all(commits))


@pytest.fixture
def setting(world: World) -> Setting:
    return Setting(world)


def test_every_route_has_its_rule_and_every_rule_its_route(world: World) -> None:
    app: Any = world.client.app
    routes = {
        f"{method} {route.path}"
        for route in iter_route_contexts(app.routes)
        for method in (route.methods or {"GET"}) - {"HEAD"}
    }
    assert routes - RULES.keys() == set(), "these routes have no rule in api/rules.py, so nobody may use them"
    assert RULES.keys() - routes == set(), "these rules of api/rules.py have no route"
    assert all(operation.roles for operation in OPERATIONS.values())


def test_a_route_without_a_rule_is_closed(world: World, ada: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.identity.RULES", {})
    refused = ada.ask("/projects")
    assert (refused.status_code, "no rule says" in refused.text) == (403, True)


def test_without_a_key_only_what_needs_none_is_open(setting: Setting) -> None:
    for rule, roles in RULES.items():
        method, path = rule.split()
        answer = setting.world.client.request(method, _of(path, setting.places[OWN]), follow_redirects=False)
        if roles is None:
            assert answer.status_code == 401 if rule == "POST /sign-in" else answer.status_code < 400, rule
        elif path.startswith(PREFIX) or path == "/metrics":
            assert answer.status_code in {401, 422}, rule  # a body that lacks members is told first
        else:
            assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in"), rule


@pytest.mark.parametrize("scoped", [True, False], ids=["in their portfolio", "everywhere"])
def test_reads_are_as_the_table_says(setting: Setting, scoped: bool) -> None:
    for path, roles in _reads():
        for role in _asking(roles, scoped):
            for where, place in setting.places.items():
                if where is not OWN and "{" not in path:
                    continue
                answer = _ask(setting, path, setting.people[role, scoped], place)
                expected = _read(path, roles, role, where, scoped=scoped)
                assert answer.status_code == expected, (path, role, where, answer.text[:300])
                if expected == 403 and path.startswith(PREFIX):
                    assert answer.json()["roles"] == list(roles), path


@pytest.mark.parametrize("scoped", [True, False], ids=["in their portfolio", "everywhere"])
def test_commands_are_as_the_table_says(setting: Setting, scoped: bool) -> None:
    setting.world.system.projector.stop()  # commands read facts alone
    came: Counter[int] = Counter()
    for name, operation in OPERATIONS.items():
        for role in _asking(operation.roles, scoped):
            for where, place in setting.places.items():
                expected = _commanded(operation, role, where, scoped=scoped)
                if expected is None and where is not ABSENT:
                    place = setting.fresh(where, _state_for(operation))
                path, body = _of(path_of(operation), place), body_of(operation, place)
                answer = setting.people[role, scoped].attempt(path, body)
                came[answer.status_code] += 1
                what = (name, role, where, answer.status_code, answer.text[:300])
                if expected is None:
                    assert answer.status_code in {200, 201, 409}, what
                else:
                    assert answer.status_code == expected, what
                if expected == 403:
                    assert answer.json()["roles"] == list(operation.roles), what
    assert came[200] + came[201] > 2 * came[409], (
        "what is let through is mostly recorded, not only refused for another reason"
    )


@pytest.mark.parametrize("kind", ["program", "project"])
def test_reads_within_a_program_or_over_a_project_are_as_the_table_says(setting: Setting, kind: str) -> None:
    own = setting.places[OWN]
    people = {role: setting.narrow(kind, role, own) for role in (Role.PROJECT_MANAGER, Role.AUDITOR)}
    setting.world.system.projector.catch_up()
    for path, roles in _reads():
        about = own.scenario if path.endswith("/compare") else _named_in(path, own)
        shown = about is None or about in {own.project, own.resource, own.goal}
        for role, where in ((Role.PROJECT_MANAGER, OWN), (Role.AUDITOR, OWN), (Role.AUDITOR, FOREIGN)):
            expected = 403 if role not in roles and roles is not ANY_KEY else 200
            if expected == 200 and about is not None and not (shown and where == OWN):
                expected = 404
            answer = _ask(setting, path, people[role], setting.places[where])
            assert answer.status_code == expected, (path, role, where, answer.text[:300])


@pytest.mark.parametrize("kind", ["program", "project"])
def test_commands_within_a_program_or_over_a_project_are_as_the_table_says(setting: Setting, kind: str) -> None:
    setting.world.system.projector.stop()  # commands read facts alone
    came: Counter[int] = Counter()
    for name, operation in OPERATIONS.items():
        allowed = next(role for role in operation.roles if role is not Role.PROGRAM_MANAGER)
        other = next(role for role in (Role.EXECUTIVE, Role.AUDITOR) if role not in operation.roles)
        for role, where in ((allowed, OWN), (other, OWN), (allowed, FOREIGN), (allowed, ABSENT)):
            place = setting.places[where]
            if (role, where) == (allowed, OWN):
                place = setting.fresh(where, _state_for(operation))
            person = setting.narrow(kind, role, place if where is OWN else setting.places[OWN])
            body = body_of(operation, place, over=kind)
            seen, decided = _within(kind, operation, body, place) if where is OWN else (set(), set())
            expected = _commanded_within(operation, role, seen, decided, body, place)
            answer = person.attempt(_of(path_of(operation), place), body)
            came[answer.status_code] += 1
            what = (name, role, where, answer.status_code, answer.text[:300])
            assert answer.status_code in ({200, 201, 409} if expected is None else {expected}), what
            if expected == 403:
                assert answer.json()["roles"] == list(operation.roles), what
    assert came[200] + came[201] > 2 * came[409]


def _within(kind: str, operation: Operation, body: Mapping[str, Any], place: Place) -> tuple[set[UUID], set[UUID]]:
    """What somebody with a role over the program, or over the project, sees of a place, and what they decide about."""
    decided = {place.project, place.other, place.program} if kind == "program" else {place.project}
    seen = {*decided, place.goal}
    return seen, seen if operation.name == "goals.record-progress" and "project" in body else decided


def _commanded_within(
    operation: Operation, role: Role, seen: set[UUID], decided: set[UUID], body: Mapping[str, Any], place: Place
) -> int | None:
    """The status of a refusal for want of rights; `None` if the command is let through."""
    by_path = operation.verb != "create" and operation.collection not in IN_SCOPE_BY_THEIR_WORK
    path = [getattr(place, operation.collection.removesuffix("s"))] if by_path else []
    named = [UUID(body[member]) for member in operation.body.named if member in body]
    if not seen.issuperset(path):
        return 404
    if not seen.issuperset(named):
        return 422
    things = {*path, *named}
    return None if role in operation.roles and things and things <= decided else 403


def _asking(allowed: Roles, scoped: bool) -> list[Role]:
    """Every role, or two that speak for those who may and those who may not."""
    may = [role for role in Role if role in allowed or allowed is ANY_KEY]
    may_not = [role for role in Role if role not in may]
    return list(Role) if scoped else [*may[:1], *may_not[:1]]


def _reads() -> Iterator[tuple[str, Roles]]:
    yield from ((PREFIX + path, roles) for path, roles in READS.items())
    yield from PAGES.items()
    yield from ((rule.split()[1], roles) for rule, roles in OTHERS.items() if roles is not None and "GET" in rule)


def _read(path: str, roles: Roles, role: Role, where: str, *, scoped: bool) -> int:
    if role not in roles and roles is not ANY_KEY:
        return 403
    return 404 if "{" in path and (where == ABSENT or (where == FOREIGN and scoped)) else 200


def _commanded(operation: Operation, role: Role, where: str, *, scoped: bool) -> int | None:
    """The status of a refusal for want of rights or of the thing; `None` if the command is let through."""
    by_path = operation.verb != "create"
    path_is_scoped = by_path and operation.collection not in IN_SCOPE_BY_THEIR_WORK
    named = bool(operation.body.named)
    if scoped and where != OWN and (path_is_scoped or named):
        return 404 if path_is_scoped else 422
    if role not in operation.roles or (scoped and not path_is_scoped and not named):
        return 403
    if where == ABSENT and by_path:
        return 404
    return 422 if where == ABSENT and named else None


def _ask(setting: Setting, path: str, person: Api, place: Place) -> Any:
    parameters: dict[str, Any] = dict(PARAMETERS.get(path.rsplit("/", 1)[1], {}))
    if path.endswith("/compare"):
        parameters["id"] = [str(place.scenario), str(place.rival)]
    if path.endswith("/stream"):
        parameters["at"] = str(setting.world.system.store.head())
    headers = {"Authorization": f"Bearer {person.key}"}
    return setting.world.client.get(_of(path, place), params=parameters, headers=headers, follow_redirects=False)


def _named_in(path: str, place: Place) -> UUID | None:
    """The first thing that a path names."""
    return next(
        (
            UUID(filled)
            for part, filled in zip(path.split("/"), _of(path, place).split("/"), strict=True)
            if part.startswith("{")
        ),
        None,
    )


def _of(path: str, place: Place) -> str:
    """The path with the ids of a place in it."""
    kind = "person" if "/people/" in path else path.removeprefix(PREFIX).split("/")[1].removesuffix("s")
    named = {part: kind if part == "{id}" else part[1:].removesuffix("_id}") for part in path.split("/")}
    return "/".join(str(getattr(place, named[part])) if part.startswith("{") else part for part in path.split("/"))


def _state_for(operation: Operation) -> State:
    """A state in which the command is legal."""
    if operation.verb == "set-business-case":
        return State.DRAFT
    if operation.collection == "scenarios":
        return State.UNDER_EVALUATION
    move = MOVES.get(operation.verb) if operation.collection == "projects" else None
    return move.sources[0] if move else State.ACTIVE


@cache
def _schema_of(body: type[BaseModel]) -> dict[str, Any]:
    return body.model_json_schema()


def body_of(operation: Operation, place: Place, over: str = "portfolio") -> dict[str, Any]:
    """A body the API takes: everything required, and the things it names, in this place; roles are given in `over`."""
    schema = _schema_of(operation.body)
    body = {
        name: _value(shape, schema)
        for name, shape in schema["properties"].items()
        if name in schema.get("required", ())
    }
    if "rationale" in schema["properties"]:
        body["rationale"] = REASON
    kinds = list(operation.body.named.values())
    for number, (member, kind) in enumerate(operation.body.named.items()):
        body[member] = str(place.other if kind in kinds[:number] else getattr(place, kind))
        if member in {"parent", "program"}:
            body[member] = str(place.program)
    if operation.verb in {"grant-role", "revoke-role"}:
        body = {name: value for name, value in body.items() if name not in operation.body.named}
        body[over] = str(getattr(place, over))
    if operation.name in MORE:
        body.update(MORE[operation.name](place))
    if operation.verb == "add-component":
        body["component"] = str(place.project)
    if operation.name == "analyses.create":
        del body["scenario"]  # the matrix of these tests takes its points from its inputs
    return body


def _value(shape: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """Some value of this shape."""
    match shape:
        case {"$ref": name}:
            return _value(schema["$defs"][name.rsplit("/", 1)[1]], schema)
        case {"examples": [first, *_]}:
            return first
        case {"anyOf": [first, *_]}:
            return _value(first, schema)
        case {"enum": [first, *_]} | {"const": first}:
            return first
        case {"properties": members}:
            return {name: _value(each, schema) for name, each in members.items() if name in shape.get("required", ())}
        case {"type": "array", "items": item}:
            return [_value(item, schema)]
        case {"format": "date"}:
            return "2026-03-02"
        case {"format": "uuid"}:
            return str(uuid4())
        case {"type": "integer"}:
            return shape.get("minimum", 1)
        case {"pattern": pattern}:
            return "GBP" if "A-Z" in pattern else "10.00"
        case _:
            return "Some text"
