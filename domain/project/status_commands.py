"""What may be asked about the status of a component; each class is the body of one route."""

from domain.kernel.command import Given, Reasoned
from domain.kernel.rationale import GivenRationale
from domain.kernel.types import Cadence, Id, Prose
from domain.project.words import HealthWord


class ReportStatus(Given):
    """Say how it is doing; at risk and off track need a path to green.

    What is published stays as it is: a later update corrects it, which names it in `supersedes`.
    """

    overall: HealthWord
    schedule: HealthWord | None = None
    cost: HealthWord | None = None
    scope: HealthWord | None = None
    resource: HealthWord | None = None
    text: Prose
    path_to_green: Prose | None = None
    supersedes: Id | None = None
    rationale: GivenRationale | None = None


class SetCadence(Reasoned):
    """Ask for its status every `cadence_days`, whatever portfolios say; with `null` as often as these say."""

    cadence_days: Cadence | None
