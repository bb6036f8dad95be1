"""Random tariffs, and a second way to price a purchase that shares no code with the engine."""

from decimal import Decimal

from hypothesis import strategies as st

from pos_app.domain.money import Currency
from pos_app.domain.tariff.parts import Block, Tax
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.tariff.units import Commodity, UnitRounding

RAND = Currency("ZAR", 2, 10)
YEN = Currency("JPY", 0, 1)
DINAR = Currency("KWD", 3, 5)


def tariff_of(
    blocks: list[tuple[str, str | None]],
    *,
    taxes: list[tuple[str, str]] | None = None,
    incl: bool = False,
    mode: UnitRounding = UnitRounding.UP,
    currency: Currency = RAND,
) -> Tariff:
    return Tariff(
        id="t",
        version=1,
        utility="Test",
        name="Test",
        commodity=Commodity.ELECTRICITY,
        unit_name="kWh",
        currency=currency,
        blocks=tuple(
            Block(Decimal(price), None if bound is None else Decimal(bound))
            for price, bound in blocks
        ),
        taxes=tuple(Tax(name, Decimal(percent)) for name, percent in taxes or []),
        prices_include_tax=incl,
        unit_rounding=mode,
    )


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    currency = draw(st.sampled_from([RAND, YEN, DINAR]))
    bounds = sorted(draw(st.sets(st.integers(1, 20_000), max_size=4)))
    cents = st.integers(1 if currency.decimals else 100, 99_999)
    blocks: list[tuple[str, str | None]] = []
    for bound in [*bounds, None]:
        price = Decimal(draw(cents)).scaleb(-2 if currency.decimals else 0)
        blocks.append((str(price), None if bound is None else str(Decimal(bound).scaleb(-1))))
    percents = draw(st.lists(st.integers(1, 250), max_size=3))
    return tariff_of(
        blocks,
        taxes=[(f"tax {n}", str(Decimal(p).scaleb(-1))) for n, p in enumerate(percents)],
        incl=draw(st.booleans()),
        mode=draw(st.sampled_from(list(UnitRounding))),
        currency=currency,
    )


def cost_of(tariff: Tariff, units: Decimal, bought: Decimal) -> Decimal:
    """Return the price with taxes of `units` after `bought`, in whole currency.

    The other way round than the engine: by the overlap of the purchase with each block.
    """
    factor = Decimal(1)
    if not tariff.prices_include_tax:
        factor += sum((tax.percent for tax in tariff.taxes), Decimal(0)) / 100
    lower, cost = Decimal(0), Decimal(0)
    for block in tariff.blocks:
        upper = block.up_to if block.up_to is not None else bought + units
        inside = min(upper, bought + units) - max(lower, bought)
        cost += max(inside, Decimal(0)) * block.price * factor
        lower = upper
    return cost
