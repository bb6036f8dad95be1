"""``sell --stream``: a JSON line per sale in, a JSON line per committed sale out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import BinaryIO

from pos_app.application.desk import Desk
from pos_app.cli.common import complain, error_json, print_json
from pos_app.cli.orders import OrderInvalid, streamed
from pos_app.cli.sales_json import sale_json
from pos_app.domain.errors import PosError

LONGEST_LINE = 10_000


def sell_stream(desk: Desk, operator_id: str, source: BinaryIO) -> int:
    """Sell line by line and return how many lines were refused.

    Standard output carries nothing but committed sales, each written after its commit. What is
    refused goes to standard error as JSON with the number of its line; the rest goes on.
    """
    refused = 0
    for number, line in enumerate(_lines(source), 1):
        if not line.strip():
            continue
        try:
            sale = desk.sell(streamed(desk, operator_id, _values(line)))
        except PosError as problem:
            refused += 1
            complain(json.dumps({"line": number, **error_json(problem)}, ensure_ascii=False))
        else:
            print_json(sale_json(sale))
    return refused


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Yield lines; of one that is too long only its beginning, the rest is passed over."""
    while line := source.readline(LONGEST_LINE + 1):
        ended = line.endswith(b"\n")
        yield line
        while not ended:
            rest = source.readline(LONGEST_LINE)
            ended = not rest or rest.endswith(b"\n")


def _values(line: bytes) -> object:
    if len(line) > LONGEST_LINE:
        raise OrderInvalid(problem="length", field="line")
    try:
        return json.loads(line, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise OrderInvalid(problem="not-json", field="line") from None
