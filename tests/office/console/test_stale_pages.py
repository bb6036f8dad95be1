"""Pages that are old by the time somebody presses a key, and addresses that nobody would type."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from pos_app.exchange.pack import Section
from pos_app.head_office.codes import AllowanceCodes, CodeWish
from pos_app.head_office.packing import Wish
from pos_app.head_office.people import THE_OFFICE, Person, Role
from tests.office.console.visitors import PASSWORD, Visitor, visitor
from tests.office.makers import MadeTill, enrolled, send
from tests.office.packs import allowance
from tests.office.seen import one
from tests.office.servers import Running

NONSENSE = ("-1", "9" * 30, "\u0663", "%00", "0001-01-01", "x" * 3000)
FIELDS = (
    "till", "hours", "note", "meter", "digits", "code", "currency", "amount", "money", "units",
    "count", "per_vend", "days", "modulus", "residue", "answer",
)  # fmt: skip


def drafted(server: Running) -> int:
    till = MadeTill()
    enrolled(server.rooms, till)
    till.sell(2)
    send(server.rooms, till, till.bundle())
    return server.rooms.packing.draft(Wish("TILL7", [(Section.ALLOWANCE, allowance(1))]), "ivy")


def test_two_approvers_and_a_double_click_issue_one_pack(staffed: Running) -> None:
    draft = drafted(staffed)
    staffed.rooms.people.put(Person("bob", "Bob", Role.APPROVER), PASSWORD, THE_OFFICE)
    with visitor(staffed, "abe") as abe, visitor(staffed, "bob") as bob:
        marks = {id(each): each.mark() for each in (abe, bob)}

        def press(who: Visitor) -> tuple[int, str]:
            found = who.client.post(f"/console/packs/{draft}/issue", data={"mark": marks[id(who)]})
            return found.status_code, found.text

        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(press, (abe, abe, bob, bob)))
    assert sorted(status for status, _ in answers) == [303, 409, 409, 409]
    assert all("is decided already" in text for status, text in answers if status == 409)
    assert staffed.rooms.till("TILL7").pack_number == 1


def test_a_code_is_shown_to_one_of_two_who_ask_at_once(staffed: Running) -> None:
    drafted(staffed)
    draft = AllowanceCodes(staffed.rooms.office).wish(CodeWish("TILL7", "ZAR", 100), "ivy")
    with visitor(staffed, "abe") as abe:
        data = {"mark": abe.mark()}

        def press(_: int) -> int:
            return abe.client.post(f"/console/packs/{draft}/issue", data=data).status_code

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(press, range(2))) == [200, 409]
    assert one(staffed.rooms, "select count(*) from allowance_grant") == 1


def test_the_open_page_of_somebody_retired_or_changed_does_nothing_more(staffed: Running) -> None:
    draft = drafted(staffed)
    with visitor(staffed, "abe") as abe:
        data = {"mark": abe.mark()}
        staffed.rooms.people.put(Person("abe", "Abe", Role.AUDITOR), PASSWORD, THE_OFFICE)
        changed = abe.client.post(f"/console/packs/{draft}/issue", data=data)
        assert changed.status_code in {303, 403}
    staffed.rooms.people.put(Person("abe", "Abe", Role.APPROVER), PASSWORD, THE_OFFICE)
    with visitor(staffed, "abe") as abe:
        data = {"mark": abe.mark()}
        staffed.rooms.people.retire("abe", THE_OFFICE)
        gone = abe.client.post(f"/console/packs/{draft}/issue", data=data)
        assert (gone.status_code, "sign-in" in gone.headers["location"]) == (303, True)
    assert staffed.rooms.till("TILL7").pack_number == 0


def test_no_address_and_no_form_makes_a_fault(staffed: Running) -> None:
    drafted(staffed)
    lists = ("tills", "sales", "exceptions", "meters", "proposals", "aside", "packs", "log")
    asked = ("after", "to", "find", "show")
    things = ("tills", "sales", "exceptions", "meters", "packs", "tariffs", "sales/TILL7/1")
    forms = (
        "packs/1/issue", "packs/1/refuse", "packs/new", "allowance", "enrol", "scan",
        "exceptions/1/settle", "meters/check", "account", "tills/TILL7/block", "proposals/TILL7/1",
    )  # fmt: skip
    with visitor(staffed, "ada") as ada, visitor(staffed, "abe") as abe:
        for text in NONSENSE:
            places = [f"{each}?{name}={text}" for each in lists for name in asked]
            places += [f"{each}/{text}" for each in things]
            places += [
                f"{each}?from=2026-01-01&to={text}" for each in ("sales.csv", "settlement.csv")
            ]
            for place in places:
                found = abe.client.get(f"/console/{place}")
                assert found.status_code in {200, 303, 400, 404, 414}, (place, found.status_code)
            typed = dict.fromkeys(FIELDS, text.replace("%00", "0"))
            for who in (ada, abe):
                data = {"mark": who.mark("/tills")} | typed
                for place in forms:
                    status = who.client.post(f"/console/{place}", data=data).status_code
                    assert status < 500, (place, text, status)
