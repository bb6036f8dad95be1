"""Key-change sets made at head office reach a till that never holds the new vending key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from pos_app.bootstrap.office_line import bring_keys_in
from pos_app.bootstrap.office_stick import export_bundle, import_packs
from pos_app.domain.meter_key import MeterKey
from pos_app.exchange.key_file import read_key_file
from pos_app.exchange.pack import Section
from pos_app.head_office import key_sets
from pos_app.head_office.errors import (
    CampaignEmpty,
    DraftNeedsAnother,
    TillUnknown,
    VendingKeyMissing,
)
from pos_app.head_office.key_sets import Campaign
from pos_app.head_office.keys import hold_keys
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import packs
from pos_app.head_office.store.engine import Store
from pos_app.sts.identity import meter_pan
from pos_app.sts.keys import VendingKey
from tests.key_makers import GRACE, JOSEPH, STS_KEY
from tests.key_meters import FIRST_KEY, KeyShop, decoder_key, held_by, vending_attributes
from tests.office.makers import MadeTill, enrolled, make_rooms
from tests.office.seen import one, open_findings, rows
from tests.shops import HeldClock

DRN = "01234567897"
NEW_KEY = MeterKey("201461", krn=2, ti=1, ken=255, kt=2, ea=7, dkga=4, base=2014)
NEW_VENDING = bytes(reversed(STS_KEY))
CAMPAIGN = Campaign("201457", 1, "201461", 2)


@pytest.fixture
def here(store: Store) -> Rooms:
    """Return an office that holds both keys, at the time of the shop."""
    rooms = make_rooms(store, HeldClock())
    held = [(FIRST_KEY, STS_KEY), (NEW_KEY, NEW_VENDING)]
    keys = [(asdict(vending_attributes(key, raw, 1)), VendingKey(raw)) for key, raw in held]
    hold_keys(rooms.office, keys, "ada")
    return Rooms.of(rooms.office)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[KeyShop]:
    shop = KeyShop(tmp_path)
    yield shop
    shop.close()


def put(rooms: Rooms, *drns: str, **changes: object) -> None:
    records = [{"drn": drn, "name": "NYAMA", **asdict(FIRST_KEY), **changes} for drn in drns]
    with rooms.office.store.writing() as act:
        packs.put_meters(act, records, packs.last_revision(act) + 1)


def counts(rooms: Rooms) -> dict[str, int]:
    return {
        state: count for state, count in rooms.key_sets.progress(CAMPAIGN).counts.items() if count
    }


def enrol(rooms: Rooms, shop: KeyShop) -> None:
    request = shop.shop.desk.office.request(rooms.enrolling.code_for("TRAIN1"), "grace")
    shop.shop.desk.office.take_answer(rooms.enrolling.answer(request, "here"), "grace")
    shop.shop.desk.keys.trust("Office", rooms.office.authority.public.hex(), GRACE, JOSEPH)


def deliver(rooms: Rooms, shop: KeyShop, number: int, stick: Path) -> None:
    file = stick / f"TRAIN1-{number:06d}.ttp"
    file.write_bytes(b"".join(rooms.handing.pieces("TRAIN1", number)))
    list(import_packs(shop.shop, (file,)))
    bring_keys_in(shop.shop, GRACE, JOSEPH)


def take(rooms: Rooms, shop: KeyShop, stick: Path) -> None:
    written = export_bundle(shop.shop, stick)
    assert written is not None
    with written.path.open("rb") as file:
        rooms.take(rooms.till("TRAIN1"), file)


def test_a_meter_gets_its_new_key_from_a_till_that_does_not_hold_it(
    here: Rooms, till: KeyShop, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    till.vend_under(FIRST_KEY)
    till.meter(DRN, FIRST_KEY)
    enrol(here, till)
    put(here, DRN)
    assert counts(here) == {"todo": 1}
    made = here.key_sets.draft(CAMPAIGN, "TRAIN1", "ivy")
    assert (made.sets, made.left, dict(made.unfit)) == (1, 0, {})
    assert counts(here) == {"made": 1}
    with pytest.raises(DraftNeedsAnother):
        here.packing.issue(made.draft, "ivy")
    issued = here.packing.issue(made.draft, "abe")
    assert counts(here) == {"sent": 1}
    deliver(here, till, issued.number, stick)
    sale = till.sell(DRN)
    assert sale.key_change is not None
    assert held_by(till.shop, DRN) == NEW_KEY
    token = till.shop.desk.engine.read(sale.tokens[0].digits, till.shop.ledger.meter(DRN))  # type: ignore[arg-type]
    assert token.tenths == 10  # type: ignore[union-attr]
    take(here, till, stick)
    assert counts(here) == {"given": 1}
    assert set(rows(here, "select kind, proof from token")) == {
        ("key-change", "holds"), ("credit", "holds"),
    }  # fmt: skip
    assert "token-differs" not in open_findings(here)
    till.clock.now += 3_600_000
    till.sell(DRN, 20)
    take(here, till, stick)
    assert counts(here) == {"done": 1}
    with pytest.raises(CampaignEmpty):
        here.key_sets.draft(CAMPAIGN, "TRAIN1", "ivy")


def test_sets_go_in_parts_and_each_once_unless_a_draft_was_put_away(
    here: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_sets, "MOST_SETS", 2)
    enrolled(here, MadeTill("TILL7"))
    drns = ("01234567897", "14123456783", "00000000000")
    put(here, *drns)
    put(here, "70000000002", sgc="999999")
    first = here.key_sets.draft(CAMPAIGN, "TILL7", "ivy")
    second = here.key_sets.draft(CAMPAIGN, "TILL7", "ivy")
    assert [(each.sets, each.left) for each in (first, second)] == [(2, 1), (1, 0)]
    sequences, pans = [], set()
    for draft in (first.draft, second.draft):
        with here.office.store.reading() as act:
            ((section, record),) = packs.draft_records(act, draft)
        assert section == Section.KEY_CHANGES.value
        file = read_key_file(record["file"].encode())
        sequences.append(file.sequence)
        pans |= {each.attributes["pan"] for each in file.keys}
        assert NEW_VENDING.hex() not in record["file"]
        for each in file.keys:
            key = decoder_key(str(each.attributes["pan"]), NEW_KEY, NEW_VENDING)
            assert each.attributes["kcv"] == key.check_value()
    assert sequences == sorted(set(sequences))
    assert pans == {meter_pan(drn) for drn in drns}
    with pytest.raises(CampaignEmpty):
        here.key_sets.draft(CAMPAIGN, "TILL7", "ivy")
    here.packing.refuse(first.draft, "abe")
    assert counts(here) == {"todo": 2, "made": 1}
    assert here.key_sets.draft(CAMPAIGN, "TILL7", "ivy").sets == 2
    listed = here.key_sets.meters(CAMPAIGN, "made", "", 10)
    assert [each["drn"] for each in listed] == sorted(drns)
    assert one(here, "select count(*) from audit where act = 'key-sets-made'") == 3


def test_files_of_several_packs_that_wait_together_come_in_in_their_order(
    here: Rooms, till: KeyShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_sets, "MOST_SETS", 1)
    enrol(here, till)
    put(here, "01234567897", "14123456783", "00000000000", "70000000003")
    for _ in range(4):
        draft = here.key_sets.draft(CAMPAIGN, "TRAIN1", "ivy").draft
        number = here.packing.issue(draft, "abe").number
        file = tmp_path / f"TRAIN1-{number:06d}.ttp"
        file.write_bytes(b"".join(here.handing.pieces("TRAIN1", number)))
    list(import_packs(till.shop, (tmp_path,)))
    taken = bring_keys_in(till.shop, GRACE, JOSEPH)
    assert [len(view.keys) for view in taken] == [1, 1, 1, 1]


def test_what_cannot_have_a_set_is_counted_and_told(here: Rooms) -> None:
    enrolled(here, MadeTill("TILL7"))
    put(here, DRN)
    put(here, "14123456783", ti=None)
    put(here, "00000000000", base=1993)
    put(here, "70000000003", ea=11)
    made = here.key_sets.draft(CAMPAIGN, "TILL7", "ivy")
    assert made.sets == 2  # a meter with a 128-bit key gets four tokens
    assert dict(made.unfit) == {"meter-record-partial": 1, "vending-key-missing": 1}
    with pytest.raises(VendingKeyMissing):
        here.key_sets.draft(Campaign("201457", 1, "201461", 3), "TILL7", "ivy")
    with pytest.raises(TillUnknown):
        here.key_sets.draft(CAMPAIGN, "TILL99", "ivy")
