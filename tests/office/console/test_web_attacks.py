"""What attackers try with a web page: other sites' forms, scripts in names, SQL, paths, floods."""

from __future__ import annotations

import json

import httpx
import pytest

from pos_app.head_office.console.guarding import LARGEST_FORM
from pos_app.head_office.packing import Wish
from pos_app.head_office.store import packs
from tests.office.console.visitors import Visitor, hire, said, visitor
from tests.office.makers import DRN, MadeTill, enrolled, send
from tests.office.packs import message
from tests.office.seen import one, rows
from tests.office.servers import Running

SCRIPTS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</title><script>alert(1)</script>",
    "javascript:alert(1)",
)
INJECTIONS = (
    "'; drop table staff; --",
    "' or '1'='1",
    "1) union select digest, who, 1, 1, 1 from console_session --",
    "%' escape 'x' or 1=1 --",
    "\\",
    "%",
    "_" * 50,
)
WRITES = (
    "/sign-out", "/tills/TILL7/block", "/enrol", "/exceptions/1/settle", "/tokens/check",
    "/packs/new", "/packs/1/issue", "/packs/1/refuse", "/allowance", "/people", "/people/retire",
    "/api-tokens", "/api-tokens/retire",
)  # fmt: skip


def test_a_form_without_the_mark_of_its_page_does_nothing(server: Running) -> None:
    hire(server.rooms, "ada", "oda")
    with visitor(server, "ada") as ada, visitor(server, "oda") as oda:
        before = one(server.rooms, "select count(*) from audit")
        own, other = ada.mark(), oda.mark()
        for place in WRITES:
            for mark in (None, "", "0" * 64, other):
                data = {} if mark is None else {"mark": mark}
                refused = ada.client.post(f"/console{place}", data=data)
                assert refused.status_code == 403, place
                assert "form" in said(refused)
            assert ada.client.get(f"/console{place}?mark={own}").status_code in {200, 403, 404, 405}
        assert one(server.rooms, "select count(*) from audit") == before
        assert ada.get("/tills").status_code == 200


def test_a_form_that_a_browser_says_another_site_sent_does_nothing(server: Running) -> None:
    hire(server.rooms, "ada")
    with visitor(server, "ada") as ada:
        data = {"mark": ada.mark(), "till": "TILL9", "hours": "24"}
        for headers in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "https://127.0.0.1:1"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            assert ada.client.post("/console/enrol", data=data, headers=headers).status_code == 403
        own = {"Origin": server.url, "Sec-Fetch-Site": "same-origin"}
        assert ada.client.post("/console/enrol", data=data, headers=own).status_code == 200
    assert one(server.rooms, "select count(*) from enrolment_code where till = 'TILL9'") == 1


def test_signing_somebody_in_from_another_site_is_refused(server: Running) -> None:
    """Login CSRF: the victim would work in the attacker's account."""
    hire(server.rooms, "ada")
    with Visitor(server) as attacker, Visitor(server) as victim:
        data = {"mark": attacker.mark("/sign-in"), "who": "ada", "password": "x"}
        assert victim.client.post("/console/sign-in", data=data).status_code == 403


def customers(server: Running, names: tuple[str, ...]) -> None:
    records = [
        {"drn": f"1400000000{at}", "name": name, "address": name, "phone": name, "account": name,
         "tariff": name}
        for at, name in enumerate(names)
    ]  # fmt: skip
    with server.rooms.office.store.writing() as act:
        packs.put_meters(act, records, 1)


def ensure_harmless(page: httpx.Response) -> None:
    assert page.status_code < 500
    for script in SCRIPTS[:3]:
        assert script not in page.text
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
    assert page.text.count("<script") == 1  # our own file


def test_names_with_scripts_are_shown_and_never_run(server: Running) -> None:
    hire(server.rooms, "ada", "ivy", "oda")
    customers(server, SCRIPTS)
    till = MadeTill()
    enrolled(server.rooms, till)
    for script in SCRIPTS:
        till.sell(operator=script[:60], tariff=script, receipt=script)
    till.sell(receipt=SCRIPTS[0], number=99)
    send(server.rooms, till, till.bundle())
    number = server.rooms.packing.draft(Wish("TILL7", message(SCRIPTS[0]), note=SCRIPTS[1]), "ivy")
    with visitor(server, "oda") as oda:
        seq = till.entries[-1].seq
        for place in (
            "/meters", "/meters/14000000000", f"/meters/{DRN}", "/sales", "/sales/TILL7",
            f"/sales/TILL7/{seq}/0", "/exceptions", "/exceptions/1", "/packs", f"/packs/{number}",
            "/log", "/tills", "/tills/TILL7",
        ):  # fmt: skip
            ensure_harmless(oda.get(place))
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in oda.get("/meters").text
        for script in SCRIPTS:
            for place in ("/tills", "/meters", "/exceptions"):
                ensure_harmless(oda.get(place, q=script, till=script, done=script, n=script))
        policy = oda.get("/meters").headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    with visitor(server, "ivy") as ivy:
        for script in SCRIPTS:
            bad = ivy.post("/packs/new", {"till": script, "message": script, "note": script})
            ensure_harmless(bad)
            assert bad.status_code == 400


def test_what_is_typed_never_becomes_sql(staffed: Running) -> None:
    customers(staffed, ("Ada", "Bea"))
    with visitor(staffed, "oda") as oda:
        for text in INJECTIONS:
            assert "Ada" not in oda.get("/meters", q=text).text
            for place in ("/tills", "/exceptions", "/packs", "/log", "/sales", "/people"):
                asked = {"q": text, "till": text, "after": text, "show": text}
                assert oda.get(place, **asked).status_code in {200, 400, 403, 404}
            for place in ("/tills", "/meters", "/sales", "/exceptions", "/packs"):
                assert oda.client.get(httpx.URL(staffed.url).copy_with(
                    path=f"/console{place}/{text.replace('%', '%25')}"
                )).status_code in {200, 400, 404}  # fmt: skip
        assert "Ada" in oda.get("/meters", q="ada").text
    assert one(staffed.rooms, "select count(*) from staff") == 5


@pytest.mark.parametrize(
    "path",
    ["../console.css", "..%2fpages%2fbase.html", "%2e%2e/%2e%2e/words/en/errors.json",
     "....//console.css", "/etc/passwd", "console.css%00.html", "pages/base.html", "CONSOLE.CSS"],
)  # fmt: skip
def test_no_address_leads_to_a_file_that_is_not_a_page_s(server: Running, path: str) -> None:
    with Visitor(server) as browser:
        raw = f"/console/files/{path}".encode()
        asked = httpx.URL(server.url).copy_with(raw_path=raw)
        answer = browser.client.send(browser.client.build_request("GET", asked))
        assert answer.status_code in {303, 400, 404}
        assert "root:" not in answer.text
        assert browser.client.get("/console/files/console.css").status_code == 200


def test_bytes_that_no_database_holds_are_refused_with_a_sentence(staffed: Running) -> None:
    with visitor(staffed, "ivy") as ivy:
        for place in (
            "/meters?q=%00", "/tills?q=%00a", "/tills/%00", f"/sales/TILL7/{'9' * 20}/0",
            "/exceptions/-1", "/exceptions?after=9:9:9", f"/log?after={'9' * 20}",
            "/sales?from=2026-02-30&to=2026-03-01", "/sales?from=2000-01-01&to=2026-01-01",
            "/packs?show=x", "/packs/x",
        ):  # fmt: skip
            answer = ivy.client.get(f"/console{place}")
            assert answer.status_code in {400, 404}, place
            assert said(answer).endswith("."), place
        assert ivy.client.get("/console/meters?q=%ff%fe").status_code == 200
        assert ivy.post("/enrol", {"till": "a\0b", "hours": "1"}).status_code == 400
        assert ivy.post("/enrol", {"till": "a" * 5000, "hours": "1"}).status_code == 400
        assert ivy.post("/enrol", {"till": "TILL9", "hours": "-1"}).status_code == 400


def test_forms_larger_than_any_page_sends_are_not_read(staffed: Running) -> None:
    with visitor(staffed, "ivy") as ivy:
        large = {"tariff": ("a.toml", b"x" * (LARGEST_FORM + 1))}
        assert ivy.client.post("/console/packs/new", files=large).status_code == 413

        def pieces() -> object:
            yield b"mark=x"

        answer = ivy.client.post("/console/packs/new", content=pieces())  # type: ignore[arg-type]
        assert answer.status_code == 411
        many = "&".join(f"f{at}=1" for at in range(100_000))
        head = {"Content-Type": "application/x-www-form-urlencoded"}
        assert ivy.client.post("/console/enrol", content=many, headers=head).status_code < 500
        broken = {"Content-Type": "multipart/form-data; boundary=x"}
        assert ivy.client.post("/console/enrol", content=b"--y", headers=broken).status_code < 500


def test_every_answer_keeps_the_page_to_itself(staffed: Running) -> None:
    with visitor(staffed, "oda") as oda:
        for place in ("/tills", "/nowhere", "/files/console.css", "/sales.csv", "/people"):
            headers = oda.get(place).headers
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["strict-transport-security"]
            kept = headers["cache-control"]
            assert ("no-store" in kept) == (place != "/files/console.css")


def test_tables_to_keep_hold_no_formulas(server: Running) -> None:
    hire(server.rooms, "oda")
    till = MadeTill()
    enrolled(server.rooms, till)
    till.sell(operator="=cmd|' /C calc'!A0", tariff="@x")
    send(server.rooms, till, till.bundle())
    with visitor(server, "oda") as oda:
        table = oda.get("/sales.csv").text
        assert "'=cmd" in table
        assert ",=cmd" not in table
        assert "'@x" in table
        for place in ("/settlement.csv", "/sums.csv", "/exceptions.csv", "/log.csv"):
            answer = oda.get(place)
            assert answer.headers["content-disposition"].startswith("attachment")
            assert len(answer.text.splitlines()) >= 1


def test_token_digits_and_verifiers_are_on_no_page(server: Running) -> None:
    hire(server.rooms, "oda", "ivy")
    till = MadeTill()
    enrolled(server.rooms, till)
    digits = "12345678901234567890"
    body = till.sell()
    assert json.loads(body.body)["tokens"]
    changed = [{**json.loads(body.body)["tokens"][0], "digits": digits}]
    till.sell(tokens=changed)
    till.sell(receipt="gap", number=99, tokens=changed)
    send(server.rooms, till, till.bundle())
    with visitor(server, "oda") as oda:
        pages = [oda.get(f"/sales/TILL7/{seq}/0").text for seq in (4, 5)]
        pages += [
            oda.get(f"/exceptions/{n}").text
            for (n,) in rows(server.rooms, "select id from finding")
        ]
        assert all(digits not in page for page in pages)
        assert any("… 7890" in page or "\\u2026 7890" in page for page in pages)
