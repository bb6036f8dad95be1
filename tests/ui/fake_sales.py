"""Parts of a sale as the journal would hold them."""

from __future__ import annotations

from pos_app.application.records import MeterRecord
from pos_app.application.sale import SaleLine, SaleMeter
from pos_app.domain.tariff.quote import QuoteLine


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
