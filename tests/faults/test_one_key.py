"""A client that loses its patience and sends the same command 32 times at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from httpx2 import Response

from tests.faults.serving import prepared, serving
from whyfolio.settings import Settings

PARALLEL = 32


def test_32_requests_with_one_key_are_one_fact_and_32_equal_answers(settings: Settings, tmp_path: Path) -> None:
    key, together = prepared(settings.database_url), Barrier(PARALLEL)
    with serving(settings.database_url, key, tmp_path) as server, ThreadPoolExecutor(PARALLEL) as pool:

        def found(_: int) -> Response:
            together.wait()
            return server.api.post("/portfolios", json={"name": "Harbour"}, headers={"Idempotency-Key": "once"})

        answers = list(pool.map(found, range(PARALLEL)))
        told = {(answer.status_code, answer.content, answer.headers["ETag"]) for answer in answers}
        recorded = [fact for fact in server.facts() if fact["name"] == "portfolio.created.v1"]
    assert [(status, etag) for status, _, etag in told] == [(201, '"1"')]
    assert [(fact["stream_id"], fact["position"]) for fact in recorded] == [
        (answers[0].json()["id"], answers[0].json()["position"])
    ]
