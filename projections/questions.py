"""Questions in words: what is searched for, and the period that is named."""

from datetime import datetime, timedelta

FILLERS = frozenset("a an and because by due for from in of on since the to was were why".split())  # noqa: SIM905
"""Words of a question that say nothing about what is searched."""


def understood(q: str, now: datetime) -> tuple[list[str], datetime | None, datetime | None]:
    """The words of a question that are searched for, and the period it names.

    "this" or "last" before week, month, quarter or year is a period in UTC, counted from `now`.
    """
    words, since, until = q.casefold().replace(",", " ").replace("?", " ").split(), None, None
    kept = []
    index = 0
    while index < len(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        if words[index] in {"this", "last"} and following in {"week", "month", "quarter", "year"}:
            since, until = _period(now, following, back=words[index] == "last")
            index += 2
            continue
        if words[index] not in FILLERS:
            kept.append(words[index])
        index += 1
    return kept, since, until


def _period(now: datetime, unit: str, *, back: bool) -> tuple[datetime, datetime]:
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if not 2 <= day.year <= 9998:
        return day, day
    if unit == "week":
        start = day - timedelta(days=day.weekday() + (7 if back else 0))
        return start, start + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    first = day.year * 12 + (day.month - 1) // months * months - (months if back else 0)
    start, end = (day.replace(year=m // 12, month=m % 12 + 1, day=1) for m in (first, first + months))
    return start, end
