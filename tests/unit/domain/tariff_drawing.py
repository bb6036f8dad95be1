"""Random tariff files: any field of `resources/tariffs/README.md`, as TOML or as JSON text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

CURRENCIES = (("ZAR", 2, 10), ("EUR", 2, 5), ("UGX", 0, 50), ("JPY", 0, 1), ("KWD", 3, 5))
"""Code, decimals, smallest coin in minor units: 10 and 5 cents, 50 units, 1 unit, 5 fils."""

Table = dict[str, Any]


class Bare(str):
    """A text that TOML writes without quotes: a day."""

    __slots__ = ()


def as_toml(table: Mapping[str, Any]) -> str:
    """Return a file's table in TOML; tables within come last, as TOML wants it."""
    rows = [f"{key} = {_value(value)}" for key, value in table.items() if not _is_table(value)]
    for key, value in table.items():
        if isinstance(value, dict):
            rows += [f"\n[{key}]", as_toml(value)]
        elif _is_table(value):
            for row in value:
                rows += [f"\n[[{key}]]", as_toml(row)]
    return "\n".join(rows)


def _is_table(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    )


def _value(value: object) -> str:
    return str(value) if isinstance(value, Bare) else json.dumps(value)


def exact(most: int, places: int = 2) -> st.SearchStrategy[str]:
    """Return amounts above 0 as texts, with so many decimals."""
    return st.integers(1, most).map(lambda n: str(Decimal(n).scaleb(-places)))


PERCENTS = exact(300, 1)
SPANS: st.SearchStrategy[Table] = st.sampled_from(
    [{}, {"up_to": "50"}, {"above": "20"}, {"above": "7.5", "up_to": "120"}]
)


@st.composite
def tariff_tables(draw: st.DrawFn) -> Table:
    """The table of a file that a utility could write; its prices suit its currency."""
    code, decimals, coin = draw(st.sampled_from(CURRENCIES))
    dear = 1000 if not decimals else 1
    including = draw(st.booleans())
    parts = _parts(draw, dear)
    table: Table = {
        "id": "random",
        "version": 1,
        "utility": "highveld",
        "name": "Drawn by chance",
        "commodity": "electricity",
        "unit": "kWh",
        "valid_from": Bare("2020-01-01"),
        "prices_include_tax": including,
        "unit_rounding": draw(st.sampled_from(["up", "half_up", "down"])),
        "source": "made up by a test",
        "currency": {"code": code, "decimals": decimals, "smallest_coin": coin},
        **parts,
    }
    for name, values in (
        ("unit_decimals", st.integers(0, 1)),
        ("minimum", st.just(str(dear))),
        ("charge_cap_percent", PERCENTS),
        ("charge_cap_base", st.sampled_from(["gross", "net"])),
        ("debt_cap_percent", PERCENTS),
    ):
        if draw(st.booleans()):
            table[name] = draw(values)
    return _money_or_units(draw, table, dear)


def _money_or_units(draw: st.DrawFn, table: Table, dear: int) -> Table:
    if draw(st.integers(0, 5)) == 0:
        table["token"] = "money"
        table["period"] = [
            {"name": "peak", "price": "3.50", "hours": "06-09,17:30-19", "days": ["weekday"]},
            {"name": "rest", "price": "1.20"},
        ]
        for part in (*table["levy"], *table["subsidy"]):
            part.pop("price", None)
        table["levy"] = [part for part in table["levy"] if "percent" in part]
        table["subsidy"] = [part for part in table["subsidy"] if "amount" in part]
        return table
    table["blocks_by"] = draw(st.sampled_from(["units", "units", "units", "money", "purchase"]))
    table["block"] = _blocks(draw, dear)
    if draw(st.booleans()):
        table["free"] = {
            "units": draw(exact(600, 1)),
            "counts": draw(st.booleans()),
            "own_token": draw(st.booleans()),
        }
    return table


def _blocks(draw: st.DrawFn, dear: int) -> list[Table]:
    bounds = sorted(draw(st.sets(st.integers(1, 3_000), max_size=4)))
    blocks: list[Table] = [
        {"up_to": str(Decimal(bound).scaleb(-1)), "price": _price(draw, dear)} for bound in bounds
    ]
    if blocks and draw(st.integers(0, 5)) == 0:
        blocks[0]["price"] = "0"  # the first units come with the first purchase
    return [*blocks, {"price": _price(draw, dear)}]


def _price(draw: st.DrawFn, dear: int) -> str:
    """Return a price of a unit with up to four decimals, never so low that subsidies eat it."""
    return str(Decimal(draw(st.integers(8_000, 60_000)) * dear).scaleb(-4))


def _parts(draw: st.DrawFn, dear: int) -> Table:
    levies = [
        {"name": "Fuel", "price": draw(exact(40)), **draw(SPANS)},
        {"name": "Rural", "percent": draw(PERCENTS), "on": ["energy"]},
        {"name": "Street light", "percent": draw(exact(80, 1)), "on": ["tender"]},
        {"name": "Network", "percent": draw(exact(80, 1)), "on": ["rest"]},
        {"name": "Fund", "price": draw(exact(40)), "includes_tax": draw(st.booleans())},
    ]
    subsidies = [
        {"name": "Lifeline", "percent": draw(exact(200, 1)), "up_to": "30"},
        {"name": "Help", "price": str(Decimal(dear) * Decimal("0.05")), **draw(SPANS)},
        {"name": "Grant", "amount": str(dear * 3)},
    ]
    charges = [
        {
            "name": name,
            "amount": str(Decimal(draw(exact(4_000))) * dear),
            "per": draw(st.sampled_from(["month", "day", "purchase"])),
            **draw(_options(accrues=st.booleans(), at_most=st.integers(1, 40))),
            **draw(_options(cap_percent=PERCENTS, cap_base=st.sampled_from(["gross", "net"]))),
            **draw(_options(includes_tax=st.booleans())),
        }
        for name in ("Service", "Capacity")
    ]
    stamps = [
        {"name": "Duty", "above": str(60 * dear), "amount": str(dear)},
        {"name": "Stamp", "percent": draw(exact(20, 1)), "up_to": str(500 * dear)},
    ]
    debts = [
        {"name": name, **draw(_options(percent=PERCENTS, of=PERCENT_OF, instalment=exact(9_000)))}
        for name in ("Meter loan", "*")
    ]
    chosen = {
        "levy": draw(_some(levies)),
        "subsidy": draw(_some(subsidies)),
        "charge": draw(_some(charges)),
        "stamp": draw(_some(stamps)),
        "debt": draw(_some(debts)),
    }
    return chosen | {"tax": _taxes(draw, [part["name"] for part in chosen["levy"]])}


PERCENT_OF = st.sampled_from(["tender", "rest", "balance"])


def _options(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[Table]:
    return st.fixed_dictionaries({}, optional=values)


def _some(parts: list[Table]) -> st.SearchStrategy[list[Table]]:
    kept = st.lists(st.booleans(), min_size=len(parts), max_size=len(parts))
    return kept.map(lambda flags: [part for part, keep in zip(parts, flags, strict=True) if keep])


def _taxes(draw: st.DrawFn, levies: list[str]) -> list[Table]:
    names = ("VAT", "Regional tax", "Fee")[: draw(st.integers(0, 3))]
    taxes: list[Table] = []
    per_unit = [name for name in levies if name in {"Fuel", "Rural", "Fund"}]
    for place, name in enumerate(names):
        bases = [["all"], ["energy"], ["charges"], ["energy", "levies"], ["tender"], ["rest"]]
        bases += [[other] for other in per_unit]
        bases += [["all", taxes[place - 1]["name"]]] if place and "up_to" not in taxes[-1] else []
        tax: Table = {"name": name, "percent": draw(PERCENTS), "on": draw(st.sampled_from(bases))}
        if tax["on"] == ["energy"]:
            tax |= draw(SPANS)
        taxes.append(tax)
    return taxes


@st.composite
def tariff_texts(draw: st.DrawFn) -> str:
    """The text of a tariff file, in one of the two forms."""
    kept = {name: value for name, value in draw(tariff_tables()).items() if value != []}
    return json.dumps(kept) if draw(st.booleans()) else as_toml(kept)
