"""From what was typed or streamed to a sale order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Final

from pos_app.application.desk import Desk
from pos_app.application.order import SaleOrder, new_sale_id
from pos_app.cli.asked import AskedText
from pos_app.domain.errors import PosError
from pos_app.domain.tender import CASH, Tender, cash_due, parse_tender

LONGEST: Final = 100
"""Characters of any field of an order."""
_ASKED: Final = ("amount", "units", "days")


class OrderInvalid(PosError):
    """A streamed order cannot be read. Facts: `problem`, `field`."""

    code: ClassVar[str] = "order-invalid"


@dataclass(frozen=True, slots=True)
class TypedOrder:
    """A sale as text; one thing is `asked`, or `free` units for no money."""

    meter: str
    asked: AskedText
    tenders: Sequence[str] = ()
    sale_id: str | None = None
    again: bool = False
    free: bool = False
    keep_change: bool = False


def order(desk: Desk, operator_id: str, typed: TypedOrder) -> SaleOrder:
    """Return a sale order; without a tender the exact cash is taken as handed over."""
    drn = desk.meter_number(typed.meter)
    card = desk.card(drn)
    currency = card.currency
    money, tenths, _ = typed.asked.read(card)
    if typed.free:
        paid: tuple[Tender, ...] = ()
    elif typed.tenders:
        taken = {kind.code for kind in desk.tenders()}
        paid = tuple(parse_tender(text, currency, taken) for text in typed.tenders)
    else:
        total = desk.quote(drn, money, tenths).quote.total
        paid = (Tender(CASH, cash_due(total)),)
    return SaleOrder(
        sale_id=new_sale_id() if typed.sale_id is None else _sale_id(typed.sale_id),
        drn=drn,
        amount=money,
        tenths=tenths,
        tenders=paid,
        operator_id=operator_id,
        repeat_allowed=typed.again,
        free_only=typed.free,
        keep_change=typed.keep_change,
    )


def _sale_id(given: str) -> str:
    if not 0 < len(given) <= LONGEST or not given.isprintable():
        raise OrderInvalid(problem="not-printable", field="id")
    return given


def streamed(desk: Desk, operator_id: str, values: object) -> SaleOrder:
    """Read one line of ``sell --stream``.

    {"meter": "…", "amount": "50.00", "units": "12.5" or "days": "30/5.5", "tender": "cash:50" or
    a list of them, "id": "…"}. A streamed sale is meant: the same one a moment ago is no reason
    to refuse.
    """
    if not isinstance(values, dict):
        raise OrderInvalid(problem="not-an-object", field="line")
    unknown = set(values) - {"meter", *_ASKED, "tender", "tenders", "id", "keep_change"}
    if unknown:
        raise OrderInvalid(problem="unknown-field", field=min(unknown)[:40])
    if sum(name in values for name in _ASKED) != 1:
        raise OrderInvalid(problem="amount-or-units", field="amount")
    if not isinstance(values.get("keep_change", False), bool):
        raise OrderInvalid(problem="not-true-or-false", field="keep_change")
    given = values.get("tenders", values.get("tender", []))
    tenders = given if isinstance(given, list) else [given]
    typed = TypedOrder(
        meter=_text(values, "meter"),
        asked=AskedText(**{name: _text(values, name) for name in _ASKED if name in values}),
        tenders=[_text({"tender": each}, "tender") for each in tenders],
        sale_id=_text(values, "id") if "id" in values else None,
        again=True,
        keep_change=values.get("keep_change", False),
    )
    return order(desk, operator_id, typed)


def _text(values: dict[str, Any], name: str) -> str:
    """Return a field as text; JSON numbers were read as exact decimals."""
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise OrderInvalid(problem="not-text", field=name)
    # A program may write ten million as 1.0E7; of what is absurd the digits are not written out.
    ordinary = isinstance(value, Decimal) and abs(value.adjusted()) < LONGEST
    text = f"{value:f}" if ordinary else str(value)
    if not 0 < len(text) <= LONGEST:
        raise OrderInvalid(problem="length", field=name)
    return text
