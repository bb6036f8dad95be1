"""The key ceremony: what the till holds, then one question a step, two people at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pos_app.application.approval_records import Approval
from pos_app.application.key_moves import Holding
from pos_app.application.key_receipts import KeyReceipt
from pos_app.application.key_records import KeyAuthorityInvalid
from pos_app.application.keys import KeyFileView, ModuleAccess, Person, TillKeys
from pos_app.application.records import Operator, Role
from pos_app.application.slip.layout import Slip
from pos_app.exchange.approval import ApprovalRequest
from pos_app.ui.presenters.keys_screen import (
    MOST_OF_A_NAME,
    PATHS,
    TYPED,
    KeyAct,
    KeysScreen,
    Step,
)
from pos_app.ui.presenters.keys_steps import KeysParts, KeySteps, KeysView

_Home = tuple[tuple[Holding, ...], TillKeys, tuple[Operator, ...], Slip]


class KeysPresenter(KeySteps):
    """PINs and passphrases live here only, and only until the act is done or left."""

    def __init__(self, parts: KeysParts, operator: Operator, view: KeysView) -> None:
        super().__init__(parts, operator, view)
        self._desk, self._word, self._io = parts.desk, parts.word, parts.io
        self._home = KeysScreen()
        self._secrets: dict[Step, str] = {}
        self._raw = b""
        self.changed: Callable[[], None] = lambda: None

    def begin(self) -> None:
        """Show what the till holds now; an act that was under way is left."""
        self._forget()
        self._screen = self._home  # as it was, until the ledger answers
        desk, side = self._desk, self._side

        def job() -> _Home:
            till = desk.keys.about()
            people = tuple(one for one in desk.operators() if one.role is Role.SUPERVISOR)
            return desk.key_moves.holdings(), till, people, side.till(till)

        def land(answer: _Home) -> None:
            holdings, till, people, slip = answer
            self._home = KeysScreen(holdings=holdings, till=till, people=people, slip=slip)
            self._set(holdings=holdings, till=till, people=people, slip=slip)

        self._ask(job, land)

    def start(self, act: KeyAct) -> None:
        """Begin an act from the list of keys."""
        till = self._screen.till
        if self._screen.step is not Step.HOME or self._screen.busy or till is None:
            return
        if act not in self._screen.acts or (act is KeyAct.MOVE and not self._screen.can_move):
            return
        self._first_step(act)

    def _first_step(self, act: KeyAct) -> None:
        first = self._operator if self._operator.role is Role.SUPERVISOR else None
        self._screen = replace(self._screen, act=act, first=first)
        self._go(self._flow()[0])

    def _choose_act(self, number: int) -> None:
        act = self._screen.others[number]
        if act is not KeyAct.COPY:
            self._first_step(act)
            return

        def listed(receipts: tuple[KeyReceipt, ...]) -> None:
            self._screen = replace(self._screen, receipts=receipts)
            self._first_step(act)

        self._ask(self._desk.key_papers.listed, listed)

    def _print_again(self, number: int) -> None:
        entry, by, side = self._screen.receipts[number].entry, self._operator.id, self._side

        def job() -> tuple[int, Slip]:
            copy = self._desk.key_papers.again(entry, by)
            return copy, side.done(entry, copy)

        def ended(answer: tuple[int, Slip]) -> None:
            copy, slip = answer
            said = "done-copy" if copy else "done-first"
            self._finish(said, slip=slip, moved=copy)

        self._ask(job, ended)

    # answers

    def choose(self, number: int) -> None:
        """Take the answer with this number, from 0."""
        screen, people = self._screen, self.offered()
        more = {
            Step.MORE: (screen.others, self._choose_act),
            Step.RECEIPT: (screen.receipts, self._print_again),
        }
        choices, take = more.get(screen.step, (people, None))
        if not 0 <= number < len(choices) or screen.busy:
            return
        if take is not None:
            take(number)
            return
        if screen.step is Step.FIRST:
            self._go(Step.FIRST_PIN, first=people[number])
        elif screen.step is Step.SECOND:
            self._go(Step.SECOND_PIN, second=people[number], request=None)

    def offered(self) -> tuple[Operator, ...]:
        """Return who can be the person that is asked for."""
        screen = self._screen
        if screen.step is Step.FIRST:
            return screen.people
        if screen.step is Step.SECOND and screen.first is not None:
            return tuple(one for one in screen.people if one.id != screen.first.id)
        return ()

    def typed(self, text: str) -> None:
        """Take what is typed into the field of the step."""
        self._set(typed=text, problem=None, said="", wrong=False)

    def enter(self) -> None:
        """Take the line that was typed; the last one does it."""
        screen = self._screen
        if screen.busy or (screen.step in TYPED and not screen.typed.strip()):
            return
        acts: dict[Step, Callable[[str], None]] = {
            Step.FILE: self._take_file,
            Step.COMPARE: lambda _: self._forward(),
            Step.PLACE: self._take_place,
            Step.WORD: self._take_word,
            Step.NAME: self._take_name,
            Step.LIBRARY: self._take_library,
            Step.TOKEN: self._keep,
            Step.MODULE_PIN: self._keep,
            Step.OLD: self._keep,
            Step.NEW: self._keep,
            Step.AGAIN: self._take_again,
            Step.FIRST_PIN: self._vouch,
            Step.SECOND_PIN: self._second,
            Step.CODE: self._second,
        }
        act = acts.get(screen.step)
        if act is not None:
            act(screen.typed)

    def take_path(self, path: str) -> None:
        """Take a path that was chosen in a dialog."""
        if self._screen.step in PATHS and not self._screen.busy:
            self.typed(path)
            self.enter()

    def _take_file(self, typed: str) -> None:
        files, desk, side = self._side.files, self._desk, self._side
        trusting = self._screen.act is KeyAct.TRUST

        def read(raw: bytes) -> None:
            if trusting:
                self._weigh(raw)
                return

            def look() -> tuple[KeyFileView, Slip]:
                view = desk.keys.look(raw)
                return view, side.file(view)

            self._raw = raw
            self._ask(look, self._seen)

        self._ask(lambda: files.read(typed.strip()), read, self._io)

    def _take_name(self, typed: str) -> None:
        """Keep a name; one that no authority can have is told before a file is asked for."""
        if 1 <= len(typed.strip()) <= MOST_OF_A_NAME:
            self._keep(typed.strip())
        else:
            self._set(problem=KeyAuthorityInvalid(typed=typed[:80]), wrong=True)

    def _take_library(self, typed: str) -> None:
        self._screen = replace(self._screen, path=typed.strip())
        self._keep(typed.strip())

    def _weigh(self, raw: bytes) -> None:
        """Show the fingerprint of a public key that came in a file of text."""
        name, desk, side = self._secrets[Step.NAME], self._desk, self._side
        text = raw.decode("ascii", "replace").strip()

        def job() -> tuple[bytes, Slip]:
            public = desk.keys.weigh(name, text)
            return public, side.authority(name, public)

        def seen(answer: tuple[bytes, Slip]) -> None:
            self._raw, slip = answer
            path = self._screen.typed.strip()
            self._screen = replace(self._screen, slip=slip, path=path, name=name)
            self._forward()

        self._ask(job, seen)

    def _seen(self, answer: tuple[KeyFileView, Slip]) -> None:
        view, slip = answer
        self._screen = replace(self._screen, view=view, slip=slip, path=self._screen.typed.strip())
        self._forward()

    def _take_place(self, typed: str) -> None:
        path, files = typed.strip(), self._side.files
        if self._screen.act is KeyAct.REQUEST:
            self._ask(self._desk.keys.request, lambda content: self._leave(path, content))
            return

        def free(_: None) -> None:
            self._screen = replace(self._screen, path=path)
            self._forward()

        self._ask(lambda: files.free(path), free, self._io)

    def _leave(self, path: str, content: bytes) -> None:
        files = self._side.files
        done = "done-request"
        self._ask(
            lambda: files.write(path, content), lambda _: self._finish(done, path=path), self._io
        )

    def _take_word(self, typed: str) -> None:
        if typed.strip().casefold() == self._word.casefold():
            self._forward()
        else:
            self._set(said="word-differs", wrong=True)

    def _keep(self, typed: str) -> None:
        self._secrets[self._screen.step] = typed
        self._forward()

    def _take_again(self, typed: str) -> None:
        if typed == self._secrets[Step.NEW]:
            self._forward()
        else:
            self._go(Step.NEW, said="passphrase-differs", wrong=True)

    def _vouch(self, typed: str) -> None:
        """Look at the first PIN before the second person is troubled."""
        first = self._screen.first
        if first is None:
            return
        person = Person(first.id, typed)
        self._secrets[Step.FIRST_PIN] = typed
        if self._screen.act is KeyAct.PASSPHRASE:
            self._commit(None)
            return
        self._set(typed="")
        self._ask(lambda: self._desk.keys.vouch(person), lambda _: self._forward())

    def ask_elsewhere(self) -> None:
        """Ask a supervisor who is not here to agree to the file; the code comes by telephone."""
        screen, raw = self._screen, self._raw
        if not self.can_be_elsewhere() or screen.busy or screen.first is None:
            return
        who = screen.first.id

        def asked(request: ApprovalRequest) -> None:
            self._go(Step.CODE, request=request)

        self._ask(lambda: self._desk.keys.ask(raw, who), asked)

    def can_be_elsewhere(self) -> bool:
        """Tell whether a code may stand for the second PIN: for taking keys, not for their end."""
        return self._screen.act is KeyAct.TAKE and self._screen.step is Step.SECOND_PIN

    def _second(self, typed: str) -> None:
        screen = self._screen
        if screen.second is None:
            return
        if screen.step is Step.CODE and screen.request is not None:
            self._commit(Approval(screen.second.id, number=screen.request.number, code=typed))
        else:
            self._commit(Person(screen.second.id, typed))

    # the act

    def _commit(self, second: Person | Approval | None) -> None:
        screen, said = self._screen, self._secrets
        if screen.first is None or screen.act is None:
            return
        first = Person(screen.first.id, said[Step.FIRST_PIN])
        self._set(typed="")
        if screen.act is KeyAct.PASSPHRASE:
            old, new = said[Step.OLD], said[Step.NEW]
            self._ask(
                lambda: self._desk.keys.change_passphrase(old, new, first),
                lambda _: self._finish("done-passphrase"),
            )
        elif screen.act is KeyAct.TAKE and second is not None:
            self._bring_in(first, second)
        elif isinstance(second, Person):
            acts = {
                KeyAct.MOVE: self._move,
                KeyAct.TRUST: self._trust,
                KeyAct.MODULE: self._use_module,
                KeyAct.DESTROY: self._destroy,
            }
            acts[screen.act](first, second)

    def _bring_in(self, first: Person, second: Person | Approval) -> None:
        raw, desk, side = self._raw, self._desk, self._side

        def job() -> tuple[KeyFileView, Slip]:
            taken = desk.keys.bring_in(raw, first, second, paper=True)
            return taken, side.done(taken.entry, 0)

        self._ask(job, lambda answer: self._finish("done-take", view=answer[0], slip=answer[1]))

    def _trust(self, first: Person, second: Person) -> None:
        name, key, desk = self._secrets[Step.NAME], self._raw.hex(), self._desk
        self._ask(
            lambda: desk.keys.trust(name, key, first, second), lambda _: self._finish("done-trust")
        )

    def _use_module(self, first: Person, second: Person) -> None:
        said, desk = self._secrets, self._desk
        names = (said[Step.LIBRARY], said[Step.TOKEN].strip(), said[Step.MODULE_PIN])
        access = ModuleAccess(*names)
        self._ask(
            lambda: desk.keys.use_module(access, first, second),
            lambda serial: self._finish("done-module", name=f"{access.token} ({serial})"),
        )

    def _move(self, first: Person, second: Person) -> None:
        self._ask(
            lambda: self._desk.key_moves.move(first, second),
            lambda moved: self._finish("done-move", moved=len(moved.keys)),
        )

    def _destroy(self, first: Person, second: Person) -> None:
        passphrase, desk, side = self._secrets[Step.OLD], self._desk, self._side
        path, files = self._screen.path, self._side.files

        def job() -> tuple[bytes, Slip]:
            entry = desk.keys.destroy(passphrase, first, second, paper=True)
            return desk.keys.receipt(), side.done(entry, 0)

        def ended(answer: tuple[bytes, Slip]) -> None:
            content, slip = answer
            self._finish("done-destroy", slip=slip)
            self._ask(lambda: files.write(path, content), lambda _: None, self._io)

        self._ask(job, ended)

    def _finish(self, said: str, **changes: Any) -> None:
        self._forget()
        self._go(Step.DONE, said=said, **changes)
        self.changed()

    def _forget(self) -> None:
        self._secrets.clear()
        self._raw = b""
