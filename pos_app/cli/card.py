"""``tokentill card``: card payments of which nobody knows whether they came through."""

from __future__ import annotations

import click

from pos_app.application.card_payment import CARD, CardHow, TerminalMissing, Wanted
from pos_app.application.card_ports import CardAnswer, CardOutcome
from pos_app.application.parked import ParkedSale
from pos_app.cli.common import (
    ShopAccess,
    as_json,
    opened,
    print_json,
    say,
    shop_options,
    signed_in,
    told,
    words,
)
from pos_app.cli.parked import parked_json
from pos_app.domain.money import Money
from pos_app.domain.tender_kind import TenderKind


@click.group()
def card() -> None:
    """Card payments that are not clear: they stand in `parked list` until someone knows."""


@card.command()
@click.option("--meter", required=True, help="The meter's number (DRN or meterPAN).")
@click.option("--amount", required=True, help="What the card was asked for.")
@shop_options
@as_json
@told
def unclear(meter: str, amount: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Note that the terminal beside the till gave no answer; no token is made."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        drn = shop.desk.meter_number(meter)
        currency = shop.desk.currency_of(drn)
        charge = Money.parse(amount, currency)
        cards = shop.desk.cards
        asked = cards.ask(operator.id, Wanted(drn, currency, charge), charge)
        found = cards.answered(operator.id, asked.number, CardAnswer(CardOutcome.UNKNOWN))
    _told(asked.number, found, "pay.card-unclear", json_wanted=json_wanted)


@card.command()
@click.argument("number", type=int)
@shop_options
@as_json
@told
def query(number: int, access: ShopAccess, *, json_wanted: bool) -> None:
    """Ask the terminal what became of payment NUMBER; this charges nothing."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        cards = shop.desk.cards
        if cards.terminal is None:
            raise TerminalMissing
        asked = shop.desk.parked.one(number)
        answer = cards.terminal.query(cards.request(asked).attempt)
        found = cards.answered(operator.id, number, answer, CardHow.QUERY)
    _settled(number, found, json_wanted=json_wanted)


@card.command()
@click.argument("number", type=int)
@click.option("--charged/--not-charged", required=True, help="What the terminal's record says.")
@click.option("--approval", default="", help="The approval code, when it was charged.")
@click.option("--reason", required=True, help="How you know.")
@shop_options
@as_json
@told
def resolve(  # noqa: PLR0913 - one parameter an option
    number: int,
    approval: str,
    reason: str,
    access: ShopAccess,
    *,
    charged: bool,
    json_wanted: bool,
) -> None:
    """Settle payment NUMBER on a supervisor's word."""
    outcome = CardOutcome.YES if charged else CardOutcome.NO
    with opened(access) as shop:
        operator = signed_in(shop, access)
        kinds = {kind.code: kind for kind in shop.desk.tenders()}
        kind = kinds.get(CARD, TenderKind(CARD))
        answer = CardAnswer(outcome, approval)
        found = shop.desk.cards.resolve(operator.id, number, answer, kind, reason)
    _settled(number, found, json_wanted=json_wanted)


@card.command()
@click.argument("number", type=int)
@click.option("--reason", required=True, help="How it went back.")
@shop_options
@as_json
@told
def refunded(number: int, reason: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Note that a supervisor gave back what the card of NUMBER paid without a sale."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        shop.desk.cards.refunded(operator.id, number, reason)
    _told(number, None, "pay.card-refunded", json_wanted=json_wanted)


def _settled(number: int, found: ParkedSale | None, *, json_wanted: bool) -> None:
    if found is None:
        key = "pay.card-settled-no"
    else:
        key = "pay.card-settled-yes" if found.approval else "pay.card-unclear"
    _told(number, found, key, json_wanted=json_wanted)


def _told(number: int, found: ParkedSale | None, key: str, *, json_wanted: bool) -> None:
    if json_wanted:
        print_json({"number": number, "parked": found and parked_json(found)})
        return
    charge = found.card.plain() if found and found.card else ""
    facts = {"approval": found.approval if found else "", "amount": charge}
    say(words()(key, number=number, **facts))
