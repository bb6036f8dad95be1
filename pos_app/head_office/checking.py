"""Tokens that were found somewhere: good for their meter or not, and made by which sale or act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from pos_app.domain.errors import PosError
from pos_app.domain.tid import from_base, minute_1993
from pos_app.head_office.errors import MeterNotHeld, OfficeKeyMissing
from pos_app.head_office.findings import Finding, FindingKind
from pos_app.head_office.key_facts import read, written
from pos_app.head_office.key_state import CURRENT, HeldKey, KeyState
from pos_app.head_office.keys import VENDING, held_attributes, key_ring, whole_record
from pos_app.head_office.office import Office
from pos_app.head_office.proving import TokenProver
from pos_app.head_office.scanning import REBUILT
from pos_app.head_office.store import asking, campaigns, key_facts, packs, receipts, rows
from pos_app.head_office.store.engine import Act
from pos_app.sts.decoding import decode
from pos_app.sts.identity import meter_pan, parse_meter_number
from pos_app.sts.kinds import CreditToken, CurrencyCreditToken, Token

NO_TILL: Final = "-"
MOST_KEYS: Final = 12
"""So many keys are tried: of 65,536 wrong ones one reads any digits as a token."""
_LEADS_TO: Final = ("sgc", "krn", "ken", "kt", "dkga", "base")

Row = dict[str, Any]


class _Read(NamedTuple):
    """A token as one key reads it, and what made it."""

    held: HeldKey
    said: Token
    minute: int | None
    made: list[Row]


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """Checks tokens of meters that the office knows and whose keys it holds."""

    office: Office

    def __call__(self, typed_meter: str, digits: str, by: str) -> Row:
        """Return what the token is, under which key, and what made it; nothing is a finding.

        ``key`` has the key's attributes, ``standing`` why the meter can have had it (`HeldKey`),
        ``changed_ms`` when the change away from it was given, ``late`` whether the token is
        younger than that change. Under the present key ``since_ms`` is when it was given or shown
        and ``confirmed`` whether the meter bore that out; None where no entry tells. Raises
        `MeterNotHeld`, `MeterRecordPartial`, `OfficeKeyMissing`, or what `decode` says of digits
        that are no token of this meter.
        """
        drn = parse_meter_number(typed_meter).digits
        with self.office.store.reading() as act:
            state = key_facts.of_meter(act, drn, key_facts.mode_here(act))
            found = self._read(act, drn, digits, self._keys(act, state))
            since = _since(act, state, found.held)
        said, minute = found.said, found.minute
        kind = "credit" if isinstance(said, (CreditToken, CurrencyCreditToken)) else "other"
        told: Row = {"drn": drn, "kind": kind, **_told(found), **since}
        if minute is None:  # a key change: many meters' tokens say the same, none has a time
            return told | {"sales": []}
        with self.office.store.writing() as act:
            if not found.made:
                self._tell(act, drn, minute, digits)
            facts = {"minute": minute, "sales": len(found.made), "key": found.held.standing}
            self.office.log(act, by, "token-checked", drn, **facts)
        sales = [{name: each[name] for name in ("till", "seq", "kind")} for each in found.made]
        return told | {"minute": minute, "sales": sales}

    def _keys(self, act: Act, state: KeyState) -> list[HeldKey]:
        """Return the keys to try, the newest first; raises as `__call__`."""
        meter = packs.meter_of(act, state.drn)
        if meter is None and not state.facts:
            raise MeterNotHeld(drn=state.drn)
        keys = state.candidates(self._of_sets(act, state))
        if not keys:
            whole_record(state.drn, meter or {})  # says what the record lacks
            raise MeterNotHeld(drn=state.drn)
        return keys[:MOST_KEYS]

    def _of_sets(self, act: Act, state: KeyState) -> tuple[str, ...]:
        """Return the keys that sets of issued packs lead to, for a meter whose key is known."""
        places = set(campaigns.sets_of(act, state.drn)) if state.key else set()
        if not places:
            return ()
        return tuple(
            written({**read(state.key), **{name: each[name] for name in _LEADS_TO}})
            for each in held_attributes(self.office)
            if each["kind"] == VENDING and (each["sgc"], each["krn"], each["base"]) in places
        )

    def _read(self, act: Act, drn: str, digits: str, keys: Sequence[HeldKey]) -> _Read:
        """Return what the token says under the key that it was made under.

        Digits that several keys read were made under the one that something here made them under.
        """
        prover, pan = TokenProver(key_ring(self.office)), meter_pan(drn)
        found: list[_Read] = []
        problem: PosError | None = None
        missing = ""
        for held in keys:
            of = {**read(held.key), "pan": pan}
            key = prover.key_of(of)
            if key is None:
                missing = missing or str(of["sgc"])
                continue
            try:
                said = decode(digits, key)
            except PosError as refused:
                problem = problem or refused
                continue
            found.append(_made(act, drn, held, said, int(of["base"])))
        if found:
            return next((each for each in found if each.made), found[0])
        if missing or problem is None:
            raise OfficeKeyMissing(drn=drn, sgc=missing)
        raise problem

    def _tell(self, act: Act, drn: str, minute: int, digits: str) -> None:
        plain = "".join(digits.split())
        evidence = {"drn": drn, "minute": minute, "digits": f"… {plain[-4:]}"}
        found = Finding(FindingKind.TOKEN_WITHOUT_SALE, f"{drn} {minute}", None, evidence)
        rows.add_findings(act, NO_TILL, [found], self.office.clock.now_ms())


def _made(act: Act, drn: str, held: HeldKey, said: Token, base: int) -> _Read:
    tid = getattr(said, "tid", None)
    if tid is None:
        return _Read(held, said, None, [])
    minute = from_base(tid, base)
    made = asking.tokens_of_meter(act, drn, minute) or [
        each | {"kind": REBUILT} for each in receipts.of_token(act, drn, tid)
    ]
    return _Read(held, said, minute, made)


def _since(act: Act, state: KeyState, held: HeldKey) -> Row:
    """Return since when the meter is taken to hold its present key, and whether it bore it out."""
    newest = state.newest
    if newest is None or held.standing != CURRENT:
        return {"since_ms": None, "confirmed": None}
    place = (newest["till"], newest["seq"], newest["branch"])
    sure = place in key_facts.confirmed(act, [state.drn])
    return {"since_ms": newest["at_ms"], "confirmed": sure}


def _told(found: _Read) -> Row:
    changed, minute = found.held.changed_ms, found.minute
    late = changed is not None and minute is not None and minute > minute_1993(changed)
    told = {"key": read(found.held.key), "standing": found.held.standing}
    return told | {"changed_ms": changed, "late": late}
