"""Everything the window is given, in one value, by whoever composes the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pos_app.application.records import ShopIdentity
from pos_app.application.words import Words
from pos_app.ui.presenters.desk import Desk, Settings, Slips
from pos_app.ui.widgets.slip_view import SlipPainter


@dataclass(frozen=True, slots=True)
class Counter:
    """The shop behind the window.

    `open_shop` takes the passphrase, on the ledger's thread; None when nobody has to type one.
    `now_ms` is the shop's time in milliseconds since 1970 UTC, `seconds` a clock that nobody can
    set, `new_id` makes the identity of a sale, `words` returns every word of a language.
    """

    desk: Desk
    identity: ShopIdentity
    slips: Slips
    painter: SlipPainter
    settings: Settings
    languages: tuple[str, ...]
    words: Callable[[str], Words]
    now_ms: Callable[[], int]
    seconds: Callable[[], float]
    new_id: Callable[[], str]
    open_shop: Callable[[str], None] | None = None
