"""Behind the window: slips one after the other, whatever the drawer and the disk do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.errors import LedgerUnavailable
from pos_app.application.ports import PrintTask
from pos_app.application.printing import (
    PrinterSettings,
    PrintOutcome,
    PrintState,
    Transport,
)
from pos_app.application.records import SaleRow
from pos_app.application.settings import Settings
from pos_app.application.slip.layout import Slip
from pos_app.bootstrap import print_loop
from pos_app.bootstrap.print_loop import PrintLoop
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.errors import PosError
from pos_app.ui.tasks import Tasks
from tests.shops import HIGHVELD, make_shop, opened, order
from tests.ui.stage import PATIENCE_MS

T = TypeVar("T")


class DrawerStuck(PosError):
    code = "drawer-stuck"


class HeldPaper:
    """A printer that holds every slip until told; its drawer raises."""

    def __init__(self) -> None:
        self.go = Event()
        self.at_once = self.most_at_once = self.pulses = 0

    def deliver(self, _slip: Slip, _settings: PrinterSettings, seconds: float) -> PrintOutcome:
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        assert self.go.wait(seconds)
        self.at_once -= 1
        return PrintOutcome(PrintState.PRINTED)

    def probe(self, _settings: PrinterSettings, _seconds: float) -> PrintOutcome:
        return PrintOutcome(PrintState.PRINTED)

    def open_drawer(self, _settings: PrinterSettings, _seconds: float) -> PrintOutcome:
        self.pulses += 1
        raise DrawerStuck

    def close(self) -> None:
        self.go.set()


class Counter:
    """A shop with its loop; `tasks.ledger` owns the ledger."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.tasks, self.paper, self._qtbot = Tasks(), HeldPaper(), qtbot
        self.shop: OpenShop = self.ask(lambda: opened(make_shop(folder)))
        printer = PrinterSettings(Transport.FILE, str(folder / "paper"), open_drawer=True)
        self.loop = PrintLoop(self.shop, self.tasks, lambda: Settings(printer=printer), self.paper)

    def ask(self, job: Callable[[], T]) -> T:
        """Return the answer of a job on the ledger's thread."""
        answers: list[T] = []
        errors: list[BaseException] = []
        self.tasks.ledger(job, answers.append, errors.append)
        self._qtbot.waitUntil(lambda: bool(answers or errors), timeout=PATIENCE_MS)
        assert not errors
        return answers[0]

    def sell(self, minor: int) -> None:
        self.loop.sold(self.ask(lambda: self.shop.desk.sell(order(self.shop, HIGHVELD, minor))))

    def states(self) -> list[PrintState]:
        rows: tuple[SaleRow, ...] = self.ask(self.shop.desk.sales_today)
        return [row.print_state for row in rows]

    def close(self) -> None:
        self.loop.close()
        self.ask(self.shop.close)
        self.tasks.close()


@pytest.fixture
def counter(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    counter = Counter(tmp_path, qtbot)
    monkeypatch.setattr(print_loop, "WorkerPrinter", lambda: counter.paper)
    yield counter
    counter.close()


def test_a_drawer_that_fails_lets_no_second_slip_into_a_busy_printer(
    counter: Counter, qtbot: QtBot
) -> None:
    counter.sell(5000)
    counter.sell(6000)
    qtbot.waitUntil(lambda: counter.paper.pulses == 2, timeout=PATIENCE_MS)
    counter.loop.look()
    assert sorted(counter.states()) == [PrintState.QUEUED, PrintState.SENDING]
    counter.paper.go.set()
    qtbot.waitUntil(lambda: counter.states() == [PrintState.PRINTED] * 2, timeout=PATIENCE_MS)
    assert counter.paper.most_at_once == 1


def test_an_outcome_that_could_not_be_written_down_is_written_down_later(
    counter: Counter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tries = SqliteLedger.note_print, [1, 1]

    def full_disk(ledger: SqliteLedger, task: PrintTask, outcome: PrintOutcome) -> None:
        if tries:
            tries.pop()
            raise LedgerUnavailable(reason="disk full")
        real(ledger, task, outcome)

    monkeypatch.setattr(SqliteLedger, "note_print", full_disk)
    counter.paper.go.set()
    counter.sell(5000)
    qtbot.waitUntil(lambda: counter.states() == [PrintState.PRINTED], timeout=PATIENCE_MS)
    assert tries == []


def test_an_order_that_comes_twice_opens_the_drawer_once(tmp_path: Path) -> None:
    shop = opened(make_shop(tmp_path))
    heard: list[str] = []
    desk = replace(shop.desk, after_sale=lambda sale: heard.append(sale.receipt))
    same = order(shop, HIGHVELD, 5000)
    assert desk.sell(same) == desk.sell(same)
    assert len(heard) == 1
    shop.close()
