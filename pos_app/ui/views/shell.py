"""One operator's window: the till, and the pages behind F9 and F10.

Pages other than the till are made when they are first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from pos_app.application.meter_card import CardFound
from pos_app.application.printing import Transport
from pos_app.application.records import Operator, TillStatus
from pos_app.application.settings import Settings
from pos_app.domain.errors import PosError
from pos_app.ui.counter import Counter, Front
from pos_app.ui.look import Look
from pos_app.ui.presenters.desk import TillParts
from pos_app.ui.presenters.status import StatusPresenter
from pos_app.ui.presenters.till import TillPresenter
from pos_app.ui.presenters.till_screen import BUSY, Step
from pos_app.ui.tasks import Lease
from pos_app.ui.views.clock_stop import ClockStopPage
from pos_app.ui.views.frame import Footer, Header
from pos_app.ui.views.till import TillPage
from pos_app.ui.widgets.over import NoticeOver

if TYPE_CHECKING:
    from pos_app.ui.views.shell_pages import PageParts

REFRESH_MS = 1_000
STATUS_EVERY = 5
_EVERYBODYS = frozenset({"till", "clock"})
"""Pages that are the same whoever is signed in."""
_SALE_ON_SCREEN = (*BUSY, Step.RESULT, Step.REASON)


class Shell(QWidget):
    """The signed-in window."""

    locked = Signal()
    settings_changed = Signal(object)  # Settings, after they were saved
    switched = Signal(object)  # Operator, who took over

    def __init__(  # noqa: PLR0913, PLR0917 - what a window stands on, built in one place
        self,
        front: Front,
        counter: Counter,
        tasks: Lease,
        look: Look,
        operator: Operator,
        settings: Settings,
    ) -> None:
        super().__init__()
        self._front, self._counter, self._tasks, self._look = front, counter, tasks, look
        self._operator = operator
        self._beats = 0
        self.header, self.footer = Header(look, counter.identity), Footer(look)
        self.header.show_operator(operator)
        self._has_printer = settings.printer.transport is not Transport.NONE
        self._painter = counter.painter(settings.printer.paper_mm)
        self.till = TillPage(look, self._painter, printer=self._has_printer)
        self.pages = QStackedWidget()
        self.card_notice = NoticeOver(look.tokens, self, self.footer)
        self._made: dict[str, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.pages, 1)
        column.addWidget(self.footer)
        self._status = StatusPresenter(counter.desk, tasks.ledger, self._show_status)
        self._presenter = self._start_till()
        self.open_page("till")
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._beat)
        self._timer.start(REFRESH_MS)
        self.header.show_time(front.now_ms())
        self._status.refresh()

    def _start_till(self) -> TillPresenter:
        counter = self._counter
        parts = TillParts(
            counter.desk,
            self._tasks.ledger,
            counter.slips,
            counter.seconds,
            counter.new_id,
            self._tasks.io,
        )
        presenter = TillPresenter(parts, self._operator, self.till)
        presenter.changed = self._status.refresh
        self.till.sales_wanted.connect(lambda: self.open_page("sales"))
        self.till.more_wanted.connect(lambda: self.open_page("more"))
        self.till.switch_wanted.connect(lambda: self.open_page("switch"))
        self.header.operator_pressed.connect(lambda: self.open_page("switch"))
        self.till.check_wanted.connect(lambda: self.open_page("check"))
        self.till.record_wanted.connect(self._open_record)
        self.till.attach(presenter)
        return presenter

    def open_page(self, name: str) -> None:
        """Show the page with this name; ``lock`` ends the session."""
        if self.step in BUSY:
            return  # a sale on its way is shown before anything else
        if name == "lock":
            self.locked.emit()
            return
        page = self._made.get(name)
        if page is None:
            page = self._made[name] = self._make(name)
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        if name == "till":
            self.till.focus_place()
        elif name in {"check", "record", "engineer"}:
            self._about_the_customer(page)

    def _make(self, name: str) -> QWidget:
        own: dict[str, Callable[[], QWidget]] = {
            "till": lambda: self.till,
            "record": self._make_record,
            "clock": self._make_clock,
            "switch": self._make_switch,
        }
        if name in own:
            return own[name]()
        from pos_app.ui.views.shell_pages import make_page  # noqa: PLC0415 - off the way to a sale

        return make_page(name, self._parts())

    def _parts(self) -> PageParts:
        from pos_app.ui.views.shell_pages import PageParts  # noqa: PLC0415 - as above

        return PageParts(
            self._front,
            self._counter,
            self._tasks,
            self._look,
            self._painter,
            self._operator,
            self._status.refresh,
            self.open_page,
            self.locked.emit,
            self.settings_changed.emit,
            self._open_redress,
        )

    def take_card(self, track: str) -> None:
        """Find the meter of a swiped card, whatever page is open.

        A sale on its way is let be, and so is a page that says something is `under_way` there.
        """
        if self.step in BUSY:
            return
        desk = self._counter.desk
        self._tasks.ledger(lambda: desk.find_card(track), self._card_found, self._card_refused)

    def _card_found(self, found: CardFound) -> None:
        words, page = self._look.words, self.pages.currentWidget()
        under_way = getattr(page, "under_way", None)
        if callable(under_way) and under_way():
            self.card_notice.say(words("card.kept"), "look")
            return
        what = ", ".join(words(f"card.{name}") for name in found.differs)
        self.card_notice.say(words("card.differs", what=what) if what else "", "look")
        about = getattr(page, "about_meter", None)
        if callable(about):
            about(found.drn)
        elif self.step is not Step.COMMITTING:
            self.open_page("till")
            self._presenter.scanned(found.drn)

    def _card_refused(self, error: BaseException) -> None:
        if not isinstance(error, PosError):
            raise error
        self.card_notice.say(self._look.say(error), "stop")

    def _open_redress(self, receipt: str) -> None:
        from pos_app.ui.views.redress import RedressPage  # noqa: PLC0415 - as above

        page = self._made.get("redress") or self._make("redress")
        if isinstance(page, RedressPage):
            page.about(receipt)
        self._made["redress"] = page
        self.pages.addWidget(page)
        self.open_page("redress")

    def _make_record(self) -> QWidget:
        from pos_app.ui.presenters.record import RecordPresenter  # noqa: PLC0415 - as above
        from pos_app.ui.views.record import RecordPage  # noqa: PLC0415 - as above

        page = RecordPage(self._look, self._operator)
        desk = self._counter.desk
        page.attach(RecordPresenter(desk, self._tasks.ledger, self._operator, page))
        page.left.connect(self._leave_record)
        return page

    def _open_record(self) -> None:
        screen = self._presenter.screen
        if screen.card is None and screen.sale is None:
            self.card_notice.say(self._look.words("meterlife.find"), "look")
        else:
            self.open_page("record")

    def _leave_record(self) -> None:
        """Go back to the till; the meter that was found is read anew, it may be blocked now."""
        card = self._presenter.screen.card
        self.open_page("till")
        if card is not None and self._presenter.screen.sale is None:
            self._presenter.scanned(card.meter.drn)

    def _about_the_customer(self, page: QWidget) -> None:
        """Start a check with the meter that stands on the till."""
        screen = self._presenter.screen
        drn = screen.card.meter.drn if screen.card is not None else ""
        if screen.sale is not None:
            drn = screen.sale.meter.drn
        about = getattr(page, "about_meter", None)
        if callable(about):
            about(drn)

    def _make_clock(self) -> QWidget:
        counter = self._counter
        page = ClockStopPage(self._look, counter.desk, self._tasks.ledger, counter.seconds)
        page.settled.connect(self._status.refresh)
        page.locked.connect(self.locked)
        return page

    def _make_switch(self) -> QWidget:
        from pos_app.ui.presenters.sign_in import SignInPresenter  # noqa: PLC0415 - as above
        from pos_app.ui.views.sign_in import SignInPage  # noqa: PLC0415 - as above

        counter = self._counter
        page = SignInPage(self._look, counter.pins, leaves=True)
        page.left.connect(lambda: self._switched(self._operator))
        run = self._tasks.ledger
        presenter = SignInPresenter(counter.desk, run, page, self._switched, counter.seconds)
        presenter.instead_of = self._operator.id
        page.attach(presenter)
        return page

    def _switched(self, operator: Operator) -> None:
        """Go on as `operator`; the sale on the screen stays.

        Every other page goes: it was made for the rights of the one before.
        """
        same = operator == self._operator
        gone = ["switch"] if same else [name for name in self._made if name not in _EVERYBODYS]
        for name in gone:
            page = self._made.pop(name)
            self.pages.removeWidget(page)
            page.deleteLater()
        self.open_page("till")
        if same:
            return
        self._operator = operator
        self.header.show_operator(operator)
        self._presenter.take_over(operator)
        self.switched.emit(operator)

    def _show_status(self, status: TillStatus) -> None:
        now = self._front.now_ms()
        self.footer.show_status(status, now, printer=self._has_printer)
        self.till.deal_in({s.total.currency.code for s in (*status.today, *status.waiting)})
        stopped = self.pages.currentWidget() is self._made.get("clock")
        if status.clock_problem and self._presenter.screen.step not in _SALE_ON_SCREEN:
            self.open_page("clock")
            page = self._made["clock"]
            if isinstance(page, ClockStopPage):
                page.show_stop(status.clock_problem, now)
        elif stopped and not status.clock_problem:
            self.open_page("till")

    @property
    def step(self) -> Step:
        """Where the sale on the till stands."""
        return self._presenter.screen.step

    def refresh_now(self) -> None:
        """Ask for the state of the slip, the numbers and the time at once."""
        self.header.show_time(self._front.now_ms())
        self._presenter.refresh()
        self._status.refresh()

    def _beat(self) -> None:
        self.header.show_time(self._front.now_ms())
        self._presenter.refresh()
        self._beats += 1
        if self._beats % STATUS_EVERY == 0:
            self._status.refresh()

    def rest(self) -> None:
        """Stop asking; the window is about to go."""
        self._timer.stop()
