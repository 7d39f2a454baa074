"""Who may ask what: one rule for every route. Those of commands are the rows of the table of operations.

A route without a rule is closed to everybody.
"""

from collections.abc import Mapping, Sequence

from api.context import PREFIX
from domain.identity.words import Role
from domain.operation import Operation
from domain.operations import OPERATIONS, READERS

Roles = Sequence[Role]
READ, FEED = READERS["read"], READERS["feed"]
ANY_KEY: Roles = ()
"""A valid key is enough, whatever roles its person holds."""
NO_KEY = None
"""Open to everybody."""

READS: Mapping[str, Roles] = {
    "/portfolios": READ,
    "/portfolios/{portfolio_id}": READ,
    "/portfolios/{portfolio_id}/why": READ,
    "/portfolios/{portfolio_id}/diff": READ,
    "/portfolios/{portfolio_id}/goals": READ,
    "/portfolios/{portfolio_id}/money": READ,
    "/portfolios/{portfolio_id}/risks": READ,
    "/portfolios/{portfolio_id}/issues": READ,
    "/portfolios/{portfolio_id}/benefits": READ,
    "/portfolios/{portfolio_id}/policy": READ,
    "/portfolios/{portfolio_id}/flow": READ,
    "/portfolios/{portfolio_id}/cost-benefit": READ,
    "/portfolios/{portfolio_id}/matrix": READ,
    "/portfolios/{portfolio_id}/matrix.svg": READ,
    "/portfolios/{portfolio_id}/priorities": READ,
    "/policy-presets": READ,
    "/portfolios/{portfolio_id}/attention": READ,
    "/portfolios/{portfolio_id}/reviews": READ,
    "/portfolios/{portfolio_id}/reviews/{review_id}": READ,
    "/portfolios/{portfolio_id}/scoring-models": READ,
    "/portfolios/{portfolio_id}/scores": READ,
    "/projects": READ,
    "/projects/{project_id}": READ,
    "/projects/{project_id}/why": READ,
    "/projects/{project_id}/history": READ,
    "/projects/{project_id}/money": READ,
    "/projects/{project_id}/risks": READ,
    "/projects/{project_id}/issues": READ,
    "/projects/{project_id}/milestones": READ,
    "/projects/{project_id}/dependencies": READ,
    "/projects/{project_id}/benefits": READ,
    "/projects/{project_id}/business-case": READ,
    "/projects/{project_id}/baselines": READ,
    "/projects/{project_id}/status-updates": READ,
    "/projects/{project_id}/scores": READ,
    "/goals": READ,
    "/goals/{goal_id}": READ,
    "/goals/{goal_id}/why": READ,
    "/goals/{goal_id}/history": READ,
    "/portfolios/{portfolio_id}/workload": READ,
    "/requests": READ,
    "/analyses": READ,
    "/analyses/{analysis_id}": READ,
    "/scenarios": READ,
    "/scenarios/compare": READ,
    "/scenarios/{scenario_id}": READ,
    "/scenarios/{scenario_id}/why": READ,
    "/scenarios/{scenario_id}/history": READ,
    "/scenarios/{scenario_id}/recomputation": READ,
    "/resources": READ,
    "/resources/{resource_id}": READ,
    "/resources/{resource_id}/why": READ,
    "/resources/{resource_id}/history": READ,
    "/decisions": READ,
    "/access": READ,  # of others only those who may read `access`
    "/audit": FEED,
    "/audit/export": FEED,
    "/events": FEED,
    "/events/stream": FEED,
}
"""Every query of the API."""

PAGES: Mapping[str, Roles] = {
    "/": READ,
    "/projects/{project_id}": READ,
    "/portfolios/{portfolio_id}/goals": READ,
    "/portfolios/{portfolio_id}/risks": READ,
    "/portfolios/{portfolio_id}/workload": READ,
    "/portfolios/{portfolio_id}/policy": READ,
    "/portfolios/{portfolio_id}/priorities": READ,
    "/portfolios/{portfolio_id}/matrix": READ,
    "/portfolios/{portfolio_id}/attention": READ,
    "/portfolios/{portfolio_id}/reviews": READ,
    "/portfolios/{portfolio_id}/reviews/{review_id}": READ,
    "/portfolios/{portfolio_id}/scenarios": READ,
    "/portfolios/{portfolio_id}/analyses": READ,
    "/portfolios/{portfolio_id}/cost-benefit": READ,
    "/scenarios/compare": READ,
    "/scenarios/{scenario_id}": READ,
    "/analyses/{analysis_id}": READ,
    "/decisions": READ,
    "/people": READ,
    "/access": READ,
    "/audit": FEED,
}
"""Every page of the dashboard."""

OTHERS: Mapping[str, Roles | None] = {
    "GET /metrics": ANY_KEY,
    "GET /health/live": NO_KEY,
    "GET /health/ready": NO_KEY,
    "GET /openapi.json": NO_KEY,
    "GET /docs": NO_KEY,
    "GET /docs/files": NO_KEY,
    "GET /static": NO_KEY,
    "GET /sign-in": NO_KEY,
    "POST /sign-in": NO_KEY,
    "POST /sign-out": ANY_KEY,
}
"""What is neither command, query nor page."""


def path_of(operation: Operation) -> str:
    """Where an operation is asked for, without the prefix."""
    return (
        f"/{operation.collection}" if operation.verb == "create" else f"/{operation.collection}/{{id}}/{operation.verb}"
    )


COMMANDS: Mapping[str, Roles] = {
    f"POST {PREFIX}{path_of(operation)}": operation.roles for operation in OPERATIONS.values()
}
RULES: Mapping[str, Roles | None] = {
    **COMMANDS,
    **{f"GET {PREFIX}{path}": roles for path, roles in READS.items()},
    **{f"GET {path}": roles for path, roles in PAGES.items()},
    **OTHERS,
}
"""Method and path → the roles of which one is needed."""
