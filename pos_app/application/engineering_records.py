"""What was done at the engineering desk, as the journal keeps it and as it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Final, Protocol

from pos_app.application.approval_records import Approval
from pos_app.application.printing import PrintState
from pos_app.application.records import MeterRecord
from pos_app.application.sale import SaleMeter, SaleToken
from pos_app.domain.engineering import DeskAct
from pos_app.domain.errors import PosError
from pos_app.sts.tokens import Token

ENGINEERING: Final = "engineering"
FREE_ISSUE: Final = "free_issue"
REPLACEMENT: Final = "replacement"
KINDS: Final = frozenset({ENGINEERING, FREE_ISSUE, REPLACEMENT})


class DeskActUnknown(PosError):
    """Nothing here has this number. Fact: `slip`."""

    code: ClassVar[str] = "desk-act-unknown"


class EngineerNeeded(PosError):
    """This is work for an engineer or a supervisor."""

    code: ClassVar[str] = "engineer-needed"


class WorkOrderMissing(PosError):
    """Work at a meter needs the number of its order. Fact: `most` (characters)."""

    code: ClassVar[str] = "work-order-missing"


@dataclass(frozen=True, slots=True)
class ActOrder:
    """An act as it was asked for. `act_id` is the client's own: the same one acts once.

    `values` are the act's own figures as they were typed (``power``, ``register``, ``lost``,
    ``word``, ``tests``, ``index``, ``units``: of a meter that counts money, the money).
    """

    act: DeskAct
    act_id: str
    operator_id: str
    drn: str = ""
    work_order: str = ""
    reason: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    approval: Approval | None = None


@dataclass(frozen=True, slots=True)
class DeskRecord:
    """An act that is on disk; `receipt` is the number on its slip, ``E-<till>-<series><n>``.

    `facts` are what the act was about (watts, register, units lost …). `tenths` are units that
    nobody paid for, `fine` is money in 0.00001 of `currency` for a meter that counts it.
    `for_receipt` is the sale that a replacement makes up for, `from_drn` the
    meter whose credit an exchange carries over. `approval` is ``pin`` or ``code``, empty where
    nobody else was asked; `request` the number of a request that a code answered.
    """

    kind: str
    act: str
    act_id: str
    receipt: str
    number: int
    offset_minutes: int
    month: str
    operator: str
    operator_name: str
    approver: str
    approver_name: str
    approval: str
    request: str
    shift: int
    meter: SaleMeter | None
    work_order: str
    reason: str
    facts: dict[str, Any]
    tenths: int
    currency: str
    decimals: int
    tokens: tuple[SaleToken, ...]
    training: bool
    at_ms: int
    sale_seq: int = 0
    for_receipt: str = ""
    from_drn: str = ""
    fine: int = 0
    seq: int = 0

    @property
    def drn(self) -> str:
        """Return the meter's number, empty for an act of no meter."""
        return "" if self.meter is None else self.meter.drn

    def to_body(self) -> dict[str, Any]:
        """Return the JSON body of the journal entry; its number is the entry's own."""
        body: dict[str, Any] = {"v": 1, **asdict(self)}
        body["tokens"] = [asdict(token) for token in self.tokens]
        del body["seq"]
        return body

    @classmethod
    def from_body(cls, body: Mapping[str, Any], seq: int) -> DeskRecord:
        """Read a body back."""
        values = {name: value for name, value in body.items() if name != "v"}
        values["meter"] = SaleMeter(**body["meter"]) if body["meter"] else None
        values["tokens"] = tuple(SaleToken(**token) for token in body["tokens"])
        return cls(**values, seq=seq)


Blank = Callable[[int, int], Token]
"""Makes a token from its TID and its random number; class 1 looks at neither."""


@dataclass(frozen=True, slots=True)
class ActIntent:
    """An act complete but for its tokens. `meter` is None for tokens that need no key.

    `blanks` are the tokens in the order of entry, each with its kind. `tenths`, or `fine` money,
    is what they give away under `currency`'s allowance. `body` makes the record from the tokens,
    the check value of the key and the time of the entry.
    """

    kind: str
    meter: MeterRecord | None
    blanks: tuple[tuple[str, Blank], ...]
    tenths: int
    fine: int
    currency: str
    decimals: int
    body: Callable[[tuple[SaleToken, ...], str, int], DeskRecord]


class DeskBook(Protocol):
    """The ledger's side of the engineering desk."""

    def by_id(self, act_id: str) -> DeskRecord | None:
        """Return what a client's id was used for."""
        ...

    def by_number(self, number: int) -> DeskRecord | None:
        """Return an act by its running number."""
        ...

    def next_number(self) -> int:
        """Return the running number of the next one."""
        ...

    def of_sale(self, sale_seq: int) -> DeskRecord | None:
        """Return what replaced a sale's token."""
        ...

    def carried_from(self, drn: str) -> DeskRecord | None:
        """Return what carried a meter's last credit over to another one."""
        ...

    def of_meter(self, drn: str, limit: int) -> tuple[DeskRecord, ...]:
        """Return what was done to a meter, newest first."""
        ...

    def latest(self, limit: int) -> tuple[DeskRecord, ...]:
        """Return what was done last, newest first."""
        ...

    def slip_state(self, seq: int) -> PrintState | None:
        """Return where the newest slip of an entry is, None where none was queued."""
        ...

    def slip_failed(self, seq: int) -> bool:
        """Tell whether the newest slip of an entry did not come out of the printer."""
        ...

    def copies_of(self, seq: int) -> int:
        """Return how many copies of a slip were made."""
        ...
