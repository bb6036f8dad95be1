"""Settlement in the browser: figures to the cent, what is behind them, terms with a reason."""

from __future__ import annotations

import csv
import io

import pytest

from pos_app.head_office.rooms import Rooms
from tests.office.console.test_pages import text_of
from tests.office.console.visitors import hire, visitor
from tests.office.makers import MadeTill, send
from tests.office.seen import rows
from tests.office.servers import Running
from tests.office.settling_bodies import BANKED, CLOSED, GIVEN, LINES, REFUND, SPLIT, worked
from tests.office.test_scanning import code

DAYS = {"from": "2026-11-20", "to": "2026-11-22"}


@pytest.fixture
def settled(server: Running, till: MadeTill) -> Running:
    hire(server.rooms, "bill", "ada")
    till.sell(2, lines=LINES, tenders=SPLIT, change_minor=500)
    for kind, body in (("free_issue", GIVEN | {"at_ms": till.at_ms}), ("refund", REFUND),
                       ("shift_closed", CLOSED), ("batch_closed", BANKED)):  # fmt: skip
        till.add(kind, body)
    till.sell(1, training=True)
    send(server.rooms, till, till.bundle())
    return server


def test_a_finance_clerk_sees_what_is_owed_and_what_is_behind_it(settled: Running) -> None:
    with visitor(settled, "bill") as bill:
        page = text_of(bill.get("/settlement", **DAYS).text)
        for said in ("To settle 80.00", "Sales (2) 100.00", "Given back (1) -20.00",
                     "At the bank (1) 120.00", "Cash 70.00 -30.00 40.00", "Card 40.00 0.00 40.00",
                     "VAT 15 % 74.00 10.00", "Debt collected Meter loan <b> 2 16.00",
                     "Wrong amount money back 1 -20.00", "Free issue 1 50.0 kWh",
                     "Counts were off by -1.00", "TRAINING", "1 shift that ended"):  # fmt: skip
            assert said in page, (said, page)
        assert "Meter loan <b>" not in bill.get("/settlement", **DAYS).text
        shifts = text_of(bill.get("/settlement/shifts", **DAYS).text)
        assert "TILL7 1 Ama" in shifts
        assert "ZAR 150.00 3 sales ZAR 130.00 129.00 -1.00" in shifts
        assert "over the limit, nobody looked into it" in shifts
        assert "DEP-1 Grace" in text_of(bill.get("/settlement/deposits", **DAYS).text)
        table = list(csv.DictReader(io.StringIO(bill.get("/settlement.csv", **DAYS).text)))
        owed = [row["amount"] for row in table if row["what"] == "total.to-settle"]
        assert owed == ["80.00", "50.00"]
        nobody = text_of(bill.get("/settlement", **(DAYS | {"till": "TILL9"})).text)
        assert "Nothing was sold or banked" in nobody
        assert "New terms" not in bill.get("/statement/TILL7", **DAYS).text
        assert bill.get("/statement/TILL9", **DAYS).status_code == 404
        assert bill.get("/settlement", **(DAYS | {"from": "soon"})).status_code == 400


def test_an_administrator_sets_terms_and_the_past_asks_for_a_reason(settled: Running) -> None:
    with visitor(settled, "ada") as ada:
        before = text_of(ada.get("/statement/TILL7", **DAYS).text)
        assert "Owed after 2026-11-22 ZAR -40.00" in before
        assert "None are set" in before
        fields = {"currency": "zar", "from_day": "2026-11-21", "sale_percent": "10",
                  "unit_amount": "0", "free_token_amount": "0", "debt_percent": "2.5"}  # fmt: skip
        refused = ada.post("/statement/TILL7/terms", fields)
        assert refused.status_code == 400
        assert "say why" in text_of(refused.text)
        assert 'value="2.5"' in refused.text
        ada.post("/statement/TILL7/terms", fields | {"note": "agreed <late>"})
        after = text_of(ada.get("/statement/TILL7", **DAYS).text)
        # 10 % of 80.00 and 2.5 % of 16.00
        assert "Owed after 2026-11-22 ZAR -48.40" in after
        assert "agreed <late>" in after
        assert "set terms of commission" in text_of(ada.get("/log").text)
        wrong = ada.post("/statement/TILL7/terms", fields | {"sale_percent": "lots"})
        assert "cannot be sale_percent" in text_of(wrong.text)
    assert rows(settled.rooms, "select till, sale_percent, set_by from commission_terms") == [
        ("TILL7", "10", "ada")
    ]


def test_what_a_receipt_alone_says_is_marked(rooms: Rooms, server: Running, till: MadeTill) -> None:
    hire(rooms, "bill")
    send(rooms, till, worked(till).bundle())
    rooms.scanning(code(till, till.sell(1)), "ivy")
    with visitor(server, "bill") as bill:
        page = text_of(bill.get("/settlement", **DAYS).text)
        assert "Sales (3) 150.00" in page
        assert "To settle 50.00 Sales (1) 50.00" in page  # the till trains: kept apart
        assert "1 rebuilt" in page
