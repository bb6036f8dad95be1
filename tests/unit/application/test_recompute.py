"""Working sales out again: an honest journal follows, an edited one is found, though re-signed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.application.recompute import Difference, Recomputed
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.recomputing import recompute_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from tests.account_texts import LOAN, account_file
from tests.shops import HIGHVELD, LAGOON, LAKESIDE, HeldClock, make_shop, opened, order

DAY_MS = 86_400_000


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    found = opened(make_shop(tmp_path), clock)
    yield found
    found.close()


def recomputed(folder: Path) -> tuple[Recomputed, list[Difference]]:
    found: list[Difference] = []
    return recompute_shop(folder, training_passphrase(), found.append), found


def traded(shop: OpenShop, clock: HeldClock) -> list[str]:
    """Sell under every training tariff, with a debt, in blocks, and by units."""
    shop.desk.accounts.take(account_file(LOAN), "grace")
    receipts = []
    for minor in (10_000, 90_000, 5_050, 20_030):
        receipts.append(shop.desk.sell(order(shop, HIGHVELD, minor)).receipt)
        clock.now += DAY_MS
    for drn, minor in ((LAGOON, 500_000), (LAKESIDE, 30_000)):
        receipts.append(shop.desk.sell(order(shop, drn, minor)).receipt)
    quote = shop.desk.quote(HIGHVELD, None, 123).quote
    asked = order(shop, HIGHVELD, quote.total.minor, amount=None, tenths=123)
    receipts.append(shop.desk.sell(asked).receipt)
    return receipts


def rewritten(shop: OpenShop, change: Callable[[dict[str, Any]], None], receipt: str) -> Path:
    """Return a shop whose journal tells one entry differently, with every entry signed anew.

    The entry is the one with this receipt, or those of this kind.

    Whoever has the till's key can do this; the chain holds, and so does every projection.
    """
    folder, store = shop.folder, shop.store
    entries = list(shop.ledger.entries())
    shop.close()
    draft = folder.with_name("draft")
    draft.mkdir()
    ledger = SqliteLedger.open(draft, store.ledger_key, store.signer, create=True)
    old = SqliteLedger.open(folder, store.ledger_key, store.signer)
    with ledger.writing() as act:
        for entry in entries:
            body = entry.reading()
            if receipt in {entry.kind, body.get("receipt")}:
                change(body)
            act.append(entry.kind, body, entry.at_ms)
    tables = ("meter", "operator", "tariff", "utility", "sealed_key")
    for table in tables:
        rows = old.db.execute(f"select * from {table}").fetchall()  # noqa: S608 - names above
        with ledger.writing():
            for row in rows:
                places = ",".join("?" * len(row))
                ledger.db.execute(f"insert into {table} values ({places})", row)  # noqa: S608
    store.drop_anchor(ledger.head())
    ledger.close()
    old.close()
    for part in folder.glob("ledger.db*"):
        part.unlink()
    for part in draft.iterdir():
        shutil.move(part, folder / part.name)
    return folder


def test_sales_follow_from_what_their_entries_say(shop: OpenShop, clock: HeldClock) -> None:
    receipts = traded(shop, clock)
    shop.close()
    assert recomputed(shop.folder) == (Recomputed(len(receipts), 0), [])


def _dearer(body: dict[str, Any]) -> None:
    body["lines"][0]["amount_minor"] -= 100
    body["lines"][-1]["amount_minor"] += 100


def _more_units(body: dict[str, Any]) -> None:
    body["tenths"] += 10
    body["tokens"][0]["tenths"] += 10


def _forgotten(body: dict[str, Any]) -> None:
    body["account"]["bought"] = "0"


def _paid_too_much_by_card(body: dict[str, Any]) -> None:
    """Change for a card, which gave none when the sale was made: cash that nobody brought."""
    (paid,) = body["tenders"]
    body["tenders"] = [{**paid, "kind": "card", "amount_minor": 30_000, "gives_change": False}]
    body["change_minor"] = 30_000 - body["due_minor"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        (_dearer, {"line 1 amount_minor", "line 2 amount_minor"}),
        (_more_units, {"units", "tokens"}),
        (_forgotten, {"bought before"}),
        (lambda body: body.update(change_minor=50), {"change"}),
        (lambda body: body.update(commission_minor=50), {"commission"}),
        (lambda body: body.update(tariff_version=9), {"tariff"}),
        (lambda body: body["account"].update(debts=[["Loan", "much", None, None]]), {"account"}),
        (lambda body: body.update(tenders=[]), {"sale"}),
        (_paid_too_much_by_card, {"sale"}),
    ],
)
def test_an_edited_sale_is_found_though_every_entry_is_signed_anew(
    shop: OpenShop,
    clock: HeldClock,
    change: Callable[[dict[str, Any]], None],
    fields: set[str],
) -> None:
    receipts = traded(shop, clock)
    folder = rewritten(shop, change, receipts[3])
    assert verify_shop(folder, training_passphrase()).fault is None
    done, found = recomputed(folder)
    assert (done.sales, done.wrong) == (len(receipts), 1)
    assert {difference.receipt for difference in found} == {receipts[3]}
    assert {difference.field for difference in found} >= fields


def test_an_entry_that_is_no_sale_at_all_is_told_by_its_number(
    shop: OpenShop, clock: HeldClock
) -> None:
    receipts = traded(shop, clock)
    done, found = recomputed(rewritten(shop, lambda body: body.update(odd=1), receipts[0]))
    assert (done.sales, done.wrong) == (len(receipts), 1)
    assert [(each.field, each.got) for each in found] == [("entry", "TypeError")]
    assert found[0].receipt.startswith("journal entry ")


def test_a_tariff_changed_after_its_import_is_told_with_every_sale_under_it(
    shop: OpenShop, clock: HeldClock
) -> None:
    receipts = traded(shop, clock)
    shop.ledger.db.execute(
        "update tariff set text = replace(text, '1.9028', '1.8') where id = 'highveld-light'"
    )
    shop.close()
    done, found = recomputed(shop.folder)
    assert done.wrong == len(receipts) - 2
    assert {difference.got for difference in found} == {"changed after its import"}


def test_sales_from_before_the_account_was_kept_follow_where_blocks_are_all(
    shop: OpenShop, clock: HeldClock
) -> None:
    receipts = traded(shop, clock)

    def older(body: dict[str, Any]) -> None:
        del body["account"], body["energy_minor"]
        for tender in body["tenders"]:
            del tender["gives_change"]

    folder = rewritten(shop, older, receipts[4])
    assert recomputed(folder) == (Recomputed(len(receipts), 0), [])
