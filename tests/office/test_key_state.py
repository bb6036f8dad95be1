"""Which key a meter has, as it follows from entries: told to every till, whatever the list says."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from sqlalchemy import update

from pos_app.adapters.vault.errors import KeyMissing
from pos_app.bootstrap.office_line import bring_keys_in
from pos_app.head_office.errors import CampaignEmpty
from pos_app.head_office.key_facts import written
from pos_app.head_office.reproving import Reproving
from pos_app.head_office.store import key_facts, packs
from pos_app.head_office.store.key_tables import key_fact
from pos_app.head_office.store.migrate import upgrade
from tests.key_makers import GRACE, JOSEPH
from tests.key_meters import (
    FIRST_KEY,
    SUPERVISOR,
    KeyShop,
    held_by,
)
from tests.office.key_tills import Line, change_at, later
from tests.office.older import back_to_0006
from tests.office.seen import rows
from tests.office.test_key_sets import CAMPAIGN, DRN, NEW_KEY, NEW_VENDING


def test_a_list_that_still_names_the_old_key_leaves_the_till_that_changed_it_as_it_is(
    line: Line, tills: tuple[KeyShop, KeyShop]
) -> None:
    first = tills[0]
    line.listed()
    line.meters_to(0, first)
    change_at(first)
    line.listed(name="NYAMA Rudo")
    line.meters_to(0, first)  # head office knows nothing of the change yet
    line.sales_of(0, first)
    line.listed(name="NYAMA Rudo T")
    line.meters_to(0, first)
    assert first.shop.desk.card(DRN).meter.name == "NYAMA Rudo T"
    with line.rooms.office.store.writing() as act:
        packs.remove_meter(act, DRN, packs.last_revision(act) + 1)
    line.meters_to(0, first)
    line.listed()
    line.meters_to(0, first)
    assert held_by(first.shop, DRN) == NEW_KEY
    again = later(first)
    assert (again.key_change, again.meter.sgc) == (None, NEW_KEY.sgc)


def test_another_till_that_has_both_keys_gives_the_change_again_and_credit_under_the_new_key(
    line: Line, tills: tuple[KeyShop, KeyShop]
) -> None:
    """Right whether or not the customer typed the first set in: before, it sold under the old."""
    first, second = tills
    line.listed()
    for till, shop in enumerate(tills):
        line.meters_to(till, shop)
    second.hold(NEW_KEY, NEW_VENDING)
    change = change_at(first)
    line.sales_of(0, first)
    line.meters_to(1, second)  # the list is as it was: only the key is news
    sale = later(second)
    assert sale.key_change is not None
    assert sale.key_change.digits == change.digits
    assert sale.meter.sgc == NEW_KEY.sgc
    line.sales_of(1, second)
    assert later(second).key_change is None
    line.meters_to(0, first)
    assert later(first).key_change is None
    assert listed_sgc(line) == FIRST_KEY.sgc  # what the billing system said stays what it said
    proofs = {proof for (proof,) in rows(line.rooms, "select proof from token")}
    assert proofs == {"holds"}


def test_the_key_goes_to_other_tills_by_itself_with_the_record_that_they_were_sent(
    line: Line, tills: tuple[KeyShop, KeyShop]
) -> None:
    first, second = tills
    line.listed()
    for till, shop in enumerate(tills):
        line.meters_to(till, shop)
    second.hold(NEW_KEY, NEW_VENDING)
    change_at(first)
    line.sales_of(0, first)
    line.listed(name="Somebody Else", drn="14123456783")  # waits for a pack that somebody drafts
    handing, office = line.rooms.handing, line.rooms
    number = handing.next_after(office.till("TRAIN2"), 1)
    assert number == 2
    line.carry(1, second, number)
    assert line.taken["meters"] == 1
    sale = later(second)
    assert sale.key_change is not None
    assert sale.meter.sgc == NEW_KEY.sgc
    assert handing.next_after(office.till("TRAIN2"), 2) is None
    line.sales_of(1, second)
    number = handing.next_after(office.till("TRAIN1"), 1)  # what the second gave is news to it
    assert number == 2
    line.carry(0, first, number)
    assert later(first).key_change is None
    assert handing.next_after(office.till("TRAIN1"), 2) is None


def test_another_till_without_the_new_key_sells_nothing_until_it_gets_a_set(
    line: Line, tills: tuple[KeyShop, KeyShop]
) -> None:
    first, second = tills
    line.listed()
    for till, shop in enumerate(tills):
        line.meters_to(till, shop)
    change_at(first)
    line.sales_of(0, first)
    line.meters_to(1, second)
    with pytest.raises(KeyMissing):
        later(second)
    sets = line.rooms.key_sets
    with pytest.raises(CampaignEmpty):
        sets.draft(CAMPAIGN, "TRAIN2", "ivy")
    made = sets.draft(CAMPAIGN, "TRAIN2", "ivy", again=True)
    assert made.sets == 1
    line.carry(1, second, line.rooms.packing.issue(made.draft, "abe").number)
    bring_keys_in(second.shop, GRACE, JOSEPH)
    sale = later(second)
    assert sale.key_change is not None
    assert sale.meter.sgc == NEW_KEY.sgc


def test_a_till_that_never_saw_the_meter_sells_under_the_key_it_has_now(
    line: Line, tills: tuple[KeyShop, KeyShop]
) -> None:
    first, second = tills
    line.listed()
    line.meters_to(0, first)
    change_at(first)
    line.sales_of(0, first)
    second.hold(NEW_KEY, NEW_VENDING)
    line.meters_to(1, second)
    sale = later(second)
    assert (sale.key_change, sale.meter.sgc) == (None, NEW_KEY.sgc)


def test_what_a_meter_shows_is_told_to_other_tills_and_what_a_list_says_since_comes_first(
    line: Line, tills: tuple[KeyShop, KeyShop]
) -> None:
    first, second = tills
    line.listed()
    for till, shop in enumerate(tills):
        line.meters_to(till, shop)
        shop.hold(NEW_KEY, NEW_VENDING)
    shown = {"sgc": NEW_KEY.sgc, "krn": "2"}
    first.shop.desk.key_changes.note_shown(DRN, shown, SUPERVISOR)
    line.sales_of(0, first)
    line.meters_to(1, second)
    assert later(second).meter.sgc == NEW_KEY.sgc
    line.sales_of(1, second)
    since = first.clock.now + 60_000
    line.listed(since, **asdict(replace(FIRST_KEY, ti=2)))
    line.meters_to(1, second)
    wish = second.shop.desk.key_changes.due(DRN)
    assert wish is not None
    assert (wish.meter.sgc, wish.meter.ti) == (FIRST_KEY.sgc, 2)


def test_a_change_that_its_tokens_do_not_make_moves_no_meter(
    line: Line, tills: tuple[KeyShop, KeyShop]
) -> None:
    first = tills[0]
    line.listed()
    line.meters_to(0, first)
    change_at(first)
    line.sales_of(0, first)
    with line.rooms.office.store.writing() as act:
        act.execute(update(key_fact).values(proof="differs"))
    with line.rooms.office.store.reading() as act:
        state = key_facts.of_meter(act, DRN, "training")
    assert (state.newest, state.behind, state.key) == (None, False, state.listed)
    Reproving(line.rooms.office)("TRAIN1", "ada")  # the keys are here: it was true
    with line.rooms.office.store.reading() as act:
        assert key_facts.of_meter(act, DRN, "training").behind
        assert not key_facts.of_meter(act, DRN, "live").behind


def test_a_database_from_before_learns_the_keys_from_what_is_booked(
    line: Line, tills: tuple[KeyShop, KeyShop]
) -> None:
    first = tills[0]
    line.listed()
    line.meters_to(0, first)
    change_at(first)
    first.shop.desk.key_changes.note_shown(DRN, {"krn": "2"}, SUPERVISOR)
    line.sales_of(0, first)
    store = line.rooms.office.store
    names = ("key_fact", "list_key", "key_head", "keys_told")
    kept = {name: rows(line.rooms, f"select * from {name}") for name in names}  # noqa: S608 - ours
    back_to_0006(store)
    upgrade(store.engine)
    for name in names[:-1]:
        assert sorted(rows(line.rooms, f"select * from {name}")) == sorted(kept[name])  # noqa: S608
    assert len(kept["key_fact"]) == 2
    assert rows(line.rooms, "select * from keys_told") == []


def listed_sgc(line: Line) -> object:
    with line.rooms.office.store.reading() as act:
        record = packs.meter_of(act, DRN)
    assert record is not None
    return record["sgc"]


def test_what_is_no_news_to_a_till_is_not_looked_through_at_every_sync(
    line: Line, tills: tuple[KeyShop, KeyShop], monkeypatch: pytest.MonkeyPatch
) -> None:
    line.listed()
    line.meters_to(1, tills[1])
    new, old = (written(asdict(key)) for key in (NEW_KEY, FIRST_KEY))
    made = [
        (at, 0, f"7{at}", 1, "given", "holds", "201461", 2, 2014, new, old, old)
        for at in range(1, 10)
    ]
    with line.rooms.office.store.writing() as act:
        key_facts.add(act, "TRAIN1", made)
    monkeypatch.setattr(key_facts, "MANY", 10)
    till = line.rooms.till("TRAIN2")
    assert line.rooms.handing.next_after(till, 1) is None
    assert rows(line.rooms, "select * from keys_told") == []
    monkeypatch.setattr(key_facts, "MANY", 9)
    assert line.rooms.handing.next_after(till, 1) is None
    assert rows(line.rooms, "select * from keys_told") == [("TRAIN2", "TRAIN1", 0, 9)]
