"""What a close says of refunds and compensations: how many, how much, and what is left of sales."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pos_app.application.slip.layout import Block, Pair, Rule, Size, Text
from pos_app.application.words import Words
from pos_app.domain.money import Money
from pos_app.domain.shift import (
    COMPENSATION,
    REFUND,
    REFUNDED,
    SALE,
    Tally,
    amount_of,
    currencies,
)


def put_right(
    words: Words, tallies: Sequence[Tally], said: Callable[[Money], str]
) -> Iterator[Block]:
    """Yield the lines of every currency in which something was put right."""
    given = [tally for tally in tallies if tally.name in {REFUND, COMPENSATION}]
    for currency in currencies(given):
        yield Rule()
        yield Text(words("zslip.given-back"), size=Size.FINE)
        for tally in (each for each in given if each.currency == currency.code):
            label = f"{words(f'zslip.{tally.name}')} ({tally.times})"
            yield Pair(label, said(Money(-tally.amount, currency)))
        for tally in tallies:
            if tally.currency == currency.code and tally.name.startswith(REFUNDED):
                label = words("zslip.back-by", way=_way(words, tally.name))
                yield Pair(label, said(Money(-tally.amount, currency)), Size.FINE)
        parts = (REFUND, COMPENSATION)
        less = sum(amount_of(tallies, name, currency).minor for name in parts)
        net = amount_of(tallies, SALE, currency) - Money(less, currency)
        yield Pair(words("zslip.net"), said(net), bold=True)


def _way(words: Words, name: str) -> str:
    kind = name.removeprefix(REFUNDED)
    key = f"zslip.tender-{kind}"
    return words(key) if words.has(key) else kind
