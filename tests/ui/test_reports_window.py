"""The page of reports, by keyboard, over real reports of a made-up shop."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from pos_app.ui.presenters.report_screen import Span
from pos_app.ui.presenters.reports import PAGE
from pos_app.ui.views.report_list import share
from pos_app.ui.views.reports import ReportsPage
from tests.ui.conftest import Cashier, Open
from tests.ui.stage import PATIENCE_MS
from tests.ui.test_clipping import SCREENS, fits


def waits(cashier: Cashier, what: Callable[[], bool]) -> None:
    """Wait as long as a ledger and a file may take on a busy machine."""
    cashier.qtbot.waitUntil(what, timeout=PATIENCE_MS)


def reports_of(cashier: Cashier, who: str = "3", pin: str = "2468") -> ReportsPage:
    """Sign in (a supervisor by default) and open the page by keys."""
    from pos_app.ui.views.shell import Shell  # noqa: PLC0415 - as the window does
    from pos_app.ui.views.sign_in import SignInPage  # noqa: PLC0415 - as the window does

    window = cashier.on.window
    waits(cashier, lambda: window.findChild(SignInPage) is not None)
    page = window.findChild(SignInPage)
    assert page is not None
    waits(cashier, lambda: bool(page.tiles) and page.hasFocus())
    cashier.type(who)
    cashier.type(pin)
    cashier.enter()
    waits(cashier, lambda: isinstance(window.content, Shell))
    waits(cashier, cashier.till.search.hasFocus)
    cashier.press(Qt.Key.Key_F10)
    cashier.press(Qt.Key.Key_5)
    reports = cashier.shell.pages.currentWidget()
    assert isinstance(reports, ReportsPage)
    answered(cashier, reports)
    return reports


def answered(cashier: Cashier, page: ReportsPage) -> None:
    waits(cashier, lambda: page.presenter is not None and not page.presenter.screen.working)


def go_to(cashier: Cashier, page: ReportsPage, name: str, span: Span = Span.MONTH) -> None:
    assert page.presenter is not None
    page.presenter.choose(name)
    page.presenter.pick(span)
    answered(cashier, page)


def texts(page: ReportsPage) -> str:
    return "\n".join(part.text() for part in page.findChildren(QLabel) if part.isVisible())


def test_reports_and_their_days_are_chosen_with_arrows_alone(open_till: Open) -> None:
    cashier = open_till()
    page = reports_of(cashier)
    assert page.names.hasFocus()
    assert page.answer.about.accessibleName().startswith("Turnover · Friday 25 Dec 2026")
    for _ in range(2):
        cashier.press(Qt.Key.Key_Down)
    for _ in range(3):
        cashier.press(Qt.Key.Key_Right)
    answered(cashier, page)
    waits(cashier, lambda: "VAT 15 %" in page.answer.finding.text())
    assert page.answer.about.accessibleName().startswith("Taxes and levies · Dec 2026")
    assert page.spans.buttons["month"].isChecked()
    cashier.press(Qt.Key.Key_Escape)
    assert cashier.till.search.hasFocus()


def test_totals_stand_under_their_columns(open_till: Open) -> None:
    cashier = open_till()
    page = reports_of(cashier)
    go_to(cashier, page, "tenders")
    rows = page.answer.rows
    waits(cashier, rows.totals.isVisible)
    for section in range(rows.model.columnCount()):
        assert rows.table.columnWidth(section) == rows.totals.columnWidth(section)
    last = rows.model.columnCount() - 1
    shown = [rows.model.index(at, last).data() for at in range(rows.model.rowCount())]
    money = [int(re.sub(r"[^0-9]", "", str(text))) for text in shown]
    total = int(re.sub(r"[^0-9]", "", str(rows.sums.index(0, last).data())))
    assert sum(money) == total > 0


def test_a_table_is_ordered_by_key_and_by_a_click_on_its_heading(open_till: Open) -> None:
    cashier = open_till()
    page = reports_of(cashier)
    go_to(cashier, page, "sales")
    rows = page.answer.rows
    rows.table.setFocus()
    name = [column.code for column in rows.model.columns].index("name")
    for _ in range(name):
        cashier.press(Qt.Key.Key_Right)
    cashier.press(Qt.Key.Key_F4)
    answered(cashier, page)
    first = [str(rows.model.index(at, name).data()) for at in range(20)]
    assert first == sorted(first)
    header = rows.table.horizontalHeader()
    assert header.isSortIndicatorShown()
    header.sectionClicked.emit(name)
    answered(cashier, page)
    last = [str(rows.model.index(at, name).data()) for at in range(20)]
    assert last == sorted(last, reverse=True) != first


def test_rows_far_down_a_long_list_are_read_off_the_windows_thread(open_till: Open) -> None:
    cashier = open_till()
    page = reports_of(cashier)
    go_to(cashier, page, "sales")
    model = page.answer.rows.model
    end = model.rowCount() - 1
    assert end > 2 * PAGE
    assert model.index(end, 0).data() == ""
    page.answer.rows.table.scrollToBottom()
    waits(cashier, lambda: str(model.index(end, 0).data()).startswith("2026-12-01"))


def test_a_file_says_where_it_is(open_till: Open) -> None:
    cashier = open_till()
    page = reports_of(cashier)
    for key, kind in ((Qt.Key.Key_F5, "pdf"), (Qt.Key.Key_F6, "csv"), (Qt.Key.Key_F7, "xlsx")):
        cashier.press(key)
        waits(cashier, lambda kind=kind: page.notice.words().endswith(f".{kind}"))  # type: ignore[misc]
        path = Path(page.notice.words().removeprefix("Saved as "))
        assert path.is_file()
        assert path.parent == cashier.on.reports.files


class Opener(QObject):
    """Stands for the program that shows files of a kind."""

    opened = Signal(QUrl)


def test_the_last_file_is_opened_by_its_own_program(open_till: Open) -> None:
    cashier = open_till()
    page = reports_of(cashier)
    assert not page.open.isVisible()
    cashier.press(Qt.Key.Key_F5)
    waits(cashier, page.open.isVisible)
    opener, seen = Opener(), list[str]()
    opener.opened.connect(lambda url: seen.append(url.toLocalFile()))
    QDesktopServices.setUrlHandler("file", opener, "opened")  # type: ignore[arg-type]  # takes no bytes
    try:
        cashier.press(Qt.Key.Key_F8)
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert page.presenter is not None
    assert seen == [page.presenter.screen.saved]


def test_a_cashier_sees_three_reports_and_no_way_to_make_files(open_till: Open) -> None:
    cashier = open_till()
    page = reports_of(cashier, "1", "1234")
    assert [page.names.item(at).text() for at in range(page.names.count())] == [
        "Sales", "Tenders", "Tokens by type",
    ]  # fmt: skip
    assert not any(button.isVisible() for button in page.files)
    cashier.press(Qt.Key.Key_F5)
    assert not cashier.on.reports.files.exists()


def test_the_notes_take_the_place_of_the_plot_and_give_it_back(open_till: Open) -> None:
    cashier = open_till()
    page = reports_of(cashier)
    go_to(cashier, page, "tax")
    page.names.setFocus()
    seen = []
    for _ in range(4):
        seen.append((page.answer.plots.isVisible(), page.answer.notes.isVisible()))
        cashier.press(Qt.Key.Key_F1)
    assert set(seen) <= {(True, False), (False, True), (False, False)}
    assert "Net sales are the money" in page.answer.note.text()
    assert (False, True) in seen


def test_days_are_typed_and_what_is_wrong_is_said(open_till: Open) -> None:
    cashier = open_till()
    page = reports_of(cashier)
    for _ in range(5):
        cashier.press(Qt.Key.Key_Right)
    waits(cashier, page.first.isVisible)
    cashier.type("2026-12-05")
    assert page.first.hasFocus()
    cashier.press(Qt.Key.Key_Tab)
    cashier.type("2026-12-01")
    cashier.enter()
    waits(cashier, lambda: "Swap the two days" in page.notice.words())
    page.last.selectAll()
    cashier.type("2026-12-06")
    cashier.enter()
    waits(cashier, lambda: "5 Dec 2026 to 6 Dec 2026" in page.answer.about.accessibleName())
    assert page.notice.words() == ""


def test_a_meters_number_is_typed_at_once(open_till: Open) -> None:
    cashier = open_till()
    page = reports_of(cashier)
    go_to(cashier, page, "meter")
    assert "number, then Enter" in page.notice.words()
    cashier.type("07124482166")
    cashier.enter()
    waits(cashier, lambda: "Meter 07124482166" in page.answer.about.accessibleName())
    assert page.answer.finding.text().startswith("Uses about")


def test_a_plot_says_its_figures_to_a_screen_reader(open_till: Open) -> None:
    cashier = open_till()
    page = reports_of(cashier)
    go_to(cashier, page, "tenders")
    assert page.answer.plots.accessibleName() == "Money, ZAR"
    assert page.answer.plots.accessibleDescription().startswith("Cash ")
    shown = page.answer.plots.grab().toImage()
    row = shown.height() // 3
    assert len({shown.pixelColor(x, row).name() for x in range(shown.width())}) > 1


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(("size", "scale"), SCREENS, ids=str)
def test_no_word_of_a_report_is_cut_off(
    open_till: Open, language: str, size: tuple[int, int], scale: float
) -> None:
    cashier = open_till(language=language, size=size, scale=scale)
    page = reports_of(cashier)
    for name in ("turnover", "statement", "exceptions", "meter"):
        go_to(cashier, page, name)
        fits(cashier, size)
    go_to(cashier, page, "no-purchase", Span.TODAY)
    go_to(cashier, page, "tenders")
    cashier.press(Qt.Key.Key_F5)
    waits(cashier, page.open.isVisible)
    fits(cashier, size)


def test_widths_are_shared_fairly() -> None:
    assert share([50, 50], [False, True], 200, 20) == [100, 100]
    assert share([20, 20], [False, True], 200, 20) == [60, 60]
    assert share([300, 100], [False, True], 200, 80) == [100, 100]
    assert share([300, 200], [False, True], 200, 80) == [80, 200]
    assert share([], [], 200, 80) == []


def test_leaving_the_page_while_a_file_is_written_loses_nothing(open_till: Open) -> None:
    cashier = open_till()
    page = reports_of(cashier)
    go_to(cashier, page, "sales")
    cashier.on.window.setFocus()
    QTest.keyClick(page, Qt.Key.Key_F7)
    cashier.shell.open_page("till")
    presenter = page.presenter
    assert presenter is not None
    waits(cashier, lambda: bool(presenter.screen.saved))
    assert Path(presenter.screen.saved).stat().st_size > 10_000
    assert QApplication.focusWidget() is not None
