"""The lifecycle as it was agreed, row by row, with a body for each row: its stories and its page are held to this."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from domain.project.words import LIVE, State
from tests.domain.scene import WHY

AGREED = """
| verb         | from                                         | to               | fact               | who may                            | required                                           |
| submit       | draft                                        | submitted        | submitted          | requester, sponsor                 | problem, expected_benefit, cost_low, cost_high     |
| withdraw     | draft, submitted                             | cancelled        | withdrawn          | requester, sponsor                 | rationale                                          |
| evaluate     | submitted                                    | under_evaluation | evaluation_started | portfolio_manager                  |                                                    |
| evaluate     | deferred                                     | under_evaluation | re_evaluated       | portfolio_manager                  | rationale                                          |
| score        | under_evaluation                             | the same         | scored             | portfolio_manager, board, requester, sponsor, project_manager, program_manager, resource_manager, finance_controller, team_member | |
| override-score | under_evaluation                           | the same         | score_overridden   | portfolio_manager                  | rationale, score                                   |
| recycle      | under_evaluation                             | submitted        | recycled           | portfolio_manager, board           | rationale, to_fix                                  |
| reject       | submitted, under_evaluation, selected, deferred | rejected      | rejected           | board                              | rationale                                          |
| defer        | submitted, under_evaluation, selected, authorized | deferred    | deferred           | portfolio_manager, board           | rationale, rationale/review_on                     |
| select       | under_evaluation, deferred                   | selected         | selected           | portfolio_manager                  | rationale                                          |
| deselect     | selected                                     | under_evaluation | deselected         | portfolio_manager, board           | rationale                                          |
| authorize    | selected                                     | authorized       | authorized         | board                              | rationale, budget                                  |
| activate     | authorized                                   | active           | activated          | portfolio_manager, project_manager | owner, starts_on                                   |
| pause        | active                                       | on_hold          | paused             | portfolio_manager                  | rationale, expected_resume, allocations            |
| resume       | on_hold                                      | active           | resumed            | portfolio_manager                  | rationale, forecast_finish                         |
| complete     | active, on_hold                              | completed        | completed          | sponsor                            | rationale, outcome, lessons                        |
| close        | completed                                    | closed           | closed             | sponsor, portfolio_manager         | rationale                                          |
| cancel       | authorized, active, on_hold                  | cancelled        | cancelled          | board                              | rationale, sunk_cost, disposition                  |
| reopen       | rejected, cancelled                          | under_evaluation | reopened           | board                              | rationale, what_is_new                             |
| rebaseline   | active                                       | the same         | rebaselined        | board, portfolio_manager           | rationale                                          |
| reprioritize | any live                                     | the same         | reprioritized      | portfolio_manager, board           | rationale, portfolio, to_rank                      |
| reprioritize | any live                                     | the same         | deprioritized      | portfolio_manager, board           | rationale, portfolio, to_rank                      |
"""  # noqa: E501

MONEY = {"amount": "100.00", "currency": "GBP"}
BODIES: Mapping[str, dict[str, Any]] = {
    "submit": {"problem": "No shop", "expected_benefit": "Sales", "cost_low": MONEY, "cost_high": MONEY},
    "evaluate": {"scoring_model_version": 1},
    "score": {"values": {"value": 4, "effort": 2}},
    "override-score": {"score": 5, "rationale": {"code": "judgement", "text": "The board knows this market"}},
    "recycle": {"to_fix": "The cost"},
    "defer": {"rationale": {**WHY, "review_on": "2026-06-01"}},
    "authorize": {"budget": MONEY},
    "activate": {"owner": "carol", "starts_on": "2026-03-02"},
    "pause": {"expected_resume": "unknown", "allocations": "keep"},
    "resume": {"forecast_finish": "2026-09-30"},
    "complete": {"outcome": "It sells", "lessons": "Begin with payment", "actual_cost": MONEY},
    "cancel": {"sunk_cost": MONEY, "disposition": "Everybody goes free"},
    "reopen": {"what_is_new": "A grant"},
    "rebaseline": {"cost": {"amount": "900.00", "currency": "GBP"}},
    "reprioritize": {"to_rank": 1},
}
"""What a verb's body holds beside its rationale (and the portfolio of a rank)."""


class Row(NamedTuple):
    """One row; `target` is `None` where the state stays, `required` are JSON pointers without their first slash."""

    verb: str
    sources: tuple[State, ...]
    target: State | None
    fact: str
    roles: tuple[str, ...]
    required: tuple[str, ...]

    def __str__(self) -> str:
        return self.fact


def cells_of(table: str) -> Iterator[list[str]]:
    """The cells of each row of a table in Markdown, without its head."""
    lines = [line.strip("| ") for line in table.strip().splitlines()]
    yield from ([cell.strip() for cell in line.split("|")] for line in lines[1:] if not line.startswith("---"))


def words(cell: str) -> tuple[str, ...]:
    """What a cell lists."""
    return tuple(word for word in cell.replace("`", "").split(", ") if word)


def body_of(verb: str) -> dict[str, Any]:
    """A body that the API takes in the right state."""
    return {"rationale": WHY, **BODIES.get(verb, {})}


def _row(verb: str, sources: str, target: str, fact: str, roles: str, required: str = "") -> Row:
    return Row(
        verb,
        tuple(state for state in State if state in LIVE)
        if sources == "any live"
        else tuple(map(State, words(sources))),
        None if target == "the same" else State(target),
        f"project.{fact}",
        words(roles),
        words(required),
    )


ROWS = [_row(*cells) for cells in cells_of(AGREED)]
MOVING = [row for row in ROWS if row.target]


def path_to(state: State) -> list[Row]:
    """The fewest moves that lead from draft to a state."""
    paths: dict[State, list[Row]] = {State.DRAFT: []}
    while state not in paths:
        for row in MOVING:
            for source in row.sources:
                if source in paths and row.target and row.target not in paths:
                    paths[row.target] = [*paths[source], row]
    return paths[state]


def allowed_from(state: State) -> list[str]:
    """The verbs that lead out of a state."""
    return [row.verb for row in MOVING if state in row.sources]
