"""The minutes of the year 2025 of the town of Millbrook, month by month."""

from datetime import UTC, datetime

from tests.conftest import World
from tests.stories.year import first_quarter, fourth_quarter, second_quarter, third_quarter
from tests.stories.year.budgeting import Budgeting
from tests.stories.year.calendars import Timing
from tests.stories.year.choosing import Choosing
from tests.stories.year.office import Office
from tests.stories.year.planning import Planning
from tests.stories.year.proposing import Proposing
from tests.stories.year.reviewing import Reviewing
from tests.stories.year.staffing import Aligning, Registering, Staffing
from tests.stories.year.watching import Watching

NEW_YEAR = datetime(2025, 1, 1, 8, tzinfo=UTC)

MONTHS = (
    first_quarter.january,
    first_quarter.february,
    first_quarter.march,
    second_quarter.april,
    second_quarter.may,
    second_quarter.june,
    third_quarter.july,
    third_quarter.august,
    third_quarter.september,
    fourth_quarter.october,
    fourth_quarter.november,
    fourth_quarter.december,
)


class Officer(Proposing, Planning, Budgeting, Staffing, Timing, Aligning, Registering, Watching, Reviewing, Choosing):
    """Somebody of the office, with every verb there is; what they may do the product decides."""


def the_year(world: World) -> Office:
    """The office after its year."""
    office = Office(world, Officer)
    for month in MONTHS:
        month(office)
    return office
