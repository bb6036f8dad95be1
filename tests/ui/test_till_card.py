"""Paying by card at the till: three answers, and what the cashier may do after each."""

from __future__ import annotations

import pytest

from pos_app.application.card_ports import CardOutcome
from pos_app.application.parked import ParkedState
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tender import CASH
from pos_app.ui.presenters.till_screen import Place, Step
from tests.card_terminal import NO, UNKNOWN, YES, ScriptedTerminal
from tests.ui.fake_desk import OPERATORS
from tests.ui.hand import Till


@pytest.fixture
def till() -> Till:
    made = Till()
    made.desk.cards.terminal = ScriptedTerminal()
    made.to_tender()
    made.presenter.pay_by("card")
    return made


def terminal(till: Till) -> ScriptedTerminal:
    found = till.desk.cards.terminal
    assert isinstance(found, ScriptedTerminal)
    return found


def test_a_yes_pays_with_the_approval_code_and_asks_for_no_number(till: Till) -> None:
    terminal(till).script = [YES]
    till.enter()
    assert till.at(Step.RESULT)
    (sale,) = till.desk.sales
    assert [(t.kind, t.reference) for t in sale.tenders] == [("card", "AP7712")]
    assert terminal(till).charged[0].amount.minor == 10_000


def test_part_by_card_and_the_rest_in_cash(till: Till) -> None:
    terminal(till).script = [YES]
    till.presenter.typed_received("60")
    till.enter()
    assert (till.screen.step, till.screen.kind) == (Step.TENDER, CASH)
    assert till.screen.due == Money(4000, till.desk.tariff.currency)
    till.enter()
    assert [t.amount_minor for t in till.desk.sales[0].tenders] == [6000, 4000]


def test_a_no_charges_nothing_and_offers_cash(till: Till) -> None:
    terminal(till).script = [NO]
    till.enter()
    assert (till.code(), till.screen.at_fault) == ("card-declined", Place.RECEIVED)
    assert (till.screen.kind, till.screen.taken, till.screen.parked) == (CASH, (), ())
    till.enter()
    assert [t.kind for t in till.desk.sales[0].tenders] == [CASH]


def test_no_answer_makes_no_token_parks_the_question_and_offers_cash(till: Till) -> None:
    terminal(till).script = [UNKNOWN]
    till.enter()
    assert till.code() == "card-unclear"
    assert till.sold() == 0
    (held,) = till.screen.parked
    assert held.state is ParkedState.CARD_UNKNOWN
    assert (till.screen.step, till.screen.kind) == (Step.TENDER, CASH)
    till.enter()
    assert [t.kind for t in till.desk.sales[0].tenders] == [CASH]
    assert [each.state for each in till.screen.parked] == [ParkedState.CARD_UNKNOWN]


def test_a_terminal_that_breaks_is_no_answer_and_no_no(till: Till) -> None:
    till.enter()  # the script is empty
    assert till.code() == "card-unclear"
    assert till.desk.cards.answers[-1].outcome is CardOutcome.UNKNOWN


def test_between_question_and_answer_no_key_does_anything(till: Till) -> None:
    terminal(till).script = [YES]
    till.queue.held = True
    till.enter()
    assert till.at(Step.CARD)
    till.presenter.back()
    till.presenter.park()
    till.presenter.pay_by("cash")
    till.enter(Place.RECEIVED)
    till.find("phiri")
    assert till.at(Step.CARD)
    till.queue.held = False
    till.queue.work()
    assert till.at(Step.RESULT)
    assert len(terminal(till).charged) == 1


def test_without_a_terminal_the_code_is_typed_and_f4_says_there_was_no_answer() -> None:
    till = Till()
    till.to_tender()
    till.presenter.pay_by("card")
    till.enter()
    assert till.at(Step.REFERENCE)
    till.presenter.park()
    assert till.code() == "card-unclear"
    assert (till.screen.step, till.screen.kind) == (Step.TENDER, CASH)
    assert [each.state for each in till.screen.parked] == [ParkedState.CARD_UNKNOWN]
    assert till.sold() == 0


def test_f4_at_another_number_does_nothing() -> None:
    till = Till()
    till.to_tender()
    till.presenter.pay_by("cheque")
    till.enter()
    till.presenter.park()
    assert till.at(Step.REFERENCE)
    assert till.screen.parked == ()


def test_a_sale_refused_after_a_yes_waits_as_paid_and_is_sold_later(till: Till) -> None:
    class Refused(PosError):
        code = "allowance-used-up"

    terminal(till).script = [YES]
    till.desk.trouble.append(Refused())
    till.enter()
    till.presenter.back()
    till.presenter.back()
    till.presenter.back()
    till.seconds += 1
    till.presenter.park()
    (held,) = till.screen.parked
    assert held.state is ParkedState.CARD_PAID
    till.presenter.recall(0)
    assert till.screen.amount == "100.00"
    till.enter()
    assert [(t.kind, t.reference) for t in till.screen.taken] == [("card", "AP7712")]
    assert till.screen.due == Money(0, till.desk.tariff.currency)
    till.enter()
    assert [t.reference for t in till.desk.sales[0].tenders] == ["AP7712"]
    assert till.screen.parked == ()


def unclear(operator: int = 0) -> Till:
    """Return a till at the list, with one card that nobody knows of."""
    till = Till(operator=OPERATORS[operator])
    till.to_tender()
    till.presenter.pay_by("card")
    till.enter()
    till.presenter.park()
    till.presenter.back()
    till.presenter.back()
    till.seconds += 1
    till.presenter.park()
    assert till.at(Step.PARKED)
    return till


def states(till: Till) -> list[ParkedState]:
    return [each.state for each in till.screen.parked]


def test_a_supervisor_says_yes_with_the_code_or_no_and_the_list_follows() -> None:
    till = unclear(operator=2)
    till.presenter.typed_approval("AP99")
    till.presenter.recall(0)
    assert states(till) == [ParkedState.CARD_PAID]
    assert till.screen.reference == ""
    till.presenter.drop_parked()
    assert states(till) == []
    other = unclear(operator=2)
    other.presenter.drop_parked()
    assert states(other) == []
    assert other.desk.cards.answers[-1].outcome is CardOutcome.NO


def test_a_cashier_may_not_settle_it_and_is_told_who_may() -> None:
    till = unclear()
    till.presenter.recall(0)
    assert till.code() == "card-still-unknown"
    till.presenter.drop_parked()
    assert till.code() == "role-needed"
    till.presenter.typed_approval("AP99")
    till.seconds += 1
    till.presenter.recall(0)
    assert till.code() == "role-needed"
    assert states(till) == [ParkedState.CARD_UNKNOWN]


def test_any_cashier_may_ask_the_terminal_again() -> None:
    till = unclear()
    asked = ScriptedTerminal([UNKNOWN, YES])
    till.desk.cards.terminal = asked
    till.presenter.recall(0)
    assert (till.code(), states(till)) == ("card-still-unknown", [ParkedState.CARD_UNKNOWN])
    till.seconds += 1
    till.presenter.recall(0)
    assert states(till) == [ParkedState.CARD_PAID]
    assert (len(asked.queried), asked.charged) == (2, [])
