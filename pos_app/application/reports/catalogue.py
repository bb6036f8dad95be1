"""All reports by name, and the door to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from pos_app.application.ports import Clock
from pos_app.application.records import ShopIdentity, ShopMode
from pos_app.application.reports.asked import SCREEN_ROWS, Asked, go_on
from pos_app.application.reports.contents import charges, tokens
from pos_app.application.reports.exceptions import exceptions
from pos_app.application.reports.meters import meter, no_purchase, reprints
from pos_app.application.reports.period import Period
from pos_app.application.reports.redress import redress
from pos_app.application.reports.report import Report, ReportUnknown, Watch
from pos_app.application.reports.source import ReportSource
from pos_app.application.reports.takings import operators, tenders
from pos_app.application.reports.tax import tax
from pos_app.application.reports.turnover import sales, turnover
from pos_app.application.shop_time import local
from pos_app.application.words import Words

REPORTS: Final[Mapping[str, Callable[[ReportSource, Asked], Report]]] = MappingProxyType(
    {
        "turnover": turnover,
        "sales": sales,
        "tax": tax,
        "charges": charges,
        "tenders": tenders,
        "operators": operators,
        "tokens": tokens,
        "redress": redress,
        "reprints": reprints,
        "meter": meter,
        "exceptions": exceptions,
        "no-purchase": no_purchase,
    }
)
"""In the order of a menu. ``meter`` asks for a meter's number."""


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports of one open shop; every method runs on the thread that owns the ledger."""

    source: ReportSource
    clock: Clock
    identity: ShopIdentity

    def today(self) -> date:
        """Return the shop's day."""
        now = self.clock.now_ms()
        return local(now, self.clock.offset_minutes(now)).date()

    def make(  # noqa: PLR0913 - one parameter a choice of the reader
        self,
        name: str,
        period: Period,
        words: Words,
        *,
        meter_drn: str = "",
        most: int | None = SCREEN_ROWS,
        watch: Watch = go_on,
    ) -> Report:
        """Make a report; `most` rows of a long list, None for all of them.

        Raises `ReportUnknown`, `ReportNeedsMeter`, `ReportCancelled` (`watch` returned False)
        and what the ledger raises.
        """
        if name not in REPORTS:
            raise ReportUnknown(name=name[:40], names=", ".join(REPORTS))
        asked = Asked(
            name=name,
            period=period,
            words=words,
            made=self._wall(self.clock.now_ms()),
            today=self.today(),
            wall=self._wall,
            shop=self.identity.shop,
            till=self.identity.till,
            training=self.identity.mode is ShopMode.TRAINING,
            meter=meter_drn,
            most=most,
            watch=watch,
        )
        with self.source.watched(watch):
            return REPORTS[name](self.source, asked)

    def _wall(self, at_ms: int) -> str:
        return local(at_ms, self.clock.offset_minutes(at_ms)).strftime("%Y-%m-%d %H:%M")
