"""Every read of the API, of all things there are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.rules import READS

WITHOUT_END = {"/events/stream"}
PARAMETERS = {"/portfolios/{portfolio_id}/diff": {"from": "2026-03-01", "to": "2026-03-02T09:10:00Z"}}


def every_read(things: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Path and parameters of each; `things` are ids by kind, that of a review is `<portfolio>/reviews/<review>`."""
    compared = {"id": [*things.get("scenario", ())][:2]}
    for path in READS:
        if path.endswith("/compare"):
            yield from [(path, compared)] if len(compared["id"]) > 1 else []
        elif path not in WITHOUT_END:
            named = re.findall(r"\{(\w+)_id\}", path)
            for thing in things.get(named[-1], ()) if named else [""]:
                yield re.sub(r"\{\w+\}(/reviews/\{\w+\})?", thing, path), PARAMETERS.get(path, {})
