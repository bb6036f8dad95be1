"""Tariff files on the command line: their own examples, and a quote with every line."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import click

from pos_app.cli.common import REFUSED, as_json, complain, print_json, say, told, words
from pos_app.cli.files import TariffUnreadable, content_of
from pos_app.cli.tariff_text import lines_of, quote_values
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, Money
from pos_app.domain.tariff.account import Account, Adjustment, Carried, Debt
from pos_app.domain.tariff.examples import ExampleFailure, check_examples
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.refusals import TariffInvalid, TariffProblem
from pos_app.domain.tariff.succession import check_succession
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.tariff.units import parse_units
from pos_app.domain.usual import units_of_days

T = TypeVar("T")

_NEAR = frozenset({TariffProblem.UNKNOWN})


class TariffQuestionInvalid(PosError):
    """An option of a quote cannot be used. Facts: `field`, `typed`."""

    code: ClassVar[str] = "tariff-question-invalid"


@click.group()
def tariff() -> None:
    """Check tariff files, and price a purchase from one."""


@tariff.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_json
@told
def check(files: tuple[Path, ...], *, json_wanted: bool) -> None:
    """Read tariff FILES, run their own examples, and compare versions of the same tariff."""
    passed, failed = 0, 0
    failures: list[tuple[Path, ExampleFailure]] = []
    faults: list[str] = []
    read: dict[Path, Tariff] = {}
    for path in files:
        try:
            read[path] = _read(path)
        except TariffInvalid as fault:
            faults.append(fault_sentence(path, fault))
            continue
        result = check_examples(read[path])
        passed, failed = passed + result.passed, failed + result.failed
        failures += ((path, failure) for failure in result.failures)
    faults += _succession_faults(read)
    if json_wanted:
        stated = [
            {"file": str(path), "id": f.id, "expected": f.expected, "found": f.found}
            for path, f in failures
        ]
        print_json({"passed": passed, "failed": failed, "failures": stated, "faults": faults})
    else:
        for path, one in failures:
            facts = {"id": one.id, "expected": one.expected, "found": one.found}
            say(words()("tariff.failure", path=path, **facts))
        if read:
            say(words()("tariff.checked", passed=passed, failed=failed))
    for sentence in faults:
        complain(sentence)
    if failed or faults:
        sys.exit(REFUSED)


def _read(path: Path) -> Tariff:
    return parse_tariff(text_of(path))


def text_of(path: Path) -> str:
    """Return a tariff file's text; raises `TariffUnreadable`."""
    try:
        return content_of(path).decode("utf-8")
    except UnicodeDecodeError:
        raise TariffUnreadable(path=str(path), reason="its bytes are no UTF-8 text") from None


def _good(file: Path, *, json_wanted: bool = False) -> Tariff:
    """Return the tariff of a file, or tell its first fault and end."""
    try:
        return _read(file)
    except TariffInvalid as fault:
        complain(fault_sentence(file, fault))
        if json_wanted:
            facts = {"line": fault.line, "field": fault.field, "problem": fault.problem.value}
            print_json({"error": {"code": fault.code, "facts": facts}})
        sys.exit(REFUSED)


def fault_sentence(path: Path, fault: TariffInvalid) -> str:
    """Return one sentence: file, line, field, what is wrong with it."""
    say_it = words()
    facts = {
        "path": str(path),
        "line": fault.line,
        "field": fault.field or say_it("tariff.whole-file"),
        "problem": say_it(f"tariff.problem.{fault.problem.value}"),
        "detail": fault.detail,
    }
    if not fault.line:
        return say_it("tariff.fault-versions", **facts)
    if not fault.detail:
        return say_it("tariff.fault", **facts)
    return say_it("tariff.fault-near" if fault.problem in _NEAR else "tariff.fault-detail", **facts)


def _succession_faults(read: dict[Path, Tariff]) -> list[str]:
    ordered = sorted(read.items(), key=lambda item: (item[1].id, item[1].version))
    faults: list[str] = []
    for (_, old), (path, new) in itertools.pairwise(ordered):
        if old.id == new.id:
            try:
                check_succession(old, new)
            except TariffInvalid as fault:
                faults.append(fault_sentence(path, fault))
    return faults


@tariff.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--date", "on", required=True, help="The day whose prices are shown.")
@told
def hours(file: Path, on: str) -> None:
    """Show a day's prices by time of use, from 00:00 to 24:00."""
    stretches = _good(file).hours(_day("--date", on))
    for part in stretches:
        facts = {"start": part.start, "end": part.end, "name": part.name, "price": part.price}
        say(words()("tariff.hours", **facts))
    if not stretches:
        say(words()("tariff.no-hours"))


@tariff.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--tender", help="The money that the customer pays.")
@click.option("--units", "units_wanted", help="The units that the customer wants, instead.")
@click.option("--days", "days_wanted", help="Days at a use of units a day, instead: 30/5.5.")
@click.option("--bought-this-month", default="0", help="Units that count in this month so far.")
@click.option("--spent-this-month", help="Money that went to units in this month so far.")
@click.option("--average", help="Units of the account's average month.")
@click.option("--date", "on", help="Day of the purchase; a tariff not in force then is refused.")
@click.option("--last-purchase", help="Day of the last purchase; charges count from it.")
@click.option("--months-due", type=click.IntRange(0, 1200), help="Months due, instead of dates.")
@click.option("--days-due", type=click.IntRange(0, 40_000), help="Days due, instead of dates.")
@click.option("--free-taken", help="Free units this month has given; without it there are none.")
@click.option("--carried", multiple=True, metavar="NAME:AMOUNT", help="Still due of a charge.")
@click.option("--debt", multiple=True, metavar="NAME:AMOUNT", help="A debt of the account.")
@click.option(
    "--adjustment",
    multiple=True,
    metavar="NAME:AMOUNT",
    help="A correction: above 0 is collected, below 0 given back.",
)
@as_json
@told
def quote(
    file: Path,
    tender: str | None,
    units_wanted: str | None,
    days_wanted: str | None,
    *,
    json_wanted: bool,
    **state: Any,
) -> None:
    """Price a purchase from a tariff FILE and show every line."""
    source = _good(file, json_wanted=json_wanted)
    if sum(each is not None for each in (tender, units_wanted, days_wanted)) != 1:
        raise click.UsageError("Give one of --tender, --units and --days.")
    account = _account(state, source.currency)
    if tender is not None:
        found = source.for_money(Money.parse(tender, source.currency), account)
    elif days_wanted is not None:
        found = source.for_units(units_of_days(days_wanted, None)[0], account)
    else:
        found = source.for_units(parse_units(units_wanted or ""), account)
    if json_wanted:
        print_json(quote_values(source, found))
        return
    for line in lines_of(source, found, words()):
        say(line)


def _account(state: dict[str, Any], currency: Currency) -> Account:
    if state["last_purchase"] and not state["on"]:
        raise click.UsageError("--last-purchase needs --date.")
    spent = state["spent_this_month"]
    return Account(
        bought=_decimal("--bought-this-month", state["bought_this_month"]),
        spent=None if spent is None else _money("--spent-this-month", spent, currency),
        average=_maybe("--average", state["average"], _decimal),
        on=_maybe("--date", state["on"], _day),
        last_purchase=_maybe("--last-purchase", state["last_purchase"], _day),
        months_due=state["months_due"],
        days_due=state["days_due"],
        free_taken=_maybe("--free-taken", state["free_taken"], _decimal),
        carried=tuple(Carried(*pair) for pair in _pairs("--carried", state["carried"], currency)),
        debts=tuple(Debt(*pair) for pair in _pairs("--debt", state["debt"], currency)),
        adjustments=tuple(
            Adjustment(*pair) for pair in _pairs("--adjustment", state["adjustment"], currency)
        ),
    )


def _maybe(field: str, typed: str | None, read: Callable[[str, str], T]) -> T | None:
    return None if typed is None else read(field, typed)


def _decimal(field: str, typed: str) -> Decimal:
    try:
        value = Decimal(typed)
    except InvalidOperation:
        raise TariffQuestionInvalid(field=field, typed=typed[:40]) from None
    if not value.is_finite() or value < 0:
        raise TariffQuestionInvalid(field=field, typed=typed[:40])
    return value


def _money(field: str, typed: str, currency: Currency) -> Money:
    sign, text = (-1, typed[1:]) if typed.startswith("-") else (1, typed)
    minor = _decimal(field, text).scaleb(currency.decimals)
    if minor != minor.to_integral_value() or minor > 10**12:
        raise TariffQuestionInvalid(field=field, typed=typed[:40])
    return Money(sign * int(minor), currency)


def _day(field: str, typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise TariffQuestionInvalid(field=field, typed=typed[:40]) from None


def _pairs(field: str, typed: Sequence[str], currency: Currency) -> list[tuple[str, Money]]:
    pairs: list[tuple[str, Money]] = []
    for text in typed:
        name, found, amount = text.rpartition(":")
        if not (name and found) or (field != "--adjustment" and amount.startswith("-")):
            raise TariffQuestionInvalid(field=field, typed=text[:40])
        pairs.append((name, _money(field, amount, currency)))
    return pairs
