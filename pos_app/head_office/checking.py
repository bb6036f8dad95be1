"""Tokens that were found somewhere: good for their meter or not, and made by which sale or act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pos_app.domain.tid import from_base
from pos_app.head_office.errors import MeterNotHeld, OfficeKeyMissing
from pos_app.head_office.findings import Finding, FindingKind
from pos_app.head_office.keys import key_ring, whole_record
from pos_app.head_office.office import Office
from pos_app.head_office.proving import TokenProver
from pos_app.head_office.scanning import REBUILT
from pos_app.head_office.store import asking, packs, receipts, rows
from pos_app.sts.decoding import decode
from pos_app.sts.identity import parse_meter_number
from pos_app.sts.kinds import CreditToken, CurrencyCreditToken

NO_TILL: Final = "-"


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """Checks tokens of meters that the office knows and whose keys it holds."""

    office: Office

    def __call__(self, typed_meter: str, digits: str, by: str) -> dict[str, Any]:
        """Return what the token is and which sales or acts made it; none is a finding.

        Raises `MeterNotHeld`, `MeterRecordPartial`, `OfficeKeyMissing`, or what `decode` says of
        digits that are no token of this meter.
        """
        drn = parse_meter_number(typed_meter).digits
        meter = self._meter(drn)
        key = TokenProver(key_ring(self.office)).key_of(meter)
        if key is None:
            raise OfficeKeyMissing(drn=drn, sgc=str(meter["sgc"]))
        said = decode(digits, key)
        kind = "credit" if isinstance(said, (CreditToken, CurrencyCreditToken)) else "other"
        tid = getattr(said, "tid", None)
        if tid is None:  # a key change: many meters' tokens say the same, none has a time
            return {"drn": drn, "kind": kind, "sales": []}
        minute = from_base(tid, int(meter["base"]))
        with self.office.store.writing() as act:
            made = asking.tokens_of_meter(act, drn, minute) or [
                each | {"kind": REBUILT} for each in receipts.of_token(act, drn, tid)
            ]
            if not made:
                self._tell(act, drn, minute, digits)
            self.office.log(act, by, "token-checked", drn, minute=minute, sales=len(made))
        sales = [{"till": each["till"], "seq": each["seq"], "kind": each["kind"]} for each in made]
        return {"drn": drn, "kind": kind, "minute": minute, "sales": sales}

    def _meter(self, drn: str) -> dict[str, Any]:
        """Return a meter's whole record; raises `MeterNotHeld` or `MeterRecordPartial`."""
        with self.office.store.reading() as act:
            meter = packs.meter_of(act, drn)
        if meter is None:
            raise MeterNotHeld(drn=drn)
        return whole_record(drn, meter)

    def _tell(self, act: Any, drn: str, minute: int, digits: str) -> None:
        plain = "".join(digits.split())
        evidence = {"drn": drn, "minute": minute, "digits": f"… {plain[-4:]}"}
        found = Finding(FindingKind.TOKEN_WITHOUT_SALE, f"{drn} {minute}", None, evidence)
        rows.add_findings(act, NO_TILL, [found], self.office.clock.now_ms())
