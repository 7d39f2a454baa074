"""What components need from one another; a cycle is refused by naming it, whoever is faster."""

from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kernel.aggregate import fold
from domain.kernel.decide import Commit, Receipt
from domain.kernel.refusal import Invalid
from domain.project.events import ProjectDrafted
from domain.project.project import Project
from domain.project.schedule_events import DependencyAdded, DependencyRemoved
from domain.project.words import LIVE, State
from tests.domain.scene import WHY, Outcome, Scene, numbered

COMPONENTS = [numbered(number) for number in range(1, 7)]
QUAY, CRANE, STEEL, ROAD, *_ = COMPONENTS
NAMES = ("Quay", "Crane", "Steel", "Road", "Rail", "Tide")


def harbour() -> Scene:
    named = zip(COMPONENTS, NAMES, strict=True)
    return Scene().given(*((each, ProjectDrafted(name=name, state=State.ACTIVE)) for each, name in named))


def add(scene: Scene, component: UUID, needed: UUID, **more: Any) -> Outcome:
    body = {"depends_on": str(needed), "rationale": WHY, **more}
    return scene.when("projects.add-dependency", component, body)


def remove(scene: Scene, component: UUID, needed: UUID) -> Outcome:
    return scene.when("projects.remove-dependency", component, {"depends_on": str(needed), "rationale": WHY})


def test_a_component_needs_another_one_for_a_reason() -> None:
    scene = harbour()
    added = add(scene, QUAY, STEEL).then(DependencyAdded)
    assert (added.depends_on, added.kind, added.why.text) == (STEEL, "finish_to_start", WHY["text"])
    assert [subject.id for subject in scene.ledger.facts[-1].subjects] == [QUAY, STEEL]
    add(scene, QUAY, STEEL).refused("It already depends on", "remove-dependency")
    remove(scene, QUAY, STEEL).then(DependencyRemoved)
    remove(scene, QUAY, STEEL).refused("/depends_on", "does not depend on", kind=Invalid)


def test_what_is_needed_exists() -> None:
    add(harbour(), QUAY, numbered(77)).refused("/depends_on", "no project has the id", kind=Invalid)


@pytest.mark.parametrize("state", State)
def test_only_what_lives_waits(state: State) -> None:
    scene = harbour().given((numbered(9), ProjectDrafted(name="Pier", state=state)))
    outcome = add(scene, numbered(9), QUAY)
    if state in LIVE:
        outcome.then(DependencyAdded)
    else:
        outcome.refused("A dependency needs a live project", state)
    add(scene, CRANE, numbered(9)).then(DependencyAdded)


@pytest.mark.parametrize("length", [1, 2, 3, 5])
def test_a_cycle_is_refused_by_naming_it(length: int) -> None:
    scene, circle = harbour(), COMPONENTS[:length]
    for one, other in pairwise(circle):
        add(scene, one, other).then(DependencyAdded)
    told = ", ".join(f"{NAMES[place]} needs {NAMES[(place + 1) % length]}" for place in range(length))
    last_first = ", ".join([told.split(", ")[-1], *told.split(", ")[:-1]])
    refusal = add(scene, circle[-1], circle[0]).refused(last_first, "cannot wait for itself")
    assert refusal.details["cycle"] == [str(each) for each in [circle[-1], *circle]]


def test_the_shortest_of_several_cycles_is_named() -> None:
    scene = harbour()
    for one, other in ((QUAY, CRANE), (CRANE, STEEL), (STEEL, ROAD), (QUAY, STEEL)):
        add(scene, one, other)
    add(scene, ROAD, QUAY).refused("Road needs Quay, Quay needs Steel, Steel needs Road.")


PAIRS = st.lists(st.tuples(st.sampled_from(COMPONENTS), st.sampled_from(COMPONENTS), st.booleans()), max_size=25)


@settings(deadline=None, max_examples=60)
@given(PAIRS)
def test_no_component_ever_waits_for_itself(taken: list[tuple[UUID, UUID, bool]]) -> None:
    """Against reachability worked out over plain pairs."""
    scene, pairs = harbour(), set[tuple[UUID, UUID]]()
    for one, other, adds in taken:
        if adds:
            possible = (one, other) not in pairs and one not in _reached(other, pairs)
            assert (add(scene, one, other).refusal is None) == possible
            pairs |= {(one, other)} if possible else set()
        else:
            assert (remove(scene, one, other).refusal is None) == ((one, other) in pairs)
            pairs.discard((one, other))
    for each in COMPONENTS:
        needs = fold(Project, each, scene.ledger.history(each)).outlook.needs.on
        assert {(each, needed) for needed in needs} == {pair for pair in pairs if pair[0] == each}


def _reached(start: UUID, pairs: set[tuple[UUID, UUID]]) -> set[UUID]:
    found = {start}
    while more := {other for one, other in pairs if one in found} - found:
        found |= more
    return found


def test_whoever_closes_a_cycle_meanwhile_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steel needs Quay is decided while Quay → Crane is there; before it is recorded, Crane comes to need Steel."""
    scene = harbour()
    add(scene, QUAY, CRANE)
    other, append = Scene(), scene.ledger.append
    other.ledger, other._ids = scene.ledger, map(numbered, range(9_000, 9_100))

    def slow(commit: Commit) -> Receipt:
        monkeypatch.setattr(scene.ledger, "append", append)
        add(other, CRANE, STEEL).then(DependencyAdded)
        return append(commit)

    monkeypatch.setattr(scene.ledger, "append", slow)
    before = len(scene.ledger.facts)
    outcome = add(scene, STEEL, QUAY)
    assert "Steel needs Quay, Quay needs Crane, Crane needs Steel" in str(outcome.refusal)
    assert len(scene.ledger.facts) == before + 1
