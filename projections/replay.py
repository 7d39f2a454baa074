"""Figures over dated changes, as of a position of the log and moved on from there, fact by fact."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from projections.bounds import View
from projections.dated import Cell, Cells, DatedChanges


class Ground(NamedTuple):
    """What a figure rests on: these subjects of a model, and which of their aspects (`None` = all)."""

    model: DatedChanges
    subjects: Sequence[UUID]
    aspects: Sequence[str] | None = None


class Figure:
    """A figure over `cells`, by the name of their model. What it keeps of a subject is forgotten when that changes."""

    grounds: tuple[Ground, ...]

    def __init__(self, *grounds: Ground) -> None:
        self.grounds = grounds
        self.cells: Mapping[str, Cells] = {}

    def of(self, model: DatedChanges, subject: UUID) -> Mapping[str, Cell]:
        """The cells of a subject."""
        return self.cells[model.name].get(subject, {})

    def forget(self, subject: UUID) -> None:
        """Something about it changed."""

    def value(self) -> Decimal | None:
        """What it comes to; `None` if that cannot be told."""
        raise NotImplementedError

    def currency(self) -> str | None:
        """In which it is told, if it is money."""
        return None


def load(view: View, figures: Iterable[Figure]) -> None:
    """Read what these figures rest on, all of it at once."""
    subjects: dict[str, set[UUID]] = {}
    aspects: dict[str, set[str] | None] = {}
    models: dict[str, DatedChanges] = {}
    read: dict[str, Cells] = {}
    everything = list(figures)
    for ground in (each for figure in everything for each in figure.grounds):
        name = ground.model.name
        models[name] = ground.model
        subjects.setdefault(name, set()).update(ground.subjects)
        known = aspects.setdefault(name, set())
        aspects[name] = None if known is None or ground.aspects is None else known | set(ground.aspects)
    for name, model in models.items():
        narrowed = aspects[name]
        read[name] = model.cells(view, sorted(subjects[name]), None if narrowed is None else sorted(narrowed))
    for figure in everything:
        figure.cells = read


class Replay:
    """A figure as of a position, moved on by each fact since that it rests on, in commit order."""

    def __init__(self, view: View, figure: Figure, since: int) -> None:
        load(replace(view, bounds=replace(view.bounds, at=min(since, view.upto))), [figure])
        for ground in figure.grounds:
            for subject in ground.subjects:
                figure.forget(subject)
        changes = (
            (position, ground.model.name, subject, aspect, cell)
            for ground in figure.grounds
            for position, subject, aspect, cell in ground.model.behind(view, since, ground.subjects, ground.aspects)
        )
        self._ahead = deque(sorted(changes, key=itemgetter(0)))
        self._figure = figure

    @property
    def ahead(self) -> int | None:
        """The position of the next fact; `None` behind the last."""
        return self._ahead[0][0] if self._ahead else None

    def take(self) -> None:
        """Take the next fact in."""
        position = self.ahead
        while self.ahead is not None and self.ahead == position:
            _, model, subject, aspect, cell = self._ahead.popleft()
            _take(self._figure.cells[model], subject, aspect, cell)
            self._figure.forget(subject)


def _take(cells: Cells, subject: UUID, aspect: str, cell: Cell) -> None:
    """A change holds unless another one that occurred later is known already."""
    own = cells.get(subject, {})
    if aspect not in own or own[aspect][1:] <= cell[1:]:
        cells[subject] = {**own, aspect: cell}
