"""Pages that are seldom opened, made with their presenters when they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pos_app.application.identity import Operator, Role
from pos_app.ui.counter import Counter
from pos_app.ui.look import Look
from pos_app.ui.presenters.bulk import BulkParts, BulkPresenter
from pos_app.ui.presenters.engineer import EngineerParts, EngineerPresenter
from pos_app.ui.presenters.keys import KeysPresenter
from pos_app.ui.presenters.keys_steps import KeysParts
from pos_app.ui.presenters.report_desk import ReportParts
from pos_app.ui.presenters.reports import ReportsPresenter
from pos_app.ui.tasks import Lease
from pos_app.ui.views.bulk import BulkPage
from pos_app.ui.views.engineer import EngineerPage
from pos_app.ui.views.keys import KeysPage
from pos_app.ui.views.reports import ReportsPage
from pos_app.ui.widgets.slip_view import SlipPainter


@dataclass(frozen=True, slots=True)
class SeldomParts:
    """What every page of a shell is made of; `changed` hears of what moved the day's numbers."""

    counter: Counter
    tasks: Lease
    look: Look
    painter: SlipPainter
    operator: Operator
    changed: Callable[[], None]


SeldomPage = EngineerPage | BulkPage | ReportsPage | KeysPage


def seldom_page(name: str, parts: SeldomParts) -> SeldomPage:
    """Return the page with this name: ``engineer``, ``bulk``, ``keys`` or ``reports``."""
    makers: dict[str, Callable[[SeldomParts], SeldomPage]] = {
        "keys": _keys,
        "engineer": _engineer,
        "bulk": _bulk,
        "reports": _reports,
    }
    return makers[name](parts)


def _engineer(parts: SeldomParts) -> EngineerPage:
    page, counter = EngineerPage(parts.look, parts.painter), parts.counter
    door = EngineerParts(counter.desk, parts.tasks.ledger, counter.desk_slip, counter.new_id)
    presenter = EngineerPresenter(door, parts.operator, page)
    presenter.changed = parts.changed
    page.attach(presenter)
    return page


def _keys(parts: SeldomParts) -> KeysPage:
    counter, tasks, look = parts.counter, parts.tasks, parts.look
    if counter.keys is None:
        raise RuntimeError("there is no way to keys here")
    page = KeysPage(look, parts.painter)
    word = look.words("uikeys.word")
    door = KeysParts(counter.desk, counter.keys(), tasks.ledger, tasks.io, word)
    presenter = KeysPresenter(door, parts.operator, page)
    presenter.changed = parts.changed
    page.attach(presenter)
    return page


def _bulk(parts: SeldomParts) -> BulkPage:
    page, counter, tasks = BulkPage(parts.look), parts.counter, parts.tasks
    door = BulkParts(lambda: counter.desk.bulk, counter.bulk_files(), tasks.ledger, tasks.io)
    presenter = BulkPresenter(door, parts.operator, page)
    presenter.changed = parts.changed
    page.attach(presenter)
    return page


def _reports(parts: SeldomParts) -> ReportsPage:
    """Return the page of reports; whoever may save them is not a cashier."""
    look, side, tasks = parts.look, parts.counter.reports(), parts.tasks
    tokens, words = look.tokens, look.words
    painter = side.plots(tokens.palette, tokens.scale, words.right_to_left)
    page = ReportsPage(look, painter, saves=parts.operator.role is not Role.CASHIER)
    number = parts.counter.desk.meter_number
    door = ReportParts(side.door, number, side.save, tasks.ledger, tasks.io, words)
    page.attach(ReportsPresenter(door, parts.operator, page))
    return page
