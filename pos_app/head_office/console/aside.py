"""Pages of what was set aside of tills' journals: the bytes, and trying again."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from pos_app.domain.errors import PosError
from pos_app.head_office.console.door import Posted, Visit, Visiting, go

router = APIRouter()


@router.get("/aside", response_model=None)
def aside(visit: Visiting) -> Response:
    """Show what is set aside, or what was taken after all."""
    settled = visit.asked("show") == "settled"
    page = visit.acting.see.aside(visit.asked("after"), settled=settled)
    return visit.show("aside", section="exceptions", page=page, settled=settled)


def _page(visit: Visit, till: str, digest: str, status: int = 200, /, **facts: Any) -> Response:
    row = visit.acting.see.aside_item(till, digest)
    return visit.show("aside-one", status, **({"section": "exceptions", "row": row} | facts))


@router.get("/aside/{till}/{digest}", response_model=None)
def one(visit: Visiting, till: str, digest: str) -> Response:
    """Show one thing that was set aside."""
    return _page(visit, till, digest)


@router.get("/aside/{till}/{digest}/bytes", response_model=None)
def raw_bytes(visit: Visiting, till: str, digest: str) -> Response:
    """Hand out every byte of it, to keep as a file."""
    row = visit.acting.see.aside_item(till, digest)
    name = f"{row['digest'][:16]}.bin"
    kept = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(row["raw"], media_type="application/octet-stream", headers=kept)


@router.post("/aside/{till}/{digest}/retry", response_model=None)
def retry(post: Posted, till: str, digest: str) -> Response:
    """Try again to take it."""
    try:
        if post.acting.do.retry(till, digest):
            return go("/aside", "taken-now")
    except PosError as problem:
        return _page(post, till, digest, 400, problem=post.say(problem))
    still = post.console.pages.words("console.aside.still")
    return _page(post, till, digest, 400, problem=still)
