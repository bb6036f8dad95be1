"""Sign-in, sales of the day, settings and status, without a window."""

from __future__ import annotations

import pytest

from pos_app.application.printing import PrinterSettings, PrintOutcome, PrintState, Transport
from pos_app.application.records import Operator, TillStatus
from pos_app.application.settings import Settings, Theme
from pos_app.application.slip.layout import Slip, Text
from pos_app.ui.presenters.desk import Slips
from pos_app.ui.presenters.sales import SalesPresenter, SalesScreen
from pos_app.ui.presenters.settings import SettingsPresenter, SettingsScreen
from pos_app.ui.presenters.sign_in import SignInPresenter, SignInScreen
from pos_app.ui.presenters.status import StatusPresenter
from tests.ui.fake_choices import FakeChoices
from tests.ui.fake_desk import OPERATORS, FakeDesk, make_desk
from tests.ui.hand import Queue, Till


class Pictures:
    """Takes any screen."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    def show_screen(self, screen: SignInScreen | SalesScreen | SettingsScreen) -> None:
        self.seen.append(screen)


class Counter:
    def __init__(self) -> None:
        self.desk, self.signed = make_desk(), list[Operator]()
        self.seconds = 50.0
        self.presenter = SignInPresenter(
            self.desk, Queue(), Pictures(), self.signed.append, lambda: self.seconds
        )
        self.presenter.begin()

    def type(self, text: str) -> None:
        for letter in text:
            self.presenter.key(letter)

    @property
    def screen(self) -> SignInScreen:
        return self.presenter.screen


def test_a_number_a_pin_and_an_enter_sign_in() -> None:
    counter = Counter()
    counter.type("21234")
    counter.presenter.back()
    counter.type("4321")
    counter.presenter.enter()
    assert [one.id for one in counter.signed] == ["kofi"]


def test_a_name_finds_its_tile_and_enter_takes_it() -> None:
    counter = Counter()
    counter.type("than")
    assert [one.id for one in counter.screen.shown] == ["thandi"]
    counter.presenter.enter()
    counter.type("2468")
    counter.presenter.enter()
    assert counter.signed[0].id == "thandi"


def test_arrows_move_the_ring_over_the_names() -> None:
    counter = Counter()
    counter.presenter.move(1)
    counter.presenter.move(1)
    counter.presenter.enter()
    assert counter.screen.chosen == OPERATORS[2]


def test_a_wrong_pin_is_forgotten_and_told() -> None:
    counter = Counter()
    counter.type("19999")
    counter.presenter.enter()
    assert counter.signed == []
    assert counter.screen.pin_length == 0
    assert counter.screen.problem is not None
    assert counter.screen.problem.facts == {"tries_left": 4}


def test_a_locked_pin_counts_down_and_is_forgotten_when_it_opens() -> None:
    counter = Counter()
    counter.desk.tries = 0
    counter.type("11234")
    counter.presenter.enter()
    left = []
    for second in (50.4, 51.0, 79.9, 80.0):
        counter.seconds = second
        counter.presenter.tick()
        problem = counter.screen.problem
        left.append(problem.facts["seconds"] if problem else None)
    assert left == [30, 29, 1, None]
    counter.desk.tries = 5
    counter.type("9999")
    counter.presenter.enter()
    counter.presenter.tick()
    assert counter.screen.problem is not None
    assert counter.screen.problem.code == "pin-wrong"


def test_a_pin_is_nowhere_in_what_is_shown() -> None:
    counter = Counter()
    counter.type("1")
    counter.type("1234")
    assert counter.screen.pin_length == 4
    assert "1234" not in repr(counter.screen)


class Day:
    """Three sales of the day on the list."""

    def __init__(self, *, printer_works: bool = True) -> None:
        till = Till()
        till.desk.printer_works = printer_works
        for drn in ("07124482166", "02211340558", "07124484821"):
            till.desk.now_ms += 60_000
            till.to_tender(drn, "150")
            till.enter()
        self.desk, self.pictures = till.desk, Pictures()
        slips = Slips(
            draft=lambda _card, _answer, _received, _who: Slip("draft", ()),
            of=lambda sale, copy: Slip(sale.receipt, (Text(f"copy {copy}"),)),
        )
        self.presenter = SalesPresenter(self.desk, Queue(), slips, OPERATORS[0], self.pictures)
        self.presenter.begin()

    @property
    def screen(self) -> SalesScreen:
        return self.presenter.screen


def test_the_newest_sale_is_chosen_and_its_copy_in_view() -> None:
    day = Day()
    assert day.screen.rows is not None
    assert day.screen.rows[0].drn == "07124484821"
    assert day.screen.slip == Slip("3-A000144", (Text("copy 1"),))


def test_searching_arrow_reason_prints_a_copy_of_the_chosen_sale() -> None:
    day = Day()
    day.presenter.move(1)
    day.presenter.print_again()
    assert day.screen.asking
    day.presenter.reason(0)
    assert "reprint 3-A000143 lost" in day.desk.calls
    assert day.screen.printed == ("3-A000143", 1)
    assert day.screen.row is not None
    assert (day.screen.row.receipt, day.screen.row.copies) == ("3-A000143", 1)
    assert day.screen.slip == Slip("3-A000143", (Text("copy 2"),))


def test_a_failed_slip_is_retried_without_a_reason() -> None:
    day = Day(printer_works=False)
    day.presenter.print_again()
    assert not day.screen.asking
    assert "print_again 3-A000144" in day.desk.calls
    assert day.screen.printed == ("3-A000144", 0)


def test_a_search_without_hits_has_no_slip_and_nothing_to_print() -> None:
    day = Day()
    day.presenter.typed("nobody")
    assert day.screen.rows == ()
    assert day.screen.slip is None
    day.presenter.print_again()
    assert not day.screen.asking
    assert day.presenter.back()
    assert day.screen.rows != ()
    assert not day.presenter.back()


class Desktop:
    def __init__(self) -> None:
        self.choices, self.kept = FakeChoices(), list[Settings]()
        self.queue = Queue()
        self.presenter = SettingsPresenter(self.choices, self.queue, Pictures(), self.kept.append)


def test_nothing_is_kept_before_it_is_kept() -> None:
    desktop = Desktop()
    desktop.presenter.choose(language="ja", theme=Theme.DARK)
    desktop.presenter.choose_printer(paper_mm=58)
    assert desktop.choices.kept.language == "en"
    desktop.presenter.keep()
    assert desktop.choices.kept.language == "ja"
    assert desktop.kept[0].printer.paper_mm == 58


def test_the_printer_is_asked_with_what_is_chosen() -> None:
    desktop = Desktop()
    asked: list[PrinterSettings] = []

    def probe(printer: PrinterSettings) -> PrintOutcome:
        asked.append(printer)
        return PrintOutcome(PrintState.FAILED, "unreachable")

    desktop.choices.probe = probe  # type: ignore[method-assign]
    desktop.presenter.choose_printer(transport=Transport.USB, address="04b8:0e15")
    desktop.presenter.probe()
    assert asked[0].transport is Transport.USB
    assert desktop.presenter.screen.outcome == PrintOutcome(PrintState.FAILED, "unreachable")
    desktop.presenter.choose_printer(address="04b8:0202")
    assert desktop.presenter.screen.outcome is None


@pytest.mark.parametrize("held", [False, True])
def test_the_status_is_asked_once_at_a_time(*, held: bool) -> None:
    desk: FakeDesk = make_desk()
    queue, shown = Queue(held=held), list[TillStatus]()
    status = StatusPresenter(desk, queue, shown.append)
    status.refresh()
    status.refresh()
    queue.work()
    assert desk.calls.count("status") == (1 if held else 2)
    assert shown[-1].allowance_percent == 61
