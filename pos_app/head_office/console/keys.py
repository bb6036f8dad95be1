"""Pages of key changes: campaigns, how far their meters are, drafting sets for a till."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from pos_app.domain.errors import PosError
from pos_app.head_office.acting.doing import till_named
from pos_app.head_office.console.csv_text import csv_answer
from pos_app.head_office.console.door import Posted, Visit, Visiting, go
from pos_app.head_office.people import Right
from pos_app.head_office.store.campaigns import STATES, TODO

router = APIRouter()

_PLACE = "/keys"
_FIELDS = ("old", "new", "base")


def _index(visit: Visit, status: int = 200, /, **facts: Any) -> Response:
    rows = visit.acting.see.campaigns()
    typed = {name: visit.asked(name, longest=40) for name in _FIELDS}
    return visit.show("keys", status, **({"section": "keys", "rows": rows, "typed": typed} | facts))


def _campaign(visit: Visit, name: str, status: int = 200, /, **facts: Any) -> Response:
    see, state = visit.acting.see, visit.asked("show", TODO)
    row = see.campaign(name)
    page = see.campaign_meters(name, state, visit.asked("after"))
    tills = [each["till"] for each in see.tills("", "", troubled=False).rows]
    around = {"section": "keys", "row": row, "page": page, "state": state, "states": STATES}
    around |= {"tills": tills, "typed": {"till": "", "tokens": "2"}}
    return visit.show("key-campaign", status, **(around | facts))


@router.get(_PLACE, response_model=None)
def keys(visit: Visiting) -> Response:
    """Show the campaigns, or the one that is asked for by name or by its keys."""
    visit.acting.who.need(Right.READ)
    name = visit.asked("campaign", longest=60)
    if not name and (visit.asked("old") or visit.asked("new")):
        base = visit.asked("base")
        name = f"{visit.asked('old')}>{visit.asked('new')}{'@' if base else ''}{base}"
    if not name:
        return _index(visit)
    try:
        return _campaign(visit, name.replace(" ", ""))
    except PosError as problem:
        return _index(visit, 400, problem=visit.say(problem))


@router.post(f"{_PLACE}/draft", response_model=None)
def draft(post: Posted) -> Response:
    """Draft a pack with the sets that a till has not."""
    post.acting.who.need(Right.DRAFT)
    name, tokens = post.field("campaign"), 3 if post.field("tokens") == "3" else 2
    again = post.field("again") == "yes"
    try:
        till = till_named(post.console.rooms, post.field("till"))
        made = post.acting.do.draft_sets(name, till, tokens, again=again)
    except PosError as problem:
        said = post.say(problem)
        try:
            return _campaign(post, name, 400, problem=said, typed=post.fields)
        except PosError:  # no campaign at all: the list says what was wrong
            return _index(post, 400, problem=said)
    return go(f"/packs/{made.draft}", "drafted", made.draft)


@router.get(f"{_PLACE}/changed.csv", response_model=None)
def changed(visit: Visiting) -> Response:
    """Hand out the meters that hold another key than their list says."""
    return csv_answer("changed-keys", visit.acting.see.changed_keys())
