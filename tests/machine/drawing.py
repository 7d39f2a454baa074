"""Draws any command there is, mostly sound, from the shape of its body and from what is there already."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, NamedTuple

from domain.kernel.event import Recorded
from domain.operation import Operation
from domain.operations import OPERATIONS
from domain.project.words import LIVE, MOVES, REASON_CODES, State, verbs_from
from tests.domain.scene import WHY
from tests.lifecycle import body_of, path_to

KINDS = {"people": "person", "analyses": "analysis"}
"""Kinds of things whose collection is not their plural."""
_ALL = tuple(OPERATIONS.values())
NOBODY = "00000000-0000-0000-0000-00000000dead"
TODAY = date(2026, 3, 2)
DAYS = [(TODAY + timedelta(days=days)).isoformat() for days in (-40, -1, 0, 1, 30, 200)]
POOLS: Mapping[str, Sequence[Any]] = {
    "month": ["2026-01", "2026-02", "2026-03"],
    "year": [2026, 2027],
    "inputs": [{axis: {"name": axis, "low": 0, "high": 1} for axis in "xy"} | {"points": [{"project": "Shop"}]}],
    "periods": [None, ["2026"], ["2026", "2027"]],
    "budgets": [None, [], [{"money": {"amount": "250.00", "currency": "GBP"}}]],
    **{member: [None, []] for member in ("capacities", "requires", "goals")},
    **{member: [[]] for member in ("excludes", "groups", "starts")},
    "seconds": ["1", 5],
    "currency": ["GBP", "GBP", "GBP", "USD"],
    "amount": ["100.00", "100.00", "100.00", "250.50", "900.00", "-20.00"],
    "share": ["0.2", "0.5", "0.6", "1"],
    "weight": ["0.2", "0.5", "0.6", "1"],
    "progress": ["0", "0.25", "1"],
    "category": ["capex", "opex"],
    "measure": ["Length", "Depth"],
    "starts_on": DAYS[:4],
    "ends_on": DAYS[3:],
    "role": ["board"],
    "review_on": [*DAYS[:1], *DAYS[4:]],
    "benefit": ["Sales"],
    "risk": [1, 2],
    "issue": [1, 2],
}
"""Few values by the name of a member, so that commands meet."""
TEXTS = ["Shop", "Till", "A quay at the harbour"]
CODES = [*sorted({code for codes in REASON_CODES.values() for code in codes}), "capacity", "absence"]
JUNK = [None, 7, "", "x", [], {}, True, "2026-13-45"]
MOST, FEW = {"project": 5}, 2
"""Things of a kind there are at most, so that commands meet."""
SELDOM, ENDS = 0.1, {"goals.retire", "people.erase"}
"""What ends something is drawn less often."""
TOGETHER: Mapping[str, Sequence[tuple[str, ...]]] = {
    "goals.record-progress": [("measure", "current"), ("project", "progress")],
    "projects.submit": [("problem", "expected_benefit", "cost_low", "cost_high")],
}
"""Members of which one group is given, never a mixture."""
ALONE: Mapping[tuple[str, str], Any] = {
    ("analyses.create", "kind"): "matrix",
    **{(f"scenarios.{verb}", "value"): {"basis": "npv"} for verb in ("create", "edit")},
    **{(f"scenarios.{verb}", "adjustments"): [] for verb in ("create", "edit")},
}
"""What a member always is in a command, because another one goes with it."""
FOLLOWS: Mapping[str, tuple[str, str, str]] = {
    "goals.unlink": ("project", "goal.linked", "project"),
    "portfolios.restore-component": ("component", "portfolio.component_removed", "component"),
    "projects.approve-forecast": ("proposal", "project.forecast_proposed", ""),
    "projects.withdraw-forecast": ("proposal", "project.forecast_proposed", ""),
    "projects.record-benefit": ("benefit", "project.benefit_planned", "benefit"),
    "projects.remove-dependency": ("depends_on", "project.dependency_added", "depends_on"),
    "projects.decline-request": ("request", "project.resource_requested", ""),
    "projects.withdraw-request": ("request", "project.resource_requested", ""),
    "resources.cancel-absence": ("absence", "resource.absence_recorded", ""),
    "scenarios.unforce": ("project", "scenario.forced_in", "project"),
    "resources.reassign": ("from_project", "resource.assigned", "project"),
    "resources.release": ("project", "resource.assigned", "project"),
}
"""Which member names what an earlier fact of the same stream said: its event id, or a member of it."""
OFTEN = {"rationale": 18, "occurred_at": 1, "inputs_position": 1, "parent": 4}
"""Out of twenty, how often an optional member is given; others less than half the time."""


@dataclass
class Known:
    """What is there: things by kind, states of projects, facts that a command may name, what was let through."""

    things: dict[str, list[str]] = field(default_factory=dict)
    states: dict[str, State | None] = field(default_factory=dict)
    facts: list[Recorded] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)


class Drawn(NamedTuple):
    """A command; `thing` is `None` where it creates one."""

    operation: Operation
    thing: str | None
    body: dict[str, Any]

    def __repr__(self) -> str:
        return f"{self.operation.name} {self.thing or ''} {self.body}"


def kind_of(collection: str) -> str:
    """The kind of a collection's things."""
    return KINDS.get(collection, collection.removesuffix("s"))


def beginning(known: Known) -> Iterator[tuple[Drawn, str]]:
    """Commands, each with who gives it, that lead to where most others have something to say; all are legal."""

    def give(operation: str, kind: str, body: dict[str, Any], number: int = -1, who: str = "ada") -> tuple[Drawn, str]:
        creates = operation.endswith(".create")
        return Drawn(OPERATIONS[operation], None if creates else known.things[kind][number], body), who

    why = {"rationale": WHY}
    yield give("portfolios.create", "portfolio", {"name": "Harbour"})
    yield give("portfolios.create", "portfolio", {"name": "Town", "currency": "GBP"})
    yield give("projects.create", "project", {"name": "Renewal", "sponsor": "mayor", "kind": "program"})
    for name in ("Shop", "Quay", "Till"):
        held = {"portfolio": known.things["portfolio"][1], **why}
        yield give("projects.create", "project", {"name": name, "sponsor": "sales", **held})
    for number, state in ((1, State.ACTIVE), (2, State.SELECTED)):
        for row in path_to(state):
            who = "bob" if row.verb == "authorize" else "ada"
            yield give(f"projects.{row.verb}", "project", body_of(row.verb), number, who)
    yield give("resources.create", "resource", {"name": "Carol"})
    yield give("people.create", "person", {"name": "Dan"})
    serves = {"project": known.things["project"][1], **why}
    yield give("resources.assign", "resource", {**serves, "share": "0.6", "starts_on": DAYS[2]})
    yield give("goals.create", "goal", {"name": "No queues", "portfolio": known.things["portfolio"][1], **why})
    yield give("goals.link", "goal", {**serves, "weight": "0.5"})
    register = {"title": "Rain", "owner": "carol", "due_on": DAYS[4]}
    for operation, body in (
        ("record-risk", register),
        ("record-issue", register),
        ("set-milestone", {"name": "Shop", "due_on": DAYS[4]}),
        ("add-dependency", {"depends_on": known.things["project"][2], **why}),
    ):
        yield give(f"projects.{operation}", "project", body, 1)
    thought = {"portfolio": known.things["portfolio"][1], "name": "Next year", "value": {"basis": "npv"}}
    cost = {"category": "capex", "money": {"amount": "100.00", "currency": "GBP"}}
    adjusted = {"project": known.things["project"][2], "value": 5, "costs": [cost]}
    yield give("scenarios.create", "scenario", {**thought, "adjustments": [adjusted]})
    yield give("projects.move", "project", {"program": known.things["project"][0], **why}, 3)
    yield give("portfolios.add-subsidiary", "portfolio", {"subsidiary": known.things["portfolio"][0], **why}, 1)
    limit = {"money_threshold": {"amount": "200.00", "currency": "GBP"}, **why}
    yield give("portfolios.set-policy", "portfolio", limit)


def command(chance: Random, known: Known, *, spoilt: bool = False) -> Drawn:
    """Any command, often one that the state of its project allows; some are `spoilt` if that is wanted."""
    operation = chance.choices(_ALL, [_likely(known, each) for each in _ALL])[0]
    thing = _one_of(chance, known.things.get(kind_of(operation.collection)))
    allowed = verbs_from(known.states.get(thing))
    if operation.collection == "projects" and allowed and _happens(chance, 8):
        verb = chance.choices(allowed, [1 if MOVES[verb].target in LIVE else SELDOM for verb in allowed])[0]
        operation = OPERATIONS[f"projects.{verb}"]
    schema = _schema(operation.name)
    body = _members(chance, schema, schema, known, operation)
    member, name, of = FOLLOWS.get(operation.name, ("", "none", ""))
    earlier = [fact for fact in known.facts if fact.name.startswith(f"{name}.v")]
    if earlier and _happens(chance, 14):
        fact = chance.choice(earlier)
        thing, body[member] = str(fact.stream_id), str(getattr(fact.event, of) if of else fact.event_id)
    if spoilt and _happens(chance, 2):
        body = _spoil(chance, body)
    return Drawn(operation, None if operation.verb == "create" else thing, body)


def _likely(known: Known, operation: Operation) -> float:
    """What was let through before is drawn less often; nothing more is created than there is room for."""
    kind = kind_of(operation.collection)
    is_full = operation.verb == "create" and len(known.things.get(kind, ())) >= MOST.get(kind, FEW)
    return 0 if is_full else (SELDOM if operation.name in ENDS else 1) / (1 + known.done[operation.name]) ** 0.5


def _one_of(chance: Random, things: Sequence[str] | None) -> str:
    """One of them, the first few more often, so that one has a long life."""
    return chance.choice(chance.choice([things[:2], things]) if things else [NOBODY])


@cache
def _schema(name: str) -> dict[str, Any]:
    return OPERATIONS[name].body.model_json_schema()


def _members(
    chance: Random, shape: Mapping[str, Any], schema: Mapping[str, Any], known: Known, operation: Operation
) -> dict[str, Any]:
    """Every required member and some of the others."""
    body: dict[str, Any] = {}
    together = chance.choice(TOGETHER.get(operation.name, [()])) if shape is schema else ()
    apart = {name for names in TOGETHER.get(operation.name, ()) for name in names} - {*together}
    for name, each in shape["properties"].items():
        needed = name in shape.get("required", ()) or name in together
        if needed or (name not in apart and _happens(chance, OFTEN.get(name, 8))):
            shape_of_it = each["anyOf"][0] if name in together and "anyOf" in each else each
            body[name] = _value(chance, name, shape_of_it, schema, known, operation)
    return body


def _value(
    chance: Random, name: str, shape: Mapping[str, Any], schema: Mapping[str, Any], known: Known, operation: Operation
) -> Any:
    if name == "rationale":
        return _rationale(chance, known)
    if (operation.name, name) in ALONE:
        return ALONE[operation.name, name]
    if name in POOLS:
        return chance.choice(POOLS[name])
    match shape:
        case {"$ref": definition}:
            return _value(chance, name, schema["$defs"][definition.rsplit("/", 1)[1]], schema, known, operation)
        case {"anyOf": options}:
            return _value(chance, name, chance.choice(options), schema, known, operation)
        case {"enum": options}:
            return chance.choice(options)
        case {"const": only}:
            return only
        case {"properties": _}:
            return _members(chance, shape, schema, known, operation)
        case {"type": "array", "items": item}:
            return [_value(chance, name, item, schema, known, operation) for _ in range(chance.randint(1, 2))]
        case {"format": "uuid"}:
            return _named(chance, name, known, operation)
        case {"format": "date"}:
            return chance.choice(DAYS)
        case {"format": "date-time"}:
            return f"{chance.choice(DAYS[:3])}T08:30:00Z"
        case {"type": "integer"}:
            lowest = shape.get("minimum", 0)
            return chance.randint(lowest, lowest + 3)
        case {"type": "boolean"}:
            return _happens(chance, 10)
        case {"type": "null"}:
            return None
        case {"pattern": _}:
            return chance.choice(["0", "2.5", "10"])
        case _:
            return chance.choice(TEXTS)


def _named(chance: Random, name: str, known: Known, operation: Operation) -> str:
    kind = operation.body.named.get(name, name)
    pool = known.things.get(kind) or known.things.get("project")
    return NOBODY if _happens(chance, 1) else _one_of(chance, pool)


def _rationale(chance: Random, known: Known) -> dict[str, Any]:
    code = chance.choice(CODES) if _happens(chance, 4) else "other"
    why = {"code": code, "text": "A reason that is long enough for any list"}
    if _happens(chance, 8):
        why["review_on"] = chance.choice(POOLS["review_on"])
    decisions = [str(fact.event_id) for fact in known.facts if fact.event.why]
    if decisions and _happens(chance, 2):
        why["supersedes"] = chance.choice(decisions[-6:])
    return why


def _happens(chance: Random, times: int) -> bool:
    """Whether something happens that does so many times out of twenty."""
    return chance.randrange(20) < times


def _spoil(chance: Random, body: dict[str, Any]) -> dict[str, Any]:
    """The body with a member that is missing, of no use, or not of this command."""
    member = chance.choice(sorted(body) or ["rationale"])
    if _happens(chance, 10):
        return {**body, member: chance.choice(JUNK)}
    if _happens(chance, 10):
        return {**body, "surprise": 1}
    return {name: value for name, value in body.items() if name != member}
