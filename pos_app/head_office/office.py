"""An office that is open: its store, its signing key, and what its passphrase unlocks."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from pos_app.domain.passphrase import LEAST_BITS, passphrase_bits
from pos_app.exchange.signing import SEED_BYTES, SigningKey
from pos_app.head_office.clock import Clock
from pos_app.head_office.errors import (
    OfficeExists,
    OfficeMissing,
    OfficePassphraseWeak,
    OfficePassphraseWrong,
)
from pos_app.head_office.given_errors import check_name
from pos_app.head_office.sealing import BoxBroken, Cost, Sealer, new_sealer, open_sealer
from pos_app.head_office.store import office as held
from pos_app.head_office.store.engine import Act, Store

_MASTER: Final = "master"
_NAME: Final = "name"
_LONGEST_NAME: Final = 80
_PUBLIC: Final = "authority"
_SEED: Final = "authority-seed"

HERE: Final = "office"
"""Who is written down for what was done at the server's own command line."""


@dataclass(frozen=True, slots=True)
class Office:
    """An open office. `authority` signs packs, enrolments and acknowledgements."""

    name: str
    store: Store
    clock: Clock
    authority: SigningKey = field(repr=False)
    sealer: Sealer = field(repr=False)

    def log(self, act: Act, who: str, what: str, subject: str = "", **facts: Any) -> None:
        """Write into the log, in the transaction of what was done."""
        held.log(act, self.clock.now_ms(), who, what, subject, facts)


def create_office(
    store: Store, clock: Clock, name: str, passphrase: str, cost: Cost | None = None
) -> Office:
    """Make a new office in an empty store.

    Raises `OfficeExists`, `OfficePassphraseWeak` or `NameUnfit`.
    """
    name = check_name(name, _LONGEST_NAME)
    bits = passphrase_bits(passphrase)
    if bits < LEAST_BITS:
        raise OfficePassphraseWeak(bits=bits, least=LEAST_BITS)
    sealer, kept = new_sealer(passphrase, cost or Cost())
    seed = secrets.token_bytes(SEED_BYTES)
    authority = SigningKey(seed)
    with store.writing() as act:
        if held.fact_of(act, _MASTER) is not None:
            raise OfficeExists(place=held.fact_of(act, _NAME) or "")
        held.put_fact(act, _NAME, name)
        held.put_fact(act, _MASTER, kept)
        held.put_fact(act, _PUBLIC, authority.public.hex())
        held.put_fact(act, _SEED, sealer.seal(_SEED, seed, authority.public).hex())
        held.begin_log(act)
        office = Office(name, store, clock, authority, sealer)
        office.log(act, HERE, "office-created", name, authority=authority.public.hex())
    return office


def open_office(store: Store, clock: Clock, passphrase: str) -> Office:
    """Open an office; raises `OfficeMissing` or `OfficePassphraseWrong`."""
    with store.reading() as act:
        kept, seed = held.fact_of(act, _MASTER), held.fact_of(act, _SEED)
        name, public = held.fact_of(act, _NAME), held.fact_of(act, _PUBLIC)
    if kept is None or seed is None or name is None or public is None:
        raise OfficeMissing(place=store.place)
    sealer = open_sealer(passphrase, kept)
    try:
        authority = SigningKey(sealer.unseal(_SEED, bytes.fromhex(seed), bytes.fromhex(public)))
    except BoxBroken:
        raise OfficePassphraseWrong from None
    return Office(name, store, clock, authority, sealer)


def office_exists(store: Store) -> bool:
    """Tell whether there is an office in this store."""
    with store.reading() as act:
        return held.fact_of(act, _MASTER) is not None
