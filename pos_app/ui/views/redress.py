"""Putting a sale right: the question at the left, the slip that will be signed at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent

from pos_app.ui.look import Look
from pos_app.ui.presenters.redress import RedressPresenter
from pos_app.ui.presenters.redress_screen import FATES, KINDS, TYPED, RedressScreen, Step
from pos_app.ui.views.question import QuestionPage
from pos_app.ui.widgets.buttons import press
from pos_app.ui.widgets.elsewhere import phone_key, request_line, said_request
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.labels import label
from pos_app.ui.widgets.slip_view import SlipPainter
from pos_app.ui.widgets.token_view import TokenView


class RedressPage(QuestionPage):
    """What the customer gets, why, what became of the token, who approves; then the slip."""

    def __init__(self, look: Look, painter: SlipPainter) -> None:
        super().__init__(look, painter, look.words("uiredress.print"))
        self._presenter: RedressPresenter | None = None
        self._receipt = ""
        self.found, self.money = label("", "fact"), label("", "huge")
        self.token = TokenView(look.tokens)
        self.request, self.elsewhere = request_line(), phone_key(look)
        self.build(self.money, self.token, self.found, self.elsewhere, above=self.request)

    def attach(self, presenter: RedressPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        self.listen(presenter, presenter.print_again)
        self.elsewhere.clicked.connect(presenter.ask_elsewhere)

    def about(self, receipt: str) -> None:
        """Say which sale the page is about, before it is shown."""
        self._receipt = receipt

    def under_way(self) -> bool:
        """Tell whether a swiped card would drop something: everything before the slip."""
        return self._presenter is not None and self._presenter.screen.step is not Step.DONE

    def showEvent(self, event: QShowEvent) -> None:
        """Start anew whenever the page is opened."""
        super().showEvent(event)
        self.restart()
        if self._presenter is not None and self._receipt:
            self._presenter.begin(self._receipt)

    def show_screen(self, screen: RedressScreen) -> None:
        """Draw the question, what was typed, the paper and what happened."""
        words, step = self._look.words, screen.step
        made = screen.made if step is Step.DONE else None
        self.about_line.setText(self._about(screen))
        self.title.setText(
            words(f"uiredress.done-{made.kind}" if made else f"uiredress.ask-{step}")
        )
        self.body.setText(self._explained(screen))
        self.body.setVisible(bool(self.body.text()))
        self.show_answers(_answers(screen, self._look))
        field = self._shown(step)
        self.show_field(field, screen.typed, wrong=screen.wrong, hidden=step is Step.PIN)
        said_request(self.request, screen.request if step is Step.CODE else None)
        self.elsewhere.setVisible(step is Step.PIN)
        self.found.setText(self._found(screen))
        self.found.setVisible(bool(self.found.text()))
        self._show_given(screen)
        self.paper.show_slip(screen.slip, draft=made is None)
        self.again.setVisible(made is not None)
        top = step in {Step.LOADING, Step.KIND, Step.DONE}
        self.back.set_words(words("uiredress.sales" if top else "uiredress.back"))
        self.act.setVisible(step in TYPED or made is not None)
        self.act.set_words(words("uiredress.sales" if made else self._deed(screen)))
        self._say(screen)
        self.focus_on(step)

    def go_on(self) -> None:
        """Take the line, or go back to the list when all is done."""
        if self._presenter is not None and self._presenter.screen.step is Step.DONE:
            self.left.emit()
        else:
            super().go_on()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F5 asks a supervisor elsewhere; the rest as on every page of questions."""
        if event.key() == Qt.Key.Key_F5 and not event.isAutoRepeat():
            press(self.elsewhere)
        else:
            super().keyPressEvent(event)

    def _shown(self, step: Step) -> Entry | None:
        if step not in TYPED:
            return None
        return self.amount if step is Step.AMOUNT else self.field

    def _explained(self, screen: RedressScreen) -> str:
        most = self._look.figures.coded(screen.base.most) if screen.base is not None else ""
        return self._look.words(f"uiredress.body-{screen.step}", most=most)

    def _show_given(self, screen: RedressScreen) -> None:
        """Show what the customer gets now: the money, or the new token."""
        made, sale = (screen.made, screen.sale) if screen.step is Step.DONE else (None, None)
        refunded = made is not None and not made.new_receipt
        self.money.setVisible(refunded)
        if made is not None and refunded:
            self.money.setText(f"{self._look.figures.money(made.amount)} {made.currency}")
        self.token.setVisible(sale is not None)
        if sale is not None:
            self.token.set_digits(sale.tokens[-1].digits, self._look.words("uiredress.token"))

    def _deed(self, screen: RedressScreen) -> str:
        if screen.step in {Step.PIN, Step.CODE}:
            return f"uiredress.do-{screen.kind}"
        looking = screen.step is Step.METER and screen.card is None
        return "uiredress.find" if looking else "uiredress.next"

    def _about(self, screen: RedressScreen) -> str:
        base = screen.base
        if base is None:
            return ""
        facts = {"receipt": base.receipt, "name": base.name}
        total = self._look.figures.coded(base.total)
        return self._look.words("uiredress.about", total=total, **facts)

    def _found(self, screen: RedressScreen) -> str:
        if screen.step is Step.DONE and screen.made is not None:
            return f"{screen.made.new_name}  {screen.made.new_receipt}".strip()
        if screen.step is not Step.METER or screen.card is None or screen.answer is None:
            return ""
        units = self._look.figures.units(screen.answer.quote.tenths, screen.card.unit)
        meter = screen.card.meter
        facts = {"name": meter.name, "address": meter.address, "units": units}
        return self._look.words("uiredress.found", **facts)

    def _say(self, screen: RedressScreen) -> None:
        words = self._look.words
        if screen.problem is not None:
            self.notice.say(self._look.say(screen.problem))
        elif screen.step is Step.APPROVER and not screen.approvers:
            self.notice.say(words("uiredress.nobody"), "look")
        elif screen.made is not None and screen.step is Step.DONE:
            self.notice.say(words("uiredress.slip", slip=screen.made.slip), "done")
        else:
            self.notice.say("")


def _answers(screen: RedressScreen, look: Look) -> tuple[str, ...]:
    """Return the answers of a step in the order of their digits."""
    words = look.words
    if screen.step is Step.KIND:
        return tuple(words(f"uiredress.kind-{kind}") for kind in KINDS)
    if screen.step is Step.REASON:
        return tuple(words(f"redress.reason-{each}") for each in screen.reasons)
    if screen.step is Step.TOKEN:
        return tuple(words(f"uiredress.fate-{fate}") for fate in FATES)
    if screen.step is Step.APPROVER:
        return tuple(one.name for one in screen.approvers)
    return ()
