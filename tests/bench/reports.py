"""Every report on a year of 300,000 sales: ``python -m tests.bench.reports``.

The yardstick is SQLite walking the year's sales once, in the same file and the same moment; most
reports have to be quicker than that, because they read sums. Whatever takes more than the second
a person waits, on a machine with nothing else to do, is missed too: every report, the whole list
of sales in any order, and a page from the middle of it. ``--small`` takes 30,000 sales. Writing
the year takes two to four minutes; ``--keep FOLDER`` writes it there once and reads it ever after.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter

from pos_app.adapters.documents.csv_file import save_csv
from pos_app.adapters.documents.workbook import save_xlsx
from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.report_queries import SqliteReports
from pos_app.application.records import ShopIdentity, ShopMode
from pos_app.application.reports.catalogue import REPORTS, Reports
from pos_app.application.reports.period import Period
from pos_app.application.reports.report import ReportCancelled
from pos_app.application.reports.rows import in_order
from pos_app.application.shop_time import day_of
from pos_app.application.words import Words, load_words
from pos_app.ui.presenters.reports import PAGE
from tests.bench.blocks import Verdict, compare, machine, median_of, timed
from tests.bench.year import DAY_MS, FIRST_MS, OFFSET, write_year
from tests.ledger_makers import LEDGER_KEY, SIGNER, TILL
from tests.shops import HeldClock

SALES, SMALL = 300_000, 30_000
YEAR = Period.year(date(2027, 7, 1))
GOALS = {"sales": 2.5, "exceptions": 3.0, "no-purchase": 1.5, "statement": 1.0}
GOAL = 0.6
ORDERS = ("money", "name", "operator", "copies", "receipt")
ORDER_GOAL, PAGE_GOAL = 5.0, 0.05
QUIET_S = 0.25
"""What the yardstick takes where nothing else runs; on a busier machine the ratios alone count."""
CEILING_S = 1.0
_ROWS = "select (select count(*) from hour_sum), (select count(*) from redress)"
_COUNT = "select count(*), min(total_minor) from sale where at_ms >= ? and at_ms < ?"


def _reports(ledger: SqliteLedger) -> Reports:
    clock = HeldClock(FIRST_MS + 365 * DAY_MS - 3_600_000, OFFSET)
    source = SqliteReports(ledger, lambda at_ms: day_of(at_ms, OFFSET))
    return Reports(source, ledger, clock, ShopIdentity(TILL, "Bench", ShopMode.TRAINING))


def measured(ledger: SqliteLedger) -> list[Verdict]:
    """Return a verdict for every report of the year."""
    door, words, db = _reports(ledger), load_words("en"), ledger.db
    drn = db.execute("select drn from sale limit 1").fetchone()[0]

    def count() -> float:
        return median_of(lambda: db.execute(_COUNT, YEAR.span_ms()).fetchone(), 1)

    def of(name: str) -> Verdict:
        return compare(
            name,
            lambda: median_of(
                lambda: door.make(name, YEAR, words, meter_drn=drn, reader=door.holder), 1
            ),
            count,
            GOALS.get(name, GOAL),
            5,
        )

    return [of(name) for name in REPORTS] + _list(door, words, count)


def _list(door: Reports, words: Words, count: Callable[[], float]) -> list[Verdict]:
    """Return verdicts for the list on the screen: other orders, and a page anywhere."""
    made = door.make("sales", YEAR, words, reader=door.holder)
    middle = len(made.rows) // 2

    def by(code: str) -> Verdict:
        def look() -> object:
            return in_order(made, code, descending=True).rows[:PAGE]

        return compare(f"sales by {code}", lambda: median_of(look, 1), count, ORDER_GOAL, 3)

    def page() -> object:
        return made.rows[middle : middle + PAGE]

    found = compare("a page in the middle", lambda: median_of(page, 1), count, PAGE_GOAL, 5)
    return [*(by(code) for code in ORDERS), found]


def _exported(ledger: SqliteLedger, folder: Path) -> None:
    door, words = _reports(ledger), load_words("en")
    made = door.make("sales", YEAR, words, reader=door.holder)
    as_csv = timed(lambda: save_csv(made, folder / "year.csv"))
    as_xlsx = timed(lambda: save_xlsx(made, words, folder / "year.xlsx"))
    print(f"all {len(made.rows):,} sales as CSV {as_csv:.1f} s, as XLSX {as_xlsx:.1f} s")
    waited: list[float] = []

    def stop(done: int, _: int) -> bool:
        if done:
            waited.append(perf_counter())
        return not done

    try:
        save_xlsx(made, words, folder / "stopped.xlsx", stop)
    except ReportCancelled:
        print(f"an XLSX that is stopped ends {(perf_counter() - waited[0]) * 1000:.0f} ms later")


def _year(folder: Path, sales: int) -> SqliteLedger:
    """Return the year of `folder`, written now or kept from before."""
    if (folder / "ledger.db").exists():
        return SqliteLedger.open(folder, LEDGER_KEY, SIGNER)
    start: list[SqliteLedger] = []
    taken = timed(lambda: start.append(write_year(folder, sales)))
    print(f"{sales:,} sales written in {taken:.0f} s")
    return start[0]


def main() -> int:
    """Print the table; return 1 when a goal is missed."""
    print(machine())
    sales = SMALL if "--small" in sys.argv else SALES
    with tempfile.TemporaryDirectory() as folder:
        kept = sys.argv[sys.argv.index("--keep") + 1] if "--keep" in sys.argv else folder
        ledger = _year(Path(kept) / "ledger", sales)
        print("{} rows of sums, {} refunds".format(*ledger.db.execute(_ROWS).fetchone()))
        verdicts = measured(ledger)
        _exported(ledger, Path(folder))
        ledger.close()
    for verdict in verdicts:
        print(verdict.line())
    slow = [
        verdict.name
        for verdict in verdicts
        if verdict.subject > CEILING_S and verdict.yardstick <= QUIET_S
    ]
    if slow:
        print(f"slower than {CEILING_S:g} s: {', '.join(slow)}")
    return int(bool(slow) or any(verdict.missed for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
