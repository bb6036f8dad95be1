"""Sealed keys, beside their attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select

from pos_app.head_office.store.tables import office_key

_PLACE: Final = ("kind", "sgc", "krn", "kt", "base", "dkga", "pan", "ti")


def put_key(act: Connection, attributes: Mapping[str, Any], text: str, box: bytes) -> None:
    """Keep a sealed key in place of an earlier one for the same meters."""
    place = {name: attributes[name] for name in _PLACE}
    here = delete(office_key)
    for name, value in place.items():
        here = here.where(office_key.c[name] == value)
    act.execute(here)
    act.execute(insert(office_key).values(**place, ea=attributes["ea"], attributes=text, box=box))


def all_keys(act: Connection) -> list[Row[Any]]:
    """Return every key, sealed."""
    return list(act.execute(select(office_key).order_by(office_key.c.id)))
