"""Ranks: order keys stay exact, and the order is the one a plain list would have."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.aggregate import fold
from domain.kernel.refusal import Invalid
from domain.portfolio import events as e
from domain.portfolio.portfolio import Portfolio, between
from domain.project.events import ProjectDrafted
from tests.domain.scene import WHY, Outcome, Scene, numbered

DIGITAL = numbered(1)
COMPONENTS = [numbered(number) for number in range(2, 8)]
keys = st.decimals(-1000, 1000, places=6, allow_nan=False).map(Decimal.normalize)


def digits(key: Decimal) -> int:
    """Digits behind the point."""
    exponent = key.normalize().as_tuple().exponent
    return max(0, -int(exponent))


@given(st.lists(keys, min_size=2, max_size=2, unique=True))
def test_there_is_always_a_key_between_two(two: list[Decimal]) -> None:
    above, below = sorted(two)
    found = between(above, below)
    assert above < found < below
    assert digits(found) <= max(digits(above), digits(below)) + 1


@given(keys)
def test_there_is_always_a_key_beyond_the_ends(key: Decimal) -> None:
    assert between(None, key) < key < between(key, None)
    assert digits(between(None, key)) == digits(between(key, None)) == 0


@given(st.lists(st.booleans(), min_size=1, max_size=120))
def test_keys_stay_exact_at_any_depth(turns: list[bool]) -> None:
    above, below = Decimal(1), Decimal(2)
    for depth, goes_up in enumerate(turns, start=1):
        found = between(above, below)
        assert above < found < below
        assert digits(found) <= depth
        above, below = (above, found) if goes_up else (found, below)


# --- decisions -----------------------------------------------------------------------------------


def office() -> Scene:
    """A portfolio without components, and six projects."""
    drafted = [(component, ProjectDrafted(name="P")) for component in COMPONENTS]
    return Scene().given((DIGITAL, e.PortfolioCreated(name="Digital", currency="GBP")), *drafted)


def portfolio_of(scene: Scene) -> Portfolio:
    return fold(Portfolio, DIGITAL, scene.ledger.history(DIGITAL))


def change(scene: Scene, verb: str, component: UUID) -> Outcome:
    return scene.when(f"portfolios.{verb}-component", DIGITAL, {"component": str(component), "rationale": WHY})


def move(scene: Scene, component: UUID, to_rank: int) -> Outcome:
    body = {"portfolio": str(DIGITAL), "to_rank": to_rank, "rationale": WHY}
    return scene.when("projects.reprioritize", component, body)


def full() -> Scene:
    """All six components in the order of their numbers."""
    scene = office()
    for component in COMPONENTS:
        change(scene, "add", component).then(e.ComponentAdded)
    return scene


steps = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "restore", "move", "move", "move"]),
        st.sampled_from(COMPONENTS),
        st.integers(1, len(COMPONENTS)),
    ),
    max_size=25,
)


@given(steps)
def test_ranks_are_the_places_in_a_plain_list(taken: list[tuple[str, Any, int]]) -> None:
    scene, plain, gone = office(), list[UUID](), set[UUID]()
    for verb, component, rank in taken:
        if verb == "move":
            outcome = move(scene, component, rank)
            possible = component in plain and rank <= len(plain) and plain.index(component) != rank - 1
            assert (outcome.refusal is None) == possible
            if possible:
                down = rank > plain.index(component) + 1
                outcome.then(e.ProjectDeprioritized if down else e.ProjectReprioritized)
                plain.remove(component)
                plain.insert(rank - 1, component)
        else:
            outcome = change(scene, verb, component)
            possible = {
                "add": component not in plain and component not in gone,
                "remove": component in plain,
                "restore": component in gone,
            }[verb]
            assert (outcome.refusal is None) == possible
            if possible and verb == "remove":
                plain.remove(component)
                gone.add(component)
            elif possible and verb == "add":
                plain.append(component)
            elif possible:
                gone.discard(component)
                place = portfolio_of(scene).ranking().index(component)
                plain.insert(place, component)
        found = portfolio_of(scene)
        assert found.ranking() == plain
        assert len(set(found.members.values())) == len(plain)


def test_what_was_removed_comes_back_to_its_place() -> None:
    scene = full()
    change(scene, "remove", COMPONENTS[2]).then(e.ComponentRemoved)
    move(scene, COMPONENTS[5], 1)
    change(scene, "restore", COMPONENTS[2]).then(e.ComponentRestored)
    one, two, three, four, five, six = COMPONENTS
    assert portfolio_of(scene).ranking() == [six, one, two, three, four, five]


def test_a_place_that_was_taken_meanwhile_is_shared_out_behind_it() -> None:
    scene = full()
    one, two, three, four, five, six = COMPONENTS
    change(scene, "remove", two)
    move(scene, four, 2)
    change(scene, "restore", two).then(e.ComponentRestored)
    assert portfolio_of(scene).ranking() == [one, four, two, three, five, six]


def test_what_was_last_comes_back_before_what_joined_since() -> None:
    scene = office()
    one, two, three, *_ = COMPONENTS
    for verb, component in (("add", one), ("add", two), ("remove", two), ("add", three), ("restore", two)):
        assert change(scene, verb, component).refusal is None
    assert portfolio_of(scene).ranking() == [one, two, three]


def test_a_move_tells_both_ranks() -> None:
    scene = full()
    moved = move(scene, COMPONENTS[4], 2).then(e.ProjectReprioritized)
    assert (moved.from_rank, moved.to_rank) == (5, 2)
    moved = move(scene, COMPONENTS[4], 6).then(e.ProjectDeprioritized)
    assert (moved.from_rank, moved.to_rank) == (2, 6)


def test_a_move_to_nowhere_is_refused_with_what_is_possible() -> None:
    scene = full()
    move(scene, COMPONENTS[0], 7).refused("/to_rank", "from 1 to 6", kind=Invalid)
    move(scene, COMPONENTS[0], 1).refused("already has rank 1", "1 to 6")
    move(office(), COMPONENTS[0], 1).refused("/portfolio", "does not hold", kind=Invalid)
