"""Head office's door without a shop behind it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pos_app.application.office_records import (
    AllowanceLeft,
    Enrolled,
    EnrolWish,
    Message,
    OfficeNotTrusted,
    OfficeStatus,
    PackTaken,
    ShownCertificate,
    TillStanding,
)
from pos_app.application.office_sync import RoundDone
from pos_app.application.records import TillStatus
from pos_app.domain.allowance import Allowance, Spent
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency
from pos_app.exchange.allowance_code import Grant
from tests.ui.fake_desk import NOW_MS, FakeDesk

DAY_MS = 86_400_000
NGN = Currency("NGN")
ENROLLED = Enrolled(bytes(32), "Lagoon Electric", "https://office.example", 1, b"", b"", 3)
STATUS = OfficeStatus(
    enrolled=ENROLLED,
    acknowledged_seq=700,
    acknowledged_ms=NOW_MS - 3 * 3_600_000,
    unsent=True,
    pack=12,
    freshness={
        "tariffs": NOW_MS - 20 * DAY_MS,
        "meters": NOW_MS - DAY_MS,
        "accounts": NOW_MS - DAY_MS,
        "allowance": NOW_MS - 2 * DAY_MS,
    },
    waiting_packs=((13, NOW_MS + 9 * DAY_MS),),
    waiting_keys=1,
    messages=(),
    allowances=(
        AllowanceLeft(
            NGN,
            Allowance(4, 90_000_000, 900_000, 500, 5_000_000, NOW_MS + 6 * DAY_MS),
            Spent(21_350_000, 9_000, 70),
        ),
    ),
    standing=TillStanding(),
)
CLONED = TillStanding("cloned", 8, NOW_MS - DAY_MS, NOW_MS)
SHOWN = ShownCertificate(
    "-----BEGIN CERTIFICATE-----",
    "9f2c 41d0 77ab 03e5 8c1f 60b2 d94e 15a7 3b86 f2c9 0d54 e871 a63f 2b90 c7d8 4e1a",
)
FINGERPRINT = "3bf5 6c20 809f 8940 daec 61cb 98b3 ac9e"
WORDS = Message("m1", "The office in Ikeja is closed on Monday.", 0, NOW_MS + DAY_MS)


@dataclass
class FakeOffice:
    """Implements the page's door; `trouble` is raised by the next act."""

    desk: FakeDesk
    status: OfficeStatus = STATUS
    found: tuple[str, ...] = ("/media/counter/STICK",)
    trouble: PosError | None = None
    shut: PosError | None = None
    packs: tuple[PackTaken, ...] = (PackTaken("3", 13, 0, {"tariffs": 1}),)
    entries: int = 57
    known: bool = True
    calls: list[str] = field(default_factory=list)

    def look(self) -> tuple[OfficeStatus, TillStatus]:
        return self.status, self.desk.status()

    def last_problem(self) -> PosError | None:
        return self.shut

    def sticks(self) -> tuple[str, ...]:
        return self.found

    def write(self, stick: str) -> int:
        self._act(f"write {stick}")
        return self.entries

    def take(self, stick: str) -> tuple[PackTaken, ...]:
        self._act(f"take {stick}")
        return self.packs

    def call(self) -> RoundDone:
        self._act("call")
        return RoundDone(self.entries, (), ())

    def code(self, digits: str, operator_id: str) -> Grant:
        self._act(f"code {digits} {operator_id}")
        return Grant(3, "NGN", 200, 7)

    def look_at(self, url: str) -> ShownCertificate:
        self._act(f"look {url}")
        return SHOWN

    def enrol(self, wish: EnrolWish, operator_id: str) -> tuple[str, str]:
        self._act(f"enrol {wish.url} {wish.code} {operator_id} {wish.pem}".strip())
        if not self.known and wish.pem != SHOWN.pem:
            raise OfficeNotTrusted(url=wish.url)
        return self._join()

    def trust(self, pem: str, operator_id: str) -> None:
        self._act(f"trust {pem} {operator_id}")

    def ask(self, stick: str, code: str, operator_id: str) -> str:
        self._act(f"ask {stick} {code} {operator_id}")
        return "TRAIN1-enrol.request"

    def answer(self, stick: str, operator_id: str) -> tuple[str, str]:
        self._act(f"answer {stick} {operator_id}")
        return self._join()

    def _join(self) -> tuple[str, str]:
        self.status = replace(STATUS, acknowledged_ms=0)
        return "Lagoon Electric", FINGERPRINT

    def alone(self) -> None:
        self.status = replace(STATUS, enrolled=None, acknowledged_ms=0, allowances=())

    def _act(self, what: str) -> None:
        self.calls.append(what)
        problem, self.trouble = self.trouble, None
        if problem is not None:
            raise problem
