"""The steps of a key change: numbered tokens, each with what the meter shows after it.

Old tokens come first: after the change the meter takes them no more, and nobody gives them back.
"""

from __future__ import annotations

from collections.abc import Iterator

from pos_app.application.key_change_records import SaleKeyChange
from pos_app.application.slip.layout import Block, Gap, Size, Text, TokenBlock
from pos_app.application.words import Words
from pos_app.domain.meter_key import MeterKey


def key_steps(words: Words, change: SaleKeyChange) -> Iterator[Block]:
    """Yield the tokens of a key change, numbered from 1."""
    last = len(change.digits)
    yield Gap(0.5)
    yield Text(words("keyslip.order"), bold=True)
    yield Text(words("keyslip.first"), size=Size.FINE)
    for step, digits in enumerate(change.digits, 1):
        yield Gap(0.5)
        yield TokenBlock(digits, step_caption(words, step, last), step)
    yield Text(words("keyslip.minutes", last=last), size=Size.FINE)


def step_caption(words: Words, step: int, last: int) -> str:
    """Return what a meter shows after a step of a key change of `last` steps."""
    if step == last:
        return words("keyslip.changed", step=step)
    return words("keyslip.waits", step=step, next=step + 1)


def key_line(words: Words, old: MeterKey, new: MeterKey) -> str:
    """Return which key became which, in one line for the small print."""
    return words("keyslip.keys", old=short_key(old), new=short_key(new))


def short_key(key: MeterKey) -> str:
    """Return what people compare of a key: SGC, KRN, TI and base date."""
    return f"{key.sgc}/{key.krn}/{key.ti:02d}/{key.base}"
