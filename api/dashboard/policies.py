"""The page of a portfolio's policy, and of how work flows under it."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.dashboard.screen import PageRoute, ScreenOf
from api.dashboard.wording import ids_in
from domain.kernel.refusal import NotFound
from projections.flow import portfolio_flow
from projections.names import names_of
from projections.policies import portfolio_policy

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/portfolios/{portfolio_id}/policy")
def policy(portfolio_id: UUID, screen: ScreenOf) -> Response:
    """What a portfolio holds its decisions to, why, and how work flows."""
    with screen.view(None, 1) as (view, _):
        shown, flow = portfolio_policy(view, portfolio_id), portfolio_flow(view, portfolio_id)
        if shown is None or flow is None:
            raise NotFound(f"no portfolio has the id {portfolio_id}")
        if shown["name"] is None:
            return screen.nothing(view, shown.get("first_fact_at"))
        found = names_of(view, set(ids_in(shown["history"])))
        names = {str(each): name for each, name in found.items() if name}
        # ages depend on the clock, so the permalink carries the moment too
        return screen.show("policy.html", view, pin_now=True, portfolio=shown, flow=flow, names=names)
