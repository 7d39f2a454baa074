"""Words of people's time: calendars, absences, and why somebody may be promised more than they have."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, Strict, WithJsonSchema

from domain.kernel.rationale import ReasonText
from domain.kernel.refusal import Invalid
from domain.kernel.types import Day, Id, Line, Prose, Strictly, as_tuple, one_of

FULL_TIME = Decimal(1)
NOTHING = Decimal(0)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PLACES = Decimal("0.0001")
DAYS_AT_MOST = 400


class AbsenceReason(StrEnum):
    """Why somebody is away. Illness is `leave`: what is more personal is none of a fact's business."""

    VACATION = "vacation"
    LEAVE = "leave"
    TRAINING = "training"
    PUBLIC_HOLIDAY = "public_holiday"
    OTHER = "other"


AbsenceWord = Annotated[AbsenceReason, Strict(False), one_of(AbsenceReason)]


def _number(most: Decimal, expected: str) -> Callable[[Any], Decimal]:
    def check(value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal) or not str(value).isascii():
            raise ValueError(expected)
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            raise ValueError(f"{expected}; got {str(value)[:60]!r}") from None
        if not number.is_finite() or not NOTHING <= number <= most or number != round(number, 4):
            raise ValueError(f"{expected}; got {str(value)[:60]}")
        return number

    return check


GIVEN = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}], "examples": ["1"]}, mode="validation")
TOLD = WithJsonSchema(
    {"type": "string", "pattern": r"^[0-9]{1,2}(\.[0-9]+)?$", "examples": ["1"]}, mode="serialization"
)
Hours = Annotated[
    Decimal,
    Strict(False),
    BeforeValidator(
        _number(Decimal(24), 'expected a number from 0 to 24, such as "7.5", with at most 4 decimal places')
    ),
    GIVEN,
    TOLD,
]
DayShare = Annotated[
    Decimal,
    Strict(False),
    BeforeValidator(_number(FULL_TIME, "expected a share of full time from 0 to 1 with at most 4 decimal places")),
    GIVEN,
    TOLD,
]


DaysOff = Annotated[tuple[Day, ...], Strict(False), BeforeValidator(as_tuple), Field(max_length=DAYS_AT_MOST)]
AbsentDays = Annotated[
    tuple[Day, ...], Strict(False), BeforeValidator(as_tuple), Field(min_length=1, max_length=DAYS_AT_MOST)
]


FullDay = Annotated[Hours, Field(gt=0)]


class WorkedWeek(Strictly):
    """What somebody works on each weekday, in hours or in parts of full time; a day that is left out is free."""

    monday: Hours = NOTHING
    tuesday: Hours = NOTHING
    wednesday: Hours = NOTHING
    thursday: Hours = NOTHING
    friday: Hours = NOTHING
    saturday: Hours = NOTHING
    sunday: Hours = NOTHING


class Week(Strictly):
    """The share of full time that somebody has on each weekday; 0 is a free day."""

    monday: DayShare
    tuesday: DayShare
    wednesday: DayShare
    thursday: DayShare
    friday: DayShare
    saturday: DayShare
    sunday: DayShare

    def on(self, day: date) -> Decimal:
        """The share on a day."""
        share: Decimal = getattr(self, WEEKDAYS[day.weekday()])
        return share

    def works_on(self, day: date) -> bool:
        """Whether a promise asks for its share on that day.

        A week without any working day takes Monday to Friday away, so that what is promised still shows.
        """
        return self.on(day) > 0 or (day.weekday() < 5 and not any(getattr(self, each) for each in WEEKDAYS))


def shares(worked: WorkedWeek, full_day: Decimal | None) -> Week:
    """What each weekday is of full time. Raises `Invalid` for more than all of it."""
    whole = full_day or FULL_TIME
    parts = {weekday: getattr(worked, weekday) / whole for weekday in WEEKDAYS}
    expected = f"at most full_day, {whole:f} hours" if full_day else "a share of full time from 0 to 1, or full_day"
    wrong = {f"/week/{day}": f"expected {expected}" for day, part in parts.items() if part > FULL_TIME}
    if wrong:
        raise Invalid(wrong)
    return Week(**{day: part.quantize(PLACES).normalize() for day, part in parts.items()})


class Excess(Strictly):
    """Days on which more is promised than there is; free days between them are none of them.

    Without `ends_on` it goes on; `capacity` is full time where nobody said how much there is.
    """

    starts_on: Day
    ends_on: Day | None
    promised: Annotated[Decimal, Strict(False), BeforeValidator(_number(Decimal(10**6), "expected a share")), TOLD]
    capacity: DayShare


Excesses = Annotated[tuple[Excess, ...], Strict(False), BeforeValidator(as_tuple)]


class Skill(Strictly):
    """What somebody can do; `level` from 1, a beginner, to 5, who teaches it, if anybody said."""

    skill: Line
    level: Annotated[int, Field(ge=1, le=5)] | None = None


Skills = Annotated[tuple[Skill, ...], Strict(False), BeforeValidator(as_tuple), Field(max_length=100)]
Members = Annotated[tuple[Id, ...], Strict(False), BeforeValidator(as_tuple), Field(max_length=1000)]


class OverrideCode(StrEnum):
    """Why a limit is passed; the text says the rest."""

    DATA_ERROR = "data_error"
    JUDGEMENT = "judgement"
    MANDATE = "mandate"


class Override(Strictly):
    """Why somebody is promised for more than they have, all the same."""

    code: Annotated[OverrideCode, Strict(False), one_of(OverrideCode)]
    text: Prose


class GivenOverride(Override):
    """The same in a command: at least 2 words and 10 characters."""

    text: ReasonText


REASSIGN_CODES = (
    "overallocation",
    "skill_match",
    "higher_priority_project",
    "absence",
    "departure",
    "own_request",
)
"""Reason codes of a reassignment."""
