"""Putting a sale right: the question at the left, the slip that will be signed at the right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.presenters.redress import RedressPresenter
from pos_app.ui.presenters.redress_screen import (
    CHOSEN,
    FATES,
    KINDS,
    TYPED,
    RedressScreen,
    Step,
)
from pos_app.ui.theme.sheet import restate
from pos_app.ui.widgets.buttons import KeyButton, press
from pos_app.ui.widgets.desk_side import DeskSide
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.keycap import ENTER, ESCAPE
from pos_app.ui.widgets.labels import label, sentence
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.slip_view import SlipPainter
from pos_app.ui.widgets.token_view import TokenView

_MOST_ANSWERS = 9
_BACK = (Qt.Key.Key_Escape, Qt.Key.Key_Minus)


class RedressPage(QWidget):
    """One question at a time; a digit answers, Enter takes a line, Esc steps back."""

    left = Signal()

    def __init__(self, look: Look, painter: SlipPainter) -> None:
        super().__init__()
        self._look = look
        self._presenter: RedressPresenter | None = None
        self._receipt = ""
        self._place = Step.LOADING
        tokens, words = look.tokens, look.words
        self._sale, self._title = label("", "quiet"), label("", "big")
        self._body = sentence("quiet")
        self._answers = QVBoxLayout()
        self._answers.setSpacing(tokens.gap)
        self.answers: list[KeyButton] = []
        self._given: tuple[str, ...] = ()
        self.field, self.amount = Entry(tokens, ""), Entry(tokens, "", amounts=True)
        self.found, self.money = label("", "fact"), label("", "huge")
        self.token = TokenView(tokens)
        self.act = KeyButton(tokens, "", ENTER, "primary")
        self.act.setProperty("tall", "true")
        self.notice = Notice(tokens)
        self.again = KeyButton(tokens, words("redress.ui-print"), "F9")
        self.back = KeyButton(tokens, words("redress.ui-sales"), ESCAPE)
        self.paper = DeskSide(look, painter, (self.again, self.back))
        self._build()

    def _build(self) -> None:
        tokens = self._look.tokens
        hand = QVBoxLayout()
        hand.setContentsMargins(tokens.gutter, tokens.px(16), tokens.gutter, tokens.px(12))
        hand.setSpacing(tokens.gap)
        hand.addWidget(self._sale)
        hand.addWidget(self._title)
        hand.addWidget(self._body)
        hand.addSpacing(tokens.gap)
        hand.addLayout(self._answers)
        for part in (
            self.field,
            self.amount,
            self.money,
            self.token,
            self.found,
            self.act,
            self.notice,
        ):
            hand.addWidget(part)
        hand.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(hand, 1)
        row.addWidget(self.paper)
        for button in (self.again, self.back, self.act):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def hasHeightForWidth(self) -> bool:
        """Ask for no more height than the minimum: the window must not grow with a sentence."""
        return False

    def minimumSizeHint(self) -> QSize:
        """Leave the height to the window."""
        return QSize(super().minimumSizeHint().width(), self._look.tokens.px(400))

    def attach(self, presenter: RedressPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        for field in (self.field, self.amount):
            field.textEdited.connect(presenter.typed)
            field.entered.connect(presenter.enter)
            field.escaped.connect(self._back)
        self.act.clicked.connect(self._act)
        self.again.clicked.connect(presenter.print_again)
        self.back.clicked.connect(self._back)

    def about(self, receipt: str) -> None:
        """Say which sale the page is about, before it is shown."""
        self._receipt = receipt

    def showEvent(self, event: QShowEvent) -> None:
        """Start anew whenever the page is opened."""
        super().showEvent(event)
        self._place = Step.LOADING
        if self._presenter is not None and self._receipt:
            self._presenter.begin(self._receipt)

    def show_screen(self, screen: RedressScreen) -> None:
        """Draw the question, what was typed, the paper and what happened."""
        words, step = self._look.words, screen.step
        self._sale.setText(self._about(screen))
        done = step is Step.DONE and screen.made is not None
        title = f"redress.done-{screen.made.kind}" if done and screen.made else ""
        self._title.setText(words(title or f"redress.ask-{step.value}"))
        self._body.setText(self._explained(screen))
        self._body.setVisible(bool(self._body.text()))
        self._show_answers(_answers(screen, self._look))
        self._show_fields(screen)
        self.found.setText(self._found(screen))
        self.found.setVisible(bool(self.found.text()))
        self._show_given(screen)
        self.paper.show_slip(screen.slip, draft=not done)
        self.again.setVisible(done)
        top = step in {Step.LOADING, Step.KIND, Step.DONE}
        self.back.set_words(words("redress.ui-sales" if top else "redress.ui-back"))
        self.act.setVisible(step in TYPED or done)
        self.act.set_words(words("redress.ui-sales" if done else self._deed(screen)))
        self._say(screen)
        self._focus(step)

    def _explained(self, screen: RedressScreen) -> str:
        most = ""
        if screen.base is not None:
            most = f"{self._look.figures.money(screen.base.most)} {screen.base.most.currency.code}"
        return self._look.words(f"redress.body-{screen.step.value}", most=most)

    def _show_given(self, screen: RedressScreen) -> None:
        """Show what the customer gets now: the money, or the new token."""
        made, sale = (screen.made, screen.sale) if screen.step is Step.DONE else (None, None)
        refunded = made is not None and not made.new_receipt
        self.money.setVisible(refunded)
        if made is not None and refunded:
            self.money.setText(f"{self._look.figures.money(made.amount)} {made.currency}")
        self.token.setVisible(sale is not None)
        if sale is not None:
            self.token.set_digits(sale.tokens[-1].digits, self._look.words("redress.ui-token"))

    def _deed(self, screen: RedressScreen) -> str:
        if screen.step is Step.PIN:
            return f"redress.ui-do-{screen.kind.value}"
        return (
            "redress.ui-find"
            if screen.step is Step.METER and not screen.card
            else ("redress.ui-next")
        )

    def _about(self, screen: RedressScreen) -> str:
        base = screen.base
        if base is None:
            return ""
        total = f"{self._look.figures.money(base.total)} {base.total.currency.code}"
        facts = {"receipt": base.receipt, "name": base.name, "total": total}
        return self._look.words("redress.ui-about", **facts)

    def _found(self, screen: RedressScreen) -> str:
        if screen.step is Step.DONE and screen.made is not None:
            return f"{screen.made.new_name}  {screen.made.new_receipt}".strip()
        if screen.step is not Step.METER or screen.card is None or screen.answer is None:
            return ""
        units = self._look.figures.units(screen.answer.quote.tenths, screen.card.unit)
        meter = screen.card.meter
        facts = {"name": meter.name, "address": meter.address, "units": units}
        return self._look.words("redress.ui-found", **facts)

    def _show_answers(self, answers: tuple[str, ...]) -> None:
        if answers == self._given:
            return
        self._given = answers
        for button in self.answers:
            self._answers.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.answers = []
        for number, said in enumerate(answers[:_MOST_ANSWERS]):
            button = KeyButton(self._look.tokens, said, str(number + 1), "choice")
            button.setAutoDefault(True)
            button.clicked.connect(lambda _=False, at=number: self._choose(at))
            self.answers.append(button)
            self._answers.addWidget(button)
            button.show()  # at once: the first one gets the focus

    def _show_fields(self, screen: RedressScreen) -> None:
        shown = self._shown(screen.step)
        hidden = self.PIN_MODE if screen.step is Step.PIN else QLineEdit.EchoMode.Normal
        self.field.setEchoMode(hidden)
        for field in (self.field, self.amount):
            field.setVisible(field is shown)
            if field is shown:
                field.setAccessibleName(self._title.text())
                field.set_typed(screen.typed)
                restate(field, state="stop" if screen.wrong else "")

    PIN_MODE = QLineEdit.EchoMode.Password

    def _shown(self, step: Step) -> Entry | None:
        if step not in TYPED:
            return None
        return self.amount if step is Step.AMOUNT else self.field

    def _focus(self, step: Step) -> None:
        """Put the focus where the next key goes, once a step."""
        if step is self._place:
            return
        self._place = step
        field = self._shown(step)
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            field.selectAll()
        elif step in CHOSEN and self.answers:
            self.answers[0].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, screen: RedressScreen) -> None:
        words = self._look.words
        if screen.problem is not None:
            self.notice.say(self._look.say(screen.problem))
        elif screen.step is Step.APPROVER and not screen.approvers:
            self.notice.say(words("redress.ui-nobody"), "look")
        elif screen.made is not None and screen.step is Step.DONE:
            facts = {"slip": screen.made.slip}
            self.notice.say(words("redress.ui-slip", **facts), "done")
        else:
            self.notice.say("")

    def _choose(self, number: int) -> None:
        if self._presenter is not None:
            self._presenter.choose(number)

    def _act(self) -> None:
        if self._presenter is None:
            return
        if self._presenter.screen.step is Step.DONE:
            self.left.emit()
        else:
            self._presenter.enter()

    def _back(self) -> None:
        if self._presenter is not None and not self._presenter.back():
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit gives its answer, Enter the one in focus, Esc steps back, F9 prints."""
        if event.isAutoRepeat() or self._presenter is None:
            return
        key = event.key()
        number = key - Qt.Key.Key_1.value
        if key in _BACK:
            self._back()
        elif key == Qt.Key.Key_F9:
            press(self.again)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            press(self.act)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        elif 0 <= number < len(self.answers):
            press(self.answers[number])
        else:
            super().keyPressEvent(event)


def _answers(screen: RedressScreen, look: Look) -> tuple[str, ...]:
    """Return the answers of a step in the order of their digits."""
    words = look.words
    if screen.step is Step.KIND:
        return tuple(words(f"redress.kind-{kind.value}") for kind in KINDS)
    if screen.step is Step.REASON:
        return tuple(words(f"redress.reason-{each.value}") for each in screen.reasons)
    if screen.step is Step.TOKEN:
        return tuple(words(f"redress.fate-{fate.value}") for fate in FATES)
    if screen.step is Step.APPROVER:
        return tuple(one.name for one in screen.approvers)
    return ()
