"""Every report on a year of 300,000 sales: ``python -m tests.bench.reports``.

The yardstick is SQLite walking the year's sales once, in the same file and the
same moment; most reports have to be quicker than that, because they read sums. Reports over the
second a person waits are named as well. ``--small`` takes 30,000 sales. Writing the year takes
about two minutes.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

from pos_app.adapters.documents.csv_file import save_csv
from pos_app.adapters.documents.workbook import save_xlsx
from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.report_queries import SqliteReports
from pos_app.application.records import ShopIdentity, ShopMode
from pos_app.application.reports.catalogue import REPORTS, Reports
from pos_app.application.reports.period import Period
from pos_app.application.shop_time import day_of
from pos_app.application.words import load_words
from tests.bench.blocks import Verdict, compare, machine, median_of, timed
from tests.bench.year import DAY_MS, FIRST_MS, OFFSET, write_year
from tests.ledger_makers import TILL
from tests.shops import HeldClock

SALES, SMALL = 300_000, 30_000
YEAR = Period.year(date(2027, 7, 1))
GOALS = {"exceptions": 4.0, "no-purchase": 2.0}
GOAL = 0.7
CEILING_S = 1.0
_COUNT = "select count(*), min(total_minor) from sale where at_ms >= ? and at_ms < ?"


def _reports(ledger: SqliteLedger) -> Reports:
    clock = HeldClock(FIRST_MS + 365 * DAY_MS - 3_600_000, OFFSET)
    source = SqliteReports(ledger, lambda at_ms: day_of(at_ms, OFFSET))
    return Reports(source, clock, ShopIdentity(TILL, "Bench", ShopMode.TRAINING))


def measured(ledger: SqliteLedger) -> list[Verdict]:
    """Return a verdict for every report of the year."""
    door, words, db = _reports(ledger), load_words("en"), ledger.db
    drn = db.execute("select drn from sale limit 1").fetchone()[0]

    def count() -> float:
        return median_of(lambda: db.execute(_COUNT, YEAR.span_ms()).fetchone(), 1)

    def of(name: str) -> Verdict:
        return compare(
            name,
            lambda: median_of(lambda: door.make(name, YEAR, words, meter_drn=drn), 1),
            count,
            GOALS.get(name, GOAL),
            5,
        )

    return [of(name) for name in REPORTS]


def _exported(ledger: SqliteLedger, folder: Path) -> None:
    door, words = _reports(ledger), load_words("en")
    made = door.make("sales", YEAR, words, most=None)
    listed = timed(lambda: door.make("sales", YEAR, words, most=None))
    as_csv = timed(lambda: save_csv(made, folder / "year.csv"))
    as_xlsx = timed(lambda: save_xlsx(made, words, folder / "year.xlsx"))
    print(
        f"all {len(made.rows):,} sales as rows {listed:.1f} s, CSV {as_csv:.1f} s, "
        f"XLSX {as_xlsx:.1f} s"
    )


def main() -> int:
    """Print the table; return 1 when a goal is missed."""
    print(machine())
    sales = SMALL if "--small" in sys.argv else SALES
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "ledger"
        start: list[SqliteLedger] = []
        taken = timed(lambda: start.append(write_year(place, sales)))
        ledger = start[0]
        rows = ledger.db.execute("select count(*) from hour_sum").fetchone()[0]
        print(f"{sales:,} sales written in {taken:.0f} s; {rows:,} rows of sums")
        verdicts = measured(ledger)
        _exported(ledger, Path(folder))
        ledger.close()
    for verdict in verdicts:
        print(verdict.line())
    slow = [verdict.name for verdict in verdicts if verdict.subject > CEILING_S]
    if slow:
        print(f"slower than {CEILING_S:g} s: {', '.join(slow)}")
    return int(any(verdict.missed for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
