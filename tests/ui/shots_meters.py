"""Every state of the virtual meters' page, for pictures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_app.meter.device import AskEmergency, Live, Power, Tamper
from pos_app.sts.tokens import CurrencyCreditToken, MaxPowerLimit, encode
from tests.ui.fake_bench import HALL, HOUSE, WATER
from tests.ui.shots_hand import Cashier
from tests.unit.meter.meters import KEY


def meters_none(c: Cashier) -> None:
    c.sign_in()
    c.press(Qt.Key.Key_F10)
    c.press(Qt.Key.Key_5)


def meters_wrong_number(c: Cashier) -> None:
    meters_none(c)
    c.type("14123456784")
    c.enter()


def meters_one(c: Cashier) -> None:
    meters_none(c)
    c.type(HOUSE)
    c.enter()


def meters_typing(c: Cashier) -> None:
    meters_one(c)
    c.type(c.on.bench.sell(HOUSE, 229)[:14])


def meters_accepted(c: Cashier) -> None:
    meters_one(c)
    c.type(c.on.bench.sell(HOUSE, 229))
    c.enter()
    for _ in range(4):
        c.press(Qt.Key.Key_Right)


def meters_wrong_token(c: Cashier) -> None:
    meters_accepted(c)
    c.type("1234 5678 9012 3456 7890")
    c.enter()


def meters_unsold(c: Cashier) -> None:
    meters_one(c)
    c.press(Qt.Key.Key_F9)


def meters_three(c: Cashier) -> None:
    """One supplied, one out of credit on emergency, one cut off for three reasons."""
    bench = c.on.bench
    for drn in (HOUSE, WATER, HALL):
        bench.place(drn)
    from pos_app.meter.device import Enter  # noqa: PLC0415

    for drn, tenths in ((HOUSE, 229), (WATER, 31)):
        bench.do(drn, Enter(bench.sell(drn, tenths)))
    bench.do(HOUSE, Enter(encode(MaxPowerLimit(3000, bench.tid + 1, 5), KEY)))
    bench.do(HOUSE, Live(5 * 3600, (2500,)))
    bench.do(WATER, Live(3600, (3100,)))
    bench.do(WATER, AskEmergency())
    bench.do(HALL, Enter(encode(CurrencyCreditToken(4, 4_000_000, bench.tid + 5), KEY)))
    bench.do(HALL, Live(30 * 3600, (400, 300, 200)))
    bench.do(HALL, Tamper("cover"))
    meters_none(c)
    c.press(Qt.Key.Key_Up)
    c.press(Qt.Key.Key_Tab)


def meters_dark(c: Cashier) -> None:
    meters_three(c)
    c.on.bench.do(WATER, Power(on=False))
    c.press(Qt.Key.Key_F6)


METER_STATES: tuple[Callable[[Cashier], None], ...] = (
    meters_none,
    meters_wrong_number,
    meters_one,
    meters_typing,
    meters_accepted,
    meters_wrong_token,
    meters_unsold,
    meters_three,
    meters_dark,
)
