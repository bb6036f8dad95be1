"""The key a meter shows: noted at the till, it decides which key change the next sale brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.adapters.ledger.twin import twin_fault
from pos_app.application.errors import MeterUnknown, RoleNeeded
from pos_app.application.key_change_records import KeyChangeState
from pos_app.application.key_shown import KeyNoted
from pos_app.domain.errors import PosError
from pos_app.domain.key_shown import KeyShownInvalid, KeyShownMissing, shown_key
from pos_app.domain.meter_key import MeterKey
from pos_app.domain.meter_life import MeterOut
from pos_app.meter.device import Enter, step
from pos_app.meter.results import Result
from pos_app.meter.state import Meter
from tests.key_meters import CASHIER, FIRST_KEY, SUPERVISOR, KeyShop, held_by, moment
from tests.unit.application.meters_in_house import in_house

METER = "00000000000"
SECOND_KEY = replace(FIRST_KEY, krn=2)
OTHER_GROUP = replace(FIRST_KEY, sgc="654321")


@pytest.fixture
def till(tmp_path: Path) -> Iterator[KeyShop]:
    shop = KeyShop(tmp_path)
    yield shop
    assert twin_fault(shop.shop.ledger.db, shop.shop.ledger.head()) is None
    shop.close()


def noted(till: KeyShop, **typed: str) -> KeyNoted:
    return till.shop.desk.key_changes.note_shown(METER, typed, SUPERVISOR)


def house(till: KeyShop, key: MeterKey) -> Meter:
    made = (till.clock.now - moment("2014-01-01 00:00")) // 60_000 - 365 * 1440
    return in_house(METER, key, till.clock.now, made)


def typed_in(meter: Meter, digits: tuple[str, ...]) -> tuple[Meter, Result | None]:
    answer = None
    for each in digits:
        meter, said = step(meter, Enter(each))
        answer = said.result
    return meter, answer


def test_a_meter_with_another_key_than_its_record_gets_the_change_to_the_recorded_one(
    till: KeyShop,
) -> None:
    """Without the note the till's token is one that the meter cannot read."""
    till.hold(OTHER_GROUP, since="2020-01-01 00:00")
    till.meter(METER, FIRST_KEY)
    meter = house(till, OTHER_GROUP)
    _, answer = typed_in(meter, till.sell(METER).digits)
    assert answer is Result.CRC
    told = noted(till, sgc="654321", krn="1", ti="01")
    assert (told.outcome, told.key, told.believed) == ("change", OTHER_GROUP, FIRST_KEY)
    till.clock.now += 60_000
    sale = till.sell(METER)
    assert sale.key_change is not None
    assert (sale.key_change.old, len(sale.digits)) == (OTHER_GROUP, 3)
    meter, answer = typed_in(meter, sale.digits)
    assert answer is Result.ACCEPT
    assert meter.state.credit == sale.tenths * meter.profile.grains_per_step
    assert held_by(till.shop, METER) == FIRST_KEY


def test_a_change_that_was_never_keyed_in_comes_again_with_the_next_sale(till: KeyShop) -> None:
    till.meter(METER, FIRST_KEY)
    till.vend_under(SECOND_KEY)
    first = till.sell(METER)
    meter = house(till, FIRST_KEY)
    told = noted(till, krn="1/2")
    assert (told.outcome, told.key) == ("change", FIRST_KEY)
    (row,) = till.shop.desk.key_changes.changes(METER)
    assert (row.state, row.settled) == (KeyChangeState.NOT_TAKEN, "")
    till.clock.now += 60_000
    second = till.sell(METER)
    assert second.key_change == first.key_change
    newest, oldest = till.shop.desk.key_changes.changes(METER)
    states = KeyChangeState.ISSUED, KeyChangeState.NOT_TAKEN
    assert (newest.state, oldest.state) == states
    assert typed_in(meter, second.digits)[1] is Result.ACCEPT


def test_a_meter_that_shows_the_new_key_confirms_its_change_and_needs_none(till: KeyShop) -> None:
    till.meter(METER, FIRST_KEY)
    till.vend_under(SECOND_KEY)
    till.sell(METER)
    assert noted(till, sgc="000000", krn="2", ti="1", ken="255").outcome == "good"
    (row,) = till.shop.desk.key_changes.changes(METER)
    assert row.state is KeyChangeState.SHOWN
    till.clock.now += 60_000
    assert till.sell(METER).key_change is None


def test_a_key_that_another_till_gave_is_sold_under_without_a_change(till: KeyShop) -> None:
    """The record is behind: the meter has the newest key already, and this till has it too."""
    till.meter(METER, FIRST_KEY)
    till.vend_under(SECOND_KEY)
    assert noted(till, krn="2").outcome == "good"
    sale = till.sell(METER)
    assert sale.key_change is None
    assert typed_in(house(till, SECOND_KEY), sale.digits)[1] is Result.ACCEPT


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ({"ti": "07"}, replace(FIRST_KEY, ti=7)),
        ({"ken": "200"}, replace(FIRST_KEY, ken=200)),
    ],
)
def test_an_index_or_expiry_that_differs_is_changed_with_the_next_sale(
    till: KeyShop, typed: dict[str, str], key: MeterKey
) -> None:
    till.meter(METER, FIRST_KEY)
    assert noted(till, **typed).outcome == "change"
    sale = till.sell(METER)
    assert sale.key_change is not None
    meter, answer = typed_in(house(till, key), sale.digits)
    held = meter.state.held
    assert answer is Result.ACCEPT
    assert (held.ti, held.ken) == (FIRST_KEY.ti, FIRST_KEY.ken)


def test_a_key_this_till_does_not_have_stops_the_sale_and_is_told_at_once(till: KeyShop) -> None:
    till.meter(METER, FIRST_KEY)
    assert noted(till, sgc="777777").outcome == "no-key"
    with pytest.raises(PosError) as refused:
        till.sell(METER)
    assert refused.value.facts["sgc"] == "777777"
    assert noted(till, sgc=FIRST_KEY.sgc).outcome == "good"  # it was misread: said again
    assert till.sell(METER).key_change is None


def test_a_newer_record_of_the_utility_counts_again(till: KeyShop) -> None:
    till.hold(OTHER_GROUP, since="2020-01-01 00:00")
    till.hold(SECOND_KEY)
    till.meter(METER, FIRST_KEY)
    noted(till, sgc="654321")
    till.meter(METER, OTHER_GROUP)
    assert till.shop.desk.key_changes.due(METER) is None


def test_the_acts_of_the_meter_say_what_was_read(till: KeyShop) -> None:
    till.meter(METER, FIRST_KEY)
    noted(till, sgc="201457", krn="1/2", ti="1", base="14")
    (row,) = till.shop.desk.meter_records.acts(METER)
    assert (row.act, row.words) == ("shown-key", "SGC 201457, KRN 1, TI 1, KT 2, base 2014")


def test_who_may_note_what_of_which_meter(till: KeyShop) -> None:
    desk = till.shop.desk.key_changes
    before = till.shop.ledger.head()
    till_meter = till.meter(METER, FIRST_KEY)
    before = till.shop.ledger.head()
    with pytest.raises(RoleNeeded):
        desk.note_shown(METER, {"krn": "1"}, CASHIER)
    with pytest.raises(MeterUnknown):
        desk.note_shown("123", {"krn": "1"}, SUPERVISOR)
    assert till.shop.ledger.head() == before
    till.shop.desk.meter_records.deactivate(till_meter.drn, "gone", SUPERVISOR)
    with pytest.raises(MeterOut):
        noted(till, krn="1")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sgc", "12345"),
        ("sgc", "\u0661\u0661\u0661\u0661\u0661\u0661"),
        ("krn", "0"),
        ("krn", "10"),
        ("krn", "2/9"),
        ("ti", "100"),
        ("ti", "-1"),
        ("ken", "256"),
        ("ken", "x"),
        ("base", "2015"),
    ],
)
def test_what_no_meter_shows_is_refused(field: str, value: str) -> None:
    with pytest.raises(KeyShownInvalid):
        shown_key({field: value})


@pytest.mark.parametrize("typed", [{}, {"sgc": " ", "krn": ""}, {"sgc": "000000"}])
def test_nothing_read_is_nothing_noted(typed: dict[str, str]) -> None:
    with pytest.raises(KeyShownMissing):
        shown_key(typed)
