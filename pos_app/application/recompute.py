"""Working out sales again: from what a sale's entry says went in, what must have come out.

The entry holds the account's state, the money and the tariff's version; the tariff's text is held
against the digest that the journal wrote down when it was imported. Nothing else is asked, so the
answer is the same on any computer and at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal

from pos_app.application.sale import Sale, SaleLine, sale_line
from pos_app.application.shop_time import local
from pos_app.application.token_kinds import MONEY, PRICED
from pos_app.application.token_wishes import free_tenths, wishes
from pos_app.domain.cash_rules import commission
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.account_values import account_from
from pos_app.domain.tariff.quote import Quote
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.tender import Tender, settle
from pos_app.domain.wallet import with_kept
from pos_app.sts.amounts import encodable_currency


class TariffNotHeld(Exception):
    """The tariff of a sale is not here as it was imported: `found`."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of a sale or an act that does not follow: what must stand there, and what does.

    `seq` is the number of its journal entry, 0 before that is known.
    """

    receipt: str
    field: str
    expected: str
    got: str
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Recomputed:
    """How many sales were worked out again, and how many of them do not follow.

    `without_inputs` sales are from before entries kept the account, on tariffs that need it; they
    are counted in neither. `acts` and `acts_wrong` are the same of the desk's acts and of lists.
    """

    sales: int
    wrong: int
    without_inputs: int = 0
    acts: int = 0
    acts_wrong: int = 0


@dataclass(frozen=True, slots=True)
class Recomputing:
    """`tariff` returns the tariff of (id, version) or raises `TariffNotHeld`."""

    tariff: Callable[[str, int], Tariff]

    def differences(self, sale: Sale) -> tuple[Difference, ...] | None:
        """Return where `sale` does not follow; None when its entry lacks what it followed from."""
        try:
            tariff = self.tariff(sale.tariff, sale.tariff_version)
        except TariffNotHeld as missing:
            named = f"{sale.tariff} {sale.tariff_version}"
            return (Difference(sale.receipt, "tariff", named, missing.found),)
        if not sale.account and _needs_account(tariff):
            return None
        try:
            pairs = [*_of_tariff(sale, tariff), *_of_payment(sale, tariff)]
        except PosError as refusal:  # such a sale would have been refused
            refused = Difference(sale.receipt, "sale", refusal.code, "sold")
            return (refused,)
        except (ArithmeticError, KeyError, TypeError, ValueError) as nonsense:
            # A signed entry can hold anything: what cannot even be read follows from nothing.
            unread = type(nonsense).__name__
            return (Difference(sale.receipt, "account", "readable", unread),)
        return tuple(
            Difference(sale.receipt, field, expected, got)
            for field, expected, got in pairs
            if expected != got
        )


def _needs_account(tariff: Tariff) -> bool:
    """Say whether the units bought this month are not all that a price depends on."""
    return bool(tariff.charges) or any(part.amount is not None for part in tariff.subsidies)


Pair = tuple[str, str, str]


def _of_tariff(sale: Sale, tariff: Tariff) -> Iterator[Pair]:
    account = _account(sale, tariff)
    if sale.asked == "free":
        quote = tariff.for_free(account)
    else:
        quote = tariff.for_money(Money(sale.total_minor, tariff.currency), account)
    yield "total", quote.total.plain(), sale.money(sale.total_minor).plain()
    yield "tariff name", tariff.name, sale.tariff_name
    yield "currency", tariff.currency.code, sale.currency
    yield "bought before", str(int(account.bought.scaleb(1))), str(sale.bought_before)
    yield "units", _units(quote.tenths), _units(sale.tenths)
    yield "exact units", str(quote.units), sale.units_exact
    if sale.account:
        yield "energy", quote.energy.plain(), sale.money(sale.energy_minor).plain()
    yield "free units", _units(free_tenths(quote)), _units(sale.free_tenths)
    yield from _lines(quote, sale)
    expected = [(wish.kind, wish.tenths, encodable_currency(wish.fine)) for wish in wishes(quote)]
    found = [(each.kind, each.tenths, each.fine) for each in sale.tokens if each.kind in PRICED]
    yield "tokens", _tokens(expected), _tokens(found)


def _account(sale: Sale, tariff: Tariff) -> Account:
    if sale.account:
        return account_from(sale.account, tariff.currency)
    on = local(sale.at_ms, sale.offset_minutes).date()
    return Account(bought=Decimal(sale.bought_before).scaleb(-1), on=on)


def _lines(quote: Quote, sale: Sale) -> Iterator[Pair]:
    expected = [sale_line(line) for line in quote.lines]
    yield "lines", str(len(expected)), str(len(sale.lines))
    for number, (ours, theirs) in enumerate(zip(expected, sale.lines, strict=False), 1):
        for part in fields(SaleLine):
            stands = (str(getattr(ours, part.name)), str(getattr(theirs, part.name)))
            yield f"line {number} {part.name}", *stands


def _of_payment(sale: Sale, tariff: Tariff) -> Iterator[Pair]:
    total = Money(sale.total_minor, tariff.currency)
    tenders = [
        Tender(each.kind, Money(each.amount_minor, tariff.currency)) for each in sale.tenders
    ]
    # Where an old entry does not say what gave change, what was too much can only have gone back.
    giving = {each.kind for each in sale.tenders if each.gives_change is not False}
    paid = settle(total, tenders, giving)
    if sale.wallet_in_minor:
        paid = with_kept(paid, Money(sale.wallet_in_minor, tariff.currency))
    for field, expected, got in (
        ("rounding", paid.rounding, sale.rounding_minor),
        ("due", paid.due, sale.due_minor),
        ("change", paid.change, sale.change_minor),
    ):
        yield field, expected.plain(), sale.money(got).plain()
    earned = commission(total, Decimal(sale.commission_percent or 0))
    yield "commission", earned.plain(), sale.money(sale.commission_minor).plain()


def _units(tenths: int) -> str:
    return str(Decimal(tenths).scaleb(-1))


def _tokens(tokens: list[tuple[str, int, int]]) -> str:
    """Return what tokens carry; no digits."""
    return ", ".join(
        f"{kind} {fine if kind == MONEY else _units(tenths)}" for kind, tenths, fine in tokens
    )
