"""A month of a hall with twenty operators: every Z recomputed, closes flat as the ledger grows.

``python -m tests.bench.month [SALES] [--plot FOLDER]``: 3,000 sales unless told, 300,000 for the
whole of the acceptance. Every sale, refund, count, drop and close goes through the desk and a real
ledger; an adding machine then reads the journal and compares every Z with it. The goal of the
closes is a ratio within the run: the work of a close divided by that of the sales just before it,
the last third to the first. With a folder the times of all closes are left there as ``month.svg``.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.training_file import training_passphrase
from tests.adding_machine import AddingMachine
from tests.shop_month import Closed, ShopMonth, make_hall

SALES, SEED = 3_000, 17
GOAL = 1.6
"""A close that looked at every sale so far would take three to five times as long at the end."""
_WIDE, _HIGH, _EDGE = 900, 420, 60


def main(sales: int = SALES, plot: Path | None = None) -> int:
    """Live the month, compare, and return 1 when a goal is missed."""
    with tempfile.TemporaryDirectory(prefix="tokentill-month-") as folder:
        shop, clock = make_hall(Path(folder) / "hall", max(60, sales // 60))
        month = ShopMonth(shop, clock, sales, random.Random(SEED))  # noqa: S311 - repeatable
        before = time.perf_counter()
        month.live()
        lived = time.perf_counter() - before
        machine = recompute(month)
        added = time.perf_counter() - before - lived
        shop.close()
        fault = verify_shop(shop.folder, training_passphrase()).fault
        _tell(month, machine)
        proven = time.perf_counter() - before - lived - added
        print(_times(month, lived) + f"; added up {added:,.0f} s, journal proven {proven:,.0f} s")
        print(f"journal against its tables: {fault or 'sound'}")
        missed = int(fault is not None or sum(month.refused.values()) > sales // 50)
        for kind in ("shift", "bank"):
            missed |= _judge(kind, [each for each in month.closes if each.kind == kind])
        if plot is not None:
            plot.mkdir(parents=True, exist_ok=True)
            (plot / "month.svg").write_text(drawing(month.closes), encoding="utf-8")
            print(f"plot: {plot / 'month.svg'}")
    return missed


def recompute(month: ShopMonth) -> AddingMachine:
    """Compare every Z of the month with the journal; fail at the first difference."""
    machine, waiting = AddingMachine(), {each.closed_seq: each for each in month.shifts}
    for entry in month.shop.ledger.entries():
        machine.take(entry.kind, entry.reading())
        if entry.kind == "shift_closed":
            report = waiting.pop(entry.seq)
            machine.compare(report)
            again = month.shop.desk.shifts.z(report.shift)
            assert replace(again, approved_by="", approval="") == report
    assert not waiting
    return machine


def _times(month: ShopMonth, lived: float) -> str:
    """Return where the time on the clock went; the rest is what lies between two sales."""
    spent = month.spent
    rest = lived - sum(spent.values())
    each = 1e3 * spent["sale"] / len(month.receipts)
    return (
        f"lived {lived:,.0f} s: sales {spent['sale']:,.0f} ({each:.1f} ms each), closes"
        f" {spent['shift'] + spent['bank']:,.0f}, counts, drops, copies and refunds {rest:,.0f}"
    )


def _tell(month: ShopMonth, machine: AddingMachine) -> None:
    sold = sum(machine.sales.values())
    print(
        f"{sold:,} sales, {len(machine.given):,} put right, {len(month.shifts):,} Zs equal to"
        f" the journal's sums, {len(month.banks)} banked, {dict(month.refused)} refused"
    )


def _thirds(closes: Sequence[Closed]) -> tuple[float, float]:
    """Return how many sales long a close was, in the first third and in the last (medians)."""
    third = max(len(closes) // 3, 1)
    early, late = (
        statistics.median(each.work / each.sale_work for each in some)
        for some in (closes[:third], closes[-third:])
    )
    return early, late


def _judge(kind: str, closes: Sequence[Closed]) -> int:
    first, last = _thirds(closes)
    ratio, seconds = last / first, statistics.median(each.seconds for each in closes)
    print(
        f"{kind} close: {first:.1f} sales long at first, {last:.1f} at the end, {ratio:.2f} x, goal"
        f" {GOAL} x: {'MISSED' if ratio > GOAL else 'ok'}; {seconds * 1e3:.1f} ms, up to"
        f" {closes[-1].entries:,} entries"
    )
    return int(ratio > GOAL)


def drawing(closes: Sequence[Closed]) -> str:
    """Return an SVG: entries of the journal across, the length of each close upwards, in sales."""
    most = max(each.entries for each in closes)
    ranked = sorted(each.work / each.sale_work for each in closes)
    top = ranked[min(len(ranked) - 1, len(ranked) * 99 // 100)] * 1.1
    colours = {"shift": "#0b5d54", "bank": "#b3541e"}

    def dot(each: Closed) -> str:
        length = each.work / each.sale_work
        x = _EDGE + (_WIDE - 2 * _EDGE) * each.entries / most
        y = _HIGH - _EDGE - (_HIGH - 2 * _EDGE) * min(length / top, 1)
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colours[each.kind]}"/>'

    base, right = _HIGH - _EDGE, _WIDE - _EDGE
    first, last = _thirds([each for each in closes if each.kind == "shift"])
    title = f"A close is {first:.1f} sales long early in the month and {last:.1f} late in it"
    texts = (
        (_EDGE, 30, "start", "#222", title),
        (_EDGE, _EDGE - 8, "start", "#222", f"{top:.0f} sales long"),
        (right, base + 24, "end", "#222", f"{most:,} entries"),
        (_EDGE, base + 24, "start", "#222", "0"),
        (_WIDE // 2 - 60, base + 44, "end", colours["shift"], "shift"),
        (_WIDE // 2, base + 44, "start", colours["bank"], "bank batch"),
    )
    said = "".join(
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{fill}">{words}</text>\n'
        for x, y, anchor, fill, words in texts
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}"'
    paper = f'<rect width="{_WIDE}" height="{_HIGH}" fill="#fff"/>'
    axes = f'<path d="M{_EDGE} {_EDGE}V{base}H{right}" fill="none" stroke="#999"/>'
    dots = "\n".join(dot(each) for each in closes)
    font = 'font-family="sans-serif" font-size="14"'
    return f"{head} {font}>\n{paper}\n{axes}\n{said}{dots}\n</svg>\n"


if __name__ == "__main__":
    typed = [each for each in sys.argv[1:] if not each.startswith("--")]
    wants_plot = "--plot" in sys.argv
    place = Path(typed.pop()) if wants_plot and typed else None
    sys.exit(main(int(typed[0].replace(",", "")) if typed else SALES, place))
