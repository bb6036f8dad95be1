"""Packs at the till: whole, in order, once; each record through the use case there is for it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from pos_app.application.errors import MeterBlocked
from pos_app.application.office_records import (
    NotEnrolled,
    PackDiffers,
    PackOfAnotherTill,
    PackSkips,
)
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.tid import Slot
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.exchange.pack import Section
from pos_app.sts.identity import luhn_digit
from tests.account_texts import account_file
from tests.head_office import OTHER_KEY, TILL, PackPress, allowance, enrol, take
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order

NEW, OTHER = (body + luhn_digit(body) for body in ("1400000000", "1400000001"))


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    made = opened(make_shop(tmp_path), clock)
    enrol(made)
    yield made
    made.close()
    assert verify_shop(made.folder, training_passphrase()).fault is None


@pytest.fixture
def press() -> PackPress:
    return PackPress(TILL)


def meter_record(shop: OpenShop, drn: str, **changes: Any) -> tuple[Section, dict[str, Any]]:
    found = shop.ledger.meter(HIGHVELD)
    assert found is not None
    values = {**asdict(found), "drn": drn, **changes}
    del values["pan"], values["blocked"]
    return Section.METERS, values


def entries_of(shop: OpenShop, kind: str) -> list[dict[str, Any]]:
    return [entry.reading() for entry in shop.ledger.entries() if entry.kind == kind]


def test_a_pack_is_taken_once(shop: OpenShop, press: PackPress) -> None:
    pack = press.pack(allowance())
    done = take(shop, pack)
    assert (done.number, done.counts, done.again) == (1, {"allowance": 1}, False)
    head = shop.ledger.head()
    assert take(shop, pack).again
    assert shop.ledger.head() == head


def test_packs_come_in_their_order_without_a_gap(shop: OpenShop, press: PackPress) -> None:
    first, second, third = (press.pack(allowance(number)) for number in (2, 3, 4))
    with pytest.raises(PackSkips) as skips:
        take(shop, second)
    assert skips.value.facts == {"number": 2, "expected": 1}
    take(shop, first)
    with pytest.raises(PackSkips):
        take(shop, third)
    take(shop, second)
    take(shop, third)
    assert shop.desk.office.status().pack == 3


def test_another_pack_of_the_same_number_is_refused_and_journalled_once(
    shop: OpenShop, press: PackPress
) -> None:
    take(shop, press.pack(allowance()))
    other = PackPress(TILL).pack(allowance(3))
    for _ in range(2):
        with pytest.raises(PackDiffers):
            take(shop, other)
    assert len(entries_of(shop, "pack_refused")) == 1
    assert take(shop, press.pack(allowance(4))).number == 2


def test_a_pack_that_follows_another_history_is_refused(shop: OpenShop, press: PackPress) -> None:
    take(shop, press.pack(allowance()))
    other = PackPress(TILL)
    other.pack(allowance(9))
    with pytest.raises(PackDiffers):
        take(shop, other.pack(allowance(3)))


def test_packs_for_others_by_others_or_cut_off_change_nothing(
    shop: OpenShop, press: PackPress
) -> None:
    head = shop.ledger.head()
    with pytest.raises(PackOfAnotherTill):
        take(shop, PackPress("TILL8").pack(allowance()))
    with pytest.raises(ExchangeInvalid):
        take(shop, PackPress(TILL, OTHER_KEY).pack(allowance()))
    with pytest.raises(ExchangeInvalid):
        take(shop, press.pack(allowance())[:-5])
    assert shop.ledger.head() == head


def test_a_shop_without_head_office_takes_no_packs(tmp_path: Path, press: PackPress) -> None:
    shop = opened(make_shop(tmp_path))
    try:
        with pytest.raises(NotEnrolled):
            take(shop, press.pack(allowance()))
    finally:
        shop.close()


def test_a_pack_for_no_till_in_particular_is_refused(shop: OpenShop) -> None:
    with pytest.raises(PackOfAnotherTill):
        take(shop, PackPress("*").pack(allowance(2)))


def test_an_allowance_counts_from_the_moment_it_is_taken(shop: OpenShop, press: PackPress) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 40_000))
    take(shop, press.pack(allowance(money_minor=60_000)))
    shop.desk.sell(order(shop, HIGHVELD, 50_000))
    (left,) = (each for each in shop.desk.office.status().allowances if each.currency.code == "ZAR")
    assert (left.allowance.sequence, left.spent.money_minor) == (2, 50_000)
    old = take(shop, press.pack(allowance(1)))
    assert old.refused == ((2, "allowance", "allowance-old"),)


def test_meters_come_change_and_go(shop: OpenShop, press: PackPress) -> None:
    new = NEW
    take(shop, press.pack(meter_record(shop, new, name="DUBE Sipho")))
    assert [hit.drn for hit in shop.desk.find("dube sipho")] == [new]
    take(shop, press.pack(meter_record(shop, new, name="NKOSI Sipho")))
    assert shop.desk.find("dube sipho") == ()
    shop.desk.sell(order(shop, new, 5_000))
    done = take(shop, press.pack((Section.METERS, {"drn": new, "remove": True})))
    assert (done.counts, shop.ledger.meter(new)) == ({"meters": 1}, None)
    assert shop.desk.find("nkosi sipho") == ()


def test_a_bad_record_is_set_aside_and_told_and_the_rest_comes_in(
    shop: OpenShop, press: PackPress
) -> None:
    done = take(
        shop,
        press.pack(
            meter_record(shop, NEW),
            meter_record(shop, OTHER, tariff="no-such"),
            meter_record(shop, OTHER[:-1] + ("1" if OTHER[-1] != "1" else "2")),
            (Section.BLOCKS, {"drn": "1", "reason": "x", "more": 1}),
            allowance(),
        ),
    )
    assert done.counts == {"meters": 1, "blocks": 0, "allowance": 1}
    assert [(line, section) for line, section, _ in done.refused] == [
        (3, "meters"),
        (4, "meters"),
        (5, "blocks"),
    ]
    (told,) = entries_of(shop, "pack_imported")
    assert (told["refused_count"], told["refused"][0][2]) == (3, "meter-file-invalid")


def test_a_block_stops_sales_until_head_office_lifts_it(shop: OpenShop, press: PackPress) -> None:
    take(shop, press.pack((Section.BLOCKS, {"drn": HIGHVELD, "reason": "tampered"})))
    with pytest.raises(MeterBlocked):
        shop.desk.sell(order(shop, HIGHVELD, 5_000))
    take(shop, press.pack(meter_record(shop, HIGHVELD, name="Someone Else")))
    with pytest.raises(MeterBlocked):
        shop.desk.sell(order(shop, HIGHVELD, 5_000))
    take(shop, press.pack((Section.BLOCKS, {"drn": HIGHVELD, "reason": ""})))
    shop.desk.sell(order(shop, HIGHVELD, 5_000))


def test_units_bought_elsewhere_are_a_state_and_nonsense_is_set_aside(
    shop: OpenShop, press: PackPress
) -> None:
    def said(tenths: Any, month: str = "2026-11") -> tuple[Section, dict[str, Any]]:
        return Section.ELSEWHERE, {"drn": HIGHVELD, "month": month, "tenths": tenths}

    for tenths in (1200, 1200, 900):
        assert take(shop, press.pack(said(tenths))).counts == {"elsewhere": 1}
    assert shop.desk.accounts.show(HIGHVELD).state.bought_elsewhere == 900
    assert len(entries_of(shop, "elsewhere_told")) == 2  # the same again is nothing new
    done = take(shop, press.pack(said(-1), said(1, "2026-13"), said("1"), said(5, "2026-12")))
    assert ([line for line, _, _ in done.refused], done.counts) == ([2, 3, 4], {"elsewhere": 1})
    assert shop.desk.accounts.show(HIGHVELD).state.bought_elsewhere == 900


def test_units_bought_elsewhere_count_in_the_month(shop: OpenShop, press: PackPress) -> None:
    before = shop.desk.accounts.show(HIGHVELD).account.bought
    usage = '[[usage]]\nmeter = "METER"\nmonth = "2026-11"\nbought = "120.5"\n'
    content = account_file(usage).decode()
    take(shop, press.pack((Section.ACCOUNTS, {"content": content})))
    assert str(shop.desk.accounts.show(HIGHVELD).account.bought - before) == "120.5"


def test_operators_come_and_go_but_two_supervisors_stay(shop: OpenShop, press: PackPress) -> None:
    verifier = shop.desk.pins.verifier("482913")
    new = {"id": "zola", "name": "Zola", "role": "cashier", "pin_verifier": verifier}
    take(shop, press.pack((Section.OPERATORS, new)))
    assert shop.desk.sign_in("zola", "482913").name == "Zola"
    done = take(
        shop,
        press.pack(
            (Section.OPERATORS, {"id": "zola", "retired": True}),
            (Section.OPERATORS, {"id": "grace", "retired": True}),
            (Section.OPERATORS, {"id": "joseph", "retired": True}),
            (Section.OPERATORS, {**new, "role": "king"}),
            (Section.OPERATORS, {**new, "pin_verifier": "482913"}),
        ),
    )
    assert "zola" not in {each.id for each in shop.desk.operators()}
    assert {each.id for each in shop.desk.operators()} >= {"grace", "joseph"}
    assert len(done.refused) == 4


def test_a_till_issues_only_tids_of_its_slot(shop: OpenShop, press: PackPress) -> None:
    take(shop, press.pack((Section.TID_SLOTS, {"residue": 5, "modulus": 8})))
    minutes = [
        token.minute
        for minor in (5_000, 6_000, 7_000, 8_000)
        for token in shop.desk.sell(order(shop, HIGHVELD, minor)).tokens
    ]
    assert {minute % 8 for minute in minutes} == {5}
    assert minutes == sorted(set(minutes))
    with shop.ledger.writing() as act:
        assert act.tid_slot() == Slot(5, 8)
    refused = take(shop, press.pack((Section.TID_SLOTS, {"residue": 8, "modulus": 8}))).refused
    assert refused == ((2, "tid_slots", "exchange-invalid"),)


def test_a_pack_waits_for_its_day(shop: OpenShop, press: PackPress, clock: HeldClock) -> None:
    office = shop.desk.office
    day = clock.now + 3 * 86_400_000
    done = take(shop, press.pack(allowance(2), active_from_ms=day))
    assert (done.waits, office.status().waiting_packs) == (True, ((1, day),))
    take(shop, press.pack(allowance(3)))
    assert office.packs.take_due(lambda job: job()) == ()
    clock.now = day
    (later,) = office.packs.take_due(lambda job: job())
    assert (later.number, later.refused) == (1, ((2, "allowance", "allowance-old"),))
    assert office.status().waiting_packs == ()
    assert shop.ledger.office.waiting_piece(office.ledger.office.pack(TILL, 1).digest, 0) is None  # type: ignore[union-attr]


def test_messages_and_freshness_are_kept(
    shop: OpenShop, press: PackPress, clock: HeldClock
) -> None:
    words = {"id": "m1", "text": "Closed on Monday", "from_ms": 0, "until_ms": clock.now + 5}
    take(shop, press.pack((Section.MESSAGES, words), issued_at_ms=777))
    status = shop.desk.office.status()
    assert [each.text for each in status.messages] == ["Closed on Monday"]
    assert status.freshness == {"messages": 777}
    clock.now += 5
    assert shop.desk.office.status().messages == ()


def test_a_utility_comes_as_a_setting(shop: OpenShop, press: PackPress) -> None:
    held = shop.ledger.utility("highveld")
    assert held is not None
    value = {**asdict(held), "help_line": "0800 1234"}
    take(shop, press.pack((Section.SETTINGS, {"name": "utility", "value": value})))
    assert shop.ledger.utility("highveld") == replace(held, help_line="0800 1234")
    done = take(shop, press.pack((Section.SETTINGS, {"name": "colour", "value": 1})))
    assert done.refused == ((2, "settings", "exchange-invalid"),)


def test_an_acknowledgement_comes_by_stick(shop: OpenShop, press: PackPress) -> None:
    head = shop.ledger.head()
    said = {"seq": head.seq, "hash": head.hash.hex(), "at_ms": head.at_ms}
    take(shop, press.pack((Section.ACKNOWLEDGEMENT, said)))
    assert shop.desk.office.status().acknowledged_seq == head.seq
    forked = {**said, "hash": "00" * 32}
    done = take(shop, press.pack((Section.ACKNOWLEDGEMENT, forked)))
    assert done.refused == ((2, "acknowledgement", "journals-part"),)


def test_what_was_half_taken_is_taken_again(shop: OpenShop, press: PackPress) -> None:
    pack = press.pack(meter_record(shop, NEW), meter_record(shop, OTHER), allowance())

    class Killed(Exception):
        pass

    left = [4]

    def dying(job: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return job()

    with pytest.raises(Killed):
        shop.desk.office.packs.take(io.BytesIO(pack), dying)
    assert shop.desk.office.status().pack == 0
    done = take(shop, pack)
    assert (done.refused, shop.desk.office.status().pack) == ((), 1)


def test_a_meter_that_a_pack_gives_another_key_still_holds_its_old_one(
    shop: OpenShop, press: PackPress
) -> None:
    before = shop.ledger.meter(HIGHVELD)
    assert before is not None
    take(shop, press.pack(meter_record(shop, HIGHVELD, ti=before.ti + 1)))
    (noted,) = entries_of(shop, "meter_keys_noted")
    assert noted["meters"] == [HIGHVELD]
    assert noted["key"]["ti"] == before.ti
    held = shop.ledger.meter(HIGHVELD)
    assert held is not None
    assert held.ti == before.ti
    sold = shop.desk.sell(order(shop, HIGHVELD, 5000))
    assert sold.key_change is not None
    assert (sold.meter.ti, len(sold.tokens)) == (before.ti + 1, 1)
    assert len(sold.key_change.digits) in {2, 3, 4}
