"""Parts of a sale as the journal would hold them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pos_app.application.order import SaleOrder
from pos_app.application.records import MeterRecord, Operator
from pos_app.application.sale import Sale, SaleLine, SaleMeter, SaleTender, SaleToken
from pos_app.domain.tariff.quote import Quote, QuoteLine
from pos_app.domain.tender import settle

DIGITS = ("56493153725450313471", "71180928445604123397", "20457733186590024416")


def sale_meter(found: MeterRecord) -> SaleMeter:
    return SaleMeter(
        drn=found.drn,
        pan=found.pan,
        name=found.name,
        address=found.address,
        utility=found.utility,
        utility_name="City of Jacaranda",
        commodity=found.commodity,
        unit="kWh",
        sgc=found.sgc,
        krn=found.krn,
        ti=found.ti,
        ken=found.ken,
        kt=found.kt,
        ea=found.ea,
        dkga=found.dkga,
        base=found.base,
        kcv="A1B2C3",
    )


def sale_line(line: QuoteLine) -> SaleLine:
    return SaleLine(
        kind=line.kind.value,
        amount_minor=line.amount.minor,
        name=line.name,
        units="" if line.units is None else str(line.units),
        price="" if line.price is None else str(line.price),
        percent="" if line.percent is None else str(line.percent),
        block=line.block or 0,
    )


@dataclass(frozen=True)
class Made:
    """A sale on its way into the journal."""

    order: SaleOrder
    found: MeterRecord
    quote: Quote
    operator: Operator
    at_ms: int
    tariff: str

    def sale(self, before: int, givers: Collection[str]) -> Sale:
        """Return the sale after `before` others."""
        order, quote = self.order, self.quote
        paid = settle(quote.total, order.tenders, givers)
        kept = paid.change.minor if order.keep_change else 0
        number, currency = before + 142, quote.total.currency
        digits, tenths = DIGITS[before % len(DIGITS)], quote.tenths or quote.free_tenths
        kind = "credit" if quote.tenths else "free-basic"
        asked = "units" if order.amount is None else "money"
        return Sale(
            sale_id=order.sale_id,
            receipt=f"3-A{number:06d}",
            series=1,
            number=number,
            at_ms=self.at_ms,
            offset_minutes=120,
            month="2026-11",
            operator=self.operator.id,
            operator_name=self.operator.name,
            meter=sale_meter(self.found),
            tariff=quote.tariff_id,
            tariff_version=quote.tariff_version,
            tariff_name=self.tariff,
            bought_before=int(quote.bought_before * 10),
            asked="free" if order.free_only else asked,
            currency=currency.code,
            decimals=currency.decimals,
            total_minor=quote.total.minor,
            rounding_minor=paid.rounding.minor,
            due_minor=paid.due.minor,
            change_minor=paid.change.minor - kept,
            wallet_in_minor=kept,
            wallet_after_minor=kept if order.keep_change else None,
            tenths=quote.tenths,
            units_exact=str(quote.units),
            lines=tuple(sale_line(line) for line in quote.lines),
            tenders=tuple(SaleTender(t.kind, t.amount.minor, t.reference) for t in order.tenders),
            tokens=(SaleToken(digits, kind, 17_295_000, 17_295_000, tenths),),
            training=True,
            free_tenths=quote.free_tenths,
        )
