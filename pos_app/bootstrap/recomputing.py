"""Working out a shop's journal again, in memory that hardly grows with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

from pos_app.adapters.ledger import queries
from pos_app.adapters.ledger.book import FILE_NAME
from pos_app.adapters.ledger.engine import shop_problems
from pos_app.adapters.ledger.verify import reading
from pos_app.application.ports import TariffRecord
from pos_app.application.recompute import Difference, Recomputed, Recomputing, TariffNotHeld
from pos_app.application.recompute_acts import ActRecomputing
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
    """Work out every sale and act again and `tell` each figure that does not follow, at once.

    The journal is proven on the way: raises `JournalUnsound` at a bad entry.
    """
    path = folder / FILE_NAME
    with (
        looking_at(folder, passphrase) as store,
        reading(path, store.ledger_key) as db,
        shop_problems(path),
    ):
        entries = sound(queries.entries(db, 0), owner_of(store), path)
        held, entry_at = partial(queries.tariff_version, db), partial(queries.entry, db)
        return _Walk(held, entry_at, tell).through(entries)


class _Walk:
    """One way through the journal, with the counts so far."""

    def __init__(
        self,
        held: Held,
        entry_at: Callable[[int], Entry | None],
        tell: Callable[[Difference], None],
    ) -> None:
        self._held, self._tell = held, tell
        self._imported: dict[tuple[str, int], str] = {}
        self._recomputing = Recomputing(lru_cache(TARIFFS)(self._tariff))
        self._entry_at = entry_at
        self._acts = ActRecomputing(self._sale_at)
        self._done = Recomputed(0, 0)

    def through(self, entries: Iterator[Entry]) -> Recomputed:
        for entry in entries:
            if entry.kind == "tariff_imported":
                body = entry.reading()
                self._imported[body["id"], body["version"]] = body["sha256"]
            elif entry.kind == "sale":
                self._sale(entry)
            else:
                self._act(entry)
        return self._done

    def _sale_at(self, seq: int) -> Sale | None:
        """Return the sale of an entry, None where that is none."""
        entry = self._entry_at(seq)
        if entry is None or entry.kind != "sale":
            return None
        return Sale.from_body(entry.reading())

    def _tariff(self, tariff_id: str, version: int) -> Tariff:
        digest = self._imported.get((tariff_id, version), "")
        return _as_imported(self._held(tariff_id, version), digest)

    def _sale(self, entry: Entry) -> None:
        done = self._done
        found = _differences(self._recomputing, self._acts, entry)
        self._done = replace(
            done,
            sales=done.sales + (found is not None),
            wrong=done.wrong + bool(found),
            without_inputs=done.without_inputs + (found is None),
        )
        for difference in found or ():
            self._tell(replace(difference, seq=entry.seq))

    def _act(self, entry: Entry) -> None:
        found = self._acts.differences(entry)
        if found is None:
            return
        done = self._done
        self._done = replace(done, acts=done.acts + 1, acts_wrong=done.acts_wrong + bool(found))
        for difference in found:
            self._tell(difference)


def _differences(
    recomputing: Recomputing, acts: ActRecomputing, entry: Entry
) -> tuple[Difference, ...] | None:
    try:
        sale = Sale.from_body(entry.reading())
    except (KeyError, TypeError, ValueError, AttributeError) as nonsense:
        # Signed, and no sale at all: nothing of it can be worked out.
        named = f"journal entry {entry.seq}"
        return (Difference(named, "entry", "a sale", type(nonsense).__name__),)
    more = tuple(Difference(sale.receipt, *pair) for pair in acts.sold(sale))
    found = recomputing.differences(sale)
    return found if found is None and not more else (*(found or ()), *more)


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
