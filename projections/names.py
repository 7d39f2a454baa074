"""What things are called within the bounds."""

from collections.abc import Collection
from uuid import UUID

from projections.analysis_board import analyses
from projections.bounds import View
from projections.dated import value_of
from projections.goal_board import goals
from projections.portfolio_board import portfolios
from projections.project_board import board
from projections.scenario_board import scenarios
from projections.staffing import staffing


def names_of(view: View, ids: Collection[UUID]) -> dict[UUID, str | None]:
    """The name of each project, portfolio, goal, team or person in scope; absent if it has none within the bounds."""
    wanted, found = {each for each in ids if view.sees(each)}, dict[UUID, str | None]()
    for model, aspect in (
        (board, "name"),
        (portfolios, "name"),
        (goals, "name"),
        (analyses, "name"),
        (scenarios, "name"),
        (staffing, "team_name"),
    ):
        if missing := sorted(wanted - found.keys()):
            cells = model.cells(view, missing, [aspect])
            found |= {each: name for each, own in cells.items() if (name := value_of(own, aspect)) is not None}
    return found | dict(view.person_names(wanted - found.keys()))


def matching(view: View, word: str) -> list[UUID]:
    """Projects, portfolios and goals whose name or key contains the word, whatever its case."""
    return [
        subject
        for model, aspects in ((board, ["name", "key"]), (portfolios, ["name"]), (goals, ["name"]))
        for subject, cells in model.cells(view, aspects=aspects).items()
        if view.sees(subject) and any(word in str(value).casefold() for value, *_ in cells.values())
    ]
