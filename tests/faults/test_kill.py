"""Kill the program at any instant: no token without its sale, no sale without its token.

``TOKENTILL_KILLS`` says how often (20 in the short form, 500 before a release).
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import threading
import time
from pathlib import Path

import pytest

from pos_app.bootstrap.training import create_training_shop, example_meters
from tests.forked import ROOT
from tests.tills import Books, books_of, command, environment, run

KILLS = int(os.environ.get("TOKENTILL_KILLS", "20"))
METERS = 50
CHECK_EVERY = 5 if KILLS <= 20 else 25
EXAMPLES = example_meters()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    create_training_shop(tmp_path / "shop", METERS)
    return tmp_path / "shop"


def orders(chance: random.Random, prefix: str, count: int = 4000) -> str:
    lines = []
    for number in range(count):
        drn = chance.choice(EXAMPLES)
        amount = {EXAMPLES[1]: "5000", EXAMPLES[2]: "10000"}.get(drn, "50")
        lines.append(json.dumps({"meter": drn, "amount": amount, "id": f"{prefix}-{number}"}))
    return "\n".join(lines) + "\n"


class Till:
    """One run of ``sell --stream`` and what it acknowledged."""

    def __init__(self, shop: Path, say: str) -> None:
        self.process = subprocess.Popen(
            command("sell", "--stream", "--shop", str(shop)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment(),
        )
        self.lines: list[bytes] = []
        self.first = threading.Event()
        self._threads = (
            threading.Thread(target=self._say, args=(say.encode(),)),
            threading.Thread(target=self._hear),
        )
        for thread in self._threads:
            thread.start()

    def _say(self, text: bytes) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(text)
            self.process.stdin.close()
        except BrokenPipeError:
            return

    def _hear(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            self.first.set()
        self.first.set()

    def kill(self) -> list[str]:
        """Kill it; return the ids of the sales it acknowledged before."""
        self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None and not stream.closed:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue
        whole = [line for line in self.lines if line.endswith(b"\n")]
        return [json.loads(line)["sale_id"] for line in whole]


@pytest.mark.timeout(120 + 10 * KILLS)
def test_no_kill_loses_or_doubles_anything(shop: Path) -> None:
    chance = random.Random(62055)  # noqa: S311 - any seed will do
    acknowledged: list[str] = []
    for number in range(KILLS):
        till = Till(shop, orders(chance, f"kill{number}"))
        # Half of the kills hit the start-up or the first sale, half a stream of sales.
        if number % 2:
            assert till.first.wait(60)
            time.sleep(chance.random() * 0.25)
        else:
            time.sleep(0.2 + chance.random() * 0.8)
        acknowledged += till.kill()
        if number % CHECK_EVERY == CHECK_EVERY - 1:
            verify_promises(books_of(shop), acknowledged)
    verify_promises(books_of(shop), acknowledged)
    assert len(acknowledged) > KILLS
    assert run("journal", "verify", "--shop", str(shop)).returncode == 0


def verify_promises(books: Books, acknowledged: list[str]) -> None:
    assert books.broken_promises() == []
    assert set(acknowledged) <= books.sale_ids
    # A kill may fall between the commit and the line that says so: one sale each at most.
    assert len(books.sales) <= len(acknowledged) + KILLS


def test_what_looks_for_broken_promises_sees_them(shop: Path) -> None:
    """The negative control: a till that was tampered with must not pass."""
    say = orders(random.Random(1), "control", 4)  # noqa: S311 - any seed will do
    assert run("sell", "--stream", "--shop", str(shop), say=say).returncode == 0
    books = books_of(shop)
    assert books.broken_promises() == []
    assert len(books.sales) == 4
    lost = Books(books.fault, books.sales[:-2] + books.sales[-1:], books.tokens, 4, 4)
    assert len(lost.broken_promises()) == 3
    twice = Books(books.fault, [*books.sales, books.sales[-1]], books.tokens, 4, 4)
    assert len(twice.broken_promises()) == 4


def test_orders_repeated_after_a_kill_sell_nothing_twice(shop: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - any seed will do
    say = orders(chance, "again", 30)
    till = Till(shop, say)
    assert till.first.wait(60)
    till.kill()
    again = run("sell", "--stream", "--shop", str(shop), say=say)
    assert again.returncode == 0
    sold = [json.loads(line) for line in again.stdout.splitlines()]
    assert [sale["sale_id"] for sale in sold] == [f"again-{number}" for number in range(30)]
    books = books_of(shop)
    assert books.broken_promises() == []
    assert len(books.sales) == 30


def test_a_second_till_on_one_shop_is_refused_in_a_sentence(shop: Path) -> None:
    till = Till(shop, orders(random.Random(3), "first", 4000))  # noqa: S311 - any seed will do
    assert till.first.wait(60)
    second = run("sell", "--meter", EXAMPLES[0], "--amount", "50", "--shop", str(shop))
    till.kill()
    assert second.returncode == 1
    assert second.stdout == ""
    assert "already open" in second.stderr
    assert "Traceback" not in second.stderr
