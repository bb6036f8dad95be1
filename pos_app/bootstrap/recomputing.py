"""Working out every sale of a shop's journal again, in memory that does not grow with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path

from pos_app.adapters.ledger import queries
from pos_app.adapters.ledger.book import FILE_NAME
from pos_app.adapters.ledger.engine import shop_problems
from pos_app.adapters.ledger.verify import reading
from pos_app.application.ports import TariffRecord
from pos_app.application.recompute import Difference, Recomputed, Recomputing, TariffNotHeld
from pos_app.application.sale import Sale
from pos_app.bootstrap.inspection import looking_at, owner_of, sound
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.refusals import TariffInvalid
from pos_app.domain.tariff.tariff import Tariff
from pos_app.exchange.chain import Entry
from pos_app.exchange.digest import sha256_hex

TARIFFS = 64
"""So many tariffs are kept parsed."""

Held = Callable[[str, int], TariffRecord | None]
"""A version of a tariff as the ledger holds it."""


def recompute_shop(folder: Path, passphrase: str, tell: Callable[[Difference], None]) -> Recomputed:
    """Work out every sale again and `tell` each figure that does not follow, as it is found.

    The journal is proven on the way: raises `JournalUnsound` at a bad entry.
    """
    path = folder / FILE_NAME
    with (
        looking_at(folder, passphrase) as store,
        reading(path, store.ledger_key) as db,
        shop_problems(path),
    ):
        entries = sound(queries.entries(db, 0), owner_of(store), path)
        return _recomputed(partial(queries.tariff_version, db), entries, tell)


def _recomputed(
    held: Held, entries: Iterator[Entry], tell: Callable[[Difference], None]
) -> Recomputed:
    imported: dict[tuple[str, int], str] = {}

    @lru_cache(TARIFFS)
    def tariff(tariff_id: str, version: int) -> Tariff:
        return _as_imported(held(tariff_id, version), imported.get((tariff_id, version), ""))

    recomputing = Recomputing(tariff)
    sales = wrong = without = 0
    for entry in entries:
        if entry.kind == "tariff_imported":
            body = entry.reading()
            imported[body["id"], body["version"]] = body["sha256"]
        elif entry.kind == "sale":
            found = _differences(recomputing, entry)
            without += found is None
            sales += found is not None
            wrong += bool(found)
            for difference in found or ():
                tell(difference)
    return Recomputed(sales, wrong, without)


def _differences(recomputing: Recomputing, entry: Entry) -> tuple[Difference, ...] | None:
    try:
        sale = Sale.from_body(entry.reading())
    except (KeyError, TypeError, ValueError, AttributeError) as nonsense:
        # Signed, and no sale at all: nothing of it can be worked out.
        named = f"journal entry {entry.seq}"
        return (Difference(named, "entry", "a sale", type(nonsense).__name__),)
    return recomputing.differences(sale)


def _as_imported(record: TariffRecord | None, digest: str) -> Tariff:
    """Return a stored tariff whose text is the one that was imported."""
    if record is None:
        raise TariffNotHeld("not here")
    if sha256_hex(record.text.encode()) != digest:
        raise TariffNotHeld("changed after its import" if digest else "never imported")
    try:
        return parse_tariff(record.text)
    except TariffInvalid:
        raise TariffNotHeld("not readable") from None
