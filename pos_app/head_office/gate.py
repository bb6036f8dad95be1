"""Who speaks: a till's assertion, taken once, held against its enrolled key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pos_app.exchange.assertion import Assertion, read_authorization
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.head_office.errors import AssertionRefused, TillBlocked
from pos_app.head_office.office import Office
from pos_app.head_office.records import TillRecord, TillState
from pos_app.head_office.store import tills

SKEW_S: Final = 120
"""How far a till's clock may be off; the answer to a refused one tells the right time."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets tills in that prove who they are."""

    office: Office

    def __call__(self, header: str | None) -> TillRecord:
        """Return the till that signed the header; raises `AssertionRefused` or `TillBlocked`."""
        now_ms = self.office.clock.now_ms()
        try:
            said = read_authorization(header or "")
        except ExchangeInvalid:
            raise AssertionRefused(problem="header", now_ms=now_ms) from None
        with self.office.store.writing() as act:
            till = tills.till_of(act, said.till)
            problem = self._problem(said, till, now_ms)
            if not problem and till is not None:
                ends_ms = (said.expires + SKEW_S) * 1000
                if not tills.take_nonce(act, said.till, said.nonce.hex(), ends_ms, now_ms):
                    problem = "used"
            if till is None or problem:
                raise AssertionRefused(problem=problem, now_ms=now_ms)
            if till.state is TillState.BLOCKED:
                raise TillBlocked(till=till.till)
            tills.seen(act, till.till, now_ms)
        return till

    def _problem(self, said: Assertion, till: TillRecord | None, now_ms: int) -> str:
        # Only who proved to be an enrolled till is told what else is wrong.
        if till is None or not said.holds(till.public):
            return "signature"
        if said.audience != self.office.authority.public:
            return "audience"
        return "" if said.in_force(now_ms // 1000, SKEW_S) else "clock"
