"""Signing in: sessions that cannot be guessed, fixed, kept too long, or used by another site."""

from __future__ import annotations

import re

import httpx
import pytest

from pos_app.head_office.first_time import LASTS_MS, FirstTime
from pos_app.head_office.people import THE_OFFICE, Person, Role
from pos_app.head_office.sessions import IDLE_MS, LONGEST_MS
from tests.office.console.visitors import PASSWORD, Visitor, hire, mark, said, visitor
from tests.office.seen import one, rows
from tests.office.servers import Running
from tests.shops import HeldClock

SESSION = "__Host-tokentill"


def cookie_of(answer: httpx.Response, name: str = SESSION) -> str:
    held = [each for each in answer.headers.get_list("set-cookie") if each.startswith(f"{name}=")]
    return held[0] if held else ""


def first_time(server: Running) -> FirstTime:
    return FirstTime(server.rooms.office, server.rooms.people)


def begin(browser: Visitor, code: str, password: str = PASSWORD) -> httpx.Response:
    fields = {"code": code, "who": "ada", "name": "Ada", "password": password, "again": password}
    return browser.post("/set-up", fields, by="/set-up")


def test_the_first_account_is_made_with_the_printed_code_once(server: Running) -> None:
    code = first_time(server).new_code()
    assert code is not None
    assert first_time(server).new_code() not in {None, code}  # the server starts once more
    with Visitor(server) as browser:
        assert browser.get("/tills").headers["location"] == "/console/sign-in?wanted=/console/tills"
        assert browser.get("/sign-in").headers["location"] == "/console/set-up"
        assert "wrong" in said(begin(browser, "02E0-3M04-R04G-000V"))
        weak = begin(browser, code, "123456")
        assert weak.status_code == 400
        assert "easy to guess" in said(weak) or "bits" in said(weak)
        done = begin(browser, code.lower().replace("-", " "))
        assert done.status_code == 303, said(done)
        assert "Enrol a till" in browser.get("/tills").text
        assert browser.get("/set-up").headers["location"] == "/console/sign-in"
    with Visitor(server) as other:
        again = other.client.post(
            "/console/set-up",
            data={"mark": other.mark("/sign-in"), "code": code, "who": "eve", "name": "Eve",
                  "password": PASSWORD, "again": PASSWORD},
        )  # fmt: skip
        assert again.status_code == 400
    assert rows(server.rooms, "select id, role from staff") == [("ada", "admin")]
    assert first_time(server).new_code() is None
    kept = repr(
        rows(server.rooms, "select * from fact") + rows(server.rooms, "select * from audit")
    )
    assert code not in kept


def test_set_up_codes_are_over_after_a_week_and_guessing_is_slowed(
    server: Running, clock: HeldClock
) -> None:
    code = first_time(server).new_code() or ""
    clock.now += LASTS_MS
    with Visitor(server) as browser:
        assert "over" in said(begin(browser, code))
        for _ in range(4):
            begin(browser, "02E0-3M04-R04G-000V")
        code = first_time(server).new_code() or ""
        assert "30 s" in said(begin(browser, code)) or "seconds" in said(begin(browser, code))
    assert one(server.rooms, "select count(*) from staff") == 0


def test_the_session_is_for_this_browser_this_site_and_https_only(server: Running) -> None:
    hire(server.rooms, "oda")
    with Visitor(server) as browser:
        answer = browser.sign_in("oda")
        cookie = cookie_of(answer)
        for part in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
            assert part.lower() in cookie.lower()
        assert "domain" not in cookie.lower()
        number = re.match(rf"{SESSION}=([\w-]+);", cookie)
        assert number
        assert len(number[1]) == 43  # 256 bits
        held = rows(server.rooms, "select digest, who from console_session")
        assert number[1] not in repr(held)
        assert [who for _, who in held] == ["oda"]


def test_a_session_that_somebody_planted_is_not_the_one_that_is_signed_in(server: Running) -> None:
    """Session fixation: the number changes at sign-in, and the one shown before is forgotten."""
    hire(server.rooms, "oda", "abe")
    with Visitor(server) as browser:
        planted = "planted-by-an-attacker"
        browser.client.cookies.set(SESSION, planted, domain="127.0.0.1", path="/")
        browser.sign_in("oda")
        first = browser.client.cookies.get(SESSION)
        assert first not in {None, planted}
        browser.sign_in("oda")
        second = browser.client.cookies.get(SESSION)
        assert second != first
        for number in (planted, first or ""):
            with Visitor(server) as thief:
                thief.client.cookies.set(SESSION, number, domain="127.0.0.1", path="/")
                assert thief.get("/tills").status_code == 303
    assert one(server.rooms, "select count(*) from console_session") == 1


def test_a_session_ends_idle_at_its_longest_and_at_sign_out(
    server: Running, clock: HeldClock
) -> None:
    hire(server.rooms, "oda")
    with visitor(server, "oda") as browser:
        clock.now += IDLE_MS - 1
        assert browser.get("/tills").status_code == 200
        clock.now += IDLE_MS
        assert browser.get("/tills").status_code == 303
    with visitor(server, "oda") as browser:
        for _ in range(LONGEST_MS // (IDLE_MS - 60_000)):
            clock.now += IDLE_MS - 60_000
            browser.get("/tills")
        clock.now += IDLE_MS - 60_000
        assert browser.get("/tills").status_code == 303
    with visitor(server, "oda") as browser:
        number = browser.client.cookies.get(SESSION) or ""
        assert browser.post("/sign-out").status_code == 303
        browser.client.cookies.set(SESSION, number, domain="127.0.0.1", path="/")
        assert browser.get("/tills").status_code == 303


def test_whoever_is_retired_or_gets_another_role_is_out_at_once(
    server: Running, clock: HeldClock
) -> None:
    hire(server.rooms, "oda", "abe")
    with visitor(server, "oda") as oda, visitor(server, "abe") as abe:
        clock.now += 1000
        server.rooms.people.retire("oda", THE_OFFICE)
        server.rooms.people.put(Person("abe", "Abe", Role.AUDITOR), PASSWORD, THE_OFFICE)
        assert oda.get("/tills").status_code == 303
        assert abe.get("/tills").status_code == 303


def test_a_password_of_ones_own_ends_every_other_session(server: Running, clock: HeldClock) -> None:
    hire(server.rooms, "oda")
    fresh = "five brass kettles sing at dawn"
    form = {"old": PASSWORD, "password": fresh, "again": fresh}
    with visitor(server, "oda") as here, visitor(server, "oda") as elsewhere:
        clock.now += 1000
        wrong = here.post("/account", form | {"old": "guess"})
        assert (wrong.status_code, said(wrong)[:17]) == (400, "Name or password ")
        assert here.post("/account", form | {"again": "other"}).status_code == 400
        weak = here.post("/account", {"old": PASSWORD, "password": "abc", "again": "abc"})
        assert weak.status_code == 400
        assert elsewhere.get("/tills").status_code == 200
        before = here.client.cookies.get(SESSION)
        assert here.post("/account", form).status_code == 303
        assert here.client.cookies.get(SESSION) != before
        assert here.get("/tills").status_code == 200
        assert elsewhere.get("/tills").status_code == 303
        assert elsewhere.sign_in("oda").status_code != 303
        assert elsewhere.sign_in("oda", fresh).status_code == 303


def test_guessing_the_password_of_an_open_session_is_slowed(server: Running) -> None:
    hire(server.rooms, "oda")
    form = {"old": "guess", "password": PASSWORD, "again": PASSWORD}
    with visitor(server, "oda") as browser:
        answers = [said(browser.post("/account", form)) for _ in range(6)]
        assert "Wait" in answers[-1] or "wait" in answers[-1]


def test_guessing_is_slowed_for_the_account_and_for_the_place(
    server: Running, clock: HeldClock
) -> None:
    hire(server.rooms, "oda", "abe")
    with Visitor(server) as browser:
        for guess in range(5):
            answer = browser.sign_in("oda", f"guess {guess}")
            assert answer.status_code == 401
        locked = browser.sign_in("oda")
        assert (locked.status_code, locked.headers.get("set-cookie", "")[:22]) == (
            429, "__Host-tokentill-form=",
        )  # fmt: skip
        assert browser.sign_in("abe").status_code == 429
        clock.now += 30_000
        assert browser.sign_in("oda").status_code == 303
    with Visitor(server) as browser:
        clock.now += 3_600_000
        for name in ("nobody", "x'; drop table staff --", "Ω" * 300, ""):
            wrong = browser.sign_in(name, "wrong")
            assert wrong.status_code in {401, 429}
            assert said(wrong)
    assert one(server.rooms, "select count(*) from staff") == 2


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/console/../..//evil.example", "/console/\\evil",
     "javascript:alert(1)", "/console/tills\r\nSet-Cookie: a=b", "/elsewhere"],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(server: Running, wanted: str) -> None:
    hire(server.rooms, "oda")
    with Visitor(server) as browser:
        answer = browser.sign_in("oda", wanted=wanted)
        assert answer.status_code in {303, 400}
        assert answer.headers.get("location", "/console/") == "/console/"
        assert "evil" not in browser.get("/sign-in", wanted=wanted).text


def test_where_somebody_wanted_to_go_is_remembered(server: Running) -> None:
    hire(server.rooms, "oda")
    with Visitor(server) as browser:
        place = browser.get("/exceptions").headers["location"]
        assert place == "/console/sign-in?wanted=/console/exceptions"
        page = browser.client.get(place)
        data = {"mark": mark(page), "who": "ODA", "password": PASSWORD,
                "wanted": "/console/exceptions"}  # fmt: skip
        assert browser.client.post("/console/sign-in", data=data).headers["location"] == (
            "/console/exceptions"
        )
