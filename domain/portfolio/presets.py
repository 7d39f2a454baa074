"""Policies to begin with, by line of business; each is a file in `policies`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from domain.kernel.refusal import Invalid
from domain.kernel.types import Json, Line, Prose, Slug, Strictly
from domain.portfolio.policy import Policy

FOLDER = Path(__file__).parent / "policies"


class Preset(Strictly):
    """Rules that a portfolio may take over; sums of money get its currency."""

    name: Slug
    title: Line
    description: Prose
    rules: dict[str, Json]

    def policy(self, currency: str | None) -> Policy:
        """The rules as a policy. Raises `Invalid` for sums of money without a currency to be in."""
        return Policy.model_validate({rule: _priced(value, currency) for rule, value in self.rules.items()})


@cache
def presets() -> Mapping[str, Preset]:
    """Every preset by its name."""
    files = sorted(FOLDER.glob("*.toml"))
    return {file.stem: Preset(name=file.stem, **tomllib.loads(file.read_text("utf-8"))) for file in files}


def preset(name: str) -> Preset:
    """The preset of a name. Raises `Invalid` for any other."""
    if name not in presets():
        raise Invalid({"/preset": f"expected one of {', '.join(presets())}; got {name}"})
    return presets()[name]


def _priced(value: Any, currency: str | None) -> Any:
    if not isinstance(value, dict) or "amount" not in value:
        return value
    if currency is None:
        raise Invalid({"/preset": "it sets a sum of money; a portfolio that is created with a currency can take it"})
    return {**value, "currency": currency}
