"""From a quote to the tokens it asks for."""

from __future__ import annotations

import math
from decimal import Decimal

from pos_app.application.token_kinds import CREDIT, FINE_DECIMALS, FREE, MONEY, fine_amount
from pos_app.application.token_ports import TokenWish
from pos_app.domain.tariff.quote import LineKind, Quote
from pos_app.sts.amounts import encodable_currency


def wishes(quote: Quote) -> tuple[TokenWish, ...]:
    """Return the tokens of a purchase in the order of entry: free units come before bought ones."""
    free = (TokenWish(FREE, quote.free_tenths),) if quote.free_tenths else ()
    if not quote.total.minor:
        return free
    if quote.credit is None:
        return (*free, TokenWish(CREDIT, quote.tenths))
    fine = quote.credit.minor * 10 ** (FINE_DECIMALS - quote.credit.currency.decimals)
    return (*free, TokenWish(MONEY, 0, fine))


def free_tenths(quote: Quote) -> int:
    """Return the free units of a purchase, on a token of their own or on the bought one."""
    units = sum((line.units or 0 for line in quote.lines if line.kind is LineKind.FREE), Decimal(0))
    return quote.free_tenths or math.ceil(units * 10)


def credit_of(quote: Quote) -> Decimal | None:
    """Return the money a meter will count up by, as the token can say it; None for units."""
    if quote.credit is None:
        return None
    return fine_amount(encodable_currency(wishes(quote)[-1].fine))
