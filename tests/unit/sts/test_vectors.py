"""Every published vector holds, one test each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pos_app.sts.conformance import check_vector, run

DATA = Path(__file__).parents[2] / "data" / "sts"
FILES = sorted(DATA.glob("*.json"))
VECTORS = [
    pytest.param(vector, id=f"{path.stem}:{vector['id']}")
    for path in FILES
    for vector in json.loads(path.read_text("utf-8"))["vectors"]
]


@pytest.mark.parametrize("vector", VECTORS)
def test_a_published_vector_holds_both_ways(vector: dict[str, object]) -> None:
    result = check_vector(vector, 1)
    assert result.got == result.expected


def test_the_files_hold_all_361_vectors_and_name_their_sources() -> None:
    reports = [run(path) for path in FILES]
    assert sum(report.passed for report in reports) == 361
    assert sum(report.failed for report in reports) == 0
    for path in FILES:
        content = json.loads(path.read_text("utf-8"))
        assert {vector["source"] for vector in content["vectors"]} == set(content["sources"])
