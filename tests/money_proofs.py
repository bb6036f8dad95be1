"""What must hold of the money of any sale, read from its journal entry with whole numbers alone.

Nothing here knows the tariff engine: sums, bounds of blocks, and a calendar counted by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

Body = Mapping[str, Any]
_GIVE_BACK = {"subsidy", "adjustment"}
_STEPS = ((1, 16_384), (10, 180_224), (100, 1_818_624), (1000, 10**9))
"""IEC 62055-41, unit credit amount: what one step is below a number of tenths."""
_CUT = Decimal("0.0000001")
"""What nine decimals of units leave open, in tenths."""


def prove_money(body: Body, coin: int) -> None:
    """Fail unless lines, tenders, change and rounding tell the same sum, in coins that exist."""
    lines, paid = body["lines"], body["tenders"]
    total, rounding, change = (body[f"{name}_minor"] for name in ("total", "rounding", "change"))
    kept = body.get("wallet_in_minor", 0)
    assert sum(line["amount_minor"] for line in lines) == total
    received = sum(part["amount_minor"] for part in paid)
    assert total + rounding == body["due_minor"] == received - change - kept
    assert all(part["amount_minor"] > 0 for part in paid)
    cash = sum(part["amount_minor"] for part in paid if part["kind"] == "cash")
    assert cash % coin == 0
    assert change % coin == 0 <= change
    if cash or change:
        nearest = total - sum(part["amount_minor"] for part in paid if part["kind"] != "cash")
        assert abs(rounding) * 2 <= coin or (0 < nearest * 2 < coin and abs(rounding) < coin)
    else:
        assert rounding == 0
    for line in lines:
        if line["kind"] not in _GIVE_BACK:
            assert line["amount_minor"] >= 0, line
        if line["kind"] == "free":
            assert line["amount_minor"] == 0


def prove_owed(body: Body, debts: Mapping[str, int]) -> dict[str, int]:
    """Fail unless each debt's line and what it leaves are the debt; return what is left."""
    left = dict(debts)
    for line in body["lines"]:
        if line["kind"] == "debt":
            assert line["amount_minor"] + line["left_minor"] == left[line["ref"]]
            assert line["left_minor"] >= 0
            left[line["ref"]] = line["left_minor"]
    return left


def prove_blocks(body: Body, bounds: Sequence[Decimal | None], free_first: Decimal) -> None:
    """Fail unless the units of each block are those of the month that lie within its bounds.

    `bounds` are the upper ends of the blocks of a tariff that counts units, `free_first` the free
    units that fill blocks before this sale's.
    """
    start = Decimal(body["account"]["bought"]) + free_first
    end = start + Decimal(body["units_exact"])
    by_block = {
        line["block"] or 1: Decimal(line["units"])
        for line in body["lines"]
        if line["kind"] == "energy"
    }
    lower, within = Decimal(0), Decimal("0.00000001")
    for number, bound in enumerate(bounds, 1):
        upper = end if bound is None else min(end, bound)
        inside = max(upper - max(lower, start), Decimal(0))
        assert abs(by_block.get(number, Decimal(0)) - inside) <= within, (number, by_block)
        lower = lower if bound is None else bound


def prove_energy(body: Body, taxes_within: Fraction) -> None:
    """Fail unless energy lines are units times price, all but the last to the minor unit.

    The last takes what rounding left: at most half a minor unit for every other line.
    """
    energy = [line for line in body["lines"] if line["kind"] == "energy"]
    for place, line in enumerate(energy, 1):
        price = Fraction(line["price"]) * 10 ** body["decimals"]
        if line["price_includes_tax"]:
            price /= taxes_within
        exact = Fraction(line["units"]) * price
        slack = Fraction(len(body["lines"]) if place == len(energy) else 1, 2)
        # a price of up to nine decimals times nine decimals of units that were cut off
        assert abs(line["amount_minor"] - exact) <= slack + price / 10**8, line


def prove_token(body: Body, rounding: str, decimals: int) -> None:
    """Fail unless tokens carry the units of the sale, rounded the way the tariff says.

    Where only whole units are sold they are rounded twice: no token above 1638.3 carries them.
    """
    carried = [token for token in body["tokens"] if token["kind"] in {"credit", "money"}]
    assert len(carried) == 1
    if carried[0]["kind"] == "money":
        assert carried[0]["fine"] > 0
        return
    assert carried[0]["tenths"] == body["tenths"]
    free = sum(Decimal(line["units"]) for line in body["lines"] if line["kind"] == "free")
    own = any(token["kind"] == "free-basic" for token in body["tokens"])
    exact = (Decimal(body["units_exact"]) + (0 if own else free)) * 10
    step = next(step for step, most in _STEPS if exact < most) + (0 if decimals else 10)
    off = body["tenths"] - exact
    least = {"up": Decimal(0), "half_up": -Decimal(step) / 2, "down": -Decimal(step)}[rounding]
    most = {"up": Decimal(step), "half_up": Decimal(step) / 2, "down": Decimal(0)}[rounding]
    assert least - _CUT <= off <= most + _CUT, (off, rounding)


def months_between(last: str, now: str) -> int:
    """Return how many first days of a month lie after the day `last`, up to the day `now`."""
    (was, month), (year, at) = (tuple(map(int, day.split("-")[:2])) for day in (last, now))
    return (year * 12 + at) - (was * 12 + month)
