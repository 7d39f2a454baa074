"""Queries about the policy of a portfolio, and about how work flows under it."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.context import PREFIX
from api.policy_answers import POLICY_PRESETS, PORTFOLIO_FLOW, PORTFOLIO_POLICY
from api.reading import Cursor, DeskOf, Limit
from domain.portfolio.presets import presets
from projections.bounds import View
from projections.flow import portfolio_flow
from projections.paging import Answer, Page, page_of
from projections.policies import portfolio_policy

router = APIRouter(prefix=PREFIX, tags=["portfolios"])


@router.get("/portfolios/{portfolio_id}/policy", responses=PORTFOLIO_POLICY)
def policy(portfolio_id: UUID, desk: DeskOf) -> Response:
    """Its rules, whether its guardrails are kept, and every version of its policy with the reason."""
    return desk.one(
        lambda view: portfolio_policy(view, portfolio_id), portfolio_id, f"no portfolio has the id {portfolio_id}"
    )


@router.get("/portfolios/{portfolio_id}/flow", responses=PORTFOLIO_FLOW)
def flow(portfolio_id: UUID, desk: DeskOf) -> Response:
    """Time in state, throughput, age of what is in progress, and work in progress against its limits."""
    return desk.one(
        lambda view: portfolio_flow(view, portfolio_id), portfolio_id, f"no portfolio has the id {portfolio_id}"
    )


@router.get("/policy-presets", responses=POLICY_PRESETS)
def policy_presets(desk: DeskOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Policies to begin with, by line of business: what `set-policy` takes over by `preset`."""

    def query(_: View, page: Page) -> tuple[list[Answer], bool]:
        shown, more = page_of(list(presets().values()), page)
        return [each.model_dump(mode="json") for each in shown], more

    return desk.many(query, limit, cursor)
