"""The end of a sales batch, and of a bank batch with its deposit slip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pos_app.application.operators import name_of, need_supervisor
from pos_app.application.ports import Clock, Ledger, LedgerTransaction
from pos_app.application.records import Operator, ShopIdentity
from pos_app.application.shift_close import standing, tallies_body
from pos_app.application.shift_errors import BatchNotOpen, ReferenceMissing, ShiftsStillOpen
from pos_app.application.shift_records import BatchRow
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import (
    DEPOSIT,
    Level,
    Tally,
    currencies,
    found_takings,
    takings,
)
from pos_app.exchange.chain import Entry

LONGEST_REFERENCE: Final = 40


@dataclass(frozen=True, slots=True)
class CloseBatch:
    """Close what is open, by a supervisor; queue its slip in the same transaction."""

    ledger: Ledger
    clock: Clock
    identity: ShopIdentity

    def sales(self, by: Operator) -> Entry:
        """Close the sales batch; raises `RoleNeeded`, `BatchNotOpen` or `ShiftsStillOpen`."""
        need_supervisor(by)
        batch = self._closable(Level.SALES)
        if batch is None:
            raise BatchNotOpen(level=Level.SALES.value)
        with self.ledger.writing() as transaction:
            return self._close(transaction, batch, by, {})

    def bank(self, by: Operator, reference: str, banked: Sequence[Money] = ()) -> Entry:
        """Close the bank batch, and before it the sales batch in it when that is open.

        `banked` is what goes to the bank, a currency each; one that is not named is banked whole,
        as the counts found it. What is kept opens the next bank batch. Raises what `sales`
        raises, and `ReferenceMissing`.
        """
        need_supervisor(by)
        said = " ".join(reference.split())
        if not said or len(said) > LONGEST_REFERENCE or not said.isprintable():
            raise ReferenceMissing(most=LONGEST_REFERENCE)
        inner = self._closable(Level.SALES)
        with self.ledger.writing() as transaction:
            if inner is not None:
                self._close(transaction, inner, by, {})
            batch = self.ledger.shifts.open_batch(Level.BANK)
            if batch is None or not self.ledger.shifts.tallies(Level.BANK, batch.number):
                raise BatchNotOpen(level=Level.BANK.value)
            return self._close(transaction, batch, by, self._deposited(batch, said, banked))

    def _closable(self, level: Level) -> BatchRow | None:
        held = self.ledger.shifts.open_shifts()
        if held:
            names = ", ".join(name_of(self.ledger, row.operator) for row in held)
            raise ShiftsStillOpen(operators=names)
        return self.ledger.shifts.open_batch(level)

    def _close(
        self,
        transaction: LedgerTransaction,
        batch: BatchRow,
        by: Operator,
        deposit: dict[str, Any],
    ) -> Entry:
        tallies = self.ledger.shifts.tallies(batch.level, batch.number)
        opened = self.ledger.entry(batch.opened_seq)
        body: dict[str, Any] = {
            "v": 1,
            "level": batch.level.value,
            "number": batch.number,
            "outer": batch.outer,
            "first_inner": batch.first_inner,
            "last_inner": batch.last_inner,
            "opened_ms": opened.at_ms if opened else 0,
            "tallies": tallies_body(tallies),
            "reference": "",
            "deposits": [],
            "carried": [],
            **deposit,
            **standing(self.ledger, transaction, self.identity, self.clock, by),
        }
        now = self.clock.now_ms()
        entry = transaction.append("batch_closed", body, now)
        transaction.queue_slip(entry.seq, 0, now)
        return entry

    def _deposited(
        self, batch: BatchRow, reference: str, banked: Sequence[Money]
    ) -> dict[str, Any]:
        tallies = self.ledger.shifts.tallies(Level.BANK, batch.number)
        named = {amount.currency.code: amount for amount in banked}
        there = {each.code: each for each in currencies(tallies)}
        known = there | {code: amount.currency for code, amount in named.items()}
        parts = [_deposit(tallies, known[code], named.get(code)) for code in sorted(known)]
        carried = [
            {**_currency(part), "amount_minor": part["kept_minor"]}
            for part in parts
            if part["kept_minor"]
        ]
        return {"reference": reference, DEPOSIT + "s": parts, "carried": carried}


def _deposit(tallies: Sequence[Tally], currency: Currency, amount: Money | None) -> dict[str, Any]:
    expected, found = takings(tallies, currency), found_takings(tallies, currency)
    banked = found if amount is None else amount
    return {
        "currency": currency.code,
        "decimals": currency.decimals,
        "expected_minor": expected.minor,
        "found_minor": found.minor,
        "amount_minor": banked.minor,
        "kept_minor": (found - banked).minor,
    }


def _currency(part: dict[str, Any]) -> dict[str, Any]:
    return {name: part[name] for name in ("currency", "decimals")}
