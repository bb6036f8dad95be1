"""Sales from a shell with a printer that works, refuses, is silent or slow: sold all the same."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.loopback_printer import Printer, closed_door
from tests.e2e.program import Ran, shop_of_today, tokentill
from tests.shops import HIGHVELD

LONGEST_SECONDS = 20.0  # 15 s a slip, and the program's own start on a slow computer


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


@contextmanager
def printer(shop: Path, **habits: object) -> Iterator[Printer]:
    made = Printer(**habits)  # type: ignore[arg-type]
    set_up(shop, "tcp", f"127.0.0.1:{made.port}")
    try:
        yield made
    finally:
        made.close()


def set_up(shop: Path, transport: str, address: str) -> None:
    values = {"printer": {"transport": transport, "address": address}}
    (shop / "settings.json").write_text(json.dumps(values))


def sell(shop: Path) -> Ran:
    start = time.monotonic()
    ran = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "50", "--json")
    assert time.monotonic() - start < LONGEST_SECONDS
    assert (ran.code, ran.json()["total"]) == (0, "50.00")
    return ran


def slip_state(shop: Path) -> str:
    (row,) = tokentill(shop, "sales", "--json").json()["sales"]
    return str(row["slip"])


def assert_not_printed(shop: Path, ran: Ran) -> None:
    (sentence,) = ran.err.splitlines()
    assert sentence.startswith("The sale is done and safe; its slip is not printed: The printer")
    assert f"tokentill reprint {ran.json()['receipt']}" in sentence
    assert slip_state(shop) == "failed"


def test_a_healthy_printer_gets_the_token_and_says_that_it_is_done(shop: Path) -> None:
    with printer(shop) as paper:
        ran = sell(shop)
    assert ran.err == ""
    token = ran.json()["tokens"][0]["digits"]
    assert token[:4].encode() in paper.paper
    assert slip_state(shop) in {"printed", "sent"}


def test_a_printer_that_refuses_stops_nothing(shop: Path) -> None:
    with closed_door() as door:
        set_up(shop, "tcp", f"127.0.0.1:{door.getsockname()[1]}")
        assert_not_printed(shop, sell(shop))


def test_a_printer_that_takes_nothing_stops_nothing(shop: Path) -> None:
    values = {"mode": "raster", "transport": "tcp"}
    with printer(shop, reads=False) as deaf:
        address = {"address": f"127.0.0.1:{deaf.port}"}
        (shop / "settings.json").write_text(json.dumps({"printer": values | address}))
        assert_not_printed(shop, sell(shop))


def test_a_slow_printer_that_never_answers_gets_its_slip(shop: Path) -> None:
    with printer(shop, answers=False, pause=0.02) as slow:
        ran = sell(shop)
        token = ran.json()["tokens"][0]["digits"]
        assert slip_state(shop) == "sent"
    assert ran.err == ""
    assert token[-4:].encode() in slow.paper


def test_a_printer_that_is_a_file_gets_every_slip(shop: Path, tmp_path: Path) -> None:
    paper = tmp_path / "paper.bin"
    set_up(shop, "file", str(paper))
    ran = sell(shop)
    copy = tokentill(shop, "reprint", ran.json()["receipt"])
    assert (ran.err, copy.err) == ("", "")
    assert b"COPY 1" in paper.read_bytes()


def test_a_printer_that_is_nowhere_is_told(shop: Path, tmp_path: Path) -> None:
    set_up(shop, "file", str(tmp_path / "nowhere" / "lp0"))
    assert_not_printed(shop, sell(shop))
