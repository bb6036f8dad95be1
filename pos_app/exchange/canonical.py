"""Canonical JSON: one value, one sequence of bytes (RFC 8785).

Only what the product writes is allowed: objects with ASCII keys, arrays, strings, true, false,
null and integers within ±(2^53 - 1). Within that subset the standard library's sorted, compact,
UTF-8 form *is* the RFC 8785 form; a property test compares it with an independent
implementation. Exact decimals travel as strings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pos_app.exchange.errors import NotCanonical

LARGEST_INTEGER = 2**53 - 1
_ATOMS = (str, bool, type(None))
_PLAIN = frozenset(_ATOMS)
_TEXT = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False
).encode


def _parts(value: Any) -> Iterable[Any]:
    """Return what is inside an object or array; refuse every other composite."""
    if isinstance(value, _ATOMS):
        return ()
    if isinstance(value, int):
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            raise NotCanonical(problem="integer-too-large")
        return ()
    if isinstance(value, dict):
        if not _ascii(value):
            raise NotCanonical(problem="key")
        return value.values()
    if isinstance(value, (list, tuple)):
        return value
    raise NotCanonical(problem=type(value).__name__)


def _ascii(keys: Iterable[Any]) -> bool:
    try:
        return "".join(keys).isascii()
    except TypeError:  # a key that is no string
        return False


def _check(value: Any) -> None:
    """Look at every part without a call for the usual ones: this is in every sale's commit."""
    waiting = [value]
    for part in waiting:
        kind = type(part)
        if kind in _PLAIN or (kind is int and -LARGEST_INTEGER <= part <= LARGEST_INTEGER):
            continue
        waiting.extend(_parts(part))


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of `value`; raise `NotCanonical` for what the subset lacks."""
    _check(value)
    try:
        return _TEXT(value).encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonical(problem="surrogate") from None


def _refused(_: str) -> None:
    raise NotCanonical(problem="float")


def _small(digits: str) -> int:
    number = int(digits)
    if not -LARGEST_INTEGER <= number <= LARGEST_INTEGER:
        raise NotCanonical(problem="integer-too-large")
    return number


_READ = json.JSONDecoder(parse_float=_refused, parse_constant=_refused, parse_int=_small).decode
"""Reads what needs no second look: without it every value would be walked through once more."""


def read_canonical(raw: bytes) -> Any:
    """Read bytes that must be canonical; anything else raises `NotCanonical`."""
    if raw.isascii():
        try:
            value = _READ(text := raw.decode("ascii"))
            if _TEXT(value) == text:
                return value
        except (NotCanonical, ValueError, RecursionError):
            pass  # below is found out why
    return _read_any(raw)


def _read_any(raw: bytes) -> Any:
    try:
        value = json.loads(raw)
        if canonical(value) != raw:
            raise NotCanonical(problem="not-in-canonical-form")
    except (ValueError, RecursionError):
        raise NotCanonical(problem="not-json") from None
    return value


def read_proven(raw: bytes) -> Any:
    """Read bytes that `read_canonical` took before: that they are canonical is not looked at."""
    return _READ(raw.decode())
