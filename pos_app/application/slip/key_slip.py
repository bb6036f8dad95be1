"""The slip of a key change that is given out again: the same tokens, free, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.application.key_change_records import KeyChangeAgain
from pos_app.application.records import ShopIdentity, ShopMode
from pos_app.application.shop_time import local
from pos_app.application.slip.compose import grouped
from pos_app.application.slip.key_steps import key_line, key_steps
from pos_app.application.slip.layout import (
    Align,
    Banner,
    Block,
    Gap,
    Pair,
    Rule,
    Size,
    Slip,
    Text,
)
from pos_app.application.words import Words
from pos_app.domain.meter_key import rolls_over


@dataclass(frozen=True, slots=True)
class KeySlipWriter:
    """Writes the slip of a key change that is given out again."""

    words: Words
    identity: ShopIdentity

    def of(self, again: KeyChangeAgain) -> Slip:
        """Return the slip; the tokens are those of the sale's own slip."""
        words, row = self.words, again.row
        moment = local(again.at_ms, again.offset_minutes).strftime("%Y-%m-%d %H:%M")
        practice = self.identity.mode is ShopMode.TRAINING
        banner = (Banner(words("slip.training")),) if practice else ()
        roll_over = rolls_over(row.old, row.new)
        blocks: tuple[Block, ...] = (
            *banner,
            Text(self.identity.shop, Align.CENTRE, bold=True),
            Text(words("keyslip.title"), Align.CENTRE),
            Gap(0.5),
            Pair(words("slip.meter"), grouped(row.drn), bold=True),
            Text(row.name),
            *key_steps(words, again.change),
            Rule(),
            Text(words("keyslip.then", receipt=row.receipt)),
            *((Text(words("keyslip.roll-over"), size=Size.FINE),) if roll_over else ()),
            Text(words("keyslip.free"), size=Size.FINE),
            Rule(),
            Pair(words("slip.receipt", receipt=row.receipt), moment, Size.FINE),
            Text(words("keyslip.copy", n=row.copies), size=Size.FINE),
            Text(words("slip.operator", name=again.operator), size=Size.FINE),
            Text(key_line(words, row.old, row.new), size=Size.FINE),
            *banner,
        )
        return Slip(row.receipt, blocks, words.language, words.right_to_left)
