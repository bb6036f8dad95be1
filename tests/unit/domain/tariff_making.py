"""Random tariffs, and a second way to price a purchase that shares no code with the engine."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from pos_app.domain.money import Currency, Money
from pos_app.domain.tariff.account import Account, Adjustment, Debt
from pos_app.domain.tariff.parts import (
    Block,
    CapBase,
    Charge,
    CountBy,
    DebtRule,
    FreeUnits,
    Levy,
    Per,
    PercentOf,
    Stamp,
    Subsidy,
    Tax,
)
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


def _amounts(most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(1, most).map(lambda n: Decimal(n).scaleb(-2))


percents = st.integers(1, 600).map(lambda n: Decimal(n).scaleb(-1))
maybe_percents = st.none() | percents


@st.composite
def rich_tariffs(draw: st.DrawFn, *, stamps: bool = True) -> Tariff:
    """Tariffs with any of the parts that a file can have."""
    plain = draw(tariffs())
    blocks = tuple(
        Block(block.price + 100 if not plain.currency.decimals else block.price + 1, block.up_to)
        for block in plain.blocks
    )
    cheapest = min(block.price for block in blocks)
    spans = draw(st.sampled_from([(Decimal(0), None), (Decimal(0), Decimal(50))]))
    bases = st.sampled_from([("all",), ("energy",), ("charges",), ("energy", "levies"), ("rest",)])
    levies = [
        Levy("per unit", price=draw(_amounts(300)), above=spans[0], up_to=spans[1]),
        Levy("percent", percent=draw(percents), on=("energy", "levies")),
        Levy("of tender", percent=draw(percents) / 4, on=("tender",)),
    ]
    subsidies = [
        Subsidy("share", percent=draw(percents) / 2, up_to=Decimal(draw(st.integers(1, 80)))),
        Subsidy("off", price=(cheapest / 8).quantize(Decimal("0.0001")), up_to=Decimal(30)),
    ]
    charges = [
        Charge(
            f"charge {n}",
            draw(_amounts(90_000)),
            per=draw(st.sampled_from(list(Per))),
            cap_percent=draw(maybe_percents),
            cap_base=draw(st.sampled_from(list(CapBase))),
            includes_tax=draw(st.none() | st.booleans()),
        )
        for n in range(draw(st.integers(0, 2)))
    ]
    rules = [
        DebtRule(
            draw(st.sampled_from(["loan", "*"])),
            percent=draw(maybe_percents),
            of=draw(st.sampled_from(list(PercentOf))),
            instalment=draw(st.none() | _amounts(20_000)),
        )
    ]
    duties = [Stamp("stamp", above=Decimal(100), amount=draw(_amounts(5000)))] if stamps else []
    taxes = [
        Tax(tax.name, tax.percent, on=(draw(bases) if n else ("all",)))
        for n, tax in enumerate(plain.taxes)
    ]
    return replace(
        plain,
        blocks=blocks,
        levies=tuple(draw(st.lists(st.sampled_from(levies), unique=True))),
        subsidies=tuple(draw(st.lists(st.sampled_from(subsidies), unique=True))),
        charges=tuple(charges),
        stamps=tuple(duties),
        debt_rules=tuple(rules),
        debt_cap_percent=draw(maybe_percents),
        charge_cap_percent=draw(maybe_percents),
        free=draw(st.none() | st.just(FreeUnits(Decimal(50), counts=True, own_token=True))),
        blocks_by=draw(st.sampled_from(list(CountBy))),
        taxes=tuple(taxes),
    )


@st.composite
def accounts(draw: st.DrawFn, tariff: Tariff) -> Account:
    """States of an account: any month so far, any arrears."""
    money = st.integers(1, 200_000).map(lambda minor: Money(minor, tariff.currency))
    tenths = st.integers(0, 30_000).map(lambda n: Decimal(n).scaleb(-1))
    debts = [Debt(name, draw(money)) for name in draw(st.sets(st.sampled_from(["loan", "b", "c"])))]
    sign = draw(st.sampled_from([-1, 1]))
    fix = Money(sign * draw(money).minor, tariff.currency)
    return Account(
        bought=draw(tenths),
        spent=draw(money),
        average=draw(st.none() | tenths),
        months_due=draw(st.integers(0, 4)),
        days_due=draw(st.integers(0, 70)),
        free_taken=draw(st.sampled_from([None, Decimal(0), Decimal(50)])),
        debts=tuple(debts),
        adjustments=draw(st.sampled_from([(), (Adjustment("fix", fix, draw(maybe_percents)),)])),
    )
