"""A bulk list in the window: looked at, sold, stopped, gone on with; and on a real shop without."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_app.application.records import Operator, Role
from pos_app.application.words import load_words
from pos_app.bootstrap.bulk_files import BulkFileUnreadable, BulkFolder
from pos_app.ui.models.bulk_table import Column
from pos_app.ui.presenters.bulk import AT_ONCE, BulkParts, BulkPresenter, BulkScreen, BulkStep
from pos_app.ui.views.bulk import BulkPage
from pos_app.ui.views.more import MorePage
from tests.shops import HIGHVELD, make_shop, opened
from tests.ui.conftest import Cashier, only
from tests.ui.hand import Queue


def bulk_page(cashier: Cashier) -> BulkPage:
    cashier.press(Qt.Key.Key_F10)
    tiles = only(cashier, MorePage).tiles
    next(each for each in tiles if each.text() == "Bulk list").click()
    page = cashier.shell.pages.currentWidget()
    assert isinstance(page, BulkPage)
    cashier.sees(page.path.hasFocus)
    return page


def status(page: BulkPage, row: int) -> str:
    return str(page.model.index(row, Column.STATUS).data())


def test_a_list_is_looked_at_and_sold_by_keyboard_alone(cashier: Cashier) -> None:
    page = bulk_page(cashier)
    cashier.type("list.csv")
    cashier.enter()
    cashier.sees(lambda: page.count.text() == "5 rows, 3 cannot be sold")
    assert page.act.text() == "Sell 2 rows, ZAR\u00a0350.00"
    assert status(page, 2).startswith("■ Meter 99999999999 is not on this till.")
    assert cashier.on.desk.sales == []
    cashier.press(Qt.Key.Key_F2)
    cashier.sees(lambda: "2 rows sold, 3 refused." in page.notice.words())
    cashier.sees(lambda: "list-result.csv" in page.notice.words())
    assert page.path.hasFocus()
    assert status(page, 0) == f"✓ sold · {cashier.on.desk.sales[-1].receipt}"
    assert cashier.on.desk.bulk.ended == [(2, 3)]
    assert not page.act.isVisible()
    cashier.press(Qt.Key.Key_Escape)
    cashier.sees(lambda: cashier.shell.pages.currentWidget() is cashier.till)


def test_a_file_that_is_not_there_is_said_in_place(cashier: Cashier) -> None:
    page = bulk_page(cashier)
    cashier.type("none.csv")
    cashier.enter()
    cashier.sees(lambda: bool(page.notice.words()))
    assert not page.path.isReadOnly()
    assert page.model.rowCount() == 0


class Hand:
    """An operator at the presenter on a real shop; jobs wait until the test lets them run."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.shop = opened(make_shop(folder))
        self.path = folder / "list.csv"
        lines = [f"{HIGHVELD},{50 + number}" for number in range(rows)]
        self.path.write_text("meter,amount\n" + "\n".join(lines) + "\n", encoding="utf-8")
        self.run = Queue()
        files = BulkFolder(load_words("en"))
        parts = BulkParts(lambda: self.shop.desk.bulk, files, self.run, Queue())
        self.presenter = BulkPresenter(parts, Operator("ama", "Ama", Role.CASHIER), self)

    def show_screen(self, screen: BulkScreen) -> None:
        assert screen.sold <= len(screen.results)

    @property
    def screen(self) -> BulkScreen:
        return self.presenter.screen


def test_on_a_real_shop_a_stopped_list_goes_on_and_its_result_stands_beside_it(
    tmp_path: Path,
) -> None:
    hand = Hand(tmp_path, 5)
    hand.presenter.look(str(hand.path))
    assert hand.screen.step is BulkStep.LOOKED
    hand.run.held = True
    hand.presenter.sell()
    for _ in range(3):  # the beginning and two rows
        hand.run.waiting.pop(0)()
    assert hand.presenter.stop()
    hand.run.work()
    assert (hand.screen.step, hand.screen.sold) == (BulkStep.STOPPED, 3)
    hand.run.held = False
    hand.presenter.sell()
    assert (hand.screen.step, hand.screen.sold) == (BulkStep.DONE, 5)
    assert [each.before for each in hand.screen.results] == [True] * 3 + [False] * 2
    assert len(hand.shop.desk.sales_today()) == 5
    result = tmp_path / "list-result.csv"
    assert hand.screen.kept == str(result)
    assert len(result.read_text(encoding="utf-8-sig").splitlines()) == 6
    hand.presenter.look(str(hand.path))
    hand.presenter.sell()
    assert (hand.screen.step, hand.screen.done_before) == (BulkStep.LOOKED, True)
    assert len(hand.shop.desk.sales_today()) == 5
    hand.shop.close()


def test_a_long_list_is_priced_in_short_acts_and_can_be_left_at_any(tmp_path: Path) -> None:
    hand = Hand(tmp_path, 2 * AT_ONCE + 10)
    hand.run.held = True
    hand.presenter.look(str(hand.path))
    told = []
    for _ in range(2):  # between two acts the ledger is free for a sale at the till
        told.append((hand.screen.priced, hand.screen.rows))
        hand.run.waiting.pop(0)()
    assert told == [(0, 2 * AT_ONCE + 10), (AT_ONCE, 2 * AT_ONCE + 10)]
    assert hand.presenter.stop()
    hand.run.work()
    assert (hand.screen.step, hand.screen.plan) == (BulkStep.EMPTY, None)
    hand.run.held = False
    hand.presenter.look(str(hand.path))
    assert hand.screen.plan is not None
    assert len(hand.screen.plan.rows) == 2 * AT_ONCE + 10
    assert hand.screen.plan == hand.shop.desk.bulk.look(hand.path.read_bytes(), "ama")
    hand.shop.close()


def test_what_stops_the_shop_stops_the_list_and_not_each_row(tmp_path: Path) -> None:
    hand = Hand(tmp_path, 4)
    hand.presenter.look(str(hand.path))
    body = {
        "currency": "ZAR", "sequence": 9, "tenths": 10**9, "money_minor": 11_000, "count": 99,
        "per_vend_minor": 10**6, "not_after_ms": hand.shop.clock.now_ms() + 10**9,
    }  # fmt: skip
    with hand.shop.ledger.writing() as act:
        act.append("allowance", body, hand.shop.clock.now_ms())
    hand.presenter.sell()
    assert (hand.screen.step, hand.screen.sold) == (BulkStep.STOPPED, 2)
    assert hand.screen.problem is not None
    assert hand.screen.problem.code == "allowance-used-up"
    hand.shop.close()


@pytest.mark.parametrize("path", ["/no/such/list.csv", "/", "\0"])
def test_a_list_that_cannot_be_read_is_a_known_problem(path: str) -> None:
    with pytest.raises(BulkFileUnreadable):
        BulkFolder(load_words("en")).read(path)
