"""What is told about a candidate that is not in, in the words of the constraints. Pure."""

from decimal import Decimal

from domain.choosing.program import Program
from domain.choosing.rows import Kind, Row
from domain.kernel.types import Strictly


class Reason(Strictly):
    """A constraint that the candidate would break beside what is selected, by how much; or its value."""

    kind: str
    at: str | None
    sentence: str
    short_by: Decimal | None = None


class LetIn(Strictly):
    """Changes after which the candidate is selected, made together."""

    sentence: str
    changes: tuple[Reason, ...]


class Loser(Strictly):
    """A candidate that is not in.

    `lost` is what having it in takes off the total value, `null` if no plan with it was found; where it is not
    `lost_is_exact`, it is that at most. `let_in` are changes that let it in: the selection was solved again with them,
    or no selection without it can be worth as much; `null` if time ended before one was found.
    """

    project: str
    kept_out: tuple[Reason, ...]
    lost: Decimal | None = None
    lost_is_exact: bool | None = None
    let_in: tuple[LetIn, ...] | None = None


def broken(wanted: Program, row: Row, short: Decimal) -> Reason:
    """A constraint that is not kept, and by how much."""
    return Reason(kind=row.kind, at=row.at, sentence=_broken(wanted, row, short), short_by=short)


def _broken(wanted: Program, row: Row, short: Decimal) -> str:
    match row.kind:
        case Kind.BUDGET:
            return f"{wanted.given.currency} {short:f} over {row.sentence}"
        case Kind.CAPACITY if row.high:
            return f"{short:f} too many beside {row.sentence}"
        case Kind.REQUIRES:
            return f"{row.sentence}, which is not in"
        case Kind.GOAL:
            return f"there would no longer be {row.sentence}"
        case _:
            return row.sentence


def worthless(wanted: Program, start: int) -> Reason:
    """Nothing is broken: it is its value that keeps it out."""
    value = wanted.starts[start].value
    told = (
        "it would fit; the time was too short to find that" if value > 0 else f"it adds nothing: its value is {value:f}"
    )
    return Reason(kind="value", at=None, sentence=told)


def room(wanted: Program, row: Row, short: Decimal) -> Reason:
    """A limit that is higher by what is short, or a rule that is lifted."""
    match row.kind:
        case Kind.BUDGET:
            sentence = f"{wanted.given.currency} {short:f} more than {row.sentence}"
        case Kind.CAPACITY:
            sentence = f"{short:f} more than {_capacity(wanted, row)}"
        case Kind.AT_MOST:
            sentence = f"{short:f} more than {row.sentence}"
        case _:
            sentence = f"without the rule: {row.sentence}"
    return Reason(kind=row.kind, at=row.at, sentence=sentence, short_by=short)


def _capacity(wanted: Program, row: Row) -> str:
    """The limit as it was given, which may be that of each period."""
    limit = wanted.given.capacities[int(row.at.rpartition("/")[2])]
    return row.sentence if limit.period else f"{limit.amount:f} of {limit.role} in each period"


def also(wanted: Program, place: int) -> Reason:
    """Another candidate that is in."""
    return Reason(kind="include", at=None, sentence=f"{wanted.given.candidates[place].called} is in")


def worth_more(by: Decimal) -> Reason:
    """A value that is higher."""
    return Reason(kind="value", at=None, sentence=f"its value is higher by {by:f}", short_by=by)
