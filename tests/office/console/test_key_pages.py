"""Pages of key changes: campaigns, drafting sets, a meter's key, a token that was found."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import asdict

import pytest

from pos_app.domain.tid import minute_1993
from pos_app.exchange.key_file import read_key_file
from pos_app.head_office.key_facts import written
from pos_app.head_office.keys import hold_keys
from pos_app.head_office.people import THE_OFFICE, Role
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import key_facts, packs
from pos_app.sts.keys import VendingKey
from tests.key_makers import STS_KEY
from tests.key_meters import FIRST_KEY, vending_attributes
from tests.office.console.test_pages import text_of
from tests.office.console.visitors import hire, said, visitor
from tests.office.key_tills import digits_under
from tests.office.makers import NOW_MS, MadeTill, enrolled
from tests.office.seen import one, rows
from tests.office.servers import Running
from tests.office.test_key_sets import NEW_KEY, NEW_VENDING

DRN = "01234567897"
OTHERS = ("14123456783", "00000000000", "70000000003")
NAME = "201457:1>201461:2"
OLD, NEW = written(asdict(FIRST_KEY)), written(asdict(NEW_KEY))


def fill(rooms: Rooms, *tills: MadeTill) -> None:
    """Give the office both keys and four meters: one changed, one of another base date."""
    for till in tills:
        enrolled(rooms, till)
    held = [(FIRST_KEY, STS_KEY), (NEW_KEY, NEW_VENDING)]
    keys = [(asdict(vending_attributes(key, raw, 1)), VendingKey(raw)) for key, raw in held]
    hold_keys(rooms.office, keys, "ada")
    record = {"name": "NYAMA Rudo", "address": "14 Samora Street", **asdict(FIRST_KEY)}
    records = [record | {"drn": drn} for drn in (DRN, *OTHERS)]
    records[-1]["base"] = 1993
    fact = (7, 0, DRN, NOW_MS, "given", "holds", "201461", 2, 2014, NEW, OLD, OLD)
    with rooms.office.store.writing() as act:
        packs.put_meters(act, records, packs.last_revision(act) + 1)
        key_facts.add(act, "TILL7", [fact])


@pytest.fixture
def filled(server: Running) -> Running:
    fill(server.rooms, MadeTill(), MadeTill("TILL8"))
    return server


def test_a_campaign_is_seen_drafted_and_approved_without_a_secret_on_any_page(
    filled: Running,
) -> None:
    hire(filled.rooms, "ivy", "abe")
    with visitor(filled, "ivy") as ivy, visitor(filled, "abe") as abe:
        assert "No sets were drafted yet" in ivy.get("/keys").text
        page = ivy.get("/keys", old="201457:1", new="201461:2").text
        for told in ("To do 2", "In a draft 0", "Given 1", "Done 0", "Cannot 1"):
            assert told in text_of(page), told
        assert all(f"/console/meters/{drn}" in page for drn in OTHERS[:2])
        cannot = text_of(ivy.get("/keys", campaign=NAME, show="cannot").text)
        assert "old key is not here" in cannot
        wish = {"campaign": NAME, "till": "TILL7", "tokens": "2"}
        made = ivy.post("/keys/draft", wish).headers["location"]
        assert made.startswith("/console/packs/1?done=drafted")
        nothing = ivy.post("/keys/draft", wish)
        assert (nothing.status_code, "needs a set" in said(nothing)) == (400, True)
        again = ivy.post("/keys/draft", wish | {"till": "TILL8", "again": "yes"})
        assert again.headers["location"].startswith("/console/packs/2")
        assert ivy.post("/packs/1/issue").status_code == 403
        shown = abe.get("/packs/1").text
        assert "2 key-change sets. They lead to: SGC 201461, KRN 2" in text_of(shown)
        assert all(f"/console/meters/{drn}" in shown for drn in OTHERS[:2])
        file = json.loads(one(filled.rooms, "select record from draft_record where draft = 1"))
        boxes = [each.box for each in read_key_file(file["file"].encode()).keys]
        assert len(boxes) == 2
        for box in boxes:
            assert box.hex() not in shown
            assert b64encode(box).decode()[:20] not in shown
        abe.post("/packs/1/issue")
        assert "Sent 2" in text_of(abe.get("/keys", campaign=NAME, show="sent").text)
        assert NAME.replace(">", " → ") in text_of(abe.get("/keys").text)
    assert rows(filled.rooms, "select count(*) from key_set") == [(3,)]


def test_what_names_no_campaign_is_said_in_a_sentence(filled: Running) -> None:
    hire(filled.rooms, "oda", "ivy")
    with visitor(filled, "oda") as oda, visitor(filled, "ivy") as ivy:
        for asked in ({"campaign": "x"}, {"old": "1", "new": "2"}, {"campaign": "<b>"}):
            page = oda.get("/keys", **asked)
            assert (page.status_code, "names no campaign" in said(page)) == (400, True)
        missing = oda.get("/keys", campaign="201457:1>999999:2")
        assert (missing.status_code, "no vending key" in said(missing)) == (400, True)
        assert oda.get("/keys", campaign=NAME, show="nowhere").status_code in {400, 404}
        assert "Draft sets for a till" not in oda.get("/keys", campaign=NAME).text
        lost = ivy.post("/keys/draft", {"campaign": NAME, "till": "TILL99"})
        assert (lost.status_code, "TILL99" in said(lost)) == (400, True)
        lost = ivy.post("/keys/draft", {"campaign": "x", "till": "TILL7"})
        assert (lost.status_code, "names no campaign" in said(lost)) == (400, True)


def test_a_meters_page_tells_its_key_and_that_the_list_is_behind(filled: Running) -> None:
    hire(filled.rooms, "oda")
    with visitor(filled, "oda") as oda:
        page = text_of(oda.get(f"/meters/{DRN}").text)
        assert "The list still names a key from before a change." in page
        assert "Not known to be typed in" in page
        assert page.index("SGC 201461") < page.index("SGC 201457")
        plain = text_of(oda.get(f"/meters/{OTHERS[0]}").text)
        assert "SGC 201457" in plain
        assert "The list still names" not in plain
        csv = oda.get("/keys/changed.csv").text.split("\r\n")
        assert len(csv) == 3
        assert csv[1].startswith(f"{DRN},201461,2,1,255,2,7,4,2014,given,")
        assert csv[1].endswith("False,201457,1,1,255,2,7,4,2014")


def test_a_found_token_says_under_which_key_it_was_made_and_whether_that_is_the_present_one(
    filled: Running,
) -> None:
    hire(filled.rooms, "oda")
    early = digits_under(FIRST_KEY, STS_KEY, minute_1993(NOW_MS) - 60)
    late = digits_under(FIRST_KEY, STS_KEY, minute_1993(NOW_MS) + 60)
    now = digits_under(NEW_KEY, NEW_VENDING, minute_1993(NOW_MS) + 30)
    wanted = [
        (early, "before it was changed: normal"),
        (late, "after its change was given"),
        (now, "Made under the key that the meter is taken to hold: SGC 201461"),
        (now, "nothing shows yet that it was typed in"),
    ]
    with visitor(filled, "oda") as oda:
        for digits, told in wanted:
            page = oda.post("/tokens/check", {"meter": DRN, "digits": digits}, by="/meters")
            assert told in text_of(page.text), told
            assert digits not in page.text


def test_billing_asks_which_meters_hold_another_key_than_its_list_says(filled: Running) -> None:
    token = filled.rooms.people.new_token("billing", Role.BILLING, THE_OFFICE)
    head = {"Authorization": f"Bearer {token}"}
    with filled.client() as client:
        answer = client.get("/api/v1/keys/changed", headers=head, params={"limit": 1}).json()
        (row,) = answer["keys"]
        assert (row["drn"], row["sgc"], row["listed_sgc"]) == (DRN, "201461", "201457")
        assert (row["how"], row["confirmed"], answer["next"]) == ("given", False, DRN)
        after = client.get("/api/v1/keys/changed", headers=head, params={"after": DRN}).json()
        assert after == {"keys": [], "next": None}
        csv = client.get("/api/v1/keys/changed.csv", headers=head)
        assert csv.text.count("\r\n") == 2
        assert client.get("/api/v1/keys/changed").status_code == 401
    record = {"drn": DRN, "name": "NYAMA Rudo", **asdict(NEW_KEY)}
    with filled.rooms.office.store.writing() as act:
        packs.put_meters(act, [record], 2, NOW_MS)  # the billing system caught up
    with filled.client() as client:
        assert client.get("/api/v1/keys/changed", headers=head).json()["keys"] == []
