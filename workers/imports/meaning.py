"""What the values of a line mean here, by the mapping."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import ValidationError

from domain.project.words import Health, State
from workers.imports.lines import Line
from workers.imports.mapping import MONEY, UNDER_ITS_OWN_NAME, SourceMapping, Target, Unknown
from workers.imports.sentences import dotted, told
from workers.imports.values import Unreadable, day, money, one_line, value_or_none

IN_ONE_LINE = (Target.NAME, Target.KEY, Target.OWNER, Target.SPONSOR)
DAYS = (Target.START, Target.FINISH)
W = TypeVar("W", bound=StrEnum)


@dataclass(slots=True)
class Meaning:
    """What a line says of its item.

    `shown` holds what the project shows by name, `field_of` the field each name comes from;
    `state` and `health` are `None` where the line does not speak of them or gives no word.
    """

    shown: dict[str, Any] = field(default_factory=dict)
    field_of: dict[str, str] = field(default_factory=dict)
    tells_state: bool = False
    state: State | None = None
    word: str | None = None
    tells_health: bool = False
    health: Health | None = None
    health_word: str | None = None
    unknown_word: str | None = None
    unreadable: list[tuple[str, Any]] = field(default_factory=list)


def meaning_of(line: Line, mapping: SourceMapping) -> Meaning:
    """Translate the values of a line. Raises `ValueError` naming a word or field that has no place here."""
    found = Meaning()
    for name, raw in line.values.items():
        value = value_or_none(raw)
        if value is None and name in mapping.fallback:
            column = mapping.fallback[name]
            value = value_or_none(line.values.get(column, line.texts.get(column)))
        if mapping.state and name == mapping.state.field:
            _read_state(found, name, value, mapping)
        elif mapping.health and name == mapping.health.field:
            found.tells_health = True
            if value is not None:
                found.health_word = _line_of(name, value)
                found.health = _known(name, found.health_word, mapping.health.words)
        elif name not in mapping.ignore.fields:
            _read_field(found, name, value, mapping)
    return found


def _read_state(found: Meaning, name: str, value: Any, mapping: SourceMapping) -> None:
    assert mapping.state is not None
    found.tells_state = True
    if value is None:
        return
    found.word = _line_of(name, value)
    if found.word not in mapping.state.words and mapping.state.unknown is Unknown.MAP:
        found.unknown_word = found.word
        found.state = mapping.state.unknown_to
    else:
        found.state = _known(name, found.word, mapping.state.words)


def _known(name: str, word: str, words: Mapping[str, W]) -> W:
    if word not in words:
        raise ValueError(f"{name}: the mapping does not know the word {word!r}; it knows {', '.join(words) or 'none'}")
    return words[word]


def _read_field(found: Meaning, name: str, value: Any, mapping: SourceMapping) -> None:
    own = mapping.own_name(_line_of("the name of a field", name))
    targets = mapping.fields.get(name, (Target.ATTRIBUTE,))
    names = {own if target in UNDER_ITS_OWN_NAME else target: target for target in targets}
    found.field_of |= dict.fromkeys([*names, own], name)
    found.shown[own] = None
    try:
        found.shown |= {shown: _value(name, value, target, mapping) for shown, target in names.items()}
    except Unreadable:
        found.shown |= {**dict.fromkeys(names), own: value}
        found.unreadable.append((name, value))


def _value(name: str, value: Any, target: Target, mapping: SourceMapping) -> Any:
    if value is None:
        return None
    if target in MONEY and mapping.money:
        return money(value, mapping.money.scale, mapping.money.currency)
    if target in DAYS:
        return day(value)
    return _line_of(name, value) if target in IN_ONE_LINE else value


def _line_of(name: str, value: Any) -> str:
    try:
        return one_line(value)
    except ValidationError as error:
        raise ValueError(f"{name}: {told(error, dotted, lambda _: ())}") from None
