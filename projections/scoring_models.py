"""Queries about the scoring models of a portfolio: every version there was, and which is meant."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from domain.kernel.refusal import Invalid
from domain.kernel.scoring import ModelKey, ModelVersion
from projections.bounds import View
from projections.dated import Cell, value_of
from projections.journal import decisions_at
from projections.paging import Answer, Page, page_of
from projections.portfolio_board import MODEL, POLICY_MODEL, portfolios


class Model(NamedTuple):
    """A version of a scoring model as it was told, and the fact that told it."""

    said: ModelVersion
    told: dict[str, Any]
    cell: Cell

    @property
    def key(self) -> ModelKey:
        """Its name and version."""
        return self.said.key

    @property
    def order(self) -> tuple[int, int]:
        """When it was told, in the order of facts."""
        return self.cell[1], self.cell[2]

    @property
    def position(self) -> int:
        """Of the fact that told it."""
        return int(self.cell[2])


def models_of(view: View, portfolio: UUID) -> dict[ModelKey, Model]:
    """Every version of every model within the bounds, the newest first."""
    return models_in(portfolios.cells(view, [portfolio]).get(portfolio, {}))


def models_in(own: Mapping[str, Cell]) -> dict[ModelKey, Model]:
    """The same, of a portfolio's aspects."""
    found: dict[ModelKey, Model] = {}
    for prefix in (POLICY_MODEL, MODEL):  # what was set for itself goes before what a policy repeats
        for aspect, cell in own.items():
            if aspect.startswith(prefix):
                model = _model(cell)
                found[model.key] = model
    return {model.key: model for model in sorted(found.values(), key=lambda model: model.order, reverse=True)}


def asked_model(
    view: View, portfolio: UUID, own: Mapping[str, Cell], name: str | None, version: int | None
) -> Model | None:
    """The version of a model that is asked for: by default that of the policy, else the newest of all.

    `own` are the aspects of the portfolio. `None` if there is no model within the bounds. Raises `Invalid` for one
    that there never was, with those there are.
    """
    models = models_in(own)
    if name is None:
        default = _default(own) or next(iter(models), None)
        if default is None:
            return None
        name, version = default.name, version or default.version
    versions = [key.version for key in models if key.name == name]
    model = models.get(ModelKey(name, version or max(versions, default=0)))
    if model is None:
        _must_have_been(view, portfolio, name, version)
    return model


def _must_have_been(view: View, portfolio: UUID, name: str, version: int | None) -> None:
    """Raises `Invalid` unless the portfolio, whatever the bounds, ever had such a model."""
    every = portfolios.aspects(view, portfolio, (MODEL, POLICY_MODEL))
    parts = [aspect.split(":", 2) for aspect in every]
    keys = {ModelKey(called, int(number)) for _, number, called in parts}
    names, versions = sorted({key.name for key in keys}), sorted(key.version for key in keys if key.name == name)
    if not versions:
        known = f"expected one of {', '.join(names)}" if names else "the portfolio has no scoring model"
        raise Invalid({"query:scoring_model": f"{known}; got {name}"})
    if version and version not in versions:
        raise Invalid(
            {"query:version": f"expected a version of {name}: {', '.join(map(str, versions))}; got {version}"}
        )


def scoring_models(view: View, portfolio: UUID, page: Page) -> tuple[list[Answer], bool]:
    """One page of the versions of its models, the newest first, each with the decision that set it."""
    own = portfolios.cells(view, [portfolio]).get(portfolio, {})
    default = _default(own)
    shown, more = page_of(list(models_in(own).values()), page)
    decisions = decisions_at(view, {model.position for model in shown})
    return [
        {**told(model), "is_default": model.key == default, "decision": decisions.get(model.position)}
        for model in shown
    ], more


def _default(own: Mapping[str, Cell]) -> ModelKey | None:
    """The model that the policy holds new evaluations to."""
    policy = value_of(own, "policy")
    held = policy and policy["scoring_model"]
    return ModelKey(held["name"], held["version"]) if held else None


def told(model: Model) -> Answer:
    """A version of a model, and what it asks of a scorer."""
    return {**model.told, "asks": list(model.said.asks)}


def _model(cell: Cell) -> Model:
    told = cell[0]
    said = {member: value for member, value in told.items() if member != "consistency_ratio"}
    return Model(ModelVersion.model_validate(said), told, cell)
