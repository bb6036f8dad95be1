"""A head office of the tests: it signs what it is told to, right or wrong."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from pos_app.application.office_records import PackTaken
from pos_app.bootstrap.shop import OpenShop
from pos_app.exchange.enrolment import Office, answer_to, make_code, read_request
from pos_app.exchange.pack import NONE_BEFORE, PackTitle, Section, write_pack
from pos_app.exchange.signing import SigningKey

T = TypeVar("T")

KEY = SigningKey(hashlib.sha256(b"a head office of the tests").digest())
OTHER_KEY = SigningKey(hashlib.sha256(b"another head office of the tests").digest())
SECRET = hashlib.sha256(b"an allowance secret of the tests").digest()
CODE = make_code(bytes(range(10)))
NAME = "Highveld Power"
SUPERVISOR = "grace"
TILL = "TRAIN1"
Records = list[tuple[Section, dict[str, Any]]]


def at_once(job: Callable[[], T]) -> T:
    """Run a job for the ledger's thread on this one."""
    return job()


def enrol(shop: OpenShop, url: str = "", key: SigningKey = KEY, first_pack: int = 1) -> None:
    """Enrol a shop by files."""
    request = read_request(shop.desk.office.request(CODE, SUPERVISOR))
    office = Office(key, NAME, url)
    answer = answer_to(request, office, SECRET, shop.clock.now_ms(), first_pack)
    shop.desk.office.take_answer(answer, SUPERVISOR)


class PackPress:
    """Makes packs of one series, one after the other."""

    def __init__(self, till: str, key: SigningKey = KEY, issued_at_ms: int = 1) -> None:
        self.title = PackTitle(key.public, till, 0, NONE_BEFORE, issued_at_ms, 0, ())
        self._key = key

    def pack(self, *records: tuple[Section, dict[str, Any]], **changes: Any) -> bytes:
        """Return the next pack; `changes` replace fields of its title."""
        sections = tuple(dict.fromkeys(section for section, _ in records))
        next_number: dict[str, Any] = {"number": self.title.number + 1, "sections": sections}
        title = replace(self.title, **(next_number | changes))
        file = io.BytesIO()
        digest = write_pack(file, title, records, self._key)
        self.title = replace(self.title, number=title.number, previous=digest)
        return file.getvalue()


def take(shop: OpenShop, pack: bytes) -> PackTaken:
    """Let a shop take a pack."""
    return shop.desk.office.packs.take(io.BytesIO(pack), at_once)


def allowance(sequence: int = 2, **changes: Any) -> tuple[Section, dict[str, Any]]:
    """Return the record of an allowance."""
    values = {
        "currency": "ZAR",
        "sequence": sequence,
        "money_minor": 500_000,
        "tenths": 40_000,
        "count": 100,
        "per_vend_minor": 200_000,
        "not_after_ms": 4_102_444_800_000,
    }
    return Section.ALLOWANCE, values | changes
