"""The wire to the tills (``resources/exchange/README.md``)."""

from __future__ import annotations

from asyncio import timeout
from collections.abc import AsyncIterator
from tempfile import TemporaryFile
from typing import IO, Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from pos_app.exchange.enrolment import LARGEST as LARGEST_REQUEST
from pos_app.exchange.standing import HEADER
from pos_app.head_office.errors import UploadTooLarge
from pos_app.head_office.given_errors import UploadStalled
from pos_app.head_office.records import TillRecord
from pos_app.head_office.rooms import Rooms

router = APIRouter(prefix="/api/v1", tags=["tills"])

LARGEST_BUNDLE: Final = 1 << 30
STILL_S: Final = 60
"""A line that brings nothing of a body for so long is hung up on."""
_BYTES: Final = "application/octet-stream"


def rooms_of(request: Request) -> Rooms:
    """Return the office that answers."""
    rooms: Rooms = request.app.state.rooms
    return rooms


RoomsHere = Annotated[Rooms, Depends(rooms_of)]


def till_of(rooms: RoomsHere, authorization: Annotated[str | None, Header()] = None) -> TillRecord:
    """Return the till that asks, proven."""
    return rooms.gate(authorization)


TillHere = Annotated[TillRecord, Depends(till_of)]


@router.get("/time")
def time(rooms: RoomsHere) -> dict[str, int]:
    """Tell the server's time, to whoever asks."""
    return {"now_ms": rooms.office.clock.now_ms()}


@router.post("/enrol")
async def enrol(request: Request, rooms: RoomsHere) -> Response:
    """Answer an enrolment request: the bytes of the answer file."""
    raw = b"".join([piece async for piece in _body(request, LARGEST_REQUEST)])
    place = request.client.host if request.client else "?"
    answer = await run_in_threadpool(rooms.enrolling.answer, raw, place)
    return Response(answer, media_type=_BYTES)


Digest = Annotated[str, Query(pattern="^(?:[0-9a-f]{64})?$")]


@router.post("/bundles")
async def bundles(request: Request, rooms: RoomsHere, till: TillHere) -> dict[str, Any]:
    """Take a bundle in: the acknowledgement, and the entries that were set aside."""
    with TemporaryFile() as file:
        async for piece in _body(request, LARGEST_BUNDLE):
            file.write(piece)
        file.seek(0)
        return await run_in_threadpool(_take, rooms, till, file)


async def _body(request: Request, most: int) -> AsyncIterator[bytes]:
    """Yield a request's body as it comes; raises `UploadTooLarge` or `UploadStalled`."""
    size, pieces = 0, aiter(request.stream())
    while True:
        try:
            async with timeout(STILL_S):
                piece = await anext(pieces, None)
        except TimeoutError:
            raise UploadStalled(seconds=STILL_S) from None
        if piece is None:
            return
        size += len(piece)
        if size > most:
            raise UploadTooLarge(most=f"{most >> 20} MiB" if most >> 20 else f"{most >> 10} KiB")
        yield piece


def _take(rooms: Rooms, till: TillRecord, file: IO[bytes]) -> dict[str, Any]:
    return rooms.take(till, file)


@router.get("/packs")
def packs(rooms: RoomsHere, till: TillHere, after: int = 0, digest: Digest = "") -> Response:
    """Hand out the pack that follows `after`, or nothing (204); and how the journal stands.

    `digest` is that of pack `after`: what the next pack names as the one before it.
    """
    number = rooms.handing.next_after(till, after, digest)
    headers = {HEADER: rooms.standings.told(till.till)}
    if number is None:
        return Response(status_code=204, headers=headers)
    pieces = rooms.handing.pieces(till.till, number)
    headers["X-Tokentill-Pack"] = str(number)
    return StreamingResponse(pieces, media_type=_BYTES, headers=headers)
