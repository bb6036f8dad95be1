"""Tills that sell the same block, each without a word from the others."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account, Carried
from pos_app.domain.tariff.account_values import account_values
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.quote import Quote
from pos_app.domain.tariff.tariff import Tariff
from pos_app.exchange.pack import Section
from pos_app.head_office.packing import Wish
from pos_app.head_office.reckoning import BookedSale, Reckoned, reckon
from pos_app.head_office.rooms import Rooms
from pos_app.resources import resource
from tests.office.makers import DRN, MadeTill, enrolled, sale_body, send

MONTH = "2026-11"


def tariff_named(name: str) -> Tariff:
    found = parse_tariff(resource("tariffs", f"{name}.toml").read_text(encoding="utf-8"))
    return replace(found, valid_from=None, valid_to=None)


HIGHVELD = tariff_named("highveld-light")


def booked(
    tariff: Tariff, till: str, at: int, account: Account, quote: Quote, **more: Any
) -> BookedSale:
    """Return a sale as a till would write it; `at` counts the minutes of the month."""
    free = quote.free_tenths
    body = {
        "tariff": tariff.id, "tariff_version": tariff.version, "receipt": f"{till}-{at}",
        "account": account_values(account), "total_minor": quote.total.minor,
        "tenths": quote.tenths, "units_exact": str(quote.units), "free_tenths": free,
        "energy_minor": quote.energy.minor, "meter": {"utility": "highveld"}, "asked": "money",
    }  # fmt: skip
    return BookedSale(till, at, at * 60_000, f"{MONTH}-{1 + at % 28:02d}", body, **more)


@dataclass
class Counter:
    """Tills that know their own units, and of the others' only what they were told."""

    tariff: Tariff
    own: dict[str, Decimal] = field(default_factory=dict)
    known: dict[str, Decimal] = field(default_factory=dict)
    sales: list[BookedSale] = field(default_factory=list)
    carried: dict[str, tuple[Carried, ...]] = field(default_factory=dict)

    def sell(self, till: str, minor: int, **more: Any) -> BookedSale:
        at = len(self.sales)
        bought = self.own.get(till, Decimal(0)) + self.known.get(till, Decimal(0))
        account = Account(bought=bought, on=date.fromisoformat(f"{MONTH}-{1 + at % 28:02d}"))
        last = account.on if self.own.get(till) else None
        account = replace(account, last_purchase=last, carried=self.carried.get(till, ()))
        quote = self.tariff.for_money(Money(minor, self.tariff.currency), account)
        self.own[till] = self.own.get(till, Decimal(0)) + Decimal(quote.tenths).scaleb(-1)
        self.carried[till] = quote.carried
        self.sales.append(booked(self.tariff, till, at, account, quote, **more))
        return self.sales[-1]

    def tell(self, till: str) -> None:
        self.known[till] = sum(
            (units for name, units in self.own.items() if name != till), Decimal(0)
        )

    def reckoned(self, **more: Any) -> Reckoned:
        return reckon(self.sales, lambda _name, _version: self.tariff, **more)


def publish(rooms: Rooms, till: str) -> None:
    """Let head office send a till the tariff, so that it knows its text."""
    text = resource("tariffs", "highveld-light.toml").read_text(encoding="utf-8")
    wish = Wish(till, [(Section.TARIFFS, {"content": text})])
    rooms.packing.issue(rooms.packing.draft(wish, "ivy"), "abe")


def oversell(
    rooms: Rooms, *names: str, drn: str = DRN, minor: int = 70_000, training: bool = True
) -> list[MadeTill]:
    """Let each till sell for the same money, in the cheap block, and bring it all in."""
    tills, counter = [], Counter(HIGHVELD)
    for name in names:
        till = MadeTill(name)
        enrolled(rooms, till)
        sold(till, counter, minor, drn=drn, training=training)
        send(rooms, till, till.bundle())
        tills.append(till)
    publish(rooms, names[0])
    return tills


def sold(
    till: MadeTill, counter: Counter, minor: int, drn: str = DRN, *, training: bool = True
) -> None:
    """Let a till book a sale that follows from the tariff."""
    body = dict(counter.sell(till.name, minor).body)
    meter = sale_body(1, 0)["meter"] | {"drn": drn, "utility": "highveld"}
    more = {"meter": meter, "training": training, "receipt": f"{till.name}-1-{till.sold + 1}"}
    till.sell(1, **(body | more))
