"""The tariff engine: what money buys and what units cost, from the parts of one tariff.

Money is in minor units of one currency. Order of a calculation: duties on the tender, levies on
the tender, charges, corrections to collect, debts; then corrections to give back and monthly
subsidies are added; what is there now is the energy money. It buys units block by block at the
block's full price (energy, levies, subsidies, taxes). Everything is an exact fraction until the
token's units are rounded by the tariff's rule and each line's amount to a minor unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, CurrencyMixed, Money
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.checks import check_parts, check_unit_prices
from pos_app.domain.tariff.dues import Dues, dues_of
from pos_app.domain.tariff.formula import Formula, compile_formula
from pos_app.domain.tariff.hours import Period, Stretch, day_kind, strip
from pos_app.domain.tariff.ladder import Step, steps
from pos_app.domain.tariff.lines import Bought, Share, half_up, quote_of
from pos_app.domain.tariff.parts import (
    Block,
    CapBase,
    Charge,
    CountBy,
    DebtRule,
    FreeUnits,
    Levy,
    Stamp,
    Subsidy,
    Tax,
    TokenKind,
)
from pos_app.domain.tariff.quote import LineKind, Quote, QuoteLine
from pos_app.domain.tariff.refusals import (
    AboveMaximum,
    BelowMinimum,
    BuysNothing,
    ChargesFirst,
    FreeWithPurchase,
    NoFreeUnits,
    NoPriceAbove,
    NotInForce,
    UnitsBeyondToken,
)
from pos_app.domain.tariff.search import least_total
from pos_app.domain.tariff.units import (
    LARGEST_TENTHS,
    Commodity,
    UnitRounding,
    rounded,
    up_to,
    whole_units,
)

if TYPE_CHECKING:
    from pos_app.domain.tariff.examples import Example


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A `PriceList`; see the module for its rules, `resources/tariffs/README.md` for its words.

    Raises `TariffInvalid` when made of parts that contradict each other or make no price.
    """

    id: str
    version: int
    utility: str
    name: str
    commodity: Commodity
    unit_name: str
    currency: Currency
    blocks: tuple[Block, ...]
    taxes: tuple[Tax, ...] = ()
    levies: tuple[Levy, ...] = ()
    subsidies: tuple[Subsidy, ...] = ()
    charges: tuple[Charge, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    debt_rules: tuple[DebtRule, ...] = ()
    debt_cap_percent: Decimal | None = None
    charge_cap_percent: Decimal | None = None
    charge_cap_base: CapBase = CapBase.GROSS
    free: FreeUnits | None = None
    blocks_by: CountBy = CountBy.UNITS
    token: TokenKind = TokenKind.UNITS
    periods: tuple[Period, ...] = ()
    holidays: tuple[date, ...] = ()
    prices_include_tax: bool = False
    unit_rounding: UnitRounding = UnitRounding.UP
    unit_decimals: int = 1
    minimum: Money | None = None
    maximum: Money | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    examples: tuple[Example, ...] = ()
    formula: Formula = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_parts(self)
        object.__setattr__(self, "formula", compile_formula(self))
        check_unit_prices(self)

    def minor_per_whole(self) -> Fraction:
        """Return how many minor units one unit of the currency has."""
        return Fraction(10**self.currency.decimals)

    def for_money(self, total: Money, account: Account) -> Quote:
        """Return what `total` (all taxes included) buys on `account`."""
        self._admit(total, account)
        dues = dues_of(self, total.minor, account)
        if dues.rest <= 0:
            raise self._nothing_left(total, dues, account)
        shares = self._shares(dues.rest, account)
        if shares is None:
            raise self._table_ends(account)
        tenths = self._tenths(shares, account)
        if tenths == 0:
            raise BuysNothing(total=total.plain(), currency=self.currency.code)
        free = self.free_due(account)
        own = self.free is not None and self.free.own_token
        free_tenths = up_to(math.ceil(free * 10)) if own else 0
        return quote_of(self, Bought(total, account, dues, shares, tenths, free, free_tenths))

    def for_units(self, tenths: int, account: Account) -> Quote:
        """Return the quote of the smallest total whose `for_money` carries at least `tenths`.

        `tenths` is first raised to what a token can carry. Raises `ValueError` for less than 1.
        """
        if tenths < 1:
            raise ValueError(tenths)
        wanted = tenths if self.token is TokenKind.MONEY else up_to(tenths)
        return self.for_money(self._least(wanted, account), account)

    def for_free(self, account: Account) -> Quote:
        """Return the month's free units alone, for no money.

        Raises `NotInForce`, `FreeWithPurchase` or `NoFreeUnits`.
        """
        self._in_force(account.on)
        if self.free is not None and not self.free.own_token:
            raise FreeWithPurchase
        due = self.free_due(account)
        if not due:
            raise NoFreeUnits
        nothing = Money(0, self.currency)
        return Quote(
            tariff_id=self.id,
            tariff_version=self.version,
            total=nothing,
            lines=(QuoteLine(LineKind.FREE, nothing, units=due),),
            units=Decimal(0),
            tenths=0,
            account=account,
            energy=nothing,
            free_tenths=up_to(math.ceil(due * 10)),
        )

    def ladder(self, account: Account) -> Iterator[Step]:
        """Return the blocks that are not used up on `account`, in order and in parts.

        Raises `ValueError` for less than 0 units: a caller's bug.
        """
        if account.bought < 0:
            raise ValueError(account.bought)
        return steps(self, account)

    def hours(self, day: date) -> tuple[Stretch, ...]:
        """Return the prices by time of use on `day`; none where the tariff has no such prices."""
        if not self.periods:
            return ()
        return strip(self.periods, day.month, day_kind(day, self.holidays))

    def after(self, quote: Quote) -> Account:
        """Return what counts in the month once `quote` has been bought."""
        start = self._with_free(quote.account)
        spent = quote.energy if start.spent is None else start.spent + quote.energy
        bought = start.bought + Decimal(quote.tenths).scaleb(-1)
        if self.free is not None and not self.free.own_token:
            bought -= self.free_due(quote.account)
        return replace(start, bought=bought, spent=spent)

    def free_due(self, account: Account) -> Decimal:
        """Return the free units that the next purchase brings."""
        if self.free is None or account.free_taken is None:
            return Decimal(0)
        entitled = self.free.units if account.free_entitled is None else account.free_entitled
        return max(entitled - account.free_taken, Decimal(0))

    def _with_free(self, account: Account) -> Account:
        due = self.free_due(account)
        if not due or self.free is None or not self.free.counts:
            return account
        return replace(account, bought=account.bought + due)

    def _admit(self, total: Money, account: Account) -> None:
        code = self.currency.code
        if total.currency.code != code:
            raise CurrencyMixed(left=code, right=total.currency.code)
        self._in_force(account.on)
        if total.minor <= 0:
            raise BuysNothing(total=total.plain(), currency=code)
        if self.minimum is not None and total.minor < self.minimum.minor:
            raise BelowMinimum(minimum=self.minimum.plain(), currency=code)
        if self.maximum is not None and total.minor > self.maximum.minor:
            raise AboveMaximum(maximum=self.maximum.plain(), currency=code)

    def _in_force(self, day: date | None) -> None:
        if day is None:
            return
        early = self.valid_from is not None and day < self.valid_from
        if early or (self.valid_to is not None and day > self.valid_to):
            raise NotInForce(
                tariff=self.id,
                day=day.isoformat(),
                valid_from=self.valid_from.isoformat() if self.valid_from else "",
                valid_to=self.valid_to.isoformat() if self.valid_to else "",
            )

    def _shares(self, money: Fraction, account: Account) -> list[Share] | None:
        """Return what `money` (above 0) buys block by block; None when the table ends first."""
        shares: list[Share] = []
        left = money
        for step in self.ladder(self._with_free(account)):
            if step.room is None or left <= step.room * step.gross:
                return [*shares, Share(step, left / step.gross)]
            shares.append(Share(step, step.room))
            left -= step.room * step.gross
        return None

    def _tenths(self, shares: Sequence[Share], account: Account) -> int:
        units = sum((share.units for share in shares), Fraction(0))
        if self.token is TokenKind.MONEY:
            return math.floor(units * 10)
        if self.free is not None and not self.free.own_token:
            units += Fraction(self.free_due(account))
        if self.unit_decimals == 0:
            units = Fraction(whole_units(units, self.unit_rounding))
        return rounded(units * 10, self.unit_rounding)

    def _carried(self, minor: int, account: Account) -> int:
        """Return the tenths that `minor` carries; more than any token's when nothing can."""
        rest = dues_of(self, minor, account).rest
        shares = self._shares(rest, account) if rest > 0 else []
        if shares is None:
            return LARGEST_TENTHS + 1
        try:
            return self._tenths(shares, account) if shares else 0
        except UnitsBeyondToken:
            return LARGEST_TENTHS + 1

    def _least(self, tenths: int, account: Account) -> Money:
        edges = [
            int(Fraction(bound) * self.minor_per_whole())
            for stamp in self.stamps
            for bound in (stamp.above, stamp.up_to)
            if bound is not None
        ]
        minor = least_total(lambda minor: self._carried(minor, account), tenths, edges)
        return Money(minor, self.currency)

    def _nothing_left(self, total: Money, dues: Dues, account: Account) -> PosError:
        if not dues.taken:
            return BuysNothing(total=total.plain(), currency=self.currency.code)
        taken = sum((due.wanted() for due in dues.taken), Fraction(0))
        return ChargesFirst(
            due=Money(half_up(taken), self.currency).plain(),
            least=self._least(1, account).plain(),
            total=total.plain(),
            currency=self.currency.code,
        )

    def _table_ends(self, account: Account) -> NoPriceAbove:
        beyond = self._least(LARGEST_TENTHS + 1, account)
        return NoPriceAbove(
            bound=str(self.blocks[-1].up_to),
            unit=self.currency.code if self.blocks_by is CountBy.MONEY else self.unit_name,
            bought=str(account.bought),
            most=Money(beyond.minor - 1, self.currency).plain(),
            currency=self.currency.code,
        )
