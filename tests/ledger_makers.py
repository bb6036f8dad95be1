"""Ledgers without a vault: histories of any length, as random as a seed, all properly signed."""

from __future__ import annotations

import hashlib
import random
import uuid
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.transaction import Transaction
from pos_app.application.ports import KeyAttributes as KeyRecord
from pos_app.application.ports import (
    OperatorRecord,
    ReceiptNumber,
    SealedKey,
    TariffRecord,
    UtilityRecord,
)
from pos_app.application.records import MeterRecord, Operator, Role
from pos_app.application.sale import Sale, SaleLine, SaleMeter, SaleTender, SaleToken
from pos_app.domain.allowance import Allowance
from pos_app.exchange.chain import Owner
from pos_app.exchange.digest import sha256_hex
from pos_app.exchange.signing import SigningKey

TILL = "TILL7"
SIGNER = SigningKey(hashlib.sha256(b"the till of the ledger tests").digest())
OTHER_SIGNER = SigningKey(hashlib.sha256(b"another till of the ledger tests").digest())
OWNER = Owner(TILL, SIGNER.public)
LEDGER_KEY = hashlib.sha256(b"the ledger key of the tests").digest()
START_MS = 1_795_257_120_000
START_MINUTE = 17_823_513
METER = MeterRecord(
    drn="14123456783",
    pan="600727141234567831",
    name="MOYO Ama",
    address="12 Samora Machel Avenue, Mbare",
    phone="0771234567",
    account="HIG0000001",
    utility="highveld",
    tariff="light",
    commodity="electricity",
    sgc="201457",
    krn=1,
    ti=1,
    ken=255,
    kt=2,
    ea=7,
    dkga=4,
    base=2014,
)
KEY_RECORD = KeyRecord("vending", "201457", 1, 2, 2014, 255, 4, "A1B2C3", 0, START_MS * 2)


def make_ledger(
    folder: Path, signer: SigningKey = SIGNER, *, till: str = TILL, imports: bool = True
) -> SqliteLedger:
    """Make a ledger in `folder` as a new shop has it: created, with its imports."""
    folder.mkdir(exist_ok=True)
    ledger = SqliteLedger.open(folder, LEDGER_KEY, signer, create=True)
    created = {"till": till, "public_key": signer.public.hex(), "series": 1}
    with ledger.writing() as transaction:
        transaction.append("shop_created", created, START_MS)
        if imports:
            _import(transaction)
    return ledger


def reopened(ledger: SqliteLedger, signer: SigningKey = SIGNER) -> SqliteLedger:
    """Close a ledger and open it again."""
    ledger.close()
    return SqliteLedger.open(ledger.path.parent, LEDGER_KEY, signer)


def _import(transaction: Transaction) -> None:
    for name, role in (("ama", Role.CASHIER), ("grace", Role.SUPERVISOR)):
        record = OperatorRecord(Operator(name, name.title(), role), f"verifier of {name}")
        transaction.put_operator(record)
        digest = sha256_hex(record.pin_verifier.encode())
        body: dict[str, Any] = {
            "id": name,
            "name": name.title(),
            "role": role.value,
            "pin_verifier": digest,
        }
        transaction.append("operator_imported", body, START_MS)
    utility = UtilityRecord("highveld", "Highveld Power", "14 Avenue", "TAX-1", "0800 1")
    transaction.put_utility(utility)
    transaction.append("utility_imported", asdict(utility), START_MS)
    for version in (1, 2):
        text = f"price of version {version}"
        tariff = TariffRecord(
            "light", version, "highveld", text, sha256_hex(text.encode()), START_MS
        )
        transaction.put_tariff(tariff)
        body = {"id": "light", "version": version, "sha256": tariff.sha256}
        transaction.append("tariff_imported", body, START_MS)
    for krn in (1, 2):
        key = SealedKey(replace(KEY_RECORD, krn=krn), bytes(40))
        transaction.put_key(key)
        transaction.append("key_imported", asdict(key.attributes), START_MS)
    for currency in ("ZAR", "UGX"):
        granted = asdict(Allowance(1, 10**12, 10**12, 10**9, 10**9, START_MS * 2))
        transaction.append("allowance", {"currency": currency, **granted}, START_MS)
    transaction.import_meters([METER])
    transaction.append("meters_imported", {"count": 1}, START_MS)


def sale_of(transaction: Transaction, at_ms: int, **changes: Any) -> Sale:
    """Return a sale that may stand next in the journal; `changes` replace its fields."""
    drn = changes.pop("drn", METER.drn)
    minute = changes.pop("minute", (transaction.last_tid_minute(drn) or START_MINUTE) + 1)
    series, number = transaction.next_receipt()
    meter = SaleMeter(
        drn=drn,
        pan=METER.pan,
        name=METER.name,
        address=METER.address,
        utility=METER.utility,
        utility_name="Highveld Power",
        commodity=METER.commodity,
        unit="kWh",
        sgc=METER.sgc,
        krn=METER.krn,
        ti=METER.ti,
        ken=METER.ken,
        kt=METER.kt,
        ea=METER.ea,
        dkga=METER.dkga,
        base=METER.base,
        kcv="A1B2C3",
    )
    sale = Sale(
        sale_id=str(uuid.UUID(int=number)),
        receipt=str(ReceiptNumber(TILL, series, number)),
        series=series,
        number=number,
        at_ms=at_ms,
        offset_minutes=120,
        month="2026-11",
        operator="ama",
        operator_name="Ama",
        meter=meter,
        tariff="light",
        tariff_version=1,
        tariff_name="Light",
        bought_before=0,
        asked="money",
        currency="ZAR",
        decimals=2,
        total_minor=5000,
        rounding_minor=0,
        due_minor=5000,
        change_minor=0,
        tenths=229,
        units_exact="22.9",
        lines=(SaleLine("energy", 5000),),
        tenders=(SaleTender("cash", 5000),),
        tokens=(SaleToken(f"{number:020d}", "credit", minute - 11_044_800, minute, 229),),
        training=True,
    )
    return replace(sale, **changes)


def sell(ledger: SqliteLedger, at_ms: int = START_MS, **changes: Any) -> int:
    """Commit a sale with its slip and return its journal number."""
    with ledger.writing() as transaction:
        sale = sale_of(transaction, at_ms, **changes)
        entry = transaction.append("sale", sale.to_body(), at_ms)
        transaction.queue_slip(entry.seq, 0, at_ms)
    return entry.seq


def live_through(ledger: SqliteLedger, chance: random.Random, acts: int) -> None:
    """Let `acts` things happen, of every kind that a journal knows."""
    clock = ledger.head().at_ms
    sold: list[int] = []
    for _ in range(acts):
        clock += chance.choice((0, 1, 900, 60_000, 7 * 3_600_000, 86_400_000))
        act = chance.randrange(10)
        if act < 6 or not sold:
            sold.append(_random_sale(ledger, chance, clock))
        else:
            _random_entry(ledger, chance, clock, sold)


def _random_sale(ledger: SqliteLedger, chance: random.Random, clock: int) -> int:
    minor, tenths = chance.randrange(1, 10**7), chance.randrange(1, 10**5)
    currency, decimals = chance.choice((("ZAR", 2), ("UGX", 0)))
    changes: dict[str, Any] = {
        "drn": f"1400000000{chance.randrange(5)}",
        "total_minor": minor,
        "tenths": tenths,
        "currency": currency,
        "decimals": decimals,
        "month": f"2026-{chance.randrange(1, 13):02d}",
        "offset_minutes": chance.choice((-600, 0, 120, 345)),
        "operator": chance.choice(("ama", "grace")),
    }
    return sell(ledger, clock, **changes)


def _random_entry(ledger: SqliteLedger, chance: random.Random, clock: int, sold: list[int]) -> None:
    seq = chance.choice(sold)
    name = chance.choice(("ama", "grace"))
    kinds: dict[str, dict[str, Any]] = {
        "reprint": {"sale_seq": seq, "copy": ledger.copies_of(seq) + 1, "reason": "lost"},
        "sign_in": {"operator": name},
        "sign_in_refused": {"operator": name, "failures": 1},
        "clock_settled": {"operator": "grace", "was": clock, "is": clock - 5},
        "backup": {"entries": 3},
        "allowance": {
            "currency": "ZAR",
            **asdict(Allowance(2, 10**12, 10**12, 10**9, 10**9, START_MS * 2)),
        },
        "restored": {"series": chance.randrange(2, 9), "tid_floor": START_MINUTE + 100},
    }
    kind = chance.choice(sorted(kinds))
    now = clock - 5 if kind == "clock_settled" else clock
    with ledger.writing() as transaction:
        transaction.append(kind, kinds[kind], now)
