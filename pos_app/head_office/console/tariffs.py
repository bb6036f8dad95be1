"""Pages of tariffs: which went to tills, what they say, whether their examples hold."""

from __future__ import annotations

from fastapi import APIRouter, Response

from pos_app.head_office.acting.tariffs import TariffSheet
from pos_app.head_office.console.door import Visit, Visiting, numbered

router = APIRouter()


@router.get("/tariffs", response_model=None)
def tariffs(visit: Visiting) -> Response:
    """Show the tariffs that went to tills or wait to go."""
    rows = visit.acting.see.tariffs()
    told = [row | {"problem": problem_of(visit, row["sheet"])} for row in rows]
    return visit.show("tariffs", section="tariffs", rows=told)


@router.get("/tariffs/{draft}/{position}", response_model=None)
def tariff(visit: Visiting, draft: str, position: str) -> Response:
    """Show what a tariff says, and its examples worked again."""
    row = visit.acting.see.tariff(numbered(draft), numbered(position))
    return visit.show(
        "tariff", section="tariffs", row=row, sheet_problem=problem_of(visit, row["sheet"])
    )


def problem_of(visit: Visit, sheet: TariffSheet) -> str:
    """Return why a tariff file cannot be read; empty where it can."""
    return "" if sheet.problem is None else visit.console.pages.words.of_error(sheet.problem)
