"""Who is given which role, by whom, until when."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.identity import events as e
from domain.identity.person import Grant, Person
from domain.identity.words import Place, PlaceKind, Role, told
from domain.kernel.aggregate import fold
from domain.kernel.refusal import Forbidden, Invalid, NotFound
from domain.operations import OPERATIONS
from domain.portfolio.events import PortfolioCreated
from domain.project.events import ProjectDrafted
from domain.project.words import Kind
from domain.resources.events import ResourceAdded, ResourceErased, ResourceKind
from tests.domain.scene import MONDAY, WHY, Scene, numbered

ADA, HARBOUR, NOBODY = numbered(1), numbered(2), numbered(3)
ADDED = (ADA, e.PersonAdded())
BOARD = {"role": "board", "rationale": WHY}
TODAY = MONDAY.date()
QUAYS, CRANE, CLEANING = numbered(21), numbered(22), numbered(23)
COMPONENTS = (
    (HARBOUR, PortfolioCreated(name="Harbour")),
    (QUAYS, ProjectDrafted(name="Quays", kind=Kind.PROGRAM)),
    (CRANE, ProjectDrafted(name="Crane", parent=QUAYS)),
    (CLEANING, ProjectDrafted(name="Cleaning", kind=Kind.OPERATIONS)),
)


def test_a_person_is_added_without_their_name() -> None:
    fact = Scene().when("people.create", ADA, {"name": "Ada Lovelace"}).then(e.PersonAdded)
    assert "Ada" not in fact.model_dump_json()


def test_an_administrator_gives_a_role_with_a_reason_until_a_day() -> None:
    until = (TODAY + timedelta(days=30)).isoformat()
    scene = Scene().given(ADDED, (HARBOUR, PortfolioCreated(name="Harbour")))
    granted = scene.when("people.grant-role", ADA, BOARD, portfolio=str(HARBOUR), until=until, actor="root")
    fact = granted.then(e.RoleGranted)
    assert (fact.role, fact.portfolio, fact.until) == (Role.BOARD, HARBOUR, TODAY + timedelta(days=30))
    assert fact.why.text == WHY["text"]


def test_the_same_role_again_is_refused_and_another_last_day_is_not() -> None:
    scene = Scene().given(ADDED, (ADA, e.RoleGranted(role="board")))
    scene.when("people.grant-role", ADA, BOARD, actor="root").refused("until further notice", "another day is possible")
    scene.when("people.grant-role", ADA, BOARD, until="2026-12-31", actor="root").then(e.RoleGranted)


def test_nobody_gives_themselves_a_role() -> None:
    Scene().given(ADDED).when("people.grant-role", ADA, BOARD, actor=str(ADA)).refused(
        "another administrator has to", kind=Forbidden
    )


def test_a_role_cannot_end_before_it_begins() -> None:
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    Scene().given(ADDED).when("people.grant-role", ADA, BOARD, until=yesterday, actor="root").refused(
        "/until", f"from {TODAY} on", kind=Invalid
    )


@pytest.mark.parametrize("verb", ["grant-role", "revoke-role", "erase", "create"])
def test_what_people_may_do_never_changes_in_the_past(verb: str) -> None:
    body = {"name": "Ada"} if verb == "create" else BOARD if "role" in verb else {"rationale": WHY}
    scene = Scene().given(ADDED, (ADA, e.RoleGranted(role="board")))
    scene.when(f"people.{verb}", ADA, body, occurred_at="2026-03-01T09:00:00Z").refused("/occurred_at", kind=Invalid)


def test_an_unknown_person_or_portfolio_is_named() -> None:
    Scene().when("people.grant-role", NOBODY, BOARD).refused("no person has the id", kind=NotFound)
    scene = Scene().given(ADDED)
    scene.when("people.grant-role", ADA, BOARD, portfolio=str(NOBODY), actor="root").refused("/portfolio", kind=Invalid)


@pytest.mark.parametrize(("kind", "component"), [("program", QUAYS), ("project", CRANE), ("project", CLEANING)])
def test_a_role_is_given_in_a_program_or_over_one_component(kind: str, component: UUID) -> None:
    given = {"role": "project_manager", "rationale": WHY, kind: str(component)}
    scene = Scene().given(ADDED, *COMPONENTS)
    fact = scene.when("people.grant-role", ADA, given, actor="root").then(e.RoleGranted)
    assert fact.place == Place(PlaceKind(kind), component)
    assert fold(Person, ADA, scene.ledger.history(ADA)).held_on(TODAY) == {(Role.PROJECT_MANAGER, fact.place)}


@pytest.mark.parametrize(
    ("place", "refused"),
    [
        ({"program": NOBODY}, ["/program", f"no project has the id {NOBODY}"]),
        ({"project": NOBODY}, ["/project", f"no project has the id {NOBODY}"]),
        ({"program": CRANE}, ["/program", "expected the id of a program; Crane is of kind project"]),
        ({"program": CLEANING}, ["/program", "Cleaning is of kind operations"]),
        ({"project": QUAYS}, ["/project", "Quays is a program; name it as program"]),
        ({"program": QUAYS, "project": CRANE}, ["/project", "expected one place"]),
        ({"portfolio": HARBOUR, "program": QUAYS}, ["/program", "expected one place"]),
    ],
)
def test_a_place_that_is_not_there_or_of_another_kind_is_named(place: dict[str, UUID], refused: list[str]) -> None:
    given = {"role": "sponsor", "rationale": WHY, **{kind: str(each) for kind, each in place.items()}}
    Scene().given(ADDED, *COMPONENTS).when("people.grant-role", ADA, given, actor="root").refused(
        *refused, kind=Invalid
    )


@pytest.mark.parametrize("component", [CRANE, CLEANING])
def test_a_program_manager_is_one_of_a_program_not_of_a_single_project(component: UUID) -> None:
    scene, given = Scene().given(ADDED, *COMPONENTS), {"role": "program_manager", "rationale": WHY}
    there = scene.when("people.grant-role", ADA, given, project=str(component), actor="root")
    there.refused("/project", "decides within a program", "project_manager", kind=Invalid)
    scene.when("people.grant-role", ADA, given, program=str(QUAYS), actor="root").then(e.RoleGranted)


def test_a_role_over_a_program_is_revoked_there_alone() -> None:
    scene = Scene().given(ADDED, *COMPONENTS, (ADA, e.RoleGranted(role="board", program=QUAYS)))
    scene.when("people.revoke-role", ADA, BOARD).refused(f"board in program {QUAYS}")
    scene.when("people.revoke-role", ADA, BOARD, program=str(QUAYS)).then(e.RoleRevoked)
    assert fold(Person, ADA, scene.ledger.history(ADA)).held_on(TODAY) == frozenset()


def test_a_role_is_revoked_where_it_was_given() -> None:
    scene = Scene().given(ADDED, (HARBOUR, PortfolioCreated(name="Harbour")), (ADA, e.RoleGranted(role="board")))
    scene.when("people.revoke-role", ADA, BOARD, portfolio=str(HARBOUR)).refused("board in the whole organisation")
    scene.when("people.revoke-role", ADA, BOARD).then(e.RoleRevoked)
    scene.when("people.revoke-role", ADA, BOARD).refused("they hold none")


def test_who_was_erased_holds_and_receives_nothing() -> None:
    scene = Scene().given(ADDED, (ADA, e.RoleGranted(role="board")))
    scene.when("people.erase", ADA, {"rationale": WHY}).then(e.PersonErased)
    assert fold(Person, ADA, scene.ledger.history(ADA)).held_on(TODAY) == frozenset()
    scene.when("people.grant-role", ADA, BOARD, actor="root").refused("a new one can be created")
    scene.when("people.erase", ADA, {"rationale": WHY}).refused("erased for good")


def test_a_persons_name_among_the_resources_is_erased_once_and_a_teams_never() -> None:
    nadia, team = numbered(11), numbered(12)
    scene = Scene().given((nadia, ResourceAdded(kind=ResourceKind.PERSON)))
    scene.given((team, ResourceAdded(kind=ResourceKind.TEAM, team_name="Web team")))
    scene.when("people.erase", nadia, {"rationale": WHY}).then(ResourceErased)
    scene.when("people.erase", nadia, {"rationale": WHY}).refused("only once")
    scene.when("people.erase", team, {"rationale": WHY}).refused("Only the name of a person")
    scene.when("people.erase", NOBODY, {"rationale": WHY}).refused("no person has the id", kind=NotFound)


def test_an_administrator_decides_nothing_and_an_auditor_writes_nothing() -> None:
    administers = {name for name, operation in OPERATIONS.items() if Role.ADMINISTRATOR in operation.roles}
    alone = {"people.create", "people.grant-role", "people.revoke-role", "people.erase"}
    assert administers == alone | {"portfolios.set-policy"}
    assert all(OPERATIONS[name].roles == (Role.ADMINISTRATOR,) for name in alone)
    assert not any(Role.AUDITOR in operation.roles for operation in OPERATIONS.values())


DAYS = st.none() | st.integers(0, 40).map(lambda days: TODAY + timedelta(days=days))
EVERY_PLACE = (None, *(Place(kind, HARBOUR) for kind in PlaceKind))
PLACES = st.sampled_from(EVERY_PLACE)
CHANGES = st.lists(st.tuples(st.sampled_from(["grant", "revoke"]), st.sampled_from(Role), PLACES, DAYS), max_size=20)


@settings(deadline=None)
@given(changes=CHANGES, after=st.integers(0, 45))
def test_what_is_held_on_a_day_is_the_last_word_on_each_role(
    changes: list[tuple[str, Role, Place | None, date | None]], after: int
) -> None:
    """The oracle looks through the list for the last word on each role and place."""
    scene, day = Scene(), TODAY + timedelta(days=after)
    facts = [
        e.RoleGranted.model_validate({"role": role, **told(place), "until": until})
        if what == "grant"
        else e.RoleRevoked.model_validate({"role": role, **told(place)})
        for what, role, place, until in changes
    ]
    scene.given(*((ADA, fact) for fact in facts))
    expected: set[Grant] = set()
    for role in Role:
        for place in EVERY_PLACE:
            last = next((each for each in reversed(changes) if each[1:3] == (role, place)), None)
            if last and last[0] == "grant" and (last[3] is None or day <= last[3]):
                expected.add((role, place))
    assert fold(Person, ADA, scene.ledger.history(ADA)).held_on(day) == expected
