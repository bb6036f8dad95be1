"""Models over frozen rows, watched by Qt's own tester."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from pos_app.application.printing import PrintState
from pos_app.application.records import MeterHit, SaleRow
from pos_app.domain.money import Currency, Money
from pos_app.ui.figures import Figures
from pos_app.ui.look import Look
from pos_app.ui.models.hits import HitsModel
from pos_app.ui.models.sales_table import Column, SalesTable
from pos_app.ui.theme.tokens import LIGHT, Tokens
from tests.ui.stage import words_of

RAND = Currency("ZAR", 2)


def look() -> Look:
    words = words_of("en")
    return Look(words, Figures(words, 120), Tokens(LIGHT))


def row(number: int) -> SaleRow:
    return SaleRow(
        f"3-A{number:06d}",
        1_795_257_120_000,
        "07124482166",
        "Tendai Moyo",
        Money(123_450, RAND),
        413,
        "kWh",
        "Ama Owusu",
        0,
        PrintState.PRINTED,
    )


def strict(model: QAbstractItemModel) -> QAbstractItemModelTester:
    return QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_the_list_of_sales_keeps_qts_rules(qtbot: QtBot) -> None:
    model = SalesTable(look())
    tester = strict(model)
    for count in (3, 0, 1, 200):
        model.show_rows(tuple(row(number) for number in range(count)))
        assert model.rowCount() == count
    assert tester.model() is model


def test_a_changed_row_changes_alone(qtbot: QtBot) -> None:
    model = SalesTable(look())
    rows = tuple(row(number) for number in range(5))
    model.show_rows(rows)
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    failed = replace(rows[3], print_state=PrintState.FAILED)
    model.show_rows((*rows[:3], failed, rows[4]))
    assert changed == [3]


def test_cells_say_what_a_cashier_reads(qtbot: QtBot) -> None:
    model = SalesTable(look())
    model.show_rows((row(142),))
    said = {column: model.data(model.index(0, column)) for column in Column}
    assert said == {
        Column.TIME: "12:32",
        Column.METER: "··\u20092166",
        Column.NAME: "Tendai Moyo",
        Column.UNITS: "41.3 kWh",
        Column.TOTAL: "1,234.50",
        Column.SLIP: "Printed",
    }
    assert model.data(model.index(0, 0), Qt.ItemDataRole.UserRole) == row(142)


def test_totals_of_two_currencies_carry_their_codes(qtbot: QtBot) -> None:
    model = SalesTable(look())
    naira = replace(row(143), total=Money(500_000, Currency("NGN", 2)))
    model.show_rows((row(142), naira))
    said = [model.data(model.index(at, Column.TOTAL)) for at in (0, 1)]
    assert said == ["ZAR\u00a01,234.50", "NGN\u00a05,000.00"]
    model.show_rows((naira,))
    assert model.data(model.index(0, Column.TOTAL)) == "5,000.00"


def test_hits_keep_qts_rules(qtbot: QtBot) -> None:
    model = HitsModel()
    tester = strict(model)
    hits = tuple(MeterHit(f"0712448216{n}", "A", "B", "C", blocked=False) for n in range(4))
    for shown in (hits, hits[:1], ()):
        model.show_hits(shown)
        assert model.rowCount() == len(shown)
    assert tester.model() is model
