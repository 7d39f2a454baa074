"""What the lines so far said of one item."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.project.words import State
from workers.imports.lines import Line, LineType
from workers.imports.mapping import SourceMapping
from workers.imports.meaning import Meaning
from workers.imports.values import value_or_none

MOVES = (LineType.ADDED, LineType.REMOVED, LineType.RESTORED, LineType.ABSENT)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the source, which is a project here.

    `values` are the source's own by field, `set_at` says when each was set, `shown` is what the
    project shows by name. `word` is the source's word for the state; `had_state` and `had_health`
    tell if the source ever gave one, `had_baseline` if it was ever in the state that captures it.
    """

    id: UUID
    state: State
    added_at: datetime
    moved_at: datetime
    is_held: bool = False
    recorded_at: datetime | None = None
    word: str | None = None
    had_state: bool = False
    had_health: bool = False
    had_baseline: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    set_at: Mapping[str, datetime] = field(default_factory=dict)
    shown: Mapping[str, Any] = field(default_factory=dict)

    def contradicts(self, line: Line, name: str) -> bool:
        """Whether the line says that the field was something else than what the lines before it said."""
        if line.before is None:
            return False
        return bool(value_or_none(line.before.get(name)) != value_or_none(self.values.get(name)))

    def set_before(self, line: Line, kind: LineType) -> Iterator[datetime]:
        """The instants at which earlier lines set what this line changes."""
        if kind in MOVES:
            yield self.moved_at
        for name in line.values:
            if not self.contradicts(line, name):
                yield self.set_at.get(name, self.added_at)

    def after(
        self, line: Line, kind: LineType, meaning: Meaning, occurred_at: datetime, mapping: SourceMapping
    ) -> "Item":
        """The item as the line leaves it."""
        state = (meaning.state or mapping.defaults.state) if meaning.tells_state else self.state
        return replace(
            self,
            is_held=kind not in (LineType.REMOVED, LineType.ABSENT) if kind in MOVES else self.is_held,
            moved_at=occurred_at if kind in MOVES else self.moved_at,
            recorded_at=line.recorded_at or self.recorded_at,
            state=state,
            word=meaning.word if meaning.tells_state else self.word,
            had_state=self.had_state or meaning.word is not None,
            had_health=meaning.health is not None if meaning.tells_health else self.had_health,
            had_baseline=self.had_baseline or state is mapping.baseline.state,
            values={**self.values, **line.values},
            set_at={**self.set_at, **dict.fromkeys(line.values, occurred_at)},
            shown={**self.shown, **meaning.shown},
        )
