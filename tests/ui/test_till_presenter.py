"""What every key of the till does, without a window."""

from __future__ import annotations

import pytest

from pos_app.application.slip.layout import Text
from pos_app.domain.usual import Usage
from pos_app.ui.presenters.till_screen import Place, Step
from tests.ui.hand import Till


@pytest.fixture
def till() -> Till:
    return Till()


def test_a_repeat_customer_needs_three_enters_and_nothing_else(till: Till) -> None:
    till.find("07124482166")
    till.enter()
    assert till.at(Step.AMOUNT)
    assert till.screen.amount == "100.00"
    till.enter()
    assert till.at(Step.TENDER)
    till.enter()
    assert till.at(Step.RESULT)
    sale = till.desk.sales[0]
    assert (sale.total_minor, sale.change_minor) == (10_000, 0)
    assert till.screen.sale == sale


def test_the_amount_waits_selected_after_a_card_was_found(till: Till) -> None:
    till.find("07124482166")
    till.enter()
    assert till.view.marks[-1] is Place.AMOUNT


def test_no_number_of_enters_in_the_search_field_commits(till: Till) -> None:
    till.find("07124482166")
    for _ in range(12):
        till.enter(Place.FIND)
    assert till.at(Step.AMOUNT)
    till.enter(Place.AMOUNT)
    for _ in range(12):
        till.enter(Place.FIND)
    assert till.at(Step.TENDER)
    assert till.sold() == 0


def test_an_enter_that_bounces_within_400_ms_counts_once(till: Till) -> None:
    till.to_amount()
    till.enter()
    for _ in range(20):
        till.seconds += 0.033
        till.presenter.enter(Place.RECEIVED)
    assert till.at(Step.TENDER)
    assert till.sold() == 0
    till.enter()
    assert till.sold() == 1


def test_a_held_enter_never_becomes_a_new_enter(till: Till) -> None:
    till.to_tender()
    till.presenter.typed_received("abc")
    for _ in range(60):
        till.seconds += 0.1
        till.presenter.enter(Place.RECEIVED)
    assert till.sold() == 0


def test_a_scanners_enter_before_the_answer_opens_the_only_hit(till: Till) -> None:
    till.queue.held = True
    till.find("phiri")
    till.enter()
    assert till.at(Step.SEARCH)
    till.queue.work()
    assert till.at(Step.AMOUNT)
    assert till.screen.card is not None
    assert till.screen.card.meter.name == "Grace Phiri"


def test_an_enter_before_many_hits_opens_none_of_them(till: Till) -> None:
    till.queue.held = True
    till.find("moyo")
    till.enter()
    till.queue.work()
    assert till.at(Step.SEARCH)
    assert till.screen.hits is not None
    assert len(till.screen.hits) == 2


def test_arrows_choose_among_hits_and_wrap(till: Till) -> None:
    till.find("moyo")
    till.presenter.move(1)
    till.presenter.move(1)
    till.presenter.move(-1)
    till.enter()
    assert till.screen.card is not None
    assert till.screen.card.meter.name == "Rudo Moyo"


def test_overtaken_searches_are_not_asked_and_not_heard(till: Till) -> None:
    till.queue.held = True
    till.find("gracephiri")
    till.queue.work()
    assert till.desk.calls.count("find") == 1
    assert till.screen.hits is not None
    assert [hit.name for hit in till.screen.hits] == ["Grace Phiri"]


def test_overtaken_quotes_are_not_asked_and_not_heard(till: Till) -> None:
    till.to_amount(amount="")
    till.queue.held = True
    before = till.desk.calls.count("quote")
    for typed in ("1", "12", "125"):
        till.presenter.typed_amount(typed)
    till.queue.work()
    assert till.desk.calls.count("quote") == before + 1
    assert till.screen.answer is not None
    assert till.screen.answer.quote.total.minor == 12_500


def test_an_enter_before_the_quote_accepts_the_quote_of_what_was_typed(till: Till) -> None:
    till.to_amount(amount="")
    till.queue.held = True
    till.presenter.typed_amount("250")
    till.enter()
    assert till.at(Step.AMOUNT)
    till.queue.work()
    assert till.at(Step.TENDER)
    assert till.screen.answer is not None
    assert till.screen.answer.quote.total.minor == 25_000


def test_units_after_u_or_slash_ask_for_units(till: Till) -> None:
    till.to_amount(amount="u40")
    assert till.screen.answer is not None
    assert till.screen.answer.quote.tenths == 400
    till.presenter.typed_amount("/12.5")
    assert till.screen.answer.quote.tenths == 125
    till.enter()
    till.enter()
    assert till.desk.sales[0].asked == "units"
    assert till.desk.sales[0].tenths == 125


def test_days_after_d_or_two_slashes_are_sold_as_the_units_that_last_for_them(till: Till) -> None:
    till.to_amount(amount="d30/4")
    assert till.screen.answer is not None
    assert (till.screen.answer.quote.tenths, till.screen.answer.days) == (1200, 30)
    assert till.screen.answer.pace == Usage(40, 1)
    till.presenter.typed_amount("//3/5.5")
    assert (till.screen.answer.quote.tenths, till.screen.answer.days) == (165, 3)
    till.enter()
    till.enter()
    assert (till.desk.sales[0].asked, till.desk.sales[0].tenths) == ("units", 165)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("5", "below-minimum"),
        ("1.234", "amount-invalid"),
        ("u0.05", "units-invalid"),
        ("d0", "days-invalid"),
        ("d30", "usage-unknown"),
    ],
)
def test_a_bad_amount_is_told_quietly_while_typing_and_in_place_after_enter(
    till: Till, typed: str, code: str
) -> None:
    till.to_amount(amount=typed)
    assert till.screen.problem is None
    assert till.screen.remark is not None
    assert till.screen.remark.code == code
    till.enter()
    assert till.code() == code
    assert (till.step, till.screen.at_fault) == (Step.AMOUNT, Place.AMOUNT)
    assert till.view.marks[-1] is Place.AMOUNT
    till.presenter.typed_amount("100")
    assert till.screen.problem is None


def test_tendered_digits_show_the_change_before_they_are_taken(till: Till) -> None:
    till.to_tender()
    for text in ("1", "15", "150"):
        till.presenter.typed_received(text)
    assert till.screen.change is not None
    assert till.screen.change.minor == 5_000
    till.enter()
    assert till.desk.sales[0].change_minor == 5_000


def test_too_little_is_said_and_not_taken(till: Till) -> None:
    till.to_tender()
    till.presenter.typed_received("60")
    assert till.screen.missing is not None
    assert till.screen.missing.minor == 4_000
    till.enter()
    assert till.at(Step.TENDER)
    assert till.sold() == 0


def test_one_note_key_commits_when_it_is_enough(till: Till) -> None:
    till.to_tender()
    till.presenter.note(3)
    assert till.desk.sales[0].change_minor == 10_000


def test_notes_add_up_until_they_are_enough(till: Till) -> None:
    till.to_tender()
    till.presenter.note(1)
    assert till.screen.received == "50.00"
    assert till.sold() == 0
    till.seconds += 1
    till.presenter.note(1)
    assert till.sold() == 1
    assert till.desk.sales[0].change_minor == 0


def test_a_note_key_before_the_quote_was_accepted_does_nothing(till: Till) -> None:
    till.to_amount()
    till.presenter.note(3)
    assert till.at(Step.AMOUNT)
    assert till.sold() == 0


def test_a_commit_on_its_way_cannot_be_sent_again(till: Till) -> None:
    till.to_tender()
    till.queue.held = True
    till.enter()
    till.enter(Place.RECEIVED)
    till.presenter.note(3)
    till.presenter.back()
    assert till.at(Step.COMMITTING)
    till.queue.work()
    assert till.desk.calls.count("sell") == 1
    assert till.at(Step.RESULT)


def test_what_is_scanned_during_a_commit_is_kept_for_the_next_sale(till: Till) -> None:
    till.to_tender()
    till.queue.held = True
    till.enter()
    till.find("02211340558")
    till.queue.work()
    assert till.at(Step.RESULT)
    assert till.screen.find == "02211340558"
    till.queue.held = False
    till.enter()
    assert till.screen.card is not None
    assert till.screen.card.meter.name == "Grace Phiri"


def test_the_first_key_of_the_next_sale_clears_the_result(till: Till) -> None:
    till.to_tender()
    till.enter()
    till.presenter.typed_find("0")
    assert till.at(Step.SEARCH)
    assert till.screen.sale is None


def test_escape_steps_back_and_leaves_no_trace(till: Till) -> None:
    till.to_tender()
    till.presenter.typed_received("500")
    till.presenter.back()
    assert till.at(Step.AMOUNT)
    assert till.screen.received == ""
    assert till.screen.amount == "100"
    till.presenter.back()
    assert till.at(Step.IDLE)
    assert till.screen.card is None
    assert "sell" not in till.desk.calls


def test_a_blocked_meter_is_told_before_money_is_named(till: Till) -> None:
    till.find("banda")
    till.enter()
    assert till.at(Step.STOPPED)
    till.enter()
    till.presenter.note(0)
    assert till.sold() == 0
    till.find("0712")
    assert till.at(Step.SEARCH)


def test_an_unknown_number_is_told_at_the_search_field(till: Till) -> None:
    till.find("07124482167")
    till.enter()
    assert till.code() == "meter-unknown"
    assert (till.step, till.screen.at_fault) == (Step.SEARCH, Place.FIND)
    assert till.view.marks[-1] is Place.FIND


@pytest.mark.parametrize("in_tender", [False, True])
def test_a_meter_scanned_into_a_money_field_starts_that_customer(
    till: Till, *, in_tender: bool
) -> None:
    till.to_amount()
    if in_tender:
        till.enter()
        till.presenter.typed_received("02211340558")
    else:
        till.presenter.typed_amount("02211340558")
    till.enter()
    assert till.sold() == 0
    assert till.at(Step.AMOUNT)
    assert till.screen.card is not None
    assert till.screen.card.meter.drn == "02211340558"


def test_the_draft_of_the_slip_follows_every_key(till: Till) -> None:
    till.to_amount(amount="u40")
    assert till.screen.slip is not None
    assert Text("400") in till.screen.slip.blocks
    till.enter()
    till.presenter.typed_received("500")
    assert till.screen.slip is not None
    assert Text("cash 500.00") in till.screen.slip.blocks


def test_a_bug_is_raised_and_leaves_the_till_usable(till: Till) -> None:
    till.to_tender()
    till.desk.trouble = [ZeroDivisionError("ours")]  # type: ignore[list-item]
    with pytest.raises(ZeroDivisionError):
        till.enter()
    assert till.at(Step.TENDER)
    till.enter()
    assert till.sold() == 1
