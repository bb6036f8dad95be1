"""Blocks that several tills oversold: what the difference is, and the corrections that settle it.

The figure is a state: the month is reckoned anew from what is booked, and what was drafted for it
before is taken off. So a journal that comes late leads to one more, smaller correction, and asking
again to none. A correction is collected by the till that the meter bought from last.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from pos_app.domain.errors import PosError
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.lines import half_up
from pos_app.domain.tariff.tariff import Tariff
from pos_app.exchange.pack import Section
from pos_app.exchange.signed_text import TARIFF, read_signed
from pos_app.head_office.corrections import account_file
from pos_app.head_office.errors import EntryUnfit
from pos_app.head_office.making_good import REDRESS
from pos_app.head_office.office import Office
from pos_app.head_office.packing import Packing, Wish
from pos_app.head_office.reckoning import BookedSale, Reckoned, Why, reckon
from pos_app.head_office.records import TillState
from pos_app.head_office.store import oversold as held
from pos_app.head_office.store.engine import Act
from pos_app.head_office.store.oversold import Key

MOST: Final = 500
"""So many corrections go into one draft."""
LOOKED: Final = 300
"""So many meters one page works out: some three seconds."""
_MANY: Final = 5000
_PIECE: Final = 50
_DRAFTED: Final = "oversold-drafted"
_TRAINING: Final = "training"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which months are looked at: `now` also those not over yet, or with tills not heard of since.

    With `ours`, units that tills counted and no till of this office sold were never sold.
    """

    month: str
    till: str = ""
    now: bool = False
    ours: bool = False

    def key(self) -> Key:
        """Return the place before the month's first meter; raises `EntryUnfit`."""
        try:
            date.fromisoformat(f"{self.month}-01")
        except ValueError:
            raise EntryUnfit(field="month", typed=self.month[:40]) from None
        return Key("", False, self.month)  # noqa: FBT003 - a tuple's fields


@dataclass(frozen=True, slots=True)
class Line:
    """A meter's month: minor units; `open` is what is neither drafted nor asked yet.

    `whys` counts the reasons against a correction, `waits_for` are tills not heard of since, and
    `till` would collect it. `drafted` counts all corrections that there ever were.
    """

    key: Key
    found: Reckoned
    sent: int
    drafted: int
    till: str
    whys: Counter[str]
    waits_for: tuple[str, ...] = ()

    @property
    def open(self) -> int:
        """Return what is to be asked for, below 0 what is to be given back."""
        return self.found.difference - self.sent

    @property
    def speaks(self) -> bool:
        """Tell whether there is anything to say of this month."""
        counted = {why for why in self.whys if why != Why.WAITS}
        return bool(counted) or self.open != 0

    def values(self) -> dict[str, Any]:
        """Return the line as plain values."""
        found = self.found
        return {
            **self.key._asdict(),
            "currency": found.currency,
            "decimals": found.decimals,
            "charged_minor": half_up(found.charged),
            "due_minor": half_up(found.charged) + found.difference,
            "sent_minor": self.sent,
            "open_minor": self.open,
            "till": self.till,
            "whys": dict(self.whys),
            "waits_for": list(self.waits_for),
            "sales": [asdict(each) for each in found.works],
        }


def last_month(now_ms: int) -> str:
    """Return the month before the present one, by UTC."""
    first = datetime.fromtimestamp(now_ms / 1000, UTC).replace(day=1)
    return (first - timedelta(days=1)).strftime("%Y-%m")


@dataclass(frozen=True, slots=True)
class Oversold:
    """Reckons months and drafts what corrects them."""

    office: Office
    packing: Packing

    def page(self, asked: Asked, after: Key | None, most: int) -> tuple[list[Line], Key | None]:
        """Return up to `most` lines after a meter, and the meter to go on from.

        A page looks at no more than `LOOKED` meters, so it may have few lines and yet go on.
        """
        found: list[Line] = []
        for count, line in enumerate(self._looked(asked, after), 1):
            if line.speaks:
                found.append(line)
            if len(found) == most or count == LOOKED:
                return found, line.key
        return found, None

    def lines(self, asked: Asked) -> Iterator[Line]:
        """Yield what there is to say of a month, by meter; raises `EntryUnfit`."""
        return (line for line in self._looked(asked, None) if line.speaks)

    def _looked(self, asked: Asked, after: Key | None) -> Iterator[Line]:
        """Yield every meter that several tills sold to, a few in each transaction."""
        here = after or asked.key()
        while True:
            with self.office.store.reading() as act:
                keys = held.sold_by_many(act, here, asked.till, _MANY)
            for start in range(0, len(keys), _PIECE):
                with self.office.store.reading() as act:
                    reader = _Reader(act, asked)
                    lines = [reader.line(key) for key in keys[start : start + _PIECE]]
                yield from lines
            if len(keys) < _MANY:
                return
            here = keys[-1]

    def draft(self, asked: Asked, by: str) -> list[int]:
        """Draft what is open and can be said, a pack for each till; return the drafts' numbers.

        Nothing is drafted twice: what another draft has meanwhile is looked at again.
        """
        ready = [line for line in self.lines(asked) if line.open and not line.whys]
        groups: dict[tuple[str, str, str], list[Line]] = {}
        for line in ready:
            of = (line.till, line.found.utility, line.found.currency)
            groups.setdefault(of, []).append(line)
        made = [
            self._draft(till, lines[start : start + MOST], asked, by)
            for (till, _, _), lines in sorted(groups.items())
            for start in range(0, len(lines), MOST)
        ]
        return [number for number in made if number]

    def _draft(self, till: str, lines: list[Line], asked: Asked, by: str) -> int:
        with self.office.store.writing() as act:
            held.take_turn(act)
            fresh = [
                line for line in lines if held.sent(act, line.key) == (line.sent, line.drafted)
            ]
            if not fresh:
                return 0
            rows = [_row(line) for line in fresh]
            today = datetime.fromtimestamp(self.office.clock.now_ms() / 1000, UTC).date()
            records: list[tuple[Section, dict[str, Any]]] = [
                (Section.ACCOUNTS, {"content": account_file(row, today), "oversold": row["ref"]})
                for row in rows
            ]
            number = self.packing.draft_in(act, Wish(till, records, note=asked.month), by)
            held.add(act, [row | {"draft": number} for row in rows])
            facts = {"draft": number, "month": asked.month, "corrections": len(rows)}
            said = [name for name in ("now", "ours") if getattr(asked, name)]
            self.office.log(act, by, _DRAFTED, till, **facts, by_word=said)
        return number


@dataclass(slots=True)
class _Reader:
    """Reckons meters out of one moment of the database; tills and tariffs are read once."""

    act: Act
    asked: Asked
    tills: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    tariffs: dict[tuple[str, int], Tariff] | None = None

    def line(self, key: Key) -> Line:
        rows = held.sales_of(self.act, key)
        before = held.last_day_before(self.act, key)
        sales = [
            BookedSale(
                row["till"], row["seq"], row["at_ms"], row["day"], row["body"],
                self._made_good(row["till"], row["branch"], row["seq"]),
            )
            for row in rows
        ]  # fmt: skip
        day = None if before is None else date.fromisoformat(before)
        found = reckon(sales, self._tariff, day, ours=self.asked.ours)
        sent, drafted = held.sent(self.act, key)
        names = sorted({row["till"] for row in rows})
        whys: Counter[str] = Counter({why.value: count for why, count in found.whys.items()})
        whys += Counter(self._doubts(key, names))
        waits = tuple(name for name in names if self._head_ms(name) < _end_ms(key, rows))
        if waits and not self.asked.now:
            whys[Why.WAITS.value] += len(waits)
        till = self._collector(key, rows)
        if not till:
            whys[Why.NO_TILL.value] += 1
        return Line(key, found, sent, drafted, till, whys, waits)

    def _doubts(self, key: Key, names: list[str]) -> Iterator[str]:
        yield from (Why.FORKED.value for name in names if len(self._journals(name)) > 1)
        if held.is_rebuilt(self.act, key):
            yield Why.REBUILT.value

    def _journals(self, name: str) -> list[dict[str, Any]]:
        if name not in self.tills:
            self.tills[name] = held.journals_of(self.act, name)
        return self.tills[name]

    def _head_ms(self, name: str) -> int:
        return max((int(each["head_at_ms"]) for each in self._journals(name)), default=0)

    def _made_good(self, name: str, branch: int, seq: int) -> bool:
        """Tell whether a sale's money went back or bought something else.

        A replaced token, or free units for a sale, leave its money where it is.
        """
        for each in self._journals(name):
            made = each["books"].get("good", {}).get(str(seq))
            if each["branch"] == branch and made is not None:
                return held.kind_of(self.act, name, branch, int(made)) in REDRESS
        return False

    def _collector(self, key: Key, rows: list[dict[str, Any]]) -> str:
        """Return the till of the meter's last sale that may still be sent packs."""
        known = held.modes(self.act, {row["till"] for row in rows})
        for row in reversed(rows):
            mode, state = known.get(row["till"], ("", ""))
            if state == TillState.ENROLLED and (mode == _TRAINING) == key.training:
                return str(row["till"])
        return ""

    def _tariff(self, name: str, version: int) -> Tariff | None:
        if self.tariffs is None:
            self.tariffs = {}
            for content in held.tariff_files(self.act):
                tariff = _read(content)
                if tariff is not None:
                    self.tariffs[tariff.id, tariff.version] = tariff
        return self.tariffs.get((name, version))


def _read(content: str) -> Tariff | None:
    try:
        return parse_tariff(read_signed(content.encode(), TARIFF).payload.decode())
    except (PosError, UnicodeError):
        return None


def _end_ms(key: Key, rows: list[dict[str, Any]]) -> int:
    """Return the month's end where the last sale was made."""
    after = date.fromisoformat(key.days[1]) + timedelta(days=1)
    offset = int(rows[-1]["body"].get("offset_minutes", 0)) if rows else 0
    return int(datetime(after.year, after.month, 1, tzinfo=UTC).timestamp() - offset * 60) * 1000


def _row(line: Line) -> dict[str, Any]:
    """Return a correction as the database keeps it, but for its draft."""
    values = line.values()
    return {
        "till": line.till,
        "ref": f"{line.key.drn}-{line.key.month}-{line.drafted + 1}",
        **line.key._asdict(),
        "utility": line.found.utility,
        "currency": line.found.currency,
        "decimals": line.found.decimals,
        "amount_minor": line.open,
        "charged_minor": values["charged_minor"],
        "due_minor": values["due_minor"],
        "sent_minor": line.sent,
        "working": json.dumps(values["sales"]),
        "number": 0,
    }
