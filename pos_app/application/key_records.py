"""Keys as people speak of them: groups, what is left of their time, and why one is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.domain.key_life import DAY_MS, KeyLife, KeyState, ends_ms, key_life

REMEMBER_MS: Final = 30 * DAY_MS


class KeyAuthorityUnknown(PosError):
    """The file is signed, but by nobody this shop trusts. Fact: `signer`, a fingerprint."""

    code: ClassVar[str] = "key-authority-unknown"


class KeyAuthorityInvalid(PosError):
    """What was given as an authority's public key is none. Fact: `typed`."""

    code: ClassVar[str] = "key-authority-invalid"


class KeyFileOfAnotherTill(PosError):
    """The file's keys are sealed to another till. Facts: `here`, `there`."""

    code: ClassVar[str] = "key-file-of-another-till"


class KeyFileReplayed(PosError):
    """This file, or a newer one of its authority, was taken before. Facts: `sequence`, `newest`."""

    code: ClassVar[str] = "key-file-replayed"


class KeyOutOfDate(PosError):
    """A key in the file ended already. Facts: `sgc`, `krn`, `ended` (a day)."""

    code: ClassVar[str] = "key-out-of-date"


class KeyUnfit(PosError):
    """A key in the file cannot be one: `problem`. Facts: `sgc`, `krn`."""

    code: ClassVar[str] = "key-unfit"


class KeyBoxBroken(PosError):
    """A key's box does not open: it or its attributes were changed. Facts: `sgc`, `krn`."""

    code: ClassVar[str] = "key-box-broken"


class KeyCheckWrong(PosError):
    """A key is not the one its check value names. Facts: `sgc`, `krn`, `said`, `found`."""

    code: ClassVar[str] = "key-check-wrong"


class CeremonyNeedsTwo(PosError):
    """One person stood for both. Fact: `operator`."""

    code: ClassVar[str] = "ceremony-needs-two"


class KeysDestroyed(PosError):
    """This till's keys were destroyed on purpose; it makes no tokens any more."""

    code: ClassVar[str] = "keys-destroyed"


class KeysStanding(PosError):
    """A receipt was asked for, but this till's keys were not destroyed."""

    code: ClassVar[str] = "keys-standing"


class KeyModuleNotSet(PosError):
    """Keys were to go into a module, but this shop has named none."""

    code: ClassVar[str] = "key-module-not-set"


class KeyRecordGone(PosError):
    """A key's record is not what it was when the act began. Facts: `sgc`, `krn`."""

    code: ClassVar[str] = "key-record-gone"


@dataclass(frozen=True, slots=True)
class ServedGroup:
    """Whom a supply group's keys serve: names of utilities, tariff indexes, how many meters."""

    utilities: tuple[str, ...]
    tariffs: tuple[int, ...]
    meters: int


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys alike in all but the meter; `keys` says how many. A vending key stands alone.

    `kcv` is empty for decoder keys, which differ by meter.
    """

    kind: str
    sgc: str
    krn: int
    kt: int
    base: int
    ken: int
    dkga: int
    kcv: str
    active_from_ms: int
    issue_until_ms: int
    keys: int

    @property
    def ends_ms(self) -> int:
        """Return when these keys make no token any more."""
        return ends_ms(self.base, self.ken, self.issue_until_ms)

    @property
    def line(self) -> tuple[str, str, int, int, int, int]:
        """Return what meters ask for; groups of one line can stand in for each other."""
        return self.kind, self.sgc, self.krn, self.kt, self.base, self.dkga


@dataclass(frozen=True, slots=True)
class KeyStanding:
    """A group of keys and where it stands now; `covered` when later keys take its place."""

    group: KeyGroup
    life: KeyLife
    covered: bool


@dataclass(frozen=True, slots=True)
class KeyDue:
    """Keys that end soon or ended lately, for the bar; `days` 0 means that they ended."""

    sgc: str
    krn: int
    days: int
    band: int


def standings(groups: tuple[KeyGroup, ...], now_ms: int) -> tuple[KeyStanding, ...]:
    """Return where each group stands, the one that ends first in front."""
    ordered = sorted(groups, key=lambda group: (group.ends_ms, group.sgc, group.krn))
    return tuple(
        KeyStanding(
            group,
            key_life(group.active_from_ms, group.ends_ms, now_ms),
            _covered(group, groups),
        )
        for group in ordered
    )


def _covered(group: KeyGroup, groups: tuple[KeyGroup, ...]) -> bool:
    """Tell whether as many keys of the same line end later and are active by then."""
    later = sum(
        other.keys
        for other in groups
        if other.line == group.line
        and other.ends_ms > group.ends_ms
        and other.active_from_ms <= group.ends_ms
    )
    return later >= group.keys


def keys_due(groups: tuple[KeyGroup, ...], now_ms: int) -> tuple[KeyDue, ...]:
    """Return what people must be told of; an end is told of for `REMEMBER_MS`."""
    return tuple(
        KeyDue(each.group.sgc, each.group.krn, each.life.days, each.life.band)
        for each in standings(groups, now_ms)
        if not each.covered
        and (
            each.life.state is KeyState.ENDING
            or (each.life.state is KeyState.ENDED and now_ms - each.life.ends_ms < REMEMBER_MS)
        )
    )
