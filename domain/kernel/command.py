"""What every command may carry."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from domain.kernel.rationale import GivenRationale
from domain.kernel.types import Instant, Strictly


class Given(Strictly):
    """A command: when it happened, and what its author had looked at.

    The class argument `names` maps members that name other things to the kind of thing.
    """

    named: ClassVar[Mapping[str, str]] = {}

    occurred_at: Instant | None = None
    inputs_position: Annotated[int, Field(ge=0)] | None = None

    def __init_subclass__(cls, names: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.named = names or cls.named


class Reasoned(Given):
    """A command that is a decision."""

    rationale: GivenRationale


class Entering(Given):
    """A command that brings a component into a state, which a portfolio may limit; `override` = why in spite of it."""

    override: GivenRationale | None = None
