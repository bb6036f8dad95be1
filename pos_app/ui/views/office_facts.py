"""How a till stands with head office, in the words and figures of its screen."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from pos_app.domain.money import Money

if TYPE_CHECKING:
    from pos_app.application.office_records import AllowanceLeft, OfficeStatus
    from pos_app.application.records import TillStatus
    from pos_app.ui.look import Look

FACTS = ("office", "received", "waiting", "allowance", "fresh", "coming")
NO_BREAK = "\u00a0"


def facts_of(look: Look, status: OfficeStatus, till: TillStatus) -> dict[str, str]:
    """Return what is told of each of `FACTS`; empty where there is nothing to tell."""
    words, figures = look.words, look.figures
    enrolled, at_ms = status.enrolled, status.acknowledged_ms
    return {
        "office": enrolled.name if enrolled else words("uioffice.nobody"),
        "received": figures.clock(at_ms) if at_ms else words("uioffice.never"),
        "waiting": _waiting(look, till),
        "allowance": "\n".join(_allowance(look, each) for each in status.allowances)
        or words("uioffice.no-allowance"),
        "fresh": _fresh(look, status),
        "coming": _coming(look, status),
    }


def _waiting(look: Look, till: TillStatus) -> str:
    words, figures = look.words, look.figures
    count = sum(part.sales for part in till.waiting)
    if not count:
        return words("uioffice.all-sent")
    sums = " + ".join(figures.coded(part.total) for part in till.waiting)
    unsent = words("uioffice.unsent", n=count, money=sums)
    oldest = till.waiting_oldest_ms
    if oldest is None:
        return unsent
    return words("uioffice.oldest", unsent=unsent, at=figures.clock(oldest))


def _allowance(look: Look, left: AllowanceLeft) -> str:
    minor = max(left.allowance.money_minor - left.spent.money_minor, 0)
    money = look.figures.coded(Money(minor, left.currency))
    until = look.figures.clock(left.allowance.not_after_ms)
    return look.words("uioffice.left", money=money, until=until)


def _fresh(look: Look, status: OfficeStatus) -> str:
    """Return each set of data with the day of its newest pack, in one line."""
    words, day = look.words, look.figures.day
    parts = [
        f"{words(f'uioffice.fresh.{name}')} {day(at)}".replace(" ", NO_BREAK)
        for name, at in status.freshness.items()
    ]
    if not parts:
        return ""
    return reduce(lambda first, then: words("uioffice.and", first=first, then=then), parts)


def _coming(look: Look, status: OfficeStatus) -> str:
    words, figures = look.words, look.figures
    parts = [
        words("uioffice.pack-waits", number=number, day=figures.day(at))
        for number, at in status.waiting_packs
    ]
    if status.waiting_keys:
        parts.append(words("uioffice.keys-wait", n=status.waiting_keys))
    return "\n".join(parts)
