"""A proposal is evaluated: under a version of a scoring model of a portfolio that holds it, by its scorers."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from domain.identity.person import Person
from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.refusal import Invalid
from domain.kernel.scoring import ModelVersion, ScoringModel
from domain.portfolio.portfolio import Portfolio
from domain.processes.policies import holders
from domain.project.commands import EvaluateProject
from domain.project.project import Project
from domain.project.words import THE_SCORING_MODEL


class Choice(NamedTuple):
    """A version of a scoring model, and the portfolio whose it is."""

    portfolio: Portfolio
    model: ModelVersion


def evaluate(project_id: UUID, command: EvaluateProject) -> Decide:
    """Evaluation starts under a scoring model of the portfolio, or the standard one if there is none."""

    def decide(read: Reading) -> Facts:
        project = read(Project, project_id)
        _must_be_persons(read, command.scorers)
        asked = asked_of(holders(read, project_id), command.portfolio)
        fitting = _fitting(asked, command)
        model = same_model(fitting).frozen() if fitting else _standard(command)
        owners = [choice.portfolio.id for choice in fitting] or [each.id for each in asked]
        return [(project_id, project.evaluate(command, model, owners[0] if len(owners) == 1 else None))]

    return decide


def asked_of(held_by: Sequence[Portfolio], named: UUID | None) -> Sequence[Portfolio]:
    """The portfolios whose models may be meant. Raises `Invalid` if the one that is named does not hold it."""
    asked = [each for each in held_by if named in (None, each.id)]
    if named and not asked:
        raise Invalid({"/portfolio": f"the portfolio {named} does not hold this component"})
    return asked


def versions_of(portfolios: Iterable[Portfolio], name: str, version: int | None, pointer: str) -> list[Choice]:
    """The version of each portfolio's model of a name, by default its newest.

    Raises `Invalid` for a name or a version that there is not, with those there are; `pointer` is that of the version.
    """
    every = [Choice(each, model) for each in portfolios for model in each.models.values()]
    found = [choice for choice in every if choice.model.name == name]
    if not found:
        known = ", ".join(dict.fromkeys(choice.model.name for choice in every))
        expected = (
            f"expected a scoring model of the portfolio: {known}" if known else "the portfolio has no scoring model"
        )
        raise Invalid({"/scoring_model": f"{expected}; got {name}"})
    newest = {choice.portfolio.id: choice.portfolio.newest(name) for choice in found}
    fitting = [each for each in found if each.model.version == (version or newest[each.portfolio.id])]
    if not fitting:
        known = ", ".join(str(number) for number in sorted({choice.model.version for choice in found}))
        raise Invalid({pointer: f"expected a version of {name}: {known}; got {version}"})
    return fitting


def same_model(choices: Sequence[Choice]) -> ModelVersion:
    """The model that all of these are. Raises `Invalid` if they are several."""
    models = list(dict.fromkeys(choice.model for choice in choices))
    if len(models) > 1:
        named = " and ".join(str(model.key) for model in models)
        raise Invalid({"/portfolio": f"several portfolios hold it and score by {named}; expected the one to score for"})
    return models[0]


def _fitting(asked: Sequence[Portfolio], command: EvaluateProject) -> Sequence[Choice]:
    """What the command may mean: the model it names, else those of the policies, else the only one there is."""
    version, pointer = command.scoring_model_version, "/scoring_model_version"
    if command.scoring_model:
        return versions_of(asked, command.scoring_model, version, pointer)
    if held := [Choice(each, model) for each in asked if (model := each.policy.scoring_model)]:
        return _of_policies(held, version, pointer)
    names = list(dict.fromkeys(key.name for each in asked for key in each.models))
    if len(names) > 1:
        raise Invalid({"/scoring_model": f"the policy names no scoring model; expected one of {', '.join(names)}"})
    return versions_of(asked, names[0], version, pointer) if names else []


def _of_policies(held: Sequence[Choice], version: int | None, pointer: str) -> Sequence[Choice]:
    fitting = [choice for choice in held if version in (None, choice.model.version)]
    if not fitting:
        models = dict.fromkeys(choice.model for choice in held)
        held_now = " or ".join(f"{model.version}, which is {model.name}" for model in models)
        raise Invalid({pointer: f"expected the version that the policy holds: {held_now}"})
    return fitting


def _standard(command: EvaluateProject) -> ScoringModel:
    return ScoringModel(name=THE_SCORING_MODEL, version=command.scoring_model_version or 1)


def _must_be_persons(read: Reading, scorers: Sequence[UUID]) -> None:
    for place, scorer in enumerate(scorers):
        read(Person, scorer, named_by=f"/scorers/{place}")
        if scorer in scorers[:place]:
            raise Invalid({f"/scorers/{place}": f"expected each scorer once; {scorer} comes twice"})
