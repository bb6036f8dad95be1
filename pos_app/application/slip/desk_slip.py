"""The slip of an act of the engineering desk: its tokens, what they do, who answers for them.

Pure: a record in, a slip out. A draft on the screen is a record without tokens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pos_app.application.act_plans import UNITS
from pos_app.application.engineering_records import DeskRecord
from pos_app.application.given_credit import fine_text
from pos_app.application.records import ShopIdentity
from pos_app.application.shop_time import local
from pos_app.application.slip.compose import grouped
from pos_app.application.slip.heading import heading, kept
from pos_app.application.slip.layout import (
    Banner,
    Block,
    Gap,
    Pair,
    Rule,
    Size,
    Slip,
    Text,
    TokenBlock,
)
from pos_app.application.words import Words
from pos_app.domain.engineering import GIVING, TWO_PERSONS, UNCERTAIN, DeskAct


@dataclass(frozen=True, slots=True)
class DeskSlipWriter:
    """Writes slips of the engineering desk of one shop in one language."""

    words: Words
    identity: ShopIdentity

    def of(self, record: DeskRecord, copy: int = 0) -> Slip:
        """Return the slip; `copy` 0 is the original."""
        title = self.words(f"eng.act-{record.act}")
        blocks = [
            *self._top(title, record, copy),
            *self._meter(record),
            *self._tokens(record),
            *self._facts(record),
            *self._notes(record),
            Rule(),
            *self._why(record),
            *self._signatures(record),
            *self._small_print(record),
        ]
        if record.training:
            blocks += [Gap(0.5), Banner(self.words("slip.training"))]
        return Slip(
            record.receipt or title, tuple(blocks), self.words.language, self.words.right_to_left
        )

    def _top(self, title: str, record: DeskRecord, copy: int) -> Iterator[Block]:
        yield from heading(self.words, self.identity, title, copy, training=record.training)
        if record.receipt:
            at = local(record.at_ms, record.offset_minutes).strftime("%Y-%m-%d %H:%M")
            receipt = kept(self.words, record.receipt)
            yield Pair(self.words("slip.receipt", receipt=receipt), at)

    def _meter(self, record: DeskRecord) -> Iterator[Block]:
        meter = record.meter
        if meter is None:
            yield Text(self.words("eng.any-meter"))
            return
        yield Pair(self.words("slip.meter"), kept(self.words, grouped(meter.drn)), bold=True)
        yield Text(meter.name)
        yield Text(meter.address, size=Size.FINE)

    def _tokens(self, record: DeskRecord) -> Iterator[Block]:
        tests = record.facts.get("tests", [])
        for at, token in enumerate(record.tokens):
            yield Gap(0.5)
            if at < len(tests):
                caption = self.words(f"token.test.{tests[at]}")
                step = at + 1 if len(record.tokens) > 1 else None
                yield TokenBlock(token.digits, caption, step)
                yield Pair(self.words("eng.shows"), "______________")
            else:
                yield TokenBlock(token.digits)
        yield Gap(0.5)

    def _facts(self, record: DeskRecord) -> Iterator[Block]:
        for label, value in act_facts(self.words, record):
            yield Pair(label, value, bold=True)

    def _notes(self, record: DeskRecord) -> Iterator[Block]:
        """Say what the token does, and what nobody outside the standard knows of it."""
        money = record.fine and record.act == DeskAct.FREE_ISSUE
        key = "eng.does-free-issue-money" if money else f"eng.does-{record.act}"
        yield Text(self.words(key), size=Size.FINE)
        uncertain = UNCERTAIN.get(DeskAct(record.act))
        if uncertain:
            yield Text(self.words(f"eng.uncertain-{uncertain}"), size=Size.FINE)
        if record.for_receipt:
            facts = {"receipt": kept(self.words, record.for_receipt)}
            yield Text(self.words("eng.first-token", **facts), size=Size.FINE)

    def _why(self, record: DeskRecord) -> Iterator[Block]:
        if record.work_order:
            yield Pair(self.words("eng.work-order"), kept(self.words, record.work_order))
        if record.reason:
            yield Text(record.reason)
        if record.operator_name:
            yield Pair(self.words("eng.by"), record.operator_name, Size.FINE)
        if record.approver_name:
            way = self.words(f"eng.approved-{record.approval}", number=record.request)
            yield Pair(way, record.approver_name, Size.FINE)

    def _signatures(self, record: DeskRecord) -> Iterator[Block]:
        act = DeskAct(record.act)
        if act not in TWO_PERSONS:
            return
        signs = ["eng.signs-customer"] if act in GIVING or act is DeskAct.CLEAR_CREDIT else []
        for key in (*signs, "eng.signs-approver"):
            yield Gap(2)
            yield Rule()
            name = record.approver_name if key == "eng.signs-approver" else ""
            yield Text(self.words(key, name=name).strip(), size=Size.FINE)

    def _small_print(self, record: DeskRecord) -> Iterator[Block]:
        meter = record.meter
        if meter is None or not record.tokens:
            return
        words = self.words
        keys = f"SGC {meter.sgc}  KRN {meter.krn}  TI {meter.ti:02d}  EA {meter.ea:02d}"
        yield Text(kept(words, keys), size=Size.FINE)
        tids = ", ".join(str(token.tid) for token in record.tokens)
        yield Text(kept(words, f"TID {tids}  KCV {meter.kcv}"), size=Size.FINE)


def act_facts(words: Words, record: DeskRecord) -> Iterator[tuple[str, str]]:
    """Yield (label, value) of what an act was about."""
    facts, unit = record.facts, record.meter.unit if record.meter else ""
    yield from _power_facts(words, facts)
    if "register" in facts:
        yield words("eng.register"), words(f"eng.register-{facts['register']}")
        yield words("eng.lost"), kept(words, _lost(facts, unit))
    if "word" in facts:
        yield words("eng.word"), kept(words, f"{facts['word']} (0x{facts['word']:04X})")
    if "index" in facts:
        yield words("eng.index"), str(facts["index"])
    yield from _given_facts(words, record, unit)


def _power_facts(words: Words, facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "watts" in facts:
        yield words("eng.power"), kept(words, watts_text(words, facts["watts"]))
    if "amperes" in facts:
        how = {name: facts[name] for name in ("amperes", "volts")}
        key = "eng.meant-three" if facts["phases"] == 3 else "eng.meant"
        yield words("eng.meant-label"), words(key, **how)


def _lost(facts: dict[str, Any], unit: str) -> str:
    """Return the credit that goes; a register of money has no unit of the commodity."""
    service = facts["register"].removesuffix("-currency")
    lost = str(Decimal(facts["lost_tenths"]).scaleb(-1))
    return lost if service != facts["register"] else f"{lost} {UNITS.get(service, unit)}"


def _given_facts(words: Words, record: DeskRecord, unit: str) -> Iterator[tuple[str, str]]:
    if record.tenths:
        given = f"{Decimal(record.tenths).scaleb(-1)} {unit}"
        yield words("eng.units"), kept(words, given)
    if record.fine:
        given = f"{fine_text(record.fine)} {record.currency}"
        yield words("eng.money"), kept(words, given)
    if record.from_drn:
        yield words("eng.from"), kept(words, grouped(record.from_drn))
    if record.for_receipt:
        yield words("eng.for"), kept(words, record.for_receipt)
    if "why" in record.facts:
        yield words("eng.why"), words(f"eng.why-{record.facts['why']}")


def watts_text(words: Words, watts: int) -> str:
    """Return a power in watts with the language's grouping."""
    return f"{watts:,} W".replace(",", words("slip.group"))
