"""No word is cut off: both languages, both palettes, the small panel and the large one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import product

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.exceptions import TimeoutError as QtTimeoutError
from pytestqt.qtbot import QtBot

from pos_app.ui.presenters.shift_screen import Step as Shift
from pos_app.ui.presenters.till_screen import Step
from pos_app.ui.views.money_rules import MoneyRulesPage
from pos_app.ui.views.shift import ShiftPage
from pos_app.ui.views.sign_in import SignInPage
from pos_app.ui.views.unlock import UnlockPage
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.labels import ElidedLabel, Sentence
from pos_app.ui.widgets.notice import Notice
from tests.ui.conftest import Cashier, Open, only
from tests.ui.fake_desk import DAY_MS
from tests.ui.fake_shifts import NAIRA, RAND
from tests.ui.stage import PASSPHRASE, PATIENCE_MS
from tests.ui.trouble import LedgerUnavailable, ShopInUse

SCREENS = (((1024, 600), 1.0), ((1920, 1080), 1.25), ((960, 540), 0.9))


def cut_off(root: QWidget) -> list[str]:
    """Return the words that need more room than they have."""
    found = []
    for part in root.findChildren(QLabel):
        if not part.isVisible() or not part.text() or isinstance(part, ElidedLabel):
            continue
        room, font = part.contentsRect(), QFontMetrics(part.font())
        if part.wordWrap():
            needed = part.heightForWidth(part.width()) - (part.height() - room.height())
            if needed > room.height() + 1:
                found.append(part.text())
        elif font.horizontalAdvance(part.text()) > room.width() + 1:
            found.append(part.text())
    found += [
        button.text()
        for button in root.findChildren(KeyButton)
        if button.isVisible() and button.words_width() > button.width() - 8
    ]
    return found


def fits(cashier: Cashier, size: tuple[int, int]) -> None:
    window = cashier.on.window
    with suppress(QtTimeoutError):  # a layout settles within a few turns of the event loop
        cashier.qtbot.waitUntil(lambda: not cut_off(window) + shallow(window), timeout=PATIENCE_MS)
    assert (window.width(), window.height()) == size
    assert window.minimumSizeHint().width() <= size[0]
    assert window.minimumSizeHint().height() <= size[1]
    assert cut_off(window) == []
    assert shallow(window) == []
    assert baggy(window) == []


def shallow(root: QWidget) -> list[str]:
    """Return the notices that are lower than their sentence at the width they have."""
    return [
        notice.words()
        for notice in root.findChildren(Notice)
        if notice.isVisible() and notice.height() < notice.heightForWidth(notice.width())
    ]


def baggy(root: QWidget) -> list[str]:
    """Return the notices that are much higher than their sentence: they took room for nothing."""
    return [
        notice.words()
        for notice in root.findChildren(Notice)
        if notice.isVisible() and notice.height() > 2 * notice.heightForWidth(notice.width()) + 16
    ]


def walk(cashier: Cashier, look: Callable[[], None]) -> None:
    """Go through every state of every screen."""
    look()
    cashier.at_the_till()
    cashier.shell.refresh_now()
    cashier.sees(lambda: cashier.shell.footer.findChildren(QLabel)[0].text() != "")
    look()
    cashier.type("moy")
    cashier.sees(lambda: cashier.till.hits.rows.model().rowCount() > 1)
    look()
    cashier.type("zzz")
    cashier.sees(lambda: cashier.till.hits.rows.model().rowCount() == 0)
    look()
    cashier.press(Qt.Key.Key_Escape)
    cashier.on.desk.trouble = [LedgerUnavailable(reason="disk full")]
    cashier.sell(received="200")
    cashier.sees(lambda: cashier.till.sale.received.property("state") == "stop")
    look()
    cashier.enter()
    cashier.reach(Step.RESULT)
    look()
    cashier.press(Qt.Key.Key_F9)
    look()
    cashier.press(Qt.Key.Key_Escape)
    cashier.sell(received="200")
    cashier.reach(Step.DUPLICATE)
    look()
    cashier.press(Qt.Key.Key_Escape)
    cashier.press(Qt.Key.Key_Escape)
    cashier.type("5")
    cashier.enter()
    cashier.sees(lambda: cashier.till.sale.amount.property("state") == "stop")
    look()
    cashier.on.desk.now_ms += 4 * DAY_MS
    cashier.on.desk.allowance = 3
    cashier.shell.refresh_now()
    for page in ("more", "sales", "settings"):
        cashier.shell.open_page(page)
        cashier.settle()
        look()
    cashier.shell.open_page("rules")
    for part in only(cashier, MoneyRulesPage).parts.buttons.values():
        part.click()
        cashier.settle()
        look()
    walk_shift(cashier, look)
    cashier.on.desk.clock_problem = "ahead"
    cashier.shell.open_page("till")
    cashier.shell.refresh_now()
    cashier.sees(lambda: cashier.shell.pages.currentWidget() is not cashier.till)
    cashier.settle()
    look()


def walk_shift(cashier: Cashier, look: Callable[[], None]) -> None:
    """Go through every step of a shift in two currencies."""
    cashier.on.desk.shifts.till = (NAIRA, RAND)
    cashier.shell.open_page("shift")
    page = cashier.shell.pages.currentWidget()
    assert isinstance(page, ShiftPage)

    def at(step: Shift) -> None:
        cashier.sees(lambda: page.step is step)
        look()

    at(Shift.FLOAT)
    cashier.type("0.555")
    cashier.enter()
    cashier.sees(lambda: page.notice.words() != "")
    look()
    for _ in range(5):
        cashier.press(Qt.Key.Key_Backspace)
    cashier.type("123456789.50")
    cashier.press(Qt.Key.Key_Down)
    cashier.type("300")
    cashier.enter()
    at(Shift.OPEN)
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
        cashier.press(key)
        at(Shift.MOVE)
        cashier.press(Qt.Key.Key_Escape)
    cashier.press(Qt.Key.Key_4)
    at(Shift.DRAWER)
    cashier.press(Qt.Key.Key_1)
    at(Shift.OPEN)
    cashier.enter()
    at(Shift.COUNT)
    cashier.type("123456")
    cashier.press(Qt.Key.Key_F9)
    cashier.sees(lambda: page.notice.words() != "")
    look()
    cashier.type("99999")
    cashier.press(Qt.Key.Key_F9)
    look()
    cashier.press(Qt.Key.Key_F9)
    at(Shift.COUNTED)
    cashier.enter()
    at(Shift.CLOSED)
    cashier.press(Qt.Key.Key_F9)
    cashier.sees(lambda: page.notice.words() != "")
    look()


@pytest.mark.parametrize(
    ("language", "theme", "screen"),
    list(product(("en", "ja"), ("light", "dark"), SCREENS)),
    ids=lambda value: str(value[0][0]) if isinstance(value, tuple) else value,
)
def test_every_word_has_its_room(
    open_till: Open, language: str, theme: str, screen: tuple[tuple[int, int], float]
) -> None:
    size, scale = screen
    cashier = open_till(language=language, theme=theme, size=size, scale=scale)
    walk(cashier, lambda: fits(cashier, size))


@pytest.mark.parametrize("screen", SCREENS, ids=("small", "large", "twice"))
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("passphrase", ["", PASSPHRASE], ids=("asked", "known"))
def test_a_sentence_of_several_lines_has_its_height_where_the_shop_stays_shut(
    open_till: Open, passphrase: str, language: str, screen: tuple[tuple[int, int], float]
) -> None:
    size, scale = screen
    folder = "/home/counter/.local/share/tokentill/shops/training shop of the market hall"
    cashier = open_till(
        language=language,
        size=size,
        scale=scale,
        passphrase=passphrase,
        shut=ShopInUse(folder=folder),
    )
    page = cashier.on.window.findChild(UnlockPage)
    assert page is not None
    if not passphrase:
        cashier.sees(page.passphrase.hasFocus)
        cashier.type("guess")
        cashier.enter()
    cashier.sees(lambda: folder in page.notice.words())
    fits(cashier, size)
    line = QFontMetrics(page.font()).lineSpacing()
    assert page.notice.height() > 2 * line + line // 2


@pytest.mark.parametrize("screen", SCREENS, ids=("small", "large", "twice"))
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_sentence_of_three_lines_has_its_height_beside_the_pad(
    open_till: Open, language: str, screen: tuple[tuple[int, int], float]
) -> None:
    size, scale = screen
    cashier = open_till(language=language, size=size, scale=scale)
    cashier.on.desk.tries = 0
    cashier.sign_in()
    page = cashier.on.window.findChild(SignInPage)
    assert page is not None
    cashier.sees(lambda: "30" in page.notice.words())
    page.notice.say(page.notice.words() * 2)  # more lines in every language
    fits(cashier, size)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_sign_of_a_notice_stands_beside_its_first_line(
    qtbot: QtBot, open_till: Open, language: str
) -> None:
    notice = Notice(open_till(language=language).on.window.look.tokens)
    qtbot.addWidget(notice)
    words = "これ以上の金額にしてください。" if language == "ja" else "Take at least that much."
    notice.say(words)
    notice.resize(600, 90)  # more room than one line needs
    notice.show()
    sign, sentence = notice.findChildren(QLabel)
    qtbot.waitUntil(lambda: notice.height() == 90 and sign.y() > 30, timeout=PATIENCE_MS)
    assert abs(sign.geometry().center().y() - sentence.geometry().center().y()) <= 1
    notice.say(words * 10)
    qtbot.waitUntil(lambda: sentence.height() > 2 * sign.height(), timeout=PATIENCE_MS)
    assert abs(sign.y() - sentence.y()) <= 1


@pytest.mark.parametrize("language", ["en", "ja", "ar"])
def test_lines_of_a_sentence_are_even_and_no_more_than_they_have_to_be(
    qtbot: QtBot, open_till: Open, language: str
) -> None:
    tokens = open_till().on.window.look.tokens
    told = {
        "en": "The shop in shops/training is already open in another Tokentill. Close it first.",
        "ja": "この店は、別の Tokentill で開いています。先にそちらを閉じてください。",
        "ar": "المتجر مفتوح بالفعل في نافذة أخرى. أغلق تلك النافذة أولاً ثم حاول مرة أخرى.",
    }[language]
    shown = Sentence("body")
    qtbot.addWidget(shown)
    shown.setText(told)
    if language == "ar":
        shown.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    shown.resize(round(0.75 * QFontMetrics(shown.font()).horizontalAdvance(told)), 200)
    face = QFontMetrics(shown.font())
    parted, even = shown.set_in_lines()
    assert parted.replace("\n", "") == told
    assert ("\n" in parted) == (language == "ja")  # a line for each sentence
    flags = Qt.TextFlag.TextWordWrap
    whole = face.boundingRect(0, 0, shown.width(), 1000, flags, told)
    narrow = face.boundingRect(0, 0, even, 1000, flags, parted)
    assert narrow.height() == whole.height()
    assert even < 0.9 * shown.width()
    picture = shown.grab().toImage()
    ground = picture.pixelColor(0, 0)
    inked = [
        across
        for across in range(picture.width())
        if any(picture.pixelColor(across, down) != ground for down in range(picture.height()))
    ]
    assert inked[-1] - inked[0] <= even * picture.devicePixelRatio() + tokens.px(2)
    edge = picture.width() - inked[-1] if language == "ar" else inked[0]
    assert edge <= tokens.px(4)
