"""Power cuts amid a list: begun again until it is done, every row is sold exactly once."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.training_file import training_passphrase
from tests.e2e.program import shop_of_today, tokentill
from tests.forked import ROOT
from tests.shops import HIGHVELD
from tests.tills import command, environment

ROWS = 60
CUTS = 4


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


@pytest.fixture
def purchases(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    lines = [f"{HIGHVELD},{20 + number}" for number in range(ROWS)]
    path.write_text("meter,amount\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def start(shop: Path, purchases: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command("bulk", str(purchases), "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment(TOKENTILL_SHOP=str(shop)),
    )


def heard(process: subprocess.Popen[bytes], rows: int) -> list[dict[str, str]]:
    """Return the first rows that the program told of."""
    assert process.stdout is not None
    return [json.loads(process.stdout.readline()) for _ in range(rows)]


def receipts(shop: Path) -> list[str]:
    listed = tokentill(shop, "sales", "--json").json()["sales"]
    return sorted(sale["receipt"] for sale in listed)


def test_a_list_survives_power_cuts(shop: Path, purchases: Path) -> None:
    told: set[str] = set()
    chance = random.Random(7)  # noqa: S311 - when to cut, no secret
    for _ in range(CUTS):
        process = start(shop, purchases)
        try:
            rows = heard(process, 4)
            time.sleep(chance.random() / 40)
        finally:
            process.kill()
            process.communicate()
        told |= {row["receipt"] for row in rows}
    ended = tokentill(shop, "bulk", str(purchases), "--json", "--result", str(shop / "r.csv"))
    assert ended.code == 0, ended.err
    results = ended.lines()
    assert [row["line"] for row in results] == list(range(2, ROWS + 2))
    sold = {row["receipt"] for row in results}
    assert len(sold) == ROWS
    assert told <= sold
    assert sorted(sold) == receipts(shop)
    tokens = [token for row in results for token in row["tokens"]]
    assert len(set(tokens)) == ROWS
    assert tokentill(shop, "bulk", str(purchases)).code == 1
    assert verify_shop(shop, training_passphrase()).fault is None


def test_an_interrupt_stops_after_the_row_under_way(shop: Path, purchases: Path) -> None:
    process = start(shop, purchases)
    heard(process, 3)
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    done = 3 + len(process.stdout.readlines())
    process.stdout.close()
    assert process.wait(60) == 1
    before = len(receipts(shop))
    assert done <= before <= done + 1 < ROWS
    again = tokentill(shop, "bulk", str(purchases), "--json").lines()
    assert [row["status"] for row in again].count("sold-before") == before
