"""Rights: what each role sees and does, also when pages are left out and functions are called."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from pos_app.domain.errors import PosError
from pos_app.exchange.pack import Section
from pos_app.head_office.acting import Acting
from pos_app.head_office.acting.doing import Bounds, Doing
from pos_app.head_office.acting.finance import Finance
from pos_app.head_office.acting.reading import Reading
from pos_app.head_office.codes import CodeWish
from pos_app.head_office.errors import NotAllowed
from pos_app.head_office.oversold import Asked
from pos_app.head_office.packing import Wish
from pos_app.head_office.people import RIGHTS, THE_OFFICE, Person, Right, Role
from pos_app.head_office.rooms import Rooms
from tests.office.console.visitors import PASSWORD, PEOPLE, visitor
from tests.office.makers import MadeTill
from tests.office.seen import one
from tests.office.servers import Running

DAYS = ("2026-11-20", "2026-11-21")
MESSAGE = [(Section.MESSAGES, {"id": "1", "text": "x", "from_ms": 0, "until_ms": 1})]
BOUNDS = Bounds("ZAR", 1000, 1000, 10, 1000, 7)
SEEING: dict[str, tuple[Right, tuple[Any, ...], dict[str, Any]]] = {
    "open_counts": (Right.READ, (), {}),
    "tills": (Right.READ, ("", ""), {"troubled": False}),
    "till_counts": (Right.READ, (), {}),
    "till": (Right.READ, ("TILL7",), {}),
    "packs_of": (Right.READ, ("TILL7", ""), {}),
    "last_day": (Right.READ_SALES, (), {}),
    "sums": (Right.READ_SALES, (DAYS, ""), {}),
    "parted": (Right.READ, ("TILL7",), {}),
    "sales": (Right.READ_SALES, ("TILL7", DAYS, ""), {}),
    "sales_csv": (Right.READ_SALES, (DAYS, ""), {}),
    "sale": (Right.READ_SALES, ("TILL7", 1, 0), {}),
    "scans": (Right.READ, ("",), {}),
    "findings": (Right.READ, ("", ""), {"settled": False}),
    "every_finding": (Right.READ, (), {"settled": False}),
    "finding": (Right.READ, (1,), {}),
    "meters": (Right.READ, ("", ""), {}),
    "meter": (Right.READ, ("1",), {}),
    "history": (Right.READ, ("1", ""), {}),
    "tariffs": (Right.READ, (), {}),
    "tariff": (Right.READ, (1, 0), {}),
    "sheet": (Right.READ, ("",), {}),
    "drafts": (Right.READ, ("waiting", ""), {}),
    "draft": (Right.READ, (1,), {}),
    "log": (Right.READ, ("",), {}),
    "every_line": (Right.READ, (), {}),
    "aside": (Right.READ, ("",), {"settled": False}),
    "aside_item": (Right.READ, ("TILL7", "0"), {}),
    "proposals": (Right.READ, ("",), {"answered": False}),
    "oversold": (Right.READ, (Asked("2026-11"), ""), {}),
    "corrections": (Right.READ, ("2026-11", ""), {}),
    "meter_key": (Right.READ, ("1",), {}),
    "campaigns": (Right.READ, (), {}),
    "campaign": (Right.READ, ("201457:1>201461:2",), {}),
    "campaign_meters": (Right.READ, ("201457:1>201461:2", "todo", ""), {}),
    "changed_keys": (Right.READ_SALES, (), {}),
    "people": (Right.MANAGE, (), {}),
    "hooks": (Right.MANAGE, (), {}),
    "api_tokens": (Right.MANAGE, (), {}),
}
DOING: dict[str, tuple[Right, tuple[Any, ...], dict[str, Any]]] = {
    "settle": (Right.SETTLE, (1, "x"), {}),
    "scan": (Right.SETTLE, ("TT1",), {}),
    "block": (Right.MANAGE, ("TILL7",), {"blocked": True}),
    "enrolment_code": (Right.ENROL, ("TILL9", 1), {}),
    "check_token": (Right.READ, ("1", "2"), {}),
    "draft": (Right.DRAFT, (Wish("TILL7", MESSAGE),), {}),
    "top_up": (Right.DRAFT, ("TILL7", BOUNDS), {}),
    "wish_code": (Right.DRAFT, (CodeWish("TILL7", "ZAR", 100),), {}),
    "draft_sets": (Right.DRAFT, ("201457:1>201461:2", "TILL7", 2), {"again": False}),
    "issue": (Right.APPROVE, (1,), {}),
    "give_code": (Right.APPROVE, (1,), {}),
    "refuse": (Right.DRAFT, (1,), {}),
    "retry": (Right.SETTLE, ("TILL7", "0"), {}),
    "answer_proposal": (Right.DRAFT, ("TILL7", 1, "x"), {"accepted": False}),
    "draft_oversold": (Right.DRAFT, (Asked("2026-11"),), {}),
    "put_person": (Right.MANAGE, (Person("x", "X", Role.AUDITOR), "1"), {}),
    "retire_person": (Right.MANAGE, ("nobody",), {}),
    "new_token": (Right.MANAGE, ("x", Role.BILLING), {}),
    "add_hook": (Right.MANAGE, ("x", "https://example.org/", ["finding.opened"]), {}),
    "retire_hook": (Right.MANAGE, ("y",), {}),
    "send_hook_again": (Right.MANAGE, ("y",), {}),
    "retire_token": (Right.MANAGE, ("x",), {}),
}
FINANCE: dict[str, tuple[Right, tuple[Any, ...], dict[str, Any]]] = {
    "settlement": (Right.READ_SALES, (DAYS, ""), {}),
    "by_day": (Right.READ_SALES, (DAYS, ""), {}),
    "csv": (Right.READ_SALES, (DAYS, ""), {}),
    "statement": (Right.READ_SALES, ("TILL7", DAYS), {}),
    "shifts": (Right.READ_SALES, (DAYS, "", ""), {}),
    "deposits": (Right.READ_SALES, (DAYS, "", ""), {}),
    "terms": (Right.READ_SALES, (), {}),
    "set_terms": (Right.MANAGE, ("TILL7", {"currency": "ZAR"}, ""), {}),
}


def acts(of: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(of, inspect.isfunction) if name[0] != "_"}


def test_every_act_has_its_right_in_this_table() -> None:
    assert acts(Reading) == set(SEEING)
    assert acts(Doing) == set(DOING)
    assert acts(Finance) == set(FINANCE)


@pytest.mark.parametrize("role", Role)
def test_a_role_is_refused_all_it_has_no_right_to_and_nothing_else(
    rooms: Rooms, till: MadeTill, role: Role
) -> None:
    acting = Acting(rooms, Person("x", "X", role))
    rooms_of = ((acting.see, SEEING), (acting.do, DOING), (acting.finance, FINANCE))
    for room, table in rooms_of:
        for name, (right, given, named) in table.items():
            refused = False
            try:
                told = getattr(room, name)(*given, **named)
                if isinstance(told, Iterator):
                    next(told, None)
            except NotAllowed as problem:
                refused = problem.facts["right"] == right.value
            except PosError:
                pass  # nothing of that number, a weak password: refused for another reason
            assert refused == (right not in RIGHTS[role]), (role, name)


PLACES = {
    "/tills": Right.READ, "/tills/TILL7": Right.READ, "/enrol": Right.ENROL,
    "/sales": Right.READ_SALES, "/sales/TILL7": Right.READ_SALES, "/sales.csv": Right.READ_SALES,
    "/settlement.csv": Right.READ_SALES, "/sums.csv": Right.READ_SALES,
    "/settlement": Right.READ_SALES, "/settlement/shifts": Right.READ_SALES,
    "/settlement/deposits": Right.READ_SALES, "/statement/TILL7": Right.READ_SALES,
    "/exceptions": Right.READ,
    "/exceptions.csv": Right.READ, "/meters": Right.READ, "/tariffs": Right.READ,
    "/aside": Right.READ, "/oversold": Right.READ, "/proposals": Right.READ,
    "/packs": Right.READ, "/packs/new": Right.DRAFT, "/allowance": Right.DRAFT,
    "/keys": Right.READ, "/keys/changed.csv": Right.READ_SALES,
    "/log": Right.READ, "/log.csv": Right.READ, "/people": Right.MANAGE,
}  # fmt: skip
FORMS: dict[str, tuple[Right, dict[str, str]]] = {
    "/tills/TILL7/block": (Right.MANAGE, {"blocked": "yes"}),
    "/enrol": (Right.ENROL, {"till": "TILL9", "hours": "1"}),
    "/statement/TILL7/terms": (
        Right.MANAGE,
        {"currency": "ZAR", "from_day": "2026-11-23", "sale_percent": "1"},
    ),
    "/exceptions/1/settle": (Right.SETTLE, {"note": "x"}),
    "/tokens/check": (Right.READ, {"meter": "1", "digits": "2"}),
    "/packs/new": (Right.DRAFT, {"till": "TILL7", "message": "x"}),
    "/allowance": (Right.DRAFT, {"till": "TILL7", "way": "code", "currency": "ZAR", "amount": "5"}),
    "/keys/draft": (Right.DRAFT, {"campaign": "201457:1>201461:2", "till": "TILL7"}),
    "/aside/TILL7/0/retry": (Right.SETTLE, {}),
    "/proposals/TILL7/1": (Right.DRAFT, {"answer": "refuse", "note": "x"}),
    "/oversold": (Right.DRAFT, {"month": "2026-11"}),
    "/packs/1/issue": (Right.APPROVE, {}),
    "/people": (Right.MANAGE, {"who": "eve", "name": "E", "role": "admin", "password": PASSWORD}),
    "/people/retire": (Right.MANAGE, {"who": "oda"}),
    "/api-tokens": (Right.MANAGE, {"name": "x", "role": "billing"}),
    "/api-tokens/retire": (Right.MANAGE, {"name": "x"}),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_pages_and_forms_hold_the_same_rights_when_they_are_asked_directly(
    staffed: Running, till: MadeTill, who: str
) -> None:
    rights = RIGHTS[PEOPLE[who]]
    with visitor(staffed, who) as browser:
        for place, right in PLACES.items():
            assert (browser.get(place).status_code == 403) == (right not in rights), place
        for place, (right, fields) in FORMS.items():
            answer = browser.post(place, fields)
            assert (answer.status_code == 403) == (right not in rights), place
        shown = browser.get("/sales").text
        assert ("/console/people" in shown) == (Right.MANAGE in rights)
        assert ("/console/tills" in shown) == (Right.READ in rights)


def test_nobody_alone_makes_value_in_the_console(staffed: Running, till: MadeTill) -> None:
    money = {"till": "TILL7", "way": "pack", "currency": "ZAR", "money": "50 000.00",
             "units": "1000", "count": "10", "per_vend": "500.00", "days": "7"}  # fmt: skip
    with visitor(staffed, "abe") as abe, visitor(staffed, "ivy") as ivy:
        own = abe.post("/allowance", money).headers["location"]
        assert own.startswith("/console/packs/1?done=drafted")
        assert "somebody else has to approve" in abe.get("/packs/1").text
        refused = abe.post("/packs/1/issue")
        assert refused.status_code == 403
        assert one(staffed.rooms, "select count(*) from pack") == 0
        ivy.post("/allowance", money)
        assert ivy.post("/packs/2/issue").status_code == 403
        assert (
            abe.post("/packs/2/issue").headers["location"].startswith("/console/packs/2?done=iss")
        )
    granted = "select money_minor, granted_by, approved_by from allowance_grant"
    with staffed.rooms.office.store.reading() as act:
        found = [tuple(row) for row in act.exec_driver_sql(granted)]
    assert found == [(5_000_000, "ivy", "abe")]


def test_a_session_opens_no_api_and_an_api_token_no_page(staffed: Running) -> None:
    token = staffed.rooms.people.new_token("billing", Role.AUDITOR, THE_OFFICE)
    with visitor(staffed, "ada") as ada:
        for place in ("tills", "sales.csv?from=2026-11-20&to=2026-11-21", "findings"):
            assert ada.client.get(f"/api/v1/{place}").status_code == 401
        head = {"Authorization": f"Bearer {token}"}
        assert ada.client.get("/api/v1/tills", headers=head).status_code == 200
    with staffed.client() as nobody:
        assert nobody.get("/console/tills", headers=head).status_code == 303
