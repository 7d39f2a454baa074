"""The mapping: what the words and fields of a source mean here. Another source, another mapping."""

import re
import tomllib
from collections import Counter
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Strict, ValidationError, model_validator

from domain.kernel.types import Line, one_of
from domain.project.words import HealthWord, State, StateWord
from projections.project_board import MEMBERS
from workers.imports.sentences import CannotImport, Place, told


class Target(StrEnum):
    """What a field of a source may be here; `attribute` and `amount` keep it under its own name."""

    NAME = "name"
    KEY = "key"
    OWNER = "owner"
    SPONSOR = "sponsor"
    DEPARTMENT = "department"
    PHASE = "phase"
    TARGET = "target"
    BUDGET = "budget"
    FORECAST = "forecast"
    START = "start"
    FINISH = "finish"
    STATUS_TEXT = "status_text"
    ATTRIBUTE = "attribute"
    AMOUNT = "amount"


class Unknown(StrEnum):
    """What to do with a state word that the mapping does not list."""

    REFUSE = "refuse"
    MAP = "map"


class Absent(StrEnum):
    """What it means that an item is missing from the next snapshot."""

    KEEP = "keep"
    REMOVE = "remove"


MONEY = (Target.BUDGET, Target.FORECAST, Target.AMOUNT)
UNDER_ITS_OWN_NAME = (Target.ATTRIBUTE, Target.AMOUNT)
SOURCE_WORD = "source_word"
CURRENCY_PATTERN = re.compile(r"[A-Z]{3}")
SOURCE_PATTERN = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def _scale(value: Any) -> Any:
    try:
        scale = Decimal(value) if isinstance(value, str) or type(value) is int else None
    except ArithmeticError:
        scale = None
    if scale is None or not scale.is_finite() or scale <= 0:
        raise ValueError('expected what one unit of the source is worth, such as "1000000"')
    return scale


def _source_name(value: str) -> str:
    if not SOURCE_PATTERN.fullmatch(value):
        raise ValueError('expected a short name of small letters, digits, "-" and "_", such as "kep"')
    return value


def _currency(value: str) -> str:
    if not CURRENCY_PATTERN.fullmatch(value):
        raise ValueError('expected a currency code of ISO 4217, such as "GBP"')
    return value


def _targets(value: Any) -> tuple[Target, ...]:
    words = value if isinstance(value, list) else [value]
    if not words or not all(isinstance(word, str) and word in TARGETS for word in words):
        raise ValueError(f"expected one of {', '.join(Target)}, or a list of them")
    return tuple(Target(word) for word in words)


TARGETS = frozenset(Target)
Targets = Annotated[tuple[Target, ...], Strict(False), BeforeValidator(_targets)]
"""What a field is here: one thing, or several at once."""


class Table(BaseModel):
    """A table of a mapping; it has no key but these."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Columns(Table):
    """CSV: the columns that say which item a row is about, when, who and why."""

    item: Line
    occurred_at: Line
    recorded_at: Line | None = None
    actor: Line | None = None
    reason: Line | None = None

    def named(self) -> set[str]:
        """All columns this table names."""
        return {column for column in self.model_dump().values() if column}


class StateTable(Table):
    """The field with the state, and what its words mean."""

    field: Line
    unknown: Annotated[Unknown, Strict(False), one_of(Unknown)] = Unknown.REFUSE
    unknown_to: StateWord | None = None
    words: dict[str, StateWord] = {}

    @model_validator(mode="after")
    def _unknown_words_lead_somewhere(self) -> Self:
        if (self.unknown is Unknown.MAP) != (self.unknown_to is not None):
            raise ValueError('unknown = "map" and unknown_to = "a state" go together')
        return self


class HealthTable(Table):
    """The field with the health, and what its words mean."""

    field: Line
    words: dict[str, HealthWord] = {}


class Ignore(Table):
    """Fields that are left out on purpose."""

    fields: list[Line] = []


class Defaults(Table):
    """The state of an item whose source gives none."""

    state: StateWord = State.DRAFT


class Snapshot(Table):
    """CSV: how the rows of one date are read together."""

    absent: Annotated[Absent, Strict(False), one_of(Absent)] = Absent.KEEP


class BaselineTable(Table):
    """The state in which what is known of an item becomes its baseline; `None` = in no state."""

    state: StateWord | None = None


class MoneyTable(Table):
    """The currency of all amounts, and what one unit of the source is worth in it."""

    currency: Annotated[str, AfterValidator(_currency)]
    scale: Annotated[Decimal, Strict(False), BeforeValidator(_scale)] = Decimal(1)


class SourceMapping(Table):
    """One source: `fields` maps its fields to targets, `reasons` to the column with their reason, `fallback` to the
    one that is read where the field is empty.
    """

    source: Annotated[str, AfterValidator(_source_name)]
    columns: Columns | None = None
    state: StateTable | None = None
    health: HealthTable | None = None
    fields: dict[str, Targets] = {}
    fallback: dict[str, Line] = {}
    ignore: Ignore = Ignore()
    defaults: Defaults = Defaults()
    snapshot: Snapshot = Snapshot()
    baseline: BaselineTable = BaselineTable()
    money: MoneyTable | None = None
    reasons: dict[str, Line] = {}

    @model_validator(mode="after")
    def _each_field_means_one_thing(self) -> Self:
        spoken_for = [*self.fields, *self.ignore.fields]
        spoken_for += [table.field for table in (self.state, self.health) if table]
        twice = [field for field, times in Counter(spoken_for).items() if times > 1]
        if twice:
            raise ValueError(f"the field {twice[0]} has two meanings; expected one of state, health, fields, ignore")
        targets = Counter(target for target in self.targets() if target not in UNDER_ITS_OWN_NAME)
        doubled = [target for target, times in targets.items() if times > 1]
        if doubled:
            raise ValueError(f"two fields are mapped to {doubled[0]}; expected one")
        if self.money is None and any(target in MONEY for target in self.targets()):
            raise ValueError("budget and forecast need [money] with a currency, as does amount")
        return self

    def targets(self) -> list[Target]:
        """Everything that any field is here."""
        return [target for targets in self.fields.values() for target in targets]

    def named_fields(self) -> set[str]:
        """Every field that has a meaning of its own."""
        return {*self.fields, *(table.field for table in (self.state, self.health) if table)}

    def required_columns(self) -> list[str]:
        """The columns a CSV file must have for this mapping."""
        columns = self.columns.named() if self.columns else set()
        beside = [name for table in (self.reasons, self.fallback) for pair in table.items() for name in pair]
        return sorted({*self.named_fields(), *beside, *columns})

    def own_name(self, field: str) -> str:
        """A field's own name; with the source in front where the name already means something else."""
        return f"{self.source}:{field}" if field in self._taken else field

    @cached_property
    def _taken(self) -> set[str]:
        return {*MEMBERS, SOURCE_WORD, *self.targets()} - {*UNDER_ITS_OWN_NAME}


def read_mapping(path: Path) -> SourceMapping:
    """The mapping in a TOML file. Raises `CannotImport` naming what is wrong and what was expected."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
        return SourceMapping.model_validate(found)
    except OSError as error:
        raise CannotImport(f"the mapping {path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CannotImport(f"the mapping {path} is not TOML: {error}") from None
    except ValidationError as error:
        raise CannotImport(f"the mapping {path}: {told(error, _place, _known)}") from None


def _place(loc: Place) -> str:
    """A place in a mapping as one writes it: `[state.words] implementable`."""
    if len(loc) < 2:
        return ("source" if loc[0] == "source" else f"[{loc[0]}]") if loc else ""
    return f"[{'.'.join(str(part) for part in loc[:-1])}] {loc[-1]}"


def _known(loc: Place) -> list[str]:
    table: Any = SourceMapping
    for part in loc:
        annotation = table.model_fields[part].annotation
        table = next(
            kind for kind in (annotation, *getattr(annotation, "__args__", ())) if hasattr(kind, "model_fields")
        )
    return list(table.model_fields)
