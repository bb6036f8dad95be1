"""Tokens that are found after a meter got another key: read under the key they were made under."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from pos_app.domain.tid import minute_1993
from pos_app.head_office.checking import TokenCheck
from pos_app.head_office.keys import hold_keys
from pos_app.head_office.reproving import Reproving
from pos_app.head_office.rooms import Rooms
from pos_app.sts.errors import TokenCrc
from pos_app.sts.keys import VendingKey
from tests.key_makers import STS_KEY
from tests.key_meters import (
    FIRST_KEY,
    KeyShop,
    vending_attributes,
)
from tests.office.key_tills import Line, change_at, digits_under, later
from tests.office.seen import open_findings
from tests.office.test_key_sets import CAMPAIGN, DRN, NEW_KEY, NEW_VENDING


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
    assert (found["since_ms"], found["confirmed"]) == (changed.at_ms, True)
    assert (found["key"]["sgc"], found["key"]["krn"]) == (NEW_KEY.sgc, 2)
    assert [each["seq"] for each in found["sales"]]
    found = check(DRN, early.tokens[0].digits, "oda")
    assert (found["standing"], found["late"]) == ("before", False)
    assert (found["since_ms"], found["confirmed"]) == (None, None)
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
