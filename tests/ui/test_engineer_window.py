"""The engineering desk by keyboard: in a window on a fake shop, and on a real one without."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from pos_app.application.engineering_records import DeskRecord
from pos_app.application.records import CreditWaiting, Operator, Role
from pos_app.application.slip.desk_slip import DeskSlipWriter
from pos_app.application.words import load_words
from pos_app.bootstrap.training_file import training_pins
from pos_app.domain.engineering import DeskAct
from pos_app.exchange.approval import read_secret
from pos_app.sts.tokens import CreditToken, MaxPowerLimit
from pos_app.ui.presenters.engineer import EngineerParts, EngineerPresenter
from pos_app.ui.presenters.engineer_screen import EngineerScreen, Step
from pos_app.ui.presenters.till_screen import Step as Sale
from pos_app.ui.views.engineer import EngineerPage
from pos_app.ui.views.more import MorePage
from pos_app.ui.views.shell import Shell
from tests.shops import HIGHVELD, make_shop, opened, order
from tests.ui.conftest import Cashier, Open, only
from tests.ui.fake_engineering import CODE, DIGITS
from tests.ui.hand import Queue

MOYO, OLD = "07124482166", "07124482190"
PINS = training_pins()


def desk_page(cashier: Cashier) -> EngineerPage:
    cashier.press(Qt.Key.Key_F10)
    tiles = only(cashier, MorePage).tiles
    next(each for each in tiles if each.text() == "Engineering desk").click()
    page = cashier.shell.pages.currentWidget()
    assert isinstance(page, EngineerPage)
    return page


@pytest.fixture
def engineer(open_till: Open) -> Cashier:
    cashier = open_till()
    cashier.sign_in(number="4", pin="1111")
    cashier.sees(lambda: isinstance(cashier.on.window.content, Shell))
    cashier.sees(cashier.till.search.hasFocus)
    return cashier


def asks(cashier: Cashier, page: EngineerPage, words: str) -> None:
    cashier.sees(lambda: page.title.text() == words)
    cashier.sees(lambda: page.field.isHidden() or page.field.hasFocus())


def line(cashier: Cashier, page: EngineerPage, question: str, text: str) -> None:
    asks(cashier, page, question)
    cashier.type(text)
    cashier.enter()


def test_a_meter_that_counts_money_is_given_money(engineer: Cashier) -> None:
    engineer.on.desk.engineering.money = "ZAR"
    page = desk_page(engineer)
    asks(engineer, page, "What is to be done?")
    engineer.press(Qt.Key.Key_6)
    line(engineer, page, "Which meter?", MOYO)
    asks(engineer, page, "How much money, in ZAR?")
    assert "allowance" in page.body.text()
    line(engineer, page, "How much money, in ZAR?", "12.50")
    line(engineer, page, "Which work order?", "C-9")
    line(engineer, page, "Why?", "storm")
    asks(engineer, page, "Who approves?")
    engineer.press(Qt.Key.Key_1)
    line(engineer, page, "The supervisor\u2019s PIN", "2468")
    asks(engineer, page, "Ready for the meter")
    (made,) = engineer.on.desk.engineering.made
    assert (made.fine, made.tenths) == (1_250_000, 0)


def test_an_old_meters_credit_waits_on_the_till_and_is_offered_first(engineer: Cashier) -> None:
    waiting = CreditWaiting(OLD, MOYO, "73.5", "73.5 kWh")
    engineer.on.desk.engineering.carry = waiting
    engineer.type(MOYO)
    engineer.enter()
    engineer.reach(Sale.AMOUNT)
    badges = [each.text() for each in engineer.till.findChildren(QLabel) if each.isVisible()]
    assert "Old meter\u2019s credit: 73.5 kWh \u00b7 F10, 8" in badges
    page = desk_page(engineer)
    asks(engineer, page, "What did the old meter still show?")
    assert page.field.text() == "73.5"
    engineer.enter()
    line(engineer, page, "Which work order?", "C-9")
    line(engineer, page, "Why?", "burned")
    asks(engineer, page, "Who approves?")
    engineer.press(Qt.Key.Key_1)
    line(engineer, page, "The supervisor\u2019s PIN", "2468")
    asks(engineer, page, "Ready for the meter")
    (made,) = engineer.on.desk.engineering.made
    assert (made.act, made.from_drn, made.drn, made.tenths) == ("exchange", OLD, MOYO, 735)


def test_a_power_limit_for_the_meter_on_the_till_by_keyboard_alone(engineer: Cashier) -> None:
    engineer.type(MOYO)
    engineer.enter()
    engineer.reach(Sale.AMOUNT)
    page = desk_page(engineer)
    asks(engineer, page, "What is to be done?")
    engineer.press(Qt.Key.Key_1)
    asks(engineer, page, "Which meter?")
    assert page.field.text() == MOYO
    engineer.enter()
    asks(engineer, page, "How much?")
    assert [button.text() for button in page.answers][3] == "20 A · 4,600 W"
    engineer.press(Qt.Key.Key_4)
    line(engineer, page, "Which work order?", "WO-1")
    line(engineer, page, "Why?", "new breaker")
    asks(engineer, page, "Make this token?")
    engineer.enter()
    asks(engineer, page, "Ready for the meter")
    (made,) = engineer.on.desk.engineering.made
    assert (made.facts["watts"], made.work_order, made.operator) == (4600, "WO-1", "sipho")
    assert page.token.accessibleName().replace(" ", "").endswith(DIGITS) or made.tokens
    engineer.press(Qt.Key.Key_F9)
    engineer.sees(lambda: "engineering reprint sipho" in engineer.on.desk.calls)
    engineer.enter()
    asks(engineer, page, "What is to be done?")


def test_a_code_from_elsewhere_takes_the_place_of_the_pin(engineer: Cashier) -> None:
    page = desk_page(engineer)
    asks(engineer, page, "What is to be done?")
    engineer.press(Qt.Key.Key_6)
    line(engineer, page, "Which meter?", MOYO)
    line(engineer, page, "How many units?", "50")
    line(engineer, page, "Which work order?", "C-9")
    line(engineer, page, "Why?", "storm")
    asks(engineer, page, "Who approves?")
    engineer.press(Qt.Key.Key_1)
    asks(engineer, page, "The supervisor\u2019s PIN")
    assert page.field.echoMode() is QLineEdit.EchoMode.Password
    engineer.press(Qt.Key.Key_F5)
    asks(engineer, page, "The supervisor\u2019s code")
    assert page.request.text().startswith("3 / A000004 / free-issue")
    engineer.type("00000000")
    engineer.enter()
    engineer.sees(lambda: "Tries left: 4" in page.notice.words())
    engineer.type(CODE)
    engineer.enter()
    asks(engineer, page, "Ready for the meter")
    (made,) = engineer.on.desk.engineering.made
    assert (made.request, made.approver, made.tenths) == ("A000004", "thandi", 500)


def test_a_cashier_sees_only_what_may_be_asked_for(cashier: Cashier) -> None:
    page = desk_page(cashier)
    asks(cashier, page, "What is to be done?")
    cashier.sees(lambda: len(page.answers) == 4)
    assert [button.text() for button in page.answers] == [
        "Ask your meter", "Free issue", "Replacement", "Others",
    ]  # fmt: skip


def test_escape_steps_back_to_the_till_and_nothing_was_made(engineer: Cashier) -> None:
    page = desk_page(engineer)
    asks(engineer, page, "What is to be done?")
    engineer.press(Qt.Key.Key_4)
    line(engineer, page, "Which meter?", MOYO)
    asks(engineer, page, "Which credit?")
    engineer.press(Qt.Key.Key_1)
    asks(engineer, page, "What does the meter still show?")
    for question in ("Which credit?", "Which meter?", "What is to be done?"):
        engineer.press(Qt.Key.Key_Escape)
        asks(engineer, page, question)
    engineer.press(Qt.Key.Key_Escape)
    engineer.sees(lambda: engineer.shell.pages.currentWidget() is engineer.till)
    assert engineer.on.desk.engineering.made == []


class Hand:
    """Somebody at the presenter on a real shop."""

    def __init__(self, folder: Path, who: str = "kwame", role: Role = Role.ENGINEER) -> None:
        self.shop = opened(make_shop(folder))
        self.slips: list[str] = []
        writer = DeskSlipWriter(load_words("en"), self.shop.desk.identity)

        def slip(made: DeskRecord, copy: int) -> object:
            written = writer.of(made, copy)
            self.slips.append(repr(written))
            return written

        ids = (f"act-{number}" for number in range(100))
        parts = EngineerParts(self.shop.desk, Queue(), slip, lambda: next(ids))  # type: ignore[arg-type]
        self.presenter = EngineerPresenter(parts, Operator(who, who.title(), role), self)
        self.presenter.begin()

    def show_screen(self, screen: EngineerScreen) -> None:
        assert screen.step in Step

    @property
    def screen(self) -> EngineerScreen:
        return self.presenter.screen

    def do(self, *answers: int | str) -> None:
        for answer in answers:
            if isinstance(answer, int):
                self.presenter.choose(answer)
            else:
                self.presenter.typed(answer)
                self.presenter.enter()

    def code(self) -> str:
        return "" if self.screen.problem is None else self.screen.problem.code


def test_on_a_real_shop_the_token_says_what_was_asked_for(tmp_path: Path) -> None:
    hand = Hand(tmp_path)
    hand.do(0, "99999999999")
    assert (hand.screen.step, bool(hand.code())) == (Step.METER, True)
    hand.do(HIGHVELD, 8, "lots")
    assert (hand.screen.step, hand.code()) == (Step.POWER, "power-unreadable")
    hand.do("3x40A", "WO-1", "...")
    assert (hand.screen.step, hand.code()) == (Step.REASON, "reason-missing")
    hand.do("new breaker")
    assert hand.screen.step is Step.CONFIRM
    hand.presenter.enter()
    made = hand.screen.made
    assert made is not None
    meter = hand.shop.ledger.meter(HIGHVELD)
    assert meter is not None
    token = hand.shop.desk.engine.read(made.tokens[0].digits, meter)
    assert isinstance(token, MaxPowerLimit)
    assert token.watts == 27_604
    hand.shop.close()


def test_on_a_real_shop_a_cashier_and_a_supervisor_elsewhere_replace_a_token(
    tmp_path: Path,
) -> None:
    hand = Hand(tmp_path, "ama", Role.CASHIER)
    desk = hand.shop.desk
    raw = desk.approvals.enrol("grace", PINS["grace"], "joseph", PINS["joseph"])
    sale = desk.sell(order(hand.shop, HIGHVELD, 5000))
    hand.do(2, sale.receipt, 1)
    assert hand.screen.advice is not None
    assert (hand.screen.step, hand.screen.advice.advice.value) == (Step.ADVICE, "reprint")
    hand.presenter.enter()
    assert hand.screen.step is Step.ACT
    desk.reprint(sale.receipt, "lost", "ama")
    hand.do(2, sale.receipt, 1)
    hand.presenter.enter()
    hand.do("C-1", "meter refuses", 0)
    hand.presenter.ask_elsewhere()
    request = hand.screen.request
    assert request is not None
    hand.do("12345678")
    assert (hand.screen.step, hand.code()) == (Step.CODE, "approval-wrong")
    hand.do(read_secret(raw).approve(request))
    made = hand.screen.made
    assert made is not None
    assert (made.act, made.approval, made.for_receipt) == (
        DeskAct.REPLACEMENT.value, "code", sale.receipt,
    )  # fmt: skip
    meter = hand.shop.ledger.meter(HIGHVELD)
    assert meter is not None
    token = desk.engine.read(made.tokens[0].digits, meter)
    assert isinstance(token, CreditToken)
    assert token.tenths == sale.tenths
    hand.shop.close()


def test_an_exchange_asks_for_both_meters_and_a_pin(tmp_path: Path) -> None:
    hand = Hand(tmp_path)
    home = hand.shop.ledger.meter(HIGHVELD)
    assert home is not None
    others = (hand.shop.ledger.meter(hit.drn) for hit in hand.shop.ledger.search("a", 60))
    spare = next(
        each.drn for each in others if each and each.utility == home.utility and each != home
    )
    hand.do(7, HIGHVELD, spare, "5000")
    assert (hand.screen.step, hand.code()) == (Step.CREDIT, "grant-too-large")
    hand.do("73.5", "WO-9", "burned", 0, "9999")
    assert (hand.screen.step, hand.code()) == (Step.PIN, "pin-wrong")
    hand.do(PINS[hand.screen.approver.id] if hand.screen.approver else "")
    made = hand.screen.made
    assert made is not None
    assert (made.drn, made.from_drn, made.tenths) == (spare, HIGHVELD, 735)
    hand.shop.close()


@pytest.mark.parametrize("number", range(8))
def test_every_act_can_be_left_at_every_step(tmp_path: Path, number: int) -> None:
    hand = Hand(tmp_path)
    sale = hand.shop.desk.sell(order(hand.shop, HIGHVELD, 5000))
    lines = {
        Step.METER: HIGHVELD, Step.OLD_METER: HIGHVELD, Step.NEW_METER: HIGHVELD,
        Step.LOST: "0", Step.UNITS: "5", Step.RECEIPT: sale.receipt, Step.ORDER: "W",
        Step.REASON: "because",
    }  # fmt: skip
    hand.do(number)
    for _ in range(8):
        step = hand.screen.step
        if step in lines:
            hand.do(lines[step])
        elif step in {Step.PRESET, Step.REGISTER, Step.TESTS, Step.SAYS, Step.APPROVER}:
            hand.do(0)
    while hand.screen.step is not Step.ACT:
        assert hand.presenter.back()
    assert not hand.presenter.back()
    assert hand.shop.desk.engineering.listed() == ()
    hand.shop.close()
