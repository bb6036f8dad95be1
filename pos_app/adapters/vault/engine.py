"""The software token engine: keys in this process, every token bound to a journal entry."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from pos_app.adapters.vault.acts import issue_act
from pos_app.adapters.vault.keystore import OpenKeyStore
from pos_app.adapters.vault.meter_keys import MeterKeys
from pos_app.application.engineering_records import ActIntent, DeskRecord
from pos_app.application.errors import AllowanceMissing
from pos_app.application.key_asked import KeyWish
from pos_app.application.key_change_records import KEY_CHANGE, key_of
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
from pos_app.exchange.key_set import made_set
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
    `random` returns a number below its argument, for the random field of tokens.
    """

    store: OpenKeyStore
    ledger: Ledger
    guard: TimeGuard
    random: Callable[[int], int] = secrets.randbelow

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
            if intent.paper:
                transaction.queue_slip(entry.seq, 0, at_ms)
        self.guard.note()
        return sale

    def act(self, prepare: Callable[[LedgerTransaction], ActIntent]) -> DeskRecord:
        """Return a committed act of the engineering desk; see `acts.issue_act`."""
        return issue_act(self.store, self.ledger, self.guard, prepare)

    def read(self, digits: str, meter: MeterRecord) -> Token:
        """Return what a token says to `meter`; one that needs no key is read without."""
        try:
            return decode(digits)
        except NeedsKey:
            return decode(digits, self._keys.reading(meter, self.guard.now_ms())[0])

    @property
    def _keys(self) -> MeterKeys:
        return MeterKeys(self.store, self.ledger)

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
        """Make and prove the tokens, a key change first and credit under the key it leads to.

        Each token of credit has a TID of its own, rising in the order of entry.
        """
        meter = intent.meter
        key, kcv = self._keys.issuing(meter, now_ms)
        made = self._key_change(intent.change, key, now_ms)
        last, slot = transaction.last_tid_minute(meter.drn), transaction.tid_slot()
        for wish in intent.wishes:
            last = next_tid_minute(
                minute_1993(now_ms),
                last,
                transaction.tid_floor() or None,
                minute_1993(transaction.highest_ms()),
                slot,
            )
            made.append(self._made(wish, meter, (key, kcv), last))
        return tuple(made)

    def _key_change(
        self, change: KeyWish | None, new_key: DecoderKey, now_ms: int
    ) -> list[IssuedToken]:
        """Return the tokens that lead from the meter's key to `new_key`; none without a change."""
        if change is None:
            return []
        held, kcv = self._keys.reading(change.held, now_ms)
        digits = self._keys.ready_set(change, held)
        if not digits:
            old, new = key_of(change.held), key_of(change.meter)
            digits = made_set(old, held, new, new_key, change.tokens)
        return [IssuedToken(each, KEY_CHANGE, 0, 0, 0, kcv) for each in digits]

    def _made(
        self, wish: TokenWish, meter: MeterRecord, under: tuple[DecoderKey, str], minute: int
    ) -> IssuedToken:
        key, kcv = under
        tid = to_base(minute, meter.base)
        refuse_expired(tid, meter.ken)
        service = SERVICES.index(meter.commodity)
        token: CreditToken | CurrencyCreditToken
        fine = 0
        if wish.kind == MONEY:
            fine = encodable_currency(wish.fine)
            token = CurrencyCreditToken(sub=len(SERVICES) + service, units=fine, tid=tid)
        else:
            token = CreditToken(sub=service, tenths=wish.tenths, tid=tid, rnd=self.random(16))
        digits = encode(token, key)
        prove(digits, key, token)
        return IssuedToken(digits, wish.kind, tid, minute, wish.tenths, kcv, fine)
