"""One customer: who it is, what it costs, what is handed over."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.application.records import MeterCard, QuoteAnswer
from pos_app.domain.tender import cash_due
from pos_app.ui.look import Look
from pos_app.ui.presenters.till_screen import Place, Step, TillScreen
from pos_app.ui.presenters.typed import named_no_money
from pos_app.ui.theme.sheet import restate
from pos_app.ui.views.till_again import DuplicatePanel
from pos_app.ui.views.till_money import NOTHING_YET, MoneyPanel
from pos_app.ui.widgets.badges import BadgeRow
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.labels import ElidedLabel, label, sentence
from pos_app.ui.widgets.notice import Notice


class CardPanel(QWidget):
    """Name, street and the last four digits: what the cashier says and the customer nods at."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        tokens = look.tokens
        self._name = ElidedLabel("big")
        self._number = label("", "big")
        self._address = ElidedLabel("quiet")
        self._badges = BadgeRow(tokens.gap)
        top = QHBoxLayout()
        top.setSpacing(tokens.gutter)
        top.addWidget(self._name, 1)
        top.addWidget(self._number)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.px(2))
        column.addLayout(top)
        column.addWidget(self._address)
        column.addSpacing(tokens.px(6))
        column.addWidget(self._badges)

    def show_card(self, card: MeterCard) -> None:
        """Show whose meter it is."""
        words, figures = self._look.words, self._look.figures
        self._name.set_whole(card.meter.name or figures.grouped(card.meter.drn))
        self._number.setText(figures.last_four(card.meter.drn))
        self._address.set_whole(card.meter.address)
        month = figures.units(int(card.bought_this_month * 10), card.unit)
        badges = [(card.tariff_name, ""), *self._due(card), (words("till.month", units=month), "")]
        if card.key_tokens:  # what to be ready for comes before what is past
            badges.append((words("keychange.badge", n=card.key_tokens), "look"))
        elif card.purchases:
            past = card.purchases[0]
            day = figures.day(past.at_ms)
            badges.append((words("till.last", day=day, money=figures.money(past.total)), ""))
        elif not card.meter.blocked:  # one that may not buy has no first sale to come
            badges.append((words("till.first-sale"), ""))
        self._badges.show_badges(badges)

    def _due(self, card: MeterCard) -> Iterator[tuple[str, str]]:
        """Return what waits for the customer: credit of an old meter, debts, free units."""
        words, figures = self._look.words, self._look.figures
        if card.carry is not None:
            yield words("meterlife.carry", credit=card.carry.text), "look"
        if card.owed is not None:
            yield words("till.owes", money=figures.money(card.owed)), "look"
        if card.free_due is not None:
            units = figures.units(int(card.free_due * 10), card.unit)
            yield words("till.free-due", units=units), "done"


class SalePanel(QWidget):
    """The card, the amount with its quote, the cash; facts stand beside the field they are of."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.several = False  # whether this till sells in more than one currency
        tokens, words = look.tokens, look.words
        self.card = CardPanel(look)
        self.amount = Entry(tokens, words("till.amount"), amounts=True)
        self._caption = label(words("till.amount"), "caption")
        self._units, self._days = label("", "big"), label("", "big-quiet")
        self._pays = label(words("till.units"), "caption")
        self._lasts = label(words("till.days"), "caption")
        self._remark = sentence("quiet")
        self._stopped = Notice(tokens)
        self._amount_notice = Notice(tokens)
        self.cash = MoneyPanel(look, self._grid())
        self.received, self.accept = self.cash.received, self.cash.accept
        self.notes = self.cash.notes
        self.duplicate = DuplicatePanel(look)
        self._lower = QStackedWidget()
        self._money = QWidget()
        self._build()

    def _build(self) -> None:
        tokens = self._look.tokens
        column = QVBoxLayout(self)
        column.setContentsMargins(0, tokens.px(10), 0, 0)
        column.setSpacing(0)
        column.addWidget(self.card)
        column.addSpacing(tokens.px(6))
        column.addStretch(1)
        column.addWidget(self._stopped)
        column.addWidget(self._money)
        column.addStretch(5)
        money = QVBoxLayout(self._money)
        money.setContentsMargins(0, 0, 0, 0)
        money.setSpacing(tokens.px(10))
        money.addLayout(self._amount_row())
        self._lower.addWidget(self.cash)
        self._lower.addWidget(self.duplicate)
        money.addWidget(self._lower)

    def _grid(self) -> QGridLayout:
        tokens = self._look.tokens
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(tokens.gutter)
        grid.setVerticalSpacing(tokens.px(4))
        grid.setColumnMinimumWidth(0, tokens.px(232))
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 2)
        return grid

    def _amount_row(self) -> QGridLayout:
        grid = self._grid()
        self.amount.setFixedWidth(self._look.tokens.px(232))
        grid.addWidget(self._caption, 0, 0)
        grid.addWidget(self._pays, 0, 1)
        grid.addWidget(self._lasts, 0, 2)
        grid.addWidget(self.amount, 1, 0)
        grid.addWidget(self._units, 1, 1)
        grid.addWidget(self._days, 1, 2)
        grid.addWidget(self._amount_notice, 0, 1, 2, 2)
        grid.addWidget(self._remark, 2, 0, 1, 3)
        self._remark.setMinimumHeight(self._look.tokens.px(21))
        return grid

    def show_screen(self, screen: TillScreen) -> None:
        """Draw the customer and the money."""
        card = screen.card
        if card is None:
            return
        self.card.show_card(card)
        stopped = screen.step is Step.STOPPED
        self._money.setVisible(not stopped)
        reason = self._look.words("till.blocked", reason=card.meter.blocked) if stopped else ""
        self._stopped.say(reason)
        self._caption.setText(self._look.words("till.amount.code", code=card.currency.code))
        self._show_amount(screen, card)
        self.cash.several = self.several
        self.cash.show_screen(screen, card)
        self.duplicate.show_screen(screen)
        self._lower.setCurrentIndex(1 if screen.step is Step.DUPLICATE else 0)

    def _show_amount(self, screen: TillScreen, card: MeterCard) -> None:
        self.amount.set_typed(screen.amount)
        refused = screen.at_fault is Place.AMOUNT and screen.problem is not None
        restate(self.amount, state="stop" if refused else "")
        self._amount_notice.say(
            self._look.say(screen.problem) if screen.problem and refused else ""
        )
        for part in (self._pays, self._lasts, self._units, self._days):
            part.setVisible(not refused)
        self._show_quote(screen.answer, card, in_units=named_no_money(screen.amount))
        self._remark.setText(self._remark_of(screen, card))
        # What went wrong with the money needs the room more.
        self._remark.setVisible(screen.at_fault not in (Place.RECEIVED, Place.REFERENCE))
        warned = screen.answer is not None and screen.answer.fewer > 0
        restate(self._remark, state="look" if warned else "")

    def _show_quote(self, answer: QuoteAnswer | None, card: MeterCard, *, in_units: bool) -> None:
        words, figures = self._look.words, self._look.figures
        if answer is None:
            self._units.setText(NOTHING_YET)
            self._days.setText(NOTHING_YET)
            return
        if in_units:
            self._pays.setText(words("till.pays"))
            self._units.setText(figures.money(cash_due(answer.quote.total)))
        else:
            self._pays.setText(words("till.units"))
            tenths = answer.quote.tenths or answer.quote.free_tenths
            self._units.setText(f"{figures.exact_units(tenths)} {card.unit}")
        days = answer.days
        self._days.setText(NOTHING_YET if days is None else words("till.days.about", n=days))

    def _remark_of(self, screen: TillScreen, card: MeterCard) -> str:
        words, figures = self._look.words, self._look.figures
        answer = screen.answer
        if screen.remark is not None and screen.problem is None:
            return self._look.say(screen.remark)
        if answer is None:
            return ""
        if answer.pace is not None:
            units = figures.units(answer.quote.tenths, card.unit)
            pace = figures.units(answer.pace.per_day(), card.unit)
            return words("till.days.pace", units=units, pace=pace)
        if answer.fewer <= 0 or answer.compared_at_ms is None:
            return self._edge_of(answer, card)
        why = answer.why[0] if answer.why else ""
        key = f"till.fewer.{why}" if words.has(f"till.fewer.{why}") else "till.fewer"
        units = figures.units(answer.fewer, card.unit)
        day = figures.day(answer.compared_at_ms)
        return words(key, units=units, day=day, block=answer.block or 0)

    def _edge_of(self, answer: QuoteAnswer, card: MeterCard) -> str:
        """Return how much more buys at this price, where the block's end is near."""
        words, figures, edge = self._look.words, self._look.figures, answer.edge
        if edge is None:
            return ""
        money = figures.money(edge.left)
        if edge.next_price is None:
            return words("till.edge-last", money=money)
        return words(
            "till.edge", money=money, price=figures.number(edge.next_price), unit=card.unit
        )
