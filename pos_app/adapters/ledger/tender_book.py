"""Questions about payments: each has a primary key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from pos_app.adapters.ledger.engine import shop_problems
from pos_app.application.parked import ParkedSale, ParkedState
from pos_app.application.tender_ports import HeldWallet, WalletSum
from pos_app.domain.money import Currency, Money


class SqliteTenders:
    """Implements `pos_app.application.tender_ports.TenderBook`."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    def receipt_of(self, kind: str, reference: str) -> str:
        """Return the receipt that this reference paid for, empty if none did."""
        with shop_problems(self._path):
            row = self._db.execute(
                """select sale.receipt from tender_reference join sale using (seq)
                where kind = ? and reference = ? order by seq limit 1""",
                (kind, reference),
            ).fetchone()
        return str(row[0]) if row else ""

    def wallet(self, drn: str, currency: Currency) -> Money | None:
        """Return what a meter's wallet holds, None when none was opened."""
        with shop_problems(self._path):
            row = self._db.execute(
                """select coalesce(balance_minor, 0) from wallet left join wallet_money
                on wallet_money.drn = wallet.drn and currency = ? where wallet.drn = ?""",
                (currency.code, drn),
            ).fetchone()
        return Money(int(row[0]), currency) if row else None

    def wallets(self) -> tuple[HeldWallet, ...]:
        """Return every wallet that was opened, by meter."""
        with shop_problems(self._path):
            rows = self._db.execute(
                """select wallet.drn, name, currency, decimals, balance_minor from wallet
                left join wallet_money on wallet_money.drn = wallet.drn
                order by wallet.drn, currency"""
            ).fetchall()
        found: dict[tuple[str, str], list[Money]] = {}
        for drn, name, code, decimals, minor in rows:
            held = found.setdefault((drn, name), [])
            if code is not None:
                held.append(Money(minor, Currency(code, decimals)))
        return tuple(HeldWallet(*key, tuple(held)) for key, held in found.items())

    def wallet_sums(self) -> tuple[WalletSum, ...]:
        """Return what is owed to customers, a currency each."""
        with shop_problems(self._path):
            rows = self._db.execute(
                """select count(*), sum(balance_minor), currency, decimals from wallet_money
                where balance_minor > 0 group by currency, decimals order by currency"""
            ).fetchall()
        return tuple(WalletSum(n, Money(minor, Currency(*rest))) for n, minor, *rest in rows)

    def parked(self, now_ms: int) -> tuple[ParkedSale, ...]:
        """Return every parked sale, the oldest first; `now_ms` tells their age."""
        with shop_problems(self._path):
            rows = self._db.execute(
                """select seq, at_ms, operator, operator_name, drn, name, currency, decimals,
                amount_minor, tenths, state, card_minor, approval from parked order by seq"""
            ).fetchall()
        return tuple(_parked(row, now_ms) for row in rows)


def _parked(row: Sequence[Any], now_ms: int) -> ParkedSale:
    seq, at_ms, operator, operator_name, drn, name, code, decimals, minor, tenths, *rest = row
    state, card_minor, approval = rest
    currency = Currency(code, decimals)
    return ParkedSale(
        number=seq,
        at_ms=at_ms,
        operator=operator,
        operator_name=operator_name,
        drn=drn,
        name=name,
        currency=currency,
        amount=Money(minor, currency) if minor else None,
        tenths=tenths or None,
        state=ParkedState(state),
        age_seconds=max(now_ms - at_ms, 0) // 1000,
        card=Money(card_minor, currency) if card_minor else None,
        approval=approval,
    )
