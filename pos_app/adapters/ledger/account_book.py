"""Questions about accounts: each is answered by a primary key that begins with the meter."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from pos_app.adapters.ledger.engine import shop_problems
from pos_app.application.account_records import (
    AccountState,
    FileSeen,
    HeldAdjustment,
    HeldCharge,
    HeldDebt,
    Settled,
)
from pos_app.domain.money import Currency, Money

_DEBTS: Final = """select ref, name, balance_minor, stated_minor, percent, instalment_minor,
    currency, decimals from debt where drn = ? and balance_minor > 0 order by place, seq, ref"""
_ADJUSTMENTS: Final = """select kind, ref, name, left_minor, stated_minor, percent, month, reason,
    currency, decimals from adjustment
    where drn = ? and left_minor <> 0 and month in ('', ?) order by seq, ref"""
_ENTITLED: Final = """select tenths from entitlement where drn = ? and first <= ?
    and (last = '' or last >= ?) order by first desc limit 1"""
_CLAIMED: Final = """select here_tenths, elsewhere_tenths from free_claim
    where drn = ? and month = ?"""
_USAGE: Final = """select month, bought_tenths, average_tenths from usage
    where drn = ? and month <= ? order by month desc limit 1"""
_ELSEWHERE: Final = "select tenths from elsewhere where drn = ? and month = ?"
_CHARGES: Final = """select name, due_minor, until, seq, currency, decimals from charge_state
    where drn = ? order by name"""
_SETTLED: Final = """select sale.receipt, sale.at_ms, settled.kind, settled.ref, settled.minor,
    sale.currency, sale.decimals from settled join sale on sale.seq = settled.seq
    where settled.drn = ? order by settled.seq desc, settled.ref limit ?"""
_FILE: Final = "select number, sha256, entries, seq from account_file "


class SqliteAccounts:
    """Implements `pos_app.application.account_ports.AccountBook`."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    def state(self, drn: str, month: str) -> AccountState:
        """Return what is known of a meter's account in `month`."""
        entitled = self._rows(_ENTITLED, drn, month, month)
        claim = self._rows(_CLAIMED, drn, month)
        here, elsewhere = claim[0] if claim else (0, 0)
        usage = self._rows(_USAGE, drn, month)
        of, bought, average = usage[0] if usage else ("", 0, 0)
        return AccountState(
            debts=tuple(_debt(row) for row in self._rows(_DEBTS, drn)),
            adjustments=tuple(_adjustment(row) for row in self._rows(_ADJUSTMENTS, drn, month)),
            entitled=entitled[0][0] if entitled else None,
            claimed_here=here,
            claimed_elsewhere=elsewhere,
            charges=tuple(_charge(row) for row in self._rows(_CHARGES, drn)),
            # Both may speak of the same sales, so they are not added up.
            bought_elsewhere=max(bought if of == month else 0, self.elsewhere(drn, month)),
            average=average or None,
        )

    def elsewhere(self, drn: str, month: str) -> int:
        """Return the tenths that head office says a meter bought in `month` at other tills."""
        rows = self._rows(_ELSEWHERE, drn, month)
        return int(rows[0][0]) if rows else 0

    def settled(self, drn: str, limit: int) -> tuple[Settled, ...]:
        """Return what the latest sales settled, newest first."""
        rows = self._rows(_SETTLED, drn, limit)
        return tuple(
            Settled(receipt, at_ms, kind, ref, Money(minor, Currency(code, decimals)))
            for receipt, at_ms, kind, ref, minor, code, decimals in rows
        )

    def newest_file(self, utility: str) -> FileSeen | None:
        """Return the account file of a utility with the highest number."""
        rows = self._rows(_FILE + "where utility = ? order by number desc limit 1", utility)
        return FileSeen(*rows[0]) if rows else None

    def file_of(self, sha256: str) -> FileSeen | None:
        """Return the imported account file with these bytes."""
        rows = self._rows(_FILE + "where sha256 = ?", sha256)
        return FileSeen(*rows[0]) if rows else None

    def authorities(self) -> dict[str, str]:
        """Return the pinned authorities: public key in hexadecimal, name."""
        return dict(self._rows("select public_key, name from authority"))

    def _rows(self, statement: str, *values: object) -> Sequence[Any]:
        with self._reading():
            found: Sequence[Any] = self._db.execute(statement, values).fetchall()
        return found

    def _reading(self) -> AbstractContextManager[None]:
        return shop_problems(self._path)


def _debt(row: Sequence[Any]) -> HeldDebt:
    ref, name, balance, stated, percent, instalment, code, decimals = row
    currency = Currency(code, decimals)
    part = Money(instalment, currency) if instalment else None
    return HeldDebt(ref, name, Money(balance, currency), Money(stated, currency), percent, part)


def _adjustment(row: Sequence[Any]) -> HeldAdjustment:
    kind, ref, name, left, stated, *rest, code, decimals = row
    currency = Currency(code, decimals)
    return HeldAdjustment(kind, ref, name, Money(left, currency), Money(stated, currency), *rest)


def _charge(row: Sequence[Any]) -> HeldCharge:
    name, due, until, seq, code, decimals = row
    return HeldCharge(name, Money(due, Currency(code, decimals)), until, seq)
