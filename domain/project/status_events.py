"""The facts of reporting: what a status update freezes, and how often one is asked for."""

from domain.kernel.event import Decision
from domain.kernel.money import Money
from domain.kernel.types import Cadence, Day, Strictly
from domain.project.plan_events import Baseline


class Figures(Strictly):
    """What was known of a component when its status was reported; `null` = nobody had said, or it could not be told."""

    budget: Money | None = None
    forecast: Money | None = None
    actual: Money | None = None
    finish: Day | None = None
    baseline: Baseline | None = None


class CadenceSet(Decision, name="project.cadence_set.v1"):
    """From now on its status is asked for every so many days; `null` = as often as the portfolios that hold it say."""

    cadence_days: Cadence | None
