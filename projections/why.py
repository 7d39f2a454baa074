"""Why: the story of a thing in decisions and in sentences, with what was known then and what no longer holds."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from domain.facts import CATALOGUE, UPCASTERS
from domain.kernel.premises import Premise
from domain.portfolio.commit_events import ScenarioCommitted
from projections.bounds import View
from projections.journal import Wanted, actor_names, decisions, decisions_and, facts_at
from projections.known_then import known_then
from projections.names import names_of
from projections.paging import EVERY, Answer, Page
from projections.premises import Resting, told, watched
from projections.project_board import board
from projections.sentences import Names, sentence

WITHOUT_REASON = tuple(
    f"project.{verb}"
    for verb in ("drafted", "submitted", "evaluation_started", "scored", "activated", "state_recorded")
)
COMMITTED = ScenarioCommitted.fact_name
BEGINNINGS = ("portfolio.created", "resource.added", "scenario.created")
BESIDE = [name for name in {*CATALOGUE, *UPCASTERS} if name.rpartition(".")[0] in WITHOUT_REASON + BEGINNINGS]
"""Facts that belong to a story though nobody gave a reason for them."""


class Why(NamedTuple):
    """One page: the decisions, whether there are more behind it, and all that is told up to the last of them."""

    decisions: list[Answer]
    more: bool
    story: list[Answer]


def why(view: View, subject: UUID, page: Page) -> Why:
    """The decisions about a thing, oldest first, and its story."""
    found, more = explained(view, subject, page, newest_first=False)
    return Why(found, more, list(_story(view, subject, found, page, more=more)))


def explained(view: View, subject: UUID, page: Page, *, newest_first: bool) -> tuple[list[Answer], bool]:
    """The decisions about a thing, each with its sentence, how its premises stand, and what was known then."""
    found, more = decisions(view, Wanted(subject=subject, decisions_only=True), page, newest_first=newest_first)
    is_component = _is_component(view, subject)
    resting = {each["position"]: _resting(each) for each in found}
    wholes = _wholes(view, found) if is_component else {}
    for position, whole in wholes.items():
        resting[position] += _resting(whole)
    names = _names(view, found, [one for each in resting.values() for one in each])
    standing = _premises(view, resting, names)
    looked_at = [each["inputs_position"] for each in found if each["inputs_position"] is not None]
    then = known_then(view, subject, looked_at) if is_component else {}
    for each in found:
        each["sentence"] = sentence(each, names, each["actor_name"], each)
        each["premises"] = standing[each["position"]]
        each["known_then"] = then.get(each["inputs_position"])
    return found, more


def _is_component(view: View, subject: UUID) -> bool:
    return bool(board.cells(view, [subject], ["state"]))


def _wholes(view: View, found: Sequence[Answer]) -> dict[int, Answer]:
    """By the position of what became of a component by a commit that commit, on whose premises it rests, too."""
    of = {each["position"]: (each["data"].get("verdict") or {}).get("scenario") for each in found}
    commits = {
        scenario: decisions(view, Wanted(subject=UUID(scenario), fact=COMMITTED), EVERY)[0]
        for scenario in set(of.values()) - {None}
    }
    return {
        position: max(before, key=itemgetter("position"))
        for position, scenario in of.items()
        if (before := [one for one in commits.get(scenario, ()) if one["position"] <= position])
    }


def _names(view: View, found: Sequence[Answer], resting: Sequence[Resting]) -> Names:
    """What is called what, of all that these facts and these premises name."""
    things = {UUID(subject["id"]) for each in found for subject in each["subjects"]}
    things |= {thing for one in resting for _, thing in one.premise.things()}
    verdicts = [each["data"].get("verdict") or {} for each in found]
    things |= {UUID(loser["project"]) for verdict in verdicts for loser in verdict.get("over") or ()}
    return {str(thing): name for thing, name in names_of(view, things).items()}


def _resting(decision: Answer) -> list[Resting]:
    return [Resting(Premise.model_validate(each), decision["position"]) for each in decision["premises"]]


def _premises(view: View, resting: Mapping[int, Sequence[Resting]], names: Names) -> Mapping[int, list[Answer]]:
    """By position the premises of a decision, each with what it comes to and what broke it."""
    standing = watched(view, [one for each in resting.values() for one in each])
    breakers = facts_at(view, [at.broken_by for at in standing.values() if at.broken_by])
    shown = {position: fact for position, fact in breakers.items() if view.shows(fact)}
    called = {UUID(thing): name for thing, name in names.items()}
    return {
        position: [
            {**told(one.premise, standing[one], called), "broken_by": shown.get(standing[one].broken_by or 0)}
            for one in each
        ]
        for position, each in resting.items()
    }


def _story(view: View, subject: UUID, found: Sequence[Answer], page: Page, *, more: bool) -> Iterator[Answer]:
    """In order all that belongs to the story from behind the page before up to the last decision of this one."""
    every = decisions_and(view, Wanted(subject=subject), BESIDE)
    decided = [position for position, is_decision in every if is_decision]
    order = [position for position, _ in every]
    first = order.index(decided[page.offset - 1]) + 1 if 0 < page.offset <= len(decided) else 0
    last = order.index(decided[page.offset + len(found) - 1]) + 1 if more else len(order)
    facts, by_position = facts_at(view, order[first:last]), {each["position"]: each for each in found}
    actors = actor_names(view, {fact["actor"] for fact in facts.values()})
    names = _names(view, list(facts.values()), [])
    for position in order[first:last]:
        yield _entry(facts[position], by_position.get(position), names, actors)


def _entry(fact: Answer, decision: Answer | None, names: Names, actors: Mapping[str, str]) -> Answer:
    """A line of the story; `broken` are sentences on the premises that no longer hold."""
    actor = actors.get(fact["actor"])
    return {
        **{member: fact[member] for member in ("position", "event_id", "occurred_at", "actor", "role")},
        "fact": fact["name"],
        "actor_name": actor,
        "sentence": decision["sentence"] if decision else sentence(fact, names, actor, fact["rationale"]),
        "known_then": decision["known_then"] if decision else None,
        "broken": [each["sentence"] for each in decision["premises"] if each["holds"] is False] if decision else [],
        "supersedes": decision["supersedes"] if decision else None,
        "superseded_by": decision["superseded_by"] if decision else None,
    }
