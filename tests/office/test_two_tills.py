"""Two real tills and the real server: what one sells counts at the other, what one asks reaches it.

Every story goes over TLS with the programs themselves; only the clock is held.
"""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.application.records import Operator, Role
from pos_app.bootstrap.office_line import sync_shop
from pos_app.exchange.pack import Section
from pos_app.head_office.acting import Acting
from pos_app.head_office.errors import ProposalDecided
from pos_app.head_office.people import Person
from pos_app.head_office.people import Role as OfficeRole
from pos_app.head_office.store import packs
from tests.account_texts import account_file
from tests.office.estates import NAMES, Estate, record_of
from tests.office.seen import open_findings, rows
from tests.shops import HIGHVELD, HeldClock, opened, order

AMA = Operator("ama", "Ama", Role.CASHIER)
IVY = Person("ivy", "Ivy", OfficeRole.ISSUER)


def test_what_one_till_proposes_reaches_both_once_somebody_agreed(estate: Estate) -> None:
    first, second = estate.tills
    act_of = Acting(estate.rooms, IVY)
    with estate.rooms.office.store.writing() as act:
        packs.put_meters(act, [record_of(first)], 1)
    before = first.desk.card(HIGHVELD).meter
    asked = first.desk.proposals.propose(HIGHVELD, "name", "MOYO Tendayi", AMA)
    wrong = first.desk.proposals.propose(HIGHVELD, "phone", "12", AMA)
    estate.sync(0)
    page = act_of.see.proposals("", answered=False)
    assert [(row["seq"], row["value"], row["now"]) for row in page.rows] == [
        (asked.seq, "MOYO Tendayi", before.name),
        (wrong.seq, "12", before.phone),
    ]
    assert act_of.see.open_counts()["proposals"] == 2
    act_of.do.answer_proposal("TRAIN1", asked.seq, "", accepted=True)
    with pytest.raises(ProposalDecided):
        act_of.do.answer_proposal("TRAIN1", asked.seq, "", accepted=True)
    act_of.do.answer_proposal("TRAIN1", wrong.seq, "too short", accepted=False)
    assert first.desk.card(HIGHVELD).meter == before  # nothing but a pack changes it
    for till in (0, 1):
        estate.send(till, [], meters=True)
    assert {shop.desk.card(HIGHVELD).meter.name for shop in estate.tills} == {"MOYO Tendayi"}
    assert {shop.desk.card(HIGHVELD).meter.phone for shop in estate.tills} == {before.phone}
    told = {each.seq: (each.state.value, each.note) for each in first.desk.proposals.all()}
    assert told == {asked.seq: ("accepted", ""), wrong.seq: ("refused", "too short")}
    assert second.desk.proposals.all() == ()
    assert not act_of.see.proposals("", answered=False).rows
    assert {row["pack"] for row in act_of.see.proposals("", answered=True).rows} == {1}
    assert open_findings(estate.rooms) == []


def test_two_offline_tills_with_slots_never_give_a_meter_the_same_tid(estate: Estate) -> None:
    for till, shop in enumerate(estate.tills):  # without slots: found out
        shop.desk.sell(order(shop, HIGHVELD, 1_000))
        estate.sync(till)
    assert open_findings(estate.rooms) == ["tid-twice"]
    for till in (0, 1):
        estate.send(till, [(Section.TID_SLOTS, {"residue": till, "modulus": 2})])
    for minor in (1_100, 1_200, 1_300):  # in one minute, neither hears of the other
        for shop in estate.tills:
            shop.desk.sell(order(shop, HIGHVELD, minor))
    for till in (0, 1):
        estate.sync(till)
    sold = rows(estate.rooms, "select till, minute from token order by seq")[2:]
    assert len({minute for _, minute in sold}) == len(sold) == 6
    assert all(minute % 2 == NAMES.index(till) for till, minute in sold)
    assert open_findings(estate.rooms) == ["tid-twice"]


def test_units_bought_elsewhere_and_an_oversold_block_are_settled_by_the_next_sale(
    estate: Estate,
) -> None:
    """Highveld Light (Eskom 2024/25): 2.18822 up to 350 kWh a month, 2.47963 above, with VAT."""
    sold = [shop.desk.sell(order(shop, HIGHVELD, 70_000)).tenths for shop in estate.tills]
    assert sold == [
        3199,
        3199,
    ]  # 700 / 2.18822: both in the first block, neither heard of the other
    over = Decimal("319.9") * 2 - 350
    owed = (over * (Decimal("2.47963") - Decimal("2.18822"))).quantize(Decimal("0.01"))
    content = account_file(
        f"""
[[usage]]
meter = "METER"
month = "2026-11"
bought = "319.9"

[[adjustment]]
meter = "METER"
id = "X-1"
name = "Second block"
amount = "{owed}"
"""
    ).decode()
    estate.send(1, [(Section.ACCOUNTS, {"content": content})])
    sale = estate.tills[1].desk.sell(order(estate.tills[1], HIGHVELD, 20_000))
    (adjusted,) = [line for line in sale.lines if line.kind == "adjustment"]
    assert (adjusted.amount_minor, adjusted.ref) == (int(owed * 100), "X-1")
    (energy,) = [line for line in sale.lines if line.kind == "energy"]
    assert energy.block == 2
    assert abs(Decimal(sale.tenths) / 10 - (200 - owed) / Decimal("2.47963")) < Decimal("0.1")
    after = estate.tills[1].desk.sell(order(estate.tills[1], HIGHVELD, 15_000))
    assert all(line.kind != "adjustment" for line in after.lines)
    for till in (0, 1):
        estate.sync(till)
    assert open_findings(estate.rooms) == ["tid-twice"]  # they had no slots yet


def test_a_ledger_copied_to_a_second_machine_is_found_and_nothing_is_lost(
    estate: Estate, tmp_path: Path
) -> None:
    first = estate.tills[0]
    first.desk.sell(order(first, HIGHVELD, 1_000))
    estate.sync(0)
    first.close()
    shutil.copytree(first.folder, tmp_path / "clone")
    here, clone = opened(first.folder, HeldClock()), opened(tmp_path / "clone", HeldClock())
    try:
        here.desk.sell(order(here, HIGHVELD, 2_000))
        sync_shop(here)
        clone.desk.sell(order(clone, HIGHVELD, 3_000))
        sync_shop(clone)
        assert "forked" in open_findings(estate.rooms)
        here.desk.sell(order(here, HIGHVELD, 4_000))
        sync_shop(here)
    finally:
        here.close()
        clone.close()
    assert "cloned" in open_findings(estate.rooms)
    booked = rows(estate.rooms, "select total_minor from sale order by total_minor")
    assert booked == [(1_000,), (2_000,), (3_000,), (4_000,)]  # nothing is lost, whoever was first
