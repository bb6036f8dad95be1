"""What the shop earns and owes, what went to debts and what was free; by day and by shift."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.application.errors import RoleNeeded
from pos_app.application.records import Operator, Role
from pos_app.application.reports.catalogue import REPORTS, ReportForSupervisors, ReportNotOfShift
from pos_app.application.reports.period import Period
from pos_app.application.reports.rows import PAGE, LongRows, in_order
from pos_app.application.sale import SaleLine
from pos_app.application.shift_errors import ShiftUnknown
from pos_app.domain.money import Currency, Money
from tests.ledger_makers import make_ledger, reopened
from tests.ledger_proofs import proof_of
from tests.report_makers import (
    AMA,
    EN,
    EVER,
    GRACE,
    a_quiet_sale,
    cells,
    column,
    instant,
    pairs,
    report,
    reports_of,
    sales_of,
    sell_randomly,
)

MARCH = Period.month(date(2028, 3, 1))
ZAR = Currency("ZAR")
SIPHO = Operator("sipho", "Sipho", Role.ENGINEER)


def rand(minor: int) -> Money:
    return Money(minor, ZAR)


def note(ledger: SqliteLedger, kind: str, at_ms: int, **body: Any) -> int:
    with ledger.writing() as transaction:
        return transaction.append(kind, body, at_ms).seq


def earned(ledger: SqliteLedger, at_ms: int, minor: int, percent: str) -> None:
    """Sell for `minor` with a commission rounded half up, as the sale freezes it."""
    exact = Decimal(minor) * Decimal(percent or 0) / 100
    commission = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    a_quiet_sale(
        ledger, at_ms, total_minor=minor, due_minor=minor, lines=(SaleLine("energy", minor),),
        commission_percent=percent, commission_minor=commission,
    )  # fmt: skip


def deposit(ledger: SqliteLedger, at_ms: int, minor: int, reference: str) -> None:
    money = {"currency": "ZAR", "decimals": 2}
    note(
        ledger, "batch_closed", at_ms, level="bank", number=1, outer=0, first_inner=1,
        last_inner=1, opened_ms=0, tallies=[], carried=[], reference=reference,
        deposits=[{**money, "amount_minor": minor, "kept_minor": 0}],
    )  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> SqliteLedger:
    """Two months: 2 % in February, 2.5 % from 10 March on, nothing for the last sale."""
    made = make_ledger(tmp_path / "shop")
    earned(made, instant(2028, 2, 3, 9), 100_00, "2")
    earned(made, instant(2028, 2, 20, 9), 50_25, "2")
    deposit(made, instant(2028, 2, 25, 15), 120_00, "slip 1")
    earned(made, instant(2028, 3, 4, 9), 200_00, "2")
    earned(made, instant(2028, 3, 10, 9), 99_99, "2.5")
    deposit(made, instant(2028, 3, 11, 15), 150_00, "slip 2")
    earned(made, instant(2028, 3, 30, 9), 10_00, "")
    return made


def test_commission_is_the_one_of_the_day_of_the_sale(ledger: SqliteLedger) -> None:
    made = report(ledger, "commission", MARCH)
    rows = cells(made, "utility", "percent", "sales", "sold", "commission")
    assert rows == [
        ("Highveld Power", "2", 1, rand(200_00), rand(4_00)),
        ("Highveld Power", "2.5", 1, rand(99_99), rand(2_50)),  # 2.49975, half up
        ("Highveld Power", "", 1, rand(10_00), rand(0)),
    ]
    assert cells(made, "sales", "sold", "commission", total=True) == [(3, rand(309_99), rand(6_50))]
    assert made.title == "Commission is 6.5 ZAR of 310 ZAR"


def test_the_statement_is_an_account_that_adds_up(ledger: SqliteLedger) -> None:
    made = report(ledger, "statement", MARCH)
    # February: 150.25 sold, 3.01 kept (2.00 + 1.01 of 1.005, half up), 120.00 banked.
    assert cells(made, "entry", "reference", "sales", "owed") == [
        ("Owed before", "", None, rand(27_24)),
        ("Sales", "", 3, rand(309_99)),
        ("Less commission", "", None, rand(-6_50)),
        ("Less deposit", "slip 2", None, rand(-150_00)),
    ]
    assert cells(made, "entry", "owed", total=True) == [("Owed after", rand(180_73))]
    assert made.title == "The utilities are owed ZAR\u00a0180.73 on 31 Mar 2028"
    after = report(ledger, "statement", Period.month(date(2028, 4, 1)))
    assert cells(after, "entry", "owed")[0] == ("Owed before", rand(180_73))


def test_a_shop_that_banked_more_than_it_owes_is_told_so(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    earned(ledger, instant(2028, 3, 4, 9), 10_00, "")
    deposit(ledger, instant(2028, 3, 5, 9), 15_00, "slip")
    made = report(ledger, "statement", MARCH)
    assert made.title == "The shop has paid ZAR\u00a05.00 more than it owes on 31 Mar 2028"
    assert report(ledger, "commission", MARCH).title == "No sale earned a commission"


def test_debts_are_those_of_the_lines(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    sell_randomly(ledger, random.Random(5), 60)  # noqa: S311 - a fixed history
    sums: dict[str, int] = defaultdict(int)
    for body in sales_of(ledger):
        for line in body["lines"]:
            sums[body["currency"]] += line["amount_minor"] if line["kind"] == "debt" else 0
    made = report(ledger, "debts")
    found = {row[0]: row[1].minor for row in cells(made, "currency", "collected", total=True)
             if isinstance(row[1], Money)}  # fmt: skip
    assert found == {code: amount for code, amount in sums.items() if amount}
    assert set(column(made, "debt")) == {"Arrears"}


def test_free_units_are_listed_with_whom_they_went_to(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    lines = (SaleLine("energy", 5_000), SaleLine("free", 0, units="50"))
    for day in (3, 4, 5):
        a_quiet_sale(ledger, instant(2028, 3, day, 9), lines=lines if day != 4 else lines[:1])
    made = report(ledger, "free-issues", MARCH)
    assert cells(made, "time", "meter", "reason", "units", "unit", "operator") == [
        (f"2028-03-0{day} 11:00", "14123456783", "Free units of the tariff", 500, "kWh", "Ama")
        for day in (5, 3)
    ]
    assert made.title == "2 free issues gave 100.0\u00a0kWh"
    assert report(ledger, "free-issues", Period.month(date(2028, 4, 1))).rows == ()


def test_what_new_tables_hold_is_built_for_a_ledger_that_had_none(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    lines = (SaleLine("energy", 5_000), SaleLine("free", 0, units="12.5"))
    commission = {"commission_percent": "2", "commission_minor": 100, "shift": 1}
    a_quiet_sale(ledger, instant(2028, 3, 3, 9), lines=lines, **commission)
    before = [report(ledger, name, MARCH) for name in ("commission", "statement")]
    free = list(report(ledger, "free-issues", MARCH).rows)
    ledger.db.execute("drop table free_issue")
    ledger.db.execute("update hour_sum set shape = '[]', a1 = 0")
    later = "name like '0021%' or name like '0093%'"
    ledger.db.execute(f"delete from _sqlite_migrations where {later}")  # noqa: S608 - as above
    ledger = reopened(ledger)
    assert [report(ledger, name, MARCH) for name in ("commission", "statement")] == before
    assert list(report(ledger, "free-issues", MARCH).rows) == free
    ledger.close()
    assert proof_of(ledger.path).fault is None


def shifts(ledger: SqliteLedger) -> list[int]:
    """Open two shifts one after the other on one day and sell in both; return their numbers."""
    for number, minors in ((1, (10_00, 20_00)), (2, (5_00,))):
        at = instant(2028, 3, 6, 8 + number)
        head = {"shift": number, "operator": "ama", "sales_batch": 1, "bank_batch": 1}
        opened = note(ledger, "shift_opened", at, **head, float=[])
        for minor in minors:
            a_quiet_sale(
                ledger, at + minor, shift=number, total_minor=minor, due_minor=minor,
                lines=(SaleLine("energy", minor),), minute=opened * 10_000 + minor,
            )  # fmt: skip
        if number == 1:
            close = {"tallies": [], "drawer": [], "operator": "ama"}
            note(ledger, "shift_closed", at + 10_000, shift=1, sales_batch=1, **close)
    return [1, 2]


def test_a_report_of_a_shift_has_its_sales_and_no_other(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    shifts(ledger)
    door = reports_of(ledger)
    for number, minor, count in ((1, 30_00, 2), (2, 5_00, 1)):
        period = door.of_shift(number)
        sold = report(ledger, "turnover", period)
        assert cells(sold, "sales", "total.ZAR", total=True) == [(count, rand(minor))]
        assert len(report(ledger, "sales", period).rows) == count
        assert cells(report(ledger, "tenders", period), "kept", total=True)[0] == (
            rand(5000 * count),
        )
        assert pairs(report(ledger, "operators", period), "operator", "sales") == {"Ama": count}
    assert sold.heading.period.startswith("Shift 2, 6 Mar 2028")
    assert door.open_shift("ama") == door.of_shift(2)
    with pytest.raises(ShiftUnknown):
        door.of_shift(3)
    with pytest.raises(ReportNotOfShift):
        report(ledger, "statement", door.of_shift(1))


def test_the_sums_of_all_shifts_are_those_of_the_days(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    shifts(ledger)
    by_shift = sum(
        row[0].minor
        for number in (1, 2)
        for row in cells(report(ledger, "charges", reports_of(ledger).of_shift(number)), "money")
        if isinstance(row[0], Money)
    )
    assert [(rand(by_shift),)] == cells(report(ledger, "charges", EVER), "money", total=True)


def test_a_cashier_reads_what_customers_ask_about_and_takes_nothing_along(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    shifts(ledger)
    door = reports_of(ledger)
    today = Period(door.today(), door.today())
    assert door.make("sales", today, EN, reader=AMA).rows == ()
    assert len(door.make("sales", door.of_shift(2), EN, reader=AMA).rows) == 1
    for name, offer in REPORTS.items():
        if Role.CASHIER not in offer.readers:
            with pytest.raises(RoleNeeded):
                door.make(name, today, EN, reader=AMA)
    for period in (MARCH, door.of_shift(1)):
        with pytest.raises(ReportForSupervisors):
            door.make("sales", period, EN, reader=AMA)
    with pytest.raises(RoleNeeded):
        door.release("sales", today, "csv", reader=AMA)
    with pytest.raises(RoleNeeded):
        door.make("turnover", today, EN, reader=SIPHO)
    assert door.make("no-purchase", today, EN, reader=SIPHO).heading.name == "no-purchase"


def test_whatever_leaves_the_till_as_a_file_is_on_record(ledger: SqliteLedger) -> None:
    reports_of(ledger).release("sales", MARCH, "xlsx", reader=GRACE)
    *_, last = ledger.entries()
    assert last.kind == "report_released"
    told = last.reading()
    assert (told["report"], told["kind"], told["operator"]) == ("sales", "xlsx", "grace")
    assert (told["first"], told["last"]) == ("2028-03-01", "2028-03-31")


def test_a_long_list_is_the_same_by_page_by_place_and_as_a_whole(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    sell_randomly(ledger, random.Random(8), 70)  # noqa: S311 - a fixed history
    rows = report(ledger, "sales").rows
    assert isinstance(rows, LongRows)
    whole = list(rows)
    assert PAGE > len(rows) == 70
    assert [rows[at] for at in range(70)] == whole
    assert [*rows[:31], *rows[31:]] == whole


@pytest.mark.parametrize("code", ["time", "receipt", "meter", "name",
    "units", "unit", "money", "currency", "operator", "copies"])  # fmt: skip
def test_the_list_of_sales_can_be_ordered_by_every_column(tmp_path: Path, code: str) -> None:
    ledger = make_ledger(tmp_path / "shop")
    sell_randomly(ledger, random.Random(8), 30)  # noqa: S311 - a fixed history
    made = report(ledger, "sales")
    assert code in {each.code for each in made.columns}
    up = in_order(made, code, descending=False)
    down = in_order(made, code, descending=True)
    assert sorted(map(repr, up.rows)) == sorted(map(repr, made.rows))
    assert list(down.rows) == list(up.rows)[::-1]
    if code == "money":
        keys = [(m.currency.code, m.minor) for m in column(up, code) if isinstance(m, Money)]
        assert keys == sorted(keys)
    elif code not in {"copies", "units"}:
        assert column(up, code) == sorted(column(up, code), key=str)


def test_a_short_table_is_ordered_with_its_empty_cells_last(ledger: SqliteLedger) -> None:
    made = report(ledger, "commission", EVER)
    for descending in (False, True):
        percents = column(in_order(made, "percent", descending=descending), "percent")
        assert percents == (["2.5", "2", ""] if descending else ["2", "2.5", ""])


def test_drawers_and_counts_out_of_the_ordinary_are_worth_a_look(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    at = instant(2028, 3, 7, 9)
    for number in range(5):
        note(
            ledger, "drawer_opened", at + number, shift=0, operator="ama", reason="change", note=""
        )
    head = {"sales_batch": 1, "bank_batch": 1, "float": []}
    for shift, found in ((1, 995_01), (2, 995_00), (3, None)):
        note(ledger, "shift_opened", at + 10, shift=shift, operator="ama", **head)
        drawer = {"currency": "ZAR", "decimals": 2, "expected_minor": 1000_00}
        body = {"shift": shift, "sales_batch": 1, "operator": "ama", "tallies": []}
        note(ledger, "shift_closed", at + 20, **body, drawer=[{**drawer, "counted_minor": found}])
    rows = cells(report(ledger, "exceptions", MARCH), "rule", "about", "count", "money")
    assert ("Drawer opened without a sale", "", 5, None) in rows
    assert [row[1:] for row in rows if row[0] == "Cash count differs"] == [("2", 1, rand(-5_00))]
