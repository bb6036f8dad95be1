"""The key authority's side: a till's request and a list of keys become a file for that till.

The list is TOML and holds keys in the clear, so it belongs on the authority's own computer and
nowhere else (``resources/keys/README.md``).
"""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar, Final

from pos_app.application.key_attributes import CHANGE, DECODER, VENDING, attributes_of
from pos_app.application.ports import KeyAttributes
from pos_app.domain.errors import PosError
from pos_app.domain.meter_key import KEY_FIELDS, MeterKey, refuse_change
from pos_app.exchange.key_file import read_request, write_key_file
from pos_app.exchange.key_set import HeldSet, made_set
from pos_app.exchange.signing import SigningKey
from pos_app.sts.identity import meter_pan
from pos_app.sts.keys import DecoderKey, VendingKey, check_attributes

_SHARED: Final = {"kind", "sgc", "krn", "kt", "base", "ken", "dkga", "active_from", "issue_until"}
_OWN: Final = {"drn", "ti", "ea"}
_OLD: Final = {"sgc", "krn", "ti", "ken", "kt", "dkga", "base"}
_TIMES: Final = {"active_from", "issue_until"}


class PlainKeysInvalid(PosError):
    """A list of keys cannot be used: `problem` in its key number `number` (0: the whole file)."""

    code: ClassVar[str] = "plain-keys-invalid"


@dataclass(frozen=True, slots=True)
class PlainKey:
    """A key with its attributes, or a key-change set, on the authority's computer only."""

    attributes: KeyAttributes
    key: VendingKey | DecoderKey | HeldSet


def seal_for(
    request: bytes, keys: tuple[PlainKey, ...], sequence: int, now_ms: int, authority: SigningKey
) -> bytes:
    """Return the key file for the till of `request`; raises what `read_request` raises."""
    sealed = ((asdict(each.attributes), _bytes_of(each.key)) for each in keys)
    return write_key_file(read_request(request), sealed, sequence, now_ms, authority)


def _bytes_of(key: VendingKey | DecoderKey | HeldSet) -> bytes:
    return key.to_bytes() if isinstance(key, HeldSet) else key.reveal()


def read_plain_keys(raw: bytes) -> tuple[PlainKey, ...]:
    """Read a list of keys.

    Raises `PlainKeysInvalid`, `pos_app.application.key_records.KeyUnfit`, or what
    `pos_app.sts.keys` says of keys and attributes that cannot be.
    """
    try:
        held = tomllib.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        # Not the parser's own words: they would show a part of the line, which may be a key.
        raise PlainKeysInvalid(number=0, problem="toml") from None
    parts = held.get("key")
    if not isinstance(parts, list) or not parts or held.keys() != {"key"}:
        raise PlainKeysInvalid(number=0, problem="key")
    return tuple(_plain_key(part, number) for number, part in enumerate(parts, 1))


def _plain_key(part: object, number: int) -> PlainKey:
    if not isinstance(part, dict):
        raise PlainKeysInvalid(number=number, problem="key")
    kind = part.get("kind")
    wanted = _SHARED | {"key"} | (set() if kind == VENDING else _OWN)
    wanted |= {"old_key", "from"} if kind == CHANGE else set()
    if kind not in {VENDING, DECODER, CHANGE} or part.keys() - {"kcv", "tokens"} != wanted:
        raise PlainKeysInvalid(number=number, problem="fields")
    key = _key(part, "key", number)
    found = key.check_value()
    if part.get("kcv", found) != found:
        raise PlainKeysInvalid(number=number, problem="kcv")
    own = kind != VENDING
    held: dict[str, Any] = {name: part[name] for name in _SHARED - _TIMES}
    held |= {
        "kcv": found,
        "active_from_ms": _instant(part["active_from"], number),
        "issue_until_ms": _instant(part["issue_until"], number),
        "pan": meter_pan(str(part["drn"])) if own else "",
        "ti": part["ti"] if own else -1,
        "ea": part["ea"] if own else -1,
    }
    attributes = attributes_of(held)
    fits = key.dkga == attributes.dkga if isinstance(key, VendingKey) else key.ea == attributes.ea
    if not fits:
        raise PlainKeysInvalid(number=number, problem="dkga/ea")
    if kind == CHANGE and isinstance(key, DecoderKey):
        return PlainKey(attributes, _set(part, attributes, key, number))
    return PlainKey(attributes, key)


def _set(part: dict[str, Any], attributes: KeyAttributes, key: DecoderKey, number: int) -> HeldSet:
    """Make the tokens that lead from a meter's old key to the one of `attributes`."""
    held, tokens = part["from"], part.get("tokens", 2)
    if not isinstance(held, dict) or held.keys() != _OLD or tokens not in {2, 3}:
        raise PlainKeysInvalid(number=number, problem="from")
    old_key = _key(part, "old_key", number)
    if not isinstance(old_key, DecoderKey) or old_key.ea != key.ea:
        raise PlainKeysInvalid(number=number, problem="old_key")
    check_attributes(held["kt"], str(held["sgc"]), held["ti"], held["krn"], held["base"])
    old = MeterKey(**held, ea=old_key.ea)
    new = MeterKey(**{name: getattr(attributes, name) for name in KEY_FIELDS})
    refuse_change(old, new)
    return HeldSet(old, made_set(old, old_key, new, key, tokens))


def _key(part: dict[str, Any], name: str, number: int) -> VendingKey | DecoderKey:
    try:
        secret = bytes.fromhex(part[name])
    except (TypeError, ValueError):
        raise PlainKeysInvalid(number=number, problem=name) from None
    return VendingKey(secret) if part["kind"] == VENDING else DecoderKey(secret)


def _instant(value: object, number: int) -> int:
    """Return the milliseconds of a day (its start in UTC) or of a time that names its offset."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise PlainKeysInvalid(number=number, problem="offset")
        at = value
    elif isinstance(value, date):
        at = datetime.combine(value, time(), UTC)
    else:
        raise PlainKeysInvalid(number=number, problem="date")
    return int(at.timestamp() * 1000)
