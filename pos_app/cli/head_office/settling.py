"""Settlement at the command line: sums of days, a vendor's statement, terms of commission."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import click

from pos_app.adapters.system.new_file import new_file
from pos_app.cli.common import as_json, print_json, say, told, words
from pos_app.cli.head_office.common import acting, folder_argument, opened, person
from pos_app.head_office.acting import Acting
from pos_app.head_office.commission import PARTS
from pos_app.head_office.people import THE_OFFICE

Row = dict[str, Any]
_WIDE: Final = 44
_FINE: Final = 5


@click.command()
@folder_argument
@click.option("--from", "first", required=True, help="First day, YYYY-MM-DD, of the shops.")
@click.option("--to", "last", required=True, help="Last day.")
@click.option("--till", default="", help="Only of this till.")
@click.option("--csv", "file", type=click.Path(path_type=Path, dir_okay=False),
              help="Write all sums by till to this file instead.")  # fmt: skip
@as_json
@told
def settlement(  # noqa: PLR0913 - the parts of one question
    folder: Path, first: str, last: str, till: str, file: Path | None, *, json_wanted: bool
) -> None:
    """Say what tills took, what of it is owed, and what is at the bank."""
    with opened(folder) as rooms:
        finance = Acting(rooms, THE_OFFICE).finance
        if file is not None:
            _write(file, finance.csv((first, last), till))
            return
        found = finance.settlement((first, last), till)
    if json_wanted:
        print_json(found)
        return
    whose = till or words()("headoffice.settle.every-till")
    say(words()("headoffice.settle.days", till=whose, first=found["from"], last=found["to"]))
    for each in found["money"]:
        for line in _of_money(each, found["to"]):
            say(line)
    for each in found["free"]:
        say(words()("headoffice.settle.free", n=each["times"], reason=_reason(each["reason"]),
                    units=_given(each), unit=each["unit"]))  # fmt: skip
    for each in found["forked"]:
        say(words()("headoffice.settle.forked", till=each["till"], currency=each["currency"],
                    amount=_money(each["minor"], each["decimals"])))  # fmt: skip
    if not found["money"]:
        say(words()("headoffice.settle.nothing"))


def _write(file: Path, lines: Iterator[str]) -> None:
    count = -1
    with new_file(file) as out:
        for line in lines:
            out.write(line.encode())
            count += 1
    say(words()("headoffice.settle.written", n=count, path=file))


def _of_money(each: Row, day: str) -> Iterator[str]:
    places, t = each["decimals"], words()
    yield from ("", _title(each))
    yield _line(t("headoffice.settle.gross", n=each["sales"]), each["gross_minor"], places)
    if each["rebuilt"]:
        said = t("headoffice.settle.rebuilt", n=each["rebuilt"])
        yield _line(said, each["rebuilt_minor"], places)
    yield from _less(each)
    yield _line(t("headoffice.settle.to-settle"), each["to_settle_minor"], places)
    yield _line(t("headoffice.settle.deposits", n=each["deposits"]), each["deposits_minor"], places)
    yield _line(t("headoffice.settle.held", day=day), each["cash"]["held_minor"], places)
    for row in each["tenders"]:
        name = _known(f"report.tender.{row['kind']}", row["kind"])
        yield _line(t("headoffice.settle.tender", name=name), row["kept_minor"], places)
    for row in each["lines"]:
        kind = row["what"].removeprefix("line.")
        name = " ".join(filter(None, (_known(row["what"], kind), row["name"], row["detail"])))
        yield _line(t("headoffice.settle.line", name=name), row["minor"], places)
    for row in each["taxes"]:
        if row["name"]:
            facts = {"name": row["name"], "percent": row["percent"]}
            net = _money(row["net_minor"], places)
            yield _line(t("headoffice.settle.tax", **facts, net=net), row["tax_minor"], places)
    for row in each["tariffs"]:
        said = t("headoffice.settle.tariff", name=row["name"], version=row["detail"])
        yield _line(said, row["minor"], places)


def _title(each: Row) -> str:
    key = "headoffice.settle.money-training" if each["training"] else "headoffice.settle.money"
    return words()(key, currency=each["currency"])


def _less(each: Row) -> Iterator[str]:
    """Yield what was given back and what the vendor keeps."""
    places = each["decimals"]
    for name in ("refunds", "compensations"):
        if each[name]:
            said = words()(f"headoffice.settle.{name}", n=each[name])
            yield _line(said, each[f"{name}_minor"], places)
    if each["commission_minor"]:
        said = words()("headoffice.settle.commission")
        yield _line(said, -each["commission_minor"], places)


def _line(said: str, minor: int, places: int) -> str:
    return f"  {said:<{_WIDE}} {_money(minor, places):>16}"


def _money(minor: int, places: int) -> str:
    return f"{Decimal(minor).scaleb(-places):f}"


def _given(each: Row) -> str:
    return _money(each["fine"], _FINE) if each["money"] else _money(each["tenths"], 1)


def _known(key: str, otherwise: str) -> str:
    """Return the word for a name; one that has none stands for itself."""
    return words()(key) if words().has(key) else otherwise


def _reason(code: str) -> str:
    return _known(f"report.free.{code}", code)


@click.command()
@folder_argument
@click.argument("till")
@click.option("--from", "first", required=True, help="First day, YYYY-MM-DD, of the shop.")
@click.option("--to", "last", required=True, help="Last day.")
@as_json
@told
def statement(folder: Path, till: str, first: str, last: str, *, json_wanted: bool) -> None:
    """Say what a vendor owed, sold, gave back, earned and banked, and owes now."""
    with opened(folder) as rooms:
        found = Acting(rooms, THE_OFFICE).finance.statement(till, (first, last))
    if json_wanted:
        print_json(found)
        return
    facts = {"first": found["from"], "last": found["to"], "shop": found["shop"]}
    say(words()("headoffice.statement.head", till=till, **facts))
    for each in found["accounts"]:
        for line in _of_account(each):
            say(line)
    if not found["accounts"]:
        say(words()("headoffice.settle.nothing"))


def _of_account(each: Row) -> Iterator[str]:
    places, t = each["decimals"], words()
    yield from ("", _title(each))
    yield _line(t("headoffice.statement.opening"), each["opening_minor"], places)
    yield _line(t("headoffice.settle.gross", n=each["sales"]), each["gross_minor"], places)
    yield from _less(each)
    for slip in each["deposit_slips"]:
        said = t("headoffice.statement.deposit", day=slip["day"], reference=slip["reference"])
        yield _line(said, -slip["amount_minor"], places)
    yield _line(t("headoffice.statement.closing"), each["closing_minor"], places)


@click.group()
def commission() -> None:
    """Set what vendors earn, from a day on; list what was set."""


@commission.command("set")
@folder_argument
@click.argument("till")
@click.argument("currency")
@click.option("--percent", "sale_percent", default="0", help="Per cent of sales.")
@click.option("--per-unit", "unit_amount", default="0", help="For each unit sold, like 0.015.")
@click.option("--per-free-token", "free_token_amount", default="0",
              help="For each token of free units.")  # fmt: skip
@click.option("--debt-percent", default="0", help="Per cent of debt collected.")
@click.option("--from", "from_day", default="", help="The first day; today unless said.")
@click.option("--note", default="", help="Why; needed for a day before today.")
@acting
@told
def put(folder: Path, till: str, note: str, by: str, **values: str) -> None:
    """Set what TILL earns in CURRENCY. What was set before stays for the days before."""
    with opened(folder) as rooms:
        finance = Acting(rooms, person(rooms.office, by)).finance
        terms = finance.set_terms(till, values, note)
    facts = {name: f"{getattr(terms, name):f}" for name in PARTS}
    said = {"till": till, "from_day": terms.from_day, "currency": values["currency"].upper()}
    say(words()("headoffice.commission.set", **said, **facts))


@commission.command("list")
@folder_argument
@click.option("--till", default="", help="Only of this till.")
@as_json
@told
def every(folder: Path, till: str, *, json_wanted: bool) -> None:
    """List the terms that were ever set."""
    with opened(folder) as rooms:
        found = Acting(rooms, THE_OFFICE).finance.terms(till)
    if json_wanted:
        print_json({"terms": found})
        return
    for each in found:
        note = f" ({each['note']})" if each["note"] else ""
        say(words()("headoffice.commission.line", **(each | {"note": note})))
    if not found:
        say(words()("headoffice.commission.none"))
