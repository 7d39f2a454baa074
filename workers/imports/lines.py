"""What every format is read into: one line after the other, in the order of the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class LineType(StrEnum):
    """What a line tells about its item; `snapshot` is the whole item, `absent` that a snapshot lacks it."""

    ADDED = "item.added"
    REMOVED = "item.removed"
    RESTORED = "item.restored"
    CHANGED = "changed"
    SNAPSHOT = "snapshot"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source.

    `number` is its (first) physical line; `mark` tells it from every other line of the source;
    `recorded_at` is `None` if the source does not say when it learned of it;
    `values` are the new values by field, `before` what the line says they were (`None` = it does
    not say); `rest` is kept with every fact of the line; `texts` holds the texts that `[reasons]`
    of a mapping may name.
    """

    number: int
    mark: str
    fingerprint: str
    type: LineType
    item: str
    occurred_at: datetime
    recorded_at: datetime | None
    actor: str | None
    reason: str | None
    values: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that cannot be taken in, and why."""

    line: int
    reason: str
