"""The catalogue of all facts: importing this module defines every one of them."""

from domain.choosing import events as choosing
from domain.choosing import scenario_events as scenarios
from domain.identity import events as identity
from domain.kernel.event import CATALOGUE, UPCASTERS, Event
from domain.portfolio import commit_events as portfolio_commits
from domain.portfolio import events as portfolio
from domain.portfolio import money_events as portfolio_money
from domain.portfolio import review_events as portfolio_reviews
from domain.portfolio import scoring_events as portfolio_scoring
from domain.project import benefit_events as project_benefits
from domain.project import case_events as project_case
from domain.project import events as project
from domain.project import money_events as project_money
from domain.project import plan_events as project_plan
from domain.project import register_events as project_register
from domain.project import request_events as project_requests
from domain.project import schedule_events as project_schedule
from domain.project import scoring_events as project_scoring
from domain.project import status_events as project_status
from domain.resources import events as resources
from domain.strategy import events as strategy

__all__ = [
    "CATALOGUE",
    "UPCASTERS",
    "Event",
    "choosing",
    "identity",
    "portfolio",
    "portfolio_commits",
    "portfolio_money",
    "portfolio_reviews",
    "portfolio_scoring",
    "project",
    "project_benefits",
    "project_case",
    "project_money",
    "project_plan",
    "project_register",
    "project_requests",
    "project_schedule",
    "project_scoring",
    "project_status",
    "resources",
    "scenarios",
    "strategy",
]
