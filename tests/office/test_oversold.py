"""Blocks that two tills oversold are settled by the server: reckoned, drafted, approved, collected.

Highveld Light (Eskom 2024/25): 2.18822 up to 350 kWh a month, 2.47963 above, with VAT.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest

from pos_app.application.sale import Sale
from pos_app.bootstrap.office_line import sync_shop
from pos_app.exchange.pack import Section
from pos_app.head_office.acting import Acting
from pos_app.head_office.errors import DraftNeedsAnother
from pos_app.head_office.oversold import Asked, Line
from pos_app.head_office.people import Person, Role
from pos_app.head_office.store import packs
from pos_app.resources import resource
from tests.office.estates import NAMES, Estate, record_of
from tests.shops import HIGHVELD, order

FIRST, SECOND, BLOCK = Decimal("2.18822"), Decimal("2.47963"), Decimal(350)
IVY, ABE = Person("ivy", "Ivy", Role.ISSUER), Person("abe", "Abe", Role.APPROVER)
NOW = Asked("2026-11", now=True)


def price(units: Decimal, bought: Decimal) -> Decimal:
    """Return what units cost that are bought after others, as the tariff is published."""
    cheap = max(min(units, BLOCK - bought), Decimal(0))
    return cheap * FIRST + (units - cheap) * SECOND


def sell(estate: Estate, till: int, minor: int) -> Sale:
    estate.clock.now += 60_000
    shop = estate.tills[till]
    return shop.desk.sell(order(shop, HIGHVELD, minor))


def publish(estate: Estate) -> None:
    """Let head office send the tariff that both tills have: now it knows its text."""
    text = resource("tariffs", "highveld-light.toml").read_text(encoding="utf-8")
    for till in (0, 1):
        estate.send(till, [(Section.TARIFFS, {"content": text})])


def lines(estate: Estate, asked: Asked = NOW) -> list[Line]:
    return list(estate.rooms.oversold.lines(asked))


def adjustments(sale: Sale) -> list[int]:
    return [line.amount_minor for line in sale.lines if line.kind == "adjustment"]


def test_what_two_tills_oversold_is_collected_once_by_the_next_sale(estate: Estate) -> None:
    publish(estate)
    ivy, abe = Acting(estate.rooms, IVY), Acting(estate.rooms, ABE)
    sold = [sell(estate, till, 70_000) for till in (0, 1)]  # offline: both in the cheap block
    for till in (0, 1):
        estate.sync(till)
    exact = [Decimal(700) / FIRST] * 2  # the token's rounding gives a little more than was paid
    due = price(exact[0], Decimal(0)) + price(exact[1], Decimal(sold[0].tenths) / 10)
    owed = int(((due - 1400) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    assert owed == 8445
    (line,) = lines(estate)
    assert (line.open, line.till, not line.whys) == (owed, NAMES[1], True)
    assert lines(estate, Asked("2026-11"))[0].whys == {"waits": 2}  # the month is not over
    (draft,) = ivy.do.draft_oversold(NOW)
    with pytest.raises(DraftNeedsAnother):
        estate.rooms.packing.issue(draft, "ivy")
    assert lines(estate) == []
    assert ivy.do.draft_oversold(NOW) == []
    abe.do.issue(draft)
    estate.sync(1)
    sale = sell(estate, 1, 20_000)
    assert adjustments(sale) == [owed]
    (drafted,) = ivy.see.corrections("2026-11", "").rows
    assert (drafted["state"], drafted["collected_minor"]) == ("issued", 0)
    estate.sync(1)
    (drafted,) = ivy.see.corrections("2026-11", "").rows
    assert (drafted["amount_minor"], drafted["collected_minor"]) == (owed, owed)
    assert lines(estate) == []
    assert ivy.do.draft_oversold(NOW) == []
    assert adjustments(sell(estate, 1, 15_000)) == []


def test_a_late_journal_leads_to_one_more_correction(estate: Estate) -> None:
    publish(estate)
    ivy, abe = Acting(estate.rooms, IVY), Acting(estate.rooms, ABE)
    first = sell(estate, 0, 10_000)
    estate.sync(0)
    second = sell(estate, 1, 70_000)
    third = sell(estate, 0, 20_000)  # its line is down, and it was never told of the second
    assert lines(estate) == []
    estate.sync(1)
    bought = [Decimal(each.tenths) / 10 for each in (first, second, third)]
    due = price(Decimal(700) / FIRST, bought[0]) - 700
    (draft,) = ivy.do.draft_oversold(NOW)
    abe.do.issue(draft)
    sent = int((due * 100).quantize(Decimal(1), ROUND_HALF_UP))
    estate.sync(0)
    (line,) = lines(estate)
    due += price(Decimal(200) / FIRST, bought[0] + bought[1]) - 200
    assert line.found.difference == int((due * 100).quantize(Decimal(1), ROUND_HALF_UP))
    assert (line.sent, line.open, line.till) == (sent, line.found.difference - sent, NAMES[0])
    (draft,) = ivy.do.draft_oversold(NOW)
    abe.do.issue(draft)
    for till, minor in ((1, sent), (0, line.open)):
        estate.sync(till)
        assert adjustments(sell(estate, till, 15_000)) == [minor]
        estate.sync(till)
    assert lines(estate) == []


def test_units_that_no_till_sold_are_a_reason_until_somebody_says_they_were_none(
    estate: Estate,
) -> None:
    publish(estate)
    estate.send(1, [(Section.ELSEWHERE, {"drn": HIGHVELD, "month": "2026-11", "tenths": 9_000})])
    sell(estate, 0, 10_000)
    dear = sell(estate, 1, 20_000)
    for till in (0, 1):
        estate.sync(till)
    (line,) = lines(estate)
    assert line.whys == {"more-counted": 1}
    assert estate.rooms.oversold.draft(NOW, "ivy") == []
    (line,) = lines(estate, Asked("2026-11", now=True, ours=True))
    back = price(Decimal(200) / SECOND, Decimal(0)) - 200
    assert line.open == int((back * 100).quantize(Decimal(1), ROUND_HALF_UP)) < 0
    assert dear.tenths == 807
    (draft,) = estate.rooms.oversold.draft(Asked("2026-11", now=True, ours=True), "ivy")
    estate.rooms.packing.issue(draft, "abe")
    estate.sync(1)
    assert adjustments(sell(estate, 1, 10_000)) == [line.open]


def test_a_tariff_that_head_office_does_not_know_is_counted_and_nothing_is_guessed(
    estate: Estate,
) -> None:
    for till in (0, 1):
        sell(estate, till, 70_000)
        estate.sync(till)
    (line,) = lines(estate)
    assert line.whys == {"tariff-unknown": 2}
    assert estate.rooms.oversold.draft(NOW, "ivy") == []


def test_a_meter_that_its_till_has_no_more_stops_nobody_elses_correction(estate: Estate) -> None:
    publish(estate)
    found = estate.tills[1].ledger.search("141", 9)
    other = next(hit.drn for hit in found if hit.drn != HIGHVELD)
    assert estate.tills[1].desk.card(other).meter.tariff == "highveld-light"
    for till in (0, 1):
        for drn in (HIGHVELD, other):
            estate.clock.now += 60_000
            shop = estate.tills[till]
            shop.desk.sell(order(shop, drn, 70_000))
        estate.sync(till)
    (draft,) = estate.rooms.oversold.draft(NOW, "ivy")
    with estate.rooms.office.store.writing() as act:
        packs.put_meters(act, [record_of(estate.tills[1]) | {"drn": other}], 1)
        assert packs.remove_meter(act, other, 2)
    estate.send(1, [], meters=True)
    estate.rooms.packing.issue(draft, "abe")
    (taken,) = sync_shop(estate.tills[1]).packs
    assert (taken.counts["accounts"], len(taken.refused)) == (1, 1)
    assert adjustments(sell(estate, 1, 20_000)) == [8445]
