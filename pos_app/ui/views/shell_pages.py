"""The pages behind F9 and F10 of one operator's window, each made with its presenter.

A page is made when it is first asked for, and only then are its modules loaded: they are off the
way to the first sale.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos_app.application.identity import Role

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from pos_app.application.records import Operator
    from pos_app.application.settings import Settings
    from pos_app.ui.counter import Counter, Front
    from pos_app.ui.look import Look
    from pos_app.ui.tasks import Lease
    from pos_app.ui.widgets.slip_view import SlipPainter


@dataclass(frozen=True, slots=True)
class PageParts:
    """What the pages of a shell are made of, and how they speak to it.

    `changed` hears of what moved the day's numbers, `to` opens the page of a name, `locked` ends
    the session, `kept` hears of settings that were saved, `redress` opens a refund of a receipt.
    """

    front: Front
    counter: Counter
    tasks: Lease
    look: Look
    painter: SlipPainter
    operator: Operator
    changed: Callable[[], None]
    to: Callable[[str], None]
    locked: Callable[[], None]
    kept: Callable[[Settings], None]
    redress: Callable[[str], None]


def make_page(name: str, parts: PageParts) -> QWidget:
    """Return the page with this name; its own way back is joined."""
    return _MAKERS[name](parts)


def _more(parts: PageParts) -> QWidget:
    from pos_app.ui.views.more import MorePage  # noqa: PLC0415 - off the way to the first sale

    has = parts.counter
    keys = has.keys is not None and parts.operator.role is not Role.CASHIER
    page = MorePage(parts.look, meters=bool(has.meters), office=bool(has.office), keys=keys)
    page.wanted.connect(parts.to)
    return page


def _sales(parts: PageParts) -> QWidget:
    from pos_app.ui.presenters.sales import SalesPresenter  # noqa: PLC0415 - as above
    from pos_app.ui.views.sales import SalesPage  # noqa: PLC0415 - as above

    page, counter = SalesPage(parts.look, parts.painter), parts.counter
    presenter = SalesPresenter(
        counter.desk, parts.tasks.ledger, counter.slips, parts.operator, page
    )
    presenter.changed = parts.changed
    page.attach(presenter)
    page.left.connect(lambda: parts.to("till"))
    page.redress_wanted.connect(parts.redress)
    return page


def _redress(parts: PageParts) -> QWidget:
    from pos_app.ui.presenters.redress import RedressParts, RedressPresenter  # noqa: PLC0415 - as above
    from pos_app.ui.views.redress import RedressPage  # noqa: PLC0415 - as above

    page, counter = RedressPage(parts.look, parts.painter), parts.counter
    door = RedressParts(
        counter.desk,
        parts.tasks.ledger,
        counter.redress_slip,
        counter.pulse,
        counter.new_id,
    )
    presenter = RedressPresenter(door, parts.operator, page)
    presenter.changed = parts.changed
    page.attach(presenter)
    page.left.connect(lambda: parts.to("sales"))
    return page


def _shift(parts: PageParts) -> QWidget:
    from pos_app.ui.presenters.shift import ShiftParts, ShiftPresenter  # noqa: PLC0415 - as above
    from pos_app.ui.views.shift import ShiftPage  # noqa: PLC0415 - as above

    page, counter = ShiftPage(parts.look, parts.painter), parts.counter
    door = ShiftParts(
        counter.desk.shifts,
        lambda: counter.desk.status().drop_due,
        parts.tasks.ledger,
        counter.shift_slip,
        counter.pulse,
    )
    presenter = ShiftPresenter(door, parts.operator, page)
    presenter.changed = parts.changed
    page.attach(presenter)
    page.left.connect(lambda: parts.to("till"))
    page.signed_out.connect(parts.locked)
    page.shop_key.setVisible(parts.operator.role is Role.SUPERVISOR)
    page.shop_wanted.connect(lambda: parts.to("shop-cash"))
    return page


def _shop_cash(parts: PageParts) -> QWidget:
    from pos_app.ui.presenters.shop_cash import (  # noqa: PLC0415 - as above
        ShopCashParts,
        ShopCashPresenter,
    )
    from pos_app.ui.views.shop_cash import ShopCashPage  # noqa: PLC0415 - as above

    page, counter = ShopCashPage(parts.look, parts.painter), parts.counter
    door = ShopCashParts(counter.desk, parts.tasks.ledger, counter.shift_slip, counter.batch_slip)
    presenter = ShopCashPresenter(door, parts.operator, page)
    presenter.changed = parts.changed
    page.attach(presenter)
    page.left.connect(lambda: parts.to("shift"))
    return page


def _check(parts: PageParts) -> QWidget:
    from pos_app.ui.views.check import check_page  # noqa: PLC0415 - as above

    page = check_page(parts.counter, parts.tasks, parts.look)
    page.left.connect(lambda: parts.to("till"))
    return page


def _meters(parts: PageParts) -> QWidget:
    from pos_app.ui.views.meters import meters_page  # noqa: PLC0415 - as above

    page = meters_page(parts.counter, parts.tasks, parts.look)
    page.left.connect(lambda: parts.to("till"))
    return page


def _office(parts: PageParts) -> QWidget:
    from pos_app.ui.views.office import office_page  # noqa: PLC0415 - as above

    page = office_page(parts.counter, parts.tasks, parts.look, parts.operator)
    page.left.connect(lambda: parts.to("till"))
    return page


def _settings(parts: PageParts) -> QWidget:
    from pos_app.ui.back_pages import settings_page  # noqa: PLC0415 - as above

    by, kept = parts.operator, parts.kept
    return settings_page(parts.front, parts.tasks, parts.look, by, kept, parts.to)


def _rules(parts: PageParts) -> QWidget:
    from pos_app.ui.back_pages import rules_page  # noqa: PLC0415 - as above

    counter, by = parts.counter, parts.operator
    return rules_page(parts.front, counter, parts.tasks, parts.look, by, parts.to)


def _seldom(name: str) -> Callable[[PageParts], QWidget]:
    def made(parts: PageParts) -> QWidget:
        from pos_app.ui.views.seldom import SeldomParts, seldom_page  # noqa: PLC0415 - as above

        shop = (parts.counter, parts.tasks, parts.look, parts.painter)
        page = seldom_page(name, SeldomParts(*shop, parts.operator, parts.changed))
        page.left.connect(lambda: parts.to("till"))
        return page

    return made


_MAKERS: dict[str, Callable[[PageParts], QWidget]] = {
    "more": _more,
    "sales": _sales,
    "redress": _redress,
    "shift": _shift,
    "meters": _meters,
    "shop-cash": _shop_cash,
    "settings": _settings,
    "rules": _rules,
    "reports": _seldom("reports"),
    "check": _check,
    "engineer": _seldom("engineer"),
    "bulk": _seldom("bulk"),
    "keys": _seldom("keys"),
    "office": _office,
}
