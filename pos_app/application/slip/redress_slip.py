"""The slip of a refund or a compensation, with two lines to sign, and the mark on the old slip.

Pure: an entry in, a slip out. What is not known yet (a draft on the screen) is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from pos_app.application.records import ShopIdentity, ShopMode
from pos_app.application.redress_records import Redress
from pos_app.application.shop_time import local
from pos_app.application.slip.compose import SlipWriter, grouped
from pos_app.application.slip.heading import heading
from pos_app.application.slip.layout import (
    Align,
    Banner,
    Block,
    Code,
    Gap,
    Pair,
    Rule,
    Size,
    Slip,
    Text,
    TokenBlock,
)
from pos_app.application.words import Words
from pos_app.domain.money import Money
from pos_app.domain.redress import TokenFate


@dataclass(frozen=True, slots=True)
class RedressSlipWriter:
    """Writes signature slips of one shop in one language."""

    words: Words
    identity: ShopIdentity

    def of(self, redress: Redress, copy: int = 0) -> Slip:
        """Return the slip; `copy` 0 is the original."""
        title = self.words(f"redress.title-{redress.kind}")
        blocks = [
            *self._top(title, redress, copy),
            *self._sale(redress),
            Rule(),
            *self._given(redress),
            Rule(),
            *self._why(redress),
            *self._signatures(redress),
        ]
        if self._training(redress):
            blocks += [Gap(0.5), Banner(self.words("slip.training"))]
        return Slip(
            redress.slip or title, tuple(blocks), self.words.language, self.words.right_to_left
        )

    def marked(self, slip: Slip, redress: Redress) -> Slip:
        """Return a sale's slip as it prints once the sale was put right.

        It says so where it cannot be missed, and neither the token nor the code that holds it is
        printed again: what they were worth was given back.
        """
        kept = [block for block in slip.blocks if not isinstance(block, (TokenBlock, Code))]
        first = next((at for at, each in enumerate(kept) if not isinstance(each, Banner)), 0)
        facts = {"slip": redress.slip, "at": self._at(redress)}
        mark: list[Block] = [
            Banner(self.words(f"redress.mark-{redress.kind}", amount=self._money(redress.amount))),
            Text(self.words("redress.mark-slip", **facts), Align.CENTRE),
            Text(self.words("redress.withheld"), Align.CENTRE, Size.FINE),
            Gap(0.5),
        ]
        return replace(slip, blocks=(*kept[:first], *mark, *kept[first:]))

    def _top(self, title: str, redress: Redress, copy: int) -> Iterator[Block]:
        yield from heading(self.words, self.identity, title, copy, training=self._training(redress))
        if redress.slip:
            yield Pair(self.words("slip.receipt", receipt=redress.slip), self._at(redress))

    def _sale(self, redress: Redress) -> Iterator[Block]:
        yield Pair(self.words("redress.for"), redress.receipt, bold=True)
        yield Pair(self.words("slip.meter"), grouped(redress.drn))
        yield Text(redress.name)
        yield Pair(
            self.words("redress.sold-for", currency=redress.currency),
            self._money(redress.money(redress.total_minor)),
        )

    def _given(self, redress: Redress) -> Iterator[Block]:
        for kind, minor in redress.parts:
            key = f"slip.tender-{kind}"
            said = self.words(key) if self.words.has(key) else kind
            yield Pair(self.words("redress.back-by", way=said), self._money(redress.money(minor)))
        if redress.new_drn:
            yield Pair(self.words("redress.new-meter"), grouped(redress.new_drn), bold=True)
            yield Text(redress.new_name)
            if redress.new_receipt:
                yield Pair(self.words("redress.new-receipt"), redress.new_receipt)
        label = self.words(f"redress.given-{redress.kind}", currency=redress.currency)
        yield Pair(label, self._money(redress.amount), bold=True)

    def _why(self, redress: Redress) -> Iterator[Block]:
        if redress.reason:
            yield Pair(self.words("redress.reason"), self.words(f"redress.reason-{redress.reason}"))
        if redress.note:
            yield Text(redress.note)
        if redress.token:
            yield Pair(self.words("redress.token"), self.words(f"redress.token-{redress.token}"))
        if redress.claim_tenths:
            units = self._number(Decimal(redress.claim_tenths).scaleb(-1))
            facts = {
                "meter": self._number_in_words(redress.drn),
                "units": units,
                "unit": redress.unit,
            }
            yield Text(self.words("redress.claim", **facts), size=Size.FINE)

    def _signatures(self, redress: Redress) -> Iterator[Block]:
        yield Gap(0.5)
        yield Text(self.words(f"redress.promise-{redress.kind}"), size=Size.FINE)
        if redress.token != TokenFate.ENTERED:
            yield Text(self.words("redress.promise-token"), size=Size.FINE)
        signs = (self.words("redress.signs-customer"), self._approved(redress))
        for said in signs:
            yield Gap(2)
            yield Rule()
            yield Text(said, size=Size.FINE)
        if redress.operator_name:
            asked = self.words("redress.asked-by", name=redress.operator_name)
            yield Text(asked, size=Size.FINE)

    def _approved(self, redress: Redress) -> str:
        return self.words("redress.signs-approver", name=redress.approver_name).strip()

    def _training(self, redress: Redress) -> bool:
        """Tell whether the slip has no value; a draft has none in a training shop."""
        drafted = not redress.slip and self.identity.mode is ShopMode.TRAINING
        return redress.training or drafted

    def _at(self, redress: Redress) -> str:
        return local(redress.at_ms, redress.offset_minutes).strftime("%Y-%m-%d %H:%M")

    def _money(self, amount: Money) -> str:
        return SlipWriter(self.words, self.identity).money(amount)

    def _number_in_words(self, drn: str) -> str:
        """Return a meter's number for the middle of a sentence.

        Groups of digits would change places in a line from right to left, so there the number is
        isolated (Unicode Bidirectional Algorithm, LRI and PDI).
        """
        number = grouped(drn)
        return f"\u2066{number}\u2069" if self.words.right_to_left else number

    def _number(self, value: Decimal) -> str:
        return SlipWriter(self.words, self.identity).number(value)
