"""A quote from a tariff file as lines for people and as JSON values for programs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pos_app.application.words import Words
from pos_app.domain.tariff.explain import Edge, next_edge
from pos_app.domain.tariff.quote import Quote, QuoteLine
from pos_app.domain.tariff.tariff import Tariff


def _units(tenths: int) -> str:
    return str(Decimal(tenths).scaleb(-1))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def quote_values(tariff: Tariff, quote: Quote) -> dict[str, Any]:
    """Return all of a quote; decimals are texts."""
    edge = next_edge(tariff, quote)
    return {
        "tariff": quote.tariff_id,
        "version": quote.tariff_version,
        "currency": quote.total.currency.code,
        "total": quote.total.plain(),
        "units": _units(quote.tenths),
        "unit": tariff.unit_name,
        "exact_units": str(quote.units),
        "free_units": _units(quote.free_tenths),
        "energy": quote.energy.plain(),
        "credit": None if quote.credit is None else quote.credit.plain(),
        "lines": [_line_values(line) for line in quote.lines],
        "carried": {part.name: part.amount.plain() for part in quote.carried},
        "edge": None if edge is None else edge_values(edge),
    }


def _line_values(line: QuoteLine) -> dict[str, Any]:
    return {
        "kind": line.kind.value,
        "name": line.name,
        "amount": line.amount.plain(),
        "units": _text(line.units),
        "price": _text(line.price),
        "price_includes_tax": line.price_includes_tax,
        "percent": _text(line.percent),
        "block": line.block,
        "periods": line.periods,
        "left": None if line.left is None else line.left.plain(),
    }


def edge_values(edge: Edge) -> dict[str, Any]:
    """Return the end of a block as JSON values."""
    return {"block": edge.block, "left": edge.left.plain(), "next_price": _text(edge.next_price)}


def lines_of(tariff: Tariff, quote: Quote, words: Words) -> Iterator[str]:
    """Yield a quote line by line."""
    code = quote.total.currency.code
    yield f"{tariff.utility}, {tariff.name} ({tariff.id}, version {tariff.version})"
    yield words(
        "tariff.bought",
        currency=code,
        total=quote.total.plain(),
        units=_units(quote.tenths),
        unit=tariff.unit_name,
        exact=quote.units,
    )
    if quote.free_tenths:
        yield words("tariff.free", units=_units(quote.free_tenths), unit=tariff.unit_name)
    if quote.credit is not None:
        yield words("tariff.credit", currency=code, credit=quote.credit.plain())
    for line in quote.lines:
        yield f"  {_what(line, tariff.unit_name, words):<58} {line.amount.plain():>14}"
    yield f"  {words('tariff.total'):<58} {quote.total.plain():>14}"
    edge = next_edge(tariff, quote)
    if edge is not None:
        yield edge_text(words, edge)


def edge_text(words: Words, edge: Edge) -> str:
    """Return what still buys at the price of the last block."""
    key = "tariff.edge-last" if edge.next_price is None else "tariff.edge"
    facts = {"currency": edge.left.currency.code, "left": edge.left.plain()}
    return words(key, price=edge.next_price, **facts)


def _what(line: QuoteLine, unit: str, words: Words) -> str:
    kind = words(f"line.{line.kind.value}")
    parts = [f"{kind}: {line.name}" if line.name else kind]
    if line.block is not None:
        parts.append(words("tariff.line-block", block=line.block))
    if line.percent is not None:
        parts.append(f"{line.percent} %")
    if line.units is not None and line.price is not None:
        facts = {"units": line.units, "unit": unit, "price": line.price}
        parts.append(words("tariff.line-units", **facts))
    elif line.units is not None:
        parts.append(f"{line.units} {unit}")
    elif line.periods is not None and line.price is not None:
        parts.append(words("tariff.line-periods", n=line.periods, price=line.price))
    if line.left is not None and line.left.minor:
        parts.append(words("tariff.line-left", left=line.left.plain()))
    return ", ".join(parts)
