"""Where tokens are born, as the use cases see it; units as in `pos_app.application.ports`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pos_app.application.engineering_records import ActIntent, DeskRecord
from pos_app.application.key_asked import KeyWish
from pos_app.application.ports import LedgerTransaction, ReceiptNumber
from pos_app.application.records import MeterRecord, Operator
from pos_app.application.sale import Sale
from pos_app.domain.money import Money
from pos_app.sts.tokens import Token


@dataclass(frozen=True, slots=True)
class TokenWish:
    """One token to be made: `tenths` of the commodity, or `fine` (0.00001 of the currency).

    `kind` is ``credit``, ``free-basic`` (units that cost nothing) or ``money``.
    """

    kind: str
    tenths: int
    fine: int = 0


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A proven token on its way into the journal; `fine` as in its wish.

    One of a key change has no TID: its `tid` and `minute` are 0, its `kcv` the old key's.
    """

    digits: str
    kind: str
    tid: int
    minute: int
    tenths: int
    kcv: str
    fine: int = 0

    def __repr__(self) -> str:
        return f"IssuedToken(kind={self.kind!r}, tid={self.tid})"


@dataclass(frozen=True, slots=True)
class SaleIntent:
    """A sale complete but for its tokens: priced, paid, by whom, for which meter.

    `meter` holds the key that credit is made under; where that is a new one, `change` says from
    which key it leads away. `wishes` are the tokens in the order of entry, the bought one last.
    `body` makes the sale from the tokens, the receipt number and the time of the entry; tokens of
    a key change come first. Without `paper` no slip is queued.
    """

    sale_id: str
    meter: MeterRecord
    operator: Operator
    wishes: tuple[TokenWish, ...]
    total: Money
    body: Callable[[tuple[IssuedToken, ...], ReceiptNumber, int], Sale]
    change: KeyWish | None = None
    paper: bool = True


class TokenEngine(Protocol):
    """Where tokens are born. There is no way to a token but through a committed sale."""

    def issue(self, prepare: Callable[[LedgerTransaction], SaleIntent]) -> Sale:
        """Return a sale that is on disk.

        The engine opens the ledger's transaction, lets `prepare` price the sale inside it, makes
        and proves the token, journals everything, commits, and only then returns.
        """
        ...

    def act(self, prepare: Callable[[LedgerTransaction], ActIntent]) -> DeskRecord:
        """Return an act of the engineering desk that is on disk; as `issue`, without money."""
        ...

    def read(self, digits: str, meter: MeterRecord) -> Token:
        """Return what a token says to `meter`; raises `TokenFormat` or `TokenCrc`."""
        ...
