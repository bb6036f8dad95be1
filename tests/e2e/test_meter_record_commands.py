"""A meter's life from a shell: on file, in its house, stopped, swapped, reported."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.loopback_printer import Printer, closed_door
from tests.e2e.program import shop_of_today, tokentill
from tests.shops import HIGHVELD, LAGOON

GRACE = ("--operator", "grace")


def print_on(shop: Path, address: str) -> None:
    values = {"printer": {"transport": "tcp", "address": address}}
    (shop / "settings.json").write_text(json.dumps(values))


def test_the_slip_of_a_fault_goes_to_the_printer_and_is_tried_again(tmp_path: Path) -> None:
    shop = shop_of_today(tmp_path)
    door = closed_door()
    print_on(shop, f"127.0.0.1:{door.getsockname()[1]}")
    fault = ("meter-record", "fault", "--meter", HIGHVELD, "--code", "display", "--json")
    told = tokentill(shop, *fault)
    assert (told.code, told.json()["slip"]) == (0, "failed")
    assert "does not answer" in told.err
    number = told.json()["number"]
    printer = Printer(door=door)
    try:
        for copy in (0, 1):
            again = tokentill(shop, "meter-record", "fault-slip", number, "--json").json()
            assert (again["copy"], again["slip"]) == (copy, "printed")
            assert (b"COPY" in bytes(printer.paper)) is bool(copy)
            assert number.encode() in bytes(printer.paper)
    finally:
        printer.close()
    unknown = tokentill(shop, "meter-record", "fault-slip", "TRAIN1-F1").refusal()
    assert "TRAIN1-F1" in unknown


def test_the_key_a_meter_shows_is_noted_from_a_shell(tmp_path: Path) -> None:
    shop = shop_of_today(tmp_path)
    shown = ("meter-record", "shown-key", "--meter", HIGHVELD)
    assert "supervisor" in tokentill(shop, *shown, "--krn", "1").refusal()
    assert "2015" in tokentill(shop, *shown, "--base", "2015", *GRACE).refusal()
    assert "at least one" in tokentill(shop, *shown, *GRACE).refusal()
    told = tokentill(shop, *shown, "--ti", "07", *GRACE, "--json").json()
    assert (told["holds"]["ti"], told["next_sale"], told["due"]["new"]["ti"]) == (7, "change", 1)
    sale = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "50", "--json").json()
    assert len(sale["key_change"]["digits"]) == 2
    said = tokentill(shop, *shown, "--sgc", "777777", *GRACE)
    assert "does not have key 777777/1/01/2014" in said.out
    assert tokentill(shop, "journal", "verify").code == 0


def test_a_meter_from_its_block_to_its_successor(tmp_path: Path) -> None:
    shop = shop_of_today(tmp_path)
    block = ("meter-record", "block", "--meter", HIGHVELD, "--reason", "unpaid")
    way_out = ("--way-out", "pay at the office")
    assert "supervisor" in tokentill(shop, *block, *way_out).refusal()
    blocked = tokentill(shop, *block, *way_out, *GRACE, "--json")
    assert blocked.json()["blocked"] == "unpaid (pay at the office)"
    sale = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "50")
    assert "pay at the office" in sale.refusal()

    slip = tmp_path / "fault.pdf"
    fault = ("meter-record", "fault", "--meter", HIGHVELD, "--code", "display")
    told = tokentill(shop, *fault, "--slip", str(slip))
    assert told.code == 0
    assert "TRAIN1-F" in told.out
    assert slip.read_bytes().startswith(b"%PDF")

    swap = ("meter-record", "swap", "--meter", HIGHVELD, "--new", LAGOON, "--credit", "0")
    swapped = tokentill(shop, *swap, "--reason", "burnt", *GRACE)
    assert swapped.code == 0
    assert "waits" not in swapped.out
    shown = tokentill(shop, "meter-record", "show", "--meter", HIGHVELD, "--json").json()
    assert (shown["standing"], shown["replaced_by"]) == ("out", LAGOON)
    assert [act["act"] for act in shown["acts"]] == ["swap", "fault", "block"]
    assert tokentill(shop, "journal", "verify").code == 0


def test_the_credit_of_a_swap_waits_for_the_exchange_that_gives_it(tmp_path: Path) -> None:
    shop = shop_of_today(tmp_path)
    spare = spare_of(shop)
    swap = ("meter-record", "swap", "--meter", HIGHVELD, "--new", spare, "--credit", "12.5")
    swapped = tokentill(shop, *swap, "--reason", "burnt", *GRACE)
    assert f"tokentill grant exchange {HIGHVELD} {spare}" in swapped.out
    shown = ("meter-record", "show", "--meter", spare, "--json")
    assert tokentill(shop, *shown).json()["credit_waiting"] == "12.5 kWh"
    card = tokentill(shop, "lookup", spare, "--json").json()["card"]
    assert card["credit_waiting"] == {"from": HIGHVELD, "credit": "12.5 kWh"}
    paper = ("--work-order", "WO-1", "--reason", "burnt", "--operator", "kwame")
    exchange = ("grant", "exchange", HIGHVELD, spare, *paper, "--approver", "grace", "--json")
    made = tokentill(shop, *exchange).json()
    assert (made["units"], made["from"], made["meter"]) == ("12.5", HIGHVELD, spare)
    assert tokentill(shop, *shown).json()["credit_waiting"] is None
    again = tokentill(shop, "journal", "recompute", "--json").json()
    assert (again["acts"], again["acts_wrong"]) == (1, 0)


def spare_of(shop: Path) -> str:
    """Return another meter on the tariff of the first."""
    found = tokentill(shop, "lookup", "a", "--json").json()["meters"]
    cards = (
        tokentill(shop, "lookup", each["meter"], "--json").json()["card"]
        for each in found
        if each["meter"] != HIGHVELD and not each["blocked"]
    )
    return str(next(card["meter"] for card in cards if card["tariff"] == "highveld-light"))
