"""Scenarios at any moment: what they ask, who is ruled in or out, and what they were solved to."""

from collections.abc import Iterable

from domain.choosing import scenario_events as e
from domain.kernel.event import Recorded
from domain.kernel.instants import rfc3339
from domain.portfolio.commit_events import ScenarioCommitted
from projections.dated import Change, DatedChanges

scenarios = DatedChanges("scenario_board")
RULING = "ruling:"
HEAD = ("name", "head", "changed", "solved", "committed")
"""What a list shows; `spec` is what is asked, each `ruling` is about one project, `solution` is what may be long."""
TOLD = ("found", "said", "gap_percent", "currency", "value", "cost")


@scenarios.on(e.ScenarioCreated)
def created(event: e.ScenarioCreated, fact: Recorded) -> Iterable[Change]:
    """It is thought about."""
    yield Change(fact.stream_id, "head", {"portfolio": str(event.portfolio), **_made(fact)})
    yield from _asked(event, fact)


@scenarios.on(e.ScenarioEdited)
def edited(event: e.ScenarioEdited, fact: Recorded) -> Iterable[Change]:
    """It asks for something else."""
    yield from _asked(event, fact)


@scenarios.on(e.ScenarioForcedIn, e.ScenarioForcedOut, e.ScenarioUnforced)
def ruled(event: e.ScenarioRuling, fact: Recorded) -> Iterable[Change]:
    """Somebody ruled about a project, or that is over."""
    ruling = {"forced": "in" if isinstance(event, e.ScenarioForcedIn) else "out", "why": event.why.text, **_made(fact)}
    over = isinstance(event, e.ScenarioUnforced)
    yield Change(fact.stream_id, f"{RULING}{event.project}", None if over else ruling)
    yield Change(fact.stream_id, "changed", fact.name)


@scenarios.on(e.ScenarioSolved)
def solved(event: e.ScenarioSolved, fact: Recorded) -> Iterable[Change]:
    """The best choice was looked for."""
    head = event.model_dump(mode="json", exclude={"why", "missing", "inputs", "result"})
    counts = {name: len(event.result[name]) for name in ("selected", "losers")}
    told = {name: event.result[name] for name in TOLD}
    yield Change(fact.stream_id, "solved", {**told, **counts, "missing": len(event.missing), **head, **_made(fact)})
    yield Change(fact.stream_id, "solution", event.model_dump(mode="json", include={"missing", "inputs", "result"}))


@scenarios.on(ScenarioCommitted)
def committed(event: ScenarioCommitted, fact: Recorded) -> Iterable[Change]:
    """It became the plan."""
    yield Change(event.scenario, "committed", {"why": event.why.text, "fact": str(fact.event_id), **_made(fact)})


def _asked(event: e.ScenarioCreated | e.ScenarioEdited, fact: Recorded) -> Iterable[Change]:
    yield Change(fact.stream_id, "name", event.name)
    yield Change(fact.stream_id, "spec", event.spec.model_dump(mode="json"))
    yield Change(fact.stream_id, "changed", fact.name)


def _made(fact: Recorded) -> dict[str, str]:
    times = {"occurred_at": rfc3339(fact.occurred_at), "recorded_at": rfc3339(fact.recorded_at)}
    return {"actor": fact.actor, "role": fact.role, **times}
