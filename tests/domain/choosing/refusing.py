"""What a bad input gets: a sentence at the pointer of the member."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from domain.kernel.refusal import Invalid


def refused(compute: Callable[[Any], Any], model: type[BaseModel], given: Any, pointer: str, *words: str) -> None:
    """The analysis is refused at this pointer, in a sentence with these words."""
    with pytest.raises((Invalid, ValidationError)) as caught:
        compute(model.model_validate(given))
    errors = (
        caught.value.errors
        if isinstance(caught.value, Invalid)
        else {"/" + "/".join(map(str, each["loc"])): each["msg"] for each in caught.value.errors()}
    )
    assert pointer in errors, errors
    for word in words:
        assert word in errors[pointer]
