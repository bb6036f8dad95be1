"""What a shop takes beside cash, as a list says it (``resources/tenders/README.md``)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, Final

from pos_app.application.identity import Role
from pos_app.application.words import Words
from pos_app.domain.errors import PosError
from pos_app.domain.redress import COMPENSATION_TENDER
from pos_app.domain.tender import CASH
from pos_app.domain.tender_kind import NO_SHAPE, Reference, TenderKind, mask_valid
from pos_app.domain.wallet import WALLET
from pos_app.resources import resource

MOST_KINDS: Final = 8
"""So many keys fit on the screen."""

_CODE: Final = re.compile(r"[a-z][a-z0-9-]{0,19}")
_AMOUNT: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_LONGEST_NAME: Final = 20
_FIELDS: Final = frozenset({
    "code", "names", "reference", "mask", "in_drawer", "gives_change", "once", "limit", "roles",
})  # fmt: skip
_NAMED: Final = ("slip.tender-", "zslip.tender-", "zslip.held-", "report.tender.")
"""Where the name of a way of paying is asked for."""


class TenderKindsInvalid(PosError):
    """The list of ways of paying cannot be. Facts: `kind`, `field`, `value`."""

    code: ClassVar[str] = "tender-kinds-invalid"


@cache
def standard_kinds() -> tuple[TenderKind, ...]:
    """Return the ways of paying that come with the program."""
    text = resource("tenders", "standard.json").read_text(encoding="utf-8")
    return kinds_from(json.loads(text))


def kinds_from(values: object) -> tuple[TenderKind, ...]:
    """Read a list of JSON objects; raises `TenderKindsInvalid`."""
    if not isinstance(values, list) or len(values) > MOST_KINDS:
        raise TenderKindsInvalid(kind=NO_SHAPE, field="tenders", value=str(values)[:40])
    kinds = tuple(_kind(value) for value in values)
    codes = [kind.code for kind in kinds]
    for code in codes:
        if code in {CASH, WALLET, COMPENSATION_TENDER} or codes.count(code) > 1:
            raise TenderKindsInvalid(kind=code, field="code", value=code)
    return kinds


def kinds_to(kinds: tuple[TenderKind, ...]) -> list[dict[str, Any]]:
    """Return kinds as JSON values; `kinds_from` reads them back."""
    return [
        {
            "code": kind.code,
            "names": dict(kind.names),
            "reference": kind.reference.value,
            "mask": kind.mask,
            "in_drawer": kind.in_drawer,
            "gives_change": kind.gives_change,
            "once": kind.once,
            "limit": {code: str(amount) for code, amount in kind.limit.items()},
            "roles": list(kind.roles),
        }
        for kind in kinds
    ]


def _kind(values: object) -> TenderKind:
    held = values if isinstance(values, dict) else {}
    code = held.get("code")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise TenderKindsInvalid(kind=NO_SHAPE, field="code", value=str(code)[:40])
    read = _Reader(code, held)
    read.nothing_else()
    return TenderKind(
        code=code,
        names=read.table("names", _LANGUAGE, _printable),
        reference=Reference(read.one_of("reference", [each.value for each in Reference])),
        mask=read.mask(),
        in_drawer=read.truth("in_drawer", otherwise=False),
        gives_change=read.truth("gives_change", otherwise=False),
        once=read.truth("once", otherwise=True),
        limit={
            currency: Decimal(amount)
            for currency, amount in read.table("limit", _CURRENCY, _AMOUNT.fullmatch).items()
        },
        roles=read.roles(),
    )


def _printable(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_NAME and text.isprintable() and not set("{}") & set(text)


class _Reader:
    """The fields of one kind; what is absent keeps its default."""

    def __init__(self, code: str, held: Mapping[Any, Any]) -> None:
        self._code, self._held = code, held

    def refuse(self, field: str, value: object) -> TenderKindsInvalid:
        return TenderKindsInvalid(kind=self._code, field=field, value=str(value)[:40])

    def nothing_else(self) -> None:
        for field in self._held:
            if field not in _FIELDS:
                raise self.refuse(str(field)[:40], self._held[field])

    def truth(self, field: str, *, otherwise: bool) -> bool:
        value = self._held.get(field, otherwise)
        if not isinstance(value, bool):
            raise self.refuse(field, value)
        return value

    def one_of(self, field: str, allowed: list[str]) -> str:
        value = self._held.get(field, allowed[0])
        if value not in allowed:
            raise self.refuse(field, value)
        return str(value)

    def mask(self) -> str:
        value = self._held.get("mask", "")
        masked = isinstance(value, str) and value.isprintable() and mask_valid(value)
        if not masked or (value and self._held.get("reference", "none") == "none"):
            raise self.refuse("mask", value)
        return str(value)

    def table(self, field: str, keys: re.Pattern[str], good: Any) -> dict[str, str]:
        value = self._held.get(field, {})
        if not isinstance(value, dict):
            raise self.refuse(field, value)
        for key, each in value.items():
            if not (keys.fullmatch(str(key)) and isinstance(each, str) and good(each)):
                raise self.refuse(field, f"{key}: {each}")
        return dict(value)

    def roles(self) -> tuple[str, ...]:
        value = self._held.get("roles", [])
        known = [role.value for role in Role]
        if not isinstance(value, list) or any(each not in known for each in value):
            raise self.refuse("roles", value)
        return tuple(value)


def with_names(words: Words, kinds: tuple[TenderKind, ...]) -> Words:
    """Return words that know the shop's own names for ways of paying.

    A kind without a name in this language keeps the program's words for its code; without those it
    goes by its English name, at last by its code.
    """
    own: dict[str, str | dict[str, str]] = {}
    for kind in kinds:
        for start in _NAMED:
            key = start + kind.code
            known = kind.names.get(words.language)
            if known is None and not words.has(key):
                known = kind.names.get("en", kind.code)
            if known is not None:
                own[key] = known
    return Words(words.language, {**words.sentences, **own})


def tender_name(words: Words, code: str) -> str:
    """Return the name of a way of paying; one the shop takes no more goes by its code."""
    key = f"slip.tender-{code}"
    return words(key) if words.has(key) else code
