"""A year of a portfolio office on the embedded system, and what an auditor finds at its end.

It is told in `year/`, month by month, through the public API alone.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from domain.operations import OPERATIONS
from tests.conftest import Clock, World, application
from tests.faults.test_rebuild import live, rows
from tests.stories.board.meeting import CHOOSING
from tests.stories.year.auditing import Audit
from tests.stories.year.entries import LIVE
from tests.stories.year.minutes import NEW_YEAR, the_year
from tests.stories.year.office import Office
from tests.stories.year.proposing import TOWN
from whyfolio.settings import Settings
from whyfolio.wiring import open_system
from workers.rebuild import rebuild

NOT_TOLD = {"resources.set-members", *CHOOSING}
"""The town has people, and no teams; how a board chooses is told in test_board.py."""


@pytest.fixture(scope="module")
def office(prepared_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office after its year."""
    file = shutil.copy(prepared_file, tmp_path_factory.mktemp("year"))
    clock = Clock(NEW_YEAR)
    system = open_system(Settings(database_url=f"sqlite:///{file}", _env_file=None), clock)
    system.projector.start()
    with application(system.context) as app, TestClient(app) as client:
        yield the_year(World(system, client, clock))
    system.close()


@pytest.fixture
def audit(office: Office) -> Audit:
    """Somebody who asks."""
    return Audit(office)


def test_the_year_is_as_large_as_it_was_meant_to_be(office: Office) -> None:
    now = office.ledger.now
    kinds = [component.kind for component in now.components.values()]
    assert (kinds.count("project"), kinds.count("program"), len(now.goals)) == (40, 3, 8)
    assert now.states(TOWN).keys() >= {"completed", "closed", "cancelled", "rejected", "on_hold", "active"}
    assert LIVE - set(now.states(TOWN)) == set(), "every state that is not over, somebody is still in"


def test_every_verb_there_is_was_used(office: Office) -> None:
    assert set(OPERATIONS) - office.verbs == NOT_TOLD


def test_who_decided_what_when_and_on_what_grounds(audit: Audit) -> None:
    audit.who_decided_what()


def test_every_thing_tells_its_own_decisions(audit: Audit) -> None:
    audit.every_thing_tells_its_own_decisions()


def test_decisions_are_found_by_what_is_known_of_them(audit: Audit) -> None:
    audit.part_of_the_decisions()


def test_every_month_ended_as_it_was_known_then(audit: Audit) -> None:
    audit.every_month_as_it_was_known()


def test_what_was_entered_late_is_told_from_what_was_known(audit: Audit) -> None:
    audit.what_was_entered_late()


def test_what_a_quarter_changed(audit: Audit) -> None:
    audit.what_a_quarter_changed()


def test_what_projects_are_held_to_and_how_far_they_are_from_it(audit: Audit) -> None:
    audit.what_projects_are_held_to()


def test_what_was_said_for_proposals(audit: Audit) -> None:
    audit.what_was_said_for_proposals()


def test_how_much_of_everybodys_time_was_promised_each_week(audit: Audit) -> None:
    audit.how_much_was_promised_each_week()


def test_which_rules_held_and_how_work_flowed(audit: Audit) -> None:
    audit.which_rules_held_and_how_work_flowed()


def test_what_asked_for_attention_at_the_end_of_each_month(audit: Audit) -> None:
    audit.what_asked_for_attention()


def test_what_the_reviews_of_the_year_decided(audit: Audit) -> None:
    audit.what_reviews_decided()


def test_what_was_chosen_by_analysis(audit: Audit) -> None:
    audit.what_was_chosen_by_analysis()


def test_nobody_authorized_what_they_proposed(audit: Audit) -> None:
    audit.nobody_authorized_what_they_proposed()


def test_every_fact_is_there_once(audit: Audit) -> None:
    audit.every_fact_is_there_once()


def test_an_answer_for_a_position_never_changes(audit: Audit) -> None:
    audit.a_permanent_answer()


def test_read_models_built_anew_from_the_facts_hold_the_same_rows(office: Office) -> None:
    system = office.world.system
    system.catch_up()
    engine = system.context.reads.engine
    before, generation = rows(system, engine), live(system)
    rebuild(system.store, engine, lambda *_: None)
    assert live(system) > generation
    assert rows(system, engine) == before
    assert sum(map(len, before.values())) > 3_000
