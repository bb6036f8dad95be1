"""Pages behind F10 that a shop seldom opens, made when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pos_app.application.identity import Role
from pos_app.ui.presenters.money_rules import MoneyRulesPresenter
from pos_app.ui.presenters.settings import SettingsPresenter
from pos_app.ui.views.money_rules import MoneyRulesPage
from pos_app.ui.views.settings import SettingsPage

if TYPE_CHECKING:
    from pos_app.application.records import Operator
    from pos_app.application.settings import Settings
    from pos_app.ui.counter import Counter, Front
    from pos_app.ui.look import Look
    from pos_app.ui.tasks import Lease

Open = Callable[[str], None]
"""Opens the page of a name."""


def settings_page(  # noqa: PLR0913, PLR0917 - what a page stands on
    front: Front,
    tasks: Lease,
    look: Look,
    operator: Operator,
    kept: Callable[[Settings], None],
    to: Open,
) -> SettingsPage:
    """Return the settings of this counter; a supervisor goes on to the rules for money."""
    page = SettingsPage(look, front.languages, rules=operator.role is Role.SUPERVISOR)
    page.attach(SettingsPresenter(front.choices, tasks.io, page, kept))
    page.left.connect(lambda: to("till"))
    page.rules_wanted.connect(lambda: to("rules"))
    return page


def rules_page(  # noqa: PLR0913, PLR0917 - as above
    front: Front, counter: Counter, tasks: Lease, look: Look, operator: Operator, to: Open
) -> MoneyRulesPage:
    """Return the shop's rules for money."""
    page = MoneyRulesPage(look)
    desk, choices = counter.desk, front.choices
    page.attach(MoneyRulesPresenter(desk, tasks.ledger, choices, operator, page))
    page.left.connect(lambda: to("settings"))
    return page
