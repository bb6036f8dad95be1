"""Keys of meters for a shop without a disk: key changes are laid ready, a sale takes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from pos_app.application.key_asked import KeyWish
from pos_app.application.key_change_records import (
    KeyChangeAgain,
    KeyChangeRow,
    KeyChangeUnknown,
    SaleKeyChange,
    key_of,
    with_key,
)
from pos_app.application.key_shown import KeyNoted
from pos_app.application.records import MeterRecord, Operator, Role
from pos_app.application.sale import Sale
from pos_app.domain.key_shown import completed, shown_key

TOKENS = (
    "13792319674136070115",
    "24338605666375437668",
    "45268691985939334940",
    "65389277406881242890",
)


@dataclass
class FakeKeyChanges:
    """`ready` says how many tokens the next sale of a meter brings first."""

    meter: Callable[[str], MeterRecord]
    sales: Callable[[], list[Sale]]
    ready: dict[str, int] = field(default_factory=dict)
    copies: dict[str, int] = field(default_factory=dict)

    def due(self, drn: str) -> KeyWish | None:
        if drn not in self.ready:
            return None
        held = self.meter(drn)
        new = with_key(held, replace(key_of(held), krn=held.krn % 9 + 1))
        return KeyWish(new, held, key_of(held), 2)

    def of_sale(self, meter: MeterRecord) -> SaleKeyChange | None:
        """Return the change a sale brings; it is not ready any more afterwards."""
        tokens = self.ready.pop(meter.drn, 0)
        if not tokens:
            return None
        old = replace(key_of(meter), krn=meter.krn % 9 + 1)
        return SaleKeyChange(TOKENS[:tokens], old, old, "6c3de4")

    def changes(self, drn: str, limit: int) -> tuple[KeyChangeRow, ...]:
        own = [sale for sale in self.sales() if sale.meter.drn == drn]
        rows = []
        for at, sale in enumerate(own):
            if sale.key_change is not None:
                later = own[at - 1].receipt if at else ""
                rows.append(
                    KeyChangeRow(
                        at,
                        drn,
                        sale.meter.name,
                        sale.receipt,
                        sale.at_ms,
                        sale.key_change.old,
                        key_of(sale.meter),
                        len(sale.key_change.digits),
                        later,
                        self.copies.get(sale.receipt, 0),
                    )
                )
        return tuple(rows[:limit])

    def note_shown(self, drn: str, typed: Mapping[str, str], operator: Operator) -> KeyNoted:
        assert operator.role is not Role.CASHIER
        believed = key_of(self.meter(drn))
        key = completed(believed, shown_key(typed), ())
        wish = None
        if key != believed:
            held = with_key(self.meter(drn), key)
            wish = KeyWish(self.meter(drn), held, believed, 2)
        return KeyNoted(drn, believed, key, wish, key.sgc == believed.sgc)

    def again(self, drn: str, operator: Operator) -> KeyChangeAgain:
        rows = self.changes(drn, 1)
        if not rows:
            raise KeyChangeUnknown(drn=drn)
        (row,) = rows
        self.copies[row.receipt] = row.copies + 1
        (change,) = [s.key_change for s in self.sales() if s.receipt == row.receipt]
        assert change is not None
        return KeyChangeAgain(900, replace(row, copies=row.copies + 1), change, operator.name, 0, 0)
