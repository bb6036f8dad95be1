"""Commands of the counter: find, quote, sell, reprint, the day's sales, the true numbers."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pos_app.application.records import MeterCard, MeterHit, QuoteAnswer
from pos_app.application.reprint import ReprintReason
from pos_app.application.sale import Sale
from pos_app.application.token_wishes import credit_of
from pos_app.cli.asked import AskedText, asked_options
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
from pos_app.cli.office_json import status_json as office_json
from pos_app.cli.orders import TypedOrder, order
from pos_app.cli.sales_json import (
    card_json,
    hit_json,
    quote_json,
    row_json,
    sale_json,
    status_json,
    units,
)
from pos_app.cli.stream import sell_stream
from pos_app.cli.tariff_text import edge_text
from pos_app.domain.errors import PosError

if TYPE_CHECKING:
    from pos_app.bootstrap.shop import OpenShop

LONGEST_TRACK = 400


def _slip_names(_: click.Context, __: click.Parameter, paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """Refuse a name before anything is sold under it."""
    for path in paths:
        if path.suffix.lower() not in {".png", ".pdf", ".bin"}:
            raise click.BadParameter("a slip's name ends in .png, .pdf or .bin.")
    return paths


_SLIP = click.option(
    "--slip",
    "slips",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_slip_names,
    help="Leave the slip in this .png, .pdf or .bin (ESC/POS) file; may be repeated.",
)


@click.command()
@click.argument("text", default="")
@click.option("--card", is_flag=True, help="Read a meter card's track 2 from standard input.")
@shop_options
@as_json
@told
def lookup(text: str, access: ShopAccess, *, card: bool, json_wanted: bool) -> None:
    """Find meters by any fragment of number, name, phone, address or account, or by a card."""
    if card == bool(text):
        raise click.UsageError("Give a text to find, or --card.")
    with opened(access) as shop:
        if card:
            text = _meter_of_card(shop)
        hits = shop.desk.find(text)
        found = shop.desk.card(hits[0].drn) if len(hits) == 1 else None
    if json_wanted:
        print_json({"meters": [hit_json(hit) for hit in hits], "card": found and card_json(found)})
    elif found is not None:
        _say_card(found)
    elif hits:
        for hit in hits:
            _say_hit(hit)
    else:
        say(words()("cli.nothing-found", text=text[:40]))
    if not hits:
        sys.exit(REFUSED)


def _meter_of_card(shop: OpenShop) -> str:
    """Return the meter of the track on standard input: never an argument, which others can see."""
    found = shop.desk.find_card(sys.stdin.readline(LONGEST_TRACK))
    if found.differs:
        complain(words()("cli.card-differs", what=", ".join(found.differs)))
    return found.drn


@click.command()
@click.option("--meter", required=True, help="The meter's number (DRN or meterPAN).")
@asked_options
@shop_options
@as_json
@told
def quote(meter: str, asked: AskedText, access: ShopAccess, *, json_wanted: bool) -> None:
    """Say what money buys or units cost (a trial: nothing is written, no token is made)."""
    asked.one()
    with opened(access) as shop:
        desk = shop.desk
        card = desk.card(desk.meter_number(meter))
        money, tenths, pace = asked.read(card)
        answer = desk.quote(card.meter.drn, money, tenths)
    if pace is not None:
        answer = replace(answer, days=pace.days_of(answer.quote.tenths), pace=pace)
    if json_wanted:
        print_json(quote_json(card, answer))
    else:
        _say_quote(card, answer)


def _say_quote(card: MeterCard, answer: QuoteAnswer) -> None:
    said = answer.quote
    say(f"{card.meter.name}  {card.meter.drn}")
    say(f"{card.currency.code} {said.total.plain()} = {units(said.tenths)} {card.unit}")
    if answer.days is not None:
        say(words()("till.days.about", n=answer.days))
    if said.credit is not None:
        facts = {"currency": card.currency.code, "credit": credit_of(said)}
        say(words()("tariff.credit", **facts))
    for part in answer.hours:
        prices = {"start": part.start, "end": part.end, "name": part.name, "price": part.price}
        say(words()("tariff.hours", **prices))
    if said.free_tenths:
        say(words()("tariff.free", units=units(said.free_tenths), unit=card.unit))
    for line in said.lines:
        what = line.name or f"{line.units} {card.unit} x {line.price}"
        say(f"  {what:<40} {line.amount.plain():>12}")
        if line.left is not None and line.left.minor:
            say(f"    {words()('tariff.line-left', left=line.left.plain())}")
    if answer.edge is not None:
        say(edge_text(words(), answer.edge))


@click.command()
@click.option("--meter", help="The meter's number (DRN or meterPAN).")
@asked_options
@click.option("--free", is_flag=True, help="The month's free units alone, for no money.")
@click.option(
    "--tender",
    "tenders",
    multiple=True,
    help="What is handed over: TYPE:AMOUNT[:REFERENCE], e.g. cash:50; may be repeated.",
)
@click.option("--keep-change", is_flag=True, help="Put the change into the customer's wallet.")
@click.option("--sale-id", help="Your own id of this sale: the same id never sells twice.")
@click.option("--again", is_flag=True, help="Sell although the same sale was made moments ago.")
@click.option("--stream", is_flag=True, help="A JSON order per line of standard input.")
@_SLIP
@shop_options
@as_json
@told
def sell(  # noqa: PLR0913, PLR0917 - one parameter an option
    meter: str | None,
    asked: AskedText,
    tenders: tuple[str, ...],
    sale_id: str | None,
    slips: tuple[Path, ...],
    access: ShopAccess,
    *,
    again: bool,
    free: bool,
    keep_change: bool,
    stream: bool,
    json_wanted: bool,
) -> None:
    """Sell: the token is shown when the sale is on disk.

    With --stream each line of standard input is an order, {"meter": "...", "amount": "50",
    "tender": "cash:50", "id": "..."} ("units" or "days" for "amount", "tender" and "id" optional;
    "tender" may be a list, e.g. ["cheque:30:000123", "cash:20"]),
    and each line of standard output a committed sale; refused lines go to standard error.
    """
    if stream:
        _sell_stream(access)
        return
    if meter is None:
        raise click.UsageError("--meter is needed without --stream.")
    if not free or asked.count() or tenders:
        asked.one()
    with opened(access) as shop:
        operator = signed_in(shop, access)
        typed = TypedOrder(
            meter, asked, tenders, sale_id, again, free=free, keep_change=keep_change
        )
        sale = shop.desk.sell(order(shop.desk, operator.id, typed))
        if json_wanted:
            print_json(sale_json(sale))
        else:
            say_sale(sale)
        _leave_slips(shop, sale.receipt, 0, slips, json_wanted=json_wanted)


def _sell_stream(access: ShopAccess) -> None:
    with opened(access) as shop:
        operator = signed_in(shop, access)
        refused = sell_stream(shop.desk, operator.id, sys.stdin.buffer)
    if refused:
        sys.exit(REFUSED)


@click.command()
@click.argument("receipt")
@click.option(
    "--reason",
    type=click.Choice([reason.value for reason in ReprintReason]),
    default=ReprintReason.LOST.value,
    show_default=True,
)
@_SLIP
@shop_options
@as_json
@told
def reprint(
    receipt: str, reason: str, slips: tuple[Path, ...], access: ShopAccess, *, json_wanted: bool
) -> None:
    """Make a copy of a slip: the same token, marked COPY and counted."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        sale, copy = shop.desk.reprint(receipt, reason, operator.id)
        if json_wanted:
            print_json({"copy": copy, **sale_json(sale)})
        else:
            say(words()("cli.copy", number=copy, receipt=sale.receipt))
            say_sale(sale)
        _leave_slips(shop, sale.receipt, copy, slips, json_wanted=json_wanted)


@click.command()
@click.argument("text", default="")
@shop_options
@as_json
@told
def sales(text: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """List today's sales, newest first, by any fragment of receipt, meter or name."""
    with opened(access) as shop:
        rows = shop.desk.sales_today(text)
    if json_wanted:
        print_json({"sales": [row_json(row) for row in rows]})
        return
    if not rows:
        say(words()("cli.no-sales"))
    for row in rows:
        money = f"{row.total.currency.code} {row.total.plain()}"
        bought = f"{units(row.tenths)} {row.unit}"
        right = words()(f"uiredress.row-{row.redress}") if row.redress else ""
        say(f"{row.receipt}  {row.drn}  {row.name:<28} {money:>16} {bought:>14}  {right}".rstrip())


@click.command()
@shop_options
@as_json
@told
def status(access: ShopAccess, *, json_wanted: bool) -> None:
    """Say the true numbers of the status bar."""
    with opened(access) as shop:
        till = shop.desk.status()
        held = shop.desk.office.status()
    beside = office_json(held, till)
    values = status_json(till)
    if json_wanted:
        print_json({**values, "office": beside})
        return
    for due in values.pop("drop_due"):
        say(words()("shift.drop-due", **due | {"name": due["operator"]}))
    for key in values.pop("keys_due"):
        say(words()("keys.due-ended" if not key["days"] else "keys.due", **key))
    if values["rules_outside"]:
        say(words()("shift.rules-outside"))
    if held.standing.problem is not None:
        say(words().of_error(held.standing.problem))
    for name, value in values.items():
        shown = ", ".join(map(_said_sum, value)) if isinstance(value, list) else value
        say(f"{name:<18} {'-' if shown in {None, ''} else shown}")


def _said_sum(values: dict[str, Any]) -> str:
    return f"{values['currency']} {values['total']} ({values['sales']})"


def _say_hit(hit: MeterHit) -> None:
    mark = words()("cli.blocked") if hit.blocked else ""
    say(f"{hit.drn}  {hit.name:<28} {hit.phone:<12} {hit.address}  {mark}".rstrip())


def _say_card(card: MeterCard) -> None:
    for name, value in card_json(card).items():
        if value not in (None, ""):
            say(f"{name:<18} {value}")


def say_sale(sale: Sale) -> None:
    """Write a sale with its tokens to standard output."""
    if sale.training:
        say(words()("cli.training"))
    say(f"{sale.meter.name}  {sale.meter.drn}")
    if sale.key_change:
        say(words()("keychange.order"))
    for digits in sale.digits:
        say("  ".join(digits[at : at + 4] for at in range(0, len(digits), 4)))
    total, change = sale.money(sale.total_minor), sale.money(sale.change_minor)
    bought = f"{units(sale.tenths or sale.free_tenths)} {sale.meter.unit}"
    facts = {"currency": sale.currency, "total": total.plain(), "change": change.plain()}
    say(words()("cli.sold", receipt=sale.receipt, units=bought, **facts))
    if sale.wallet_after_minor is not None:
        kept, held = sale.money(sale.wallet_in_minor), sale.money(sale.wallet_after_minor)
        say(words()("pay.wallet-after", kept=kept.plain(), held=held.plain()))


def _leave_slips(
    shop: OpenShop, receipt: str, copy: int, paths: tuple[Path, ...], *, json_wanted: bool
) -> None:
    """Write slip files and serve the printer; the sale stands whatever happens here."""
    from pos_app.bootstrap.paper import leave_slip, print_waiting  # noqa: PLC0415 - brings Qt

    for path in paths:
        try:
            leave_slip(shop, receipt, copy, path)
        except PosError as problem:
            complain(words().of_error(problem))
        else:
            if not json_wanted:
                say(words()("cli.slip-left", path=str(path)))
    try:
        trouble = print_waiting(shop)
    except PosError as problem:
        said = words().of_error(problem)
    else:
        said = words()(f"print.{trouble}") if trouble else ""
    if said:
        complain(words()("cli.not-printed", problem=said, receipt=receipt))
