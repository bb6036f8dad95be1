"""Putting a sale right, by keyboard: on a fake shop in a window, and on a real one without."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from pos_app.application.records import Operator, Role
from pos_app.application.redress_records import Redress
from pos_app.application.slip.layout import Slip
from pos_app.bootstrap.training_file import training_pins
from pos_app.exchange.approval import read_secret
from pos_app.ui.presenters.redress import RedressParts, RedressPresenter
from pos_app.ui.presenters.redress_screen import RedressScreen, Step
from pos_app.ui.presenters.till_screen import Step as Sale
from pos_app.ui.views.redress import RedressPage
from pos_app.ui.views.sales import SalesPage
from tests.shops import HIGHVELD, LAGOON, make_shop, opened, order
from tests.ui.conftest import Cashier
from tests.ui.fake_meters import METERS
from tests.ui.fake_redress import CODE
from tests.ui.hand import Queue


def redress_page(cashier: Cashier) -> RedressPage:
    cashier.sell(received="200")
    cashier.reach(Sale.RESULT)
    cashier.press(Qt.Key.Key_Escape)
    cashier.press(Qt.Key.Key_F10)
    cashier.press(Qt.Key.Key_1)
    sales = cashier.shell.pages.currentWidget()
    assert isinstance(sales, SalesPage)
    cashier.sees(sales.right.isEnabled)
    cashier.press(Qt.Key.Key_F8)
    page = cashier.shell.pages.currentWidget()
    assert isinstance(page, RedressPage)
    return page


def asks(cashier: Cashier, page: RedressPage, words: str) -> None:
    def there() -> bool:
        shown = [part.text() for part in page.findChildren(QLabel) if part.isVisible()]
        return words in shown

    cashier.sees(there)


def test_money_goes_back_with_seven_keys_and_a_pin(cashier: Cashier) -> None:
    page = redress_page(cashier)
    for question, key in (
        ("What does the customer get?", Qt.Key.Key_1),
        ("Why?", Qt.Key.Key_2),
        ("What became of the token?", Qt.Key.Key_1),
        ("How much goes back?", Qt.Key.Key_Return),
        ("Who approves?", Qt.Key.Key_1),
    ):
        asks(cashier, page, question)
        cashier.press(key)
    asks(cashier, page, "The supervisor\u2019s PIN")
    assert page.field.echoMode() is QLineEdit.EchoMode.Password
    cashier.type("2468")
    cashier.enter()
    asks(cashier, page, "The money is given back")
    assert page.money.text() == "100.00 ZAR"
    (made,) = cashier.on.desk.redress.made
    assert (made.amount_minor, made.reason, made.approver) == (10_000, "wrong-amount", "thandi")
    assert "pulse" in cashier.on.desk.calls
    cashier.press(Qt.Key.Key_F9)
    cashier.sees(lambda: "redress reprint R-3-A000001 ama" in cashier.on.desk.calls)
    cashier.enter()
    cashier.sees(lambda: isinstance(cashier.shell.pages.currentWidget(), SalesPage))


def test_the_value_is_sold_again_and_the_new_token_is_on_the_screen(cashier: Cashier) -> None:
    page = redress_page(cashier)
    for question in ("What does the customer get?", "Why?", "What became of the token?"):
        asks(cashier, page, question)
        cashier.press(Qt.Key.Key_2 if question.startswith("What does") else Qt.Key.Key_1)
    asks(cashier, page, "Which meter should it have been?")
    cashier.type(METERS[1].drn)
    cashier.enter()
    cashier.sees(page.found.isVisible)
    assert METERS[1].name in page.found.text()
    cashier.enter()
    asks(cashier, page, "Who approves?")
    cashier.press(Qt.Key.Key_1)
    asks(cashier, page, "The supervisor\u2019s PIN")
    cashier.type("9999")
    cashier.enter()
    cashier.sees(page.notice.isVisible)
    assert "PIN is wrong" in page.notice.words()
    assert page.field.text() == ""
    cashier.type("2468")
    cashier.enter()
    cashier.sees(page.token.isVisible)
    (made,) = cashier.on.desk.redress.made
    digits = page.token.accessibleDescription().replace(" ", "")
    new = cashier.on.desk.sale(made.new_receipt)
    assert (digits, new.meter.drn) == (new.tokens[0].digits, METERS[1].drn)


def test_a_supervisor_elsewhere_approves_with_a_code(cashier: Cashier) -> None:
    page = redress_page(cashier)
    for question, key in (
        ("What does the customer get?", Qt.Key.Key_1),
        ("Why?", Qt.Key.Key_2),
        ("What became of the token?", Qt.Key.Key_1),
        ("How much goes back?", Qt.Key.Key_Return),
        ("Who approves?", Qt.Key.Key_1),
        ("The supervisor\u2019s PIN", Qt.Key.Key_F5),
    ):
        asks(cashier, page, question)
        cashier.press(key)
    asks(cashier, page, "The supervisor\u2019s code")
    assert page.request.text().startswith("3 / A000004 / refund / ")
    assert page.field.echoMode() is QLineEdit.EchoMode.Normal
    cashier.type("11112222")
    cashier.enter()
    cashier.sees(lambda: "does not answer request A000004" in page.notice.words())
    cashier.type(CODE)
    cashier.enter()
    asks(cashier, page, "The money is given back")
    (made,) = cashier.on.desk.redress.made
    assert (made.approver, made.request) == ("thandi", "A000004")


def test_escape_steps_back_to_the_list_of_sales(cashier: Cashier) -> None:
    page = redress_page(cashier)
    asks(cashier, page, "What does the customer get?")
    cashier.press(Qt.Key.Key_1)
    asks(cashier, page, "Why?")
    cashier.press(Qt.Key.Key_5)
    asks(cashier, page, "What happened?")
    for question in ("Why?", "What does the customer get?"):
        cashier.press(Qt.Key.Key_Escape)
        asks(cashier, page, question)
    cashier.press(Qt.Key.Key_Escape)
    cashier.sees(lambda: isinstance(cashier.shell.pages.currentWidget(), SalesPage))
    assert cashier.on.desk.redress.made == []


class Hand:
    """An operator at a presenter on a real shop."""

    def __init__(self, folder: Path) -> None:
        self.shop = opened(make_shop(folder))
        self.queue = Queue()
        operator = Operator("ama", "Ama", Role.CASHIER)
        parts = RedressParts(
            self.shop.desk, self.queue, self.slip, lambda: None, lambda: "new-sale"
        )
        self.presenter = RedressPresenter(parts, operator, self)

    def show_screen(self, screen: RedressScreen) -> None:
        assert screen.busy or screen.step is not Step.LOADING

    @staticmethod
    def slip(made: Redress, copy: int) -> Slip:
        return Slip(f"{made.slip} {copy}", ())

    def answer(self, *numbers: int) -> None:
        for number in numbers:
            self.presenter.choose(number)

    def line(self, text: str) -> None:
        self.presenter.typed(text)
        self.presenter.enter()


def test_on_a_real_shop_every_refusal_keeps_the_screen_and_the_books(tmp_path: Path) -> None:
    hand = Hand(tmp_path)
    sale = hand.shop.desk.sell(order(hand.shop, HIGHVELD, 5000))
    hand.presenter.begin(sale.receipt)
    hand.answer(0, 4)
    hand.line("   ")
    assert hand.presenter.screen.step is Step.NOTE
    hand.line("paid twice by mistake")
    hand.answer(0)
    for typed, code in (("x", "amount-invalid"), ("50.01", "refund-too-much")):
        hand.line(typed)
        problem = hand.presenter.screen.problem
        assert problem is not None
        assert (problem.code, hand.presenter.screen.step) == (code, Step.AMOUNT)
    hand.line("20")
    hand.answer(0)
    hand.line(training_pins()["grace"])
    made = hand.presenter.screen.made
    assert made is not None
    assert (made.amount_minor, made.note) == (2000, "paid twice by mistake")
    hand.presenter.begin(sale.receipt)  # whoever opens it again sees what was done
    assert (hand.presenter.screen.step, hand.presenter.screen.made) == (Step.DONE, made)
    hand.shop.close()


def test_a_code_from_elsewhere_gives_money_back_on_a_real_shop(tmp_path: Path) -> None:
    hand, pins = Hand(tmp_path), training_pins()
    held = hand.shop.desk.approvals.enrol("grace", pins["grace"], "joseph", pins["joseph"])
    sale = hand.shop.desk.sell(order(hand.shop, HIGHVELD, 5000))
    hand.presenter.begin(sale.receipt)
    hand.answer(0, 1, 0)
    hand.line("20")
    hand.answer(0)
    hand.presenter.ask_elsewhere()
    request = hand.presenter.screen.request
    assert request is not None
    assert (request.act, request.drn) == ("refund", HIGHVELD)
    hand.line(read_secret(held).approve(request))
    made = hand.presenter.screen.made
    assert made is not None
    assert (made.amount_minor, made.approver, made.request) == (2000, "grace", request.number)
    hand.shop.close()


def test_a_meter_of_another_currency_is_refused_before_anybody_types_a_pin(tmp_path: Path) -> None:
    hand = Hand(tmp_path)
    sale = hand.shop.desk.sell(order(hand.shop, HIGHVELD, 5000))
    hand.presenter.begin(sale.receipt)
    hand.answer(1, 0, 0)
    hand.line(LAGOON)
    assert hand.presenter.screen.problem is not None
    assert hand.presenter.screen.step is Step.METER
    hand.line(HIGHVELD)
    hand.presenter.enter()
    problem = hand.presenter.screen.problem
    assert problem is not None
    assert problem.code == "same-meter"
    hand.shop.close()
