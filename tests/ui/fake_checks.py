"""Checks of tokens for a shop without keys: the last digit decides what is known."""

from __future__ import annotations

from dataclasses import replace

from pos_app.application.records import MeterRecord
from pos_app.application.token_check import TokenCheck
from pos_app.application.token_reading import TokenReading
from pos_app.domain.reject import Fit, Use
from pos_app.sts.digits import from_digits
from pos_app.sts.explain import explain
from pos_app.sts.tokens import CreditToken

TID = 6_778_712


def fake_check(meter: MeterRecord, digits: str, now_ms: int) -> TokenCheck:
    """End 1 fits and is the newest, 2 was probably used, 3 is of an older key, others unread."""
    last = from_digits(digits) % 10
    if last not in {1, 2, 3}:
        return TokenCheck(meter, Fit.UNREAD, Use.UNKNOWN)
    said = explain(CreditToken(0, 413, TID, 5), meter.base)
    check = TokenCheck(
        meter,
        Fit.FITS,
        Use.NEWEST,
        TokenReading(meter.drn, said),
        meter,
        now_ms,
        120,
        receipt="3-A000142",
    )
    if last == 2:
        return replace(check, use=Use.PROBABLY, later=3)
    if last == 3:
        older = replace(meter, krn=meter.krn % 9 + 1)
        return replace(check, fit=Fit.OLDER_KEY, meter=older, key=meter, receipt="")
    return check
