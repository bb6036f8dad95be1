"""What meters buy at one till counts at the others, without anybody's asking."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pos_app.application.account_records import AccountState
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.exchange.pack import Section
from pos_app.head_office.clock import Clock
from pos_app.head_office.elsewhere import PAUSE_MS
from pos_app.head_office.errors import DraftNeedsAnother
from pos_app.head_office.packing import Wish
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import packs, tills
from tests.account_texts import account_file
from tests.office.estates import Estate
from tests.office.makers import DRN, MadeTill, enrolled, send
from tests.office.seen import one, rows
from tests.shops import HIGHVELD, HeldClock, order

DAY_MS = 86_400_000
FIRST, SECOND = Decimal("2.18822"), Decimal("2.47963")
"""Highveld Light (Eskom 2024/25), a kWh with VAT: up to 350 kWh a month, and above."""
TOLD = [{"elsewhere": 1, "acknowledgement": 1}]


def sell(estate: Estate, till: int, minor: int) -> int:
    shop = estate.tills[till]
    estate.clock.now += 60_000  # they have no slots: another minute is another TID
    return shop.desk.sell(order(shop, HIGHVELD, minor)).tenths


def state(estate: Estate, till: int) -> AccountState:
    return estate.tills[till].desk.accounts.show(HIGHVELD).state


def told_entries(estate: Estate, till: int) -> int:
    entries = estate.tills[till].ledger.entries()
    return sum(1 for entry in entries if entry.kind == "elsewhere_told")


def later(clock: Clock) -> None:
    """Let the pause after a pack with units be over."""
    assert isinstance(clock, HeldClock)
    clock.now += PAUSE_MS


def test_what_one_till_sold_fills_the_block_at_the_other(estate: Estate) -> None:
    estate.share_meter()
    assert sell(estate, 0, 70_000) == 3199  # 700 / 2.18822: all of it in the first block
    assert estate.sync(0) == []  # nobody sold anything at the other till
    assert state(estate, 1).bought_elsewhere == 0
    assert estate.sync(1) == TOLD
    left = Decimal(350) - Decimal("319.9")
    dear = (200 - left * FIRST) / SECOND
    assert abs(Decimal(sell(estate, 1, 20_000)) / 10 - left - dear) < Decimal("0.1")
    for _ in range(2):
        assert estate.sync(1) == []
    assert (state(estate, 1).bought_elsewhere, told_entries(estate, 1)) == (3199, 1)


def test_a_late_journal_changes_the_state_and_is_never_added_to_it(estate: Estate) -> None:
    estate.share_meter()
    here = sell(estate, 0, 10_000)
    estate.sync(0)
    estate.sync(1)
    late = sell(estate, 0, 20_000)  # its line is down
    there = sell(estate, 1, 30_000)
    assert estate.sync(1) == []
    assert state(estate, 1).bought_elsewhere == here
    later(estate.clock)
    assert estate.sync(0) == TOLD
    assert estate.sync(1) == TOLD
    assert state(estate, 1).bought_elsewhere == here + late
    assert state(estate, 0).bought_elsewhere == there
    assert [estate.sync(till) for till in (0, 1, 0, 1)] == [[]] * 4
    estate.send(1, [(Section.MESSAGES, {"id": "1", "text": "Hi", "from_ms": 0, "until_ms": 1})])
    assert state(estate, 1).bought_elsewhere == here + late
    for shop in estate.tills:
        shop.close()
        assert verify_shop(shop.folder, training_passphrase()).fault is None


def test_a_new_month_begins_with_nothing_bought(estate: Estate) -> None:
    estate.share_meter()
    sell(estate, 0, 70_000)
    estate.sync(0)
    estate.sync(1)
    november = sell(estate, 0, 10_000)
    estate.clock.now += 14 * DAY_MS  # 5 December
    assert november
    assert state(estate, 1).bought_elsewhere == 0
    assert estate.sync(0) == []
    assert estate.sync(1) == []  # what was bought in November prices nothing any more
    assert estate.tills[1].ledger.accounts.elsewhere(HIGHVELD, "2026-11") == 3199


def test_an_account_file_and_head_office_do_not_count_the_same_units_twice(
    estate: Estate,
) -> None:
    estate.share_meter()
    bought = sell(estate, 0, 20_000)
    estate.sync(0)
    more = f"{Decimal(bought + 500) / 10}"
    rows_of = f'[[usage]]\nmeter = "METER"\nmonth = "2026-11"\nbought = "{more}"\naverage = "310"\n'
    estate.send(1, [(Section.ACCOUNTS, {"content": account_file(rows_of).decode()})])
    assert estate.tills[1].ledger.accounts.elsewhere(HIGHVELD, "2026-11") == bought
    assert state(estate, 1).bought_elsewhere == bought + 500  # it knows of other systems, too
    sold = sell(estate, 0, 60_000)
    later(estate.clock)
    estate.sync(0)
    estate.sync(1)
    assert state(estate, 1).bought_elsewhere == bought + sold
    assert state(estate, 1).average == 3100


@pytest.fixture
def two(rooms: Rooms) -> tuple[MadeTill, MadeTill]:
    made = MadeTill("TILL7"), MadeTill("TILL8")
    for till in made:
        enrolled(rooms, till)
    return made


def deliver(rooms: Rooms, till: MadeTill) -> list[tuple[str, int]]:
    """Send a whole journal, and let the till ask until it holds every pack."""
    send(rooms, till, till.bundle())
    return asked(rooms, till)


def asked(rooms: Rooms, till: MadeTill) -> list[tuple[str, int]]:
    """Return the sections and the number of records of the packs that a till gets now."""
    later(rooms.office.clock)
    after = rooms.till(till.name).pack_number
    while (number := rooms.handing.next_after(rooms.till(till.name), after)) is not None:
        after = number
    wanted = "select sections, records from pack where till = :till order by number"
    return [(each, count) for each, count in rows(rooms, wanted, till=till.name)]


def test_a_till_is_told_of_meters_that_it_sells_to_or_was_sent(
    rooms: Rooms, two: tuple[MadeTill, MadeTill]
) -> None:
    first, second = two
    first.sell(3, training=True)
    deliver(rooms, first)
    assert deliver(rooms, second) == []  # it knows no meter
    second.sell(training=True)
    assert deliver(rooms, second) == [("elsewhere acknowledgement", 2)]  # it does now
    second.sell(training=True)
    assert len(deliver(rooms, second)) == 1
    third = MadeTill("TILL9")
    enrolled(rooms, third)
    with rooms.office.store.writing() as act:
        packs.put_meters(act, [{"drn": DRN, "name": "Ada"}, {"drn": "2", "name": "Obi"}], 1)
    assert asked(rooms, third) == []
    rooms.packing.issue(rooms.packing.draft(Wish("TILL9", [], meters=True), "ada"), "ada")
    assert asked(rooms, third) == [("meters elsewhere", 3)]


def test_a_till_that_asks_all_the_time_gets_a_pack_in_ten_minutes_and_a_person_at_once(
    rooms: Rooms, two: tuple[MadeTill, MadeTill], clock: HeldClock
) -> None:
    first, second = two
    for till in two:
        till.sell(training=True)
        send(rooms, till, till.bundle())
    name, ask = second.name, rooms.handing.next_after
    assert ask(rooms.till(name), 0) == 1  # it was never told: its first question is answered
    for minutes in range(10):
        first.sell(training=True)
        send(rooms, first, first.bundle())
        assert (minutes, ask(rooms.till(name), 1)) == (minutes, None)
        clock.now += 60_000
    assert ask(rooms.till(name), 1) == 2  # all ten sales in one
    first.sell(training=True)
    send(rooms, first, first.bundle())
    by_hand = rooms.packing.issue_units(name, "ada")
    assert by_hand is not None
    assert ask(rooms.till(name), 2) == by_hand.number == 3
    first.sell(training=True)
    send(rooms, first, first.bundle())
    clock.now += PAUSE_MS  # it was away
    assert ask(rooms.till(name), 3) == 4


def test_training_and_earnest_are_never_mixed_and_a_gap_is_waited_for(
    rooms: Rooms, two: tuple[MadeTill, MadeTill]
) -> None:
    first, second = two
    second.sell(training=True)
    deliver(rooms, second)
    first.sell(2, training=False)
    assert deliver(rooms, first)  # the other one sold before
    assert deliver(rooms, second) == []
    first.sell(4, training=True)
    send(rooms, first, first.bundle(7))
    assert asked(rooms, second) == []  # what came first waits for what is missing
    assert one(rooms, "select count(*) from told where till = 'TILL8'") == 0
    send(rooms, first, first.bundle(5, 6))
    assert len(asked(rooms, second)) == 1
    send(rooms, first, first.bundle())
    assert len(asked(rooms, second)) == 1


def test_a_pack_for_a_later_day_says_no_units_that_would_be_old_by_then(
    rooms: Rooms, two: tuple[MadeTill, MadeTill], clock: HeldClock
) -> None:
    for till in two:
        till.sell(training=True)
        send(rooms, till, till.bundle())
    second = two[1]
    blocks = [(Section.BLOCKS, {"drn": DRN, "reason": "x"})]
    later = Wish(second.name, blocks, active_from_ms=clock.now + DAY_MS)
    rooms.packing.issue(rooms.packing.draft(later, "ada"), "ada")
    assert [sections for sections, _ in asked(rooms, second)] == [
        "blocks acknowledgement",
        "elsewhere acknowledgement",
    ]


def test_units_that_somebody_types_need_a_second_person(
    rooms: Rooms, two: tuple[MadeTill, MadeTill]
) -> None:
    said = {"drn": DRN, "month": "2026-11", "tenths": 0}
    draft = rooms.packing.draft(Wish(two[1].name, [(Section.ELSEWHERE, said)]), "ada")
    with pytest.raises(DraftNeedsAnother):
        rooms.packing.issue(draft, "ada")
    assert rooms.packing.issue(draft, "bea").records == 1


def test_a_till_that_is_enrolled_again_is_told_everything_again(
    rooms: Rooms, two: tuple[MadeTill, MadeTill]
) -> None:
    for till in two:
        till.sell(training=True)
        send(rooms, till, till.bundle())
    assert len(asked(rooms, two[1])) == 1
    enrolled(rooms, two[1])
    assert len(asked(rooms, two[1])) == 2
    with rooms.office.store.writing() as act:
        assert tills.change(act, two[1].name, meters_revision=0)
    assert len(asked(rooms, two[1])) == 2
