"""Meters that are still to change their base date, page by page (see `report_lists`)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlite_utils import Database

from pos_app.adapters.ledger import report_lists
from pos_app.application.key_change_records import RollOverPlace
from pos_app.application.reports.source import MeterToGo

_OF_PLACES: Final = """from json_each(?) as place
    join meter on utility = place.value ->> 0 and tariff = place.value ->> 1
        and meter.sgc = place.value ->> 2
    left join meter_key as held using (drn)
    where coalesce(held.base, meter.base) = place.value ->> 3"""
_ASCENDING: Final[Mapping[str, str]] = {
    "meter": f"select meter.id {_OF_PLACES} order by drn",
    "name": f"select meter.id {_OF_PLACES} order by sort_name, drn",
    "address": f"select meter.id {_OF_PLACES} order by address, drn",
    "phone": f"select meter.id {_OF_PLACES} order by phone, drn",
    "utility": f"select meter.id {_OF_PLACES} order by utility, drn",
    "base": f"select meter.id {_OF_PLACES} order by coalesce(held.base, meter.base), drn",
}
_AT: Final = """select drn, name, address, phone, utility, coalesce(held.base, meter.base)
    from json_each(?) as wanted join meter on meter.id = wanted.value
    left join meter_key as held using (drn) order by wanted.key"""


def order(
    db: Database, places: Sequence[RollOverPlace], code: str, *, descending: bool
) -> Sequence[int]:
    """Return the rows' numbers in the order of a column."""
    listed = [[place.utility, place.tariff, place.sgc, place.base] for place in places]
    rows: list[Any] = db.execute(_ASCENDING[code], (json.dumps(listed),)).fetchall()
    return report_lists.numbers(rows, descending=descending)


def page(db: Database, numbers: Sequence[int]) -> tuple[MeterToGo, ...]:
    """Return the meters with these numbers, in their order."""
    rows = db.execute(_AT, report_lists.wanted(numbers)).fetchall()
    return tuple(MeterToGo(*row) for row in rows)
