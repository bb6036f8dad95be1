"""Paying in several ways at the till, without a window: what every key does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_app.application.slip.layout import Text
from pos_app.domain.money import Money
from pos_app.domain.tender import CASH
from pos_app.domain.tender_kind import CASH_KIND, ReferenceUsed, TenderKind
from pos_app.ui.presenters.till_screen import Place, Step
from pos_app.ui.presenters.till_ways import next_kind, still_due
from tests.ui.hand import Till


@pytest.fixture
def till() -> Till:
    made = Till()
    made.to_tender()
    return made


def paid(till: Till) -> list[tuple[str, int, str]]:
    (sale,) = till.desk.sales
    return [(each.kind, each.amount_minor, each.reference) for each in sale.tenders]


def turn(till: Till, times: int = 1) -> None:
    for _ in range(times):
        till.presenter.other_way()


def pay(till: Till, code: str, amount: str = "", reference: str = "") -> None:
    till.presenter.pay_by(code)
    if amount:
        till.presenter.typed_received(amount)
    till.enter()
    if till.screen.step is Step.REFERENCE:
        till.presenter.typed_reference(reference)
        till.enter()


def test_cash_is_the_way_without_any_key(till: Till) -> None:
    assert till.screen.kind == CASH
    till.enter()
    assert paid(till) == [("cash", 10_000, "")]


def test_a_key_goes_through_the_ways_this_operator_may_take(till: Till) -> None:
    seen = []
    for _ in range(4):
        turn(till)
        seen.append(till.screen.kind)
    assert seen == ["card", "mobile", "cheque", "cash"]  # on account is a supervisor's


def test_another_way_pays_all_of_it_with_its_number(till: Till) -> None:
    turn(till)
    till.enter()
    assert till.at(Step.REFERENCE)
    assert till.screen.place is Place.REFERENCE
    till.presenter.typed_reference("ap 77")
    till.enter()
    assert paid(till) == [("card", 10_000, "AP77")]


def test_three_ways_by_keys_alone_and_the_rest_in_cash(till: Till) -> None:
    pay(till, "cheque", "30", "000123")
    assert till.screen.due == Money(7000, till.desk.tariff.currency)
    assert (till.screen.kind, till.screen.received) == (CASH, "")
    pay(till, "mobile", "50.5", "QK72M8X9P")
    till.presenter.typed_received("20")
    assert till.screen.change == Money(50, till.desk.tariff.currency)
    till.enter()
    assert paid(till) == [
        ("cheque", 3000, "000123"),
        ("mobile", 5050, "QK72M8X9P"),
        ("cash", 2000, ""),
    ]


def test_cash_on_the_counter_stays_taken_when_the_way_changes(till: Till) -> None:
    till.presenter.note(0)
    turn(till)
    assert [each.amount.minor for each in till.screen.taken] == [2000]
    assert till.screen.due == Money(8000, till.desk.tariff.currency)
    till.enter()
    till.presenter.typed_reference("AP77")
    till.enter()
    assert paid(till) == [("cash", 2000, ""), ("card", 8000, "AP77")]


def test_the_draft_lists_every_part(till: Till) -> None:
    pay(till, "cheque", "30", "000123")
    till.presenter.typed_received("50")
    assert till.screen.slip is not None
    assert Text("cheque 30.00, cash 50.00") in till.screen.slip.blocks


def test_esc_undoes_one_thing_at_a_time(till: Till) -> None:
    pay(till, "cheque", "30", "000123")
    till.presenter.pay_by("mobile")
    till.enter()
    assert till.at(Step.REFERENCE)
    till.presenter.back()
    assert (till.screen.step, till.screen.kind) == (Step.TENDER, "mobile")
    till.presenter.back()
    assert (till.screen.kind, len(till.screen.taken)) == (CASH, 1)
    till.presenter.back()
    assert till.screen.taken == ()
    assert till.screen.due == Money(10_000, till.desk.tariff.currency)
    till.presenter.back()
    assert till.at(Step.AMOUNT)
    assert till.sold() == 0


@pytest.mark.parametrize(
    ("amount", "code"),
    [("101", "tender-too-much"), ("x", "amount-invalid"), ("0", "amount-invalid")],
)
def test_an_amount_another_way_cannot_bring_is_refused_in_place(
    till: Till, amount: str, code: str
) -> None:
    pay(till, "mobile", amount)
    assert till.screen.problem is not None
    assert (till.screen.problem.code, till.screen.at_fault) == (code, Place.RECEIVED)
    assert till.at(Step.TENDER)


def test_a_number_of_the_wrong_shape_is_refused_in_place(till: Till) -> None:
    pay(till, "cheque", "", "12")
    assert till.screen.problem is not None
    assert (till.screen.problem.code, till.screen.at_fault) == (
        "reference-invalid",
        Place.REFERENCE,
    )
    assert till.view.marks[-1] is Place.REFERENCE
    till.presenter.typed_reference("000123")
    till.enter()
    assert paid(till) == [("cheque", 10_000, "000123")]


def test_a_used_number_is_taken_back_and_the_rest_stays(till: Till) -> None:
    pay(till, "cheque", "30", "000123")
    pay(till, "mobile", "50", "QK72M8X9P")
    used = ReferenceUsed(tender="cheque", reference="000123", receipt="3-A000001")
    till.desk.trouble.append(used)
    till.enter()
    assert till.screen.problem is used
    assert [(t.kind, t.amount.minor) for t in till.screen.taken] == [
        ("mobile", 5000),
        ("cash", 2000),
    ]
    assert till.screen.due == Money(3000, till.desk.tariff.currency)


def test_any_other_refusal_leaves_what_was_typed(till: Till) -> None:
    pay(till, "cheque", "30", "000123")
    till.presenter.typed_received("100")
    till.desk.trouble.append(ReferenceUsed(tender="card", reference="other", receipt="3-A1"))
    till.enter()
    assert till.at(Step.TENDER)
    assert [each.kind for each in till.screen.taken] == ["cheque"]


def test_a_till_that_takes_cash_only_has_no_other_way() -> None:
    till = Till()
    till.desk.kinds = (CASH_KIND,)
    till.to_tender()
    turn(till, 3)
    assert till.screen.kind == CASH
    assert till.screen.kinds == (CASH_KIND,)


def test_a_gift_card_gives_change_without_asking_for_a_number() -> None:
    till = Till()
    till.desk.kinds = (CASH_KIND, TenderKind("gift", gives_change=True))
    till.to_tender()
    pay(till, "gift", "150")
    assert paid(till) == [("gift", 15_000, "")]
    assert till.desk.sales[0].change_minor == 5000


def test_what_a_supervisor_set_meanwhile_counts_for_the_next_payment(till: Till) -> None:
    till.presenter.back()
    till.desk.kinds = (CASH_KIND, replace(till.desk.kinds[1], code="terminal"))
    till.enter()
    turn(till)
    assert till.screen.kind == "terminal"


def test_what_is_still_due_is_in_coins_for_cash_only() -> None:
    till = Till()
    rand = till.desk.tariff.currency
    total = Money(10_003, rand)
    assert still_due(total, (), CASH).minor == 10_000
    assert still_due(total, (), "card").minor == 10_003
    assert next_kind((CASH_KIND,), CASH) == CASH
