"""Which constraints cannot all be kept: a minimal set of them. Pure.

QuickXplain: Junker, *Preferred explanations and relaxations for over-constrained problems* (2004). Without any one of
the set the rest can be kept.
"""

from collections.abc import Sequence
from dataclasses import replace

from domain.choosing.program import Program
from domain.choosing.rows import Row
from domain.choosing.solver import Deadline, is_feasible


class Conflict:
    """The search for one set; `is_minimal` unless time ended it."""

    def __init__(self, wanted: Program, deadline: Deadline) -> None:
        self.is_minimal = True
        self._wanted = wanted
        self._deadline = deadline
        self.rows = self._of([], list(wanted.rows), added=False)

    def _of(self, kept: list[Row], rows: list[Row], *, added: bool) -> list[Row]:
        if added and not self._can_keep(kept):
            return []
        if len(rows) == 1:
            return rows
        first, second = rows[: len(rows) // 2], rows[len(rows) // 2 :]
        from_second = self._of([*kept, *first], second, added=bool(first))
        from_first = self._of([*kept, *from_second], first, added=bool(from_second))
        return [*from_first, *from_second]

    def _can_keep(self, rows: Sequence[Row]) -> bool:
        found = is_feasible(replace(self._wanted, rows=rows), self._deadline)
        if found is None:
            self.is_minimal = False
        return found is not False
