"""All reports by name, who may read them, and the door to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, ClassVar, Final

from pos_app.application.errors import RoleNeeded
from pos_app.application.ports import Clock, Ledger
from pos_app.application.records import Operator, Role, ShopIdentity, ShopMode
from pos_app.application.reports.asked import Asked, go_on
from pos_app.application.reports.commission import commission
from pos_app.application.reports.contents import charges, debts, tokens
from pos_app.application.reports.exceptions import exceptions
from pos_app.application.reports.free import free_issues
from pos_app.application.reports.meters import meter, no_purchase, reprints
from pos_app.application.reports.period import Period
from pos_app.application.reports.redress import redress
from pos_app.application.reports.report import Report, ReportUnknown, Watch
from pos_app.application.reports.roll_over import roll_over, to_roll_over
from pos_app.application.reports.source import ReportSource
from pos_app.application.reports.statement import statement
from pos_app.application.reports.takings import operators, tenders
from pos_app.application.reports.tax import tax
from pos_app.application.reports.turnover import sales, turnover
from pos_app.application.shift_errors import ShiftUnknown
from pos_app.application.shop_time import local
from pos_app.application.words import Words
from pos_app.domain.errors import PosError

CASHIER_DAYS: Final = 1
"""A cashier reads back so many days: what customers ask about, not what the shop earns."""
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_FIELD = frozenset({Role.SUPERVISOR, Role.ENGINEER})
_COUNTER = frozenset({Role.SUPERVISOR, Role.CASHIER})
_ALL = frozenset(Role)


class ReportForSupervisors(PosError):
    """A cashier asked for days or a shift that only a supervisor reads. Fact: `days`."""

    code: ClassVar[str] = "report-for-supervisors"


class ReportNotOfShift(PosError):
    """The report is made of days, not of one shift. Fact: `name`."""

    code: ClassVar[str] = "report-not-of-shift"


@dataclass(frozen=True, slots=True)
class Offer:
    """A report: what makes it, who may read it, whether it can be of one shift."""

    make: Callable[[ReportSource, Asked], Report]
    readers: frozenset[Role] = _SUPERVISOR
    of_shift: bool = True


REPORTS: Final[Mapping[str, Offer]] = MappingProxyType(
    {
        "turnover": Offer(turnover),
        "sales": Offer(sales, _COUNTER),
        "tax": Offer(tax),
        "charges": Offer(charges),
        "debts": Offer(debts),
        "tenders": Offer(tenders, _COUNTER),
        "operators": Offer(operators),
        "commission": Offer(commission),
        "statement": Offer(statement, of_shift=False),
        "tokens": Offer(tokens, _ALL),
        "free-issues": Offer(free_issues, _FIELD),
        "redress": Offer(redress, of_shift=False),
        "reprints": Offer(reprints),
        "meter": Offer(meter, _FIELD, of_shift=False),
        "no-purchase": Offer(no_purchase, _FIELD, of_shift=False),
        "roll-over": Offer(roll_over, _FIELD, of_shift=False),
        "to-roll-over": Offer(to_roll_over, _FIELD, of_shift=False),
        "exceptions": Offer(exceptions, of_shift=False),
    }
)
"""In the order of a menu. ``meter`` asks for a meter's number."""


def readable(role: Role) -> tuple[str, ...]:
    """Return the names of the reports that someone may read, in the order of a menu."""
    return tuple(name for name, offer in REPORTS.items() if role in offer.readers)


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports of one open shop; every method runs on the thread that owns the ledger."""

    source: ReportSource
    ledger: Ledger
    clock: Clock
    identity: ShopIdentity
    holder: Operator = field(init=False, default=Operator("", "", Role.SUPERVISOR))
    """Who opened the shop with its passphrase and did not sign in: a supervisor, without a name."""

    def today(self) -> date:
        """Return the shop's day."""
        return self._day(self.clock.now_ms())

    def of_shift(self, number: int) -> Period:
        """Return the days of a shift, and it alone; raises `ShiftUnknown`."""
        row = self.ledger.shifts.shift(number)
        opened = self.ledger.entry(row.opened_seq) if row else None
        if row is None or opened is None:
            raise ShiftUnknown(shift=number)
        closed = self.ledger.entry(row.closed_seq) if row.closed_seq else None
        first = self._day(opened.at_ms)
        last = self._day(closed.at_ms) if closed else self.today()
        return Period(first, max(first, last), number)

    def open_shift(self, operator_id: str) -> Period | None:
        """Return the operator's open shift, None without one."""
        row = self.ledger.shifts.of_operator(operator_id)
        return None if row is None else self.of_shift(row.number)

    def make(  # noqa: PLR0913 - one parameter a choice of the reader
        self,
        name: str,
        period: Period,
        words: Words,
        *,
        reader: Operator,
        meter_drn: str = "",
        watch: Watch = go_on,
    ) -> Report:
        """Make a report.

        Raises `ReportUnknown`, `RoleNeeded`, `ReportForSupervisors`, `ReportNotOfShift`,
        `ReportNeedsMeter`, `ReportCancelled` (`watch` returned False) and what the ledger raises.
        """
        self._admit(name, period, reader)
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
            watch=watch,
        )
        with self.source.watched(watch):
            return REPORTS[name].make(self.source, asked)

    def release(self, name: str, period: Period, kind: str, *, reader: Operator) -> None:
        """Put on record that a report leaves the till as a file; `kind` is ``csv``, ``pdf`` ….

        A file can name every customer, so no cashier makes one. Raises `RoleNeeded` and the rest
        of what `make` raises before it begins.
        """
        self._admit(name, period, reader)
        if reader.role is Role.CASHIER:
            raise RoleNeeded(role=Role.SUPERVISOR.value)
        body: dict[str, Any] = {
            "v": 1,
            "report": name,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
            "of_shift": period.shift,
            "kind": kind,
            "operator": reader.id,
        }
        with self.ledger.writing() as transaction:
            transaction.append("report_released", body, self.clock.now_ms())

    def _admit(self, name: str, period: Period, reader: Operator) -> None:
        offer = REPORTS.get(name)
        if offer is None:
            raise ReportUnknown(name=name[:40], names=", ".join(REPORTS))
        if reader.role not in offer.readers:
            raise RoleNeeded(role=Role.SUPERVISOR.value)
        if period.shift and not offer.of_shift:
            raise ReportNotOfShift(name=name)
        if reader.role is Role.CASHIER:
            self._admit_cashier(period, reader)

    def _admit_cashier(self, period: Period, reader: Operator) -> None:
        row = self.ledger.shifts.shift(period.shift) if period.shift else None
        own = row is not None and row.operator == reader.id and not row.closed_seq
        near = not period.shift and period.first >= self.today() - timedelta(days=CASHIER_DAYS)
        if not own and not near:
            raise ReportForSupervisors(days=CASHIER_DAYS)

    def _day(self, at_ms: int) -> date:
        return local(at_ms, self.clock.offset_minutes(at_ms)).date()

    def _wall(self, at_ms: int) -> str:
        return local(at_ms, self.clock.offset_minutes(at_ms)).strftime("%Y-%m-%d %H:%M")
