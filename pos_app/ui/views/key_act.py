"""One question of a key ceremony at the left, the paper it is about at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog

from pos_app.ui.look import Look
from pos_app.ui.presenters.keys_screen import HIDDEN, PATHS, TYPED, KeyAct, KeysScreen, Step
from pos_app.ui.views.question import QuestionPage
from pos_app.ui.widgets.buttons import KeyButton, press
from pos_app.ui.widgets.elsewhere import phone_key, request_line, said_request
from pos_app.ui.widgets.slip_view import SlipPainter

if TYPE_CHECKING:
    from pos_app.application.key_receipts import KeyReceipt
    from pos_app.ui.presenters.keys import KeysPresenter


class KeyActPage(QuestionPage):
    """A path, a comparison, two people; then the receipt. F3 chooses a file, F5 telephones."""

    def __init__(self, look: Look, painter: SlipPainter) -> None:
        super().__init__(look, painter, "")
        self._keys: KeysPresenter | None = None
        self.choose = KeyButton(look.tokens, look.words("uikeys.choose"), "F3")
        self.choose.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.request, self.elsewhere = request_line(), phone_key(look)
        self.build(self.choose, self.elsewhere, above=self.request)
        self.again.hide()

    def attach(self, presenter: KeysPresenter) -> None:
        """Bring the screen to life."""
        self._keys = presenter
        self.listen(presenter)
        self.elsewhere.clicked.connect(presenter.ask_elsewhere)
        self.choose.clicked.connect(self._choose_path)

    def show_screen(self, screen: KeysScreen) -> None:
        """Draw the question, what was typed, the paper and what happened."""
        words, step = self._look.words, screen.step
        self.about_line.setText(words(f"uikeys.about-{screen.act}"))
        self.title.setText(self._asked(screen))
        self.body.setText(self._explained(screen))
        self.body.setVisible(bool(self.body.text()))
        self.show_answers(self._answers(screen))
        field = self.field if step in TYPED else None
        self.show_field(field, screen.typed, wrong=screen.wrong, hidden=step in HIDDEN)
        said_request(self.request, screen.request if step is Step.CODE else None)
        phones = self._keys is not None and self._keys.can_be_elsewhere()
        self.elsewhere.setVisible(phones)
        self.choose.setVisible(step in PATHS)
        self.choose.set_words(words("uikeys.save-as" if step is Step.PLACE else "uikeys.choose"))
        self.paper.show_slip(screen.slip, draft=False)
        self.back.set_words(words("uikeys.list" if step is Step.DONE else "uikeys.back"))
        self.act.setVisible(step in TYPED or step in {Step.COMPARE, Step.DONE})
        self.act.set_words(words(self._deed(screen)))
        self._say(screen)
        self.focus_on(f"{screen.act}{step}{len(self.answers)}")

    def go_on(self) -> None:
        """Take the line; after the last one go back to the list."""
        if self._keys is not None and self._keys.screen.step is Step.DONE:
            self._keys.begin()
        else:
            super().go_on()

    def _asked(self, screen: KeysScreen) -> str:
        step, person = screen.step, screen.first if screen.step is Step.FIRST_PIN else screen.second
        key, words = f"uikeys.ask-{step}", self._look.words
        own = f"{key}-{screen.act}"
        return words(own if words.has(own) else key, name=person.name if person else "")

    def _answers(self, screen: KeysScreen) -> tuple[str, ...]:
        """Return the answers of a step in the order of their digits."""
        words = self._look.words
        if screen.step is Step.MORE:
            return tuple(words(f"uikeys.act-{act}") for act in screen.others)
        if screen.step is Step.RECEIPT:
            return tuple(self._receipt(each) for each in screen.receipts)
        return tuple(one.name for one in self._keys.offered()) if self._keys is not None else ()

    def _receipt(self, receipt: KeyReceipt) -> str:
        figures = self._look.figures
        day = f"{figures.day(receipt.at_ms)} {figures.time(receipt.at_ms)}"
        what = self._look.words(f"uikeys.paper-{'taken' if receipt.authority else 'end'}")
        whose = f"{receipt.authority} #{receipt.sequence}" if receipt.authority else ""
        return " · ".join(part for part in (what, whose, day) if part)

    def _explained(self, screen: KeysScreen) -> str:
        words, key = self._look.words, f"uikeys.body-{screen.step}"
        own = f"{key}-{screen.act}"
        facts = {"word": words("uikeys.word")}
        if words.has(own):
            return words(own, **facts)
        return words(key, **facts) if words.has(key) else ""

    def _deed(self, screen: KeysScreen) -> str:
        step, act = screen.step, screen.act
        last = Step.FIRST_PIN if act is KeyAct.PASSPHRASE else Step.SECOND_PIN
        if step in {last, Step.CODE}:
            return f"uikeys.do-{act}"
        if step is Step.PLACE and act is KeyAct.REQUEST:
            return "uikeys.save"
        same = "same-trust" if act is KeyAct.TRUST else "same"
        own = {Step.FILE: "look", Step.COMPARE: same, Step.DONE: "list"}
        return f"uikeys.{own.get(step, 'next')}"

    def _say(self, screen: KeysScreen) -> None:
        words = self._look.words
        done = screen.step is Step.DONE
        if screen.problem is not None:
            text = self._look.say(screen.problem)
            unsaved = words("uikeys.receipt-unsaved", problem=text) if done else text
            self.notice.say(unsaved)
        elif screen.said:
            facts = {"path": screen.path, "word": words("uikeys.word"), "name": screen.name}
            taken = len(screen.view.keys) if screen.view is not None else screen.moved
            text = words(f"uikeys.{screen.said}", n=taken, **facts)
            self.notice.say(text, "done" if done else "stop")
        elif screen.step is Step.RECEIPT and not screen.receipts:
            self.notice.say(words("uikeys.no-receipt"), "look")
        elif screen.step in {Step.FIRST, Step.SECOND} and not self.answers:
            self.notice.say(words("uikeys.nobody"), "look")
        else:
            self.notice.say("")

    def _choose_path(self) -> None:
        """Let a path be chosen with the system's own dialog."""
        screen = self._keys.screen if self._keys is not None else KeysScreen()
        opening = screen.step is not Step.PLACE
        keys = screen.step is Step.FILE and screen.act is KeyAct.TAKE
        dialog = QFileDialog(self, self.choose.text())
        dialog.setNameFilter(self._look.words("uikeys.filter") if keys else "")
        mode = QFileDialog.FileMode.ExistingFile if opening else QFileDialog.FileMode.AnyFile
        dialog.setFileMode(mode)
        if not opening:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._keys is not None:
            dialog.fileSelected.connect(self._keys.take_path)
        dialog.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F3 chooses a file, F5 telephones, arrows move a long paper; the rest as everywhere."""
        key, bar = event.key(), self.paper.slip.verticalScrollBar()
        if event.isAutoRepeat():
            return
        if key == Qt.Key.Key_F3:
            press(self.choose)
        elif key == Qt.Key.Key_F5:
            press(self.elsewhere)
        elif key in {Qt.Key.Key_Down, Qt.Key.Key_Up} and not self.answers:
            step = self._look.tokens.px(60)
            bar.setValue(bar.value() + (step if key == Qt.Key.Key_Down else -step))
        else:
            super().keyPressEvent(event)
