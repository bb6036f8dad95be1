"""Putting a sale right: one question a step, a digit or a line each, a PIN or a code at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from pos_app.application.records import MeterCard, Operator, QuoteAnswer, Role
from pos_app.application.redress_records import Redress, RedressBase, RedressOrder
from pos_app.application.sale import Sale
from pos_app.application.slip.layout import Slip
from pos_app.domain.errors import PosError
from pos_app.domain.money import AmountInvalid, Currency, Money
from pos_app.domain.redress import Reason, RedressKind
from pos_app.domain.tender import CASH
from pos_app.ui.presenters.desk import Desk, Run
from pos_app.ui.presenters.paper_again import paper_again
from pos_app.ui.presenters.redress_screen import CHOSEN, FATES, KINDS, RedressScreen, Step

T = TypeVar("T")
_Began = tuple[RedressBase, Currency, tuple[Operator, ...]]
_Found = tuple[MeterCard, QuoteAnswer]


class RedressView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: RedressScreen) -> None:
        """Draw `screen`."""
        ...


@dataclass(frozen=True, slots=True)
class RedressParts:
    """The door, a way to run there, the paper, the drawer's pulse, identities for new sales.

    `slip` takes a draft or what was done, and the number of the copy; it runs on the ledger's
    thread.
    """

    desk: Desk
    run: Run
    slip: Callable[[Redress, int], Slip]
    pulse: Callable[[], None]
    new_id: Callable[[], str]


class RedressPresenter:
    """The slip in view is the one that will be signed, as far as it is known."""

    def __init__(self, parts: RedressParts, operator: Operator, view: RedressView) -> None:
        self._desk, self._run, self._slip = parts.desk, parts.run, parts.slip
        self._pulse, self._new_id = parts.pulse, parts.new_id
        self._operator, self._view = operator, view
        self._screen = RedressScreen()
        self._sale_id = ""
        self.changed: Callable[[], None] = lambda: None

    @property
    def screen(self) -> RedressScreen:
        """What stands on the screen."""
        return self._screen

    def begin(self, receipt: str) -> None:
        """Start with a sale, by its receipt number."""
        self._screen, self._sale_id = RedressScreen(), self._new_id()

        def job() -> _Began:
            base = self._desk.redress.about(receipt)
            code = base.total.currency.code
            known = {each.code: each for each in self._desk.shifts.currencies()}
            others = tuple(
                one
                for one in self._desk.operators()
                if one.role is Role.SUPERVISOR and one.id != self._operator.id
            )
            return base, known.get(code, base.total.currency), others

        self._ask(job, self._began)

    def _began(self, answer: _Began) -> None:
        base, currency, approvers = answer
        self._set(step=Step.KIND, base=base, currency=currency, approvers=approvers)
        if base.done is not None:
            self._show_done(base.done)

    # steps

    def choose(self, number: int) -> None:
        """Take the answer with this number, from 0."""
        screen = self._screen
        acts: dict[Step, tuple[int, Callable[[int], None]]] = {
            Step.KIND: (len(KINDS), self._take_kind),
            Step.REASON: (len(screen.reasons), self._take_reason),
            Step.TOKEN: (len(FATES), self._take_token),
            Step.APPROVER: (len(screen.approvers), self._take_approver),
        }
        most, act = acts.get(screen.step, (0, lambda _: None))
        if 0 <= number < most and not screen.busy:
            act(number)

    def _take_kind(self, number: int) -> None:
        self._go(Step.REASON, kind=KINDS[number], reason=None, token=None, note="")

    def _take_reason(self, number: int) -> None:
        reason = self._screen.reasons[number]
        step = Step.NOTE if reason is Reason.OTHER else Step.TOKEN
        self._go(step, reason=reason, note="")

    def _take_token(self, number: int) -> None:
        base, refund = self._screen.base, self._screen.kind is RedressKind.REFUND
        typed = base.most.plain() if base and refund else ""
        self._go(Step.AMOUNT if refund else Step.METER, token=FATES[number], typed=typed)

    def _take_approver(self, number: int) -> None:
        self._go(Step.PIN, approver=self._screen.approvers[number], request=None)

    def typed(self, text: str) -> None:
        """Take what is typed into the field of the step."""
        changes: dict[str, Any] = {"typed": text, "problem": None, "wrong": False}
        if self._screen.step is Step.METER:
            changes |= {"card": None, "answer": None}
        self._set(**changes)

    def enter(self) -> None:
        """Take the line that was typed; with the PIN it is done."""
        acts = {
            Step.NOTE: self._take_note,
            Step.AMOUNT: self._take_amount,
            Step.METER: self._take_meter,
            Step.PIN: self._commit,
            Step.CODE: self._commit,
        }
        act = acts.get(self._screen.step)
        if act is not None and not self._screen.busy:
            act()

    def _take_note(self) -> None:
        if self._screen.typed.strip():
            self._go(Step.TOKEN, note=" ".join(self._screen.typed.split()))

    def _take_amount(self) -> None:
        if self._screen.currency is None:
            return
        try:
            amount = Money.parse(self._screen.typed, self._screen.currency)
        except AmountInvalid as problem:
            self._set(problem=problem, wrong=True)
            return
        self._checked(amount=amount)

    def _take_meter(self) -> None:
        """Find the meter; a second Enter accepts what its card says."""
        screen, base = self._screen, self._screen.base
        if screen.card is not None:
            self._checked()
            return
        typed = screen.typed
        if base is None or not typed.strip():
            return

        def job() -> _Found:
            drn = self._desk.meter_number(typed)
            return self._desk.card(drn), self._desk.quote(drn, base.total, None)

        self._ask(job, lambda found: self._go(Step.METER, typed=typed, **_named(found)))

    def _checked(self, **changes: Any) -> None:
        """Go on to the approval unless something stands against the order."""
        before = self._screen
        self._screen = replace(before, **changes)
        order = self._order("")
        self._screen = before
        self._ask(
            lambda: self._desk.redress.check(order),
            lambda _: self._go(Step.APPROVER, **changes),
        )

    def ask_elsewhere(self) -> None:
        """Ask a supervisor who is not here; the code comes back over the phone."""
        if self._screen.step is not Step.PIN or self._screen.busy:
            return
        order = self._order("")
        self._ask(
            lambda: self._desk.redress.ask(order),
            lambda request: self._go(Step.CODE, request=request),
        )

    def _commit(self) -> None:
        order, refund = self._order(self._screen.typed), self._screen.kind is RedressKind.REFUND
        if not (order.pin or order.code):
            return
        self._set(typed="")
        door = self._desk.redress

        def job() -> tuple[Redress, Sale | None]:
            return (door.refund(order), None) if refund else door.compensate(order)

        self._ask(job, self._done)

    def _done(self, answer: tuple[Redress, Sale | None]) -> None:
        made, sale = answer
        if CASH in {kind for kind, _ in made.parts}:
            self._pulse()
        self._show_done(made, sale)
        self.changed()

    def _show_done(self, made: Redress, sale: Sale | None = None) -> None:
        self._ask(
            lambda: self._slip(made, 0),
            lambda slip: self._set(step=Step.DONE, made=made, sale=sale, slip=slip, typed=""),
        )

    def print_again(self) -> None:
        """Queue a copy of the slip to sign."""
        made, by, door = self._screen.made, self._operator.id, self._desk.redress
        if self._screen.step is Step.DONE and made is not None:
            job = paper_again(lambda: door.reprint(made.slip, by), self._slip)
            self._ask(job, lambda done: self._set(slip=done[0]))

    def back(self) -> bool:
        """Take Esc; False when there is nothing left to go back from."""
        screen = self._screen
        if screen.busy:
            return True
        given = Step.AMOUNT if screen.kind is RedressKind.REFUND else Step.METER
        before = {
            Step.REASON: Step.KIND,
            Step.NOTE: Step.REASON,
            Step.TOKEN: Step.REASON,
            Step.AMOUNT: Step.TOKEN,
            Step.METER: Step.TOKEN,
            Step.APPROVER: given,
            Step.PIN: Step.APPROVER,
            Step.CODE: Step.PIN,
        }.get(screen.step)
        if before is None:
            return False
        typed = ""
        if before is Step.AMOUNT and screen.amount is not None:
            typed = screen.amount.plain()
        elif before is Step.METER and screen.card is not None:
            typed = screen.card.meter.drn
        self._go(before, typed=typed)
        return True

    # the order and its paper

    def _order(self, said: str) -> RedressOrder:
        """Return the order with what the approver `said`: a PIN, or the code for a request."""
        screen = self._screen
        request = screen.request if screen.step is Step.CODE else None
        if screen.base is None or screen.reason is None or screen.token is None:
            raise RuntimeError("an order before its questions were answered")
        refund, card = screen.kind is RedressKind.REFUND, screen.card
        return RedressOrder(
            kind=screen.kind,
            receipt=screen.base.receipt,
            reason=screen.reason,
            token=screen.token,
            operator_id=self._operator.id,
            approver_id=screen.approver.id if screen.approver else "",
            pin="" if request else said,
            note=screen.note,
            amount=screen.amount if refund else None,
            drn=card.meter.drn if card and not refund else "",
            sale_id="" if refund else self._sale_id,
            expected_tenths=screen.answer.quote.tenths if screen.answer and not refund else None,
            request=request.number if request else "",
            code=said if request else "",
        )

    def _go(self, step: Step, **changes: Any) -> None:
        """Show another step, and the paper as it will print by now."""
        changes = {"typed": "", **changes}
        self._set(step=step, problem=None, wrong=False, **changes)
        draft = _draft(self._screen, self._operator)
        if draft is not None:
            self._run(
                lambda: self._slip(draft, 0),
                lambda slip: self._set(slip=slip) if self._screen.made is None else None,
                self._failed,
            )

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
        self._set(problem=error, wrong=self._screen.step not in CHOSEN)

    def _set(self, **changes: Any) -> None:
        self._screen = replace(self._screen, **changes)
        self._view.show_screen(self._screen)


def _named(found: _Found) -> dict[str, Any]:
    card, answer = found
    return {"card": card, "answer": answer}


def _draft(screen: RedressScreen, operator: Operator) -> Redress | None:
    """Return what is known so far as if it were done; None before the kind is chosen."""
    base = screen.base
    if base is None or screen.step is Step.KIND:
        return None
    refund = screen.kind is RedressKind.REFUND
    amount = (screen.amount or base.most) if refund else base.total
    meter = screen.card.meter if screen.card and not refund else None
    return Redress(
        kind=screen.kind.value,
        slip="",
        number=0,
        offset_minutes=0,
        sale_seq=0,
        receipt=base.receipt,
        drn=base.drn,
        name=base.name,
        currency=base.total.currency.code,
        decimals=base.total.currency.decimals,
        total_minor=base.total.minor,
        amount_minor=amount.minor,
        parts=(),
        reason=screen.reason.value if screen.reason else "",
        note=screen.note,
        token=screen.token.value if screen.token else "",
        claim_minor=0,
        claim_tenths=0,
        unit=base.unit,
        operator=operator.id,
        operator_name=operator.name,
        approver="",
        approver_name=screen.approver.name if screen.approver else "",
        shift=0,
        training=False,
        new_drn=meter.drn if meter else "",
        new_name=meter.name if meter else "",
    )
