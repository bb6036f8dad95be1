"""A small proven ledger, copied for each test that damages it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.exchange.chain import Head
from tests.ledger_makers import make_ledger, sell

SALES = 12


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Head, int]:
    """A ledger file at rest, its head and the number of its first sale."""
    ledger = make_ledger(tmp_path_factory.mktemp("model") / "shop")
    first = ledger.head().seq + 1
    for n in range(SALES):
        sell(ledger, drn=f"1400000000{n % 3}")
    head = ledger.head()
    ledger.close()
    return ledger.path, head, first


@pytest.fixture
def path(model: tuple[Path, Head, int], tmp_path: Path) -> Path:
    return Path(shutil.copy(model[0], tmp_path / "ledger.db"))


@pytest.fixture
def head(model: tuple[Path, Head, int]) -> Head:
    return model[1]


@pytest.fixture
def first(model: tuple[Path, Head, int]) -> int:
    return model[2]


@pytest.fixture
def clean_temp(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    temp = tmp_path_factory.mktemp("temp")
    monkeypatch.setattr("tempfile.tempdir", str(temp))
    yield
    assert list(temp.iterdir()) == []
