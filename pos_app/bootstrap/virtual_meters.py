"""Virtual meters of a training shop: made from its records and the published test keys.

No key ever leaves a vault for one: a virtual meter derives its key from the vending keys printed
in ``resources/training/shop.toml``, and a shop that sells for money has no virtual meters.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final

from pos_app.adapters.meters.errors import MeterFileMissing
from pos_app.adapters.meters.files import MeterFile, meters_in
from pos_app.adapters.vault.header import read_identity
from pos_app.application.ports import Clock
from pos_app.application.records import MeterRecord, ShopMode
from pos_app.bootstrap.training_file import training_plan
from pos_app.domain.errors import PosError
from pos_app.domain.tid import BASE_MINUTES, LARGEST_TID, minute_1993
from pos_app.meter.device import VirtualMeter
from pos_app.meter.hours import INTERVAL_S
from pos_app.meter.profile import MeterProfile
from pos_app.meter.profile_file import profile_of_text
from pos_app.meter.state import HeldKey, Meter, new_meter
from pos_app.resources import resource
from pos_app.sts.identity import parse_meter_number
from pos_app.sts.keys import KeyAttributes, VendingKey, derive_decoder_key

FOLDER: Final = "meters"
_A_YEAR: Final = 365 * 24 * 60
_MINUTES_PER_QUARTER = INTERVAL_S // 60


class MetersInTrainingOnly(PosError):
    """This shop sells for money; virtual meters live in training shops. Fact: `folder`."""

    code: ClassVar[str] = "meters-in-training-only"


class PublishedKeyMissing(PosError):
    """No published key makes tokens for the supply group of this meter. Facts: `drn`, `sgc`."""

    code: ClassVar[str] = "published-key-missing"


class ProfileMissing(PosError):
    """There is no meter profile of this name. Facts: `name`, `known`."""

    code: ClassVar[str] = "meter-profile-missing"


class MeterNotChosen(PosError):
    """There are several virtual meters, or none; one has to be named. Fact: `meters`."""

    code: ClassVar[str] = "meter-not-chosen"


@dataclass(frozen=True, slots=True)
class KeyWish:
    """How the key of a new virtual meter shall differ from the shop's record; None as recorded."""

    krn: int | None = None
    ti: int | None = None
    base: int | None = None
    ken: int | None = None


def profiles() -> tuple[str, ...]:
    """Return the names of the profiles that come with the program."""
    return tuple(sorted(path.stem for path in resource("meters").glob("*.toml")))


def profile_named(name: str) -> MeterProfile:
    """Return a profile that comes with the program, or of a file ending in ``.toml``.

    Raises `ProfileMissing` or `MeterProfileInvalid`.
    """
    path = Path(name) if name.endswith(".toml") else resource("meters", f"{name}.toml")
    if path.suffix == ".toml" and (name in profiles() or name.endswith(".toml")):
        try:
            return profile_of_text(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeError):
            pass  # told below, in the same sentence as a name that does not exist
    raise ProfileMissing(name=name[:200], known=", ".join(profiles()))


def meters_folder(shop: Path) -> Path:
    """Return where the virtual meters of a training shop are; `MetersInTrainingOnly` else."""
    if read_identity(shop).mode is not ShopMode.TRAINING:
        raise MetersInTrainingOnly(folder=str(shop))
    return shop / FOLDER


def make_virtual_meter(
    shop: Path, record: MeterRecord, profile: MeterProfile, wish: KeyWish, clock: Clock
) -> Meter:
    """Make the meter of a record, with the published key, and keep it.

    It is a year old: every token this shop sold since then is new to it. Raises
    `MetersInTrainingOnly`, `PublishedKeyMissing`, `MeterFileExists`, or as the derivation does.
    """
    folder, held = meters_folder(shop), _held(record, wish)
    now = clock.now_ms()
    quarters = clock.offset_minutes(now) // _MINUTES_PER_QUARTER
    placed = replace(profile, offset_minutes=quarters * _MINUTES_PER_QUARTER)
    made = new_meter(record.drn, placed, held, now // 1000, _made_tid(now, held.base))
    file = MeterFile(folder, record.drn)
    try:
        file.create(made)
    finally:
        file.close()
    return made


def _held(record: MeterRecord, wish: KeyWish) -> HeldKey:
    """Return the key of a record, derived from the published vending key of its group."""
    for part in training_plan()["utility"]:
        if part["sgc"] == record.sgc and part["dkga"] == record.dkga:
            break
    else:
        raise PublishedKeyMissing(drn=record.drn, sgc=record.sgc)
    krn = record.krn if wish.krn is None else wish.krn
    ti = record.ti if wish.ti is None else wish.ti
    base = record.base if wish.base is None else wish.base
    of = KeyAttributes(record.pan, record.kt, record.sgc, ti, krn, base, record.ea, record.dkga)
    key = derive_decoder_key(VendingKey(bytes.fromhex(part["vending_key"])), of)
    ken = record.ken if wish.ken is None else wish.ken
    return HeldKey(key, record.sgc, krn, record.kt, ti, ken, base)


def _made_tid(now_ms: int, base: int) -> int:
    """Return the TID of a year ago; under a base date that has run out, of its last year."""
    now = min(minute_1993(now_ms) - BASE_MINUTES[base], LARGEST_TID)
    return max(now - _A_YEAR, 0)


@contextmanager
def virtual_meter(shop: Path, typed: str = "") -> Iterator[VirtualMeter]:
    """Open a virtual meter; without a number, the only one there is.

    Raises `MeterNotChosen`, `MeterFileMissing`, `MetersInTrainingOnly`, a wrong number's own
    error, or what `MeterFile` does.
    """
    folder = meters_folder(shop)
    there = meters_in(folder)
    if not typed and len(there) != 1:
        raise MeterNotChosen(meters=", ".join(there) or "-")
    drn = parse_meter_number(typed).digits if typed else there[0]
    if drn not in there:
        raise MeterFileMissing(drn=drn)
    file = MeterFile(folder, drn)
    try:
        yield VirtualMeter(file)
    finally:
        file.close()
