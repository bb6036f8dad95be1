"""What a token says to a meter, and whether this till made it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pos_app.application.ports import Ledger
from pos_app.application.records import MeterRecord
from pos_app.application.token_ports import TokenEngine
from pos_app.application.words import Words
from pos_app.domain.tid import from_base
from pos_app.sts.explain import Explanation, Field, explain


@dataclass(frozen=True, slots=True)
class TokenReading:
    """A token that fits a meter; `receipt` names the sale it came from, empty if not from here."""

    drn: str
    explanation: Explanation
    receipt: str = ""

    def to_values(self) -> dict[str, Any]:
        """Return the reading as JSON values."""
        said = self.explanation
        return {
            "meter": self.drn,
            "kind": said.kind,
            "class": said.token_class,
            "subclass": said.subclass,
            "fields": [
                {"name": each.name, "value": _plain(each.value), "unit": each.unit}
                for each in said.fields
            ],
            "receipt": self.receipt or None,
        }

    def sentences(self, words: Words) -> Iterator[str]:
        """Yield the reading in words, a line each."""
        said = self.explanation
        yield words(f"token.{said.kind}")
        yield from self.stated(words)
        key = "token.sold-here" if self.receipt else "token.fits"
        yield words(key, drn=self.drn, receipt=self.receipt)

    def stated(self, words: Words, *, leave_out: tuple[str, ...] = ()) -> Iterator[str]:
        """Yield what the token carries, a field each."""
        for each in self.explanation.fields:
            if each.name in leave_out:
                continue
            yield words("token.field", name=_name(words, each), value=_shown(words, each))


def read_token(
    ledger: Ledger, engine: TokenEngine, meter: MeterRecord, digits: str
) -> TokenReading:
    """Read a token for a meter.

    Raises `TokenFormat` for no token at all and `TokenCrc` for one that is mistyped or not this
    meter's.
    """
    said = explain(engine.read(digits, meter), meter.base)
    tids = [each.value for each in said.fields if each.name == "tid"]
    receipt = ""
    if tids and isinstance(tids[0], int):
        receipt = ledger.receipt_of_token(meter.drn, from_base(tids[0], meter.base))
    return TokenReading(meter.drn, said, receipt)


def _plain(value: int | str | Decimal | datetime) -> int | str:
    return value if isinstance(value, int) else str(value)


def _name(words: Words, field: Field) -> str:
    key = f"token.name.{field.name}"
    return words(key) if words.has(key) else field.name


def _shown(words: Words, field: Field) -> str:
    value = field.value
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M UTC")
    if isinstance(value, str) and words.has(f"token.value.{value}"):
        return words(f"token.value.{value}")
    return f"{value} {field.unit}".strip()
