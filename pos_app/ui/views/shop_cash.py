"""The shop's shifts and batches for a supervisor."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QShowEvent

from pos_app.application.shift_records import OpenBatch, ShiftNow, ShiftReport
from pos_app.domain.money import Money
from pos_app.domain.shift import currencies, found_takings
from pos_app.ui.look import Look
from pos_app.ui.presenters.shop_cash import (
    DEEDS,
    TYPED,
    Choice,
    ShopCashPresenter,
    ShopCashScreen,
    Step,
)
from pos_app.ui.views.question import QuestionPage
from pos_app.ui.widgets.slip_view import SlipPainter

_FREE: Final = frozenset({Step.LOADING, Step.LIST, Step.DONE})


class ShopCashPage(QuestionPage):
    """Who has a shift open, which counts wait, what is in the batches."""

    def __init__(self, look: Look, painter: SlipPainter) -> None:
        super().__init__(look, painter, look.words("shopcash.print"))
        self._presenter: ShopCashPresenter | None = None
        self.build()
        self.again.hide()

    def attach(self, presenter: ShopCashPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        self.listen(presenter, presenter.print_again)

    def under_way(self) -> bool:
        """Tell whether a swiped card would drop something: a shift or batch that was chosen."""
        return self._presenter is not None and self._presenter.screen.step not in _FREE

    def showEvent(self, event: QShowEvent) -> None:
        """Read anew whenever the page is opened."""
        super().showEvent(event)
        self.restart()
        if self._presenter is not None:
            self._presenter.begin()

    def show_screen(self, screen: ShopCashScreen) -> None:
        """Draw the question, what was typed, the paper and what happened."""
        words, step = self._look.words, screen.step
        chosen = screen.chosen
        self.about_line.setText(self._said(chosen, screen) if chosen is not None else "")
        done = step is Step.DONE
        self.title.setText(words(f"shopcash.done-{screen.done}" if done else self._asked(screen)))
        code = screen.currency.code if screen.currency else ""
        self.body.setText(words(f"shopcash.body-{step}", code=code))
        self.body.setVisible(bool(self.body.text()))
        self.show_answers(self._answers(screen))
        field = self.field if step in TYPED else None
        self.show_field(field, screen.typed, wrong=screen.wrong, hidden=step is Step.PIN)
        self.paper.show_slip(screen.slip, draft=not done)
        top = step in {Step.LOADING, Step.LIST}
        self.back.set_words(words("shopcash.shift" if top else "shopcash.back"))
        acts = step in TYPED or done
        self.act.setVisible(acts)
        self.act.set_words(words(f"shopcash.act-{step}") if acts else "")
        self.notice.say(self._look.say(screen.problem) if screen.problem else "")
        self.focus_on(f"{step} {screen.at} {screen.first}")

    def _asked(self, screen: ShopCashScreen) -> str:
        empty = screen.step is Step.LIST and not screen.choices
        return "shopcash.ask-nothing" if empty else f"shopcash.ask-{screen.step}"

    def _answers(self, screen: ShopCashScreen) -> tuple[str, ...]:
        if screen.step is Step.LIST:
            shown = tuple(self._said(each, screen) for each in screen.page)
            more = self._look.words("shopcash.more", n=len(screen.choices))
            return (*shown, more) if screen.turns else shown
        if screen.step is Step.ONE:
            return tuple(self._look.words(f"shopcash.deed-{deed}") for deed in DEEDS)
        return ()

    def _said(self, choice: Choice, screen: ShopCashScreen) -> str:
        words = self._look.words
        if isinstance(choice, OpenBatch):
            cash = [found_takings(choice.tallies, each) for each in currencies(choice.tallies)]
            facts = {"number": choice.row.number, "cash": self._sums(cash)}
            return words(f"shopcash.batch-{choice.row.level}", **facts)
        name = screen.names.get(choice.operator, choice.operator)
        facts = {"number": getattr(choice, "shift", 0), "name": name}
        if isinstance(choice, ShiftReport):
            off = [line.variance for line in choice.drawer if line.variance is not None]
            return words("shopcash.off", difference=self._sums(off), **facts)
        return self._open(choice, facts)

    def _open(self, now: ShiftNow, facts: dict[str, object]) -> str:
        since, total = self._look.figures.time(now.opened_ms), self._sums(list(now.totals))
        return self._look.words("shopcash.open", since=since, total=total or "0", **facts)

    def _sums(self, amounts: list[Money]) -> str:
        return " + ".join(self._look.figures.coded(each) for each in amounts) or "0"
