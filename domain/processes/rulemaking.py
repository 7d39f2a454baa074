"""The policy of a portfolio is set: in the words that decisions know, about goals that are its own."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.refusal import Invalid
from domain.portfolio.commands import SetPolicy
from domain.portfolio.policy import Policy
from domain.portfolio.portfolio import Portfolio
from domain.project.words import LIVE, MOVES, State
from domain.reasons import CODES
from domain.strategy.goal import Goal

MONEY_VERBS = ("set-forecast", "approve-forecast", "record-actuals", "record-commitments", "set-budget")
GATED = (*MOVES, "rebaseline", *MONEY_VERBS)
"""Verbs that may need evidence."""
LIMITED = tuple(state for state in State if state in LIVE)
"""States whose number of components may be limited: what is not live is no work in progress."""


def set_policy(portfolio_id: UUID, command: SetPolicy) -> Decide:
    """Rules are set anew."""

    def decide(read: Reading) -> Facts:
        portfolio = read(Portfolio, portfolio_id)
        if errors := dict(_unknown_words(command)) | dict(_foreign_goals(read, portfolio_id, command)):
            raise Invalid(errors)
        return [(portfolio_id, portfolio.set_policy(command, read.occasion))]

    return decide


def _unknown_words(policy: Policy) -> Iterable[tuple[str, str]]:
    yield from _strange("reason_codes", policy.reason_codes, CODES, "; other verbs take any code")
    yield from _strange("wip_limits", policy.wip_limits, LIMITED)
    yield from _strange("required_gates", policy.required_gates, GATED)


def _strange(
    rule: str, given: Mapping[str, object] | None, known: Collection[str], more: str = ""
) -> Iterable[tuple[str, str]]:
    for word in given or ():
        if word not in known:
            yield f"/{rule}/{word}", f"expected one of {', '.join(known)}{more}"


def _foreign_goals(read: Reading, portfolio_id: UUID, policy: Policy) -> Iterable[tuple[str, str]]:
    for place, rail in enumerate(policy.guardrails or ()):
        pointer = f"/guardrails/{place}/goal"
        if rail.goal and read(Goal, rail.goal, named_by=pointer).portfolio != portfolio_id:
            yield pointer, f"the goal {rail.goal} is not one of this portfolio"
