"""The head of every paper that is no sale: what it is, whose, a copy or not."""

from __future__ import annotations

from collections.abc import Iterator

from pos_app.application.records import ShopIdentity
from pos_app.application.slip.layout import Align, Banner, Block, Gap, Size, Text
from pos_app.application.words import Words


def heading(
    words: Words, identity: ShopIdentity, title: str, copy: int, *, training: bool
) -> Iterator[Block]:
    """Yield the head; `copy` 0 is the original."""
    if training:
        yield Banner(words("slip.training"))
    if copy:
        yield Banner(words("slip.copy", number=copy))
    yield Text(title, Align.CENTRE, Size.LARGE, bold=True)
    till = words("zslip.till", number=identity.till)
    yield Text(f"{identity.shop} · {till}", Align.CENTRE)
    yield Gap(0.5)


def kept(words: Words, figures: str) -> str:
    """Return figures whose groups keep their order amid words from right to left.

    Unicode Bidirectional Algorithm (UAX 9), LRI and PDI; other languages get them as they are.
    """
    return f"\u2066{figures}\u2069" if words.right_to_left and figures else figures
