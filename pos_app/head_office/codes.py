"""Allowance codes for the telephone: wished by one person, given by another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pos_app.exchange.allowance_code import Grant, write_allowance_code
from pos_app.head_office.checked_records import check_currency
from pos_app.head_office.enrolling import SECRET
from pos_app.head_office.errors import DraftDecided, DraftNeedsAnother, DraftUnknown, TillUnknown
from pos_app.head_office.office import Office
from pos_app.head_office.packing import CODE_WAITING, ISSUED
from pos_app.head_office.standings import need_word
from pos_app.head_office.store import packs, tills

_SECTION: Final = "allowance-code"
_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class CodeWish:
    """What a code is to grant: whole money of a currency, and days from now at least.

    `although` as in `pos_app.head_office.packing.Wish`.
    """

    till: str
    currency: str
    amount: int
    days: int = 0
    although: bool = False


@dataclass(frozen=True, slots=True)
class AllowanceCodes:
    """Gives codes, each one numbered for its till and written down as a grant."""

    office: Office

    def wish(self, wish: CodeWish, by: str) -> int:
        """Keep a wish and return its number.

        Raises `TillUnknown`, `TillParted`, `AllowanceAmountUnfit`, or `RecordUnfit` for a
        currency that is none.
        """
        check_currency(wish.currency)
        write_allowance_code(Grant(1, wish.currency, wish.amount, wish.days), "-", bytes(32))
        record = {"currency": wish.currency, "amount": wish.amount, "days": wish.days}
        with self.office.store.writing() as act:
            if tills.till_of(act, wish.till) is None:
                raise TillUnknown(till=wish.till[:40])
            known = need_word(act, wish.till, although=wish.although)
            values: dict[str, Any] = {
                "till": wish.till,
                "state": CODE_WAITING,
                "meters": False,
                "note": "",
                "active_from_ms": 0,
                "made_ms": self.office.clock.now_ms(),
                "made_by": by,
                "decided_by": "",
            }
            number = packs.add_draft(act, values, [(_SECTION, record)])
            self.office.log(act, by, "code-wished", wish.till, draft=number, **record, **known)
        return number

    def give(self, draft: int, by: str, *, although: bool = False) -> str:
        """Return the 20 digits; they are told once and kept nowhere.

        Raises `DraftUnknown`, `DraftDecided`, `DraftNeedsAnother` or `TillParted`.
        """
        now_ms = self.office.clock.now_ms()
        with self.office.store.writing() as act:
            row = packs.draft_of(act, draft)
            if row is None:
                raise DraftUnknown(draft=draft)
            if row.state != CODE_WAITING:
                raise DraftDecided(draft=draft, state=row.state)
            if row.made_by == by:
                raise DraftNeedsAnother(by=by)
            till = tills.till_of(act, row.till)
            if till is None:
                raise TillUnknown(till=row.till)
            known = need_word(act, row.till, although=although)
            ((_, record),) = packs.draft_records(act, draft)
            sequence = packs.last_sequence(act, row.till, packs.BY_CODE) + 1
            grant = Grant(sequence, record["currency"], record["amount"], record["days"])
            secret = self.office.sealer.unseal(SECRET, till.allowance_secret, row.till.encode())
            digits = write_allowance_code(grant, row.till, secret)
            packs.add_grant(
                act,
                {
                    "till": row.till,
                    "way": packs.BY_CODE,
                    "sequence": sequence,
                    "currency": grant.currency,
                    "money_minor": grant.amount * 100,
                    "tenths": 0,
                    "count": 0,
                    "per_vend_minor": 0,
                    "not_after_ms": now_ms + grant.days * _DAY_MS if grant.days else 0,
                    "granted_ms": now_ms,
                    "granted_by": row.made_by,
                    "approved_by": by,
                },
            )
            packs.decide_draft(act, draft, ISSUED, by, now_ms)
            facts = {"draft": draft, "sequence": sequence, **known}
            self.office.log(act, by, "code-given", row.till, **facts)
        return digits
