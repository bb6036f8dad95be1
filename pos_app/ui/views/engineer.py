"""The engineering desk: the question at the left under an orange edge, the slip at the right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent

from pos_app.domain.engineering import UNCERTAIN, power
from pos_app.domain.replacement import Advice
from pos_app.ui.look import Look
from pos_app.ui.presenters.engineer import EngineerPresenter
from pos_app.ui.presenters.engineer_screen import (
    PRESETS,
    SAYS,
    TESTS,
    TYPED,
    EngineerScreen,
    Step,
)
from pos_app.ui.views.question import QuestionPage
from pos_app.ui.widgets.buttons import press
from pos_app.ui.widgets.elsewhere import phone_key, request_line, said_request
from pos_app.ui.widgets.labels import label
from pos_app.ui.widgets.slip_view import SlipPainter
from pos_app.ui.widgets.token_view import TokenView

_MAKES: Final = frozenset({Step.PIN, Step.CODE, Step.CONFIRM})


class EngineerPage(QuestionPage):
    """What, at which meter, how much, for which order, why, who approves; then the token."""

    def __init__(self, look: Look, painter: SlipPainter) -> None:
        super().__init__(look, painter, look.words("eng.ui-print"))
        self.setObjectName("engineering")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)  # or the edge is not drawn
        self._presenter: EngineerPresenter | None = None
        self.mark = label(look.words("eng.ui-title"), "engineering")
        self.request, self.elsewhere = request_line(), phone_key(look)
        self.token = TokenView(look.tokens)
        self.build(self.token, self.elsewhere, top=self.mark, above=self.request)

    def attach(self, presenter: EngineerPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        self.listen(presenter, presenter.print_again)
        self.elsewhere.clicked.connect(presenter.ask_elsewhere)

    def under_way(self) -> bool:
        """Tell whether a swiped card would drop something: an act that asks for no meter."""
        return self._presenter is not None and self._presenter.screen.under_way

    def about_meter(self, drn: str) -> None:
        """Start with a meter, the one that stands on the till; amid an act it fills its place."""
        presenter = self._presenter
        if presenter is not None and presenter.scanned(drn):
            return
        self.restart()
        if presenter is not None:
            presenter.begin(drn)

    def showEvent(self, event: QShowEvent) -> None:
        """Put the focus where it belongs whenever the page is opened."""
        super().showEvent(event)
        self.restart()

    def show_screen(self, screen: EngineerScreen) -> None:
        """Draw the question, what was typed, the paper and what happened."""
        words, step = self._look.words, screen.step
        made = screen.made if step is Step.DONE else None
        self.about_line.setText(self._about(screen))
        self.about_line.setVisible(bool(self.about_line.text()))
        money = screen.money if step is Step.UNITS else ""
        ask = "eng.ask-units-money" if money else f"eng.ask-{step}"
        self.title.setText(words(ask, code=money) if money else words(ask))
        self.body.setText(self._explained(screen))
        self.body.setVisible(bool(self.body.text()))
        self.show_answers(self._answers(screen))
        field = self.field if step in TYPED else None
        self.show_field(field, screen.typed, wrong=screen.wrong, hidden=step is Step.PIN)
        said_request(self.request, screen.request if step is Step.CODE else None)
        self._show_token(screen)
        self.elsewhere.setVisible(step is Step.PIN)
        self.paper.show_slip(screen.slip, draft=made is None)
        self.again.setVisible(made is not None)
        top = step in {Step.ACT, Step.DONE}
        self.back.set_words(words("eng.ui-till" if top else "eng.ui-back"))
        acts = step in TYPED or step in {Step.CONFIRM, Step.ADVICE, Step.DONE}
        self.act.setVisible(acts)
        self.act.set_words(words(self._deed(screen)))
        self._say(screen)
        self.focus_on(f"{step}{len(self.answers)}")

    def go_on(self) -> None:
        """Take the line; after the last one start with the next act."""
        presenter = self._presenter
        if presenter is not None and presenter.screen.step is Step.DONE:
            presenter.begin()
        else:
            super().go_on()

    def _about(self, screen: EngineerScreen) -> str:
        words = self._look.words
        if screen.act is None:
            return ""
        parts = [words(f"eng.act-{screen.act}")]
        if screen.meter is not None:
            parts += [screen.meter.name, self._look.figures.grouped(screen.meter.drn)]
        return " · ".join(parts)

    def _explained(self, screen: EngineerScreen) -> str:
        words, step = self._look.words, screen.step
        if step is Step.ADVICE and screen.advice is not None:
            return self._advice(screen)
        if step in {Step.WORD, Step.INDEX} and screen.act is not None:
            return words(f"eng.uncertain-{UNCERTAIN[screen.act]}")
        key = "eng.body-units-money" if step is Step.UNITS and screen.money else f"eng.body-{step}"
        return words(key) if words.has(key) else ""

    def _advice(self, screen: EngineerScreen) -> str:
        words, found = self._look.words, screen.advice
        if found is None:
            return ""
        credit = found.credit.text(found.sale.meter.unit)
        return "\n".join(
            (
                words(f"eng.advice-{found.advice}", receipt=found.sale.receipt, credit=credit),
                words("eng.because", why=words(f"eng.why-{found.why}")),
            )
        )

    def _answers(self, screen: EngineerScreen) -> tuple[str, ...]:
        """Return the answers of a step in the order of their digits."""
        words = self._look.words
        if screen.step is Step.ACT:
            more = (words("eng.ui-others"),) if screen.others else ()
            return (*(words(f"eng.act-{act}") for act in screen.acts), *more)
        if screen.step is Step.PRESET:
            named = (self._preset(typed) for typed in PRESETS)
            return (*named, words("eng.ui-other-power"))
        answers = {
            Step.MORE: [f"eng.act-{act}" for act in screen.others],
            Step.REGISTER: [f"eng.register-{each}" for each in screen.registers],
            Step.TESTS: ["eng.tests-ask", *(f"token.test.{each}" for each in TESTS[1:])],
            Step.SAYS: [f"eng.says-{each}" for each in SAYS],
        }
        if screen.step is Step.APPROVER:
            return tuple(one.name for one in screen.approvers)
        return tuple(words(key) for key in answers.get(screen.step, []))

    def _preset(self, typed: str) -> str:
        meant = power(typed)
        watts = self._look.figures.number(meant.watts)
        amperes = f"{meant.amperes.normalize():f}"
        return self._look.words("eng.ui-preset", amperes=amperes, watts=watts)

    def _show_token(self, screen: EngineerScreen) -> None:
        """Show the token where there is one; several stand on the paper with their steps."""
        made = screen.made if screen.step is Step.DONE else None
        one = made is not None and len(made.tokens) == 1
        self.token.setVisible(one)
        if made is not None and one:
            self.token.set_digits(made.tokens[0].digits, self._look.words("eng.ui-token"))

    def _deed(self, screen: EngineerScreen) -> str:
        if screen.step is Step.DONE:
            return "eng.ui-another"
        if screen.step is Step.ADVICE:
            going = screen.advice is not None and screen.advice.advice is Advice.REPLACE
            return "eng.ui-next" if going else "eng.ui-another"
        return "eng.ui-make" if screen.step in _MAKES else "eng.ui-next"

    def _say(self, screen: EngineerScreen) -> None:
        words = self._look.words
        if screen.problem is not None:
            self.notice.say(self._look.say(screen.problem))
        elif screen.step is Step.APPROVER and not screen.approvers:
            self.notice.say(words("eng.ui-nobody"), "look")
        elif screen.made is not None and screen.step is Step.DONE:
            self.notice.say(words("eng.ui-slip", slip=screen.made.receipt), "done")
        else:
            self.notice.say("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F5 asks a supervisor elsewhere; the rest as on every page of questions."""
        if event.key() == Qt.Key.Key_F5 and not event.isAutoRepeat():
            press(self.elsewhere)
        else:
            super().keyPressEvent(event)
