"""What head office adds up is what the till's own reports say, however the entries came."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from pos_app.application.reports.period import Period
from pos_app.application.shift_open import unbanked
from pos_app.domain.money import Currency, Money
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import settling
from pos_app.head_office.store.engine import Store
from tests.office.busy_shop import SOME, BusyShop
from tests.office.seen import everything_summed

PARTS = ("line.", "net", "tender.", "change", "rounding", "wallet-in", "commission", "token.")


@pytest.fixture
def here(store: Store, busy: BusyShop) -> Rooms:
    made = busy.rooms(store)
    busy.enrol(made)
    return made


def days_of(period: Period) -> tuple[str, str]:
    return period.first.isoformat(), period.last.isoformat()


def summed(rooms: Rooms, period: Period) -> list[settling.Row]:
    with rooms.office.store.reading() as act:
        return settling.sums(act, days_of(period))


def money_by(found: list[settling.Row], what: str) -> Counter[tuple[str, str, str]]:
    sums: Counter[tuple[str, str, str]] = Counter()
    for row in found:
        if row["what"] == what:
            sums[row["name"], row["detail"], row["currency"]] += row["minor"]
    return sums


def test_the_month_had_everything_in_it(busy: BusyShop) -> None:
    kinds = Counter(entry.kind for entry in busy.shop.ledger.entries())
    assert {"sale", "refund", "compensation", "free_issue", "replacement", "wallet_closed",
            "cash_moved", "batch_closed", "shift_closed", "reprint"} <= set(kinds)  # fmt: skip
    parts = busy.source.taken_apart(SOME[0], PARTS).parts
    assert {"line.debt", "line.tax", "line.free", "token.free-basic", "tender.wallet",
            "tender.compensation"} <= {part.kind for part in parts}  # fmt: skip


def test_sales_and_all_their_parts_are_those_of_the_till(here: Rooms, busy: BusyShop) -> None:
    busy.send(here)
    for period in SOME:
        found, own = summed(here, period), busy.source.taken_apart(period, PARTS)
        theirs: Counter[tuple[object, ...]] = Counter()
        for part in own.parts:
            name = (part.kind, part.name, part.detail, part.currency.code, part.unit)
            theirs[*name, "times"] += part.times
            theirs[*name, "amount"] += part.amount
        ours: Counter[tuple[object, ...]] = Counter()
        for row in found:
            if row["what"].startswith(PARTS) and row["what"] != "commission-back":
                name = (row["what"], row["name"], row["detail"], row["currency"], row["unit"])
                ours[*name, "times"] += row["times"]
                tokens = row["what"].startswith("token.")
                ours[*name, "amount"] += row["tenths"] if tokens else row["minor"]
        assert ours == theirs
        sold = {(e.key, e.total.currency.code, e.unit): (e.sales, e.total.minor, e.tenths)
                for e in own.sold}  # fmt: skip
        assert sold == {
            (row["name"], row["currency"], row["unit"]): (row["times"], row["minor"], row["tenths"])
            for row in found if row["what"] == "sale"
        }  # fmt: skip


def test_what_was_given_back_and_given_away_is_that_of_the_till(
    here: Rooms, busy: BusyShop
) -> None:
    busy.send(here)
    for period in SOME:
        found, source = summed(here, period), busy.source
        back: Counter[tuple[str, str]] = Counter()
        for each in source.redresses(period):
            back[each.kind, each.amount.currency.code] -= each.amount.minor
        ours: Counter[tuple[str, str]] = Counter()
        for what in ("refund", "compensation"):
            for (_, _, code), minor in money_by(found, what).items():
                ours[what, code] += minor
        assert ours == back
        refunded = {(kind, "", m.currency.code): -m.minor for kind, m in source.refunded(period)}
        assert money_by(found, "refunded") == refunded
        commission = {(e.name, e.detail, e.currency.code): -e.amount
                      for e in source.commission_back(period)}  # fmt: skip
        assert money_by(found, "commission-back") == commission
        free = {(e.reason, e.unit): (e.times, e.tenths, e.fine) for e in source.free_sums(period)}
        assert free == {
            (row["name"], row["unit"]): (row["times"], row["tenths"], row["minor"])
            for row in found if row["what"] == "free"
        }  # fmt: skip
        reprints = sum(row["times"] for row in found if row["what"] == "reprint")
        assert reprints == len(source.copies(period))


def test_deposits_variances_and_the_cash_still_there_are_those_of_the_till(
    here: Rooms, busy: BusyShop
) -> None:
    busy.send(here)
    for period in SOME:
        found, begins = summed(here, period), period.first.isoformat()
        banked: Counter[tuple[str, str, str]] = Counter()
        for each in busy.source.deposits(period.last):
            if each.day >= begins:
                banked["", "", each.total.currency.code] += each.total.minor
        assert +money_by(found, "deposit") == +banked
    every = summed(here, SOME[0])
    for code in ("ZAR", "NGN", "UGX"):
        held = (
            money_by(every, "tender.cash")["", "", code] - money_by(every, "change")["", "", code]
            + money_by(every, "refunded")["cash", "", code]
            + money_by(every, "cash")["in", "", code] - money_by(every, "cash")["out", "", code]
            + money_by(every, "variance")["", "", code] - money_by(every, "deposit")["", "", code]
        )  # fmt: skip
        assert held == unbanked(busy.shop.ledger, Money(0, Currency(code))).minor


def test_parts_in_any_order_and_again_add_up_to_the_same(
    store: Store, busy: BusyShop, here: Rooms
) -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable
    busy.send(here)
    whole = everything_summed(here)
    assert len(whole[0]) > 200
    with store.writing() as act:
        for name in ("tally", "closing", "entry", "sale", "token", "branch", "signature_due"):
            act.exec_driver_sql(f"delete from {name}")  # noqa: S608 - ours
    parts = [(first, min(first + 180, busy.last)) for first in range(1, busy.last, 140)]
    chance.shuffle(parts)
    for first, last in (*parts, (1, busy.last)):
        busy.send(here, first, last)
    assert everything_summed(here) == whole
