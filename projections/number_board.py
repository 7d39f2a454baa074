"""Which attributes a component ever had a number in; most have words, which nobody lays a portfolio out by."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from domain.kernel.event import Recorded
from domain.kernel.numbers import NUMBER_PATTERN
from domain.project.events import AttributeChanged, ProjectDrafted
from projections.dated import Change, DatedChanges
from projections.project_board import attribute

numbers = DatedChanges("number_board")


def number_in(value: Any) -> Decimal | None:
    """An attribute as a number, if it is one of a plain spelling."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return Decimal(str(value)) if NUMBER_PATTERN.fullmatch(str(value)) else None


@numbers.on(ProjectDrafted)
def drafted(event: ProjectDrafted, fact: Recorded) -> Iterable[Change]:
    """It exists, with its first values."""
    for name, value in event.attributes.items():
        if number_in(value) is not None:
            yield Change(fact.stream_id, attribute(name), True)


@numbers.on(AttributeChanged)
def attribute_changed(event: AttributeChanged, fact: Recorded) -> Iterable[Change]:
    """A field changed."""
    if number_in(event.to) is not None:
        yield Change(fact.stream_id, attribute(event.name), True)
