"""A component waits for another one, and never for itself."""

from collections.abc import Mapping
from uuid import UUID

from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.refusal import Circular
from domain.project.project import Project
from domain.project.schedule_commands import AddDependency


def add(project_id: UUID, command: AddDependency) -> Decide:
    """A live component needs another one, unless that one needs it, over however many steps."""

    def decide(read: Reading) -> Facts:
        project = read(Project, project_id)
        project.must_be_live("A dependency")
        needed = read(Project, command.depends_on, named_by="/depends_on")
        _must_not_need(read, needed, project)
        return [(project_id, project.outlook.needs.add(command, read.occasion))]

    return decide


def _must_not_need(read: Reading, needed: Project, project: Project) -> None:
    """Raises `Circular`, naming the cycle, if `needed` is the project or needs it.

    Every component on the way is read, so that one that gets a need meanwhile is decided upon anew.
    """
    way: dict[UUID, Project | None] = {needed.id: None}
    ahead = [needed]
    for each in ahead:
        if each.id == project.id:
            raise _cycle(project, each, way)
        for further in sorted(each.outlook.needs.on):
            if further not in way:
                way[further] = each
                ahead.append(read(Project, further))


def _cycle(project: Project, last: Project, way: Mapping[UUID, Project | None]) -> Circular:
    found: list[Project] = [last]
    while before := way[found[0].id]:
        found.insert(0, before)
    return Circular(
        "A component cannot wait for itself",
        [(each.id, each.values.get("name")) for each in (project, *found)],
        "needs",
        "Another one is possible, or remove one of these dependencies.",
    )
