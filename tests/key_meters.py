"""Meters with keys of a test's choice, at a moment of its choice, in a shop that trusts them."""

from __future__ import annotations

from dataclasses import asdict, astuple, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pos_app.adapters.vault.records import seal_vending_key
from pos_app.application.key_change_records import key_of, with_key
from pos_app.application.ports import KeyAttributes, TariffRecord
from pos_app.application.records import MeterRecord, Operator, Role
from pos_app.application.sale import Sale
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.meter_key import KEY_FIELDS, KeyAsk, MeterKey
from pos_app.domain.tender import Tender, cash_due
from pos_app.exchange.digest import sha256_hex
from pos_app.sts.identity import meter_pan
from pos_app.sts.keys import DecoderKey, VendingKey, derive_decoder_key
from pos_app.sts.keys import KeyAttributes as StsAttributes
from tests.key_makers import AUTHORITY, DAY_MS, GRACE, JOSEPH, STS_KEY, key_file
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order

FIRST_KEY = MeterKey("201457", krn=1, ti=1, ken=255, kt=2, ea=7, dkga=4, base=2014)
"""The key of STS 531-1 that training shops sell under, too."""
TARIFF = """\
id = "plain"
version = 1
utility = "Highveld Power (training)"
name = "One price"
commodity = "electricity"
unit = "kWh"
valid_from = 1993-01-01
prices_include_tax = true
unit_rounding = "up"
source = "made up for tests: 1.00 a unit, as few as a token can carry"

[currency]
code = "ZAR"
decimals = 2
smallest_coin = 10

[[block]]
price = "1.00"

[[example]]
bought = "0"
tender = "10.00"
units = "10.0"
"""
SUPERVISOR = Operator("grace", "Grace", Role.SUPERVISOR)
CASHIER = Operator("ama", "Ama", Role.CASHIER)
DES_KEY = bytes.fromhex("abababababababab")
NAMES = ("drn", "name", "utility", "tariff", "commodity", *KEY_FIELDS)


def moment(text: str) -> int:
    """Return the milliseconds of a UTC minute, ``YYYY-MM-DD HH:MM``."""
    at = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    return int(at.timestamp()) * 1000


class KeyShop:
    """A training shop with a clock in hand; `random` is the random field of its tokens.

    `made`: the shop is in `folder` already.
    """

    def __init__(
        self, folder: Path, at: str = "2026-11-21 10:32", random: int = 5, *, made: bool = False
    ) -> None:
        self.clock = HeldClock()
        self.shop: OpenShop = opened(folder if made else make_shop(folder), self.clock)
        self.random = random
        self.sequence = 0
        self.go_to(at)
        digest = sha256_hex(TARIFF.encode())
        record = TariffRecord("plain", 1, "highveld", TARIFF, digest, self.clock.now)
        with self.shop.ledger.writing() as act:
            act.put_tariff(record)
            act.append(
                "tariff_imported", {"id": "plain", "version": 1, "sha256": digest}, self.clock.now
            )
        self.shop.desk.keys.trust("Grid authority", AUTHORITY.public.hex(), GRACE, JOSEPH)

    def close(self) -> None:
        self.shop.close()

    def go_to(self, at: str) -> None:
        """Let it be another time, on a supervisor's word."""
        self.clock.now = moment(at)
        self.shop.desk.settle_clock("grace", "3333")

    def put(self, *meters: MeterRecord) -> None:
        """Import meters as the utility's file says they are."""
        rows = [",".join(str(getattr(meter, name)) for name in NAMES) for meter in meters]
        self.shop.desk.import_meters("\n".join([",".join(NAMES), *rows]).encode(), "grace")

    def meter(self, drn: str, key: MeterKey) -> MeterRecord:
        """Put a meter of the first utility on file and return it."""
        like = self.shop.ledger.meter(HIGHVELD)
        assert like is not None
        named = replace(like, drn=drn, pan=meter_pan(drn), name="NYAMA Rudo", tariff="plain")
        made = with_key(named, key)
        self.put(made)
        return made

    def bring(self, *keys: tuple[KeyAttributes, bytes]) -> None:
        """Import keys from a file of the authority."""
        self.sequence += 1
        raw = key_file(self.shop, *keys, sequence=self.sequence)
        self.shop.desk.keys.bring_in(raw, GRACE, JOSEPH)

    def vend_under(self, key: MeterKey, vending: bytes = STS_KEY, since: str = "") -> None:
        """Import the vending key of a group, in force since yesterday if not said otherwise."""
        active = moment(since) if since else self.clock.now - DAY_MS
        self.bring((vending_attributes(key, vending, active), vending))

    def hold(self, key: MeterKey, vending: bytes = STS_KEY, since: str = "") -> None:
        """Put a vending key into the vault without the two people; for many keys of one test."""
        active = moment(since) if since else self.clock.now - DAY_MS
        attributes = vending_attributes(key, vending, active)
        sealed = seal_vending_key(self.shop.store, attributes, VendingKey(vending))
        with self.shop.ledger.writing() as act:
            act.put_key(sealed)
            act.append("key_imported", asdict(sealed.attributes), self.clock.now)

    def ask(self, **wish: Any) -> None:
        """Ask something of the keys of the meters here."""
        self.shop.desk.key_changes.ask(KeyAsk("highveld", "plain", **wish), SUPERVISOR)

    def sell(self, drn: str, tenths: int = 10) -> Sale:
        """Sell units through the desk, with the random field that was chosen."""
        desk = self.shop.desk
        engine = replace(desk.engine, random=lambda _: self.random)  # type: ignore[type-var]
        total = desk.quote(drn, None, tenths).quote.total
        paid = (Tender("cash", cash_due(total)),)
        wish = order(self.shop, drn, total.minor, amount=None, tenths=tenths, tenders=paid)
        return replace(desk, engine=engine).sell(replace(wish, repeat_allowed=True))


def vending_attributes(
    key: MeterKey, vending: bytes, active_from_ms: int, days: int = 40_000
) -> KeyAttributes:
    """Return what a key file says of a vending key."""
    return KeyAttributes(
        kind="vending",
        sgc=key.sgc,
        krn=key.krn,
        kt=key.kt,
        base=key.base,
        ken=key.ken,
        dkga=key.dkga,
        kcv=VendingKey(vending).check_value(),
        active_from_ms=active_from_ms,
        issue_until_ms=active_from_ms + days * DAY_MS,
    )


def decoder_key(pan: str, key: MeterKey, vending: bytes = STS_KEY) -> DecoderKey:
    """Return the key that a meter holds."""
    of = StsAttributes(pan, key.kt, key.sgc, key.ti, key.krn, key.base, key.ea, key.dkga)
    return derive_decoder_key(VendingKey(vending), of)


def held_by(shop: OpenShop, drn: str) -> MeterKey:
    """Return the key that the till takes a meter to hold."""
    meter = shop.ledger.meter(drn)
    assert meter is not None
    return key_of(meter)


def attributes_line(key: MeterKey) -> str:
    """Return a key's attributes for a failed test's message."""
    return " ".join(str(each) for each in astuple(key))
