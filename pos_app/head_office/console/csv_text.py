"""Tables as text (RFC 4180) that a spreadsheet does not take for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from fastapi.responses import StreamingResponse

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_THIN: Final = "\u202f"


def csv_line(values: Iterable[object]) -> str:
    """Return a line; a text that would be a formula gets an apostrophe in front."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([_safe(each) for each in values])
    return text.getvalue()


def _safe(value: object) -> object:
    if not isinstance(value, str):
        return value
    plain = value.replace(_THIN, "")
    return f"'{plain}" if plain.startswith(_FORMULA) else plain


def csv_answer(name: str, lines: Iterable[str], columns: Sequence[str] = ()) -> StreamingResponse:
    """Return a table as a file to keep."""

    def every() -> Iterator[str]:
        if columns:
            yield csv_line(columns)
        yield from lines

    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingResponse(every(), media_type="text/csv; charset=utf-8", headers=headers)
