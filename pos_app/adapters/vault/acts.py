"""Tokens of the engineering desk, made the way a sale's are: one durable transaction, proven."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

from pos_app.adapters.vault.keystore import OpenKeyStore
from pos_app.adapters.vault.records import decoder_key
from pos_app.application.engineering_records import ActIntent, Blank, DeskRecord
from pos_app.application.errors import AllowanceMissing
from pos_app.application.given_credit import minor_of
from pos_app.application.ports import Ledger, LedgerTransaction
from pos_app.application.records import MeterRecord
from pos_app.application.sale import SaleToken
from pos_app.application.time_guard import TimeGuard
from pos_app.domain.allowance import Wish, check
from pos_app.domain.clock_guard import stamp
from pos_app.domain.tid import minute_1993, next_tid_minute, to_base
from pos_app.sts.keys import DecoderKey
from pos_app.sts.proof import prove
from pos_app.sts.tid import refuse_expired
from pos_app.sts.tokens import CreditToken, CurrencyCreditToken, Token, as_encoded, encode


def issue_act(
    store: OpenKeyStore,
    ledger: Ledger,
    guard: TimeGuard,
    prepare: Callable[[LedgerTransaction], ActIntent],
) -> DeskRecord:
    """Return a committed act; any `PosError` means that nothing happened."""
    now = guard.now_ms()
    guard.ensure(now)
    at_ms = stamp(now, ledger.clock_floor_ms())
    with ledger.writing() as transaction:
        intent = prepare(transaction)
        if intent.tenths or intent.fine:
            _check_allowance(ledger, intent, at_ms)
        tokens, kcv = _tokens(store, ledger, intent, transaction, now)
        record = intent.body(tokens, kcv, at_ms)
        entry = transaction.append(intent.kind, record.to_body(), at_ms)
        transaction.queue_slip(entry.seq, 0, at_ms)
    guard.note()
    return replace(record, seq=entry.seq)


def _check_allowance(ledger: Ledger, intent: ActIntent, at_ms: int) -> None:
    for code, allowance, spent in ledger.allowances():
        if code == intent.currency:
            minor = minor_of(intent.fine, intent.decimals)
            check(allowance, spent, Wish(minor, intent.tenths, at_ms))
            return
    raise AllowanceMissing(currency=intent.currency)


def _tokens(
    store: OpenKeyStore,
    ledger: Ledger,
    intent: ActIntent,
    transaction: LedgerTransaction,
    now_ms: int,
) -> tuple[tuple[SaleToken, ...], str]:
    """Return the tokens and the check value of their key, empty for none."""
    if intent.meter is None:
        return tuple(_clear(kind, blank) for kind, blank in intent.blanks), ""
    meter = intent.meter
    keys = ledger.sealed_keys(meter.sgc, meter.krn, meter.pan)
    key, kcv = decoder_key(store, keys, meter, now_ms)
    last, slot = transaction.last_tid_minute(meter.drn), transaction.tid_slot()
    made: list[SaleToken] = []
    for kind, blank in intent.blanks:
        known = minute_1993(transaction.highest_ms())
        floor = transaction.tid_floor() or None
        last = next_tid_minute(minute_1993(now_ms), last, floor, known, slot)
        made.append(_sealed(kind, blank, meter, key, last))
    return tuple(made), kcv


def _clear(kind: str, blank: Blank) -> SaleToken:
    """Make a token of class 1, which no key protects."""
    token = blank(0, 0)
    digits = encode(token)
    prove(digits, None, token)
    return SaleToken(digits, kind, 0, 0, 0)


def _sealed(kind: str, blank: Blank, meter: MeterRecord, key: DecoderKey, minute: int) -> SaleToken:
    tid = to_base(minute, meter.base)
    refuse_expired(tid, meter.ken)
    token: Token = as_encoded(blank(tid, secrets.randbelow(16)))
    digits = encode(token, key)
    prove(digits, key, token)
    tenths = token.tenths if isinstance(token, CreditToken) else 0
    fine = token.units if isinstance(token, CurrencyCreditToken) else 0
    return SaleToken(digits, kind, tid, minute, tenths, fine)
