"""The console in a real browser: Debian's Chromium, first time to approved pack, by keyboard.

With ``TOKENTILL_CONSOLE_PICTURES=FOLDER`` it leaves its pictures there.
"""

from __future__ import annotations

import dataclasses
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text as text_of

from pos_app.exchange.key_file import fingerprint
from pos_app.exchange.pack import Section
from pos_app.head_office.first_time import FirstTime
from pos_app.head_office.key_sets import Campaign
from pos_app.head_office.oversold import Asked
from pos_app.head_office.packing import Wish
from pos_app.head_office.people import THE_OFFICE, Person, Role
from pos_app.head_office.store import packs
from pos_app.head_office.store.hooks import EVENTS
from pos_app.head_office.terms import CommissionDesk
from tests.office.console import test_key_pages as key_pages
from tests.office.console.browser import Browser, browser, program
from tests.office.console.test_key_pages import NAME
from tests.office.console.visitors import PASSWORD, hire
from tests.office.makers import ALLOWANCE, DRN, MadeTill, enrolled, send
from tests.office.oversellers import oversell
from tests.office.packs import grant
from tests.office.seen import one
from tests.office.servers import Running
from tests.office.settling_bodies import BANKED, CLOSED, GIVEN, LINES, REFUND, SPLIT
from tests.office.test_scanning import code

SCREENS = ((1280, 800), (400, 800))
PAGES = (
    "tills", "tills/TILL7", "enrol", "sales", "sales/TILL7", "sales/TILL7/3/0", "settlement",
    "settlement/shifts", "settlement/deposits", "exceptions",
    "exceptions/1", "meters", f"meters/{DRN}", "proposals", "aside", "account", "tariffs", "packs",
    "packs/new", "packs/1", "oversold?month=2026-11&now=yes",
    "oversold?month=2026-11", "oversold?show=drafted&month=2026-11", "allowance",
    "allowance?till=TILL9", "sales/TILL9", "sales/TILL9/4/-1", "tills/TILL9", "keys",
    f"keys?campaign={NAME}", f"keys?campaign={NAME}&show=cannot",
    "meters/01234567897", "scan", "log", "statement/TILL7", "people", "hooks", "nowhere",
)  # fmt: skip
BY_NAME = """[...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter((each) => each.checkVisibility())
  .filter((each) => !(each.labels?.length || each.textContent.trim() || each.ariaLabel))
  .map((each) => each.outerHTML)"""
SMALL = """[...document.querySelectorAll('nav.nav a, button:not(.small), input:not([type=hidden])')]
  .filter((each) => each.checkVisibility() && !/radio|checkbox/.test(each.type))
  .filter((each) => each.getBoundingClientRect().height < 40)
  .map((each) => each.outerHTML)"""
CARDS = """[...document.querySelectorAll('.rows td')]
  .filter((each) => getComputedStyle(each).display !== 'table-cell').length"""
ON_PAPER = """[...document.querySelectorAll('button, input:not([type=hidden]), nav, form')]
  .filter((each) => each.checkVisibility()).map((each) => each.outerHTML.slice(0, 80))"""
RATIO = """(() => {
  const light = (text) => {
    const [r, g, b] = text.match(/[\\d.]+/g).map((each) => each / 255)
      .map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('main *, .side *, .card *')]
    .filter((each) => each.checkVisibility() && !each.closest('svg'))
    .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((each) => {
      const [ink, paper] = [light(getComputedStyle(each).color), light(ground(each))];
      return [(Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05), each.outerHTML];
    })
    .filter(([ratio]) => ratio < 4.5).map(([ratio, text]) => ratio.toFixed(1) + ' ' + text);
})()"""


@pytest.fixture
def chromium(server: Running) -> Iterator[Browser]:
    """Start the browser after the server and end it before, so that no line is left open."""
    assert server.url
    name = program()
    if name is None:
        pytest.skip("Debian's chromium is not installed")
    with browser(name) as started:
        yield started


@pytest.fixture(params=["sqlite"])
def database() -> str:
    """Return the database of these tests: a browser sees no difference between two."""
    return ""


def fill(server: Running) -> None:
    till = MadeTill()
    enrolled(server.rooms, till)
    grant(server.rooms, till, 100_000_000)
    till.sell(20)
    till.sell(10, lines=LINES, tenders=SPLIT, change_minor=500)
    for kind, body in (("free_issue", GIVEN | {"at_ms": till.at_ms}), ("refund", REFUND),
                       ("shift_closed", CLOSED), ("batch_closed", BANKED)):  # fmt: skip
        till.add(kind, body)
    terms = {"currency": "ZAR", "from_day": "2026-11-21", "sale_percent": "2.5"}
    CommissionDesk(server.rooms.office).put(till.name, terms, THE_OFFICE, "agreed <b>late</b>")
    till.sell(1, number=99, receipt="TILL7-1-99", operator="<img src=x onerror=alert(1)>")
    send(server.rooms, till, till.bundle())
    server.rooms.scanning(code(till, till.sell(1, number=100)), "ivy")
    server.rooms.hooks.add("billing", "https://billing.invalid/tokentill", EVENTS, "ada")
    till.sell(1, number=101)
    send(server.rooms, till, till.bundle())
    with server.rooms.office.store.writing() as act:
        act.execute(
            text_of(
                "update hook_message set state = 'dead', tries = 10, last_status = 503, "
                "done_ms = 1 where kind = 'sales.received'"
            )
        )
        act.execute(text_of("update hook set failures = 3"))
        act.execute(text_of("update hook_message set last_problem = 'ConnectionRefusedError'"))
    for name in ("name", "address"):
        wrong = {"drn": DRN, "field": name, "was": "Moyo", "operator": "ama"}
        till.add("meter_proposed", wrong | {"value": "<script>alert(3)</script>"})
    edited = dataclasses.replace(till.sell(), body="{}")
    send(server.rooms, till, till.bundle_of([*till.entries[:-1], edited]))
    names = ("Tendai Moyo", "<script>alert(1)</script>", '"><img src=x onerror=alert(2)>')
    record = {"address": "14 Samora Street", "phone": "", "account": "", "tariff": "home"}
    with server.rooms.office.store.writing() as act:
        held = [record | {"drn": f"1400000000{at}", "name": name} for at, name in enumerate(names)]
        packs.put_meters(act, [*held, record | {"drn": DRN, "name": names[1]}], 1)


def fork(server: Running) -> int:
    """Let one till be two machines, an allowance wait for it, and a receipt be all of a sale.

    Return the number of the allowance's draft.
    """
    till = MadeTill("TILL9")
    enrolled(server.rooms, till)
    record = {name: value for name, value in ALLOWANCE.items() if name != "sequence"}
    draft = server.rooms.packing.draft(Wish(till.name, [(Section.ALLOWANCE, record)]), "ivy")
    till.sell(1, tokens=[])
    clone = till.copied()
    for each in (till, clone):
        each.sell(1, tokens=[])
        send(server.rooms, each, each.bundle())
    lost = till.copied()
    lost.entries.pop()
    server.rooms.scanning(code(lost, lost.sell(1, number=2)), "ivy")
    return draft


def sign_in(chromium: Browser, server: Running, who: str) -> None:
    chromium.call("Network.clearBrowserCookies")
    chromium.screen(1280, 800)
    chromium.go(f"{server.url}/console/sign-in")
    chromium.write(who)
    chromium.press("Tab")
    chromium.write(PASSWORD)
    with chromium.loading():
        chromium.press("Enter")


def text(chromium: Browser, of: str = "main") -> str:
    return str(chromium.js(f"document.querySelector('{of}').innerText"))


def test_the_first_time_by_keyboard_alone(chromium: Browser, server: Running) -> None:
    code = FirstTime(server.rooms.office, server.rooms.people).new_code()
    assert code
    chromium.call("Network.clearBrowserCookies")
    chromium.screen(1280, 800)
    chromium.go(server.url)
    assert chromium.js("location.pathname") == "/console/set-up"
    for typed in (code, "ada", "Ada Moyo", PASSWORD, PASSWORD):
        chromium.write(typed)
        chromium.press("Tab")
    with chromium.loading():
        chromium.press("Enter")
    assert chromium.js("location.pathname") == "/console/tills"
    assert "No till is enrolled yet." in text(chromium)
    assert chromium.js("document.cookie") == ""
    chromium.press("Tab")
    assert chromium.js("document.activeElement.className") == "skip"
    assert chromium.js("document.activeElement.getBoundingClientRect().top") >= 0
    chromium.press("Enter")
    assert chromium.js("document.activeElement.id") == "main"
    chromium.press("Tab")
    assert chromium.js("document.activeElement.innerText") == "Enrol a till"
    with chromium.loading():
        chromium.press("Enter")
    chromium.js("document.querySelector('#f-till').focus()")
    chromium.write("TILL7")
    with chromium.loading():
        chromium.press("Enter")
    assert "One-time code for TILL7" in text(chromium)
    assert fingerprint(server.rooms.office.authority.public) in text(chromium)
    with chromium.loading():
        chromium.js("document.querySelector('.me button').click()")
    assert chromium.js("location.pathname") == "/console/sign-in"
    assert not chromium.complaints


def test_two_people_issue_a_pack_in_the_browser(chromium: Browser, server: Running) -> None:
    hire(server.rooms, "ivy", "abe")
    fill(server)
    sign_in(chromium, server, "ivy")
    chromium.go(f"{server.url}/console/packs/new?till=TILL7")
    chromium.js("document.querySelector('#f-message').focus()")
    chromium.write("Closed on Monday.")
    with chromium.loading():
        chromium.js("document.querySelector('main .first').click()")
    assert "Draft 2 waits for approval." in text(chromium)
    sign_in(chromium, server, "abe")
    chromium.go(f"{server.url}/console/packs/2")
    assert "Closed on Monday." in text(chromium)
    with chromium.loading():
        chromium.js("document.querySelector('main .first').click()")
    assert "Draft 2 is issued as a pack." in text(chromium)
    assert server.rooms.till("TILL7").pack_number == 2
    assert not chromium.complaints


def test_every_page_is_whole_readable_and_harmless_on_every_screen(
    chromium: Browser, server: Running
) -> None:
    """No page runs what a customer is called, cuts anything off, or hides a name or a target."""
    hire(server.rooms, "ivy", "abe")
    fill(server)
    parted = fork(server)
    oversell(server.rooms, "TILL12", "TILL13", drn="14000000000")
    (shared,) = server.rooms.oversold.draft(Asked("2026-11", now=True), "ivy")
    oversell(server.rooms, "TILL10", "TILL11", drn="14000000001")
    key_pages.fill(server.rooms, MadeTill("TILL8"))
    sets = server.rooms.key_sets.draft(Campaign.of_name(NAME), "TILL8", "ivy").draft
    drafts = f"packs/{shared}", f"packs/{sets}"
    seen = (("ivy", (*PAGES[:-4], *drafts)), ("ada", PAGES[-4:]), ("abe", (f"packs/{parted}",)))
    server.rooms.people.put(Person("ada", "Ada Moyo", Role.ADMIN), PASSWORD, THE_OFFICE)
    wanted = os.environ.get("TOKENTILL_CONSOLE_PICTURES")
    for who, places in seen:
        sign_in(chromium, server, who)
        chromium.complaints.clear()
        for place in places:
            chromium.go(f"{server.url}/console/{place}")
            for width, height in SCREENS:
                for dark in (False, True):
                    chromium.screen(width, height, dark=dark)
                    where = (place, width, dark)
                    assert chromium.js("document.documentElement.scrollWidth") <= width, where
                    assert chromium.js(BY_NAME) == [], where
                    assert chromium.js(SMALL) == [], where
                    assert chromium.js(RATIO) == [], where
                    if wanted:
                        name = re.sub(r"[^a-z0-9]+", "-", place)
                        look = f"{name}-{width}-{'dark' if dark else 'light'}.png"
                        chromium.picture(Path(wanted) / look)
            assert chromium.js("document.querySelectorAll('h1').length") == 1, place
            assert chromium.js("document.images.length") == 0, place
        known = [each for each in chromium.complaints if "/nowhere" not in each]
        assert not known


def test_a_page_is_printed_as_ink_on_white_without_its_forms(
    chromium: Browser, server: Running
) -> None:
    """Also out of a dark browser, on paper that is as narrow as a telephone held sideways."""
    hire(server.rooms, "ivy")
    fill(server)
    sign_in(chromium, server, "ivy")
    for place in ("sales", "exceptions", "exceptions/1", "tills"):
        chromium.go(f"{server.url}/console/{place}")
        chromium.screen(720, 1000, dark=True)
        dark = {"name": "prefers-color-scheme", "value": "dark"}
        chromium.call("Emulation.setEmulatedMedia", media="print", features=[dark])
        assert (
            chromium.js("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        )
        assert chromium.js(RATIO) == [], place
        assert chromium.js(ON_PAPER) == [], place
        assert chromium.js(CARDS) == 0, place
        assert chromium.js("document.documentElement.scrollWidth") <= 720, place
        chromium.call("Emulation.setEmulatedMedia", media="", features=[])


def test_receipts_are_scanned_one_after_the_other_without_touching_anything_else(
    chromium: Browser, server: Running
) -> None:
    """As a scanner types: a code, Enter, the next code, never waiting for the page."""
    hire(server.rooms, "ivy")
    till = MadeTill()
    enrolled(server.rooms, till)
    codes = [code(till, till.sell(1)) for _ in range(3)]
    sign_in(chromium, server, "ivy")
    chromium.go(f"{server.url}/console/scan")
    for typed in (*codes, codes[0], "not a receipt"):
        chromium.write(typed)
        chromium.press("Enter")
    settled(chromium, "document.querySelector('main > .said.stop') !== null")
    assert "no code of a receipt" in text(chromium)
    assert chromium.js("document.activeElement.name") == "code"
    assert chromium.js("document.querySelectorAll('#scanned tbody tr').length") == 3
    assert one(server.rooms, "select count(*) from rebuilt") == 3
    chromium.write(codes[1])
    chromium.press("Enter")
    settled(chromium, "document.querySelector('#scanned .said.look') !== null")
    assert "Scanned before" in text(chromium)
    known = [each for each in chromium.complaints if "400" not in each]
    assert not known


def settled(chromium: Browser, expression: str) -> None:
    """Wait until something is so on the page."""
    until = time.monotonic() + 30
    while not chromium.js(expression):
        assert time.monotonic() < until, expression
        time.sleep(0.02)


def test_the_browser_runs_no_script_but_ours(chromium: Browser, server: Running) -> None:
    """The negative control: the policy stops a script even if one got into a page."""
    hire(server.rooms, "ivy")
    fill(server)
    sign_in(chromium, server, "ivy")
    chromium.go(f"{server.url}/console/meters")
    chromium.complaints.clear()
    chromium.js(
        "document.querySelector('main').insertAdjacentHTML('beforeend', "
        "'<img src=x onerror=\"window.ran = 1\">');"
        "const made = document.createElement('script'); made.textContent = 'window.ran = 1';"
        "document.body.append(made); 1"
    )
    assert chromium.js("window.ran") is None
    assert any("Content Security Policy" in each for each in chromium.complaints)
    chromium.js("document.activeElement.blur()")
    chromium.call("Input.dispatchKeyEvent", type="keyDown", key="/", text="/")
    assert chromium.js("document.activeElement.name") == "q"
    assert chromium.js("document.fonts.check('15px \"Noto Sans\"')")
