"""``tokentill bulk``: a list of purchases, looked at or sold row by row."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import click

from pos_app.adapters.documents.bulk_csv import save_rest, save_results
from pos_app.application.bulk import BulkPlan, BulkTerms, PlannedRow, RowResult
from pos_app.application.bulk_file import BulkFileInvalid
from pos_app.application.bulk_rows import result_row, status_of
from pos_app.application.bulk_words import said
from pos_app.cli.common import (
    REFUSED,
    ShopAccess,
    as_json,
    complain,
    opened,
    print_json,
    say,
    shop_options,
    signed_in,
    told,
    words,
)
from pos_app.cli.files import content_of
from pos_app.cli.sales_json import units
from pos_app.domain.errors import PosError
from pos_app.domain.tender import CASH

if TYPE_CHECKING:
    from pos_app.bootstrap.shop import OpenShop

_SHOWN: Final = 20
"""So many broken rows are told one by one on the screen; the file of results has all."""
_EVERY: Final = 10


@dataclass
class _Stop:
    """Whether somebody pressed Ctrl-C: the row under way is finished, then the list rests."""

    wanted: bool = False

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        self.wanted = True


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only look: every row priced, nothing sold.")
@click.option(
    "--result",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what became of each row, tokens included, to this CSV file.",
)
@click.option(
    "--rest",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the rows that were not sold to this CSV file, to be corrected and sold.",
)
@click.option(
    "--tender", default=CASH, show_default=True, help="How rows are paid that do not say."
)
@click.option("--reference", default="", help="Reference of those payments.")
@click.option("--skip-broken", is_flag=True, help="Sell the good rows although others are broken.")
@click.option("--again", is_flag=True, help="Sell a list once more that was sold to its end.")
@click.option("--slips", is_flag=True, help="Print a slip for every row.")
@shop_options
@as_json
@told
def bulk(  # noqa: PLR0913 - one parameter an option
    path: Path,
    result: Path | None,
    rest: Path | None,
    access: ShopAccess,
    *,
    json_wanted: bool,
    dry_run: bool,
    **how: Any,
) -> None:
    """Sell a list of purchases: CSV with the columns meter and amount or units.

    Begun again after a power cut it goes on where it was; no row is sold twice. Ctrl-C stops
    after the row under way.
    """
    raw = content_of(path)
    terms = BulkTerms(how["tender"], how["reference"], slips=how["slips"])
    with opened(access) as shop, _file_faults(json_wanted=json_wanted):
        operator = signed_in(shop, access)
        plan = shop.desk.bulk.look(raw, operator.id, terms)
        if dry_run:
            results = [RowResult(row, problem=row.problem) for row in plan.rows]
            _tell_plan(plan, json_wanted=json_wanted)
            whole = not plan.broken
        else:
            results, whole = _sold(shop, plan, operator.id, json_wanted=json_wanted, **how)
    if result is not None:
        save_results([result_row(words(), each) for each in results], result)
    if rest is not None:
        unsold = [each.planned.row.line for each in results if each.sale is None]
        save_rest(raw, unsold, rest)
    if not whole:
        sys.exit(REFUSED)


def _sold(
    shop: OpenShop, plan: BulkPlan, operator_id: str, *, json_wanted: bool, **how: Any
) -> tuple[list[RowResult], bool]:
    """Sell the list; return what became of its rows and whether all were sold."""
    desk = shop.desk.bulk
    if plan.broken and not how["skip_broken"]:
        _tell_broken(plan.rows)
    run = desk.begin(plan, operator_id, again=how["again"], skip=how["skip_broken"])
    results: list[RowResult] = []
    halt: PosError | None = None
    with _interruptible() as stop:
        for at, planned in enumerate(plan.rows, 1):
            try:
                results.append(desk.step(run, planned))
            except PosError as problem:
                halt = problem
            if halt is not None or stop.wanted:
                break
            _tell_row(results[-1], at, len(plan.rows), json_wanted=json_wanted)
    sold = sum(each.sale is not None for each in results)
    refused = len(results) - sold
    if len(results) == len(plan.rows):
        desk.end(run, sold, refused, operator_id)
        _tell_end(results, json_wanted=json_wanted)
    else:
        _tell_stop(len(results), len(plan.rows), halt, json_wanted=json_wanted)
        results += [RowResult(planned) for planned in plan.rows[len(results) :]]
    return results, sold == len(plan.rows)


@contextmanager
def _interruptible() -> Iterator[_Stop]:
    """Let Ctrl-C stop after the row under way instead of amid it."""
    stop = _Stop()
    before: Any = signal.signal(signal.SIGINT, stop)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _file_faults(*, json_wanted: bool) -> Iterator[None]:
    """Tell a fault of the whole list in its own sentence."""
    try:
        yield
    except BulkFileInvalid as problem:
        text = said(words(), problem)
        if json_wanted:
            facts = {name: str(value) for name, value in problem.facts.items()}
            print_json({"error": {"code": problem.code, "message": text, "facts": facts}})
        complain(text)
        sys.exit(REFUSED)


def _tell_plan(plan: BulkPlan, *, json_wanted: bool) -> None:
    if json_wanted:
        for row in plan.rows:
            print_json(_json(RowResult(row, problem=row.problem)))
        return
    _tell_broken(plan.rows)
    total = ", ".join(f"{each.currency.code} {each.plain()}" for each in plan.totals) or "0"
    say(words()("bulk.plan", rows=len(plan.rows), broken=plan.broken, total=total))
    say(words()("bulk.dry"))


def _tell_broken(rows: Sequence[PlannedRow]) -> None:
    broken = [row for row in rows if row.problem is not None]
    for row in broken[:_SHOWN]:
        _complain_of(row)
    if len(broken) > _SHOWN:
        complain(f"… {len(broken) - _SHOWN}")


def _complain_of(row: PlannedRow, problem: PosError | None = None) -> None:
    told_problem = problem or row.problem
    if told_problem is not None:
        text = said(words(), told_problem)
        complain(words()("bulk.line", line=row.row.line, said=text))


def _tell_row(result: RowResult, at: int, rows: int, *, json_wanted: bool) -> None:
    if json_wanted:
        print_json(_json(result))
    elif result.problem is not None:
        _complain_of(result.planned, result.problem)
    if at % _EVERY == 0 or at == rows:
        complain(words()("bulk.progress", at=at, rows=rows))


def _tell_end(results: Sequence[RowResult], *, json_wanted: bool) -> None:
    sold = sum(each.sale is not None for each in results)
    before = sum(each.before for each in results)
    tell: Callable[[str], None] = complain if json_wanted else say
    tell(words()("bulk.done", sold=sold, refused=len(results) - sold))
    if before:
        tell(words()("bulk.before", before=before))


def _tell_stop(at: int, rows: int, halt: PosError | None, *, json_wanted: bool) -> None:
    if halt is not None:
        if json_wanted:
            print_json({"error": {"code": halt.code, "message": said(words(), halt)}})
        complain(said(words(), halt))
    complain(words()("bulk.stopped", at=at, rows=rows))


def _json(result: RowResult) -> dict[str, Any]:
    planned, sale = result.planned, result.sale
    quote = planned.quote
    problem = None if result.problem is None else result.problem.code
    return {
        "line": planned.row.line,
        "meter": planned.drn,
        "status": status_of(result),
        "total": None if quote is None else quote.total.plain(),
        "units": None if quote is None else units(quote.tenths),
        "receipt": None if sale is None else sale.receipt,
        "tokens": [] if sale is None else [token.digits for token in sale.tokens],
        "problem": problem,
        "message": "" if result.problem is None else said(words(), result.problem),
    }
