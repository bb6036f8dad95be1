"""Worked examples: published purchases inside a tariff file, and whether it reproduces them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.quote import LineKind, Quote

if TYPE_CHECKING:
    from pos_app.domain.tariff.tariff import Tariff


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A purchase with a published result: `tender` or `ask` (tenths), and what must come out.

    `tenths` is on the token, `free_tenths` on the token of free units, `exact` the units before
    the token's rounding (as many decimals as written), `total` the price of units, `lines` the
    energy lines (units as written, amount), `amounts` the amounts by name of line, `left` what
    stays due by name, `refused` the code of a refusal. None and empty: not looked at.
    """

    id: str
    account: Account
    tender: Money | None = None
    ask: int | None = None
    tenths: int | None = None
    free_tenths: int | None = None
    exact: Decimal | None = None
    total: Money | None = None
    lines: tuple[tuple[Decimal, Money], ...] = ()
    amounts: tuple[tuple[str, Money], ...] = ()
    left: tuple[tuple[str, Money], ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """What an example says (`expected`) and what the tariff gives (`found`), as texts.

    `id` names the example and, where it is not the units on the token, the figure.
    """

    id: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The examples of one file: how many hold, and what is wrong with the others."""

    passed: int
    failed: int
    failures: tuple[ExampleFailure, ...] = field(default=())


def check_examples(tariff: Tariff) -> Checked:
    """Return which examples the tariff reproduces."""
    failures: list[ExampleFailure] = []
    failed = 0
    for example in tariff.examples:
        found = _failures(tariff, example)
        failed += bool(found)
        failures += found
    return Checked(len(tariff.examples) - failed, failed, tuple(failures))


def _failures(tariff: Tariff, example: Example) -> list[ExampleFailure]:
    try:
        quote = _quote(tariff, example)
    except PosError as refusal:
        if refusal.code == example.refused:
            return []
        return [ExampleFailure(example.id, _expected(example), refusal.code)]
    if example.refused:
        return [ExampleFailure(example.id, example.refused, _units(quote.tenths))]
    pairs = [*_figures(example, quote), *_by_name(example, quote)]
    return [
        ExampleFailure(f"{example.id} {what}".strip(), expected, found)
        for what, expected, found in pairs
        if expected != found
    ]


def _quote(tariff: Tariff, example: Example) -> Quote:
    if example.tender is not None:
        return tariff.for_money(example.tender, example.account)
    if example.ask is None:
        raise ValueError("an example without tender and units")
    return tariff.for_units(example.ask, example.account)


def _expected(example: Example) -> str:
    if example.refused:
        return example.refused
    if example.tenths is not None:
        return _units(example.tenths)
    return "a purchase" if example.total is None else example.total.plain()


def _units(tenths: int) -> str:
    return str(Decimal(tenths).scaleb(-1))


def _rounded(units: Decimal, like: Decimal) -> str:
    return str(units.quantize(like, ROUND_HALF_UP))


def _figures(example: Example, quote: Quote) -> list[tuple[str, str, str]]:
    pairs: list[tuple[str, str, str]] = []
    if example.tenths is not None:
        pairs.append(("", _units(example.tenths), _units(quote.tenths)))
    if example.free_tenths is not None:
        pairs.append(("free", _units(example.free_tenths), _units(quote.free_tenths)))
    if example.exact is not None:
        pairs.append(("exact", str(example.exact), _rounded(quote.units, example.exact)))
    if example.total is not None:
        pairs.append(("total", example.total.plain(), quote.total.plain()))
    if example.lines:
        pairs += _energy_lines(example, quote)
    return pairs


def _energy_lines(example: Example, quote: Quote) -> list[tuple[str, str, str]]:
    found = [line for line in quote.lines if line.kind is LineKind.ENERGY]
    pairs = [("lines", str(len(example.lines)), str(len(found)))]
    for number, (stated, line) in enumerate(zip(example.lines, found, strict=False), 1):
        units, amount = stated
        is_units = _rounded(line.units or Decimal(0), units)
        pairs.append((f"line {number} units", str(units), is_units))
        pairs.append((f"line {number} amount", amount.plain(), line.amount.plain()))
    return pairs


def _absent(expected: Money) -> str:
    """Return what is said where no line has the name: a name that is wrong is not an amount."""
    return "no such line" if expected.minor else expected.plain()


def _by_name(example: Example, quote: Quote) -> list[tuple[str, str, str]]:
    zero = Money(0, quote.total.currency)
    amounts: dict[str, Money] = {}
    left: dict[str, Money] = {}
    for line in quote.lines:
        name = line.name or line.kind.value
        amounts[name] = amounts.get(name, zero) + line.amount
        if line.left is not None:
            left[name] = left.get(name, zero) + line.left
    return [
        *(
            (name, money.plain(), amounts[name].plain() if name in amounts else _absent(money))
            for name, money in example.amounts
        ),
        *(
            (f"{name} left", money.plain(), left[name].plain() if name in left else _absent(money))
            for name, money in example.left
        ),
    ]
