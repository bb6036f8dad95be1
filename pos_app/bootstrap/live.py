"""A new live shop: its name, its lock and two supervisors; keys and the rest come in later."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pos_app.adapters.vault.header import Argon2Cost
from pos_app.adapters.vault.keystore import refuse_weak
from pos_app.adapters.vault.pins import ArgonPins
from pos_app.application.identity import Operator, Role, ShopIdentity, ShopMode
from pos_app.application.key_records import CeremonyNeedsTwo
from pos_app.application.ports import Clock, OperatorRecord
from pos_app.bootstrap.shop import ShopPlan, create_shop
from pos_app.domain.staff import check_operator, check_pin, check_till


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A supervisor of a new shop. The PIN is in no `repr`."""

    id: str
    name: str
    pin: str

    def __repr__(self) -> str:
        return f"Newcomer({self.id!r}, {self.name!r})"


def create_live_shop(
    folder: Path,
    passphrase: str,
    identity: ShopIdentity,
    supervisors: tuple[Newcomer, Newcomer],
    clock: Clock | None = None,
) -> None:
    """Make a live shop in `folder`.

    Raises `ShopExists`, `PassphraseWeak`, `TillInvalid`, `OperatorInvalid`, `PinWeak`,
    `CeremonyNeedsTwo` or `ShopFolderUnusable`; nothing is left behind then.
    """
    check_till(identity.till, identity.shop)
    for each in supervisors:
        check_operator(each.id, each.name)
        check_pin(each.pin)
    if supervisors[0].id == supervisors[1].id:
        raise CeremonyNeedsTwo(operator=supervisors[0].name)
    refuse_weak(passphrase, identity)
    pins = ArgonPins()
    plan = ShopPlan(
        identity=identity,
        cost=Argon2Cost(),
        operators=tuple(
            OperatorRecord(Operator(each.id, each.name, Role.SUPERVISOR), pins.verifier(each.pin))
            for each in supervisors
        ),
        utilities=(),
        tariffs=(),
        keys=lambda _: (),
        allowances=(),
        meters=(),
    )
    create_shop(folder, passphrase, plan, clock)


def live_identity(till: str, shop: str, offset_minutes: int | None) -> ShopIdentity:
    """Return who a live shop is; without an offset the computer's time zone counts."""
    return ShopIdentity(till, shop, ShopMode.LIVE, offset_minutes)
