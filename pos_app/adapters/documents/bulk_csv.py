"""What became of a bulk list, as CSV: harmless to spreadsheets, tokens in groups of four."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pos_app.adapters.documents.saving import save
from pos_app.adapters.documents.values import harmless

HEADINGS: Final = (
    "line",
    "meter",
    "name",
    "amount",
    "units",
    "unit",
    "receipt",
    "tokens",
    "status",
    "message",
)


def save_results(rows: Sequence[Sequence[str]], path: Path) -> None:
    """Write a row a purchase under `HEADINGS`; raises `ReportNotSaved` and leaves no file.

    Digits in groups stay text: a spreadsheet rounds a number of 20 digits.
    """

    def write(passing: Path) -> None:
        with passing.open("w", encoding="utf-8-sig", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(HEADINGS)
            for row in rows:
                lines.writerow([harmless(cell) for cell in row])

    save(path, write)


def save_rest(raw: bytes, lines: Sequence[int], path: Path) -> None:
    """Write the first line of a list and the named `lines` of it, as they stood there."""
    text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = [text[0], *(text[line - 1] for line in lines)]

    def write(passing: Path) -> None:
        passing.write_text("\n".join(kept) + "\n", encoding="utf-8", newline="")

    save(path, write)
