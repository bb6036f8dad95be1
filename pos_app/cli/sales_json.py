"""Sales, meters and quotes as JSON values: decimals as text, never as binary fractions."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pos_app.application.key_change_records import key_of
from pos_app.application.records import MeterCard, MeterHit, QuoteAnswer, SaleRow, TillStatus
from pos_app.application.sale import Sale
from pos_app.application.token_kinds import fine_amount
from pos_app.application.token_wishes import credit_of
from pos_app.cli.tariff_text import edge_values
from pos_app.domain.money import Money


def instant(at_ms: int) -> str:
    """Return an instant as ISO 8601 in UTC."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds")


def units(tenths: int) -> str:
    """Return tenths as a decimal number."""
    return str(Decimal(tenths).scaleb(-1))


def carried(tenths: int, fine: int) -> str:
    """Return what a token carries: units, or money to 0.00001 where the meter counts money."""
    return str(fine_amount(fine)) if fine else units(tenths)


def sale_json(sale: Sale) -> dict[str, Any]:
    """Return a committed sale."""
    return {
        "receipt": sale.receipt,
        "sale_id": sale.sale_id,
        "at": instant(sale.at_ms),
        "operator": sale.operator,
        "meter": sale.meter.drn,
        "name": sale.meter.name,
        "utility": sale.meter.utility,
        "tariff": sale.tariff,
        "tariff_version": sale.tariff_version,
        "currency": sale.currency,
        "total": sale.money(sale.total_minor).plain(),
        "rounding": sale.money(sale.rounding_minor).plain(),
        "change": sale.money(sale.change_minor).plain(),
        "units": units(sale.tenths),
        "unit": sale.meter.unit,
        "lines": [
            {
                "kind": line.kind,
                "name": line.name,
                "units": line.units,
                "price": line.price,
                "percent": line.percent,
                "amount": sale.money(line.amount_minor).plain(),
                "left": sale.money(line.left_minor).plain(),
            }
            for line in sale.lines
        ],
        "tenders": [
            {
                "kind": tender.kind,
                "amount": sale.money(tender.amount_minor).plain(),
                "reference": tender.reference,
            }
            for tender in sale.tenders
        ],
        "tokens": [
            {
                "digits": token.digits,
                "kind": token.kind,
                "tid": token.tid,
                "minute": token.minute,
                "carries": carried(token.tenths, token.fine),
            }
            for token in sale.tokens
        ],
        "key_change": key_change_json(sale),
        "training": sale.training,
        "kept": sale.money(sale.wallet_in_minor).plain(),
        "wallet": None
        if sale.wallet_after_minor is None
        else sale.money(sale.wallet_after_minor).plain(),
        "shift": sale.shift,
        "commission": sale.money(sale.commission_minor).plain(),
    }


def key_change_json(sale: Sale) -> dict[str, Any] | None:
    """Return the key change that comes before a sale's tokens, None for none."""
    change = sale.key_change
    if change is None:
        return None
    keys = {"old": asdict(change.old), "new": asdict(key_of(sale.meter))}
    return {"digits": list(change.digits), **keys}


def hit_json(hit: MeterHit) -> dict[str, Any]:
    """Return one row of a search."""
    return {
        "meter": hit.drn,
        "name": hit.name,
        "address": hit.address,
        "phone": hit.phone,
        "blocked": hit.blocked,
    }


def card_json(card: MeterCard) -> dict[str, Any]:
    """Return all of one meter that a counter may see."""
    meter = card.meter
    return {
        "meter": meter.drn,
        "pan": meter.pan,
        "name": meter.name,
        "address": meter.address,
        "phone": meter.phone,
        "account": meter.account,
        "utility": meter.utility,
        "tariff": meter.tariff,
        "currency": card.currency.code,
        "unit": card.unit,
        "sgc": meter.sgc,
        "krn": meter.krn,
        "ti": meter.ti,
        "blocked": meter.blocked,
        "bought_this_month": str(card.bought_this_month),
        "usual": _plain(card.usual),
        "owed": _plain(card.owed),
        "free_due": None if card.free_due is None else str(card.free_due),
        "wallet": _plain(card.wallet),
        "key_change_tokens": card.key_tokens,
        "credit_waiting": {"from": card.carry.old, "credit": card.carry.text}
        if card.carry
        else None,
    }


def quote_json(card: MeterCard, answer: QuoteAnswer) -> dict[str, Any]:
    """Return a trial quote; its token is all zeros, as the field does it."""
    quote = answer.quote
    return {
        "meter": card.meter.drn,
        "name": card.meter.name,
        "currency": card.currency.code,
        "total": quote.total.plain(),
        "units": units(quote.tenths),
        "unit": card.unit,
        "days": answer.days,
        "edge": None if answer.edge is None else edge_values(answer.edge),
        "lines": [
            {
                "kind": line.kind.value,
                "name": line.name,
                "units": None if line.units is None else str(line.units),
                "price": None if line.price is None else str(line.price),
                "percent": None if line.percent is None else str(line.percent),
                "amount": line.amount.plain(),
                "left": _plain(line.left),
            }
            for line in quote.lines
        ],
        "free_units": units(quote.free_tenths),
        "credit": None if quote.credit is None else str(credit_of(quote)),
        "hours": [
            {"from": part.start, "to": part.end, "name": part.name, "price": str(part.price)}
            for part in answer.hours
        ],
        "token": "0" * 20,
    }


def row_json(row: SaleRow) -> dict[str, Any]:
    """Return one line of the list of sales."""
    return {
        "receipt": row.receipt,
        "at": instant(row.at_ms),
        "meter": row.drn,
        "name": row.name,
        "total": row.total.plain(),
        "currency": row.total.currency.code,
        "units": units(row.tenths),
        "unit": row.unit,
        "operator": row.operator,
        "copies": row.copies,
        "slip": row.print_state.value,
        "redress": row.redress,
    }


def status_json(status: TillStatus) -> dict[str, Any]:
    """Return the numbers of the status bar."""
    oldest = status.waiting_oldest_ms
    return {
        "today": [_sum(each.sales, each.total) for each in status.today],
        "waiting": [_sum(each.sales, each.total) for each in status.waiting],
        "waiting_oldest": None if oldest is None else instant(oldest),
        "allowance_percent": status.allowance_percent,
        "tariff_age_days": status.tariff_age_days,
        "unprinted": status.slips_waiting + status.slips_failed,
        "failed_slips": status.slips_failed,
        "clock": status.clock_problem or "ok",
        "drop_due": [
            {
                "operator": due.operator,
                "currency": due.held.currency.code,
                "held": due.held.plain(),
                "limit": due.limit.plain(),
            }
            for due in status.drop_due
        ],
        "keys_due": [asdict(due) for due in status.keys_due],
        "keys_destroyed": status.keys_destroyed,
        "rules_outside": status.rules_outside,
        "parted": status.parted,
    }


def _sum(sales: int, total: Money) -> dict[str, Any]:
    return {"sales": sales, "total": total.plain(), "currency": total.currency.code}


def _plain(amount: Money | None) -> str | None:
    return None if amount is None else amount.plain()
