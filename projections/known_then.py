"""What was known of a component when something was decided: at the position up to which its author had looked."""

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from projections.bounds import View
from projections.dated import value_of
from projections.figures import Forecast, Score
from projections.paging import Answer
from projections.project_board import board, holders_in, member_of, order_in
from projections.projects import members, portfolio_ids
from projections.replay import Ground, Replay


class KnownThen(Forecast):
    """State, rank, score, budget and forecast of a component, over cells that move on fact by fact."""

    def __init__(self, view: View, project: UUID) -> None:
        super().__init__(view, project)
        self._view, self._project = view, project
        self._score = Score(view, project)
        self._holders = [each for each in portfolio_ids(view) if view.sees(each)]
        beside = sorted({other for each in self._holders for other in self._beside(each)})
        own = Ground(board, [project], ["state", "budget"])
        ranked = [aspect for each in self._holders for aspect in (member_of(each), order_in(each))]
        self.grounds = (*self.grounds, *self._score.grounds, own, Ground(board, beside, ranked))

    def told(self) -> Answer:
        """As the component would have told it; no value is `null`."""
        self._score.cells = self.cells
        own, score = self.of(board, self._project), self._score.value()
        return {
            "state": value_of(own, "state"),
            "rank": self._rank(),
            "score": f"{score:f}" if score is not None else None,
            "budget": value_of(own, "budget"),
            "forecast": self.amount(),
        }

    def _beside(self, portfolio: UUID) -> list[UUID]:
        """Everything that a portfolio ever held, if it ever held the component."""
        ever = board.subjects(self._view, member_of(portfolio))
        return ever if self._project in ever else []

    def _rank(self) -> int | None:
        """The place in the only portfolio that holds it."""
        cells = self.cells[board.name]
        holding = [each for each in holders_in(self.of(board, self._project)) if each in self._holders]
        if len(holding) != 1:
            return None
        places = [(Decimal(value_of(cells[each], order_in(holding[0]))), each) for each in members(cells, holding[0])]
        own = next(place for place in places if place[1] == self._project)
        return sum(place <= own for place in places)


def known_then(view: View, project: UUID, positions: Collection[int]) -> dict[int, Answer]:
    """By position, how the component stood by all that was recorded up to there."""
    found: dict[int, Answer] = {}
    if not positions:
        return found
    figure = KnownThen(view, project)
    replay = Replay(view, figure, min(positions))
    for position in sorted(positions):
        while replay.ahead is not None and replay.ahead <= position:
            replay.take()
        found[position] = figure.told()
    return found
