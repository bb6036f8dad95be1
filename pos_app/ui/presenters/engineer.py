"""The engineering desk: one question a step, the slip growing beside it, a PIN or a code last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from pos_app.application.approval_records import Approval
from pos_app.application.engineering_records import ActOrder, DeskRecord
from pos_app.application.grants import ReplacementAdvice
from pos_app.application.records import CreditWaiting, MeterRecord, Operator, Role
from pos_app.application.slip.layout import Slip
from pos_app.domain.engineering import DeskAct
from pos_app.domain.errors import PosError
from pos_app.domain.replacement import Advice
from pos_app.exchange.approval import ApprovalRequest
from pos_app.ui.presenters.desk import Desk, Run
from pos_app.ui.presenters.engineer_screen import (
    FIRST,
    OTHERS,
    PRESETS,
    SAYS,
    TESTS,
    TYPED,
    EngineerScreen,
    Step,
    flow,
    offered,
)
from pos_app.ui.presenters.paper_again import paper_again

T = TypeVar("T")
_METERS = (Step.METER, Step.OLD_METER, Step.NEW_METER)
_VALUES = {
    Step.POWER: "power",
    Step.LOST: "lost",
    Step.WORD: "word",
    Step.INDEX: "word",
    Step.UNITS: "units",
    Step.CREDIT: "units",
}
"""Which figure of the act a typed step is."""


class EngineerView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: EngineerScreen) -> None:
        """Draw `screen`."""
        ...


@dataclass(frozen=True, slots=True)
class EngineerParts:
    """The door, a way to run there, the paper, identities for new acts."""

    desk: Desk
    run: Run
    slip: Callable[[DeskRecord, int], Slip]
    new_id: Callable[[], str]


class EngineerPresenter:
    """Asks what an act needs; the application checks everything again."""

    def __init__(self, parts: EngineerParts, operator: Operator, view: EngineerView) -> None:
        self._desk, self._run, self._slip = parts.desk, parts.run, parts.slip
        self._new_id, self._operator, self._view = parts.new_id, operator, view
        self._screen = EngineerScreen()
        self._act_id, self._drn = "", ""
        self.changed: Callable[[], None] = lambda: None

    @property
    def screen(self) -> EngineerScreen:
        """What stands on the screen."""
        return self._screen

    def begin(self, drn: str = "") -> None:
        """Start anew, with the meter that stands on the till if there is one."""
        self._act_id, self._drn = self._new_id(), drn
        acts, others = (offered(group, self._operator) for group in (FIRST, OTHERS))
        self._screen = EngineerScreen(acts=acts, others=others)

        def job() -> tuple[tuple[Operator, ...], CreditWaiting | None]:
            approvers = tuple(
                one
                for one in self._desk.operators()
                if one.role is Role.SUPERVISOR and one.id != self._operator.id
            )
            return approvers, self._desk.engineering.waiting(drn) if drn else None

        # Not while busy: whoever knows the first key need not wait for it.
        self._run(job, lambda found: self._begun(*found), self._failed)
        self._view.show_screen(self._screen)

    def _begun(self, approvers: tuple[Operator, ...], carry: CreditWaiting | None) -> None:
        """Know who may approve; an old meter's credit that waits is the first thing offered."""
        self._set(approvers=approvers)
        screen = self._screen
        if carry is None or screen.step is not Step.ACT or DeskAct.EXCHANGE not in screen.acts:
            return

        def found(meter: MeterRecord) -> None:
            values = (("from", carry.old),)
            self._set(act=DeskAct.EXCHANGE, meter=meter, values=values)
            self._go(Step.CREDIT, typed=carry.figure)

        self._ask(lambda: self._desk.card(carry.new).meter, found)

    def scanned(self, drn: str) -> bool:
        """Take a swiped meter where one is asked for; False before an act is chosen."""
        step = self._screen.step
        if step in _METERS:
            self.typed(drn)
        return step not in {Step.ACT, Step.MORE, Step.DONE}

    # answers

    def choose(self, number: int) -> None:
        """Take the answer with this number, from 0."""
        screen = self._screen
        acts: dict[Step, tuple[int, Callable[[int], None]]] = {
            Step.ACT: (len(screen.acts) + bool(screen.others), self._take_act),
            Step.MORE: (len(screen.others), lambda at: self._take(screen.others[at])),
            Step.PRESET: (len(PRESETS) + 1, self._take_preset),
            Step.REGISTER: (len(screen.registers), self._take_register),
            Step.TESTS: (len(TESTS), lambda at: self._give("tests", TESTS[at])),
            Step.SAYS: (len(SAYS), self._take_says),
            Step.APPROVER: (len(screen.approvers), self._take_approver),
        }
        most, act = acts.get(screen.step, (0, lambda _: None))
        if 0 <= number < most and not screen.busy:
            act(number)

    def _take_act(self, number: int) -> None:
        if number == len(self._screen.acts):
            self._set(step=Step.MORE)
        else:
            self._take(self._screen.acts[number])

    def _take(self, act: DeskAct) -> None:
        step = flow(act, own_power=False)[0]
        typed = self._drn if step in _METERS else ""
        self._set(act=act, step=step, typed=typed, values=(), meter=None, slip=None, problem=None)

    def _take_preset(self, number: int) -> None:
        own = number == len(PRESETS)
        self._screen = replace(self._screen, own_power=own)
        if own:
            self._go(Step.POWER)
        else:
            self._give("power", PRESETS[number])

    def _take_register(self, number: int) -> None:
        self._screen = self._with("register", self._screen.registers[number])
        self._go(Step.LOST)

    def _take_says(self, number: int) -> None:
        says = SAYS[number]
        receipt = dict(self._screen.values)["receipt"]
        self._screen = self._with("says", says.value)
        self._ask(lambda: self._desk.engineering.advise(receipt, says), self._advised)

    def _advised(self, advice: ReplacementAdvice) -> None:
        self._set(step=Step.ADVICE, advice=advice, problem=None)
        if advice.advice is Advice.REPLACE:
            self._refresh()

    def _take_approver(self, number: int) -> None:
        self._go(Step.PIN, approver=self._screen.approvers[number], request=None)

    def typed(self, text: str) -> None:
        """Take what is typed into the field of the step."""
        self._set(typed=text, problem=None, wrong=False)

    def enter(self) -> None:
        """Take the line that was typed; the last one makes the tokens."""
        screen = self._screen
        if screen.busy or (screen.step in TYPED and not screen.typed.strip()):
            return
        typed = " ".join(screen.typed.split())
        acts: dict[Step, Callable[[str], None]] = {
            **dict.fromkeys(_METERS, self._find),
            **dict.fromkeys(_VALUES, self._figure),
            **dict.fromkeys((Step.PIN, Step.CODE, Step.CONFIRM), self._make),
            Step.RECEIPT: self._take_receipt,
            Step.ORDER: lambda text: self._go(self._next(), work_order=text),
            Step.REASON: self._reasoned,
            Step.ADVICE: lambda _: self._follow(),
        }
        act = acts.get(screen.step)
        if act is not None:
            act(typed)

    def _figure(self, typed: str) -> None:
        self._give(_VALUES[self._screen.step], typed)

    def _take_receipt(self, typed: str) -> None:
        self._screen = self._with("receipt", typed)
        self._go(Step.SAYS)

    def _find(self, typed: str) -> None:
        def job() -> tuple[MeterRecord, str]:
            meter = self._desk.card(self._desk.meter_number(typed)).meter
            return meter, self._counted(meter)

        self._ask(job, lambda found: self._found(*found))

    def _counted(self, meter: MeterRecord) -> str:
        giving = self._screen.act is DeskAct.FREE_ISSUE
        return self._desk.engineering.counted_in(meter.drn) if giving else ""

    def _found(self, meter: MeterRecord, money: str) -> None:
        self._screen = replace(self._screen, money=money)
        if self._screen.step is Step.OLD_METER:
            self._screen = self._with("from", meter.drn)
            self._go(Step.NEW_METER)
            return
        self._screen = replace(self._screen, meter=meter)
        self._go(self._next())
        if self._screen.act is DeskAct.CLEAR_TAMPER:
            self._refresh()

    def _give(self, name: str, value: str) -> None:
        """Take the last figure of an act; what stands against the figures is said here."""
        before = self._screen
        self._screen = self._with(name, value)
        order = self._order()
        self._screen = before
        given = self._with(name, value)

        def land(draft: tuple[DeskRecord, Slip]) -> None:
            self._screen = replace(given, busy=False)
            self._go(self._next(), slip=draft[1])

        self._ask(lambda: self._drawn(order), land)

    def _reasoned(self, typed: str) -> None:
        before = self._screen
        self._screen = replace(before, reason=typed)
        order = self._order()
        self._screen = before

        def job() -> Slip:
            self._desk.engineering.check(order)
            return self._drawn(order)[1]

        self._ask(job, lambda slip: self._go(self._next(), reason=typed, slip=slip))

    def _follow(self) -> None:
        """Do what the advice says: replace, or go back to the start."""
        advice = self._screen.advice
        if advice is not None and advice.advice is Advice.REPLACE:
            self._go(Step.ORDER)
        else:
            self.begin(self._drn)

    def ask_elsewhere(self) -> None:
        """Ask a supervisor who is not here; the code comes back over the phone."""
        if self._screen.step is not Step.PIN or self._screen.busy:
            return
        order = self._order()

        def asked(request: ApprovalRequest) -> None:
            self._go(Step.CODE, request=request)

        self._ask(lambda: self._desk.engineering.ask(order), asked)

    def _make(self, typed: str) -> None:
        screen, approval = self._screen, None
        if screen.approver is not None and screen.step is Step.CODE and screen.request:
            number = screen.request.number
            approval = Approval(screen.approver.id, number=number, code=typed)
        elif screen.approver is not None and screen.step is Step.PIN:
            approval = Approval(screen.approver.id, pin=typed)
        order = replace(self._order(), approval=approval)
        self._set(typed="")

        def job() -> tuple[DeskRecord, Slip]:
            made = self._desk.engineering.make(order)
            return made, self._slip(made, 0)

        self._ask(job, self._done)

    def _done(self, answer: tuple[DeskRecord, Slip]) -> None:
        made, slip = answer
        self._set(step=Step.DONE, made=made, slip=slip, typed="", problem=None)
        self.changed()

    def print_again(self) -> None:
        """Queue a copy of the slip."""
        made, by, door = self._screen.made, self._operator.id, self._desk.engineering
        if self._screen.step is Step.DONE and made is not None:
            job = paper_again(lambda: door.reprint(made.receipt, by), self._slip)
            self._ask(job, lambda done: self._set(slip=done[0]))

    def back(self) -> bool:
        """Take Esc; False when there is nothing left to go back from."""
        screen = self._screen
        if screen.busy:
            return True
        if screen.step in {Step.ACT, Step.DONE} or screen.act is None:
            if screen.step is Step.MORE:
                self._set(step=Step.ACT)
                return True
            return False
        if screen.step is Step.CODE:
            self._go(Step.PIN, request=None)
            return True
        steps = flow(screen.act, own_power=screen.own_power)
        at = steps.index(screen.step)
        if at == 0:
            self.begin(self._drn)
        else:
            self._go(steps[at - 1], typed=self._said(steps[at - 1]))
        return True

    # the order and its paper

    def _said(self, step: Step) -> str:
        """Return what was typed at a step before."""
        screen = self._screen
        values = dict(screen.values)
        if step is Step.METER and screen.meter is not None:
            return screen.meter.drn
        said = {
            Step.OLD_METER: values.get("from", ""),
            Step.RECEIPT: values.get("receipt", ""),
            Step.ORDER: screen.work_order,
            Step.REASON: screen.reason,
        }
        return said.get(step, values.get(_VALUES.get(step, ""), ""))

    def _next(self) -> Step:
        screen = self._screen
        if screen.act is None:
            raise RuntimeError("a step without an act")
        steps = flow(screen.act, own_power=screen.own_power)
        return steps[steps.index(screen.step) + 1]

    def _with(self, name: str, value: str) -> EngineerScreen:
        values = dict(self._screen.values) | {name: value}
        return replace(self._screen, values=tuple(values.items()))

    def _order(self) -> ActOrder:
        screen = self._screen
        if screen.act is None:
            raise RuntimeError("an order without an act")
        return ActOrder(
            act=screen.act,
            act_id=self._act_id,
            operator_id=self._operator.id,
            drn=screen.meter.drn if screen.meter else "",
            work_order=screen.work_order,
            reason=screen.reason,
            values=dict(screen.values),
        )

    def _drawn(self, order: ActOrder) -> tuple[DeskRecord, Slip]:
        draft = self._desk.engineering.draft(order)
        return draft, self._slip(draft, 0)

    def _refresh(self) -> None:
        """Draw the paper as far as it is known."""
        order = self._order()
        self._ask(lambda: self._drawn(order), lambda drawn: self._set(slip=drawn[1]))

    def _go(self, step: Step, **changes: Any) -> None:
        changes = {"typed": "", **changes}
        self._set(step=step, problem=None, wrong=False, **changes)

    def _ask(self, job: Callable[[], T], done: Callable[[T], None]) -> None:
        """Run `job` while no other key acts; after a problem the screen stays as it was."""

        def land(answer: T) -> None:
            self._screen = replace(self._screen, busy=False)
            done(answer)

        self._set(busy=True, problem=None, wrong=False)
        self._run(job, land, self._failed)

    def _failed(self, error: BaseException) -> None:
        self._screen = replace(self._screen, busy=False)
        if not isinstance(error, PosError):
            raise error
        self._set(problem=error, wrong=self._screen.step in TYPED)

    def _set(self, **changes: Any) -> None:
        self._screen = replace(self._screen, **changes)
        self._view.show_screen(self._screen)
