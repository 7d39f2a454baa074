"""Commands on components: one route a verb of the lifecycle."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from api.desk import DeskOf, ReceiptAnswer
from api.identity import Thing
from domain.kernel.decide import Decide, change
from domain.processes import membership, staffing
from domain.processes.reprioritize import reprioritize
from domain.project import commands as c
from domain.project.project import Project

router = APIRouter(prefix="/projects", tags=["projects"])


@router.post("", status_code=201)
def draft_project(command: c.DraftProject, desk: DeskOf) -> ReceiptAnswer:
    """Propose a component; with `portfolio` it joins that portfolio, last in rank."""
    project_id = desk.context.new_id()
    things = [Thing("portfolio", command.portfolio, "/portfolio")] if command.portfolio else []
    return desk.record("projects.create", project_id, membership.draft(project_id, command), command, things)


@router.post("/{project_id}/reprioritize")
def reprioritize_project(project_id: UUID, command: c.ReprioritizeProject, desk: DeskOf) -> ReceiptAnswer:
    """Give it another rank in a portfolio; the receipt and If-Match are those of the portfolio."""
    things = [Thing("project", project_id), Thing("portfolio", command.portfolio, "/portfolio")]
    return desk.record("projects.reprioritize", command.portfolio, reprioritize(project_id, command), command, things)


def _alone(decide: Callable[..., Any]) -> Callable[[UUID, Any], Decide]:
    return lambda project_id, command: change(Project, project_id, decide, command)


def _verb(verb: str, body: type[BaseModel], decide: Callable[[UUID, Any], Decide], summary: str) -> None:
    def endpoint(project_id: UUID, command: Any, desk: Any) -> ReceiptAnswer:
        things = [Thing("project", project_id)]
        return desk.record(f"projects.{verb}", project_id, decide(project_id, command), command, things)

    endpoint.__annotations__.update(command=body, desk=DeskOf)
    endpoint.__doc__ = summary
    router.add_api_route(f"/{{project_id}}/{verb}", endpoint, methods=["POST"], name=f"{verb}_project")


for _name, _body, _decide, _summary in (
    ("submit", c.SubmitProject, _alone(Project.submit), "Hand the proposal in."),
    ("evaluate", c.EvaluateProject, _alone(Project.evaluate), "Start evaluation."),
    ("recycle", c.RecycleProject, _alone(Project.recycle), "Send the proposal back with what to fix."),
    ("withdraw", c.Reasoned, _alone(Project.withdraw), "Take the proposal back."),
    ("reject", c.Reasoned, _alone(Project.reject), "Turn it down."),
    ("defer", c.DeferProject, _alone(Project.defer), "Put it off until a review date."),
    ("select", c.Reasoned, _alone(Project.select), "Choose it."),
    ("deselect", c.Reasoned, _alone(Project.deselect), "Take the choice back."),
    ("authorize", c.AuthorizeProject, _alone(Project.authorize), "Release the budget (four eyes)."),
    ("activate", c.ActivateProject, _alone(Project.activate), "Begin work."),
    ("pause", c.PauseProject, staffing.pause, "Stop work for a while."),
    ("resume", c.ResumeProject, _alone(Project.resume), "Go on with work."),
    ("complete", c.CompleteProject, _alone(Project.complete), "Accept the outcome."),
    ("close", c.Reasoned, _alone(Project.close), "Shut the books."),
    ("cancel", c.CancelProject, staffing.cancel, "Stop it for good."),
    ("reopen", c.ReopenProject, _alone(Project.reopen), "Bring it back because something is new."),
    ("status-updates", c.ReportStatus, _alone(Project.report_status), "Say how it is doing."),
    ("revise", c.ReviseProject, _alone(Project.revise), "Set name, key, owner or sponsor anew."),
):
    _verb(_name, _body, _decide, _summary)
