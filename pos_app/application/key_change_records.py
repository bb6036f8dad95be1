"""Key changes as people speak of them: what was given to whom, and what became of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pos_app.application.records import MeterRecord
from pos_app.domain.errors import PosError
from pos_app.domain.meter_key import KEY_FIELDS, MeterKey

if TYPE_CHECKING:  # a sale names its key change
    from pos_app.application.sale import SaleMeter

KEY_CHANGE: Final = "key-change"
"""The kind of a token that changes a meter's key."""


class KeyChangeUnknown(PosError):
    """No key change was ever given to this meter here. Fact: `drn`."""

    code: ClassVar[str] = "key-change-unknown"


class KeyAskInvalid(PosError):
    """What is asked of keys cannot be: `field`. Fact: `value`."""

    code: ClassVar[str] = "key-ask-invalid"


class KeyAskWithoutKey(PosError):
    """No key here is what is asked for. Facts: `sgc`, `krn`, `base`."""

    code: ClassVar[str] = "key-ask-without-key"


class KeyAskUnknown(PosError):
    """Nothing is asked of these meters. Fact: `utility`."""

    code: ClassVar[str] = "key-ask-unknown"


class KeySetUnfit(PosError):
    """A key-change set of head office does not do what its record says. Facts: `sgc`, `krn`."""

    code: ClassVar[str] = "key-set-unfit"


class KeyChangeState(StrEnum):
    """`ISSUED`: the customer has the tokens. `CONFIRMED`: the meter bought again since.

    `SHOWN` and `NOT_TAKEN` are what the meter's own display said of it.
    """

    ISSUED = "issued"
    CONFIRMED = "confirmed"
    SHOWN = "shown"
    NOT_TAKEN = "not-taken"


@dataclass(frozen=True, slots=True)
class SaleKeyChange:
    """The key change of a sale: its tokens in the order of entry and the key they lead away from.

    The key they lead to is the one of the sale's meter. `record` is the key of the utility's own
    record at that time, `kcv` the old key's check value.
    """

    digits: tuple[str, ...]
    old: MeterKey
    record: MeterKey
    kcv: str

    def __repr__(self) -> str:
        return f"SaleKeyChange(tokens={len(self.digits)}, old={self.old!r})"

    def to_values(self) -> dict[str, Any]:
        """Return it as the journal keeps it."""
        keys = {"old": asdict(self.old), "record": asdict(self.record)}
        return {"digits": list(self.digits), **keys, "kcv": self.kcv}

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> SaleKeyChange:
        """Read it back."""
        old, record = MeterKey(**values["old"]), MeterKey(**values["record"])
        return cls(tuple(values["digits"]), old, record, values["kcv"])


@dataclass(frozen=True, slots=True)
class KeyChangeRow:
    """A key change given here: with which receipt, from which key to which, and its state.

    `settled` is the receipt that showed the meter to have taken it, empty before and where its
    display said so. `copies` counts how often its tokens were given out again.
    """

    seq: int
    drn: str
    name: str
    receipt: str
    at_ms: int
    old: MeterKey
    new: MeterKey
    tokens: int
    settled: str
    copies: int
    state: KeyChangeState = KeyChangeState.ISSUED


@dataclass(frozen=True, slots=True)
class KeyChangeAgain:
    """A key change given out again, by whom and when; `seq` is the entry that tells of it."""

    seq: int
    row: KeyChangeRow
    change: SaleKeyChange
    operator: str
    at_ms: int
    offset_minutes: int


@dataclass(frozen=True, slots=True)
class RollOverRow:
    """A utility's meters that are on `base` now and shall be on `wanted`; the same: at the goal.

    `issued` and `confirmed` count the roll-overs to `base` given here. `ends_ms` is when the base
    date runs out of TIDs, `due_ms` the day the utility named, 0 for none.
    """

    utility: str
    base: int
    wanted: int
    meters: int
    issued: int
    confirmed: int
    ends_ms: int
    due_ms: int = 0


@dataclass(frozen=True, slots=True)
class RollOverPlace:
    """Meters alike in what is asked of their base date; `sgc` as on record."""

    utility: str
    tariff: str
    sgc: str
    base: int


def key_of(meter: MeterRecord | SaleMeter) -> MeterKey:
    """Return the key of a meter's record."""
    return MeterKey(*(getattr(meter, name) for name in KEY_FIELDS))


def with_key(meter: MeterRecord, key: MeterKey) -> MeterRecord:
    """Return the record of the same meter with another key."""
    return replace(meter, **{each.name: getattr(key, each.name) for each in fields(key)})
