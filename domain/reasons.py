"""All reason codes by verb, from every slice. A verb that is not here takes any code: its text says what changed."""

from collections.abc import Mapping

from domain.kernel.verdicts import Why
from domain.portfolio.policy import RANK_CODES
from domain.project.words import REASON_CODES
from domain.resources.words import REASSIGN_CODES

CODES: Mapping[str, tuple[str, ...]] = {**REASON_CODES, "reprioritize": RANK_CODES, "reassign": REASSIGN_CODES}
"""`override` is what lets a component into a state that is full."""
EVERY_CODE = sorted({*(code for codes in CODES.values() for code in codes), *Why, "imported", "other"})
