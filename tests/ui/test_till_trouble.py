"""What the till does when a sale is refused, made twice, or needs paper again."""

from __future__ import annotations

import pytest

from pos_app.application.errors import QuoteChanged
from pos_app.application.printing import PrintState
from pos_app.application.slip.layout import Text
from pos_app.domain.errors import PosError
from pos_app.ui.presenters.till_screen import Place, Step
from tests.ui.hand import Till
from tests.ui.trouble import AllowanceUsedUp, LedgerUnavailable


@pytest.fixture
def till() -> Till:
    return Till()


def test_a_retry_after_trouble_keeps_the_identity_of_the_sale(till: Till) -> None:
    till.desk.trouble = [LedgerUnavailable(reason="disk full")]
    till.to_tender()
    till.enter()
    assert till.code() == "ledger-unavailable"
    assert (till.step, till.screen.at_fault) == (Step.TENDER, Place.RECEIVED)
    till.enter()
    assert till.at(Step.RESULT)
    assert till.ids == ["sale-0"]
    assert till.desk.sales[0].sale_id == "sale-0"


def test_going_back_to_the_amount_makes_it_another_sale(till: Till) -> None:
    till.to_tender()
    till.presenter.back()
    till.enter()
    assert till.ids == ["sale-0", "sale-1"]


@pytest.mark.parametrize("problem", [AllowanceUsedUp(what="money"), LedgerUnavailable(reason="x")])
def test_a_refused_sale_is_said_where_the_money_is(till: Till, problem: PosError) -> None:
    till.desk.trouble = [problem]
    till.to_tender()
    till.enter()
    assert till.code() == problem.code
    assert till.view.marks[-1] is Place.RECEIVED
    assert till.sold() == 0


def test_a_changed_price_goes_back_to_the_amount_with_a_new_quote(till: Till) -> None:
    till.desk.trouble = [QuoteChanged(expected=1, now=2)]
    till.to_tender()
    quotes = till.desk.calls.count("quote")
    till.enter()
    assert till.at(Step.AMOUNT)
    assert till.code() == "quote-changed"
    assert till.desk.calls.count("quote") == quotes + 1


def test_the_same_sale_again_prints_the_first_one_by_default(till: Till) -> None:
    till.to_tender()
    till.enter()
    till.to_tender()
    till.enter()
    assert till.at(Step.DUPLICATE)
    assert till.code() == "duplicate-sale"
    till.enter()
    assert till.at(Step.RESULT)
    assert till.screen.copy == 1
    assert till.sold() == 1
    assert "reprint 3-A000142 other" in till.desk.calls


def test_selling_twice_on_purpose_is_another_key(till: Till) -> None:
    till.to_tender()
    till.enter()
    till.to_tender()
    till.enter()
    till.presenter.sell_again()
    assert till.at(Step.RESULT)
    assert till.sold() == 2


def test_escape_from_the_warning_sells_nothing(till: Till) -> None:
    till.to_tender()
    till.enter()
    till.to_tender()
    till.enter()
    till.presenter.back()
    assert till.at(Step.TENDER)
    till.presenter.back()
    till.presenter.back()
    assert till.at(Step.IDLE)
    assert till.sold() == 1


def test_a_copy_asks_for_its_reason(till: Till) -> None:
    till.to_tender()
    till.enter()
    assert till.presenter.print_copy()
    assert till.at(Step.REASON)
    till.presenter.reason(1)
    assert till.at(Step.RESULT)
    assert till.screen.copy == 1
    assert "reprint 3-A000142 unreadable" in till.desk.calls
    assert till.screen.slip is not None
    assert till.screen.slip.blocks == (Text("1"),)


def test_a_slip_that_failed_is_tried_again_without_becoming_a_copy(till: Till) -> None:
    till.desk.printer_works = False
    till.to_tender()
    till.enter()
    till.presenter.refresh()
    assert till.print_state() is PrintState.FAILED
    assert till.presenter.print_copy()
    assert "print_again 3-A000142" in till.desk.calls
    till.presenter.refresh()
    assert till.print_state() is PrintState.PRINTED
    assert till.screen.copy == 0
