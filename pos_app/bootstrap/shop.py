"""Opening and making a shop: lock, key store, ledger, anchor, desk."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import ClassVar

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.errors import JournalRolledBack, LedgerUnavailable
from pos_app.adapters.ledger.transaction import Transaction
from pos_app.adapters.system.clock import SystemClock
from pos_app.adapters.system.errors import ShopFolderUnusable
from pos_app.adapters.system.single import ShopLock
from pos_app.adapters.vault.engine import SoftwareEngine
from pos_app.adapters.vault.errors import KeyStoreBroken
from pos_app.adapters.vault.header import FILE_NAME as VAULT_NAME
from pos_app.adapters.vault.header import Argon2Cost
from pos_app.adapters.vault.keystore import (
    ANCHOR_NAME,
    OpenKeyStore,
    create_key_store,
    open_key_store,
)
from pos_app.adapters.vault.module import close_module
from pos_app.adapters.vault.office_seal import VaultSeal
from pos_app.adapters.vault.pins import ArgonPins
from pos_app.adapters.vault.safe import VaultSafe
from pos_app.application.desk import Desk
from pos_app.application.keys import catch_up
from pos_app.application.ports import (
    Clock,
    OperatorRecord,
    SealedKey,
    TariffRecord,
    UtilityRecord,
)
from pos_app.application.pricing import Pricing
from pos_app.application.records import MeterRecord, ShopIdentity
from pos_app.application.rules_guard import RulesGuard
from pos_app.application.time_guard import TimeGuard
from pos_app.bootstrap.anchor import AnchorKeeper
from pos_app.bootstrap.shift_settings import HeldSettings
from pos_app.domain.allowance import Allowance
from pos_app.domain.errors import PosError
from pos_app.exchange.digest import sha256_hex


class ShopExists(PosError):
    """There is a shop in this folder already. Fact: `folder`."""

    code: ClassVar[str] = "shop-exists"


@dataclass(frozen=True, slots=True)
class OpenShop:
    """A shop with its lock held. `close` it; a killed program is cleaned up by the next one."""

    folder: Path
    store: OpenKeyStore = field(repr=False)
    ledger: SqliteLedger
    clock: Clock
    desk: Desk
    lock: ShopLock
    keeper: AnchorKeeper
    settings: HeldSettings

    def close(self) -> None:
        """Close the ledger, write the last anchor, let the next program in."""
        try:
            close_module(self.store)
            self.ledger.close()
            self.keeper.close()
        finally:
            self.lock.release()


@dataclass(frozen=True, slots=True)
class ShopPlan:
    """What a new shop is and starts with. `keys` are sealed once the key store is there.

    `authorities` are (name, public key in hexadecimal) of those whose signed files it takes.
    """

    identity: ShopIdentity
    cost: Argon2Cost
    operators: tuple[OperatorRecord, ...]
    utilities: tuple[UtilityRecord, ...]
    tariffs: tuple[TariffRecord, ...]
    keys: Callable[[OpenKeyStore], tuple[SealedKey, ...]]
    allowances: tuple[tuple[str, Allowance], ...]
    meters: Iterable[MeterRecord]
    authorities: tuple[tuple[str, str], ...] = ()


def open_shop(folder: Path, passphrase: str, clock: Clock | None = None) -> OpenShop:
    """Open the shop in `folder`.

    Raises, before anything is changed: `KeyStoreMissing`, `KeyStoreBroken`, `PassphraseWrong`, or
    what `open_unlocked` raises.
    """
    return open_unlocked(folder, open_key_store(folder, passphrase), clock)


def open_unlocked(folder: Path, store: OpenKeyStore, clock: Clock | None = None) -> OpenShop:
    """Open the shop whose key store is open already.

    Raises, before anything is changed: `ShopInUse`, `LedgerMissing`, `LedgerDamaged`,
    `LedgerUnavailable`, `KeyStoreBroken` (its anchor), `JournalRolledBack`.
    """
    lock = take_lock(folder)
    try:
        ledger = SqliteLedger.open(folder, store.ledger_key, store.signer)
        try:
            check_anchor(ledger, store)
        except BaseException:
            ledger.close()
            raise
        return _assembled(folder, store, ledger, lock, clock)
    except BaseException:
        lock.release()
        raise


def take_lock(folder: Path) -> ShopLock:
    """Take the shop's lock; a folder that holds no shop is left as it is."""
    lock = ShopLock(folder)
    if (folder / VAULT_NAME).exists():
        lock.take()
    return lock


def check_anchor(ledger: SqliteLedger, store: OpenKeyStore) -> None:
    """Raise `JournalRolledBack` when the journal does not contain what the anchor remembers.

    Every shop has an anchor from its first moment on, so a missing one was taken away: opening
    without it would let an old copy of the ledger pass.
    """
    anchor = store.anchor()
    if anchor.seq == 0:
        raise KeyStoreBroken(path=str(store.folder / ANCHOR_NAME), problem="anchor missing")
    entry = ledger.entry(anchor.seq)
    if entry is None or entry.hash != anchor.hash:
        raise JournalRolledBack(seq=ledger.head().seq, anchored=anchor.seq)


def _assembled(
    folder: Path, store: OpenKeyStore, ledger: SqliteLedger, lock: ShopLock, clock: Clock | None
) -> OpenShop:
    time = clock or SystemClock(store.identity.utc_offset_minutes)
    guard = TimeGuard(ledger, time)
    keeper = AnchorKeeper(store)
    ledger.on_commit = keeper.tell
    settings = HeldSettings(folder, RulesGuard(ledger, time))
    with suppress(LedgerUnavailable):  # a full disk keeps nobody from reading
        settings.note()
    safe = VaultSafe(store)
    catch_up(ledger, safe, time)
    desk = Desk(
        identity=store.identity,
        ledger=ledger,
        clock=time,
        guard=guard,
        engine=SoftwareEngine(store, ledger, guard),
        pins=ArgonPins(),
        pricing=Pricing(ledger, time),
        shift_settings=settings.shifts,
        tender_settings=settings.tenders,
        rules_outside=settings.outside,
        safe=safe,
        seal=VaultSeal(store),
    )
    return OpenShop(folder, store, ledger, time, desk, lock, keeper, settings)


def create_shop(folder: Path, passphrase: str, plan: ShopPlan, clock: Clock | None = None) -> int:
    """Make a shop and return how many meters it has; all of it appears at once or not at all."""
    if folder.exists() and any(folder.iterdir()):
        raise ShopExists(folder=str(folder))
    time = clock or SystemClock(plan.identity.utc_offset_minutes)
    draft = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}.new")
    try:
        draft.mkdir(mode=0o700, parents=True)
        meters = _build(draft, passphrase, plan, time)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise ShopFolderUnusable(folder=str(folder), reason=reason) from problem
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return meters


def _build(draft: Path, passphrase: str, plan: ShopPlan, clock: Clock) -> int:
    store = create_key_store(draft, passphrase, plan.identity, plan.cost)
    ledger = SqliteLedger.open(draft, store.ledger_key, store.signer, create=True)
    try:
        with ledger.writing() as transaction:
            meters = _fill(transaction, store, plan, clock.now_ms())
        store.drop_anchor(ledger.head())
    finally:
        ledger.close()
    return meters


def _fill(transaction: Transaction, store: OpenKeyStore, plan: ShopPlan, now_ms: int) -> int:
    identity = store.identity
    created = {
        "till": identity.till,
        "shop": identity.shop,
        "mode": identity.mode.value,
        "public_key": store.signer.public.hex(),
        "series": 1,
    }
    transaction.append("shop_created", created, now_ms)
    for record in plan.operators:
        transaction.put_operator(record)
        held = asdict(record.operator) | {"pin_verifier": sha256_hex(record.pin_verifier.encode())}
        transaction.append(
            "operator_imported", {**held, "role": record.operator.role.value}, now_ms
        )
    for name, public_key in plan.authorities:
        transaction.append("authority_pinned", {"name": name, "public_key": public_key}, now_ms)
    for utility in plan.utilities:
        transaction.put_utility(utility)
        transaction.append("utility_imported", asdict(utility), now_ms)
    for tariff in plan.tariffs:
        transaction.put_tariff(tariff)
        version = {"id": tariff.id, "version": tariff.version, "sha256": tariff.sha256}
        transaction.append("tariff_imported", version, now_ms)
    for key in plan.keys(store):
        transaction.put_key(key)
        transaction.append("key_imported", asdict(key.attributes), now_ms)
    for currency, allowance in plan.allowances:
        transaction.append("allowance", {"currency": currency, **asdict(allowance)}, now_ms)
    count = transaction.import_meters(plan.meters)
    transaction.append("meters_imported", {"count": count}, now_ms)
    return count
