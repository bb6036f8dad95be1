"""Key changes at the till: when a sale brings one, what becomes of it, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pos_app.adapters.ledger import hour_sums
from pos_app.adapters.ledger.twin import twin_fault
from pos_app.adapters.vault.errors import KeyMissing
from pos_app.application.errors import RoleNeeded
from pos_app.application.key_change_records import (
    KeyAskInvalid,
    KeyAskUnknown,
    KeyAskWithoutKey,
    KeyChangeState,
    KeyChangeUnknown,
)
from pos_app.application.reports.period import Period
from pos_app.application.reports.rows import in_order
from pos_app.application.sale import Sale
from pos_app.application.slip.layout import Slip, TokenBlock
from pos_app.application.slips import Slips
from pos_app.application.words import load_words
from pos_app.bootstrap.reports import reports_of
from pos_app.domain.meter_key import (
    BaseDateBeyond,
    CipherDiffers,
    KeyAsk,
    KeyMakesNoCredit,
    KeyTypeLower,
    MeterKey,
)
from pos_app.domain.reject import Action, Fit, Use
from tests.key_meters import CASHIER, FIRST_KEY, SUPERVISOR, KeyShop, held_by
from tests.shops import LAGOON, order

METER = "00000000000"
SECOND_KEY = replace(FIRST_KEY, krn=2)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[KeyShop]:
    shop = KeyShop(tmp_path)
    yield shop
    assert twin_fault(shop.shop.ledger.db, shop.shop.ledger.head()) is None
    shop.close()


def changed(till: KeyShop, key: MeterKey = SECOND_KEY) -> Sale:
    """Return the sale that changes the meter's first key."""
    till.meter(METER, FIRST_KEY)
    till.vend_under(key)
    sale = till.sell(METER)
    assert sale.key_change is not None
    return sale


def slip_of(till: KeyShop, seq: int) -> Slip:
    shop = till.shop
    words = load_words("en", "slip", "keyslip")
    return Slips(shop.ledger, shop.desk.identity, shop.store.signer, words).of_seq(seq, 0)


def steps_of(slip: Slip) -> list[tuple[int | None, str]]:
    return [(block.step, block.digits) for block in slip.blocks if isinstance(block, TokenBlock)]


def test_a_meter_with_the_key_that_is_asked_gets_none(till: KeyShop) -> None:
    till.meter(METER, FIRST_KEY)
    assert till.sell(METER).key_change is None
    assert till.shop.desk.key_changes.due(METER) is None


def test_the_newest_key_of_the_group_is_asked_of_every_meter(till: KeyShop) -> None:
    sale = changed(till)
    assert sale.meter.krn == 2
    assert sale.key_change is not None
    assert sale.key_change.old == FIRST_KEY


def test_a_change_is_given_once_and_the_next_sale_confirms_it(till: KeyShop) -> None:
    first = changed(till)
    (row,) = till.shop.desk.key_changes.changes(METER)
    assert (row.state, row.receipt, row.settled) == (KeyChangeState.ISSUED, first.receipt, "")
    second = till.sell(METER)
    assert second.key_change is None
    assert second.meter.krn == 2
    (row,) = till.shop.desk.key_changes.changes(METER)
    assert (row.state, row.settled) == (KeyChangeState.CONFIRMED, second.receipt)


def test_a_change_is_given_again_with_the_same_tokens_and_costs_nothing(till: KeyShop) -> None:
    sale = changed(till)
    desk, before = till.shop.desk, till.shop.desk.status().today
    first = desk.key_changes.again(METER, CASHIER)
    second = desk.key_changes.again(METER, CASHIER, sale.receipt)
    assert sale.key_change is not None
    assert first.change.digits == second.change.digits == sale.key_change.digits
    assert (first.row.copies, second.row.copies) == (1, 2)
    assert desk.status().today == before
    assert desk.key_changes.changes(METER)[0].copies == 2


def test_the_slip_numbers_every_step_and_credit_is_the_last(till: KeyShop) -> None:
    sale = changed(till)
    (row,) = till.shop.desk.key_changes.changes(METER)
    assert steps_of(slip_of(till, row.seq)) == list(enumerate(sale.digits, 1))
    again = till.shop.desk.key_changes.again(METER, CASHIER)
    assert steps_of(slip_of(till, again.seq)) == list(enumerate(again.change.digits, 1))


def test_the_card_and_the_draft_say_how_many_tokens_come_first(till: KeyShop) -> None:
    till.meter(METER, FIRST_KEY)
    assert till.shop.desk.card(METER).key_tokens == 0
    till.vend_under(SECOND_KEY)
    assert till.shop.desk.card(METER).key_tokens == 2
    till.ask(sgc="201457", tokens=3)
    assert till.shop.desk.card(METER).key_tokens == 3


def test_a_file_with_another_key_asks_for_a_change_from_the_key_before(till: KeyShop) -> None:
    till.meter(METER, FIRST_KEY)
    till.meter(METER, replace(FIRST_KEY, ti=7))
    assert held_by(till.shop, METER) == FIRST_KEY
    assert till.sell(METER).meter.ti == 7
    assert held_by(till.shop, METER).ti == 7


def test_a_file_that_says_the_same_as_before_does_not_change_a_key_back(till: KeyShop) -> None:
    till.meter(METER, FIRST_KEY)
    till.ask(ti=9)
    assert till.sell(METER).meter.ti == 9
    till.shop.desk.key_changes.drop("highveld", "plain", SUPERVISOR)
    till.meter(METER, FIRST_KEY)  # head office has not heard of the change yet
    assert till.sell(METER).meter.ti == 9
    till.meter(METER, replace(FIRST_KEY, ti=9))
    assert till.sell(METER).key_change is None


def test_a_key_that_ends_does_not_lead_back_to_an_older_one(till: KeyShop) -> None:
    till.meter(METER, FIRST_KEY)
    till.vend_under(replace(SECOND_KEY, ken=104))
    assert till.sell(METER).meter.krn == 2
    till.go_to("2027-03-01 10:00")  # KEN 104 ended
    assert till.shop.desk.key_changes.due(METER) is None
    with pytest.raises(Exception, match="key-not-in-force"):
        till.sell(METER)


def test_what_is_asked_and_not_here_lets_the_sale_go_on_under_the_old_key(till: KeyShop) -> None:
    till.meter(METER, FIRST_KEY)
    till.vend_under(SECOND_KEY, since="2027-01-01 00:00")
    till.ask(krn=2)
    sale = till.sell(METER)
    assert (sale.key_change, sale.meter.krn) == (None, 1)


def test_a_record_with_a_key_that_is_not_here_sells_nothing(till: KeyShop) -> None:
    till.meter(METER, FIRST_KEY)
    till.meter(METER, replace(FIRST_KEY, sgc="999999"))
    with pytest.raises(KeyMissing):
        till.sell(METER)
    assert held_by(till.shop, METER) == FIRST_KEY


REFUSED = (
    (replace(FIRST_KEY, kt=1), KeyTypeLower),
    (replace(FIRST_KEY, base=1993), BaseDateBeyond),
    (replace(FIRST_KEY, ea=11), CipherDiffers),
)


def test_what_the_meter_would_refuse_is_not_sold(till: KeyShop) -> None:
    for at, (new, problem) in enumerate(REFUSED):
        drn = ("00000000000", "11111111115", "0100000000008")[at]
        till.meter(drn, replace(FIRST_KEY, sgc=f"30000{at}"))
        till.meter(drn, replace(new, sgc=f"30000{at}"))
        head = till.shop.ledger.head().seq
        with pytest.raises(problem):
            till.sell(drn)
        assert till.shop.ledger.head().seq == head


def test_a_meter_with_a_makers_key_takes_no_credit(till: KeyShop) -> None:
    till.meter(METER, replace(FIRST_KEY, sgc="300002", kt=1))
    till.vend_under(replace(FIRST_KEY, sgc="300002", kt=1))
    with pytest.raises(KeyMakesNoCredit):
        till.sell(METER)
    till.vend_under(replace(FIRST_KEY, sgc="300002"))
    assert till.sell(METER).meter.kt == 2


WISHES: dict[str, dict[str, Any]] = {
    "krn": {"krn": 0},
    "ti": {"ti": 100},
    "base": {"base": 2015},
    "sgc": {"sgc": "12345"},
    "tokens": {"ti": 2, "tokens": 4},
    "ask": {},
}


def test_a_wish_that_no_key_can_have_is_refused(till: KeyShop) -> None:
    for field, wish in WISHES.items():
        with pytest.raises(KeyAskInvalid) as refusal:
            till.ask(**wish)
        assert refusal.value.facts["field"] == field


def test_wishes_are_for_supervisors_known_utilities_and_keys_that_are_here(till: KeyShop) -> None:
    desk = till.shop.desk.key_changes
    with pytest.raises(RoleNeeded):
        desk.ask(KeyAsk("highveld", ti=2), CASHIER)
    with pytest.raises(KeyAskInvalid):
        desk.ask(KeyAsk("nowhere", ti=2), SUPERVISOR)
    with pytest.raises(KeyAskInvalid):
        desk.ask(KeyAsk("highveld", "nothing", ti=2), SUPERVISOR)
    with pytest.raises(KeyAskWithoutKey):
        desk.ask(KeyAsk("highveld", krn=5), SUPERVISOR)
    with pytest.raises(KeyAskUnknown):
        desk.drop("highveld", "", SUPERVISOR)
    with pytest.raises(KeyChangeUnknown):
        desk.again(METER, CASHIER)


def test_the_roll_over_counts_meters_by_the_base_date_they_hold(till: KeyShop) -> None:
    till.go_to("2035-03-01 10:00")
    till.vend_under(MeterKey("203557", 6, 2, 255, 2, 11, 4, 2035))
    desk = till.shop.desk.key_changes
    before = {(row.utility, row.base): row for row in desk.roll_over()}
    old = before["lagoon", 2014]
    assert (old.wanted, old.issued) == (2035, 0)
    assert LAGOON in [drn for drn, _, _ in desk.waiting(old, SUPERVISOR)]
    sale = till.shop.desk.sell(order(till.shop, LAGOON, 500_000))
    assert sale.key_change is not None
    assert len(sale.key_change.digits) == 4
    after = {(row.utility, row.base): row for row in desk.roll_over()}
    new = after["lagoon", 2035]
    assert after["lagoon", 2014].meters == old.meters - 1
    assert (new.meters, new.issued, new.confirmed) == (1, 1, 0)
    assert LAGOON not in [drn for drn, _, _ in desk.waiting(old, SUPERVISOR)]
    reports, today = reports_of(till.shop), Period.of(date(2035, 3, 1), date(2035, 3, 1))
    counted = reports.make("roll-over", today, load_words("en"), reader=SUPERVISOR)
    assert counted.title == f"{old.meters - 1} meters are still on an old base date"
    listed = reports.make("to-roll-over", today, load_words("en"), reader=SUPERVISOR)
    numbers = [row[0] for row in listed.rows]
    assert numbers == [drn for drn, _, _ in desk.waiting(old, SUPERVISOR)]
    back = in_order(listed, "meter", descending=True)
    assert [row[0] for row in back.rows] == numbers[::-1]
    till.shop.desk.sell(order(till.shop, LAGOON, 600_000))
    rows = {(row.utility, row.base): row for row in desk.roll_over()}
    assert (rows["lagoon", 2035].issued, rows["lagoon", 2035].confirmed) == (0, 1)
    with pytest.raises(RoleNeeded):
        desk.waiting(old, CASHIER)


def test_the_doctor_asks_for_the_key_change_first_until_it_is_confirmed(till: KeyShop) -> None:
    sale = changed(till)
    desk, digits = till.shop.desk, sale.tokens[-1].digits
    assert desk.check_token(digits, METER).fit is Fit.FITS
    assert desk.diagnose(METER, digits, "rejected").action is Action.KEY_SET_FIRST
    assert desk.diagnose(METER, "", "rejected").action is Action.KEY_SET_FIRST
    till.sell(METER)
    assert desk.diagnose(METER, digits, "rejected").action is not Action.KEY_SET_FIRST


def test_a_token_of_a_key_change_is_known_as_one_of_this_meters(till: KeyShop) -> None:
    sale = changed(till)
    assert sale.key_change is not None
    for digits in sale.key_change.digits:
        check = till.shop.desk.check_token(digits, METER)
        assert (check.fit, check.use, check.receipt) == (Fit.FITS, Use.ANY_TIME, sale.receipt)
    slip = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    check = till.shop.desk.check_token(slip, METER)
    assert (check.fit, check.group) == (Fit.MISTYPED, 5)


def test_the_report_of_tokens_counts_sets_of_key_changes_and_their_tokens(till: KeyShop) -> None:
    till.meter(METER, FIRST_KEY)
    till.vend_under(SECOND_KEY)
    till.ask(sgc=FIRST_KEY.sgc, tokens=3)
    till.sell(METER)
    till.meter("01000000008", FIRST_KEY)
    till.shop.desk.key_changes.drop("highveld", "plain", SUPERVISOR)
    till.sell("01000000008")
    till.sell("01000000008")
    day = date(2026, 11, 21)
    reports, words = reports_of(till.shop), load_words("en")
    made = reports.make("tokens", Period.of(day, day), words, reader=SUPERVISOR)
    rows = {row[0]: row[1:3] for row in made.rows}
    assert rows == {"Credit": (3, 3), "Key change": (2, 5)}
    assert made.totals[0][1:3] == (None, 8)
    assert "2 sets of key-change tokens" in made.notes[0]
    db = till.shop.ledger.db
    before = db.execute("select * from hour_sum order by 1, 2, 3, 4, 5, 6, 7, 8").fetchall()
    hour_sums.refill_key_changes(db)
    after = db.execute("select * from hour_sum order by 1, 2, 3, 4, 5, 6, 7, 8").fetchall()
    assert after == before
