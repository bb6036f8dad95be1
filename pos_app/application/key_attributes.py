"""Attributes of a key as a file gives them: complete, of the right types, and possible."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from pos_app.application.key_records import KeyUnfit
from pos_app.application.ports import KeyAttributes
from pos_app.sts.identity import PAN_LENGTH, is_digits
from pos_app.sts.keys import LARGEST_KEN, check_attributes, check_pairing

VENDING: Final = "vending"
DECODER: Final = "decoder"
CHANGE: Final = "change"
"""A key-change set of head office: the attributes are those of the key it leads to."""
_FIELDS: Final = {
    field.name: int if field.type == "int" else str for field in fields(KeyAttributes)
}
_LATEST_MS: Final = 1 << 43


def attributes_of(held: dict[str, Any]) -> KeyAttributes:
    """Return the attributes of one key in a file.

    Raises `KeyUnfit`, or what `pos_app.sts.keys` says of attributes no key can have.
    """
    if held.keys() != _FIELDS.keys():
        raise _unfit(held, "fields")
    for name, kind in _FIELDS.items():
        if type(held[name]) is not kind:
            raise _unfit(held, name)
    attributes = KeyAttributes(**held)
    checks = {
        "kind": attributes.kind in {VENDING, DECODER, CHANGE},
        "meter": _meter_fits(attributes),
        "ken": 0 <= attributes.ken <= LARGEST_KEN,
        "kcv": len(attributes.kcv) == 6,
        "times": 0 <= attributes.active_from_ms < attributes.issue_until_ms < _LATEST_MS,
    }
    wrong = next((name for name, fits in checks.items() if not fits), "")
    if wrong:
        raise _unfit(held, wrong)
    own = attributes.kind != VENDING
    ti = attributes.ti if own else 0
    check_attributes(attributes.kt, attributes.sgc, ti, attributes.krn, attributes.base)
    check_pairing(attributes.ea if own else 7, attributes.dkga)
    return attributes


def _meter_fits(attributes: KeyAttributes) -> bool:
    """A decoder key and a set name their meter; a vending key names none."""
    if attributes.kind != VENDING:
        return len(attributes.pan) == PAN_LENGTH and is_digits(attributes.pan)
    return (attributes.pan, attributes.ti, attributes.ea) == ("", -1, -1)


def _unfit(held: dict[str, Any], problem: str) -> KeyUnfit:
    sgc, krn = str(held.get("sgc", "?"))[:6], str(held.get("krn", "?"))[:1]
    return KeyUnfit(sgc=sgc, krn=krn, problem=problem)
