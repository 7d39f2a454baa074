"""What one more candidate would break beside what is selected, without adding everything up again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from domain.choosing.figures import NOTHING
from domain.choosing.program import Program
from domain.choosing.rows import Chosen, Kind, Row

IN_ORDER = list(Kind)
"""What somebody ruled comes before what is short."""
Broken = Sequence[tuple[Row, Decimal]]
"""Constraints that are not kept, each with by how much."""


@dataclass(frozen=True)
class Beside:
    """What is chosen, and what it uses of each row."""

    wanted: Program
    chosen: Chosen
    uses: Sequence[Decimal]

    @cached_property
    def inside(self) -> set[int]:
        """The candidates that are in."""
        return self.wanted.candidates(self.chosen)

    def broken(self, start: int | None = None) -> Broken:
        """The rows that are broken, by what is chosen or with one start more."""
        found = []
        for row, use in zip(self.wanted.rows, self.uses, strict=True):
            beyond = row.beyond(use if start is None else use + row.terms.get(start, NOTHING))
            if beyond:
                found.append((row, beyond))
        return sorted(found, key=lambda each: IN_ORDER.index(each[0].kind))

    def best_start(self, candidate: int) -> tuple[int, Broken]:
        """The start of a candidate that breaks the fewest rows, of several the earliest, and those rows."""
        every = [(start, self.broken(start)) for start in self.wanted.of(candidate)]
        return min(every, key=lambda each: len(each[1]))

    def adding(self, start: int) -> "Beside":
        """The same with one start more."""
        uses = [use + row.terms.get(start, NOTHING) for row, use in zip(self.wanted.rows, self.uses, strict=True)]
        return Beside(self.wanted, self.chosen | {start}, uses)

    def without(self, start: int) -> "Beside":
        """The same with one start less."""
        uses = [use - row.terms.get(start, NOTHING) for row, use in zip(self.wanted.rows, self.uses, strict=True)]
        return Beside(self.wanted, self.chosen - {start}, uses)


def beside(wanted: Program, chosen: Chosen) -> Beside:
    """What these use."""
    return Beside(wanted, chosen, [row.use(chosen) for row in wanted.rows])
