"""Proof of a token before it is shown: decoded again and compared field by field."""

from __future__ import annotations

from dataclasses import fields

from pos_app.domain.errors import PosError
from pos_app.sts import sta
from pos_app.sts.decoding import decode
from pos_app.sts.errors import TokenProofFailed
from pos_app.sts.keys import DecoderKey
from pos_app.sts.kinds import Token


def prove(
    digits: str, key: DecoderKey | None, expected: Token, *, tables: str = sta.OPERATIONAL
) -> None:
    """Raise `TokenProofFailed` unless `digits` say to the holder of `key` exactly `expected`.

    An amount must already be one that a token can carry (`amounts.encodable_units`): what is
    printed and booked is what the meter will count.
    """
    try:
        said = decode(digits, key, tables=tables)
    except PosError as error:
        raise TokenProofFailed(cause=error.code) from error
    if type(said) is not type(expected):
        raise TokenProofFailed(fields="kind")
    differing = [
        each.name
        for each in fields(expected)
        if getattr(said, each.name) != getattr(expected, each.name)
    ]
    if differing:
        raise TokenProofFailed(fields=", ".join(differing))
