"""A till that was copied, or put back, is told so by head office, and gets no allowance unseen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest

from pos_app.application.office_standing import KIND
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.office_line import sync_shop
from pos_app.bootstrap.office_stick import export_bundle, import_packs
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.head_office.acting import Acting
from pos_app.head_office.acting.doing import Bounds
from pos_app.head_office.codes import CodeWish
from pos_app.head_office.errors import TillParted
from pos_app.head_office.packing import Wish
from pos_app.head_office.people import Person, Role
from pos_app.head_office.queries.findings import settle
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.standings import standing_of
from tests.office.estates import Estate
from tests.office.makers import MadeTill, send
from tests.office.packs import message, send_message
from tests.office.seen import open_findings, rows
from tests.shops import HIGHVELD, HeldClock, opened, order

ADA = Person("ada", "Ada", Role.ISSUER)
BEA = Person("bea", "Bea", Role.APPROVER)
BOUNDS = Bounds("ZAR", 100_000, 10_000, 100, 10_000, 7)


def sell(shop: OpenShop, minor: int) -> None:
    shop.desk.sell(order(shop, HIGHVELD, minor))


def told(shop: OpenShop) -> list[str]:
    """Return the states that the till's journal tells of."""
    return [
        json.loads(entry.body)["state"] for entry in shop.ledger.entries() if entry.kind == KIND
    ]


def settle_all(rooms: Rooms, clock: HeldClock) -> None:
    clock.now += 60_000
    for (number,) in rows(rooms, "select id from finding where settled_ms is null"):
        settle(rooms.office, number, "ada", "the second machine is destroyed")
    clock.now += 60_000


@contextmanager
def cloned(estate: Estate, folder: Path) -> Iterator[tuple[OpenShop, OpenShop]]:
    """Copy the first till's folder, as a thief or a careless technician does."""
    first = estate.tills[0]
    sell(first, 1_000)
    estate.sync(0)
    first.close()
    shutil.copytree(first.folder, folder / "clone")
    here = opened(first.folder, estate.clock)
    clone = opened(folder / "clone", estate.clock)
    try:
        yield here, clone
    finally:
        here.close()
        clone.close()
    assert verify_shop(first.folder, training_passphrase()).fault is None


def test_both_machines_of_a_copied_till_are_told_once_and_until_it_is_settled(
    estate: Estate, tmp_path: Path
) -> None:
    with cloned(estate, tmp_path) as (here, clone):
        sell(here, 2_000)
        sync_shop(here)
        assert not here.desk.status().parted
        sell(clone, 3_000)
        sync_shop(clone)
        assert told(clone) == ["forked"]
        sell(here, 4_000)
        for shop in (here, clone, here, clone):
            sync_shop(shop)
        assert (told(here), told(clone)) == (["cloned"], ["forked", "cloned"])
        standing = here.desk.office.status().standing
        assert standing.seq == clone.desk.office.status().standing.seq > 1
        assert standing.problem is not None
        assert standing.problem.code == "journal-cloned"
        assert here.desk.status().parted
        sell(here, 1_500)  # a shop is not closed by what its server says
        settle_all(estate.rooms, estate.clock)
        sync_shop(here)
        assert told(here) == ["cloned", "one"]
        assert not here.desk.status().parted
        assert open_findings(estate.rooms) == []
        sell(clone, 1_600)  # the other one was not destroyed: found out again
        sync_shop(clone)
        assert open_findings(estate.rooms)[0] == "cloned"
        sync_shop(here)
        assert told(here)[-1] == told(clone)[-1] == "cloned"


def test_a_till_put_back_says_so_itself_before_anything_is_sold(
    estate: Estate, tmp_path: Path
) -> None:
    first = estate.tills[0]
    sell(first, 1_000)
    estate.sync(0)
    first.close()
    shutil.copytree(first.folder, tmp_path / "backup")
    gone = opened(first.folder, estate.clock)
    sell(gone, 2_000)
    sync_shop(gone)
    gone.close()
    estate.clock.now += 60_000
    back = opened(tmp_path / "backup", estate.clock)
    try:
        sync_shop(back)  # nothing to send, and yet head office holds more
        assert told(back) == ["parted"]
        assert back.desk.status().parted
        sync_shop(back)  # the entry itself shows head office what happened
        assert told(back) == ["parted", "forked"]
        settle_all(estate.rooms, estate.clock)
        sync_shop(back)
        assert told(back) == ["parted", "forked", "one"]
    finally:
        back.close()


def test_by_stick_a_machine_learns_it_from_the_mark_of_the_other(
    estate: Estate, tmp_path: Path
) -> None:
    packing = estate.rooms.packing

    def carry(shop: OpenShop) -> None:
        stick = Path(mkdtemp(dir=tmp_path))
        made = export_bundle(shop, stick)
        if made is not None:
            with made.path.open("rb") as file:
                estate.rooms.take(estate.rooms.till("TRAIN1"), file)

    def bring(shop: OpenShop) -> None:
        number = packing.issue(packing.draft(Wish("TRAIN1", message("m")), "ivy"), "abe").number
        path = tmp_path / f"TRAIN1-{number:06d}.ttp"
        path.write_bytes(b"".join(estate.rooms.handing.pieces("TRAIN1", number)))
        list(import_packs(shop, [path]))

    with cloned(estate, tmp_path) as (here, clone):
        sell(here, 2_000)
        sell(clone, 3_000)
        carry(here)
        carry(clone)
        bring(here)
        assert told(here) == ["parted"]
        settle_all(estate.rooms, estate.clock)
        carry(here)
        bring(here)
        assert told(here) == ["parted", "one"]


def test_a_till_of_two_machines_gets_an_allowance_only_from_people_who_say_that_they_know(
    rooms: Rooms, till: MadeTill
) -> None:
    ada, bea = Acting(rooms, ADA), Acting(rooms, BEA)
    before = ada.do.top_up("TILL7", BOUNDS)
    asked = ada.do.wish_code(CodeWish("TILL7", "ZAR", 1_000))
    till.sell(2)
    clone = till.copied()
    till.sell(1)
    clone.sell(1)
    send(rooms, till, till.bundle())
    send(rooms, clone, clone.bundle())
    assert ada.see.parted("TILL7") == ada.see.draft(before)["parted"] == "forked"
    for refused in (
        lambda: ada.do.top_up("TILL7", BOUNDS),
        lambda: ada.do.wish_code(CodeWish("TILL7", "ZAR", 1_000)),
        lambda: bea.do.issue(before),
        lambda: bea.do.give_code(asked),
    ):
        with pytest.raises(TillParted):
            refused()
    known = Bounds("ZAR", 100_000, 10_000, 100, 10_000, 7, although=True)
    drafted = ada.do.top_up("TILL7", known)
    with pytest.raises(TillParted):
        bea.do.issue(drafted)
    assert bea.do.issue(drafted, although=True).number == 1
    assert len(bea.do.give_code(asked, although=True)) > 20
    lines = [row["facts"] for row in ada.see.every_line() if "although" in row["facts"]]
    assert [each["although"] for each in lines] == ["forked"] * 3
    assert ada.do.draft(Wish("TILL7", message("other packs go as before"))) > drafted
    settle_all(rooms, HeldClock())
    assert ada.do.top_up("TILL7", BOUNDS) > drafted


def test_a_backup_put_back_by_the_book_is_no_copy(
    rooms: Rooms, till: MadeTill, clock: HeldClock
) -> None:
    till.sell(2)
    packs = [send_message(rooms, till, text) for text in ("one", "two")]
    record = rooms.till("TILL7")
    backup = till.copied()
    till.sell(2)
    send(rooms, till, till.bundle())
    assert rooms.handing.next_after(record, 2) is None
    backup.add("restored", {"series": 2, "tid_floor": 17_000_500})
    send(rooms, backup, backup.bundle())
    clock.now += 60_000
    assert rooms.handing.next_after(record, 1) == packs[1]  # it forgot the second
    assert open_findings(rooms) == ["restored", "rolled-back"]
    with rooms.office.store.reading() as act:
        assert standing_of(act, "TILL7", clock.now).state.value == "one"
    clock.now += 7_200_000
    assert rooms.handing.next_after(record, 2) is None
    assert rooms.handing.next_after(record, 0) == packs[0]  # and now nobody said a word
    with rooms.office.store.reading() as act:
        assert standing_of(act, "TILL7", clock.now).state.value == "rolled-back"


def test_the_gravest_finding_is_told_and_where_the_journals_part(
    rooms: Rooms, till: MadeTill
) -> None:
    def said() -> tuple[str, int, int]:
        with rooms.office.store.reading() as act:
            found = standing_of(act, "TILL7", 99)
        return found.state.value, found.seq, found.held_seq

    till.sell(3)
    clone = till.copied()
    till.sell(1)
    clone.sell(1)
    send(rooms, till, till.bundle())
    assert said() == ("one", 0, 6)
    send(rooms, clone, clone.bundle())
    assert said() == ("forked", 6, 0)
    till.sell(1)
    send(rooms, till, till.bundle())
    assert said() == ("cloned", 6, 0)
