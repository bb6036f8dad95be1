"""What makes parts of a tariff impossible: each fault names its field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NoReturn

from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.formula import MONEY, RESERVED
from pos_app.domain.tariff.hours import check_periods
from pos_app.domain.tariff.ladder import steps
from pos_app.domain.tariff.parts import (
    Block,
    Charge,
    CountBy,
    Levy,
    Stamp,
    Subsidy,
    Tax,
    TokenKind,
)
from pos_app.domain.tariff.refusals import TariffInvalid, TariffProblem

if TYPE_CHECKING:
    from pos_app.domain.tariff.tariff import Tariff


def check_parts(tariff: Tariff) -> None:
    """Raise `TariffInvalid` about the first part that cannot be."""
    _blocks(tariff)
    _names(tariff)
    checks: tuple[Callable[[Tariff], None], ...] = (
        _taxes, _levies, _subsidies, _charges, _stamps, _debts, _free, _bounds, _hours,
    )  # fmt: skip
    for check in checks:
        check(tariff)


def check_unit_prices(tariff: Tariff) -> None:
    """Raise `TariffInvalid` where a unit would cost less than nothing, or nothing without end.

    Walks the month from its first unit, so every part of every block is met once.
    """
    if tariff.blocks_by is CountBy.AVERAGE:
        bounds = [block.up_to for block in tariff.blocks]
        starts = [Account(average=tariff.blocks[0].up_to or Decimal(0))]
        starts += [Account(average=bound + 1) for bound in bounds[:-1] if bound is not None]
    else:
        starts = [Account()]
    for account in starts:
        for step in steps(tariff, account):
            endless = step.room is None or tariff.blocks_by is CountBy.MONEY
            if step.gross < 0 or (step.gross == 0 and endless):
                _fault(f"block[{step.number}].price", TariffProblem.PRICE_NOT_POSITIVE)


def _fault(field: str, problem: TariffProblem, detail: object = "") -> NoReturn:
    raise TariffInvalid(field=field, problem=problem, detail=str(detail))


def _blocks(tariff: Tariff) -> None:
    blocks = tariff.blocks
    if not blocks:
        _fault("block", TariffProblem.MISSING)
    bound = Decimal(0)
    for number, block in enumerate(blocks, 1):
        field = f"block[{number}]"
        if block.price < 0 or (block.price == 0 and not _may_be_free(tariff, block)):
            _fault(f"{field}.price", TariffProblem.NOT_POSITIVE, block.price)
        if block.up_to is None:
            if number < len(blocks):
                _fault(f"{field}.up_to", TariffProblem.OPEN_TOO_EARLY)
        elif block.up_to <= bound:
            _fault(f"{field}.up_to", TariffProblem.NOT_RISING, block.up_to)
        else:
            bound = block.up_to


def _may_be_free(tariff: Tariff, block: Block) -> bool:
    """Units at no price need an end, or a levy that makes them cost something."""
    return block.up_to is not None or any(levy.price for levy in tariff.levies)


def _names(tariff: Tariff) -> None:
    named: tuple[tuple[str, Sequence[Levy | Subsidy | Charge | Stamp | Tax]], ...] = (
        ("levy", tariff.levies),
        ("subsidy", tariff.subsidies),
        ("charge", tariff.charges),
        ("stamp", tariff.stamps),
        ("tax", tariff.taxes),
    )
    seen: set[str] = set()
    for row, parts in named:
        for number, part in enumerate(parts, 1):
            if part.name in seen:
                _fault(f"{row}[{number}].name", TariffProblem.DUPLICATE, part.name)
            if part.name in RESERVED:
                _fault(f"{row}[{number}].name", TariffProblem.RESERVED, part.name)
            seen.add(part.name)


def _taxes(tariff: Tariff) -> None:
    for number, tax in enumerate(tariff.taxes, 1):
        _percent(f"tax[{number}].percent", tax.percent)
        _span(f"tax[{number}]", tax)
        _of_money(f"tax[{number}]", tax)


def _percent(field: str, percent: Decimal | None) -> None:
    if percent is None:
        return
    if percent <= 0:
        _fault(field, TariffProblem.NOT_POSITIVE, percent)
    if percent > 100:
        _fault(field, TariffProblem.TOO_LARGE, percent)


def _positive(field: str, amount: Decimal | None) -> None:
    if amount is not None and amount <= 0:
        _fault(field, TariffProblem.NOT_POSITIVE, amount)


def _not_negative(field: str, amount: Decimal | None) -> None:
    if amount is not None and amount < 0:
        _fault(field, TariffProblem.NEGATIVE, amount)


def _levies(tariff: Tariff) -> None:
    for number, levy in enumerate(tariff.levies, 1):
        field = f"levy[{number}]"
        _one_of(field, levy.price, levy.percent)
        _not_negative(f"{field}.price", levy.price)
        _percent(f"{field}.percent", levy.percent)
        _span(field, levy)
        _of_money(field, levy)


def _subsidies(tariff: Tariff) -> None:
    for number, subsidy in enumerate(tariff.subsidies, 1):
        field = f"subsidy[{number}]"
        _one_of(field, subsidy.price, subsidy.percent, subsidy.amount)
        _positive(f"{field}.price", subsidy.price)
        _percent(f"{field}.percent", subsidy.percent)
        _positive(f"{field}.amount", subsidy.amount)
        _span(field, subsidy)
        if any(word in MONEY for word in subsidy.on):
            _fault(f"{field}.on", TariffProblem.UNKNOWN)


def _one_of(field: str, *values: object) -> None:
    if sum(value is not None for value in values) != 1:
        _fault(field, TariffProblem.EITHER_OR)


def _of_money(field: str, part: Levy | Tax) -> None:
    """Refuse a percent of the tender or its rest that is also of something else."""
    spanned = bool(part.above) or part.up_to is not None
    if any(word in MONEY for word in part.on) and (
        len(part.on) > 1 or part.percent is None or spanned
    ):
        _fault(f"{field}.on", TariffProblem.EITHER_OR, ", ".join(part.on))


def _span(field: str, part: Levy | Subsidy | Tax) -> None:
    _not_negative(f"{field}.above", part.above)
    if part.up_to is not None and part.up_to <= part.above:
        _fault(f"{field}.up_to", TariffProblem.NOT_RISING, part.up_to)


def _charges(tariff: Tariff) -> None:
    for number, charge in enumerate(tariff.charges, 1):
        _not_negative(f"charge[{number}].amount", charge.amount)
        _percent(f"charge[{number}].cap_percent", charge.cap_percent)


def _stamps(tariff: Tariff) -> None:
    for number, stamp in enumerate(tariff.stamps, 1):
        field = f"stamp[{number}]"
        _one_of(field, stamp.amount, stamp.percent)
        _positive(f"{field}.amount", stamp.amount)
        _percent(f"{field}.percent", stamp.percent)
        _not_negative(f"{field}.above", stamp.above)
        if stamp.up_to is not None and stamp.up_to <= stamp.above:
            _fault(f"{field}.up_to", TariffProblem.NOT_RISING, stamp.up_to)


def _debts(tariff: Tariff) -> None:
    _percent("debt_cap_percent", tariff.debt_cap_percent)
    _percent("charge_cap_percent", tariff.charge_cap_percent)
    seen: set[str] = set()
    for number, rule in enumerate(tariff.debt_rules, 1):
        if rule.name in seen:
            _fault(f"debt[{number}].name", TariffProblem.DUPLICATE, rule.name)
        seen.add(rule.name)
        _percent(f"debt[{number}].percent", rule.percent)
        _positive(f"debt[{number}].instalment", rule.instalment)


def _free(tariff: Tariff) -> None:
    if tariff.free is not None:
        _positive("free.units", tariff.free.units)


def _bounds(tariff: Tariff) -> None:
    if tariff.minimum and tariff.maximum and tariff.minimum.minor > tariff.maximum.minor:
        _fault("maximum", TariffProblem.NOT_RISING, tariff.maximum.plain())
    if tariff.valid_from and tariff.valid_to and tariff.valid_to < tariff.valid_from:
        _fault("valid_to", TariffProblem.NOT_RISING, tariff.valid_to)


def _hours(tariff: Tariff) -> None:
    money = tariff.token is TokenKind.MONEY
    if tariff.periods:
        if not money:
            _fault("token", TariffProblem.HOURS_NEED_MONEY)
        check_periods(tariff.periods)
    if money and (tariff.blocks != (Block(Decimal(1)),) or tariff.free is not None):
        _fault("token", TariffProblem.NO_UNITS)
