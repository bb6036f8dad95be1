"""Papers of keys: this till's request, a file to compare, keys taken, keys destroyed.

Pure: records in, slips out. Check values stand large: two people compare them with the paper of
the key custodian, and nothing on these slips is a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pos_app.application.key_attributes import VENDING
from pos_app.application.key_receipts import MOST_LISTED, KeyReceipt
from pos_app.application.keys import KeyFileView, TillKeys
from pos_app.application.ports import KeyAttributes
from pos_app.application.records import ShopIdentity, ShopMode
from pos_app.application.shop_time import local
from pos_app.application.slip.heading import heading, kept
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

_HALF: Final = 19
"""Signs of half a fingerprint: four groups of four."""


@dataclass(frozen=True, slots=True)
class KeyPaper:
    """Writes the papers of keys of one shop in one language."""

    words: Words
    identity: ShopIdentity

    def of_till(self, till: TillKeys) -> Slip:
        """Return what a key custodian seals keys to, and whom this till trusts."""
        blocks: list[Block] = [*self._head("uikeys.paper-till", 0)]
        if till.fingerprint:
            blocks += [Text(self.words("uikeys.paper-seals"), size=Size.FINE), Gap(0.5)]
            blocks += [*self._halves(till.fingerprint, Size.LARGE), Gap(0.5)]
        else:
            blocks.append(Text(self.words("uikeys.paper-none", entry=till.destroyed)))
        blocks += [Rule(), Text(self.words("uikeys.paper-trusts"), size=Size.FINE)]
        for name, shown, newest in till.authorities:
            blocks += [Gap(0.5), Pair(name, f"#{newest}" if newest else "", bold=True)]
            blocks += self._halves(shown, Size.FINE)
        if not till.authorities:
            blocks.append(Text(self.words("uikeys.paper-nobody")))
        return self._slip("uikeys.paper-till", blocks)

    def of_file(self, view: KeyFileView) -> Slip:
        """Return what a file holds, for comparing before anything is taken."""
        receipt = KeyReceipt(
            entry=0,
            at_ms=view.issued_ms,
            people=(),
            authority=view.authority,
            fingerprint=view.fingerprint,
            sequence=view.sequence,
            digest=view.digest,
            keys=view.keys[:MOST_LISTED],
            count=len(view.keys),
        )
        return self.of(receipt)

    def of_authority(self, name: str, shown: str) -> Slip:
        """Return whom two people are asked to trust, its fingerprint large, for comparing."""
        blocks: list[Block] = [*self._head("uikeys.paper-authority", 0)]
        blocks += [Text(name, Align.CENTRE, bold=True), Gap(0.5), *self._halves(shown, Size.LARGE)]
        blocks += [Gap(0.5), Rule(), Text(self.words("uikeys.paper-compare"), size=Size.FINE)]
        return self._slip("uikeys.paper-authority", blocks)

    def of(self, receipt: KeyReceipt, copy: int = 0) -> Slip:
        """Return the paper of a receipt; without an entry it is a file to compare."""
        if receipt.authority:
            title = "uikeys.paper-taken" if receipt.entry else "uikeys.paper-file"
            blocks = [*self._head(title, receipt.entry, copy), *self._file(receipt)]
        else:
            title = "uikeys.paper-end"
            blocks = [*self._head(title, receipt.entry, copy), *self._end(receipt)]
        if receipt.entry:
            blocks += self._signed(receipt)
        return self._slip(title, blocks)

    def _head(self, title: str, entry: int, copy: int = 0) -> Iterator[Block]:
        practice = self.identity.mode is ShopMode.TRAINING
        title = self.words(title)
        yield from heading(self.words, self.identity, title, copy, training=practice)
        if entry:
            yield Text(self.words("uikeys.paper-entry", entry=entry), Align.CENTRE, Size.FINE)
            yield Gap(0.5)

    def _file(self, receipt: KeyReceipt) -> Iterator[Block]:
        yield Pair(receipt.authority, f"#{receipt.sequence}", bold=True)
        yield from self._halves(receipt.fingerprint, Size.FINE)
        yield Rule()
        for each in receipt.keys:
            yield from self._key(each)
        more = receipt.count - len(receipt.keys)
        if more:
            yield Text(self.words("uikeys.paper-more", n=more))
            yield Gap(0.5)

    def _key(self, key: KeyAttributes) -> Iterator[Block]:
        """Yield one key, its check value where the eye goes first."""
        yield Pair(
            kept(self.words, f"{key.sgc} / {key.krn}"), key.kcv.upper(), Size.LARGE, bold=True
        )
        kind = self.words(f"uikeys.kind-{key.kind}")
        own = "" if key.kind == VENDING else f"{key.pan} TI {key.ti:02d} EA{key.ea:02d}"
        yield Text(f"{kind} {kept(self.words, own)}".strip(), size=Size.FINE)
        facts = f"KEN {key.ken}  {key.base}  KT {key.kt}  DKGA{key.dkga:02d}"
        yield Text(kept(self.words, facts), size=Size.FINE)
        ends = {"start": _day(key.active_from_ms), "end": _day(key.issue_until_ms)}
        days = {name: kept(self.words, day) for name, day in ends.items()}
        yield Text(self.words("uikeys.paper-days", **days), size=Size.FINE)
        yield Gap(0.5)

    def _end(self, receipt: KeyReceipt) -> Iterator[Block]:
        yield Text(self.words("uikeys.paper-gone", n=receipt.count))
        yield Gap(0.5)
        for each in receipt.groups[:MOST_LISTED]:
            shown = each.kcv.upper() or self.words("uikeys.keys", n=each.keys)
            group = kept(self.words, f"{each.sgc} / {each.krn}")
            yield Pair(f"{group}  {self.words(f'uikeys.kind-{each.kind}')}", shown)
        more = len(receipt.groups) - MOST_LISTED
        if more > 0:
            yield Text(self.words("uikeys.paper-more", n=more))
        yield Gap(0.5)
        yield Text(self.words("uikeys.paper-backups"), size=Size.FINE)
        yield Gap(0.5)

    def _signed(self, receipt: KeyReceipt) -> Iterator[Block]:
        moment = local(receipt.at_ms, 0).strftime("%Y-%m-%d %H:%M UTC")
        yield Rule()
        yield Pair(self.words("uikeys.paper-at"), kept(self.words, moment), Size.FINE)
        yield Pair(self.words("uikeys.paper-seal"), receipt.seal, Size.FINE)
        if receipt.request:
            yield Text(self.words("uikeys.paper-request", number=receipt.request), size=Size.FINE)
        for name in receipt.people:
            yield Gap(2)
            yield Rule()
            yield Text(name, size=Size.FINE)

    def _halves(self, shown: str, size: Size) -> list[Block]:
        """Return a fingerprint in two lines, the way it is read out."""
        lines, large = (shown[:_HALF], shown[_HALF:].strip()), size is Size.LARGE
        side = Align.CENTRE if large else Align.START
        return [Text(kept(self.words, line), side, size, bold=large) for line in lines]

    def _slip(self, title: str, blocks: list[Block]) -> Slip:
        if self.identity.mode is ShopMode.TRAINING:
            blocks = [*blocks, Gap(0.5), Banner(self.words("slip.training"))]
        words = self.words
        return Slip(words(title), tuple(blocks), words.language, words.right_to_left)


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, UTC).date().isoformat()
