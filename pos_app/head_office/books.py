"""What is counted along a till's journal, entry by entry: series, allowances, what was made good.

Values of plain JSON, because they are kept beside the branch they were counted on:
``{"series":1,"number":12,"allowances":{"ZAR":{"sequence":1,...,"spent":{...}}}}``. The counting
is pure: the same entries give the same books and the same findings, in one go or in many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from pos_app.domain.allowance import Allowance, AllowanceUsedUp, Spent, Wish, check, raised
from pos_app.head_office.findings import Finding, FindingKind
from pos_app.head_office.making_good import ACTS, REDRESS, Placed, made_good
from pos_app.head_office.shop_day import place_after

Books = dict[str, Any]
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CodeGrant:
    """What a telephone code granted: minor units, and the day until which it lasts (0: none)."""

    currency: str
    minor: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class Grants:
    """What a till was granted: by packs, by (sequence, currency), and by codes, by sequence."""

    packs: Mapping[tuple[int, str], Allowance] = field(default_factory=dict)
    codes: Mapping[int, CodeGrant] = field(default_factory=dict)


_GIVEN: Final = frozenset({"free_issue", "replacement"})
_BEGUN: Final = frozenset({"shop_created", "restored"})
_GRANTED: Final = frozenset({"allowance", "allowance_code", "office_enrolled"})
_PACKS: Final = frozenset({"pack_imported", "pack_refused"})
COUNTED_KINDS: Final = ACTS | REDRESS | _GIVEN | _BEGUN | _GRANTED | _PACKS | {"sale"}
"""The kinds of entries that `count` does anything about."""
_RAISED: Final = ("money_minor", "tenths", "count", "not_after_ms")
_SPOKEN_WITHIN_MS: Final = 31 * 86_400_000
"""How long after it was given a code may be typed for the days it grants to count from then."""
_BOUNDS: Final = ("sequence", "money_minor", "tenths", "count", "per_vend_minor", "not_after_ms")


def snapshot(books: Books) -> Books:
    """Return books that `count` does not change: it replaces what is two levels down."""
    held = books.get("allowances")
    return {**books} if held is None else {**books, "allowances": {c: {**held[c]} for c in held}}


def count(books: Books, entry: Placed, body: Body, grants: Grants) -> Iterator[Finding]:
    """Count `entry` into `books` and yield what does not follow.

    Raises `KeyError`, `TypeError` or `ValueError` for a body that lacks what its kind has.
    """
    if entry.kind == "sale":
        yield from _receipt(books, entry, body)
        yield from _spend(books, entry, body, int(body["total_minor"]), str(body["receipt"]))
    elif entry.kind in _GIVEN:
        yield from _spend(books, entry, body, 0, str(body["receipt"]))
    elif entry.kind == "allowance":
        yield from _allow(books, entry, body, grants)
    elif entry.kind == "allowance_code":
        yield from _raise(books, entry, body, grants)
    elif entry.kind in _PACKS:
        yield from _of_pack(entry, body)
    else:
        _begin(books, entry.kind, body)
    place_after(entry.kind, body, books)
    yield from made_good(books, entry, body)


def _begin(books: Books, kind: str, body: Body) -> None:
    """Count what begins anew with some entries."""
    if kind == "office_enrolled":
        books["enrolled"] = True  # from here on only head office grants
    elif kind == "shop_created":
        books["series"], books["number"] = int(body["series"]), 0
    elif kind == "restored":
        books["series"] = int(body["series"])  # a new letter; the numbers go on


def _receipt(books: Books, entry: Placed, body: Body) -> Iterator[Finding]:
    series, number = int(body["series"]), int(body["number"])
    expected = (books.get("series", series), books.get("number", 0) + 1)
    books["series"], books["number"] = series, number
    if (series, number) != expected:
        evidence = {
            "receipt": str(body["receipt"]),
            "expected": f"{expected[0]}-{expected[1]}",
        }
        yield Finding(FindingKind.RECEIPT_GAP, str(entry.seq), entry.seq, evidence)


def _allow(books: Books, entry: Placed, body: Body, grants: Grants) -> Iterator[Finding]:
    currency = str(body["currency"])
    taken = Allowance(**{name: int(body[name]) for name in _BOUNDS})
    granted = grants.packs.get((taken.sequence, currency))
    if books.get("enrolled") and granted != taken:
        yield _not_granted(entry, currency, taken.sequence, taken.money_minor)
    held = granted or taken
    spent = _plain(Spent())
    books.setdefault("allowances", {})[currency] = asdict(held) | {"spent": spent}


def _raise(books: Books, entry: Placed, body: Body, grants: Grants) -> Iterator[Finding]:
    """Raise an allowance by a telephone code, as it was granted and once only."""
    currency, sequence = str(body["currency"]), int(body["sequence"])
    granted, held = grants.codes.get(sequence), books.get("allowances", {}).get(currency)
    again = sequence <= int(books.get("code", 0))
    books["code"] = max(sequence, int(books.get("code", 0)))
    if granted is None or again or held is None or granted.currency != currency:
        yield _not_granted(entry, currency, sequence, int(body["money_minor"]))
        return
    end = min(int(body["not_after_ms"]), granted.not_after_ms + _SPOKEN_WITHIN_MS)
    bounds = Allowance(**{name: held[name] for name in _BOUNDS})
    higher = raised(bounds, granted.minor, end if granted.not_after_ms else 0)
    held.update(asdict(higher))
    said = {name: int(body[name]) for name in _RAISED}
    if said != {name: held[name] for name in _RAISED}:
        yield _not_granted(entry, currency, sequence, said["money_minor"])


def _of_pack(entry: Placed, body: Body) -> Iterator[Finding]:
    """Tell what a till did not take of what head office said."""
    number = int(body["number"])
    if entry.kind == "pack_refused":
        refused = {"number": number, "digest": str(body["digest"])[:64]}
        yield Finding(FindingKind.PACK_REFUSED, str(entry.seq), entry.seq, refused)
    elif body["refused_count"]:
        line, section, problem = body["refused"][0]
        counts = {"number": number, "records": int(body["refused_count"]), "line": int(line)}
        said = {**counts, "section": str(section)[:40], "what": str(problem)[:40]}
        yield Finding(FindingKind.PACK_RECORDS_REFUSED, str(entry.seq), entry.seq, said)


def _not_granted(entry: Placed, currency: str, sequence: int, minor: int) -> Finding:
    evidence = {"currency": currency, "sequence": sequence, "money": minor}
    mark = f"{entry.kind} {currency} {sequence} {entry.seq}"
    return Finding(FindingKind.ALLOWANCE_NOT_GRANTED, mark, entry.seq, evidence)


def _spend(books: Books, entry: Placed, body: Body, minor: int, receipt: str) -> Iterator[Finding]:
    currency = str(body["currency"])
    held = books.get("allowances", {}).get(currency)
    wish = Wish(minor, int(body["tenths"]), entry.at_ms)
    if held is None:
        none = {"receipt": receipt, "currency": currency, "what": "none", "sequence": 0, "left": 0}
        yield Finding(FindingKind.OVER_ALLOWANCE, f"{currency} 0", entry.seq, none)
        return
    allowance = Allowance(**{name: held[name] for name in _BOUNDS})
    spent = Spent(**held["spent"])
    try:
        check(allowance, spent, wish)
    except AllowanceUsedUp as over:
        evidence = {"receipt": receipt, "currency": currency, **over.facts}
        mark = f"{currency} {allowance.sequence} {over.facts['what']}"
        yield Finding(FindingKind.OVER_ALLOWANCE, mark, entry.seq, evidence)
    held["spent"] = _plain(spent.plus(wish))


def _plain(spent: Spent) -> dict[str, int]:
    return {"money_minor": spent.money_minor, "tenths": spent.tenths, "count": spent.count}
