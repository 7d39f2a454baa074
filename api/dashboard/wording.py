"""How values are told to a person. No value is told as missing, never as 0."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from domain.kernel.types import DAY_PATTERN
from domain.project.words import DependencyKind, Health, Kind, State

MISSING = "–"
ICONS = {"on_track": "●", "at_risk": "▲", "off_track": "■", "no_update": "○"}
HEALTH_WORDS = {"on_track": "on track", "at_risk": "at risk", "off_track": "off track", "no_update": "not reported"}
REPEATED = 8_192
"""How many figures are kept as they are told: a page tells the same ones again and again."""
SCALES = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "M"))
HEATS = ((Decimal("0.85"), "heat-full"), (Decimal("0.5"), "heat-busy"), (Decimal(0), "heat-some"))
ACRONYMS = frozenset({"npv", "irr", "roi", "bcr", "evpi", "ahp"})
LONG = 120
"""Characters from which a text is shown by its beginning."""
SAID_AT_ONCE = 4
CHANGED = " changed"
Decision = Mapping[str, Any]
UNTOLD = frozenset({"source", "order", "from", "to"})
"""Members of a fact that say nothing to a person who reads its history, or are told as one change."""
WORDS = frozenset([*State, *Health, *Kind, *DependencyKind])
ABOUT = frozenset({"component", "project", "portfolio"})
"""Members that name what a fact is about."""


class Effect(NamedTuple):
    """One thing a fact set: what, before (`None` = unknown) and after."""

    what: str
    before: str | None
    after: str

    @property
    def is_long(self) -> bool:
        """Whether it is shown by its beginning."""
        return len(self.after) > LONG or len(self.before or "") > LONG


def day(value: str | date) -> str:
    """An instant or a date as a day, such as 30 Sep 2026."""
    found = value if isinstance(value, date) else _instant(value)
    return f"{found.day} {found:%b %Y}"


def minute(value: str | datetime) -> str:
    """An instant to the minute, such as 30 Sep 2026, 14:02."""
    found = value if isinstance(value, datetime) else _instant(value)
    return f"{day(found)}, {found:%H:%M}"


def period(since: datetime, until: datetime) -> str:
    """From an instant up to, not including, another one: 1 Oct – 31 Dec 2026."""
    last = datetime.fromtimestamp(until.timestamp() - 1, UTC)
    return f"{since.day} {since:%b}{'' if since.year == last.year else since.strftime(' %Y')} – {day(last)}"


def by_month(decisions: Iterable[Decision]) -> list[tuple[str, list[list[Decision]]]]:
    """Decisions in their order by month (September 2026); those made at once, for one reason, together."""
    months = groupby(decisions, lambda decision: f"{_instant(decision['occurred_at']):%B %Y}")
    return [(month, [list(at_once) for _, at_once in groupby(made, _occasion)]) for month, made in months]


def _occasion(decision: Decision) -> tuple[Any, ...]:
    about = {subject["id"] for subject in decision["subjects"] if subject["kind"] != "portfolio"}
    return decision["occurred_at"], decision["actor"], decision["code"], decision["text"], about


def headline(decisions: Sequence[Decision]) -> str:
    """What happened at once: Drafted, component added."""
    told = list(dict.fromkeys(map(happened, decisions)))
    if len(told) > 1 and all(each.endswith(CHANGED) for each in told):
        return _listed([each.removesuffix(CHANGED) for each in told]) + CHANGED
    return _listed(told)


def _listed(told: Sequence[str]) -> str:
    shown = [told[0], *(each[0].lower() + each[1:] for each in told[1:SAID_AT_ONCE])]
    more = len(told) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def subjects(decisions: Sequence[Decision], about: str | None = None) -> list[Mapping[str, Any]]:
    """Everything they are about but `about`, portfolios last."""
    found = {each["id"]: each for decision in decisions for each in decision["subjects"] if each["id"] != about}
    return sorted(found.values(), key=lambda each: each["kind"] == "portfolio")


def words(name: object) -> str:
    """A name of the system in plain words: under_evaluation is under evaluation."""
    return str(name).replace("_", " ")


def label(name: str) -> str:
    """The name of a figure or of a column: discount_rate is Discount rate, npv is NPV."""
    told = " ".join(word.upper() if word in ACRONYMS else word for word in words(name).split())
    return told[:1].upper() + told[1:]


def columns(value: Any) -> list[str]:
    """What the rows of a table tell, in order; nothing if the value is no table.

    The id of a component that is named beside it is not told.
    """
    if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
        return []
    found = list(dict.fromkeys(name for row in value for name in row))
    return [name for name in found if name != "project" or "name" not in found]


def happened(fact: Mapping[str, Any]) -> str:
    """What a fact or a decision says that happened: portfolio.component_added.v1 is Component added."""
    verb = words((fact.get("fact") or fact["name"]).split(".")[1])
    told = verb.replace("attribute", words(fact["data"]["name"])) if verb == "attribute changed" else verb
    return told[0].upper() + told[1:]


def money(value: Mapping[str, str] | None) -> str:
    """An amount to its last digit, with its currency."""
    if not value or value["amount"] is None:
        return MISSING
    return f"{value['currency']} {_grouped(Decimal(value['amount']))}"


def short_money(value: Mapping[str, str] | None, home: str | None = None) -> str:
    """An amount in three digits; its currency only if it is not `home`."""
    if not value or value["amount"] is None:
        return MISSING
    told = _in_three_digits(value["amount"])
    return told if value["currency"] == home else f"{value['currency']} {told}"


@lru_cache(maxsize=REPEATED)
def _in_three_digits(text: str) -> str:
    amount = Decimal(text)
    scale, unit = next((each for each in SCALES if abs(amount) >= each[0]), (None, None))
    return f"{_digits(amount / scale)} {unit}" if scale else _grouped(amount)


def overrun(budget: Mapping[str, str] | None, forecast: Mapping[str, str] | None) -> str | None:
    """By how much the forecast is above the budget, in percent; `None` if it is not, or cannot be told."""
    if not budget or not forecast or budget["currency"] != forecast["currency"]:
        return None
    planned, expected = Decimal(budget["amount"]), Decimal(forecast["amount"])
    if planned <= 0 or expected <= planned:
        return None
    return f"+{(expected / planned - 1) * 100:.0f} %"


def percent(share: str) -> str:
    """A share of full time."""
    return f"{(Decimal(share) * 100).normalize():f} %"


def whole_percent(load: str | None) -> str:
    """A load in whole percent."""
    return MISSING if load is None else f"{Decimal(load) * 100:.0f} %"


@lru_cache(maxsize=REPEATED)
def number(value: str | None) -> str:
    """A number to two places, without needless zeros."""
    return MISSING if value is None else f"{round(Decimal(value), 2).normalize():,f}"


def days(number: str | None) -> str:
    """A number of days."""
    return MISSING if number is None else f"{number} {'day' if number == '1' else 'days'}"


def heat(cell: Mapping[str, Any]) -> str:
    """How warm a week is: too much, full, busy, partly promised, or nothing to say."""
    if cell["over"] not in (None, "0"):
        return "heat-over"
    load = Decimal(cell["load"] or 0)
    return next((name for least, name in HEATS if load > least), "")


def excerpt(text: str, length: int) -> str:
    """The beginning of a text, cut between words."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(" ,;:.–-") + "\N{NO-BREAK SPACE}…"


def plain(value: Any, names: Mapping[str, str] | None = None) -> str:
    """Any stored value as text; the id of a thing as its name."""
    match value:
        case None | "" | []:
            return MISSING
        case bool():
            return "yes" if value else "no"
        case {"amount": _, "currency": _}:
            return money(value)
        case {"sentence": str(sentence)}:
            return sentence
        case dict():
            return ", ".join(f"{words(key)}: {plain(each, names)}" for key, each in value.items()) or MISSING
        case list():
            return ("; " if isinstance(value[0], dict) else ", ").join(plain(each, names) for each in value)
        case str() if names and value in names:
            return names[value]
        case str() if value in WORDS:
            return words(value)
        case str() if DAY_PATTERN.fullmatch(value):
            return _day_if_any(value)
        case _:
            return str(value)


def effects(data: Mapping[str, Any], names: Mapping[str, str], told: str | None = None) -> list[Effect]:
    """What a fact set, member by member: `from` and `to` of one thing together.

    Left out is what is absent, and what repeats the text that is told beside it.
    """
    return [effect for effect in _effects(data, names) if effect.after != told]


def _effects(data: Mapping[str, Any], names: Mapping[str, str]) -> list[Effect]:
    found = []
    told = {"name"} if "to" in data else set()
    if "to" in data:
        found.append(_change(data.get("name", "state"), data.get("from"), data["to"], names))
    for member, value in data.items():
        before, after = member.replace("to_", "from_", 1), member.replace("from_", "to_", 1)
        if member.startswith("to_") and before in data:
            found.append(_change(member[3:], data[before], value, names))
        elif member == "attributes":
            found += [Effect(words(name), None, plain(each, names)) for name, each in value.items()]
        elif not (member in UNTOLD | told or (after != member and after in data) or _is_silent(member, value, names)):
            found.append(Effect(words(member), None, percent(value) if member == "share" else plain(value, names)))
    return found


def _change(what: str, before: Any, after: Any, names: Mapping[str, str]) -> Effect:
    return Effect(words(what), plain(before, names), plain(after, names))


def _is_silent(member: str, value: Any, names: Mapping[str, str]) -> bool:
    """Whether it says nothing: it is absent, or only names what the headline names."""
    return value is None or value is False or value in ("", [], {}) or (member in ABOUT and str(value) in names)


def ids_in(data: Any) -> Iterable[UUID]:
    """Every id a stored value holds."""
    match data:
        case dict():
            for value in data.values():
                yield from ids_in(value)
        case list():
            for value in data:
                yield from ids_in(value)
        case str() if len(data) == 36:
            try:
                yield UUID(data)
            except ValueError:
                return


def _day_if_any(text: str) -> str:
    try:
        return day(text)
    except ValueError:
        return text


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if found.tzinfo else found


def _grouped(amount: Decimal) -> str:
    return f"{amount:,.0f}" if amount == amount.to_integral() else f"{amount:,.2f}"


def _digits(amount: Decimal) -> str:
    places = 2 if abs(amount) < 10 else 1 if abs(amount) < 100 else 0
    return f"{amount:,.{places}f}"
