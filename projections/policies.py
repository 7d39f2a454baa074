"""Queries about the policy of a portfolio: what it says, what it means for the portfolio now, and why it came to be."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain.portfolio.events import PolicySet
from domain.project.words import State
from domain.reasons import CODES
from projections.bounds import View
from projections.dated import Cells, value_of
from projections.guardrails import BUDGETED, guardrails
from projections.journal import Wanted, decisions, first_fact_at, is_known, versions
from projections.paging import EVERY, Answer
from projections.portfolio_board import portfolios
from projections.project_board import ever_held
from projections.projects import members


def portfolio_policy(view: View, portfolio: UUID) -> Answer | None:
    """The policy of a portfolio within the bounds and every version before; `None` if no fact ever named it."""
    if not view.sees(portfolio) or not is_known(view, portfolio, [f"{portfolios.name}_latest"]):
        return None
    own = portfolios.cells(view, [portfolio]).get(portfolio, {})
    exists, policy = "name" in own, value_of(own, "policy")
    cells = ever_held(view, portfolio, ["state", BUDGETED])
    held = members(cells, portfolio)
    history, _ = decisions(view, Wanted(subject=portfolio, fact=PolicySet.fact_name), EVERY)
    answer = {
        "id": str(portfolio),
        "name": value_of(own, "name"),
        "currency": value_of(own, "currency"),
        "policy": policy,
        "scoring_model": (policy or {}).get("scoring_model"),
        "codes": _codes(policy) if exists else None,
        "limits": _limits(policy, cells, held) if exists else None,
        "guardrails": guardrails(view, portfolio, own, {each: cells[each] for each in held}) if exists else None,
        "history": history,
        "version": versions(view, [portfolio]).get(portfolio),
    }
    return answer if own else {**answer, "first_fact_at": first_fact_at(view, portfolio)}


def limits_of(policy: Mapping[str, Any] | None) -> dict[State, int]:
    """How many components may be in a state at once, where that is limited."""
    given = (policy or {}).get("wip_limits") or {}
    return {state: given[state] for state in State if state in given}


def _limits(policy: Mapping[str, Any] | None, cells: Cells, held: list[UUID]) -> list[Answer]:
    states = [value_of(cells[each], "state") for each in held]
    return [
        {"state": state, "limit": limit, "number": states.count(state)} for state, limit in limits_of(policy).items()
    ]


def _codes(policy: Mapping[str, Any] | None) -> dict[str, list[str]]:
    """For each verb that has reason codes all that hold here; `other` is always among them."""
    further = (policy or {}).get("reason_codes") or {}
    return {verb: list(dict.fromkeys((*codes, *further.get(verb, ()), "other"))) for verb, codes in CODES.items()}
