"""The software token engine: keys in this process, every token bound to a journal entry."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from pos_app.adapters.vault.errors import KeyMissing, KeyNotInForce
from pos_app.adapters.vault.keystore import OpenKeyStore
from pos_app.adapters.vault.records import decoder_key
from pos_app.application.errors import AllowanceMissing
from pos_app.application.ports import (
    Ledger,
    LedgerTransaction,
    ReceiptNumber,
)
from pos_app.application.records import MeterRecord
from pos_app.application.sale import Sale
from pos_app.application.time_guard import TimeGuard
from pos_app.application.token_kinds import MONEY
from pos_app.application.token_ports import IssuedToken, SaleIntent, TokenWish
from pos_app.domain.allowance import Wish, check
from pos_app.domain.clock_guard import stamp
from pos_app.domain.tid import minute_1993, next_tid_minute, to_base
from pos_app.sts.amounts import encodable_currency
from pos_app.sts.errors import KeyMissing as NeedsKey
from pos_app.sts.keys import DecoderKey
from pos_app.sts.proof import prove
from pos_app.sts.tid import refuse_expired
from pos_app.sts.tokens import (
    SERVICES,
    CreditToken,
    CurrencyCreditToken,
    Token,
    decode,
    encode,
)


@dataclass(frozen=True, slots=True)
class SoftwareEngine:
    """Implements `pos_app.application.token_ports.TokenEngine`.

    Inside one durable transaction: clock, allowance, key, TID, token, proof, entry, print job.
    """

    store: OpenKeyStore
    ledger: Ledger
    guard: TimeGuard

    def issue(self, prepare: Callable[[LedgerTransaction], SaleIntent]) -> Sale:
        """Return a committed sale; any `PosError` means that nothing happened."""
        now = self.guard.now_ms()
        self.guard.ensure(now)
        at_ms = stamp(now, self.ledger.clock_floor_ms())
        with self.ledger.writing() as transaction:
            intent = prepare(transaction)
            self._check_allowance(intent, at_ms)
            tokens = self._tokens(intent, transaction, now)
            series, number = transaction.next_receipt()
            receipt = ReceiptNumber(self.store.identity.till, series, number)
            sale = intent.body(tokens, receipt, at_ms)
            entry = transaction.append("sale", sale.to_body(), at_ms)
            transaction.queue_slip(entry.seq, 0, at_ms)
        self.guard.note()
        return sale

    def read(self, digits: str, meter: MeterRecord) -> Token:
        """Return what a token says to `meter`; one that needs no key is read without."""
        try:
            return decode(digits)
        except NeedsKey:
            return decode(digits, self._reading_key(meter))

    def _reading_key(self, meter: MeterRecord) -> DecoderKey:
        """Return the meter's key; one that may issue no more still reads what it issued."""
        keys = self.ledger.sealed_keys(meter.sgc, meter.krn, meter.pan)
        try:
            return decoder_key(self.store, keys, meter, self.guard.now_ms())[0]
        except KeyNotInForce:
            for each in keys:
                with suppress(KeyMissing, KeyNotInForce):
                    once = each.attributes.active_from_ms
                    return decoder_key(self.store, (each,), meter, once)[0]
            raise

    def _check_allowance(self, intent: SaleIntent, at_ms: int) -> None:
        currency = intent.total.currency.code
        for code, allowance, spent in self.ledger.allowances():
            if code == currency:
                tenths = sum(wish.tenths for wish in intent.wishes)
                check(allowance, spent, Wish(intent.total.minor, tenths, at_ms))
                return
        raise AllowanceMissing(currency=currency)

    def _tokens(
        self, intent: SaleIntent, transaction: LedgerTransaction, now_ms: int
    ) -> tuple[IssuedToken, ...]:
        """Make and prove the tokens; each has a TID of its own, rising in the order of entry."""
        meter = intent.meter
        keys = self.ledger.sealed_keys(meter.sgc, meter.krn, meter.pan)
        key, kcv = decoder_key(self.store, keys, meter, now_ms)
        last, slot = transaction.last_tid_minute(meter.drn), transaction.tid_slot()
        made: list[IssuedToken] = []
        for wish in intent.wishes:
            last = next_tid_minute(
                minute_1993(now_ms),
                last,
                transaction.tid_floor() or None,
                minute_1993(transaction.highest_ms()),
                slot,
            )
            made.append(_made(wish, meter, key, last, kcv))
        return tuple(made)


def _made(
    wish: TokenWish, meter: MeterRecord, key: DecoderKey, minute: int, kcv: str
) -> IssuedToken:
    tid = to_base(minute, meter.base)
    refuse_expired(tid, meter.ken)
    service = SERVICES.index(meter.commodity)
    token: CreditToken | CurrencyCreditToken
    fine = 0
    if wish.kind == MONEY:
        fine = encodable_currency(wish.fine)
        token = CurrencyCreditToken(sub=len(SERVICES) + service, units=fine, tid=tid)
    else:
        token = CreditToken(sub=service, tenths=wish.tenths, tid=tid, rnd=secrets.randbelow(16))
    digits = encode(token, key)
    prove(digits, key, token)
    return IssuedToken(digits, wish.kind, tid, minute, wish.tenths, kcv, fine)
