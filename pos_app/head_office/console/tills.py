"""Pages of the tills: how they are, one of them, enrolling another."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import APIRouter, Response

from pos_app.domain.errors import PosError
from pos_app.exchange.key_file import fingerprint
from pos_app.head_office.acting.reading import QUIET_MS
from pos_app.head_office.certificate import SOON_DAYS
from pos_app.head_office.console.door import Posted, Posting, Visit, Visiting, go
from pos_app.head_office.console.figures import read_count
from pos_app.head_office.people import Right
from pos_app.head_office.projecting import AHEAD_MS

router = APIRouter()

_CLOCK: Final = frozenset({"clock-back", "clock-ahead"})
_LONGEST_HOURS: Final = 24 * 31
_DAY_MS: Final = 86_400_000


@router.get("/tills", response_model=None)
def tills(visit: Visiting) -> Response:
    """Show the tills and how they are."""
    acting = visit.acting
    text, after = visit.asked("q"), visit.asked("after")
    troubled = visit.asked("show") == "look"
    page = acting.see.tills(text, after, troubled=troubled)
    now_ms = visit.console.rooms.office.clock.now_ms()
    rows = [row | {"signs": signs(row, now_ms)} for row in page.rows]
    return visit.show(
        "tills",
        section="tills",
        page=page,
        rows=rows,
        counts_of=acting.see.till_counts(),
        q=text,
        troubled=troubled,
        ends=_ends_in(visit.console.ends_ms, now_ms),
    )


def _ends_in(ends_ms: int, now_ms: int) -> int | None:
    """Return in how many days the server's certificate ends, None while that is far off."""
    left = (ends_ms - now_ms) // _DAY_MS
    return max(left, 0) if ends_ms and left < SOON_DAYS else None


def signs(row: dict[str, Any], now_ms: int) -> dict[str, Any]:
    """Return what a till's row tells at a glance."""
    branches = row["branches"]
    heads = [each["head_at_ms"] - each["grown_ms"] for each in branches]
    late = now_ms - row["seen_ms"] >= QUIET_MS
    clock = bool(_CLOCK & set(row["findings"])) or max(heads, default=0) > AHEAD_MS
    held: dict[str, Any] = branches[-1] if branches else {"head_seq": 0, "books": "{}"}
    return {
        "late": late,
        "clock": clock,
        "findings": sum(row["findings"].values()),
        "gap": "gap" in row["findings"] or row["waiting"] > 0,
        "head_seq": held["head_seq"],
        "allowances": allowances(held["books"], now_ms),
        "behind": row["pack_number"] - row["pack_asked"],
    }


def allowances(books: str, now_ms: int) -> list[dict[str, Any]]:
    """Return what is left of each allowance that a till counts down, as its journal tells."""
    held = json.loads(books).get("allowances", {})
    told = []
    for currency, each in sorted(held.items()):
        money, spent = each["money_minor"], each["spent"]["money_minor"]
        left = max(money - spent, 0)
        told.append(
            {
                "currency": currency,
                "left": left,
                "percent": 100 * left // money if money else 0,
                "not_after_ms": each["not_after_ms"],
                "over": each["not_after_ms"] <= now_ms,
            }
        )
    return told


@router.get("/tills/{till}", response_model=None)
def till(visit: Visiting, till: str) -> Response:
    """Show one till."""
    see = visit.acting.see
    row = see.till(till)
    now_ms = visit.console.rooms.office.clock.now_ms()
    return visit.show(
        "till",
        section="tills",
        row=row,
        signs=signs(row, now_ms),
        packs=see.packs_of(row["till"], visit.asked("after")),
        found=see.findings(row["till"], "", settled=False),
        now_ms=now_ms,
    )


@router.post("/tills/{till}/block", response_model=None)
def block(post: Posted, till: str) -> Response:
    """Refuse a till from now on, or let it in again."""
    blocked = post.field("blocked") == "yes"
    post.acting.do.block(till, blocked=blocked)
    return go(f"/tills/{till}", "blocked" if blocked else "unblocked")


def _form(visit: Visit, status: int = 200, /, **facts: Any) -> Response:
    visit.acting.who.need(Right.ENROL)
    around: dict[str, Any] = {"section": "tills", "code": "", "url": ""}
    around["typed"] = {"till": visit.asked("till"), "hours": "24"}
    return visit.show("enrol", status, **(around | facts))


@router.get("/enrol", response_model=None)
def enrol_page(visit: Visiting) -> Response:
    """Show how a till is enrolled."""
    return _form(visit)


@router.post("/enrol", response_model=None)
def enrol(post: Posted) -> Response:
    """Show a one-time code, this once."""
    typed = {"till": post.field("till"), "hours": post.field("hours")}
    try:
        code = post.acting.do.enrolment_code(
            typed["till"], read_count(typed["hours"], "hours", _LONGEST_HOURS)
        )
    except PosError as problem:
        return _form(post, 400, problem=post.say(problem), typed=typed)
    key = fingerprint(post.console.rooms.office.authority.public)
    return _form(post, code=code, typed=typed, url=_url(post), key=key)


def _url(post: Posting) -> str:
    return post.console.rooms.enrolling.url
