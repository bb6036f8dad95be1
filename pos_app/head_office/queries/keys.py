"""Meters whose list is behind: what a billing system has to change in its own register."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

from pos_app.domain.meter_key import KEY_FIELDS
from pos_app.head_office.key_facts import read
from pos_app.head_office.office import Office
from pos_app.head_office.store import key_facts
from pos_app.head_office.store.asking import MOST

_LISTED: Final = tuple(f"listed_{name}" for name in KEY_FIELDS)
COLUMNS: Final = ("drn", *KEY_FIELDS, "how", "at_ms", "till", "seq", "confirmed", *_LISTED)

Row = dict[str, Any]


def page(office: Office, after: str = "", most: int = 500) -> list[Row]:
    """Return meters by number after one: the key each holds and since when, and the listed key.

    ``how`` is ``given`` (a sale gave the customer the tokens) or ``shown`` (the meter's display);
    ``confirmed`` tells that it showed the key, or bought again where the change was given.
    """
    with office.store.reading() as act:
        states = key_facts.behind(act, key_facts.mode_here(act), after, min(most, MOST))
        drns = [state.drn for state in states]
        sure = key_facts.confirmed(act, drns)
    rows = []
    for state in states:
        newest = state.newest or {}
        place = (newest["till"], newest["seq"], newest["branch"])
        said = {name: newest[name] for name in ("how", "at_ms", "till", "seq")}
        listed = dict(zip(_LISTED, read(state.listed).values(), strict=True))
        told = {"drn": state.drn, **read(state.key), **said, "confirmed": place in sure}
        rows.append(told | listed)
    return rows


def every(office: Office) -> Iterator[Row]:
    """Yield all of them; a page at a time is in memory."""
    after = ""
    while found := page(office, after, MOST):
        yield from found
        after = found[-1]["drn"]


def as_csv(office: Office) -> Iterator[str]:
    """Yield them as lines of CSV (RFC 4180), the names first."""
    yield _line(COLUMNS)
    for row in every(office):
        yield _line([row[name] for name in COLUMNS])


def _line(values: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(values)
    return text.getvalue()
