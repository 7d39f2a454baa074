"""Whether a schema still allows, and reads alike, everything that an older one allowed.

What cannot be shown to be as wide as before counts as narrower: a stored fact stays for ever.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

ANYTHING: Schema = {}
SAY_NOTHING = {"$id", "$schema", "title", "description", "examples"}
COMPARED_APART = {"anyOf", "const", "default", "items", "properties", "required", "additionalProperties"}
LOWER_LIMITS = {"minLength", "minItems", "minimum", "exclusiveMinimum"}
UPPER_LIMITS = {"maxLength", "maxItems", "maximum", "exclusiveMaximum"}
MAY_GO = {"type", "enum", "pattern", "format"} | LOWER_LIMITS | UPPER_LIMITS


def breaks(old: Schema, new: Schema) -> list[str]:
    """In words, each way in which `new` refuses, or reads otherwise, what `old` allowed."""
    return list(_narrower(_inlined(old, old.get("$defs", {})), _inlined(new, new.get("$defs", {})), ""))


def _inlined(value: Any, definitions: Schema) -> Any:
    """The same without references."""
    if isinstance(value, list):
        return [_inlined(each, definitions) for each in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        beside = {keyword: each for keyword, each in value.items() if keyword != "$ref"}
        return _inlined({**definitions[value["$ref"].removeprefix("#/$defs/")], **beside}, definitions)
    return {keyword: _inlined(each, definitions) for keyword, each in value.items() if keyword != "$defs"}


def _narrower(old: Schema, new: Schema, at: str) -> Iterator[str]:
    if old == new:
        return
    if "default" in old and "default" in new and old["default"] != new["default"]:
        yield f"{at}: default went from {_told(old['default'])} to {_told(new['default'])}"
    for kind in _kinds(old):
        yield from _closest(kind, _kinds(new), at)


def _kinds(schema: Schema) -> list[Schema]:
    """What a value may be: several kinds if it may also be `null`; one word is a list of one."""
    kinds = schema.get("anyOf", [schema])
    return [{**kind, "enum": [kind["const"]]} if "const" in kind else kind for kind in kinds]


def _closest(kind: Schema, others: list[Schema], at: str) -> Iterator[str]:
    """What is refused of a kind by the other that is most like it; nothing if any allows all of it."""
    refusals = [list(_refused(kind, other, at)) for other in others]
    alike = [found for found, other in zip(refusals, others, strict=True) if other.get("type") == kind.get("type")]
    if [] not in refusals:
        yield from min(alike or refusals, key=len)


def _refused(old: Schema, new: Schema, at: str) -> Iterator[str]:
    keywords = {*old, *new} - SAY_NOTHING - COMPARED_APART
    narrower = sorted(keyword for keyword in keywords if _is_narrower(keyword, old, new))
    if "type" in narrower:
        narrower = ["type"]
    for keyword in narrower:
        yield f"{at or 'the message'}: {keyword} went from {_told(old.get(keyword))} to {_told(new.get(keyword))}"
    if "type" not in narrower:
        yield from _narrower(old.get("items", ANYTHING), new.get("items", ANYTHING), f"each of {at}")
        yield from _members(old, new, f"{at}." if at else "")


def _is_narrower(keyword: str, old: Schema, new: Schema) -> bool:
    """Whether the new value of a keyword refuses something."""
    before, after = old.get(keyword), new.get(keyword)
    if before == after:
        return False
    if after is None:
        return keyword not in MAY_GO
    if before is None:
        return True
    if keyword == "type":
        return (before, after) != ("integer", "number")
    if keyword == "enum":
        return not {*before} <= {*after}
    if keyword in LOWER_LIMITS:
        return bool(after > before)
    return keyword not in UPPER_LIMITS or bool(after < before)


def _members(old: Schema, new: Schema, at: str) -> Iterator[str]:
    before, after = old.get("properties", ANYTHING), new.get("properties", ANYTHING)
    for member in before:
        if member in after:
            yield from _narrower(before[member], after[member], at + member)
        else:
            yield f"{at}{member} was removed or renamed"
    for member in sorted({*new.get("required", ())} - {*old.get("required", ())}):
        yield f"{at}{member} is newly required"
    yield from _further_members(old, new, at)


def _further_members(old: Schema, new: Schema, at: str) -> Iterator[str]:
    """Members that the old schema allowed without naming them."""
    before, after = (schema.get("additionalProperties", True) for schema in (old, new))
    if before is False:
        return
    allowed = ANYTHING if before is True else before
    for member in {**new.get("properties", ANYTHING)}.keys() - old.get("properties", ANYTHING).keys():
        yield from _narrower(allowed, new["properties"][member], at + member)
    if after is False:
        yield f"{at}* is no longer allowed: members without a name in the schema"
    else:
        yield from _narrower(allowed, ANYTHING if after is True else after, f"{at}*")


def _told(value: Any) -> str:
    return "absent" if value is None else f"{value}"
