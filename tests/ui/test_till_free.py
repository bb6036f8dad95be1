"""The month's free units at the till: F1, once, without money."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt

from pos_app.application.records import MeterCard, Operator, Role
from pos_app.application.slip.layout import Slip, Text
from pos_app.bootstrap.shop import OpenShop
from pos_app.exchange.digest import sha256_hex
from pos_app.ui.presenters.desk import Slips, TillParts
from pos_app.ui.presenters.till import TillPresenter
from pos_app.ui.presenters.till_screen import Step
from tests.account_texts import account_file
from tests.shops import HIGHVELD, make_shop, opened
from tests.ui.conftest import Cashier
from tests.ui.hand import Queue, Seen

ENTITLED = '\n[[free]]\nmeter = "METER"\nfrom = "2026-11"\n'


def with_free_units(folder: Path) -> OpenShop:
    """A shop whose tariff gives 50 kWh a month to who is on the list."""
    shop = opened(make_shop(folder))
    held = shop.ledger.tariff("highveld-light")
    assert held is not None
    text = held.text.split("[[example]]")[0].replace("version = 1", "version = 2")
    text = text.replace("[[tax]]", '[free]\nunits = "50"\n\n[[tax]]')
    with shop.ledger.writing() as act:
        digest = sha256_hex(text.encode())
        act.put_tariff(replace(held, version=2, text=text, sha256=digest))
        body = {"id": held.id, "version": 2, "sha256": digest}
        act.append("tariff_imported", body, shop.clock.now_ms())
    return shop


def till(shop: OpenShop) -> tuple[TillPresenter, Seen]:
    paper = Slip("slip", (Text("paper"),))
    slips = Slips(draft=lambda *_: paper, of=lambda *_: paper)
    ids = iter(("one", "two", "three"))
    seconds = iter(range(1000))
    parts = TillParts(
        shop.desk, Queue(), slips, lambda: float(next(seconds)), lambda: next(ids), Queue()
    )
    seen = Seen()
    presenter = TillPresenter(parts, Operator("ama", "Ama", Role.CASHIER), seen)
    presenter.begin()
    return presenter, seen


def test_f1_gives_what_the_month_has_and_no_more(tmp_path: Path) -> None:
    shop = with_free_units(tmp_path)
    presenter, _ = till(shop)
    presenter.scanned(HIGHVELD)
    presenter.free_units()
    assert presenter.screen.step is Step.AMOUNT  # nobody entitled this meter
    shop.desk.accounts.take(account_file(ENTITLED, 1, ""), "grace")
    presenter.back()
    presenter.scanned(HIGHVELD)
    assert presenter.screen.card is not None
    assert presenter.screen.card.free_due == Decimal(50)
    presenter.free_units()
    sale = presenter.screen.sale
    assert sale is not None
    assert (presenter.screen.step, sale.total_minor, sale.free_tenths) == (Step.RESULT, 0, 500)
    presenter.scanned(HIGHVELD)
    presenter.free_units()
    assert presenter.screen.step is Step.AMOUNT
    assert len(shop.desk.sales_today()) == 1
    shop.close()


def test_the_key_stands_there_only_while_something_is_due(cashier: Cashier) -> None:
    desk = cashier.on.desk
    card = desk.card

    def entitled(drn: str) -> MeterCard:
        return replace(card(drn), free_due=Decimal(50))

    cashier.type("07124482166")
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    assert cashier.till.free.isHidden()
    cashier.press(Qt.Key.Key_Escape)
    desk.card = entitled  # type: ignore[method-assign]
    cashier.type("07124482166")
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    key = cashier.till.free
    cashier.sees(lambda: not key.isHidden())
    assert key.text() == "Free units: 50 kWh"
