"""Reports say what the journal says: every sum against one made from the bodies alone."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.application.reports.period import Period
from pos_app.application.reports.report import Cell, ReportCancelled
from pos_app.application.sale import SaleLine
from pos_app.domain.money import Currency, Money
from tests.ledger_makers import make_ledger
from tests.ledger_proofs import proof_of
from tests.report_makers import (
    EN,
    EVER,
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

PERIODS = (
    EVER,
    Period.month(date(2028, 2, 29)),
    Period.week(date(2028, 1, 5)),
    Period(date(2028, 2, 29), date(2028, 2, 29)),
)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> SqliteLedger:
    made = make_ledger(tmp_path_factory.mktemp("reports"))
    sell_randomly(made, random.Random(5), 300)  # noqa: S311
    return made


def money(body: dict[str, Any], minor: int) -> Money:
    return Money(minor, Currency(body["currency"], body["decimals"]))


def added(sums: dict[Any, Money], key: Any, amount: Money) -> None:
    sums[key] = sums[key] + amount if key in sums else amount


@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_turnover_adds_up_by_day_and_never_across_currencies(
    ledger: SqliteLedger, period: Period
) -> None:
    made = report(ledger, "turnover", period)
    sums: dict[tuple[str, str], Money] = {}
    units: Counter[str] = Counter()
    for body in sales_of(ledger, period):
        added(sums, body["currency"], money(body, body["total_minor"]))
        units[body["meter"]["unit"]] += body["tenths"]
    for code, amount in sums.items():
        assert cells(made, f"total.{code}", total=True) == [(amount,)]
        shown = [cell for cell in column(made, f"total.{code}") if isinstance(cell, Money)]
        assert sum(cell.minor for cell in shown) == amount.minor
    assert len(sums) == sum(each.code.startswith("total.") for each in made.columns)
    for unit, tenths in units.items():
        assert cells(made, f"units.{unit}", total=True) == [(tenths,)]


def test_turnover_puts_each_sale_on_the_local_day_it_was_made_on(ledger: SqliteLedger) -> None:
    period = Period.month(date(2028, 2, 1))
    counts: Counter[str] = Counter()
    for body in sales_of(ledger, period):
        counts[body["local"].date().isoformat()] += 1
    made = report(ledger, "turnover", period)
    days = pairs(made, "day", "sales")
    assert days == {day.isoformat(): counts[day.isoformat()] for day in period.days()}
    assert len(days) == 29


@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_taxes_are_those_of_the_lines_and_their_net_that_of_the_sales(
    ledger: SqliteLedger, period: Period
) -> None:
    taxes: dict[tuple[str, str, str], Money] = {}
    nets: dict[tuple[str, str, str], Money] = {}
    for body in sales_of(ledger, period):
        lines = [line for line in body["lines"] if line["kind"] == "tax"]
        net = sum(x["amount_minor"] for x in body["lines"] if x["kind"] not in ("tax", "debt"))
        for line in lines or [{"name": "No tax", "percent": "", "amount_minor": 0}]:
            key = (line["name"], line["percent"], body["currency"])
            added(taxes, key, money(body, line["amount_minor"]))
            added(nets, key, money(body, net))
    made = report(ledger, "tax", period)
    shown = {
        row[:3]: row[3:] for row in cells(made, "tax", "percent", "currency", "tax-money", "net")
    }
    assert shown == {key: (taxes[key], nets[key]) for key in taxes}
    for code, total in cells(made, "currency", "tax-money", total=True):
        assert isinstance(total, Money)
        assert total.minor == sum(tax.minor for key, tax in taxes.items() if key[2] == code)


def test_cash_is_what_was_kept_and_tenders_less_rounding_are_what_was_sold(
    ledger: SqliteLedger,
) -> None:
    kept: dict[tuple[str, str], Money] = {}
    sold: dict[str, Money] = {}
    for body in sales_of(ledger):
        for tender in body["tenders"]:
            minor = tender["amount_minor"]
            minor -= body["change_minor"] if tender["kind"] == "cash" else 0
            name = {"cash": "Cash", "mobile": "Mobile money"}[tender["kind"]]
            added(kept, (name, body["currency"]), money(body, minor))
        added(sold, body["currency"], money(body, body["total_minor"]))
    made = report(ledger, "tenders")
    assert {row[:2]: row[2] for row in cells(made, "tender", "currency", "kept")} == kept
    lasts = [
        row for row in cells(made, "tender", "currency", "kept", total=True) if row[0] == "Sold"
    ]
    assert {row[1]: row[2] for row in lasts} == sold


def test_operators_and_tokens_and_lines_add_up(ledger: SqliteLedger) -> None:
    sales: Counter[str] = Counter()
    tokens: Counter[str] = Counter()
    lines: dict[tuple[Cell, ...], Money] = {}
    for body in sales_of(ledger):
        sales[body["operator"].title()] += 1
        for token in body["tokens"]:
            tokens[{"credit": "Credit", "free": "Free issue"}[token["kind"]]] += 1
        for line in body["lines"]:
            percent = f" {line['percent']} %" if line["percent"] else ""
            label = (line["name"] or "Energy") + percent
            added(lines, (label, body["currency"]), money(body, line["amount_minor"]))
    assert pairs(report(ledger, "operators"), "operator", "sales") == dict(sales)
    assert pairs(report(ledger, "tokens"), "token", "tokens") == dict(tokens)
    charged = report(ledger, "charges")
    assert {row[:2]: row[2] for row in cells(charged, "what", "currency", "money")} == lines


def test_the_list_of_sales_is_whole_and_its_totals_are_of_all_of_them(ledger: SqliteLedger) -> None:
    bodies = list(sales_of(ledger))
    made = report(ledger, "sales", most=20)
    assert made.cut
    assert (len(made.rows), made.row_count) == (20, len(bodies))
    assert column(made, "receipt") == [body["receipt"] for body in bodies[:-21:-1]]
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for body in bodies:
        totals[body["currency"], body["meter"]["unit"]] += body["total_minor"]
    shown = cells(made, "currency", "unit", "money", total=True)
    assert {row[:2]: row[2].minor for row in shown if isinstance(row[2], Money)} == totals
    assert len(report(ledger, "sales", most=None).rows) == len(bodies)


def test_the_hours_are_those_of_the_wall_clock_at_the_sale(ledger: SqliteLedger) -> None:
    hours = Counter(body["local"].hour for body in sales_of(ledger))
    made = report(ledger, "sales")
    bars = {int(bar.label): bar.size for bar in made.plots[0].bars if bar.size}
    assert bars == dict(hours)


def test_an_hour_that_the_clock_shows_twice_holds_the_sales_of_both(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    a_quiet_sale(ledger, instant(2027, 10, 31, 0, 30), offset_minutes=120)
    a_quiet_sale(ledger, instant(2027, 10, 31, 1, 30), offset_minutes=60)
    a_quiet_sale(ledger, instant(2027, 10, 31, 22, 30), offset_minutes=60)
    a_quiet_sale(ledger, instant(2027, 10, 31, 23, 30), offset_minutes=60)
    day = Period.of(date(2027, 10, 31), date(2027, 10, 31))
    bars = {bar.label: bar.size for bar in report(ledger, "sales", day).plots[0].bars if bar.size}
    assert bars == {"02": 2, "23": 1}


def test_a_time_without_sales_is_an_answer_too(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    door = reports_of(ledger)
    for name in ("turnover", "sales", "tax", "charges", "tenders", "operators"):
        made = door.make(name, EVER, EN)
        assert (made.title, made.rows, made.totals) == ("Nothing was sold", (), ())
        assert made.columns
    for name in ("tokens", "reprints", "exceptions", "no-purchase", "meter"):
        assert door.make(name, EVER, EN, meter_drn="14123456783").rows == ()


def test_a_year_of_the_leap_day_has_366_days_and_february_29(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    a_quiet_sale(ledger, instant(2028, 2, 29, 12))
    assert len(Period.year(date(2028, 5, 5))) == 366
    made = report(ledger, "turnover", Period.of(date(2028, 2, 27), date(2028, 3, 2)))
    assert pairs(made, "day", "sales")["2028-02-29"] == 1
    assert made.title == "Tuesday sold most: 50 ZAR"


def test_a_sale_of_more_parts_than_a_row_holds_is_still_one_sale(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    lines = tuple(SaleLine("charge", 100 + number, f"Charge {number}") for number in range(20))
    total = sum(line.amount_minor for line in lines)
    for hour in (8, 9):
        at = instant(2028, 2, 29, hour)
        a_quiet_sale(ledger, at, lines=lines, total_minor=total, due_minor=total)
    assert ledger.db.execute("select count(*) from hour_sum").fetchone()[0] > 2
    money = Money(2 * total, Currency("ZAR"))
    sold = report(ledger, "turnover")
    assert cells(sold, "sales", "total.ZAR", "units.kWh", total=True) == [(2, money, 2 * 229)]
    charged = report(ledger, "charges")
    assert pairs(charged, "what", "sales") == {line.name: 2 for line in lines}
    assert cells(charged, "sales", "money", total=True) == [(2, money)]


def test_reports_can_be_stopped_and_change_nothing(ledger: SqliteLedger) -> None:
    head = ledger.head()
    with pytest.raises(ReportCancelled):
        report(ledger, "exceptions", watch=lambda _done, _of: False)
    assert ledger.head() == head
    assert report(ledger, "sales").rows


def test_a_changed_sum_is_found_by_the_proof(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    sell_randomly(ledger, random.Random(9), 4)  # noqa: S311
    ledger.db.execute("update hour_sum set a2 = a2 + 1")
    ledger.close()
    fault = proof_of(ledger.path).fault
    assert fault is not None
    assert fault.detail == "hour_sum"
