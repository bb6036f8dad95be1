"""Which key a meter has, as it follows from entries: told to every till, whatever the list says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from pos_app.adapters.vault.errors import KeyMissing
from pos_app.application.key_change_records import SaleKeyChange
from pos_app.application.sale import Sale
from pos_app.bootstrap.office_line import bring_keys_in
from pos_app.bootstrap.office_stick import export_bundle, import_packs
from pos_app.domain.meter_key import MeterKey
from pos_app.domain.tid import BASE_MINUTES, minute_1993
from pos_app.head_office.checking import TokenCheck
from pos_app.head_office.errors import CampaignEmpty
from pos_app.head_office.keys import hold_keys
from pos_app.head_office.packing import Wish
from pos_app.head_office.reproving import Reproving
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import key_facts, packs
from pos_app.head_office.store.engine import Store
from pos_app.head_office.store.key_tables import key_fact
from pos_app.head_office.store.migrate import upgrade
from pos_app.sts.encoding import encode
from pos_app.sts.errors import TokenCrc
from pos_app.sts.identity import meter_pan
from pos_app.sts.keys import VendingKey
from pos_app.sts.kinds import CreditToken
from tests.key_makers import GRACE, JOSEPH, STS_KEY
from tests.key_meters import (
    FIRST_KEY,
    SUPERVISOR,
    KeyShop,
    decoder_key,
    held_by,
    vending_attributes,
)
from tests.office.estates import other_shop
from tests.office.makers import make_rooms
from tests.office.seen import open_findings, rows
from tests.office.test_key_sets import CAMPAIGN, DRN, NEW_KEY, NEW_VENDING
from tests.shops import HeldClock

NAMES = ("TRAIN1", "TRAIN2")


@pytest.fixture
def here(store: Store) -> Rooms:
    rooms = make_rooms(store, HeldClock())
    held = [(FIRST_KEY, STS_KEY), (NEW_KEY, NEW_VENDING)]
    keys = [(asdict(vending_attributes(key, raw, 1)), VendingKey(raw)) for key, raw in held]
    hold_keys(rooms.office, keys, "ada")
    return Rooms.of(rooms.office)


@pytest.fixture
def tills(tmp_path: Path, here: Rooms) -> Iterator[tuple[KeyShop, KeyShop]]:
    """Return two tills of the office that hold the meter's old key, and no new one yet."""
    shutil.copytree(other_shop(), tmp_path / "other")
    pair = (KeyShop(tmp_path), KeyShop(tmp_path / "other", made=True))
    for name, shop in zip(NAMES, pair, strict=True):
        request = shop.shop.desk.office.request(here.enrolling.code_for(name), "grace")
        shop.shop.desk.office.take_answer(here.enrolling.answer(request, "here"), "grace")
        shop.shop.desk.keys.trust("Office", here.office.authority.public.hex(), GRACE, JOSEPH)
        shop.hold(FIRST_KEY)
    yield pair
    for shop in pair:
        shop.close()


class Line:
    """Carries packs and bundles between the office and tills on a stick."""

    def __init__(self, rooms: Rooms, folder: Path) -> None:
        self.rooms, self.folder = rooms, folder

    def listed(self, now_ms: int = 0, **changes: Any) -> None:
        """Let the billing system's list say what it says of the meter."""
        record = {"drn": DRN, "name": "NYAMA", "utility": "highveld", "tariff": "plain"}
        record |= {"commodity": "electricity", **asdict(FIRST_KEY), **changes}
        with self.rooms.office.store.writing() as act:
            packs.put_meters(act, [record], packs.last_revision(act) + 1, now_ms)

    def meters_to(self, till: int, shop: KeyShop) -> None:
        draft = self.rooms.packing.draft(Wish(NAMES[till], [], meters=True), "ivy")
        self.carry(till, shop, self.rooms.packing.issue(draft, "abe").number)

    def carry(self, till: int, shop: KeyShop, number: int) -> None:
        file = self.folder / f"{NAMES[till]}-{number:06d}.ttp"
        file.write_bytes(b"".join(self.rooms.handing.pieces(NAMES[till], number)))
        for taken in import_packs(shop.shop, (file,)):
            assert not taken.refused, taken

    def sales_of(self, till: int, shop: KeyShop) -> None:
        written = export_bundle(shop.shop, self.folder)
        assert written is not None
        with written.path.open("rb") as file:
            self.rooms.take(self.rooms.till(NAMES[till]), file)


@pytest.fixture
def line(here: Rooms, tmp_path: Path) -> Line:
    folder = tmp_path / "stick"
    folder.mkdir()
    return Line(here, folder)


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
    names = ("key_fact", "list_key", "keys_told")
    kept = {name: rows(line.rooms, f"select * from {name}") for name in names}  # noqa: S608 - ours
    with store.writing() as act:
        for name in names:
            act.execute(text(f"drop table {name}"))
        act.execute(text("update alembic_version set version_num = '0006'"))
    upgrade(store.engine)
    for name in ("key_fact", "list_key"):
        assert sorted(rows(line.rooms, f"select * from {name}")) == sorted(kept[name])  # noqa: S608
    assert len(kept["key_fact"]) == 2
    assert rows(line.rooms, "select * from keys_told") == []


def change_at(shop: KeyShop) -> SaleKeyChange:
    """Let a till give the meter's customer the new key, as its utility asks there."""
    shop.hold(NEW_KEY, NEW_VENDING)
    shop.ask(sgc=NEW_KEY.sgc)
    change = shop.sell(DRN).key_change
    assert change is not None
    shop.shop.desk.key_changes.drop("highveld", "plain", SUPERVISOR)
    return change


def later(shop: KeyShop) -> Sale:
    shop.clock.now += 3_600_000
    return shop.sell(DRN, 20)


def listed_sgc(line: Line) -> object:
    with line.rooms.office.store.reading() as act:
        record = packs.meter_of(act, DRN)
    assert record is not None
    return record["sgc"]


def digits_under(key: MeterKey, vending: bytes, minute: int) -> str:
    of = decoder_key(meter_pan(DRN), key, vending)
    return encode(CreditToken(0, 100, minute - BASE_MINUTES[key.base], 5), of)


def test_a_found_token_is_read_under_the_key_it_was_made_under_whatever_the_list_says(
    line: Line, tills: tuple[KeyShop, KeyShop]
) -> None:
    first = tills[0]
    line.listed()
    line.meters_to(0, first)
    early = first.sell(DRN, 30)
    change = change_at(first)
    changed = first.shop.desk.key_changes.changes(DRN)[0]
    after = later(first)
    line.sales_of(0, first)
    check = TokenCheck(line.rooms.office)
    found = check(DRN, after.tokens[0].digits, "oda")
    assert (found["standing"], found["changed_ms"], found["late"]) == ("current", None, False)
    assert (found["key"]["sgc"], found["key"]["krn"]) == (NEW_KEY.sgc, 2)
    assert [each["seq"] for each in found["sales"]]
    found = check(DRN, early.tokens[0].digits, "oda")
    assert (found["standing"], found["late"]) == ("before", False)
    assert found["changed_ms"] == changed.at_ms
    assert found["key"]["sgc"] == FIRST_KEY.sgc
    assert [each["seq"] for each in found["sales"]]
    found = check(DRN, change.digits[0], "oda")
    assert (found["standing"], found["sales"], "minute" in found) == ("before", [], False)
    assert "token-without-sale" not in open_findings(line.rooms)
    made_later = digits_under(FIRST_KEY, STS_KEY, minute_1993(first.clock.now) + 1)
    found = check(DRN, made_later, "oda")
    assert (found["standing"], found["late"], found["sales"]) == ("before", True, [])
    assert "token-without-sale" in open_findings(line.rooms)
    with pytest.raises(TokenCrc):
        check(DRN, "1" * 20, "oda")
    proven = Reproving(line.rooms.office)("TRAIN1", "ada")
    assert set(proven) == {"holds"}


def test_a_token_under_the_key_of_a_set_that_no_sale_gave_yet_is_told_so(
    line: Line, tills: tuple[KeyShop, KeyShop]
) -> None:
    line.listed()
    made = line.rooms.key_sets.draft(CAMPAIGN, "TRAIN1", "ivy")
    line.rooms.packing.issue(made.draft, "abe")
    digits = digits_under(NEW_KEY, NEW_VENDING, minute_1993(tills[0].clock.now))
    found = TokenCheck(line.rooms.office)(DRN, digits, "oda")
    assert (found["standing"], found["sales"], found["key"]["krn"]) == ("set", [], 2)


def test_a_roll_over_counts_the_minutes_of_each_key_from_its_own_base_date(
    line: Line, tills: tuple[KeyShop, KeyShop]
) -> None:
    first = tills[0]
    line.listed()
    line.meters_to(0, first)
    first.go_to("2035-02-01 08:00")
    early = first.sell(DRN, 30)
    beyond = replace(NEW_KEY, base=2035)
    first.hold(beyond, NEW_VENDING)
    first.ask(sgc=beyond.sgc)
    after = first.sell(DRN, 20)
    assert after.key_change is not None
    keys = [(asdict(vending_attributes(beyond, NEW_VENDING, 1)), VendingKey(NEW_VENDING))]
    hold_keys(line.rooms.office, keys, "ada")
    rooms = Rooms.of(line.rooms.office)
    Line(rooms, line.folder).sales_of(0, first)
    check = TokenCheck(rooms.office)
    for sale, standing, base in ((early, "before", 2014), (after, "current", 2035)):
        found = check(DRN, sale.tokens[0].digits, "oda")
        assert (found["standing"], found["key"]["base"]) == (standing, base)
        assert found["minute"] == sale.tokens[0].minute
        assert [each["kind"] for each in found["sales"]] == ["credit"]
