"""What a fact says that happened, in a sentence."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from projections.paging import Answer

Names = Mapping[str, str | None]
"""Names by id, as text."""
Data = Mapping[str, Any]
STREAM = "stream_id"
TOLD_AT_MOST = 3
"""How many others are named of those a choice was made over."""


def deed(fact: Answer, names: Names, alternatives: Sequence[Answer] = ()) -> str:
    """What happened, without who and why: Selected over App and Kiosk."""
    kind, verb, _ = _name(fact).split(".")
    tell = DEEDS.get(f"{kind}.{verb}", DEEDS.get(verb))
    told = tell({**fact["data"], STREAM: fact["stream_id"]}, names) if tell else verb.replace("_", " ")
    return told[0].upper() + told[1:] + rather(fact, names, alternatives)


def rather(fact: Answer, names: Names, alternatives: Sequence[Answer]) -> str:
    """What was not chosen: over App and Kiosk, instead of waiting; nothing if nobody said."""
    verdict = fact["data"].get("verdict") or {}
    losers = [names.get(each["project"]) or each["name"] for each in verdict.get("over") or ()]
    others = _all_of(losers, verdict.get("of_losers")) or _all_of([each["title"] for each in alternatives])
    word = "over" if _name(fact).startswith("project.selected.") else "instead of"
    forced = f", forced in: {verdict['forced_in']}" if verdict.get("forced_in") else ""
    return (f" {word} {others}" if others else "") + forced


def _name(fact: Answer) -> str:
    return str(fact.get("fact") or fact["name"])


def sentence(fact: Answer, names: Names, actor: str | None, why: Answer | None) -> str:
    """What happened, who did it in which role, and why."""
    who = f"{actor or fact['actor']} as {fact['role'].replace('_', ' ')}"
    reason = f". {why['code']}: {why['text']}" if why else ""
    return f"{deed(fact, names, why['alternatives'] if why else ())}, by {who}{reason}"


def _all_of(named: Sequence[str], of: int | None = None) -> str:
    shown = [*named[:TOLD_AT_MOST]]
    further = max(of or 0, len(named)) - len(shown)
    if shown and further:
        shown.append(f"{further} others" if further > 1 else "another one")
    *others, last = shown or [""]
    return f"{', '.join(others)} and {last}" if others else last


def known(then: Data) -> str:
    """Under evaluation, rank 3, score 88, forecast GBP 500.00; what was not known is left out."""
    told = [str(then["state"] or "not there yet").replace("_", " ")]
    told += [f"{name} {then[name]}" for name in ("rank", "score") if then[name] is not None]
    told += [f"{name} {money(then[name])}" for name in ("budget", "forecast") if then[name]]
    return ", ".join(told)


def money(value: Data | None) -> str:
    """An amount with its currency."""
    return f"{value['currency']} {value['amount']}" if value else "an unknown amount"


def _named(data: Data, names: Names, member: str) -> str:
    return names.get(str(data.get(member))) or "something without a name"


def _whose(told: str, member: str = STREAM) -> Callable[[Data, Names], str]:
    """A sentence with the names of what is in `{one}`, by its member, and of what the fact belongs to, in `{whole}`."""
    return lambda data, names: told.format(one=_named(data, names, member), whole=_named(data, names, STREAM))


def _ranked(data: Data, names: Names) -> str:
    moved = f"moved from rank {data['from_rank']} to {data['to_rank']}"
    return f"{_named(data, names, 'component')} {moved} in {_named(data, names, STREAM)}"


def _paused(data: Data, _: Names) -> str:
    until = data["expected_resume"] or "nobody knows when"
    return f"paused until {until}, its people {'kept' if data['allocations'] == 'keep' else 'released'}"


def _moved_to(data: Data, names: Names) -> str:
    return f"moved to {_named(data, names, 'to_program')}" if data["to_program"] else "taken out of its program"


def _kept_out(told: str) -> Callable[[Data, Names], str]:
    """A sentence that ends with what kept it out of a scenario, if one was committed."""

    def tell(data: Data, _: Names) -> str:
        why = "; ".join(each.rstrip(".") for each in (data.get("verdict") or {}).get("kept_out") or ())
        return f"{told}: {why}" if why else told

    return tell


def _under(data: Data) -> str:
    return f"{data['model']['name']} {data['model']['version']}"


def _scored(data: Data, _: Names) -> str:
    told = data["bucket"] or data["score"]
    return f"scored {told} under {_under(data)}" if told else f"scored in part under {_under(data)}"


def _overridden(data: Data, _: Names) -> str:
    if data["score"] is None:
        return f"scored as computed again, {data['computed'] or 'nothing yet'}, under {_under(data)}"
    return f"scored {data['score']} under {_under(data)}, where {data['computed'] or 'nothing yet'} was computed"


def _model(data: Data) -> str:
    model = data.get("scoring_model")
    return f"{model['name']} {model['version']}" if model else f"version {data.get('scoring_model_version')}"


def _share(data: Data) -> str:
    return f"{float(data['share']):.0%} of the time"


def _assigned(data: Data, names: Names) -> str:
    where = f"{_named(data, names, STREAM)} assigned to {_named(data, names, 'project')}"
    return f"{where} for {_share(data)} from {data['starts_on']}" + (
        f" to {data['ends_on']}" if data["ends_on"] else ""
    )


def _reassigned(data: Data, names: Names) -> str:
    places = f"{_named(data, names, 'from_project')} to {_named(data, names, 'to_project')}"
    return f"{_named(data, names, STREAM)} moved with {_share(data)} from {places} on {data['starts_on']}"


def _linked(data: Data, names: Names) -> str:
    return f"{_whose('{whole} served by {one}', 'project')(data, names)} with a weight of {data['to_weight']}"


DEEDS: Mapping[str, Callable[[Data, Names], str]] = {
    "project.drafted": lambda data, _: "proposed" if data["state"] == "draft" else f"taken over as {data['state']}",
    "submitted": lambda data, _: f"submitted, at a cost of {money(data['cost_low'])} to {money(data['cost_high'])}",
    "evaluation_started": lambda data, _: f"taken into evaluation under {_model(data)}",
    "re_evaluated": lambda data, _: f"taken up again, under {_model(data)}",
    "scored": _scored,
    "score_overridden": _overridden,
    "not_selected": _kept_out("not selected"),
    "deselected": _kept_out("taken out of what was selected"),
    "recycled": lambda data, _: f"sent back to mend: {data['to_fix']}",
    "authorized": lambda data, _: f"authorized with a budget of {money(data['budget'])}",
    "activated": lambda data, _: f"begun on {data['starts_on']}, owned by {data['owner']}",
    "paused": _paused,
    "resumed": lambda data, _: f"resumed, to finish on {data['forecast_finish']}",
    "completed": lambda data, _: f"completed: {data['outcome']}",
    "cancelled": lambda data, _: f"cancelled after {money(data['sunk_cost'])}: {data['disposition']}",
    "reopened": lambda data, _: f"reopened: {data['what_is_new']}",
    "reprioritized": _ranked,
    "deprioritized": _ranked,
    "limit_overridden": lambda data, _: f"let into {data['state'].replace('_', ' ')} over the limit of {data['limit']}",
    "project.forced_in": lambda data, _: f"forced in over a budget of {money(data['budget'])}",
    "scenario.forced_in": _whose("{one} forced into the scenario {whole}", "project"),
    "scenario.forced_out": _whose("{one} forced out of the scenario {whole}", "project"),
    "scenario.unforced": _whose("{one} in the scenario {whole} by its value again", "project"),
    "moved_to_program": _moved_to,
    "state_recorded": lambda data, _: f"recorded as {data['to'].replace('_', ' ')}",
    "component_added": _whose("{one} taken into {whole}", "component"),
    "component_removed": _whose("{one} taken out of {whole}", "component"),
    "component_restored": _whose("{one} brought back into {whole}", "component"),
    "assigned": _assigned,
    "reassigned": _reassigned,
    "released": _whose("{whole} released from {one}", "project"),
    "linked": _linked,
    "unlinked": _whose("{whole} served no longer by {one}", "project"),
}
"""By the name of a fact, or its verb, what to tell of it; whatever is not here is told by its verb."""
