"""A meter as plain JSON values, and back; types are checked by the dataclasses' own hints.

The decoder key is among the values: a virtual meter only ever holds published training keys, and
the file is readable by its owner only (see `pos_app.adapters.meters`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from pos_app.meter.hours import local_day
from pos_app.meter.prices import Prices
from pos_app.meter.profile import TIDS_KEPT
from pos_app.meter.state import Meter
from pos_app.sts.keys import DecoderKey

FORMAT = 1
_LATEST_S = 32_503_680_000
"""The year 3000, long after the last TID there is."""


class Unfit(Exception):
    """The values are not those of a meter; the text says which."""


def values_of_meter(meter: Meter) -> dict[str, Any]:
    """Return a meter as JSON values."""
    return {"format": FORMAT, "meter": _values(meter)}


def meter_of_values(values: object) -> Meter:
    """Return the meter that `values_of_meter` wrote; raises `Unfit` for anything else."""
    if not isinstance(values, Mapping) or values.get("format") != FORMAT:
        raise Unfit("format")
    meter = _read(Meter, values.get("meter"), "meter")
    if not isinstance(meter, Meter) or not _sound(meter):
        raise Unfit("meter")
    return meter


def _sound(meter: Meter) -> bool:
    """Tell whether fields agree that every rule of the meter relies on."""
    profile, state = meter.profile, meter.state
    tids = list(state.tids)
    prices = profile.prices
    return (
        len(tids) == TIDS_KEPT
        and tids == sorted(tids)
        and 0 < len(state.loads) == profile.phases
        and 0 <= state.at_s < _LATEST_S
        and state.day == local_day(profile.local_s(state.at_s))
        and profile.money == (prices is not None)
        and (prices is None or _priced(prices))
    )


def _priced(prices: Prices) -> bool:
    steps = len(prices.limits) + 1
    return bool(prices.bands) and all(len(band.prices) == steps for band in prices.bands)


def _values(thing: Any) -> Any:
    if isinstance(thing, DecoderKey):
        return thing.reveal().hex()
    if isinstance(thing, Enum):
        return thing.value
    if isinstance(thing, tuple):
        return [_values(each) for each in thing]
    if isinstance(thing, frozenset):
        return sorted(_values(each) for each in thing)
    if is_dataclass(thing):
        return {each.name: _values(getattr(thing, each.name)) for each in fields(thing)}
    return thing


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(hint: Any, value: Any, where: str) -> Any:
    """Return `value` as the type `hint` says, or raise `Unfit` naming the place."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is UnionType:
        rest = next(each for each in inner if each is not NoneType)
        return None if value is None else _read(rest, value, where)
    if origin is not None:
        return _read_many(origin, inner, value, where)
    if hint is DecoderKey or issubclass(hint, Enum):
        return _read_named(hint, value, where)
    if is_dataclass(hint):
        return _read_record(hint, value, where)
    if type(value) is not hint:
        raise Unfit(where)
    return value


def _read_many(origin: Any, inner: tuple[Any, ...], value: Any, where: str) -> Any:
    if not isinstance(value, list):
        raise Unfit(where)
    if origin is tuple and inner[-1] is not Ellipsis:
        if len(inner) != len(value):
            raise Unfit(where)
        return tuple(_read(hint, each, where) for hint, each in zip(inner, value, strict=True))
    return origin(_read(inner[0], each, where) for each in value)


def _read_named(hint: Any, value: Any, where: str) -> Any:
    """Return a key or a member of an enumeration."""
    try:
        return hint(bytes.fromhex(value)) if hint is DecoderKey else hint(value)
    except Exception as fault:
        # a wrong type, a wrong length, an unknown member: each library says it its own way
        raise Unfit(where) from fault


def _read_record(hint: Any, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping) or value.keys() != _hints(hint).keys():
        raise Unfit(where)
    return hint(
        **{name: _read(kind, value[name], f"{where}.{name}") for name, kind in _hints(hint).items()}
    )
