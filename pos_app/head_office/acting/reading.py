"""What a person may look at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pos_app.exchange.pack import Section
from pos_app.head_office.acting.key_pages import KeyReading, sets_in
from pos_app.head_office.acting.masking import masked
from pos_app.head_office.acting.pages import LARGEST, ROWS, Page, Row, key_of, number, whole
from pos_app.head_office.acting.tariffs import TariffSheet, sheet_of
from pos_app.head_office.checking import NO_TILL
from pos_app.head_office.corrections import REF
from pos_app.head_office.errors import ExportUnfit, PageUnknown
from pos_app.head_office.given_errors import NothingAside
from pos_app.head_office.oversold import Asked
from pos_app.head_office.packing import CODE_WAITING, ISSUED, REFUSED, VALUABLE, WAITING
from pos_app.head_office.people import Right
from pos_app.head_office.queries import sales as asked_sales
from pos_app.head_office.queries.rebuilt import with_rebuilt
from pos_app.head_office.standings import parted_as
from pos_app.head_office.store import aside, browsing, listing, oversold, packs, receipts
from pos_app.head_office.store import proposals as held
from pos_app.head_office.store.oversold import Key

QUIET_MS: Final = 48 * 3_600_000
"""A till that was not heard of for this long is one to look at."""
_HEARD_MS: Final = 86_400_000
_MOST_SHOWN: Final = 200
_LONGEST_SHOWN: Final = 64 * 1024
_STATES: Final = {"waiting": (WAITING, CODE_WAITING), "issued": (ISSUED,), "refused": (REFUSED,)}

Days = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reading(KeyReading):
    """Everything here raises `NotAllowed` for who may not see it."""

    def _asking(self, right: Right = Right.READ) -> Any:
        self.who.need(right)
        return self.rooms.office.store.reading()

    def _now_ms(self) -> int:
        return self.rooms.office.clock.now_ms()

    def open_counts(self) -> dict[str, int]:
        """Return how many findings are open, how many drafts and proposals wait."""
        with self._asking() as act:
            drafts = browsing.count_drafts(act, _STATES["waiting"])
            waiting = held.count_open(act, browsing.ENOUGH)
            counts = {"findings": browsing.count_open(act), "drafts": drafts}
            return counts | {"proposals": waiting}

    def tills(self, text: str, after: str, *, troubled: bool) -> Page:
        """Return tills with their signs (`branches`, `findings`, `waiting`, `aside`)."""
        since = self._now_ms() - QUIET_MS if troubled else None
        with self._asking() as act:
            page = Page.of(browsing.tills_page(act, text, since, after, ROWS), "till")
            signs = browsing.signs_of(act, [row["till"] for row in page.rows])
        return Page([row | signs[row["till"]] for row in page.rows], page.after)

    def till_counts(self) -> Row:
        """Return how many tills there are, and how many were heard of within a day."""
        with self._asking() as act:
            return browsing.count_tills(act, self._now_ms() - _HEARD_MS)

    def till(self, name: str) -> Row:
        """Return a till with its signs and its allowances; raises `TillUnknown`."""
        self.who.need(Right.READ)
        held = self.rooms.till(name)
        with self._asking() as act:
            found: Row = {"till": held.till, "shop": held.shop, "mode": held.mode}
            found |= {"state": held.state.value, "enrolled_ms": held.enrolled_ms}
            found |= {"seen_ms": held.seen_ms, "pack_number": held.pack_number}
            found |= {"pack_asked": held.pack_asked, "key": held.public.hex()}
            found |= browsing.signs_of(act, [held.till])[held.till]
            return found | {"grants": browsing.grants_to(act, held.till, 20)}

    def packs_of(self, till: str, after: str) -> Page:
        """Return a till's packs, the newest first."""
        (before,) = key_of(after, number) or (LARGEST,)
        with self._asking() as act:
            return Page.of(browsing.packs_page(act, till, before, ROWS), "number")

    def last_day(self) -> str | None:
        """Return the newest day on which anything was sold."""
        with self._asking(Right.READ_SALES) as act:
            days = [browsing.last_day(act), receipts.last_day(act)]
        return max((day for day in days if day is not None), default=None)

    def sums(self, days: Days, till: str) -> list[Row]:
        """Return what each till sold on each day, the newest day first."""
        with self._asking(Right.READ_SALES) as act:
            booked = browsing.sums(act, *days, till)
            return with_rebuilt(booked, receipts.sums(act, *days, till))

    def sales(self, till: str, days: Days, after: str) -> Page:
        """Return a till's sales, the newest first."""
        key = key_of(after, str, number, whole)
        with self._asking(Right.READ_SALES) as act:
            found = listing.of_till(act, till, days, key, ROWS + 1)
        return Page.of(found, "day", "seq", "branch")

    def sales_csv(self, days: Days, till: str) -> Iterator[str]:
        """Return the lines of a table of sales; raises `ExportUnfit` at once."""
        self.who.need(Right.READ_SALES)
        if days[0] > days[1]:
            raise ExportUnfit(problem=f"{days[0]}/{days[1]}")
        return asked_sales.as_csv(self.rooms.office, days, till)

    def sale(self, till: str, seq: int, branch: int) -> Row:
        """Return a sale, its tokens, and what its entry says with digits masked.

        A `rebuilt` one has none of these.
        """
        with self._asking(Right.READ_SALES) as act:
            row = listing.one(act, till, seq, branch)
            if row is None:
                raise PageUnknown
            tokens = browsing.tokens_of(act, till, seq, branch)
            held = browsing.entries_at(act, till, seq)
        bodies = [masked(json.loads(each["body"])) for each in held if each["branch"] == branch]
        return row | {"tokens": tokens, "body": bodies[0] if bodies else {}}

    def scans(self, after: str) -> Page:
        """Return sales that were rebuilt from receipts, those scanned last first."""
        key = key_of(after, number, str, number)
        with self._asking() as act:
            found = receipts.page(act, key, ROWS)
        return Page.of(found, "scanned_ms", "till", "seq")

    def findings(self, till: str, after: str, *, settled: bool) -> Page:
        """Return findings with their evidence as values, the newest first."""
        (before,) = key_of(after, number) or (LARGEST,)
        with self._asking() as act:
            found = browsing.findings_page(act, settled=settled, of=till, before=before, most=ROWS)
        page = Page.of(found, "id")
        return Page([_with_evidence(row) for row in page.rows], page.after)

    def every_finding(self, *, settled: bool) -> Iterator[Row]:
        """Yield all findings, a page at a time."""
        self.who.need(Right.READ)
        after = ""
        while True:
            page = self.findings("", after, settled=settled)
            yield from page.rows
            after = page.after
            if not after:
                return

    def finding(self, number_: int) -> Row:
        """Return a finding with what the till's journal has at its place."""
        with self._asking() as act:
            row = browsing.finding_of(act, number_)
            if row is None:
                raise PageUnknown
            here = row["seq"] is not None and row["till"] != NO_TILL
            entries = browsing.entries_at(act, row["till"], row["seq"]) if here else []
            aside = browsing.aside_at(act, row["till"], row["seq"]) if here else []
        told = [each | {"said": masked(json.loads(each["body"]))} for each in entries]
        kept = [each | {"text": _text_of(each["raw"])} for each in aside]
        return _with_evidence(row) | {"entries": told, "kept": kept}

    def meters(self, text: str, after: str) -> Page:
        """Return meters and customers that `text` finds, by number."""
        with self._asking() as act:
            page = Page.of(browsing.meters_page(act, text, after, ROWS), "drn")
        return Page([json.loads(row["record"]) for row in page.rows], page.after)

    def meter(self, drn: str) -> Row | None:
        """Return a meter's record; None where head office knows none."""
        with self._asking() as act:
            return packs.meter_of(act, drn)

    def history(self, drn: str, after: str) -> Page:
        """Return the sales to a meter, from every till, the newest first."""
        key = key_of(after, number, str, number, whole)
        with self._asking() as act:
            found = listing.of_meter(act, drn, key, ROWS + 1)
        return Page.of(found, "at_ms", "till", "seq", "branch")

    def tariffs(self) -> list[Row]:
        """Return the tariffs that went to tills or wait to go, each file once, the newest first."""
        with self._asking() as act:
            rows = browsing.tariff_records(act, _MOST_SHOWN)
        sheets: dict[str, Row] = {}
        for row in rows:
            content = str(json.loads(row["record"]).get("content", ""))
            sheet = sheets.setdefault(content, row | {"sheet": sheet_of(content), "tills": []})
            sheet["tills"].append({"till": row["till"], "state": row["state"]})
        return list(sheets.values())

    def tariff(self, draft: int, position: int) -> Row:
        """Return one tariff that was drafted."""
        with self._asking() as act:
            rows = browsing.records_of(act, draft, _MOST_SHOWN)
        for row in rows:
            if row["position"] == position and row["section"] == "tariffs":
                content = str(json.loads(row["record"]).get("content", ""))
                return row | {"sheet": sheet_of(content), "content": content}
        raise PageUnknown

    def sheet(self, content: str) -> TariffSheet:
        """Return what a tariff file says."""
        self.who.need(Right.READ)
        return sheet_of(content)

    def drafts(self, state: str, after: str) -> Page:
        """Return drafts that are ``waiting``, ``issued`` or ``refused``, the newest first."""
        (before,) = key_of(after, number) or (LARGEST,)
        if state not in _STATES:
            raise PageUnknown
        with self._asking() as act:
            page = Page.of(browsing.drafts_page(act, _STATES[state], before, ROWS), "id")
            named = browsing.sections_of(act, [row["id"] for row in page.rows])
        return Page([row | {"sections": named[row["id"]]} for row in page.rows], page.after)

    def draft(self, number_: int) -> Row:
        """Return a draft with the first of its records.

        `needs_another`: it is worth money; `parted`: the finding because of which an allowance
        needs a word that it is known.
        """
        with self._asking() as act:
            row = browsing.draft_of(act, number_)
            if row is None:
                raise PageUnknown
            sections = packs.sections_of(act, number_)
            records = browsing.records_of(act, number_, _MOST_SHOWN)
            count = browsing.count_records(act, number_)
            grants = sections & {"allowance", "allowance-code"}
            parted = parted_as(act, row["till"]) if grants else ""
            worked = oversold.of_draft(act, number_)
        shown = [each | _said(each) for each in records]
        for each in shown:
            each["correction"] = worked.get(str(each["said"].get(REF, "")))
        worth = bool(sections & {each.value for each in VALUABLE}) or row["state"] == CODE_WAITING
        facts = {"sections": sorted(sections), "records": shown, "count": count, "parted": parted}
        return row | facts | {"needs_another": worth, "by_code": "allowance-code" in sections}

    def parted(self, till: str) -> str:
        """Return the gravest open finding that says that a till is two machines; "" without."""
        with self._asking() as act:
            return parted_as(act, till)

    def log(self, after: str) -> Page:
        """Return lines of the log, the newest first."""
        (before,) = key_of(after, number) or (LARGEST,)
        with self._asking() as act:
            page = Page.of(browsing.log_page(act, before, ROWS), "id")
        return Page([row | {"facts": json.loads(row["facts"])} for row in page.rows], page.after)

    def every_line(self) -> Iterator[Row]:
        """Yield the whole log, the newest line first, a page at a time."""
        self.who.need(Right.READ)
        after = ""
        while True:
            page = self.log(after)
            yield from page.rows
            after = page.after
            if not after:
                return

    def aside(self, after: str, *, settled: bool) -> Page:
        """Return what was set aside of journals, without its bytes, the oldest first."""
        key = key_of(after, number, str, str)
        with self._asking() as act:
            found = aside.page(act, key, ROWS, settled=settled)
        page = Page.of(found, "received_ms", "till", "digest")
        return Page([row | {"why": _why(row)} for row in page.rows], page.after)

    def aside_item(self, till: str, digest: str) -> Row:
        """Return one thing that was set aside: its bytes as `raw`, what it says masked."""
        with self._asking() as act:
            row = aside.item(act, till, digest)
        if row is None:
            raise NothingAside(till=till[:40])
        raw = bytes(row["raw"])
        return row | {"raw": raw, "text": _shown(raw), "why": _why(row)}

    def proposals(self, after: str, *, answered: bool) -> Page:
        """Return what tills propose, the oldest first, with what stands here now."""
        key = key_of(after, number, str, number)
        with self._asking() as act:
            found = held.proposals_page(act, key, ROWS, answered=answered)
            page = Page.of(found, "at_ms", "till", "seq")
            rows = [self.rooms.proposals.told(act, row) for row in page.rows]
        return Page(rows, page.after)

    def oversold(self, asked: Asked, after: str) -> Page:
        """Return meters whose month several tills sold in and that are not even, by number.

        Raises `EntryUnfit` for what is no month.
        """
        self.who.need(Right.READ)
        key = key_of(after, str, number)
        start = None if key is None else Key(key[0], bool(key[1]), asked.month)
        lines, more = self.rooms.oversold.page(asked, start, ROWS)
        rows = [line.values() for line in lines]
        return Page(rows, f"{more.drn}:{int(more.training)}" if more else "")

    def corrections(self, month: str, after: str) -> Page:
        """Return the corrections that were drafted of a month, with what sales settled of them.

        Raises `EntryUnfit` for what is no month.
        """
        key = key_of(after, str, str)
        with self._asking() as act:
            found = oversold.drafted(act, Asked(month).key().month, key, ROWS)
        return Page.of(found, "drn", "ref")

    def people(self) -> list[Row]:
        """Return everybody of the staff."""
        self.who.need(Right.MANAGE)
        return self.rooms.people.all()

    def hooks(self) -> list[Row]:
        """Return the hooks with their counts and what is dead."""
        self.who.need(Right.MANAGE)
        return self.rooms.hooks.all()

    def api_tokens(self) -> list[Row]:
        """Return the API tokens that are let in."""
        with self._asking(Right.MANAGE) as act:
            return browsing.api_tokens(act)


def _said(record: Row) -> Row:
    """Return what a drafted record says, with nothing in it that is worth something."""
    if record["section"] == Section.KEY_CHANGES:
        return sets_in(record["record"], ROWS)
    return {"said": masked(json.loads(record["record"])), "sets": None}


def _with_evidence(row: Row) -> Row:
    return row | {"evidence": json.loads(row["evidence"])}


def _text_of(raw: bytes) -> str:
    return bytes(raw[:4000]).decode("utf-8", "replace")


def _why(row: Row) -> str:
    """Return which word tells why something was set aside."""
    return "bundle" if row["seq"] is None else str(row["reason"])


def _shown(raw: bytes) -> str:
    """Return a line that was set aside as text, tokens masked; a bundle is only its bytes."""
    try:
        said = masked(json.loads(raw[:_LONGEST_SHOWN]))
    except (ValueError, RecursionError):
        return ""
    return json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True)
