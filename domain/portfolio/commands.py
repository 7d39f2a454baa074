"""What may be asked of a portfolio; each class is the body of one route."""

from domain.kernel.command import Entering, Given, Reasoned
from domain.kernel.money import Currency
from domain.kernel.rationale import GivenRationale
from domain.kernel.types import Id, Line, Slug
from domain.portfolio.policy import Policy


class CreatePortfolio(Given):
    """Begin a portfolio. `currency` is that of all its sums."""

    name: Line
    currency: Currency | None = None
    rationale: GivenRationale | None = None


class SetPolicy(Policy, Reasoned):
    """Set rules of the portfolio anew; what is left out stays, `null` takes a rule away.

    With `preset` it takes over the rules of one of `GET /policy-presets`; those given here go before them.
    """

    preset: Slug | None = None


class AddComponent(Entering, Reasoned, names={"component": "project"}):
    """Let a component join, last in rank."""

    component: Id


class AddSubsidiary(Reasoned, names={"subsidiary": "portfolio"}):
    """Let another portfolio belong to this one."""

    subsidiary: Id


class RemoveSubsidiary(Reasoned, names={"subsidiary": "portfolio"}):
    """Let a portfolio belong to this one no longer."""

    subsidiary: Id


class RemoveComponent(Reasoned, names={"component": "project"}):
    """Let a component leave; its history stays."""

    component: Id


class RestoreComponent(Entering, Reasoned, names={"component": "project"}):
    """Bring a removed component back."""

    component: Id
