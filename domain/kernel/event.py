"""Facts and the envelope they are recorded in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from pydantic import ConfigDict

from domain.kernel.rationale import Rationale
from domain.kernel.types import Id, Line, Strictly

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

CATALOGUE: dict[str, type["Event"]] = {}
"""Every fact by its spelled name; filled by the definition of its class."""

UPCASTERS: dict[str, tuple[str, Upcaster]] = {}
"""Old name → (next name, pure function of the old data)."""


class Event(Strictly):
    """A fact: something that happened to the business, in the past tense.

    Class arguments: `name` is the stored name, spelled and versioned; `about` maps the fields that
    hold ids of other things to their kind; `stream` is the kind of thing whose stream holds it (by
    default the first word of the name); `lifecycle` facts fix an order in time that no later
    decision of the stream may precede; `upcasts` maps names of older versions to pure upcasters.
    """

    fact_name: ClassVar[str] = ""
    about: ClassVar[Mapping[str, str]] = {}
    lifecycle: ClassVar[bool] = False
    stream_kind: ClassVar[str] = ""

    why: Rationale | None = None

    @property
    def corrects(self) -> UUID | None:
        """The event id of the fact that this one supersedes."""
        return self.why.supersedes if self.why else None

    def __init_subclass__(
        cls,
        name: str = "",
        about: Mapping[str, str] | None = None,
        lifecycle: bool | None = None,
        stream: str | None = None,
        upcasts: Mapping[str, Upcaster] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)
        cls.about = about if about is not None else cls.about
        cls.lifecycle = cls.lifecycle if lifecycle is None else lifecycle
        cls.stream_kind = stream or cls.stream_kind or name.split(".", 1)[0]
        cls.fact_name = name
        if not name:
            return
        if name in CATALOGUE:
            raise TypeError(f"two facts are called {name}")
        CATALOGUE[name] = cls
        for old, upcaster in (upcasts or {}).items():
            UPCASTERS[old] = (name, upcaster)


class Decision(Event):
    """A fact that somebody decided: it always carries its reason."""

    why: Rationale


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing a fact is about."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: Id
    kind: Line


@dataclass(frozen=True)
class Fact:
    """An event with everything the envelope knows before it is stored.

    `occurred_at` is when it happened in the business, `recorded_at` when it was first recorded
    (`None` = when the store appends it), both UTC. `traceparent` is the W3C trace of the request; it is
    kept beside the fact, not in it.
    """

    event_id: UUID
    stream_id: UUID
    event: Event
    occurred_at: datetime
    recorded_at: datetime | None
    actor: str
    role: str
    correlation_id: str
    causation_id: str | None = None
    inputs_position: int | None = None
    traceparent: str | None = None

    @cached_property
    def content(self) -> dict[str, Any]:
        """What the event says, as JSON."""
        return self.event.model_dump(mode="json", by_alias=True)

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        """The owner of the stream first, then every other thing the event names, each once."""
        found = {self.stream_id: Subject(id=self.stream_id, kind=self.event.stream_kind)}
        for field, kind in self.event.about.items():
            value = getattr(self.event, field)
            for thing in value if isinstance(value, tuple) else (value,):
                if thing is not None and thing not in found:
                    found[thing] = Subject(id=thing, kind=kind)
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stored fact. `version` counts the stream from 1; `position` is the store's commit order
    (0 when a stream is read for a decision, which does not ask for it).

    `name` is the one it was stored under; `event` is in today's shape, whatever version that was.
    """

    position: int
    event_id: UUID
    name: str
    stream_id: UUID
    version: int
    subjects: tuple[Subject, ...]
    occurred_at: datetime
    recorded_at: datetime
    stored_at: datetime
    actor: str
    role: str
    correlation_id: str
    causation_id: str | None
    inputs_position: int | None
    event: Event
