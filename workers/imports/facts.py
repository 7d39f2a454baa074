"""The facts a line makes."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.kernel.event import Event
from domain.kernel.rationale import Rationale
from domain.portfolio.events import ComponentAdded, ComponentRemoved, ComponentRestored
from domain.project.events import AttributeChanged, ProjectDrafted, StateRecorded, StatusReported
from domain.project.plan_events import Baseline, BaselineCaptured
from domain.project.words import TRANSITIONS, Health
from workers.imports.item import Item
from workers.imports.lines import Line, LineType
from workers.imports.mapping import SOURCE_WORD, SourceMapping, Target
from workers.imports.meaning import Meaning
from workers.imports.values import value_or_none

IMPORTED = "imported"
NO_REASON = "The source gives no reason."
UNPLACED = Decimal(0)
"""A component gets its place in the order when it is recorded."""

DRAFTED = ("name", "key", "owner", "sponsor", "budget", "forecast")
"""What a project has from its first fact on; every other name is an attribute."""

Facts = Iterator[tuple[UUID, Event]]


@dataclass(frozen=True, slots=True)
class Story:
    """One line on its way to facts; `source` is kept with each of them."""

    line: Line
    kind: LineType
    meaning: Meaning
    mapping: SourceMapping
    portfolio: UUID
    source: dict[str, Any]

    def first(self, item: Item) -> Facts:
        """An item nobody knew: its first values travel in one fact, then it joins the portfolio."""
        values = {name: value for name, value in item.shown.items() if value is not None}
        if Target.KEY not in self.mapping.targets():
            values[Target.KEY] = self.line.item
        drafted = {name: values.pop(name, None) for name in DRAFTED}
        yield (
            item.id,
            ProjectDrafted.model_validate(
                {
                    **drafted,
                    "state": item.state,
                    "source_word": item.word,
                    "attributes": values,
                    "why": self._why(),
                    "source": self.source,
                }
            ),
        )
        yield from self._moved(item)
        yield from self._reported(item, had_health=False)
        yield from self._held_to(item, had_baseline=False)

    def next(self, before: Item, after: Item) -> Facts:
        """What differs from what the lines before said."""
        yield from self._moved(after)
        yield from self._state(before, after)
        for name, value in self.meaning.shown.items():
            if value != before.shown.get(name):
                yield after.id, self._changed(name, before.shown.get(name), value, self.meaning.field_of[name])
        yield from self._reported(after, had_health=before.had_health)
        yield from self._held_to(after, had_baseline=before.had_baseline)

    def _moved(self, item: Item) -> Facts:
        why = self._why() or Rationale(code=IMPORTED, text=NO_REASON)
        match self.kind:
            case LineType.ADDED:
                yield self.portfolio, ComponentAdded(component=item.id, order=UNPLACED, why=why, source=self.source)
            case LineType.RESTORED:
                yield self.portfolio, ComponentRestored(component=item.id, order=UNPLACED, why=why, source=self.source)
            case LineType.REMOVED | LineType.ABSENT:
                yield self.portfolio, ComponentRemoved(component=item.id, why=why, source=self.source)

    def _state(self, before: Item, after: Item) -> Facts:
        """A new state; another word for the same state is no transition."""
        name = self.mapping.state.field if self.mapping.state else None
        if before.state is not after.state:
            yield (
                after.id,
                StateRecorded.model_validate(
                    {
                        "from": before.state,
                        "to": after.state,
                        "source_word": after.word,
                        "irregular": before.had_state and (before.state, after.state) not in TRANSITIONS,
                        "why": self._why(name),
                        "source": self.source,
                    }
                ),
            )
        elif before.word != after.word:
            yield after.id, self._changed(SOURCE_WORD, before.word, after.word, name)

    def _changed(self, name: str, old: Any, new: Any, source_field: str | None) -> AttributeChanged:
        return AttributeChanged.model_validate(
            {"name": name, "from": old, "to": new, "why": self._why(source_field), "source": self.source}
        )

    def _reported(self, item: Item, *, had_health: bool) -> Facts:
        """A report for each health the source gives; one that it takes back is no update."""
        meaning = self.meaning
        if self.mapping.health and meaning.tells_health and (meaning.health or had_health):
            text = item.shown.get(Target.STATUS_TEXT)
            yield (
                item.id,
                StatusReported(
                    overall=meaning.health or Health.NO_UPDATE,
                    source_word=meaning.health_word,
                    text=text if isinstance(text, str) else None,
                    why=self._why(self.mapping.health.field),
                    source=self.source,
                ),
            )

    def _held_to(self, item: Item, *, had_baseline: bool) -> Facts:
        """What is known of an item when it first is in the state that captures its baseline."""
        if item.had_baseline and not had_baseline:
            known = item.shown.get
            cost = known(Target.BUDGET) or known(Target.FORECAST)
            dates = {"starts_on": known(Target.START), "finishes_on": known(Target.FINISH)}
            baseline = Baseline.model_validate({"number": 0, **dates, "cost": cost})
            yield item.id, BaselineCaptured(baseline=baseline, why=self._why(), source=self.source)

    def _why(self, source_field: str | None = None) -> Rationale | None:
        """The reason the source gives for a field, or else for the line, as it is."""
        column = self.mapping.reasons.get(source_field) if source_field else None
        own = value_or_none(self.line.texts.get(column)) if column else None
        text = own or value_or_none(self.line.reason)
        return Rationale(code=IMPORTED, text=str(text)) if text else None
