"""Copies, single meters, meters that went quiet, and every rule of the exceptions."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.application.reports.period import Period
from pos_app.application.reports.report import Cell, ReportNeedsMeter, ReportUnknown
from pos_app.domain.allowance import Allowance
from tests.ledger_makers import METER, START_MS, make_ledger
from tests.report_makers import (
    EN,
    EVER,
    GRACE,
    a_quiet_sale,
    cells,
    column,
    instant,
    report,
    reports_of,
)

JUNE = Period.month(date(2028, 6, 1))
RULES = {
    "often": "Many sales to one meter",
    "hours": "Outside opening hours",
    "redress": "Put right",
    "copies": "Copied more than once",
    "pins": "Failed PINs",
    "clock": "Clock settled",
    "limit": "Just below the limit",
    "drawer": "Drawer opened without a sale",
    "count": "Cash count differs",
    "rules": "Rules changed outside",
    "journal": "Another journal of this till",
}


@pytest.fixture
def ledger(tmp_path: Path) -> SqliteLedger:
    return make_ledger(tmp_path / "shop")


def note(ledger: SqliteLedger, kind: str, at_ms: int, **body: Any) -> None:
    with ledger.writing() as transaction:
        transaction.append(kind, body, at_ms)


def copy(ledger: SqliteLedger, at_ms: int, seq: int, number: int) -> None:
    body = {"sale_seq": seq, "copy": number, "reason": "lost", "operator": "grace"}
    note(ledger, "reprint", at_ms, **body)


def found(ledger: SqliteLedger, rule: str, period: Period = JUNE) -> list[tuple[Cell, ...]]:
    made = report(ledger, "exceptions", period)
    rows = cells(made, "rule", "day", "about", "operator", "count")
    return [row[1:] for row in rows if row[0] == RULES[rule]]


def test_copies_are_listed_newest_first_with_how_many_there_are_in_all(
    ledger: SqliteLedger,
) -> None:
    at = instant(2028, 6, 5, 9)
    a_quiet_sale(ledger, at)
    seq = ledger.head().seq
    for number in (1, 2, 3):
        copy(ledger, at + number * 60_000, seq, number)
    made = report(ledger, "reprints", JUNE)
    assert made.title == "TILL7-A000001 was copied 3 times; 3 copies in all"
    assert column(made, "copy") == [3, 2, 1]
    assert column(made, "copies-in-all") == [3, 3, 3]
    assert column(made, "reason") == ["Slip lost"] * 3
    assert column(made, "operator") == ["Grace"] * 3
    assert not report(ledger, "reprints", Period.month(date(2028, 7, 1))).rows


def test_a_meter_shows_how_long_its_units_lasted(ledger: SqliteLedger) -> None:
    for day, tenths in ((1, 700), (8, 630), (22, 100)):
        a_quiet_sale(ledger, instant(2028, 6, day, 9), tenths=tenths)
    made = report(ledger, "meter", JUNE, meter_drn=METER.drn)
    # 70.0 kWh in 7 days, 63.0 in 14; together 133.0 in 21 days; every 10 or 11 days
    assert column(made, "lasted") == [None, 14, 7]
    assert column(made, "a-day") == [None, Decimal("4.5"), Decimal("10.0")]
    assert made.title == "Uses about 6.3 kWh a day, buys every 10 days"
    assert cells(made, "units", total=True) == [(1430,)]


def test_a_meter_that_bought_once_has_no_consumption_yet(ledger: SqliteLedger) -> None:
    a_quiet_sale(ledger, instant(2028, 6, 1, 9))
    made = report(ledger, "meter", JUNE, meter_drn=METER.drn)
    assert made.title == "Bought 22.9\u00a0kWh once"
    assert column(made, "a-day") == [None]


def test_quiet_meters_are_ranked_by_the_purchases_they_missed(ledger: SqliteLedger) -> None:
    weekly, monthly, faithful, once = "14000000001", "14000000002", "14000000003", "14000000004"
    buys = [(weekly, 1, 10), (weekly, 1, 17), (weekly, 1, 24)]
    buys += [(monthly, 1, 5), (monthly, 2, 5), (faithful, 1, 5), (faithful, 5, 20), (once, 1, 5)]
    for drn, month, day in sorted(buys, key=lambda buy: buy[1:]):
        at = instant(2028, month, day, 9)
        minute = (datetime(2028, month, day, 9, tzinfo=UTC) - datetime(1993, 1, 1, tzinfo=UTC)).days
        a_quiet_sale(ledger, at, drn=drn, minute=minute * 1440 + 540)
    made = report(ledger, "no-purchase", Period.of(date(2028, 5, 31), date(2028, 5, 31)))
    # weekly: 128 days since 24 January; monthly: 116 days since 5 February, every 31 days
    assert cells(made, "meter", "last-bought", "days-since", "every", "missed") == [
        (weekly, "2028-01-24", 128, Decimal("7.0"), Decimal("18.3")),
        (monthly, "2028-02-05", 116, Decimal("31.0"), Decimal("3.7")),
    ]


@pytest.mark.parametrize("period", [JUNE, EVER], ids=["month", "ever"])
def test_the_fourth_sale_of_a_meter_on_a_day_is_worth_a_look(
    ledger: SqliteLedger, period: Period
) -> None:
    for hour in (7, 9, 13, 20):
        a_quiet_sale(ledger, instant(2028, 6, 5, hour), operator="grace" if hour == 9 else "ama")
    for hour in (18, 19, 20):
        a_quiet_sale(ledger, instant(2028, 6, 7, hour))
    a_quiet_sale(ledger, instant(2028, 6, 8, 7))
    rows = found(ledger, "often", period)
    assert [(row[0], row[1], row[3]) for row in rows] == [("2028-06-05", METER.drn, 4)]
    assert set(str(rows[0][2]).split(", ")) == {"Ama", "Grace"}


def test_the_long_way_and_the_short_way_find_the_same_meters(ledger: SqliteLedger) -> None:
    start = instant(2028, 6, 1, 0)
    for number in range(120):
        at = start + number * 5_400_000
        a_quiet_sale(ledger, at, drn=f"1400000000{number % 3}")
    days = Counter(
        (body["meter"]["drn"], (entry.at_ms + 7_200_000) // 86_400_000)
        for entry in ledger.entries()
        if entry.kind == "sale" and (body := entry.reading())
    )
    expected = sorted(count for count in days.values() if count >= 4)
    assert expected
    for period in (JUNE, EVER):
        assert sorted(int(str(row[3])) for row in found(ledger, "often", period)) == expected


def test_sales_before_six_and_from_ten_on_are_summed_by_day_and_operator(
    ledger: SqliteLedger,
) -> None:
    for hour, minute in ((3, 59), (4, 0), (19, 59), (20, 0), (21, 30)):  # two hours ahead of UTC
        a_quiet_sale(ledger, instant(2028, 6, 5, hour, minute))
    assert found(ledger, "hours") == [("2028-06-05", "05:00", "Ama", 3)]


def test_the_second_copy_of_a_sale_is_worth_a_look(ledger: SqliteLedger) -> None:
    at = instant(2028, 6, 5, 9)
    a_quiet_sale(ledger, at)
    seq = ledger.head().seq
    copy(ledger, at + 60_000, seq, 1)
    assert found(ledger, "copies") == []
    copy(ledger, at + 120_000, seq, 2)
    assert found(ledger, "copies") == [("2028-06-05", "TILL7-A000001", "Grace", 2)]


def test_three_failed_pins_on_a_day_are_worth_a_look(ledger: SqliteLedger) -> None:
    for day, times in ((4, 2), (5, 3)):
        for number in range(times):
            at = instant(2028, 6, day, 9, number)
            note(ledger, "sign_in_refused", at, operator="ama", failures=number + 1)
    assert found(ledger, "pins") == [("2028-06-05", "", "Ama", 3)]


def test_a_settled_clock_is_told_with_its_seconds(ledger: SqliteLedger) -> None:
    at = instant(2028, 6, 5, 9)
    note(ledger, "clock_settled", at, operator="grace", **{"was": at + 90_000, "is": at})
    assert found(ledger, "clock") == [("2028-06-05", "", "Grace", 90)]


def test_another_journal_of_the_till_is_told_with_the_entry_where_they_part(
    ledger: SqliteLedger,
) -> None:
    at = instant(2028, 6, 5, 9)
    for number, (state, seq) in enumerate((("cloned", 812), ("one", 0))):
        body = {"state": state, "seq": seq, "found_ms": at, "at_ms": at + number}
        with ledger.writing() as transaction:
            transaction.append("journal_standing", body, at + number)
    assert found(ledger, "journal") == [("2028-06-05", "", "", 812)]


def test_a_sale_just_below_the_limit_is_worth_a_look(ledger: SqliteLedger) -> None:
    granted = Allowance(2, 10**9, 10**9, 10**6, 10_000, START_MS * 2)
    with ledger.writing() as transaction:
        names = ("sequence", "money_minor", "tenths", "count", "per_vend_minor", "not_after_ms")
        body = {name: getattr(granted, name) for name in names}
        transaction.append("allowance", {"currency": "ZAR", **body}, START_MS)
    for number, total in enumerate((9_499, 9_500, 10_000)):
        a_quiet_sale(ledger, instant(2028, 6, 5, 9, number), total_minor=total)
    assert {row[1] for row in found(ledger, "limit")} == {"TILL7-A000002", "TILL7-A000003"}


def test_every_rule_is_printed_with_its_threshold_even_when_nothing_was_found(
    ledger: SqliteLedger,
) -> None:
    made = report(ledger, "exceptions", JUNE)
    assert made.title == "Nothing to look at"
    assert len(made.notes) == len(RULES)
    for rule, threshold in (("often", "4"), ("hours", "22"), ("pins", "3"), ("limit", "95 %")):
        assert any(RULES[rule] in note and threshold in note for note in made.notes)


def test_a_report_that_does_not_exist_or_lacks_its_meter_is_refused(ledger: SqliteLedger) -> None:
    door = reports_of(ledger)
    with pytest.raises(ReportUnknown):
        door.make("horoscope", EVER, EN, reader=GRACE)
    with pytest.raises(ReportNeedsMeter):
        door.make("meter", EVER, EN, reader=GRACE)
