"""Everything the till knows of a token: does it fit this meter, where from, was it used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from pos_app.application.key_change_records import with_key
from pos_app.application.makers import Reading, read_display
from pos_app.application.ports import Clock, KeyAttributes, Ledger
from pos_app.application.records import MeterRecord
from pos_app.application.shop_time import local
from pos_app.application.token_ports import TokenEngine
from pos_app.application.token_reading import TokenReading, read_token
from pos_app.domain.errors import PosError
from pos_app.domain.reject import (
    Action,
    Fit,
    Known,
    Shown,
    Use,
    next_action,
    slip_group,
    use_of,
)
from pos_app.domain.tid import from_base, minute_1993, unix_ms_of
from pos_app.sts.digits import from_digits, to_digits
from pos_app.sts.errors import TokenCrc

SALES_LOOKED_AT = 20
"""So many of the meter's last sales are compared with what was typed."""
_AHEAD_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """What is known of a token and a meter, and nothing that is not.

    `reading` is None where no key of this till reads the token. `key` is the meter as the token
    sees it: the same but for what differs in its key. `made_ms` is its minute, None without one.
    `later` counts the tokens sold here to the meter after it, up to 50. `receipt` names its sale;
    `group` is the group of four that was mistyped (1 to 5), 0 for none; `sold_to` the other meter
    it was sold to here, empty for none.
    """

    meter: MeterRecord
    fit: Fit
    use: Use
    reading: TokenReading | None = None
    key: MeterRecord | None = None
    made_ms: int | None = None
    offset_minutes: int = 0
    later: int = 0
    receipt: str = ""
    group: int = 0
    sold_to: str = ""
    problem: PosError | None = None

    @property
    def key_facts(self) -> dict[str, Any]:
        """Return what tells the token's key from the meter's, for the sentences."""
        key = self.key or self.meter
        facts = {name: getattr(key, name) for name in ("sgc", "krn", "ti")}
        return facts | {f"meter_{name}": getattr(self.meter, name) for name in facts}

    @property
    def made(self) -> str:
        """Return its minute in the shop's time, empty without one."""
        if self.made_ms is None:
            return ""
        return local(self.made_ms, self.offset_minutes).strftime("%Y-%m-%d %H:%M")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the meter means, what the till knows of the token, and the one thing to do next."""

    meter: MeterRecord
    display: Reading
    action: Action
    check: TokenCheck | None = None


def check_token(
    ledger: Ledger, engine: TokenEngine, clock: Clock, meter: MeterRecord, digits: str
) -> TokenCheck:
    """Say all this till knows of a token; raises `TokenFormat` for what is none."""
    whole = to_digits(from_digits(digits))
    try:
        reading = read_token(ledger, engine, meter, whole)
    except TokenCrc:
        return _under_other_keys(ledger, engine, clock, meter, whole)
    except PosError as problem:
        if problem.code not in _NO_KEY:
            raise
        return TokenCheck(meter, Fit.UNCHECKED, Use.UNKNOWN, problem=problem)
    return _known(ledger, clock, TokenCheck(meter, Fit.FITS, Use.UNKNOWN, reading, meter))


def diagnose(  # noqa: PLR0913 - what the customer says, and what is known
    shows: str,
    maker: str,
    check: TokenCheck | None,
    meter: MeterRecord,
    *,
    again: bool,
    changing: bool = False,
) -> Diagnosis:
    """Return the one next action; raises `MakerUnknown`."""
    display = read_display(shows, maker)
    if display.shown is Shown.UNKNOWN:
        action = Action.NAME_MAKER if display.makers else Action.ASK_AGAIN
        return Diagnosis(meter, display, action, check)
    known = Known(again=again, changing=changing)
    if check is not None:
        known = Known(check.fit, check.use, again, changing)
    return Diagnosis(meter, display, next_action(display.shown, known), check)


_NO_KEY = frozenset({"meter-key-missing", "key-not-in-force", "key-record-broken", "key-missing"})


def _known(ledger: Ledger, clock: Clock, check: TokenCheck) -> TokenCheck:
    """Add when it was made, where it was sold and whether it was probably used."""
    reading, key = check.reading, check.key
    if reading is None or key is None:
        return check
    tids = [field.value for field in reading.explanation.fields if field.name == "tid"]
    if not tids or not isinstance(tids[0], int):
        return replace(check, use=use_of(sold_here=False, later=0, identified=False))
    minute = from_base(tids[0], key.base)
    receipt = ledger.receipt_of_token(check.meter.drn, minute)
    later = ledger.tokens_after(check.meter.drn, minute)
    made = unix_ms_of(minute)
    return replace(
        check,
        made_ms=made,
        offset_minutes=clock.offset_minutes(made),
        receipt=receipt,
        later=later,
        use=use_of(sold_here=bool(receipt), later=later),
    )


def _under_other_keys(
    ledger: Ledger, engine: TokenEngine, clock: Clock, meter: MeterRecord, digits: str
) -> TokenCheck:
    """Say why a token does not decode under the meter's present key, where that can be known."""
    receipt, sold_to = ledger.sale_of_token(digits)
    if sold_to and sold_to != meter.drn:
        return TokenCheck(meter, Fit.OTHER_METER, Use.UNKNOWN, receipt=receipt, sold_to=sold_to)
    for past in ledger.purchases(meter.drn, SALES_LOOKED_AT):
        found = ledger.sale_by_receipt(past.receipt)
        if found and found[1].key_change and digits in found[1].key_change.digits:
            old = with_key(meter, found[1].key_change.old)
            said = replace(read_token(ledger, engine, old, digits), receipt=past.receipt)
            return TokenCheck(meter, Fit.FITS, Use.ANY_TIME, said, old, receipt=past.receipt)
        for sold in found[1].digits if found else ():
            group = slip_group(digits, sold)
            if group:
                return TokenCheck(
                    meter, Fit.MISTYPED, Use.UNKNOWN, receipt=past.receipt, group=group
                )
    latest = minute_1993(clock.now_ms()) + _AHEAD_MINUTES
    for other in _other_keys(ledger.held_keys(meter.pan), meter):
        reading = _read_under(ledger, engine, other, digits, latest)
        if reading is not None:
            check = TokenCheck(meter, _fit_of(other, meter), Use.UNKNOWN, reading, other)
            return _known(ledger, clock, check)
    return TokenCheck(meter, Fit.UNREAD, Use.UNKNOWN)


def _read_under(
    ledger: Ledger, engine: TokenEngine, other: MeterRecord, digits: str, latest: int
) -> TokenReading | None:
    """Return the reading under another key; a checksum that fits by chance has an absurd minute."""
    try:
        reading = read_token(ledger, engine, other, digits)
    except PosError:
        return None
    tids = [field.value for field in reading.explanation.fields if field.name == "tid"]
    if tids and isinstance(tids[0], int) and from_base(tids[0], other.base) > latest:
        return None
    return reading


def _other_keys(held: tuple[KeyAttributes, ...], meter: MeterRecord) -> Iterator[MeterRecord]:
    """Yield the meter under every other key this till holds, the likeliest first.

    Other revisions of its own group, its own revision under every other tariff index, then other
    groups: few enough that a 16-bit checksum hardly ever fits by chance.
    """
    own = [key for key in held if key.sgc == meter.sgc]
    foreign = [key for key in held if key.sgc != meter.sgc]
    revisions = (_under(meter, key) for key in own if key.krn != meter.krn)
    indices = (replace(meter, ti=ti) for ti in range(100) if ti != meter.ti)
    groups = (_under(meter, key) for key in foreign)
    return chain(revisions, indices, groups)


def _under(meter: MeterRecord, key: KeyAttributes) -> MeterRecord:
    ti = meter.ti if key.ti < 0 else key.ti
    ea = meter.ea if key.ea < 0 else key.ea
    ken = meter.ken if key.kind == "vending" else key.ken
    return replace(
        meter,
        sgc=key.sgc,
        krn=key.krn,
        kt=key.kt,
        base=key.base,
        dkga=key.dkga,
        ti=ti,
        ea=ea,
        ken=ken,
    )


def _fit_of(other: MeterRecord, meter: MeterRecord) -> Fit:
    """Tell an older from a newer key; revisions run 1 to 9 and begin again (IEC 62055-41)."""
    if (other.sgc, other.ti) != (meter.sgc, meter.ti):
        return Fit.OTHER_KEY
    behind = (meter.krn - other.krn) % 9
    return Fit.OLDER_KEY if behind <= 4 else Fit.NEWER_KEY
