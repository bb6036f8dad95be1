"""JSON for billing systems: who asks has an API token, and sees what its role may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from pos_app.head_office.acting.pages import number, whole
from pos_app.head_office.api.tills import RoomsHere
from pos_app.head_office.checking import TokenCheck
from pos_app.head_office.errors import ExportUnfit, TokenRefused
from pos_app.head_office.people import Person, Right
from pos_app.head_office.queries import findings, keys, sales, tills
from pos_app.head_office.store.listing import MOST, SaleKey

router = APIRouter(prefix="/api/v1", tags=["billing"])

_LONGEST_TOKEN: Final = 200


def asking(right: Right) -> Callable[..., Person]:
    """Return the dependency that lets whoever may do `right` through."""

    def person(rooms: RoomsHere, authorization: Annotated[str | None, Header()] = None) -> Person:
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not 0 < len(token) <= _LONGEST_TOKEN:
            raise TokenRefused
        found = rooms.people.of_token(token)
        found.need(right)
        return found

    return person


SalesReader = Annotated[Person, Depends(asking(Right.READ_SALES))]
Reader = Annotated[Person, Depends(asking(Right.READ))]


class Sale(BaseModel):
    """One sale: money in minor units of its currency, units in tenths.

    A `rebuilt` one is known from its receipt only: what that does not say is null. Once its entry
    comes, the sale comes with that entry's `branch` under the same `till` and `seq`.
    """

    till: str
    seq: int
    branch: int = Field(description="0, unless the till's journal forked; below 0 where rebuilt")
    rebuilt: bool
    sale_id: str | None
    receipt: str
    at_ms: int
    day: str
    drn: str
    operator: str
    shift: int | None
    utility: str | None
    tariff: str
    tariff_version: int
    currency: str
    decimals: int
    total_minor: int
    tenths: int
    unit: str
    training: bool


class Sales(BaseModel):
    """A page of sales; `next` asks for the one after it, null at the end."""

    sales: list[Sale]
    next: str | None


class ChangedKey(BaseModel):
    """A meter that was given another key than the list names; `confirmed`: it bore that out."""

    drn: str
    sgc: str
    krn: int
    ti: int
    ken: int
    kt: int
    ea: int
    dkga: int
    base: int
    how: str = Field(description="`given` by a sale, or `shown` by the meter's display")
    at_ms: int
    till: str
    seq: int
    confirmed: bool
    listed_sgc: str
    listed_krn: int
    listed_ti: int
    listed_ken: int
    listed_kt: int
    listed_ea: int
    listed_dkga: int
    listed_base: int


class ChangedKeys(BaseModel):
    """A page of them by meter number; `next` asks for the one after it, null at the end."""

    keys: list[ChangedKey]
    next: str | None


class FoundToken(BaseModel):
    """A token that somebody found, and the meter it is said to be for."""

    meter: str = Field(max_length=40)
    digits: str = Field(max_length=60)


@router.get("/tills")
def list_tills(rooms: RoomsHere, _: SalesReader) -> dict[str, list[dict[str, Any]]]:
    """List the tills and how they are."""
    return {"tills": tills.health(rooms.office)}


@router.get("/sales")
def list_sales(  # noqa: PLR0913, PLR0917 - the parts of one question
    rooms: RoomsHere,
    _: SalesReader,
    first: Annotated[str, Query(alias="from")],
    last: Annotated[str, Query(alias="to")],
    till: str = "",
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 500,
) -> Sales:
    """List sales of the days `from` to `to` (the shops' own), a page at a time."""
    found = sales.page(rooms.office, (first, last), till, _key(after), limit)
    more = len(found) == limit
    return Sales(sales=[Sale(**each) for each in found], next=_place(found[-1]) if more else None)


@router.get("/sales.csv")
def sales_as_csv(
    rooms: RoomsHere,
    _: SalesReader,
    first: Annotated[str, Query(alias="from")],
    last: Annotated[str, Query(alias="to")],
    till: str = "",
) -> StreamingResponse:
    """Return all sales of the days as CSV."""
    sales.page(rooms.office, (first, last), till, most=1)  # refuse before the answer begins
    lines = sales.as_csv(rooms.office, (first, last), till)
    headers = {"Content-Disposition": 'attachment; filename="sales.csv"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/sales.xml")
def sales_as_xml(
    rooms: RoomsHere,
    _: SalesReader,
    first: Annotated[str, Query(alias="from")],
    last: Annotated[str, Query(alias="to")],
    till: str = "",
) -> StreamingResponse:
    """Return all sales of the days in the shape of XMLVend 2.1, one ``creditVendResp`` each."""
    sales.page(rooms.office, (first, last), till, most=1)  # refuse before the answer begins
    parts = sales.as_xml(rooms.office, (first, last), till)
    return StreamingResponse(parts, media_type="application/xml")


@router.get("/sums")
def sums(
    rooms: RoomsHere,
    _: SalesReader,
    first: Annotated[str, Query(alias="from")],
    last: Annotated[str, Query(alias="to")],
) -> dict[str, list[dict[str, Any]]]:
    """Return what each till sold on each of the days."""
    return {"sums": sales.sums(rooms.office, (first, last))}


@router.get("/meters/{drn}/sales")
def history(
    rooms: RoomsHere, _: SalesReader, drn: str, limit: Annotated[int, Query(ge=1, le=MOST)] = 100
) -> dict[str, list[Sale]]:
    """Return the latest sales to a meter, from every till."""
    return {"sales": [Sale(**each) for each in sales.of_meter(rooms.office, drn, limit)]}


@router.get("/keys/changed")
def changed_keys(
    rooms: RoomsHere,
    _: SalesReader,
    after: Annotated[str, Query(max_length=20)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 500,
) -> ChangedKeys:
    """List meters whose key is another one than the list names: what a register has to change."""
    found = keys.page(rooms.office, after, limit)
    more = len(found) == limit
    rows = [ChangedKey(**each) for each in found]
    return ChangedKeys(keys=rows, next=found[-1]["drn"] if more else None)


@router.get("/keys/changed.csv")
def changed_keys_as_csv(rooms: RoomsHere, _: SalesReader) -> StreamingResponse:
    """Return all of them as CSV."""
    headers = {"Content-Disposition": 'attachment; filename="changed-keys.csv"'}
    lines = keys.as_csv(rooms.office)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/findings")
def list_findings(rooms: RoomsHere, _: Reader) -> dict[str, list[dict[str, Any]]]:
    """List what is not as it should be."""
    return {"findings": findings.open_findings(rooms.office)}


@router.post("/tokens/check")
def check_token(rooms: RoomsHere, who: Reader, token: FoundToken) -> dict[str, Any]:
    """Say whether a found token is good for its meter and which sale made it."""
    return TokenCheck(rooms.office)(token.meter, token.digits, who.id)


def _place(row: dict[str, Any]) -> str:
    return f"{row['till']}:{row['seq']}:{row['branch']}"


def _key(after: str) -> SaleKey:
    if not after:
        return sales.START
    try:
        till, seq, branch = after.rsplit(":", 2)
        return till, number(seq), whole(branch)
    except ValueError:
        raise ExportUnfit(problem=after[:40]) from None
