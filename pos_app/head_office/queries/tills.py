"""How the tills are."""

from __future__ import annotations

from typing import Any

from pos_app.head_office.office import Office
from pos_app.head_office.store import asking, packs


def health(office: Office) -> list[dict[str, Any]]:
    """Return every till: when it was heard of, how far it is held, what is open."""
    with office.store.reading() as act:
        return asking.till_health(act)


def drafts(office: Office, state: str) -> list[dict[str, Any]]:
    """Return the drafts of packs of a state with their sections and numbers of records."""
    with office.store.reading() as act:
        return [
            dict(row._mapping) | {"sections": sorted(packs.sections_of(act, row.id))}  # noqa: SLF001 - SQLAlchemy's name
            for row in packs.drafts_in(act, state)
        ]
