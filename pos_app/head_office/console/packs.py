"""Pages of packs: drafted by one person, approved by another, and allowances as packs or codes."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import APIRouter, Response

from pos_app.domain.errors import PosError
from pos_app.exchange.allowance_code import DAYS
from pos_app.exchange.pack import Section
from pos_app.head_office.acting.doing import Bounds, message_of, till_named
from pos_app.head_office.codes import CodeWish
from pos_app.head_office.console.door import Posted, Posting, Visit, Visiting, go, numbered
from pos_app.head_office.console.figures import read_amount, read_count
from pos_app.head_office.currencies import decimals_of
from pos_app.head_office.errors import EntryUnfit, OfficeRefusal
from pos_app.head_office.packing import CODE_WAITING, Records, Wish
from pos_app.head_office.people import Right
from pos_app.sts.identity import parse_meter_number

router = APIRouter()

_STATES: Final = ("waiting", "issued", "refused")
_MESSAGE_DAYS: Final = 30
_LARGEST_FILE: Final = 1 << 20


@router.get("/packs", response_model=None)
def packs(visit: Visiting) -> Response:
    """Show the drafts that wait, or those that were decided."""
    state = visit.asked("show", "waiting")
    page = visit.acting.see.drafts(state, visit.asked("after"))
    return visit.show("packs", section="packs", page=page, state=state, states=_STATES)


def _names(visit: Visit) -> list[str]:
    return [row["till"] for row in visit.acting.see.tills("", "", troubled=False).rows]


def _form(visit: Visit, status: int = 200, /, **facts: Any) -> Response:
    visit.acting.who.need(Right.DRAFT)
    around = {"section": "packs", "tills": _names(visit), "typed": {"till": visit.asked("till")}}
    return visit.show("pack-new", status, **(around | facts))


@router.get("/packs/new", response_model=None)
def new_page(visit: Visiting) -> Response:
    """Show what can be put into a pack."""
    return _form(visit)


@router.post("/packs/new", response_model=None)
def new(post: Posted) -> Response:
    """Draft a pack."""
    try:
        till = till_named(post.console.rooms, post.field("till"))
        meters = post.field("meters") == "yes"
        wish = Wish(till, _records(post), meters, post.field("note")[:1000])
        number = post.acting.do.draft(wish)
    except PosError as problem:
        return _form(post, 400, problem=post.say(problem), typed=post.fields)
    return go(f"/packs/{number}", "drafted", number)


def _records(post: Posting) -> Records:
    records: Records = []
    if post.field("message"):
        now_ms = post.console.rooms.office.clock.now_ms()
        records += message_of(post.field("message"), now_ms, _MESSAGE_DAYS)
    if post.field("meter"):
        reason = post.field("reason") if post.field("blocking") != "no" else ""
        if not reason and post.field("blocking") != "no":
            raise EntryUnfit(field="reason", typed="")
        drn = parse_meter_number(post.field("meter")).digits
        records.append((Section.BLOCKS, {"drn": drn, "reason": reason}))
    if post.files.get("tariff"):
        records.append((Section.TARIFFS, {"content": _tariff(post)}))
    if post.field("modulus"):
        modulus = read_count(post.field("modulus"), "modulus", 8)
        residue = read_count(post.field("residue"), "residue", modulus - 1, 0)
        records.append((Section.TID_SLOTS, {"residue": residue, "modulus": modulus}))
    return records


def _tariff(post: Posting) -> str:
    """Return the text of a tariff file that can be read; raises what is wrong with it."""
    raw = post.files["tariff"]
    try:
        text = raw[: _LARGEST_FILE + 1].decode("utf-8")
    except UnicodeDecodeError:
        raise EntryUnfit(field="tariff", typed="…") from None
    if len(raw) > _LARGEST_FILE:
        raise EntryUnfit(field="tariff", typed="…")
    problem = post.acting.see.sheet(text).problem
    if problem is not None:
        raise problem
    return text


def _draft(visit: Visit, number: int, status: int = 200, /, **facts: Any) -> Response:
    row = visit.acting.see.draft(number)
    for each in row["records"]:
        each["text"] = json.dumps(each["said"], ensure_ascii=False, indent=2, sort_keys=True)
        content = each["said"].get("content") if each["section"] == "tariffs" else None
        each["sheet"] = None if content is None else visit.acting.see.sheet(str(content))
    own = row["made_by"] == visit.acting.who.id
    around = {"section": "packs", "row": row, "own": own, "digits": ""}
    around["waits"] = row["state"] in {"waiting", CODE_WAITING}
    return visit.show("pack", status, **(around | facts))


@router.get("/packs/{number}", response_model=None)
def pack(visit: Visiting, number: str) -> Response:
    """Show a draft and everything that it would send."""
    return _draft(visit, numbered(number))


@router.post("/packs/{number}/issue", response_model=None)
def issue(post: Posted, number: str) -> Response:
    """Approve a draft: its pack is issued, or its code is shown, this once."""
    draft, do = numbered(number), post.acting.do
    post.acting.who.need(Right.APPROVE)
    try:
        although = _although(post)
        if post.acting.see.draft(draft)["by_code"]:
            return _draft(post, draft, digits=do.give_code(draft, although=although))
        do.issue(draft, although=although)
    except OfficeRefusal as problem:
        return _draft(post, draft, problem.status, problem=post.say(problem))
    return go(f"/packs/{draft}", "issued", draft)


@router.post("/packs/{number}/refuse", response_model=None)
def refuse(post: Posted, number: str) -> Response:
    """Put a draft away."""
    draft = numbered(number)
    try:
        post.acting.do.refuse(draft, post.field("note"))
    except OfficeRefusal as problem:
        return _draft(post, draft, problem.status, problem=post.say(problem))
    return go(f"/packs/{draft}", "refused", draft)


def _although(post: Posting) -> bool:
    """Tell whether somebody ticked that the till may be two machines."""
    return post.field("although") == "yes"


def _top_up(visit: Visit, status: int = 200, /, **facts: Any) -> Response:
    visit.acting.who.need(Right.DRAFT)
    typed = {"till": visit.asked("till"), "currency": visit.asked("currency"), "days": "7"}
    around = {"section": "packs", "tills": _names(visit), "typed": typed, "lasting": DAYS}
    about = facts.get("typed", typed).get("till", "")
    around["parted"] = visit.acting.see.parted(about)
    return visit.show("allowance", status, **(around | facts))


@router.get("/allowance", response_model=None)
def top_up_page(visit: Visiting) -> Response:
    """Show how a till's allowance is topped up."""
    return _top_up(visit)


@router.post("/allowance", response_model=None)
def top_up(post: Posted) -> Response:
    """Draft an allowance as a pack, or as a code for the telephone."""
    try:
        till = till_named(post.console.rooms, post.field("till"))
        currency = _currency(post)
        if post.field("way") == "code":
            amount = read_count(post.field("amount"), "amount", 999_000)
            days = read_count(post.field("lasting") or "0", "lasting", 90, 0)
            wish = CodeWish(till, currency, amount, days, _although(post))
            number = post.acting.do.wish_code(wish)
        else:
            number = post.acting.do.top_up(till, _bounds(post, currency))
    except PosError as problem:
        return _top_up(post, 400, problem=post.say(problem), typed=post.fields)
    return go(f"/packs/{number}", "drafted", number)


def _currency(post: Posting) -> str:
    code = post.field("currency").upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise EntryUnfit(field="currency", typed=code[:40])
    return code


def _bounds(post: Posting, currency: str) -> Bounds:
    places = decimals_of(currency)
    return Bounds(
        currency=currency,
        money_minor=read_amount(post.field("money"), places, "money"),
        tenths=read_amount(post.field("units"), 1, "units"),
        count=read_count(post.field("count"), "count"),
        per_vend_minor=read_amount(post.field("per_vend"), places, "per_vend"),
        days=read_count(post.field("days"), "days", 366),
        although=_although(post),
    )
