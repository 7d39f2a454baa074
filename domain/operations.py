"""Every command: its body, who may give it, and how it is decided. The one table of rights.

An operation is called `<collection>.<verb>`; the API makes one route of each.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from domain.choosing import scenario_commands as scenario
from domain.choosing.commands import RecordAnalysis
from domain.identity import commands as people
from domain.identity.person import Person
from domain.identity.words import Role as R
from domain.kernel.aggregate import Aggregate
from domain.kernel.decide import Occasion, change
from domain.kernel.event import Event
from domain.operation import DecideFor, Names, Operation
from domain.portfolio import commands as portfolio
from domain.portfolio import money_commands as portfolio_money
from domain.portfolio import review_commands as reviews
from domain.portfolio import scoring_commands as portfolio_scoring
from domain.portfolio.portfolio import Portfolio
from domain.processes import (
    affording,
    alignment,
    amounts,
    analysing,
    committing,
    dependencies,
    erasing,
    evaluating,
    granting,
    membership,
    money,
    planning,
    policies,
    premises,
    programs,
    proposing,
    reviewing,
    rulemaking,
    scenarios,
    scoring,
    staffing,
    status,
    subsidiaries,
)
from domain.processes.reprioritize import reprioritize
from domain.project import benefit_commands, parts, register_commands, schedule_commands
from domain.project import case_commands as project_case
from domain.project import commands as project
from domain.project import money_commands as project_money
from domain.project import plan_commands as project_plan
from domain.project import request_commands as requests
from domain.project import scoring_commands as project_scoring
from domain.project import status_commands as project_status
from domain.project.project import Project
from domain.resources import commands as resources
from domain.resources import parts as people_parts
from domain.resources.events import ResourceKind
from domain.resources.resource import Resource
from domain.strategy import commands as strategy
from domain.strategy.goal import Goal

A = TypeVar("A", bound=Aggregate)


def _on_project(decide: Callable[[Project, Any, Any], Any]) -> DecideFor:
    return lambda thing, command: change(Project, thing, decide, command)


def _on_portfolio(decide: Callable[[Portfolio, Any, Any], Any]) -> DecideFor:
    return lambda thing, command: change(Portfolio, thing, decide, command)


def _on_goal(decide: Callable[[Goal, Any, Any], Any]) -> DecideFor:
    return lambda thing, command: change(Goal, thing, decide, command)


def _new(aggregate: type[A], begin: Callable[[A, Any, Occasion], Event]) -> DecideFor:
    """Something begins that was not there before."""
    return lambda thing, command: lambda read: [(thing, begin(read.new(aggregate, thing), command, read.occasion))]


def _person_named(thing: UUID, command: resources.AddResource) -> Names:
    return {thing: command.name} if command.kind is ResourceKind.PERSON else {}


PORTFOLIO_SIDE = (R.PORTFOLIO_MANAGER, R.BOARD)
STAFFING = (R.RESOURCE_MANAGER, R.PORTFOLIO_MANAGER)
OWN_SIDE = (R.REQUESTER, R.SPONSOR)
FINANCE = (R.FINANCE_CONTROLLER,)
ADMINISTRATION = (R.ADMINISTRATOR,)
LEADING = (R.PROJECT_MANAGER, R.PROGRAM_MANAGER, R.PORTFOLIO_MANAGER)
TEAM = (*LEADING, R.TEAM_MEMBER)
SCORERS = (
    *PORTFOLIO_SIDE,
    *OWN_SIDE,
    R.PROJECT_MANAGER,
    R.PROGRAM_MANAGER,
    R.RESOURCE_MANAGER,
    *FINANCE,
    R.TEAM_MEMBER,
)
"""Of these the evaluation may name scorers; without any it is for the portfolio side alone."""

_ALL = (
    Operation("portfolios.create", portfolio.CreatePortfolio, _new(Portfolio, Portfolio.create), PORTFOLIO_SIDE),
    Operation("portfolios.add-component", portfolio.AddComponent, membership.add, PORTFOLIO_SIDE),
    Operation("portfolios.add-subsidiary", portfolio.AddSubsidiary, subsidiaries.add, PORTFOLIO_SIDE),
    Operation("portfolios.remove-subsidiary", portfolio.RemoveSubsidiary, subsidiaries.remove, PORTFOLIO_SIDE),
    Operation(
        "portfolios.remove-component",
        portfolio.RemoveComponent,
        _on_portfolio(Portfolio.remove_component),
        PORTFOLIO_SIDE,
    ),
    Operation(
        "portfolios.restore-component",
        portfolio.RestoreComponent,
        membership.restore,
        PORTFOLIO_SIDE,
    ),
    Operation(
        "portfolios.set-budget",
        portfolio_money.SetBudget,
        _on_portfolio(Portfolio.set_budget),
        (*PORTFOLIO_SIDE, *FINANCE),
    ),
    Operation("portfolios.set-rate", portfolio_money.SetRate, _on_portfolio(Portfolio.set_rate), FINANCE),
    Operation(
        "portfolios.set-policy",
        portfolio.SetPolicy,
        rulemaking.set_policy,
        (*PORTFOLIO_SIDE, R.ADMINISTRATOR),
    ),
    Operation("portfolios.set-scoring-model", portfolio_scoring.SetScoringModel, scoring.set_model, PORTFOLIO_SIDE),
    Operation("portfolios.open-review", reviews.OpenReview, reviewing.open_review, PORTFOLIO_SIDE),
    Operation("portfolios.close-review", reviews.CloseReview, reviewing.close_review, PORTFOLIO_SIDE),
    Operation(
        "projects.create",
        project.DraftProject,
        membership.draft,
        (*OWN_SIDE, R.PROJECT_MANAGER, R.PORTFOLIO_MANAGER),
    ),
    Operation(
        "projects.set-business-case",
        project_case.SetBusinessCase,
        proposing.set_business_case,
        (*OWN_SIDE, R.PROJECT_MANAGER),
    ),
    Operation("projects.submit", project.SubmitProject, _on_project(Project.submit), OWN_SIDE),
    Operation("projects.withdraw", project.WithdrawProject, _on_project(Project.withdraw), OWN_SIDE),
    Operation("projects.evaluate", project.EvaluateProject, evaluating.evaluate, (R.PORTFOLIO_MANAGER,)),
    Operation("projects.score", project_scoring.ScoreProject, scoring.score, SCORERS),
    Operation("projects.override-score", project_scoring.OverrideScore, scoring.override, (R.PORTFOLIO_MANAGER,)),
    Operation("projects.recycle", project.RecycleProject, _on_project(Project.recycle), PORTFOLIO_SIDE),
    Operation("projects.reject", project.RejectProject, _on_project(Project.reject), (R.BOARD,)),
    Operation("projects.defer", project.DeferProject, _on_project(Project.defer), PORTFOLIO_SIDE),
    Operation("projects.select", project.SelectProject, affording.select, (R.PORTFOLIO_MANAGER,)),
    Operation("projects.deselect", project.DeselectProject, _on_project(Project.deselect), PORTFOLIO_SIDE),
    Operation("projects.authorize", project.AuthorizeProject, _on_project(Project.authorize), (R.BOARD,)),
    Operation(
        "projects.activate",
        project.ActivateProject,
        _on_project(Project.activate),
        (R.PORTFOLIO_MANAGER, R.PROJECT_MANAGER),
    ),
    Operation(
        "projects.rebaseline", project_plan.RebaselineProject, planning.rebaseline, (R.BOARD, R.PORTFOLIO_MANAGER)
    ),
    Operation("projects.pause", project.PauseProject, staffing.pause, (R.PORTFOLIO_MANAGER,)),
    Operation("projects.resume", project.ResumeProject, _on_project(Project.resume), (R.PORTFOLIO_MANAGER,)),
    Operation("projects.complete", project.CompleteProject, staffing.complete, (R.SPONSOR,)),
    Operation("projects.close", project.CloseProject, _on_project(Project.close), (R.SPONSOR, R.PORTFOLIO_MANAGER)),
    Operation("projects.cancel", project.CancelProject, staffing.cancel, (R.BOARD,)),
    Operation("projects.reopen", project.ReopenProject, _on_project(Project.reopen), (R.BOARD,)),
    Operation(
        "projects.reprioritize",
        project.ReprioritizeProject,
        reprioritize,
        PORTFOLIO_SIDE,
        receipt_member="portfolio",
    ),
    Operation(
        "projects.status-updates",
        project_status.ReportStatus,
        status.report,
        (R.PROJECT_MANAGER, R.PORTFOLIO_MANAGER),
    ),
    Operation("projects.set-cadence", project_status.SetCadence, status.set_cadence, PORTFOLIO_SIDE),
    Operation(
        "projects.revise",
        project.ReviseProject,
        _on_project(Project.revise),
        (*OWN_SIDE, R.PROJECT_MANAGER, R.PORTFOLIO_MANAGER),
    ),
    Operation("projects.move", project.MoveProject, programs.move, (R.PORTFOLIO_MANAGER, R.PROGRAM_MANAGER)),
    Operation("projects.set-forecast", project_money.SetForecast, money.set_forecast, (*FINANCE, R.PROJECT_MANAGER)),
    Operation("projects.approve-forecast", project_money.ApproveForecast, money.approve_forecast, (*FINANCE, R.BOARD)),
    Operation(
        "projects.withdraw-forecast",
        project_money.WithdrawForecast,
        money.withdraw_forecast,
        (*FINANCE, R.PROJECT_MANAGER, R.BOARD),
    ),
    Operation("projects.record-actuals", project_money.RecordActuals, money.record_actuals, FINANCE),
    Operation("projects.record-commitments", project_money.RecordCommitments, money.record_commitments, FINANCE),
    Operation("projects.record-risk", register_commands.RecordRisk, parts.record_risk, TEAM),
    Operation("projects.revise-risk", register_commands.ReviseRisk, parts.revise_risk, LEADING),
    Operation("projects.close-risk", register_commands.CloseRisk, parts.close_risk, LEADING),
    Operation("projects.record-issue", register_commands.RecordIssue, parts.record_issue, TEAM),
    Operation("projects.revise-issue", register_commands.ReviseIssue, parts.revise_issue, LEADING),
    Operation("projects.close-issue", register_commands.CloseIssue, parts.close_issue, LEADING),
    Operation("projects.set-milestone", schedule_commands.SetMilestone, parts.set_milestone, LEADING),
    Operation("projects.drop-milestone", schedule_commands.DropMilestone, parts.drop_milestone, LEADING),
    Operation("projects.add-dependency", schedule_commands.AddDependency, dependencies.add, LEADING),
    Operation("projects.remove-dependency", schedule_commands.RemoveDependency, parts.remove_dependency, LEADING),
    Operation("projects.plan-benefit", benefit_commands.PlanBenefit, parts.plan_benefit, (R.SPONSOR, *LEADING)),
    Operation("projects.record-benefit", benefit_commands.RecordBenefit, parts.record_benefit, (R.SPONSOR, *LEADING)),
    Operation(
        "projects.review-benefit",
        benefit_commands.ReviewBenefit,
        parts.review_benefit,
        (R.SPONSOR, R.PORTFOLIO_MANAGER),
    ),
    Operation("projects.request-resource", requests.RequestResource, parts.request_resource, LEADING),
    Operation("projects.withdraw-request", requests.WithdrawRequest, parts.withdraw_request, LEADING),
    Operation("projects.decline-request", requests.DeclineRequest, parts.decline_request, STAFFING),
    Operation("goals.create", strategy.CreateGoal, alignment.create, PORTFOLIO_SIDE),
    Operation("goals.set-key-result", strategy.SetKeyResult, _on_goal(Goal.set_key_result), PORTFOLIO_SIDE),
    Operation(
        "goals.record-progress",
        strategy.RecordProgress,
        _on_goal(Goal.record_progress),
        (*PORTFOLIO_SIDE, R.PROGRAM_MANAGER, R.PROJECT_MANAGER),
        through="project",
    ),
    Operation("goals.link", strategy.LinkGoal, alignment.link, PORTFOLIO_SIDE),
    Operation("goals.unlink", strategy.UnlinkGoal, _on_goal(Goal.unlink), PORTFOLIO_SIDE),
    Operation("goals.retire", strategy.RetireGoal, _on_goal(Goal.retire), PORTFOLIO_SIDE),
    Operation("resources.create", resources.AddResource, _new(Resource, Resource.add), STAFFING, names=_person_named),
    Operation("resources.set-capacity", resources.SetCapacity, people_parts.set_capacity, STAFFING),
    Operation("resources.record-absence", resources.RecordAbsence, people_parts.record_absence, STAFFING),
    Operation("resources.cancel-absence", resources.CancelAbsence, people_parts.cancel_absence, STAFFING),
    Operation("resources.set-skills", resources.SetSkills, people_parts.set_skills, STAFFING),
    Operation("resources.set-role", resources.SetRole, people_parts.set_role, STAFFING),
    Operation("resources.set-members", resources.SetMembers, staffing.set_members, STAFFING),
    Operation("resources.depart", resources.Depart, staffing.depart, STAFFING),
    Operation("resources.assign", resources.AssignResource, staffing.assign, STAFFING),
    Operation("resources.reassign", resources.ReassignResource, staffing.reassign, STAFFING),
    Operation("resources.release", resources.ReleaseResource, staffing.release, STAFFING),
    Operation(
        "people.create",
        people.CreatePerson,
        _new(Person, Person.add),
        ADMINISTRATION,
        names=lambda person, command: {person: command.name},
    ),
    Operation("people.grant-role", people.GrantRole, granting.grant, ADMINISTRATION),
    Operation("people.revoke-role", people.RevokeRole, granting.revoke, ADMINISTRATION),
    Operation(
        "people.erase", people.ErasePerson, erasing.erase, ADMINISTRATION, names=lambda person, _: {person: None}
    ),
    Operation("analyses.create", RecordAnalysis, analysing.record, (*PORTFOLIO_SIDE, *FINANCE, R.PROJECT_MANAGER)),
    Operation("scenarios.create", scenario.CreateScenario, scenarios.create, PORTFOLIO_SIDE),
    Operation("scenarios.edit", scenario.EditScenario, scenarios.edit, (*PORTFOLIO_SIDE, *FINANCE)),
    Operation("scenarios.force-in", scenario.ForceIn, scenarios.force_in, PORTFOLIO_SIDE),
    Operation("scenarios.force-out", scenario.ForceOut, scenarios.force_out, PORTFOLIO_SIDE),
    Operation("scenarios.unforce", scenario.Unforce, scenarios.unforce, PORTFOLIO_SIDE),
    Operation("scenarios.solve", scenario.SolveScenario, scenarios.solve, PORTFOLIO_SIDE),
    Operation("scenarios.commit", scenario.CommitScenario, committing.commit, PORTFOLIO_SIDE),
)


def _held_to_policy(operation: Operation) -> Operation:
    """The same operation; a move or a change of money asks the policies of the portfolios that hold the component."""
    if operation.collection != "projects" or operation.verb not in rulemaking.GATED:
        return operation
    return replace(operation, decide=policies.held(operation.verb, amounts.weighed(operation.decide)))


def _on_its_premises(operation: Operation) -> Operation:
    """The same operation; what its premises name has to be there."""
    return replace(operation, decide=premises.on_what_is_there(operation.decide))


OPERATIONS: Mapping[str, Operation] = {
    operation.name: _on_its_premises(_held_to_policy(operation)) for operation in _ALL
}

READERS: Mapping[str, tuple[R, ...]] = {
    "read": tuple(R),
    "feed": (R.AUDITOR, R.INTEGRATION, R.PORTFOLIO_MANAGER, R.BOARD, R.EXECUTIVE, R.ADMINISTRATOR),
    "access": (R.AUDITOR, R.ADMINISTRATOR),
}
"""Who may read: `read` is every ordinary view, `feed` is every fact (the feed and the audit trail), `access` is what
others may do. The routes of each are in `api/rules.py`."""
