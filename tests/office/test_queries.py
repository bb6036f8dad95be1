"""What is asked for: sales a page at a time, files that do no harm, meters by any fragment."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET

import pytest

from pos_app.head_office.errors import ExportUnfit, FindingUnknown
from pos_app.head_office.queries import findings, sales, tills
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import asking, packs
from pos_app.head_office.xmlvend import BASE, ELEMENTS, REVENUE, document
from tests.office.makers import DRN, MadeTill, enrolled, sale_body, send
from tests.office.seen import open_findings
from tests.shops import START_MS

DAYS = ("2026-11-21", "2026-11-22")


def test_every_sale_comes_once_whatever_the_size_of_a_page(rooms: Rooms, till: MadeTill) -> None:
    other = MadeTill("TILL8")
    enrolled(rooms, other)
    for each in (till, other):
        each.sell(7)
        send(rooms, each, each.bundle())
    after, seen = sales.START, []
    while found := sales.page(rooms.office, DAYS, after=after, most=3):
        seen += [(row["till"], row["seq"]) for row in found]
        after = found[-1]["till"], found[-1]["seq"], found[-1]["branch"]
    assert seen == [(name, seq) for name in ("TILL7", "TILL8") for seq in range(3, 10)]
    assert len(list(sales.every(rooms.office, DAYS, "TILL8"))) == 7
    assert sales.page(rooms.office, ("2026-11-22", "2026-11-30")) == []
    assert len(sales.of_meter(rooms.office, DRN)) == 14


@pytest.mark.parametrize("day", ["", "today", "2026-13-01", "2026-11-21'; --"])
def test_a_day_that_is_none_is_told(rooms: Rooms, day: str) -> None:
    with pytest.raises(ExportUnfit):
        sales.page(rooms.office, (day, "2026-11-21"))


def test_a_table_holds_exact_amounts_and_no_formulas(rooms: Rooms, till: MadeTill) -> None:
    evil = '=HYPERLINK("http://x","y")'
    till.sell(1, operator=evil, utility="x", total_minor=123_456)
    send(rooms, till, till.bundle())
    table = list(csv.DictReader(io.StringIO("".join(sales.as_csv(rooms.office, DAYS)))))
    assert (table[0]["total"], table[0]["units"], table[0]["currency"]) == (
        "1234.56",
        "10.0",
        "ZAR",
    )
    assert table[0]["operator"] == f"'{evil}"


def test_a_document_has_the_names_of_xmlvend_and_nothing_breaks_out_of_it() -> None:
    body = sale_body(7, START_MS)
    body["meter"]["name"] = '<tx amt="1"/>\x01 & "Ada"'
    raw = document("TILL7", body)
    root = ET.fromstring(raw)  # noqa: S314 - our own document
    spaces = {each.tag.split("}")[0].strip("{") for each in root.iter()}
    names = {each.tag.split("}")[1] for each in root.iter()}
    assert spaces == {BASE, REVENUE}
    assert names <= ELEMENTS
    assert root.tag == f"{{{REVENUE}}}creditVendResp"
    found = root.find(f".//{{{REVENUE}}}stsCipher")
    assert found is not None
    assert found.text == "1" * 20
    amount = root.find(f".//{{{REVENUE}}}amt")
    assert amount is not None
    assert amount.attrib == {"value": "50.00", "symbol": "ZAR"}
    person = root.find(f"{{{BASE}}}custVendDetail")
    assert person is not None
    assert person.attrib["name"] == '<tx amt="1"/> & "Ada"'


def test_meters_are_found_by_any_fragment_and_signs_are_only_signs(rooms: Rooms) -> None:
    made = [
        {"drn": "1", "name": "Ada Obi", "address": "1 Main Road", "phone": "0123"},
        {"drn": "2", "name": "100% _x_", "address": "", "phone": ""},
    ]
    with rooms.office.store.writing() as act:
        packs.put_meters(act, made, 1)
    with rooms.office.store.reading() as act:
        found = {
            text: [each["drn"] for each in asking.meters_like(act, text, 10)]
            for text in ("ada o", "MAIN", "012", "0%", "%", "_x_", "a_a", "'")
        }
    assert found == {
        "ada o": ["1"], "MAIN": ["1"], "012": ["1"], "0%": ["2"], "%": ["2"], "_x_": ["2"],
        "a_a": [], "'": [],
    }  # fmt: skip


def test_a_finding_is_settled_once_with_a_word(rooms: Rooms, till: MadeTill) -> None:
    till.sold += 1
    till.sell(1)
    send(rooms, till, till.bundle())
    (found,) = findings.open_findings(rooms.office)
    findings.settle(rooms.office, found["id"], "ada", "torn slip")
    assert open_findings(rooms) == []
    with pytest.raises(FindingUnknown):
        findings.settle(rooms.office, found["id"], "ada", "again")
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == []


def test_the_health_of_tills_counts_what_waits_and_what_is_open(
    rooms: Rooms, till: MadeTill
) -> None:
    till.sell(6)
    send(rooms, till, till.bundle(1, 3))
    send(rooms, till, till.bundle(6, 8))
    (found,) = tills.health(rooms.office)
    assert (found["head_seq"], found["waiting"], found["findings"]) == (3, 3, 1)
    assert findings.set_aside(rooms.office) == []
