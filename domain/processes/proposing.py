"""A proposal gets its business case."""

from uuid import UUID

from domain.kernel.decide import Decide, Facts, Reading
from domain.project.case_commands import SetBusinessCase
from domain.project.project import Project
from domain.project.words import UNDER_WAY

STATES = ", ".join(UNDER_WAY).replace("_", " ")


def set_business_case(project_id: UUID, command: SetBusinessCase) -> Decide:
    """Another version of it holds, until the proposal is decided."""

    def decide(read: Reading) -> Facts:
        project = read(Project, project_id)
        project.must_be_in(UNDER_WAY, f"A business case needs a project in one of the states {STATES}")
        changed = project.intake.set_business_case(command)
        return [(project_id, changed)] if changed else []

    return decide
