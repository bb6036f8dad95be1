"""Settlement and statements: the till's own to the cent, terms of commission, who may see what."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from pos_app.application.reports.period import Period
from pos_app.application.words import load_words
from pos_app.bootstrap.reports import reports_of
from pos_app.domain.money import Money
from pos_app.head_office.acting import Acting
from pos_app.head_office.commission import PARTS
from pos_app.head_office.errors import (
    ExportUnfit,
    NotAllowed,
    TermsInPast,
    TermsUnfit,
    TillUnknown,
)
from pos_app.head_office.people import THE_OFFICE, Person, Role
from pos_app.head_office.queries.settlement import settlement
from pos_app.head_office.queries.settlement_table import COLUMNS, as_csv
from pos_app.head_office.queries.statement import statement
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.engine import Store
from pos_app.head_office.terms import CommissionDesk
from tests.office.busy_shop import ALL, SOME, BusyShop
from tests.office.makers import MadeTill, enrolled, send
from tests.office.seen import rows

DAYS = ("2026-11-01", "2026-11-30")
BILLING = Person("token grid", "Grid", Role.BILLING)
TERMS = {"currency": "ZAR", "from_day": "2026-11-23", "sale_percent": "2.5", "unit_amount": "0.015",
         "free_token_amount": "1.50", "debt_percent": "5"}  # fmt: skip


@pytest.fixture
def here(store: Store, busy: BusyShop) -> Rooms:
    made = busy.rooms(store)
    busy.enrol(made)
    busy.send(made)
    return made


def days_of(period: Period) -> tuple[str, str]:
    return period.first.isoformat(), period.last.isoformat()


def test_the_vendors_statement_is_that_of_the_till(here: Rooms, busy: BusyShop) -> None:
    reports = reports_of(busy.shop)
    for period in (*SOME, Period(date(2028, 3, 9), date(2028, 3, 11))):
        own = reports.make("statement", period, load_words("en"), reader=reports.holder)
        said = statement(here.office, "TRAIN1", days_of(period))
        accounts = {each["currency"]: each for each in said["accounts"]}
        theirs = {row[5]: row[-1] for row in own.totals}
        assert {code: minor_of(money) for code, money in theirs.items()} == {
            code: accounts[code]["closing_minor"] for code in theirs
        }
        # the till leaves out a currency that was never sold in; its cash may be at the bank
        assert not any(accounts[code]["sales"] for code in accounts.keys() - theirs.keys())
        openings = [row for row in own.rows if row[0] == own.rows[0][0]]
        assert {row[5]: minor_of(row[-1]) for row in openings} == {
            code: accounts[code]["opening_minor"] for code in theirs
        }


def minor_of(money: object) -> int:
    assert isinstance(money, Money)
    return money.minor


def test_settlement_adds_up_in_itself_and_with_the_statement(here: Rooms) -> None:
    found = settlement(here.office, days_of(ALL))
    assert [each["currency"] for each in found["money"]] == [
        "ZAR",
        "NGN",
        "UGX",
    ]  # the busiest first
    for each in found["money"]:
        assert each["training"]
        lines = sum(row["minor"] for row in each["lines"])
        assert lines == each["gross_minor"]
        kept = sum(row["kept_minor"] for row in each["tenders"])
        made_good = sum(
            row["received_minor"] for row in each["tenders"] if row["kind"] == "compensation"
        )
        more = each["cash"]["wallet_in_minor"] + each["cash"]["rounding_minor"]
        assert kept == each["gross_minor"] + each["refunds_minor"] + more
        assert made_good == -each["compensations_minor"]
        by_till = [row for row in found["tills"] if row["currency"] == each["currency"]]
        for name in ("gross", "refunds", "commission", "to_settle", "deposits"):
            assert sum(row[f"{name}_minor"] for row in by_till) == each[f"{name}_minor"]
        assert sum(row["held_minor"] for row in by_till) == each["cash"]["held_minor"]
        assert sum(row["minor"] for row in each["tariffs"]) == each["gross_minor"]
    shifts = Acting(here, BILLING).finance.shifts(days_of(ALL), "", "")
    assert shifts.after
    assert {row["facts"]["drawer"][0]["currency"] for row in shifts.rows} <= {"ZAR", "NGN", "UGX"}


def test_every_shift_and_deposit_is_listed_once_page_after_page(
    here: Rooms, busy: BusyShop
) -> None:
    finance = Acting(here, BILLING).finance
    for pages, kind, level in ((finance.shifts, "shift_closed", None),
                               (finance.deposits, "batch_closed", "bank")):  # fmt: skip
        seen, after = [], ""
        while True:
            page = pages(days_of(ALL), "TRAIN1", after)
            seen += [row["seq"] for row in page.rows]
            after = page.after
            if not after:
                break
        theirs = [e.seq for e in busy.shop.ledger.entries()
                  if e.kind == kind and e.reading().get("level") == level]  # fmt: skip
        assert sorted(seen) == theirs
        assert len(set(seen)) == len(seen)


@pytest.fixture
def sold(rooms: Rooms) -> MadeTill:
    """Return a till with sales of two days, 5000 and 10 kWh each, one with debt and free units."""
    till = MadeTill()
    enrolled(rooms, till)
    till.sell(2)
    free = {"digits": "1" * 20, "kind": "free-basic", "tid": 1, "minute": 17_500_000, "tenths": 500}
    lines = [{"kind": "debt", "amount_minor": 1010, "name": "Loan", "percent": ""}]
    till.at_ms += 2 * 86_400_000  # the terms count from here
    till.sell(1, lines=lines, tokens=[free, free | {"kind": "credit", "minute": 1, "tenths": 100}],
              tenths=100, free_tenths=500)  # fmt: skip
    till.sell(2, total_minor=5_010, tenths=101)
    send(rooms, till, till.bundle())
    return till


def parts(*minors: int) -> list[tuple[str, int]]:
    return [*zip(PARTS, minors, strict=True), ("own", 0)]


def test_terms_count_from_their_day_and_what_is_past_stays(rooms: Rooms, sold: MadeTill) -> None:
    before = statement(rooms.office, sold.name, DAYS)["accounts"][0]
    assert (before["closing_minor"], before["commission_minor"]) == (2 * 5000 + 15_020, 0)
    CommissionDesk(rooms.office).put(sold.name, TERMS, THE_OFFICE)
    after = statement(rooms.office, sold.name, DAYS)
    (account,) = after["accounts"]
    # 2.5 % of 150.20 is 3.755; 0.015 for each of 30.2 units is 0.453; 5 % of 10.10 is 0.505
    assert list(account["commission"].items()) == parts(376, 45, 150, 51)
    assert account["closing_minor"] == 25_020 - 622
    assert statement(rooms.office, sold.name, ("2026-11-01", "2026-11-22"))["accounts"][0][
        "commission_minor"
    ] == 0  # fmt: skip
    later = statement(rooms.office, sold.name, ("2026-11-24", "2026-12-31"))["accounts"][0]
    assert later["opening_minor"] == later["closing_minor"] == account["closing_minor"]
    found = settlement(rooms.office, DAYS)
    assert found["money"][0]["to_settle_minor"] == account["closing_minor"]
    assert found["tills"][0]["commission_minor"] == 622
    assert rows(rooms, "select act, subject, who from audit where act = 'commission-set'") == [
        ("commission-set", sold.name, "office")
    ]


def test_what_was_settled_is_changed_with_a_reason_only_and_nothing_is_forgotten(
    rooms: Rooms, sold: MadeTill
) -> None:
    desk, past = CommissionDesk(rooms.office), TERMS | {"from_day": "2026-11-01"}
    with pytest.raises(TermsInPast):
        desk.put(sold.name, past, THE_OFFICE)
    desk.put(sold.name, past, THE_OFFICE, "agreed in October, typed late")
    desk.put(sold.name, TERMS | {"sale_percent": "0", "unit_amount": ""}, THE_OFFICE)
    account = statement(rooms.office, sold.name, DAYS)["accounts"][0]
    # two days at the first terms, 2.50 and 0.30; the other day has later ones
    assert list(account["commission"].items()) == parts(250, 30, 150, 51)
    assert [row["note"] for row in desk.all(BILLING)] == ["agreed in October, typed late", ""]
    with rooms.office.store.reading() as act:
        facts = act.execute(text("select facts from audit where act = 'commission-set'")).all()
    assert len(facts) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"sale_percent": "101"}, {"sale_percent": "-1"}, {"unit_amount": "NaN"},
     {"debt_percent": "much"}, {"currency": "R"}, {"from_day": "soon"},
     {"unit_amount": "0.0000001"}, {"free_token_amount": "1e9"}],
)  # fmt: skip
def test_terms_that_cannot_be_are_told(rooms: Rooms, sold: MadeTill, wrong: dict[str, str]) -> None:
    with pytest.raises(TermsUnfit):
        CommissionDesk(rooms.office).put(sold.name, TERMS | wrong, THE_OFFICE)
    assert CommissionDesk(rooms.office).all(BILLING) == []


def test_billing_reads_and_only_an_administrator_sets(rooms: Rooms, sold: MadeTill) -> None:
    acting = Acting(rooms, BILLING)
    assert acting.finance.settlement(DAYS, "")["money"][0]["gross_minor"] == 25_020
    assert acting.finance.statement(sold.name, DAYS)["shop"] == "Corner Shop"
    for role in (Role.BILLING, Role.AUDITOR, Role.ISSUER, Role.APPROVER):
        with pytest.raises(NotAllowed):
            Acting(rooms, Person("x", "X", role)).finance.set_terms(sold.name, TERMS, "")
    with pytest.raises(TillUnknown):
        CommissionDesk(rooms.office).put("NOBODY", TERMS, THE_OFFICE)
    with pytest.raises(TillUnknown):
        statement(rooms.office, "NOBODY", DAYS)


@pytest.mark.parametrize(
    "days", [("2026-11-30", "2026-11-01"), ("", ""), ("2026-11-01", "x"), ("0001-01-01",) * 2,
             ("1990-01-01", "2026-01-01")],
)  # fmt: skip
def test_days_that_are_none_are_told(rooms: Rooms, days: tuple[str, str]) -> None:
    with pytest.raises(ExportUnfit):
        settlement(rooms.office, days)


def test_the_table_is_exact_and_holds_no_formulas(rooms: Rooms, till: MadeTill) -> None:
    evil = '=HYPERLINK("http://x","y")'
    line = {"kind": "tax", "amount_minor": -1234, "name": evil, "percent": "15"}
    till.sell(1, lines=[line])
    send(rooms, till, till.bundle())
    table = list(csv.DictReader(io.StringIO("".join(as_csv(rooms.office, DAYS)))))
    assert tuple(table[0]) == COLUMNS
    (tax,) = [row for row in table if row["what"] == "line.tax"]
    assert (tax["name"], tax["amount"], tax["detail"]) == (f"'{evil}", "-12.34", "15")
    (gross,) = [row for row in table if row["what"] == "total.gross"]
    assert (Decimal(gross["amount"]), gross["times"]) == (Decimal("50.00"), "1")
