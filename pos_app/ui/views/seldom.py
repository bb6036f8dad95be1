"""Pages that are seldom opened, made with their presenters when they are."""

from __future__ import annotations

from collections.abc import Callable

from pos_app.application.identity import Operator, Role
from pos_app.ui.counter import Counter
from pos_app.ui.look import Look
from pos_app.ui.presenters.engineer import EngineerParts, EngineerPresenter
from pos_app.ui.presenters.report_desk import ReportParts
from pos_app.ui.presenters.reports import ReportsPresenter
from pos_app.ui.tasks import Lease
from pos_app.ui.views.engineer import EngineerPage
from pos_app.ui.views.reports import ReportsPage
from pos_app.ui.widgets.slip_view import SlipPainter


def engineer_page(  # noqa: PLR0913, PLR0917 - what every page of a shell is made of
    counter: Counter,
    tasks: Lease,
    look: Look,
    painter: SlipPainter,
    operator: Operator,
    changed: Callable[[], None],
) -> EngineerPage:
    """Return the page of the engineering desk; `changed` hears of every act."""
    page = EngineerPage(look, painter)
    parts = EngineerParts(counter.desk, tasks.ledger, counter.desk_slip, counter.new_id)
    presenter = EngineerPresenter(parts, operator, page)
    presenter.changed = changed
    page.attach(presenter)
    return page


def reports_page(counter: Counter, tasks: Lease, look: Look, operator: Operator) -> ReportsPage:
    """Return the page of reports; whoever may save them is not a cashier."""
    side, tokens, words = counter.reports(), look.tokens, look.words
    painter = side.plots(tokens.palette, tokens.scale, words.right_to_left)
    page = ReportsPage(look, painter, saves=operator.role is not Role.CASHIER)
    number = counter.desk.meter_number
    parts = ReportParts(side.door, number, side.save, tasks.ledger, tasks.io, words)
    page.attach(ReportsPresenter(parts, operator, page))
    return page
