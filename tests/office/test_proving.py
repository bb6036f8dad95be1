"""Every token that a real till makes is worked out again at head office, and every lie is found."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from pos_app.application.approval_records import Approval
from pos_app.application.engineering_records import ActOrder
from pos_app.application.redress_records import RedressOrder
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_pins
from pos_app.domain.engineering import DeskAct
from pos_app.domain.meter_key import MeterKey
from pos_app.domain.money import Currency, Money
from pos_app.domain.redress import Reason, RedressKind, TokenFate
from pos_app.exchange.chain import Entry
from pos_app.head_office.checking import TokenCheck
from pos_app.head_office.errors import MeterRecordPartial
from pos_app.head_office.keys import hold_keys
from pos_app.head_office.reproving import Reproving
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import packs
from pos_app.sts.keys import VendingKey
from tests.key_makers import STS_KEY
from tests.key_meters import FIRST_KEY, KeyShop, vending_attributes
from tests.office.makers import ALLOWANCE, MadeTill, enrolled, send
from tests.office.seen import evidence, one, open_findings, rows
from tests.shops import HIGHVELD, make_shop, opened, order

OTHER_KEY = MeterKey("201461", krn=2, ti=1, ken=255, kt=2, ea=7, dkga=4, base=2014)
GRACE = Approval("grace", training_pins()["grace"])
DESK: tuple[tuple[DeskAct, dict[str, str]], ...] = (
    (DeskAct.POWER_LIMIT, {"power": "3x40A"}),
    (DeskAct.PHASE_UNBALANCE, {"power": "2.3 kW"}),
    (DeskAct.CLEAR_TAMPER, {}),
    (DeskAct.CLEAR_CREDIT, {"register": "all", "lost": "0"}),
    (DeskAct.TARIFF_RATE, {"word": "0x0102"}),
    (DeskAct.EXTENDED_SET, {"word": "64513"}),
    (DeskAct.METER_TEST, {"tests": "ask"}),
    (DeskAct.EXTENDED_READ, {"word": "5"}),
    (DeskAct.FREE_ISSUE, {"units": "5"}),
)


def ask(shop: OpenShop, act: DeskAct, **values: str) -> None:
    drn = "" if act is DeskAct.REPLACEMENT else HIGHVELD
    why = ("WO-1", "the breaker was changed", values, GRACE)
    shop.desk.engineering.make(ActOrder(act, str(uuid.uuid4()), "kwame", drn, *why))


def worked(folder: Path) -> list[Entry]:
    """Return the journal of a shop in which every kind of token was made."""
    shop = opened(make_shop(folder))
    shop.desk.shifts.open("ama", [Money(100_000, Currency("ZAR", 2))])
    for act, values in DESK:
        ask(shop, act, **values)
    sales = [shop.desk.sell(order(shop, HIGHVELD, 5000))]
    shop.desk.reprint(sales[0].receipt, "lost", "ama")
    ask(shop, DeskAct.REPLACEMENT, receipt=sales[0].receipt, says="refused")
    sales += [shop.desk.sell(order(shop, HIGHVELD, minor)) for minor in (6100, 7300)]
    known = shop.ledger.meter(HIGHVELD)
    assert known is not None
    other = next(
        hit.drn
        for hit in shop.ledger.search("a", 60)
        if hit.drn != HIGHVELD
        and not hit.blocked
        and (meter := shop.ledger.meter(hit.drn)) is not None
        and meter.tariff == known.tariff
    )
    for kind, sale, to in (
        (RedressKind.REFUND, sales[1], ""), (RedressKind.COMPENSATION, sales[2], other),
    ):  # fmt: skip
        wish = RedressOrder(
            kind, sale.receipt, Reason.WRONG_METER, TokenFate.NOT_ENTERED, "ama", "grace",
            GRACE.pin, drn=to, sale_id=str(uuid.uuid4()) if to else "",
        )  # fmt: skip
        (shop.desk.redress.compensate if to else shop.desk.redress.refund)(wish)
    entries = list(shop.ledger.entries())
    shop.close()
    return entries


def changed(folder: Path) -> list[Entry]:
    """Return the journal of a shop that gave a meter another key."""
    keys = KeyShop(folder)
    drn = keys.meter("01234567897", FIRST_KEY).drn
    keys.hold(OTHER_KEY, bytes(reversed(STS_KEY)))
    keys.ask(sgc=OTHER_KEY.sgc, tokens=3)
    sale = keys.sell(drn)
    assert sale.key_change is not None
    entries = list(keys.shop.ledger.entries())
    keys.close()
    return entries


@pytest.fixture(scope="module")
def journals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Entry]]:
    folders = [tmp_path_factory.mktemp(name) for name in ("worked", "changed")]
    return {"worked": worked(folders[0]), "changed": changed(folders[1])}


def bring_keys(rooms: Rooms, journals: dict[str, list[Entry]]) -> None:
    """Bring in the vending keys that the training shop and `changed` sell under."""
    places = {
        MeterKey(**{name: said["meter"][name] for name in asdict(FIRST_KEY)})
        for entry in journals["worked"]
        if (said := entry.reading()).get("meter") and "kcv" in said["meter"]
    }
    held = [(asdict(vending_attributes(key, STS_KEY, 1)), VendingKey(STS_KEY)) for key in places]
    other = bytes(reversed(STS_KEY))
    held += [(asdict(vending_attributes(FIRST_KEY, STS_KEY, 1)), VendingKey(STS_KEY))]
    held += [(asdict(vending_attributes(OTHER_KEY, other, 1)), VendingKey(other))]
    hold_keys(rooms.office, held, "ada")


@pytest.fixture
def keyed(rooms: Rooms, journals: dict[str, list[Entry]]) -> Rooms:
    bring_keys(rooms, journals)
    return Rooms.of(rooms.office)


def told_again(till: MadeTill, entries: list[Entry], **changes: dict[str, Any]) -> None:
    """Let a till tell the value-making entries of a journal, some of them changed, by kind."""
    till.add("allowance", ALLOWANCE | {"sequence": 9})
    for entry in entries:
        kept = {"sale", "engineering", "free_issue", "replacement", "refund", "compensation"}
        if entry.kind in kept:
            till.at_ms = max(till.at_ms, entry.at_ms)
            body = entry.reading() | changes.get(entry.kind, {})
            body |= changes.get(str(body.get("act")), {})
            till.add(entry.kind, body)


OWN_NUMBERS = ("receipt-gap", "value-without-sale")
"""What is found only because the till in these tests numbers its entries differently."""


def real_findings(rooms: Rooms) -> list[str]:
    return [kind for kind in open_findings(rooms) if kind not in OWN_NUMBERS]


def test_every_kind_of_token_is_worked_out_again_and_a_true_till_is_left_in_peace(
    keyed: Rooms, till: MadeTill, journals: dict[str, list[Entry]]
) -> None:
    told_again(till, journals["worked"])
    send(keyed, till, till.bundle())
    kinds = dict(rows(keyed, "select kind, min(proof) from token group by kind"))
    assert set(kinds) >= {act.value for act, _ in DESK} | {"replacement", "credit"}
    assert set(rows(keyed, "select distinct proof from token")) == {("holds",)}
    assert real_findings(keyed) == []


def test_the_tokens_of_a_key_change_are_worked_out_again(
    keyed: Rooms, till: MadeTill, journals: dict[str, list[Entry]]
) -> None:
    told_again(till, journals["changed"])
    send(keyed, till, till.bundle())
    assert rows(keyed, "select kind, proof from token order by position") == [
        ("credit", "holds"), ("key-change", "holds"), ("key-change", "holds"),
        ("key-change", "holds"),
    ]  # fmt: skip
    assert real_findings(keyed) == []


LIES: list[tuple[str, dict[str, dict[str, Any]], str]] = [
    ("power", {"power-limit": {"facts": {"watts": 4600}}}, "token-differs"),
    ("register", {"clear-credit": {"facts": {"register": "water"}}}, "token-differs"),
    ("word", {"tariff-rate": {"facts": {"word": 1}}}, "token-differs"),
    ("act", {"clear-tamper": {"act": "power-limit", "facts": {"watts": 1}}}, "token-differs"),
    ("test", {"meter-test": {"facts": {"tests": ["all"] * 8}}}, "token-differs"),
    ("amount", {"free-issue": {"tenths": 10}}, "tokens-over-entry"),
    ("nobody", {"free-issue": {"approver": ""}}, "value-without-approval"),
    ("oneself", {"replacement": {"approver": "kwame"}}, "value-without-approval"),
    ("emptied", {"clear-credit": {"approver": ""}}, "value-without-approval"),
    ("refund", {"refund": {"approver": "ama"}}, "value-without-approval"),
    ("another", {"compensation": {"sale_id": "x"}}, "value-without-approval"),
]


def test_every_lie_about_a_token_that_is_no_sale_is_found(
    keyed: Rooms, journals: dict[str, list[Entry]]
) -> None:
    for name, lie, _ in LIES:
        till = MadeTill(f"T-{name}")
        enrolled(keyed, till)
        told_again(till, journals["worked"], **lie)
        send(keyed, till, till.bundle())
    # All tills tell of the same tokens, which is found as well.
    ignored = (*OWN_NUMBERS, "tid-twice")
    found = {
        (till, kind)
        for till, kind in rows(keyed, "select till, kind from finding")
        if kind not in ignored
    }
    assert found == {(f"T-{name}", kind) for name, _, kind in LIES}
    assert evidence(keyed, "value-without-approval")["receipt"]


def sale_entry(entries: list[Entry]) -> dict[str, Any]:
    body: dict[str, Any] = next(each.reading() for each in entries if each.kind == "sale")
    return body


def test_a_key_change_that_leads_elsewhere_is_found(
    keyed: Rooms, till: MadeTill, journals: dict[str, list[Entry]]
) -> None:
    body = json.loads(json.dumps(sale_entry(journals["changed"])))
    body["meter"]["ti"] = 2
    told_again(till, journals["changed"], sale={"meter": body["meter"]})
    send(keyed, till, till.bundle())
    assert "token-differs" in open_findings(keyed)
    assert ("key-change", "differs") in rows(keyed, "select kind, proof from token")


def test_the_key_of_another_meter_behind_a_meters_name_is_found(
    keyed: Rooms, till: MadeTill, journals: dict[str, list[Entry]]
) -> None:
    body = sale_entry(journals["worked"])
    till.sell(1, **(body | {"meter": body["meter"] | {"drn": "01234567897"}}))
    send(keyed, till, till.bundle())
    assert "token-differs" in open_findings(keyed)


def test_one_sale_is_made_good_once(
    keyed: Rooms, till: MadeTill, journals: dict[str, list[Entry]]
) -> None:
    sold = till.sell(1).seq
    acts = [each.reading() for each in journals["worked"] if each.kind == "replacement"]
    refunds = [each.reading() for each in journals["worked"] if each.kind == "refund"]
    till.add("replacement", acts[0] | {"sale_seq": sold})
    till.add("refund", refunds[0] | {"sale_seq": sold})
    till.add("replacement", acts[0] | {"sale_seq": 1})
    send(keyed, till, till.bundle())
    assert evidence(keyed, "value-twice") == {"sale_seq": sold, "other_seq": sold + 1}
    assert evidence(keyed, "value-without-sale") == {"sale_seq": 1}


def test_tokens_without_a_key_are_counted_and_worked_out_once_the_key_is_here(
    rooms: Rooms, till: MadeTill, journals: dict[str, list[Entry]]
) -> None:
    told_again(till, journals["worked"], **{"free-issue": {"tenths": 500}})
    lie = sale_entry(journals["worked"])
    lie["tokens"][0]["minute"] += 1
    till.sell(1, **lie)
    send(rooms, till, till.bundle())
    assert "token-differs" not in open_findings(rooms)
    held = one(rooms, "select count(*) from token")
    before = Reproving(rooms.office)("TILL7", "ada")
    assert set(before) == {"no-key", "holds"}  # a test of the meter needs no key
    bring_keys(rooms, journals)
    for _ in range(2):
        found = Reproving(rooms.office)("TILL7", "ada")
        assert (found["differs"], found["no-key"]) == (1, 0)
        assert one(rooms, "select count(*) from token") == held
        assert open_findings(rooms).count("token-differs") == 1


def test_half_a_record_of_a_meter_is_told_in_a_sentence(rooms: Rooms) -> None:
    with rooms.office.store.writing() as act:
        packs.put_meters(act, [{"drn": HIGHVELD, "name": "Ada", "krn": 1}], 1)
    with pytest.raises(MeterRecordPartial) as refused:
        TokenCheck(rooms.office)(HIGHVELD, "1" * 20, "ada")
    assert "sgc" in str(refused.value.facts["lacks"])


def test_a_found_token_of_an_act_is_traced_to_it(
    keyed: Rooms, till: MadeTill, journals: dict[str, list[Entry]]
) -> None:
    told_again(till, journals["worked"])
    send(keyed, till, till.bundle())
    bodies = [each.reading() for each in journals["worked"] if each.kind == "free_issue"]
    with keyed.office.store.writing() as act:
        packs.put_meters(act, [bodies[0]["meter"]], 1)
    found = TokenCheck(keyed.office)(HIGHVELD, bodies[0]["tokens"][0]["digits"], "ada")
    assert [each["kind"] for each in found["sales"]] == ["free-issue"]
    limits = [each.reading() for each in journals["worked"] if each.kind == "engineering"]
    found = TokenCheck(keyed.office)(HIGHVELD, limits[0]["tokens"][0]["digits"], "ada")
    assert [each["kind"] for each in found["sales"]] == ["power-limit"]
    assert "token-without-sale" not in open_findings(keyed)
