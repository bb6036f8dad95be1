"""The training shop: 200,000 meters of people who do not exist, from a fixed seed.

Published test keys, its own till name, numbers and passphrase: nothing of it works at, or can be
mixed with, a real shop, because every sealed thing is bound to the till and its mode.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pos_app.adapters.system.clock import SystemClock
from pos_app.adapters.system.single import ShopInUse
from pos_app.adapters.vault.header import TRAINING_COST, read_identity
from pos_app.adapters.vault.keystore import OpenKeyStore
from pos_app.adapters.vault.pins import ArgonPins
from pos_app.adapters.vault.records import seal_vending_key
from pos_app.application.ports import (
    Clock,
    KeyAttributes,
    OperatorRecord,
    SealedKey,
    TariffRecord,
    UtilityRecord,
)
from pos_app.application.records import MeterRecord, Operator, Role, ShopIdentity, ShopMode
from pos_app.bootstrap.shop import ShopPlan, create_shop, open_shop
from pos_app.bootstrap.training_file import training_plan
from pos_app.domain.allowance import Allowance
from pos_app.domain.clock_guard import ClockVerdict
from pos_app.domain.errors import PosError
from pos_app.domain.tariff.file import parse_tariff
from pos_app.exchange.digest import sha256_hex
from pos_app.resources import resource
from pos_app.sts.identity import luhn_digit, meter_pan
from pos_app.sts.keys import VendingKey

METERS: Final = 200_000
FOR_EVER_MS: Final = 4_102_444_800_000  # 2100-01-01
_BLOCKED_ONE_IN: Final = 500
_REASONS: Final = ("tamper case open", "account closed", "meter exchanged")


def is_training_shop(folder: Path) -> bool:
    """Tell whether there is a training shop in `folder` already."""
    try:
        return read_identity(folder).mode is ShopMode.TRAINING
    except PosError:
        return False


def create_training_shop(folder: Path, meters: int = METERS, clock: Clock | None = None) -> int:
    """Make a training shop in `folder` and return how many meters it has."""
    plan = training_plan()
    time = clock or SystemClock()
    shop = ShopPlan(
        identity=ShopIdentity(plan["till"], plan["shop"], ShopMode.TRAINING),
        cost=TRAINING_COST,
        operators=_operators(plan),
        utilities=tuple(_utility(part) for part in plan["utility"]),
        tariffs=tuple(_tariff(part, time.now_ms()) for part in plan["utility"]),
        keys=lambda store: tuple(_key(store, part) for part in plan["utility"]),
        allowances=_allowances(plan, time.now_ms()),
        meters=training_meters(meters),
    )
    return create_shop(folder, plan["passphrase"], shop, clock)


def wake_training_shop(folder: Path, clock: Clock | None = None) -> bool:
    """Let the training shop's supervisor settle a clock that moved on while nobody sold.

    Return whether that was needed. A shop that is open in another program is left to it; raises
    what `pos_app.bootstrap.shop.open_shop` raises besides.
    """
    plan = training_plan()
    try:
        shop = open_shop(folder, plan["passphrase"], clock)
    except ShopInUse:
        return False
    try:
        asleep = shop.desk.status().clock_problem == ClockVerdict.AHEAD
        if asleep:
            (supervisor, *_) = (each for each in plan["operator"] if each["role"] == "supervisor")
            shop.desk.settle_clock(supervisor["id"], supervisor["pin"])
        return asleep
    finally:
        shop.close()


def training_meters(count: int) -> Iterator[MeterRecord]:
    """Yield `count` meters, the same ones at every call."""
    plan = training_plan()
    names = json.loads(resource("training", "names.json").read_text(encoding="utf-8"))
    # Not a secret: the seed is fixed so that every training shop knows the same people.
    chance = random.Random(plan["seed"])  # noqa: S311
    amounts = [count * part["share"] // 100 for part in plan["utility"]]
    amounts[0] += count - sum(amounts)
    for part, amount in zip(plan["utility"], amounts, strict=True):
        for index in range(amount):
            yield _meter(part, index, chance, names)


def _meter(
    part: dict[str, Any], index: int, chance: random.Random, names: dict[str, Any]
) -> MeterRecord:
    # Serials are spread over the number space, so that one wrong digit rarely is a neighbour.
    serial = (index * 7_654_321 + 12_345_678) % 100_000_000
    body = f"{part['manufacturer']}{serial:08d}"
    drn = body + luhn_digit(body)
    area = chance.choice(names["areas"][part["id"]])
    street = f"{chance.choice(names['streets'])} {chance.choice(names['kinds'])}"
    phone = part["phone"] + "".join(chance.choices("0123456789", k=10 - len(part["phone"])))
    blocked = chance.choice(_REASONS) if chance.randrange(_BLOCKED_ONE_IN) == 0 else ""
    return MeterRecord(
        drn=drn,
        pan=meter_pan(drn),
        name=f"{chance.choice(names['last']).upper()} {chance.choice(names['first'])}",
        address=f"{chance.randrange(1, 400)} {street}, {area}",
        phone=phone,
        account=f"{part['id'][:3].upper()}{index:07d}",
        utility=part["id"],
        tariff=part["tariff"],
        commodity="water" if part["id"] == "lakeside" else "electricity",
        sgc=part["sgc"],
        krn=part["krn"],
        ti=part["ti"],
        ken=part["ken"],
        kt=part["kt"],
        ea=part["ea"],
        dkga=part["dkga"],
        base=part["base"],
        blocked=blocked,
    )


def _operators(plan: dict[str, Any]) -> tuple[OperatorRecord, ...]:
    pins = ArgonPins()
    return tuple(
        OperatorRecord(
            Operator(part["id"], part["name"], Role(part["role"])), pins.verifier(part["pin"])
        )
        for part in plan["operator"]
    )


def _utility(part: dict[str, Any]) -> UtilityRecord:
    names = ("id", "name", "address", "tax_reference", "help_line")
    return UtilityRecord(*(part[name] for name in names))


def _tariff_text(part: dict[str, Any]) -> str:
    return resource("tariffs", f"{part['tariff']}.toml").read_text(encoding="utf-8")


def _tariff(part: dict[str, Any], now_ms: int) -> TariffRecord:
    text = _tariff_text(part)
    tariff = parse_tariff(text)
    digest = sha256_hex(text.encode())
    return TariffRecord(tariff.id, tariff.version, part["id"], text, digest, now_ms)


def _key(store: OpenKeyStore, part: dict[str, Any]) -> SealedKey:
    attributes = KeyAttributes(
        kind="vending",
        sgc=part["sgc"],
        krn=part["krn"],
        kt=part["kt"],
        base=part["base"],
        ken=part["ken"],
        dkga=part["dkga"],
        kcv="",
        active_from_ms=0,
        issue_until_ms=FOR_EVER_MS,
    )
    return seal_vending_key(store, attributes, VendingKey(bytes.fromhex(part["vending_key"])))


def _allowances(plan: dict[str, Any], now_ms: int) -> tuple[tuple[str, Allowance], ...]:
    bounds = plan["allowance"]
    allowance = Allowance(
        sequence=1,
        money_minor=bounds["money"],
        tenths=bounds["tenths"],
        count=bounds["count"],
        per_vend_minor=bounds["per_vend"],
        not_after_ms=now_ms + bounds["days"] * 86_400_000,
    )
    currencies = [parse_tariff(_tariff_text(part)).currency.code for part in plan["utility"]]
    return tuple((currency, allowance) for currency in dict.fromkeys(currencies))


def example_meters() -> tuple[str, ...]:
    """Return a meter of each utility to try."""
    plan = training_plan()
    names = json.loads(resource("training", "names.json").read_text(encoding="utf-8"))
    chance = random.Random(plan["seed"])  # noqa: S311 - see training_meters
    return tuple(_meter(part, 0, chance, names).drn for part in plan["utility"])
