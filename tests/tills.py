"""Tills as programs of their own: started, talked to, killed, looked at afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import open_shop
from pos_app.bootstrap.training_file import training_passphrase
from tests.forked import run_forked


def command(*words: str) -> list[str]:
    """Return the words that start the program."""
    return [sys.executable, "-m", "pos_app", *words]


def environment(**more: str) -> dict[str, str]:
    """Return an environment without a shop of the user's and without a display."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TOKENTILL")}
    return kept | {"QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"} | more


def run(*words: str, say: str = "", passphrase: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    secret = {"TOKENTILL_PASSPHRASE": passphrase} if passphrase else {}
    ended = run_forked(words, say.encode(), environment(**secret), 120)
    return subprocess.CompletedProcess(
        words, ended.returncode, ended.stdout.decode(), ended.stderr.decode()
    )


@dataclass(frozen=True)
class Books:
    """What the ledger of a shop says, read after its program ended."""

    fault: object
    sales: list[dict[str, Any]]
    tokens: list[tuple[str, int, int]]
    rows: int
    slips: int

    @property
    def sale_ids(self) -> set[str]:
        return {sale["sale_id"] for sale in self.sales}

    def broken_promises(self) -> list[str]:
        """Return what a ledger must never show: see design, P1 and P2."""
        wrong = []
        if self.fault is not None:
            wrong.append(f"journal: {self.fault}")
        numbers = [sale["number"] for sale in self.sales]
        if numbers != list(range(1, len(numbers) + 1)):
            wrong.append(f"receipts: {numbers[-5:]}")
        made = [
            (sale["meter"]["drn"], token["minute"])
            for sale in self.sales
            for token in sale["tokens"]
        ]
        twice = [place for place, times in Counter(made).items() if times > 1]
        if twice:
            wrong.append(f"TID twice: {twice[:3]}")
        if sorted(made) != sorted((drn, minute) for drn, minute, _ in self.tokens):
            wrong.append("tokens and sales do not go one to one")
        if not len(self.sales) == len(self.sale_ids) == self.rows == self.slips:
            wrong.append(f"{len(self.sales)} sales, {self.rows} rows, {self.slips} slips")
        return wrong


def books_of(folder: Path) -> Books:
    """Open a shop as the next program does, read everything, prove everything."""
    passphrase = training_passphrase()
    fault = verify_shop(folder, passphrase).fault
    shop = open_shop(folder, passphrase)
    try:
        db = shop.ledger.db
        return Books(
            fault=fault,
            sales=[each.reading() for each in shop.ledger.entries() if each.kind == "sale"],
            tokens=db.execute("select drn, minute, seq from token").fetchall(),
            rows=db.execute("select count(*) from sale").fetchone()[0],
            slips=db.execute("select count(*) from print_job").fetchone()[0],
        )
    finally:
        shop.close()
