"""A committed sale: what the journal's ``sale`` entry says, as values.

The body is the truth; this is its reading. `Sale.to_body` and `Sale.from_body` are inverse.
All amounts are integers in minor units, units of a commodity are integers in 0.1 unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from pos_app.application.key_change_records import SaleKeyChange
from pos_app.domain.money import Currency, Money
from pos_app.domain.tariff.quote import QuoteLine

BODY_VERSION = 1


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One line of the receipt; exact decimals travel as strings.

    `periods` counts what a charge was paid for; `left_minor` stays due of a charge or a debt,
    `ref` is the account's number of a debt or an adjustment.
    """

    kind: str
    amount_minor: int
    name: str = ""
    units: str = ""
    price: str = ""
    price_includes_tax: bool = False
    percent: str = ""
    block: int = 0
    periods: int = 0
    left_minor: int = 0
    ref: str = ""


@dataclass(frozen=True, slots=True)
class SaleTender:
    """What was handed over, by kind; `in_drawer` marks paper that lies in the drawer.

    `gives_change` is what the shop's settings said of the kind at the sale (None: an entry from
    before it was kept).
    """

    kind: str
    amount_minor: int
    reference: str = ""
    in_drawer: bool = False
    gives_change: bool | None = None


@dataclass(frozen=True, slots=True)
class SaleToken:
    """One token of the sale in the order of entry. `minute` is the TID in minutes since 1993.

    A token of ``money`` carries `fine` (0.00001 of the currency), any other `tenths`.
    """

    digits: str
    kind: str
    tid: int
    minute: int
    tenths: int
    fine: int = 0

    def __repr__(self) -> str:
        return f"SaleToken(kind={self.kind!r}, tid={self.tid})"


@dataclass(frozen=True, slots=True)
class SaleMeter:
    """The meter as it was when the token was made."""

    drn: str
    pan: str
    name: str
    address: str
    utility: str
    utility_name: str
    commodity: str
    unit: str
    sgc: str
    krn: int
    ti: int
    ken: int
    kt: int
    ea: int
    dkga: int
    base: int
    kcv: str


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale that is on disk.

    `receipt` is ``<till>-<series>-<number>``; `bought_before` are the tenths bought in `month`
    (``YYYY-MM`` in the shop's time) before this sale. `due_minor` is `total_minor` plus
    `rounding_minor`; `change_minor` is what was handed back of the tenders.
    `energy_minor` is the part of the total that went to units (0 in entries before it was kept).
    `account` is the state that the tariff was asked with, as `account_values` writes it (empty in
    entries before it was kept): with the tariff's version it gives every line again.
    `free_tenths` are the month's free units that came with it, on a token of their own or not.
    `wallet_in_minor` of the change stayed in the customer's wallet, which then held
    `wallet_after_minor` (None: the sale did not touch a wallet).
    `shift` is 0 and `commission_percent` empty in sales from before there were any.
    `key_change` comes before `tokens` in the order of entry; these are under the key it leads to,
    the key of `meter`.
    """

    sale_id: str
    receipt: str
    series: int
    number: int
    at_ms: int
    offset_minutes: int
    month: str
    operator: str
    operator_name: str
    meter: SaleMeter
    tariff: str
    tariff_version: int
    tariff_name: str
    bought_before: int
    asked: str  # "money" or "units": which of the two the customer named; "free": neither
    currency: str
    decimals: int
    total_minor: int
    rounding_minor: int
    due_minor: int
    change_minor: int
    tenths: int
    units_exact: str
    lines: tuple[SaleLine, ...]
    tenders: tuple[SaleTender, ...]
    tokens: tuple[SaleToken, ...]
    training: bool
    energy_minor: int = 0
    account: dict[str, Any] = field(default_factory=dict)
    shift: int = 0
    commission_percent: str = ""
    commission_minor: int = 0
    free_tenths: int = 0
    wallet_in_minor: int = 0
    wallet_after_minor: int | None = None
    key_change: SaleKeyChange | None = None

    @property
    def digits(self) -> tuple[str, ...]:
        """Return the digits of every token in the order of entry."""
        change = self.key_change.digits if self.key_change else ()
        return (*change, *(token.digits for token in self.tokens))

    def money(self, minor: int) -> Money:
        """Return `minor` units in this sale's currency."""
        return Money(minor, Currency(self.currency, self.decimals))

    def to_body(self) -> dict[str, Any]:
        """Return the JSON body of the journal entry."""
        body: dict[str, Any] = {"v": BODY_VERSION}
        for kept in fields(self):
            value = getattr(self, kept.name)
            if kept.name == "meter":
                value = _plain(value)
            elif isinstance(value, SaleKeyChange):
                value = value.to_values()
            elif isinstance(value, tuple):
                value = [_plain(part) for part in value]
            body[kept.name] = value
        return body

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Sale:
        """Read a body back; a body of an unknown version is a programming error here."""
        values = {name: value for name, value in body.items() if name != "v"}
        values["meter"] = SaleMeter(**values["meter"])
        values["lines"] = tuple(SaleLine(**part) for part in values["lines"])
        values["tenders"] = tuple(SaleTender(**part) for part in values["tenders"])
        values["tokens"] = tuple(SaleToken(**part) for part in values["tokens"])
        if values.get("key_change"):
            values["key_change"] = SaleKeyChange.from_values(values["key_change"])
        return cls(**values)


def _plain(part: Any) -> dict[str, Any]:
    return {field.name: getattr(part, field.name) for field in fields(part)}


def sale_line(line: QuoteLine) -> SaleLine:
    """Return a line of a quote as the journal keeps it."""
    return SaleLine(
        kind=line.kind.value,
        amount_minor=line.amount.minor,
        name=line.name,
        units="" if line.units is None else str(line.units),
        price="" if line.price is None else str(line.price),
        price_includes_tax=line.price_includes_tax,
        percent="" if line.percent is None else str(line.percent),
        block=line.block or 0,
        periods=line.periods or 0,
        left_minor=line.left.minor if line.left else 0,
        ref=line.ref,
    )
