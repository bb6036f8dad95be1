"""What the pages say and do, asked over real HTTPS as a browser asks."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest

from pos_app.exchange.entry_line import entry_line
from pos_app.exchange.signed_text import TARIFF, write_signed
from pos_app.exchange.signing import SigningKey
from pos_app.head_office.console.plot import HEIGHT, Point, bars
from pos_app.head_office.findings import FindingKind
from pos_app.head_office.people import Role
from pos_app.head_office.store import packs
from pos_app.head_office.store.packs import put_meters
from pos_app.resources import resource
from tests.office.console.visitors import PEOPLE, Visitor, hire, said, visitor
from tests.office.makers import DRN, MadeTill, enrolled, send
from tests.office.packs import grant
from tests.office.seen import one, rows
from tests.office.servers import Running

PAGES = resource("head_office", "console", "pages")
LIFELINE = resource("tariffs", "cape-town-lifeline.toml").read_bytes()


def text_of(page: str) -> str:
    """Return what stands on a page, without marks."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_an_empty_office_says_what_to_do_first(server: Running) -> None:
    hire(server.rooms, "ivy", "oda")
    with visitor(server, "ivy") as ivy, visitor(server, "oda") as oda:
        assert 'href="/console/enrol"' in ivy.get("/tills").text
        assert "Ask an administrator" in oda.get("/tills").text
        assert "tokentill-head-office meters" in text_of(ivy.get("/meters").text)
        assert "Draft a pack with a signed tariff" in text_of(ivy.get("/tariffs").text)
        assert "Enrol a till first" in text_of(ivy.get("/packs/new").text)
        for place, first in (
            ("/sales", "Nothing was sold"), ("/exceptions", "Nothing here"),
            ("/packs", "No draft waits"), ("/packs?show=issued", "No pack was issued"),
        ):  # fmt: skip
            assert first in text_of(oda.client.get(f"/console{place}").text)


def test_a_till_is_enrolled_with_a_code_of_the_console(server: Running) -> None:
    hire(server.rooms, "ivy")
    with visitor(server, "ivy") as ivy:
        page = ivy.post("/enrol", {"till": "TILL7", "hours": "24"})
        code = re.search(r'<p class="once">([0-9A-Z-]+)</p>', page.text)
        assert code
        assert code[1] not in ivy.get("/enrol").text
        server.rooms.enrolling.answer(MadeTill().request(code[1]), "here")
        assert "Corner Shop" in ivy.get("/tills").text
        bad = ivy.post("/enrol", {"till": "../7", "hours": "24"})
        assert (bad.status_code, said(bad)[-1]) == (400, ".")
        assert 'value="../7"' in bad.text


def test_the_health_of_a_till_is_seen_at_a_glance(server: Running) -> None:
    hire(server.rooms, "oda")
    till = MadeTill()
    enrolled(server.rooms, till)
    grant(server.rooms, till, 100_000_000)
    till.sell(4)
    send(server.rooms, till, till.bundle(1, 3))
    send(server.rooms, till, till.bundle(5))
    with visitor(server, "oda") as oda:
        page = text_of(oda.get("/tills").text)
        assert "TILL7" in page
        assert "Gap" in page
        assert re.search(r"ZAR.999.950\.00", page)
        assert "0 / 1" in page
        one_till = text_of(oda.get("/tills/TILL7").text)
        assert "held up to entry 3" in one_till
        assert "2 entries wait for their past" in one_till
        assert "took 0 of 1" in one_till
        assert "Entries missing" in text_of(oda.get("/exceptions", till="TILL7").text)
        assert "TILL7" in text_of(oda.get("/tills", show="look").text)
        send(server.rooms, till, till.bundle(4, 4))
        assert "Gap" not in text_of(oda.get("/tills").text)
        assert oda.get("/tills", q="corner").text.count("TILL7") >= 1
        assert "No till fits" in oda.get("/tills", q="elsewhere").text


def test_a_billing_system_is_added_looked_at_and_retired(server: Running) -> None:
    hire(server.rooms, "ada", "ivy")
    with visitor(server, "ada") as ada, visitor(server, "ivy") as ivy:
        assert "Nobody is told yet" in text_of(ada.get("/hooks").text)
        assert ivy.get("/hooks").status_code == 403
        fields = {"name": "billing", "url": "http://billing.example.org/"}
        refused = ada.post("/hooks", fields | {"finding.opened": "yes"}, by="/hooks")
        assert (refused.status_code, "https address" in said(refused)) == (400, True)
        fields["url"] = "https://billing.example.org/"
        made = ada.post("/hooks", fields | {"finding.opened": "yes"}, by="/hooks")
        secret = re.search(r'<p class="once key">(whsec_[A-Za-z0-9+/=]+)</p>', made.text)
        assert secret
        page = ada.get("/hooks").text
        assert secret[1] not in page
        assert "Exceptions" in text_of(page)
        assert "Sales that came in" in text_of(page)  # in the form below
        again = ada.post("/hooks/again", {"hook": "billing"}, by="/hooks")
        assert again.headers["location"].endswith("done=hook-again&n=0")
        ada.post("/hooks/retire", {"hook": "billing"}, by="/hooks")
        assert "Nobody is told yet" in text_of(ada.get("/hooks").text)
        assert ada.post("/hooks/retire", {"hook": "x"}, by="/hooks").status_code == 400


def sold(server: Running) -> MadeTill:
    till = MadeTill()
    enrolled(server.rooms, till)
    till.sell(3, training=True)
    till.at_ms += 86_400_000
    till.sell(2, training=False)
    send(server.rooms, till, till.bundle())
    return till


def test_sales_settle_to_the_cent_and_a_plot_shows_the_days(server: Running) -> None:
    hire(server.rooms, "bill")
    sold(server)
    days = {"from": "2026-11-20", "to": "2026-11-22"}
    with visitor(server, "bill") as bill:
        page = bill.get("/sales", **days)
        text = text_of(page.text)
        assert "ZAR 150.00" in text
        assert "ZAR 100.00" in text
        assert "TRAINING" in text
        assert re.search(r"Sunday 11-22 sold most: ZAR 100", text)
        assert page.text.count("<rect") == 3
        assert page.text.count('class="best"') == 2
        table = bill.get("/sums.csv", **days).text.splitlines()
        assert table[0] == "day,till,currency,sales,total,units,unit,training,rebuilt"
        assert sorted(table[1:]) == [
            "2026-11-21,TILL7,ZAR,3,150.00,30.0,kWh,True,0",
            "2026-11-22,TILL7,ZAR,2,100.00,20.0,kWh,False,0",
        ]
        assert len(bill.get("/sales.csv", **days).text.splitlines()) == 6
        assert "TILL7-1-5" in bill.get("/sales/TILL7", **days).text
        sale = text_of(bill.get("/sales/TILL7/3/0").text)
        assert "ZAR 50.00" in sale
        assert "No key here" in sale
        assert bill.get("/sales/TILL7/2/0").status_code == 404


def test_bars_begin_at_zero_and_the_largest_is_the_one_that_matters() -> None:
    drawn = bars(
        [Point(str(at), amount, str(amount), "") for at, amount in enumerate((50, 0, 100))]
    )
    assert [each.best for each in drawn] == [False, False, True]
    assert drawn[0].height * 2 == drawn[2].height
    assert drawn[1].height == 0
    assert {each.y + each.height for each in drawn} == {HEIGHT - 28}
    assert bars([]) == bars([Point("a", 0, "", "")]) == []
    many = bars([Point(str(at), at, "", "") for at in range(92)])
    assert sum(bool(each.label) for each in many) <= 7
    assert many[-1].label == "91"
    assert all(each.x >= 0 and each.x + each.width <= 100 for each in many)


def test_a_customer_is_found_by_any_part_and_has_a_history(server: Running) -> None:
    hire(server.rooms, "oda")
    sold(server)
    record = {"drn": DRN, "name": "Tendai Moyo", "address": "14 Samora Street", "phone": "0771",
              "account": "A-7", "tariff": "home",
              "sgc": "600111", "krn": 1, "ti": 1, "ken": 255, "kt": 2, "ea": 7, "dkga": 4,
              "base": 2014}  # fmt: skip
    with server.rooms.office.store.writing() as act:
        packs.put_meters(act, [record], 1)
    with visitor(server, "oda") as oda:
        for text in ("moyo", "SAMORA", "0771", "a-7", "1412 3456", DRN[2:7]):
            assert f"/console/meters/{DRN}" in oda.get("/meters", q=text).text, text
        assert "No meter fits" in oda.get("/meters", q="nobody").text
        page = text_of(oda.get(f"/meters/{DRN}").text)
        assert page.count("TILL7-1-") == 5
        assert oda.get("/meters/1").status_code == 404
        unknown = oda.post("/tokens/check", {"meter": DRN, "digits": "1" * 20}, by="/meters")
        assert unknown.status_code == 400
        assert said(unknown).endswith(".")
        assert "1" * 20 not in unknown.text


def test_a_tariff_travels_with_its_examples_after_somebody_else_approved_it(
    server: Running,
) -> None:
    hire(server.rooms, "ivy", "abe")
    enrolled(server.rooms, MadeTill())
    signed = write_signed(LIFELINE, TARIFF, SigningKey(bytes(32)))
    with visitor(server, "ivy") as ivy, visitor(server, "abe") as abe:
        fields = {"till": "TILL7", "note": "New year", "message": "Read the notice."}

        def drafted(content: bytes) -> tuple[int, str, str]:
            files = {"tariff": ("x.toml", content)}
            answer = ivy.post("/packs/new", fields, by="/packs/new", files=files)
            return answer.status_code, answer.headers.get("location", ""), answer.text

        for wrong in (signed.replace(b"2.2653", b"1.2653"), b"nonsense", b"\xff\xfe"):
            status, _, page = drafted(wrong)
            assert status == 400
            assert "Read the notice." in page
        assert drafted(signed)[1] == "/console/packs/1?done=drafted&n=1"
        page = text_of(abe.get("/packs/1").text)
        assert "Lifeline, 2025/26" in page
        assert page.count("Holds") == 2
        assert "Read the notice." in page
        assert "2 of 2 hold" in text_of(abe.get("/tariffs").text)
        assert "Waiting" in text_of(abe.get("/tariffs").text)
        assert abe.post("/packs/1/issue").status_code == 303
        assert "Tariffs, Messages" in text_of(abe.get("/tills/TILL7").text)
        one_tariff = text_of(ivy.get("/tariffs/1/0").text)
        assert SigningKey(bytes(32)).public.hex() in one_tariff
        assert "2.2653" in one_tariff
        again = abe.post("/packs/1/issue")
        assert again.status_code == 409
    assert one(server.rooms, "select sections from pack") == "tariffs messages"


def test_a_telephone_code_is_shown_once_to_whoever_approves_it(server: Running) -> None:
    hire(server.rooms, "ivy", "abe")
    enrolled(server.rooms, MadeTill())
    wish = {"till": "TILL7", "way": "code", "currency": "zar", "amount": "5000", "lasting": "7"}
    with visitor(server, "ivy") as ivy, visitor(server, "abe") as abe:
        ivy.post("/allowance", wish)
        shown = abe.post("/packs/1/issue")
        digits = re.search(r'<p class="once">([\d ]+)</p>', shown.text)
        assert digits
        assert len(digits[1].replace(" ", "")) == 20
        assert digits[1] not in abe.get("/packs/1").text
        assert "Telephone code 1" in text_of(abe.get("/tills/TILL7").text)
        refused = ivy.post("/allowance", wish | {"amount": "1234"})
        assert refused.status_code == 400
        assert 'value="1234"' in refused.text
    kept = repr(rows(server.rooms, "select * from audit"))
    assert digits[1].replace(" ", "") not in kept.replace(" ", "")


def test_a_draft_of_a_telephone_code_may_be_put_away(server: Running) -> None:
    hire(server.rooms, "ivy", "abe")
    enrolled(server.rooms, MadeTill())
    wish = {"till": "TILL7", "way": "code", "currency": "zar", "amount": "5000", "lasting": "7"}
    with visitor(server, "ivy") as ivy, visitor(server, "abe") as abe:
        for _ in range(2):
            ivy.post("/allowance", wish)
        assert 'action="/console/packs/1/refuse"' in ivy.get("/packs/1").text
        assert ivy.post("/packs/1/refuse", {"note": "typo"}).status_code == 303
        assert abe.post("/packs/2/refuse", {"note": "no"}).status_code == 303
        assert abe.post("/packs/1/issue").status_code == 409
    assert rows(server.rooms, "select state from draft") == [("refused",), ("refused",)]
    assert one(server.rooms, "select count(*) from allowance_grant") == 0


def test_corrections_and_what_is_set_aside_are_dealt_with_in_the_browser(server: Running) -> None:
    hire(server.rooms, "ivy", "oda")
    till = MadeTill()
    enrolled(server.rooms, till)
    said_ = {"drn": DRN, "field": "name", "was": "Ada", "value": "<b>Adaeze</b>", "operator": "ama"}
    till.add("meter_proposed", said_)
    till.add("meter_proposed", said_ | {"field": "sgc"})
    edited = replace(till.sell(), body="{}")
    send(server.rooms, till, till.bundle_of([*till.entries[:-1], edited]))
    with server.rooms.office.store.writing() as act:
        put_meters(act, [{"drn": DRN, "name": "Ada"}], 1)
    with visitor(server, "ivy") as ivy, visitor(server, "oda") as oda:
        page = ivy.get("/proposals").text
        assert "&lt;b&gt;Adaeze&lt;/b&gt;" in page
        assert page.count('value="accept"') == 1  # a supply group is never corrected
        assert "waits for an issuer" in oda.get("/proposals").text
        assert ivy.post("/proposals/TILL7/4", {"answer": "accept"}).status_code == 400
        assert ivy.post("/proposals/TILL7/3", {"answer": "accept"}).status_code == 303
        assert ivy.post("/proposals/TILL7/4", {"answer": "refuse"}).status_code == 400
        no = {"answer": "refuse", "note": "keys are ours"}
        assert ivy.post("/proposals/TILL7/4", no).status_code == 303
        assert "keys are ours" in oda.get("/proposals", show="answered").text
        assert "&lt;b&gt;Adaeze" in oda.get(f"/meters/{DRN}").text
        (place,) = re.findall(r'href="/console(/aside/TILL7/[0-9a-f]{64})"', oda.get("/aside").text)
        assert oda.get(f"{place}/bytes").content == entry_line(edited)
        assert oda.post(f"{place}/retry").status_code == 403
        assert "still cannot" in said(ivy.post(f"{place}/retry"))


def test_an_exception_is_settled_with_a_word_and_stays_in_the_log(server: Running) -> None:
    hire(server.rooms, "ivy", "oda")
    till = MadeTill()
    enrolled(server.rooms, till)
    till.sell(1)
    till.sell(1, number=5, receipt="TILL7-1-5")
    send(server.rooms, till, till.bundle())
    with visitor(server, "ivy") as ivy, visitor(server, "oda") as oda:
        page = text_of(oda.get("/exceptions/1").text)
        assert "Receipt TILL7-1-5 came where 1-2 should have." in page
        assert "Settle it" not in page
        assert said(ivy.post("/exceptions/1/settle", {"note": "  "})).endswith(".")
        assert ivy.post("/exceptions/1/settle", {"note": "Roll torn"}).status_code == 303
        assert "Roll torn" in ivy.get("/exceptions", show="settled").text
        assert "Nothing here" in ivy.get("/exceptions").text
        assert "settled an exception" in oda.get("/log").text
        lines = oda.get("/log.csv").text.splitlines()
        assert lines[0] == "id,at,who,act,subject,facts"
        assert any("finding-settled" in line and "ivy" in line for line in lines)
        assert "receipt-gap" in oda.get("/exceptions.csv", show="settled").text


def test_people_and_tokens_are_let_in_and_out(server: Running) -> None:
    hire(server.rooms, "ada")
    person = {
        "who": "Zoe",
        "name": "Zoe",
        "role": "auditor",
        "password": "tin lamp river goat mast",
    }
    with visitor(server, "ada") as ada:
        assert ada.post("/people", person).status_code == 303
        with Visitor(server) as zoe:
            assert zoe.sign_in("zoe", person["password"]).status_code == 303
        weak = ada.post("/people", person | {"who": "yan", "password": "123456"})
        assert weak.status_code == 400
        assert "123456" not in weak.text
        assert ada.post("/people/retire", {"who": "ada"}).status_code == 400
        assert ada.post("/people/retire", {"who": "zoe"}).status_code == 303
        shown = ada.post("/api-tokens", {"name": "Billing", "role": "billing"})
        token = re.search(r"tho_[\w-]+", shown.text)
        assert token
        assert token[0] not in ada.get("/people").text
        assert server.rooms.people.of_token(token[0]).role is Role.BILLING
        assert ada.post("/api-tokens", {"name": "x", "role": "admin"}).status_code == 400
        assert ada.post("/api-tokens/retire", {"name": "Billing"}).status_code == 303
    assert one(server.rooms, "select count(*) from staff where retired_ms is null") == 1


def test_a_list_goes_on_where_the_page_before_ended(server: Running) -> None:
    hire(server.rooms, "oda")
    till = MadeTill()
    enrolled(server.rooms, till)
    till.sell(120)
    send(server.rooms, till, till.bundle())
    with visitor(server, "oda") as oda:
        place, seen = "/console/sales/TILL7", []
        while place:
            page = oda.client.get(place).text
            seen += re.findall(r">(TILL7-1-\d+)<", page)
            following = re.search(r'rel="next" href="([^"]+)"', page)
            place = html.unescape(following[1]) if following else ""
    assert seen == [f"TILL7-1-{number}" for number in range(120, 0, -1)]


def words() -> dict[str, object]:
    path = resource("words", "en", "console.json")
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_every_word_of_a_page_is_in_the_catalogue(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    held = words()
    asked = re.findall(r"""\bt\(["'](console\.[\w.-]+)["']((?:, *\w+=)?)""", page)
    for key, fact in asked:
        assert key in held, key
        sentences = held[key] if isinstance(held[key], dict) else {"other": held[key]}
        assert isinstance(sentences, dict)
        places = {name for each in sentences.values() for _, name, _, _ in Formatter().parse(each)}
        assert bool(places - {None}) == bool(fact), key
    # Whatever is a word stands in the catalogue: between marks there are places only.
    calls = re.sub(r"\{% call ui.field.*?endcall %\}", " ", page, flags=re.DOTALL)
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", " ", calls, flags=re.DOTALL)
    command = "tokentill office enrol"
    assert not re.findall(r"(?<![-\w])[A-Za-z]{3,}", bare.replace(command, ""))


def test_whatever_is_found_done_or_held_has_its_word() -> None:
    held = words()
    names = {f"console.kind.{kind.value}" for kind in FindingKind}
    names |= {f"console.role.{role.value}" for role in Role}
    names |= {f"console.role-may.{role.value}" for role in Role}
    assert names <= set(held)
    assert set(PEOPLE.values()) == set(Role)
