"""One object of a travelling format and what is in it, each field of the one form it may have."""

from __future__ import annotations

from typing import Any

from pos_app.exchange.canonical import LARGEST_INTEGER, read_canonical, read_proven
from pos_app.exchange.errors import ExchangeInvalid, ExchangeNewer, NotCanonical


class Fields:
    """The fields of an object; whatever is not as it must be raises `ExchangeInvalid`.

    `what` names the format and `line` the place for the sentence.
    """

    __slots__ = ("line", "values", "what")

    def __init__(self, values: object, what: str, line: int = 1) -> None:
        self.what, self.line = what, line
        if not isinstance(values, dict):
            raise self.refusal("object")
        self.values: dict[str, Any] = values

    @classmethod
    def read(cls, raw: bytes, what: str, line: int = 1) -> Fields:
        """Read canonical JSON that must be an object."""
        try:
            return cls(read_canonical(raw), what, line)
        except NotCanonical as bad:
            problem = str(bad.facts["problem"])
            raise ExchangeInvalid(format=what, line=line, problem=problem) from None

    @classmethod
    def read_again(cls, raw: bytes, what: str, line: int = 1) -> Fields:
        """Read what `read` took before."""
        return cls(read_proven(raw), what, line)

    def refusal(self, problem: str) -> ExchangeInvalid:
        """Return the error to raise about `problem`."""
        return ExchangeInvalid(format=self.what, line=self.line, problem=problem)

    def only(self, *names: str) -> Fields:
        """Refuse an object that has not exactly these fields."""
        if set(self.values) != set(names):
            raise self.refusal("fields")
        return self

    def of_version(self, name: str, version: int) -> Fields:
        """Refuse another format, or a version other than the one this program knows."""
        if self.values.get("format") != name:
            raise self.refusal("format")
        if self.values.get("version") != version:
            raise ExchangeNewer(format=self.what, version=str(self.values.get("version"))[:20])
        return self

    def text(self, name: str, longest: int = 100, *, empty: bool = False) -> str:
        """Return a text of 1 (or, with `empty`, 0) to `longest` characters."""
        value = self.values.get(name)
        if not isinstance(value, str) or not (not empty) <= len(value) <= longest:
            raise self.refusal(name)
        return value

    def whole(self, name: str, least: int = 0, most: int = LARGEST_INTEGER) -> int:
        """Return a whole number from `least` to `most`."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.refusal(name)
        return value

    def bytes(self, name: str, length: int | None = 32) -> bytes:
        """Return the bytes of lower-case hex digits; no other spelling is the canonical one."""
        value = self.values.get(name)
        try:
            raw = bytes.fromhex(value) if isinstance(value, str) else None
        except ValueError:
            raw = None
        if raw is None or raw.hex() != value or length not in (None, len(raw)):
            raise self.refusal(name)
        return raw
