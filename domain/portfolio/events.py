"""The facts of a portfolio."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, Strict, WithJsonSchema

from domain.kernel.event import Decision, Event
from domain.kernel.money import Currency
from domain.kernel.rationale import Rationale
from domain.kernel.types import Id, Json, Line, Slug, is_absent
from domain.portfolio.policy import Policy


def _order(value: object) -> object:
    return Decimal(value) if isinstance(value, str) else value


Order = Annotated[Decimal, Strict(False), BeforeValidator(_order), WithJsonSchema({"type": "string"})]
"""Where a component stands in the order of its portfolio; smaller is higher."""


class PortfolioCreated(Event, name="portfolio.created.v1", lifecycle=True):
    """A portfolio began; all its money is in one currency."""

    name: Line
    currency: Currency | None = None
    source: dict[str, Json] | None = None


class PolicySet(Decision, name="portfolio.policy_set.v1", lifecycle=True):
    """From now on the portfolio holds its decisions to this version of its policy, which is told whole."""

    version: Annotated[int, Field(ge=1)]
    policy: Policy
    preset: Slug | None = Field(default=None, exclude_if=is_absent)


class ComponentAdded(Decision, name="portfolio.component_added.v1", about={"component": "project"}, lifecycle=True):
    """A component joined the portfolio, at this place of its order."""

    component: Id
    order: Order
    source: dict[str, Json] | None = None


class ComponentRemoved(Decision, name="portfolio.component_removed.v1", about={"component": "project"}, lifecycle=True):
    """A component left the portfolio; its history stays."""

    component: Id
    source: dict[str, Json] | None = None


class ComponentRestored(
    Decision, name="portfolio.component_restored.v1", about={"component": "project"}, lifecycle=True
):
    """A removed component came back, to its old place if that is free."""

    component: Id
    order: Order
    source: dict[str, Json] | None = None


class SubsidiaryAdded(
    Decision, name="portfolio.subsidiary_added.v1", about={"subsidiary": "portfolio"}, lifecycle=True
):
    """Another portfolio belongs to this one."""

    subsidiary: Id


class SubsidiaryRemoved(
    Decision, name="portfolio.subsidiary_removed.v1", about={"subsidiary": "portfolio"}, lifecycle=True
):
    """It belongs to it no longer."""

    subsidiary: Id


class RankChanged(Decision, stream="portfolio", about={"component": "project"}, lifecycle=True):
    """A component got another place among the components of the portfolio."""

    why: Rationale
    component: Id
    from_rank: Annotated[int, Field(ge=1)]
    to_rank: Annotated[int, Field(ge=1)]
    order: Order


class ProjectReprioritized(RankChanged, name="project.reprioritized.v1"):
    """It went up."""


class ProjectDeprioritized(RankChanged, name="project.deprioritized.v1"):
    """It went down."""
