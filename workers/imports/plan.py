"""From lines to facts: what each line adds to what the lines before it said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from domain.kernel.event import Event
from domain.kernel.instants import rfc3339
from domain.project.events import StateRecorded
from workers.imports.facts import Story
from workers.imports.item import Item
from workers.imports.lines import Line, LineType
from workers.imports.mapping import SourceMapping
from workers.imports.meaning import Meaning, meaning_of

NAMESPACE = UUID("6f1d0f5e-6a0f-5c0c-9c38-3d6a2f1f6f0b")
"""Of the ids of all that an import makes: the same source makes the same ids."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A line and the facts it will become: all of them, or none."""

    line: Line
    project: UUID
    occurred_at: datetime
    facts: tuple[tuple[UUID, Event], ...]
    meaning: Meaning

    @property
    def irregular(self) -> int:
        """How many of its facts the lifecycle has no row for."""
        return sum(isinstance(event, StateRecorded) and event.irregular for _, event in self.facts)

    @property
    def is_raised(self) -> bool:
        """Whether the change cannot have occurred when the source says."""
        return bool(self.facts) and self.occurred_at > self.line.occurred_at


class Planner:
    """Takes the lines of one source in their order."""

    def __init__(self, mapping: SourceMapping, portfolio: UUID, now: datetime) -> None:
        self._mapping = mapping
        self._portfolio = portfolio
        self._now = now
        self._items: dict[str, Item] = {}

    def plan(self, line: Line) -> Planned:
        """The facts of the next line. Raises `ValueError`; the line is then as if never read."""
        item = self._items.get(line.item)
        self._check_times(line, item)
        kind = _kind(line, item)
        meaning = meaning_of(line, self._mapping)
        occurred_at = max([line.occurred_at, *(item.set_before(line, kind) if item else ())])
        story = Story(line, kind, meaning, self._mapping, self._portfolio, _source(line, item, occurred_at))
        after = (item or self._new(line)).after(line, kind, meaning, occurred_at, self._mapping)
        facts = tuple(story.next(item, after) if item else story.first(after))
        self._items[line.item] = after
        return Planned(line, after.id, occurred_at, facts, meaning)

    def _new(self, line: Line) -> Item:
        return Item(
            id=uuid5(NAMESPACE, f"{self._portfolio}/{self._mapping.source}/{line.item}"),
            state=self._mapping.defaults.state,
            added_at=line.occurred_at,
            moved_at=line.occurred_at,
        )

    def _check_times(self, line: Line, item: Item | None) -> None:
        for name, instant in (("occurred_at", line.occurred_at), ("recorded_at", line.recorded_at)):
            if instant and instant > self._now:
                raise ValueError(f"{name}: {rfc3339(instant)} is in the future; it is {rfc3339(self._now)} now")
        latest = item.recorded_at if item else None
        if latest and line.recorded_at and line.recorded_at < latest:
            raise ValueError(
                f"recorded_at: {rfc3339(line.recorded_at)} is before that of an earlier line about "
                f"{line.item}, {rfc3339(latest)}"
            )


def _kind(line: Line, item: Item | None) -> LineType:
    """What the line does to its item. Raises `ValueError` if that is impossible after the lines before."""
    if line.type is LineType.SNAPSHOT:
        if item is None:
            return LineType.ADDED
        return LineType.CHANGED if item.is_held else LineType.RESTORED
    if line.type is LineType.ADDED:
        if item:
            raise ValueError(f"{line.item} was added by an earlier line; item.restored brings a removed one back")
        return line.type
    if item is None:
        raise ValueError(f"no earlier line added {line.item}; a longer file has to hold the lines before too")
    if line.type is LineType.REMOVED and not item.is_held:
        raise ValueError(f"{line.item} was removed by an earlier line")
    if line.type is LineType.RESTORED and item.is_held:
        raise ValueError(f"{line.item} was not removed by an earlier line")
    return line.type


def _source(line: Line, item: Item | None, occurred_at: datetime) -> dict[str, Any]:
    """What else the line holds, kept with every fact it makes."""
    source = {"item": line.item, **line.rest}
    if occurred_at > line.occurred_at:
        source["source_occurred_at"] = rfc3339(line.occurred_at)
    for name, old in (line.before or {}).items():
        if item and item.contradicts(line, name):
            source["source_from"] = old
    return source
