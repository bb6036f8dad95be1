"""Virtual meters without a shop: kept in memory, holding a published key."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pos_app.domain.errors import PosError
from pos_app.meter.device import Act, step
from pos_app.meter.profile_file import profile_of_text
from pos_app.meter.results import Answer
from pos_app.meter.state import Meter
from pos_app.resources import resource
from pos_app.sts.identity import parse_meter_number
from pos_app.sts.tokens import CreditToken, encode
from tests.unit.meter.meters import KEY, TID, meter

HOUSE, WATER, HALL = "14123456783", "62123456782", "37123456784"
KINDS = {HOUSE: "electricity", WATER: "water", HALL: "money"}


class NoTokenSold(PosError):
    """As the real bench says it."""

    code = "no-token-sold"


@dataclass
class FakeBench:
    """`trouble` is raised by the next act; `sold` are tokens by meter."""

    meters: dict[str, Meter] = field(default_factory=dict)
    sold: dict[str, tuple[str, ...]] = field(default_factory=dict)
    trouble: list[PosError] = field(default_factory=list)
    tid: int = TID

    def examples(self) -> tuple[str, ...]:
        return tuple(KINDS)

    def known(self) -> tuple[Meter, ...]:
        return tuple(self.meters.values())

    def place(self, typed: str) -> Meter:
        drn = parse_meter_number(typed).digits
        if drn not in self.meters:
            text = resource("meters", f"{KINDS.get(drn, 'electricity')}.toml").read_text("utf-8")
            self.meters[drn] = replace(meter(profile_of_text(text)), drn=drn)
        return self.meters[drn]

    def do(self, drn: str, act: Act) -> tuple[Meter, Answer]:
        if self.trouble:
            raise self.trouble.pop()
        self.meters[drn], answer = step(self.meters[drn], act)
        return self.meters[drn], answer

    def last_tokens(self, drn: str) -> tuple[str, ...]:
        if drn not in self.sold:
            raise NoTokenSold(drn=drn)
        return self.sold[drn]

    def sell(self, drn: str, tenths: int) -> str:
        """Make a token for a units meter, as a sale of today would."""
        self.tid += 1
        sub = 1 if drn == WATER else 0
        digits = encode(CreditToken(sub, tenths, self.tid, 5), KEY)
        self.sold[drn] = (digits,)
        return digits
