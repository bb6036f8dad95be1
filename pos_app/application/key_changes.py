"""The door to key changes: what is asked of the meters' keys, what was given, and giving it again.

A change itself is made by the sale that finds a meter's key different (`key_asked`). Giving its
tokens out again is free and the same every time: it creates nothing, so any operator may do it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final

from pos_app.application.errors import MeterUnknown, ReceiptUnknown, RoleNeeded
from pos_app.application.key_asked import KeyWish, wished_key
from pos_app.application.key_change_records import (
    KeyAskInvalid,
    KeyAskUnknown,
    KeyAskWithoutKey,
    KeyChangeAgain,
    KeyChangeRow,
    KeyChangeUnknown,
    RollOverRow,
    SaleKeyChange,
)
from pos_app.application.key_shown import KeyNoted, note_shown
from pos_app.application.operators import need_supervisor
from pos_app.application.ports import Clock, Ledger
from pos_app.application.records import Operator, Role
from pos_app.application.roll_over import roll_over
from pos_app.domain.meter_key import ANY, ISSUING_KT, KeyAsk
from pos_app.domain.tid import BASE_MINUTES
from pos_app.sts.identity import is_digits

SHOWN: Final = 50
METERS_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class KeyChangeDesk:
    """The use cases around key changes of one open shop."""

    ledger: Ledger
    clock: Clock

    def ask(self, ask: KeyAsk, operator: Operator) -> KeyAsk:
        """Ask for other keys from now on; what was asked of the same meters before ends.

        Raises `RoleNeeded`, `KeyAskInvalid` for a wish no key can fulfil, or `KeyAskWithoutKey`
        where no key here does.
        """
        need_supervisor(operator)
        self._fit(ask)
        self._write(ask, operator)
        return ask

    def drop(self, utility: str, tariff: str, operator: Operator) -> None:
        """Ask for nothing any more; raises `RoleNeeded` or `KeyAskUnknown`."""
        need_supervisor(operator)
        if not any((each.utility, each.tariff) == (utility, tariff) for each in self.asks()):
            raise KeyAskUnknown(utility=utility[:40])
        self._write(KeyAsk(utility, tariff), operator)

    def asks(self) -> tuple[KeyAsk, ...]:
        """Return all that is asked, by utility and tariff."""
        return self.ledger.key_changes.asks()

    def due(self, drn: str) -> KeyWish | None:
        """Return the key change that a meter's next sale brings; raises `MeterUnknown`."""
        meter = self.ledger.meter(drn)
        if meter is None:
            raise MeterUnknown(typed=drn[:40])
        return wished_key(self.ledger, meter, self.clock.now_ms())

    def changes(self, drn: str = "", limit: int = SHOWN) -> tuple[KeyChangeRow, ...]:
        """Return the key changes given to a meter, or to all, newest first."""
        return self.ledger.key_changes.changes(drn, limit)

    def tokens(self, row: KeyChangeRow) -> SaleKeyChange:
        """Return the tokens of a key change."""
        sale = self.ledger.sale_by_seq(row.seq)
        if sale is None or sale.key_change is None:
            raise KeyChangeUnknown(drn=row.drn)
        return sale.key_change

    def again(self, drn: str, operator: Operator, receipt: str = "") -> KeyChangeAgain:
        """Give the tokens of a meter's newest key change out again, or of the one of `receipt`.

        Raises `KeyChangeUnknown` or `ReceiptUnknown`. The slip is queued in the same act.
        """
        row = self._row(drn, receipt)
        now = self.clock.now_ms()
        with self.ledger.writing() as transaction:
            copy = row.copies + 1
            body = {"sale_seq": row.seq, "drn": drn, "copy": copy, "operator": operator.id}
            entry = transaction.append("key_change_again", body, now)
            transaction.queue_slip(entry.seq, 0, now)
        offset = self.clock.offset_minutes(entry.at_ms)
        given = replace(row, copies=copy)
        change = self.tokens(row)
        return KeyChangeAgain(entry.seq, given, change, operator.name, entry.at_ms, offset)

    def note_shown(self, drn: str, typed: Mapping[str, str], operator: Operator) -> KeyNoted:
        """Take a meter's word for its key; see `key_shown.note_shown`."""
        return note_shown(self.ledger, self.clock, drn, typed, operator)

    def roll_over(self) -> tuple[RollOverRow, ...]:
        """Return how many meters of each utility are on which base date, and what is to be done."""
        return roll_over(self.ledger, self.clock.now_ms())

    def waiting(
        self, row: RollOverRow, operator: Operator, after: str = "", limit: int = METERS_SHOWN
    ) -> list[tuple[str, str, str]]:
        """Return (DRN, name, address) of the meters of a row, `after` a number; no cashier may.

        Raises `RoleNeeded`.
        """
        if operator.role is Role.CASHIER:
            raise RoleNeeded(role=Role.ENGINEER.value)
        utility, base = row.utility, row.base
        return self.ledger.key_changes.on_base(utility, base, after, limit)

    def _row(self, drn: str, receipt: str) -> KeyChangeRow:
        if not receipt:
            found = self.changes(drn, 1)
            if not drn or not found:
                raise KeyChangeUnknown(drn=drn[:40])
            return found[0]
        sold = self.ledger.sale_by_receipt(receipt)
        if sold is None:
            raise ReceiptUnknown(receipt=receipt[:40])
        row = self.ledger.key_changes.change(sold[0])
        if row is None or row.drn != drn:
            raise KeyChangeUnknown(drn=drn[:40])
        return row

    def _write(self, ask: KeyAsk, operator: Operator) -> None:
        body = {"ask": asdict(ask), "operator": operator.id}
        with self.ledger.writing() as transaction:
            transaction.append("key_asked", body, self.clock.now_ms())

    def _fit(self, ask: KeyAsk) -> None:
        for field, value in _impossible(ask):
            raise KeyAskInvalid(field=field, value=value)
        if self.ledger.utility(ask.utility) is None:
            raise KeyAskInvalid(field="utility", value=ask.utility[:40])
        if ask.tariff and self.ledger.tariff(ask.tariff) is None:
            raise KeyAskInvalid(field="tariff", value=ask.tariff[:40])
        if ask.sgc or (ask.krn, ask.base) != (ANY, ANY):
            self._need_key(ask)

    def _need_key(self, ask: KeyAsk) -> None:
        for group in self.ledger.keys.groups():
            pairs = ((ask.krn, group.krn), (ask.base, group.base))
            if group.kt not in ISSUING_KT or (ask.sgc and group.sgc != ask.sgc):
                continue
            if all(wanted in (ANY, own) for wanted, own in pairs):
                return
        any_of = {ANY: "-"}
        krn, base = any_of.get(ask.krn, ask.krn), any_of.get(ask.base, ask.base)
        raise KeyAskWithoutKey(sgc=ask.sgc or "-", krn=krn, base=base)


def _impossible(ask: KeyAsk) -> Iterator[tuple[str, object]]:
    """Yield (field, value) of what no key has."""
    checks = {
        "sgc": not ask.sgc or (len(ask.sgc) == 6 and is_digits(ask.sgc)),
        "krn": ask.krn == ANY or 1 <= ask.krn <= 9,
        "ti": ask.ti == ANY or 0 <= ask.ti <= 99,
        "base": ask.base == ANY or ask.base in BASE_MINUTES,
        "tokens": ask.tokens in {2, 3},
        "due_ms": 0 <= ask.due_ms < 1 << 43,
    }
    for field, fits in checks.items():
        if not fits:
            yield field, str(getattr(ask, field))[:40]
    if ask.empty:
        yield "ask", "-"
