"""The end of a shift: one entry that says all of it, never blocked, never slower with the years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from pos_app.application.ports import Clock, Ledger, LedgerTransaction
from pos_app.application.records import Operator, ShopIdentity, ShopMode
from pos_app.application.shift_cash import CountDrawer, drawer_of
from pos_app.application.shift_open import money_body
from pos_app.application.shift_records import DrawerLine, Grand, ShiftRow
from pos_app.application.shop_time import day_of
from pos_app.domain.cash_count import CashCount
from pos_app.domain.cash_rules import Amounts, beyond
from pos_app.domain.shift import COUNTED, EXPECTED, SALE, VARIANCE, Level, Tally
from pos_app.exchange.chain import Entry


@dataclass(frozen=True, slots=True)
class CloseShift:
    """Count if asked to, close, queue the Z, and seal the day when the last one leaves.

    All of it is one transaction. A printer, a missing count, a variance of any size, or the
    network is no reason to refuse.
    """

    ledger: Ledger
    clock: Clock
    identity: ShopIdentity
    variance_limit: Amounts = field(default_factory=dict)

    def __call__(self, row: ShiftRow, by: Operator, counts: Sequence[CashCount] = ()) -> Entry:
        """Return the closing entry; `by` closes the shift `row`."""
        with self.ledger.writing() as transaction:
            if counts:
                CountDrawer(self.ledger, self.clock).within(transaction, row, by, counts)
            now = self.clock.now_ms()
            entry = transaction.append("shift_closed", self._body(transaction, row, by), now)
            transaction.queue_slip(entry.seq, 0, now)
            if not self.ledger.shifts.open_shifts():
                self._seal_day(transaction, entry)
        return entry

    def _body(self, transaction: LedgerTransaction, row: ShiftRow, by: Operator) -> dict[str, Any]:
        opened = self.ledger.entry(row.opened_seq)
        told = opened.reading() if opened else {}
        tallies = self.ledger.shifts.tallies(Level.SHIFT, row.number)
        drawer = drawer_of(self.ledger, row.number)
        first, last = receipts_of(self.ledger, tallies)
        return {
            "v": 1,
            "shift": row.number,
            "operator": row.operator,
            "operator_name": told.get("operator_name", row.operator),
            "sales_batch": row.sales_batch,
            "bank_batch": told.get("bank_batch", 0),
            "opened_seq": row.opened_seq,
            "opened_ms": opened.at_ms if opened else 0,
            "tallies": tallies_body((*tallies, *_found(drawer))),
            "drawer": [_drawer_body(line) for line in drawer],
            "first_receipt": first,
            "last_receipt": last,
            "wallets": [
                {"wallets": each.wallets, **money_body(each.owed)}
                for each in self.ledger.tenders.wallet_sums()
            ],
            "over_limit": [
                line.expected.currency.code
                for line in drawer
                if line.variance is not None and beyond(self.variance_limit, line.variance)
            ],
            **standing(self.ledger, transaction, self.identity, self.clock, by),
        }

    def _seal_day(self, transaction: LedgerTransaction, closed: Entry) -> None:
        """Seal what was journalled since the seal before; see `sealed_body`."""
        now = self.clock.now_ms()
        day = day_of(closed.at_ms, self.clock.offset_minutes(now))
        body = _sealed_body(self.ledger, closed, day)
        transaction.append("day_seal", body, now)


def _sealed_body(ledger: Ledger, closed: Entry, day: str) -> dict[str, Any]:
    """Return the seal of a business day, which ends when the last open shift is closed.

    `sums` are the sales since the seal before, `grand` those of all time; two seals of one day
    are two parts of it.
    """
    number, seq = ledger.shifts.last_seal()
    entry = ledger.entry(seq) if seq else None
    before: dict[str, Any] = entry.reading() if entry else {"last_seq": 0, "grand": []}
    grand = grand_body(ledger.shifts.grand())
    earlier = {part["currency"]: part for part in before["grand"]}
    sums = []
    for part in grand:
        past = earlier.get(part["currency"], {"sales": 0, "total_minor": 0})
        since = {name: part[name] - past[name] for name in ("sales", "total_minor")}
        sums.append(part | since)
    return {
        "v": 1,
        "seal": number + 1,
        "day": day,
        "closed_seq": closed.seq,
        "first_seq": before["last_seq"] + 1,
        "last_seq": closed.seq,
        "head": closed.hash.hex(),
        "sums": sums,
        "grand": grand,
    }


def receipts_of(ledger: Ledger, tallies: Sequence[Tally]) -> tuple[str, str]:
    """Return the first and the last receipt of some tallies, empty without a sale."""
    own = [tally for tally in tallies if tally.name == SALE]
    if not own:
        return "", ""
    ends = (min(tally.first for tally in own), max(tally.last for tally in own))
    first, last = (ledger.sale_by_seq(seq) for seq in ends)
    return first.receipt if first else "", last.receipt if last else ""


def standing(
    ledger: Ledger,
    transaction: LedgerTransaction,
    identity: ShopIdentity,
    clock: Clock,
    by: Operator,
) -> dict[str, Any]:
    """Return what every close says of the till: who, when, where the journal is, for ever sums."""
    now, head = clock.now_ms(), transaction.head
    return {
        "by": by.id,
        "by_name": by.name,
        "offset_minutes": clock.offset_minutes(now),
        "training": identity.mode is ShopMode.TRAINING,
        "grand": grand_body(ledger.shifts.grand()),
        "ever": tallies_body(ledger.shifts.tallies(Level.TILL, 0)),
        "head_seq": head.seq,
        "head_hash": head.hash.hex(),
    }


def tallies_body(tallies: Sequence[Tally]) -> list[dict[str, Any]]:
    """Return tallies as the journal writes them."""
    return [asdict(tally) for tally in tallies]


def grand_body(grand: Sequence[Grand]) -> list[dict[str, Any]]:
    """Return perpetual totals as the journal writes them."""
    return [
        {
            "currency": each.total.currency.code,
            "decimals": each.total.currency.decimals,
            "sales": each.sales,
            "total_minor": each.total.minor,
        }
        for each in grand
    ]


def _found(drawer: Sequence[DrawerLine]) -> list[Tally]:
    """Return what the count found as tallies, so that batches add it up like everything else."""
    tallies = []
    for line in drawer:
        sums = [(EXPECTED, line.expected)]
        if line.counted is not None and line.variance is not None:
            sums += [(COUNTED, line.counted.total), (VARIANCE, line.variance)]
        for name, amount in sums:
            currency = amount.currency
            tallies.append(Tally(name, 1, amount.minor, currency.code, currency.decimals))
    return tallies


def _drawer_body(line: DrawerLine) -> dict[str, Any]:
    counted = line.counted
    return {
        "currency": line.expected.currency.code,
        "decimals": line.expected.currency.decimals,
        "opening_minor": line.opening.minor,
        "taken_minor": line.taken.minor,
        "in_minor": line.cash_in.minor,
        "out_minor": line.cash_out.minor,
        "dropped_minor": line.dropped.minor,
        "refunded_minor": line.refunded.minor,
        "expected_minor": line.expected.minor,
        "counted_minor": None if counted is None else counted.total.minor,
        "pieces": [] if counted is None else [list(piece) for piece in counted.pieces],
    }
