"""Tills for tests that are no programs: journals, bundles and assertions of the real form."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert, select

from pos_app.exchange.assertion import Assertion, authorization
from pos_app.exchange.bundle import BundleTitle, write_bundle
from pos_app.exchange.chain import EMPTY, Entry, Head, Owner, next_entry
from pos_app.exchange.enrolment import EnrolmentRequest, write_request
from pos_app.exchange.hpke import public_of
from pos_app.exchange.signing import SigningKey
from pos_app.head_office.office import Office, create_office
from pos_app.head_office.records import TillRecord
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.sealing import FLOOR
from pos_app.head_office.store import tills
from pos_app.head_office.store.engine import Store, open_store
from pos_app.head_office.store.office import begin_log
from pos_app.head_office.store.tables import fact
from tests.shops import START_MS, HeldClock

PASSPHRASE = "seven harbour lanterns drift slowly"
DRN = "14123456783"
MINUTE_MS = 60_000
NOW_MS = START_MS + 86_400_000
"""The server's time: a day after the tills began."""
ALLOWANCE = {
    "currency": "ZAR",
    "sequence": 1,
    "money_minor": 100_000_000,
    "tenths": 100_000_000,
    "count": 1_000_000,
    "per_vend_minor": 1_000_000,
    "not_after_ms": START_MS + 365 * 86_400_000,
}


def make_rooms(store: Store, clock: HeldClock | None = None) -> Rooms:
    return Rooms.of(make_office(store, clock), "https://127.0.0.1:8460")


@cache
def _model() -> tuple[Office, list[dict[str, Any]]]:
    """Return an office that was really made, and its facts: stretching a passphrase takes long."""
    with TemporaryDirectory() as folder:
        store = open_store("", Path(folder))
        office = create_office(store, HeldClock(NOW_MS), "Grid", PASSPHRASE, FLOOR)
        with store.reading() as act:
            facts = [dict(row) for row in act.execute(select(fact)).mappings()]
        store.close()
    return office, facts


def model_office() -> Office:
    """Return the office whose keys all offices of this process have; its store is closed."""
    return _model()[0]


def make_office(store: Store, clock: HeldClock | None = None) -> Office:
    """Return an office in an empty store; all of them have the same keys."""
    office, facts = _model()
    with store.writing() as act:
        act.execute(insert(fact), facts)
        begin_log(act)
    return replace(office, store=store, clock=clock or HeldClock(NOW_MS))


def token(minute: int, tenths: int = 100, digits: str = "1" * 20) -> dict[str, Any]:
    kept = {"digits": digits, "kind": "credit", "tid": minute - 11_044_800, "minute": minute}
    return kept | {"tenths": tenths, "fine": 0}


def sale_body(number: int, at_ms: int) -> dict[str, Any]:
    """Return the body of a sale with the fields that a till writes."""
    minute = 17_000_000 + number
    meter = {
        "drn": DRN, "pan": f"600727{DRN}6", "name": "Ada <b>&amp;</b>", "address": "1 Main Road",
        "utility": "grid", "utility_name": "Grid", "commodity": "electricity", "unit": "kWh",
        "sgc": "600111", "krn": 1, "ti": 1, "ken": 255, "kt": 2, "ea": 7, "dkga": 4, "base": 2014,
        "kcv": "abcdef",
    }  # fmt: skip
    return {
        "v": 1, "sale_id": f"sale-{number}", "receipt": f"TILL7-1-{number}", "series": 1,
        "number": number, "at_ms": at_ms, "offset_minutes": 120, "month": "2026-11",
        "operator": "ama", "operator_name": "Ama", "meter": meter, "tariff": "home",
        "tariff_version": 1, "tariff_name": "Home", "bought_before": 0, "asked": "money",
        "currency": "ZAR", "decimals": 2, "total_minor": 5000, "rounding_minor": 0,
        "due_minor": 5000, "change_minor": 0, "tenths": 100, "units_exact": "10", "lines": [],
        "tenders": [{"kind": "cash", "amount_minor": 5000, "reference": ""}],
        "tokens": [token(minute)], "training": False, "shift": 1,
    }  # fmt: skip


@dataclass
class MadeTill:
    """A till that keeps its journal in memory."""

    name: str = "TILL7"
    seed: bytes = b"till"
    entries: list[Entry] = field(default_factory=list)
    at_ms: int = START_MS
    sold: int = 0

    def __post_init__(self) -> None:
        self.key = SigningKey(hashlib.sha256(self.seed + self.name.encode()).digest())
        self.private = hashlib.sha256(b"exchange" + self.name.encode()).digest()
        if not self.entries:
            created = {"till": self.name, "public_key": self.key.public.hex(), "series": 1}
            self.add("shop_created", created | {"shop": "Corner Shop", "mode": "training"})
            self.add("allowance", ALLOWANCE)

    @property
    def head(self) -> Head:
        if not self.entries:
            return EMPTY
        last = self.entries[-1]
        return Head(last.seq, last.hash, last.at_ms)

    def add(self, kind: str, body: dict[str, Any]) -> Entry:
        entry = next_entry(self.head, self.at_ms, kind, body, self.key)
        self.entries.append(entry)
        return entry

    def sell(self, times: int = 1, **changes: Any) -> Entry:
        for _ in range(times):
            self.sold += 1
            self.at_ms += MINUTE_MS // 10
            self.add("sale", sale_body(self.sold, self.at_ms) | changes)
        return self.entries[-1]

    def copied(self) -> MadeTill:
        """Return another machine with the same ledger and the same keys."""
        return MadeTill(self.name, self.seed, list(self.entries), self.at_ms + 1, self.sold)

    def bundle(self, first: int = 1, last: int | None = None) -> bytes:
        """Return the bytes of entries `first` to `last` as they stand in the journal."""
        return self.bundle_of(self.entries[first - 1 : last])

    def bundle_of(self, entries: Iterable[Entry]) -> bytes:
        held = list(entries)
        owner = Owner(self.name, self.key.public)
        title = BundleTitle(owner, held[0].seq, held[-1].seq, held[0].prev_hash, self.at_ms)
        file = io.BytesIO()
        write_bundle(file, title, held, self.key)
        return file.getvalue()

    def request(self, code: str) -> bytes:
        request = EnrolmentRequest(
            till=self.name,
            shop="Corner Shop",
            mode="training",
            public=self.key.public,
            exchange_key=public_of(self.private),
            code=code,
            made_at_ms=self.at_ms,
        )
        return write_request(request, self.key)

    def header(self, audience: bytes, now_ms: int = NOW_MS, nonce: int = 0) -> str:
        now_s = now_ms // 1000
        made = Assertion(self.name, audience, now_s, now_s + 60, nonce.to_bytes(16, "big"))
        return authorization(made, self.key)


def enrolled(rooms: Rooms, till: MadeTill) -> TillRecord:
    """Enrol a till by a code and return it as the office holds it."""
    code = rooms.enrolling.code_for(till.name)
    rooms.enrolling.answer(till.request(code), "127.0.0.1")
    return rooms.till(till.name)


def send(rooms: Rooms, till: MadeTill, raw: bytes) -> dict[str, Any]:
    """Bring a bundle in as the network does, and return the answer."""
    return rooms.take(rooms.till(till.name), io.BytesIO(raw))


def stored_tills(office: Office) -> list[TillRecord]:
    with office.store.reading() as act:
        return tills.all_tills(act)
