"""The meters of the shop: exact, by any fragment, and loading them.

No statement here is a scan: numbers go by index from either end, everything else by a trigram
index, which answers any fragment of three letters or more.
"""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from itertools import islice
from operator import attrgetter
from typing import Any, Final

from sqlite_utils import Database

from pos_app.application.records import MeterHit, MeterRecord

CANDIDATES: Final = 200
"""So many hits are looked at and ranked at most; nobody reads further."""

WHOLE_NUMBER: Final = 9
"""So many digits that are somebody's number or phone are not a part of another's."""

BATCH: Final = 2000
_PLAIN: Final = attrgetter(
    "pan", "address", "commodity", "krn", "ti", "ken", "kt", "ea", "dkga", "blocked"
)
"""What is in no index, in the order of `_CHANGE`."""
_VALUES: Final = attrgetter(*(field.name for field in fields(MeterRecord)))
_SELECT: Final = """select drn, pan, name, address, phone, account, utility, tariff, commodity,
    coalesce(held.sgc, meter.sgc), coalesce(held.krn, meter.krn), coalesce(held.ti, meter.ti),
    coalesce(held.ken, meter.ken), coalesce(held.kt, meter.kt), coalesce(held.ea, meter.ea),
    coalesce(held.dkga, meter.dkga), coalesce(held.base, meter.base), blocked
    from meter left join meter_key as held using (drn) where drn """
_ONE: Final = "= ?"
_SEVERAL: Final = "in (select value from json_each(?))"
_BY_DRN: Final = """select id, drn, name, address, phone, blocked, phone_digits, account from meter
    where drn >= ? and drn < ? order by drn limit ?"""
_BY_PHONE: Final = """select id, drn, name, address, phone, blocked, phone_digits, account
    from meter where phone_digits >= ? and phone_digits < ? order by phone_digits limit ?"""
_BY_ACCOUNT: Final = """select id, drn, name, address, phone, blocked, phone_digits, account
    from meter where account >= ? and account < ? order by account limit ?"""
_BY_END: Final = """select id, drn, name, address, phone, blocked, phone_digits, account
    from meter where backwards >= ? and backwards < ? order by backwards limit ?"""
_BY_NAME: Final = """select id, drn, name, address, phone, blocked, phone_digits, account
    from meter where sort_name >= ? and sort_name < ? order by sort_name limit ?"""
_BY_PART: Final = """select id, drn, name, address, phone, blocked, phone_digits, account
    from meter where id in (select rowid from meter_part where meter_part match ? limit ?)"""
_WHOLE: Final = """select id, drn, name, address, phone, blocked, phone_digits, account
    from meter where drn = :number or phone_digits = :number or account = :number limit :most"""
_RANGES: Final = ((_BY_DRN, False), (_BY_PHONE, False), (_BY_ACCOUNT, False), (_BY_END, True))
_INSERT: Final = """insert into meter (drn, backwards, pan, name, sort_name, address, phone,
    phone_digits, account, utility, tariff, commodity, sgc, krn, ti, ken, kt, ea, dkga, base,
    blocked) values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"""
_KNOWN: Final = """select drn, id, name, phone, account, utility, tariff, sgc, base, address
    from meter where drn in (select value from json_each(?))"""
_FORGET_PART: Final = """insert into meter_part
    (meter_part, rowid, name, address, drn, phone_digits, account)
    select 'delete', id, name, address, drn, phone_digits, account from meter where id = ?"""
_INDEX: Final = """insert into meter_part (rowid, name, address, drn, phone_digits, account)
    select id, name, address, drn, phone_digits, account from meter where id = ?"""
_FORGET: Final = "delete from meter where id = ?"
_INDEX_AFTER: Final = """insert into meter_part
    (rowid, name, address, drn, phone_digits, account)
    select id, name, address, drn, phone_digits, account from meter where id > ?"""
_CHANGE: Final = """update meter set pan = ?, address = ?, commodity = ?, krn = ?, ti = ?,
    ken = ?, kt = ?, ea = ?, dkga = ?, blocked = ? where id = ?"""
_NAME: Final = "update meter set name = ?, sort_name = ? where id = ?"
_PHONE: Final = "update meter set phone = ?, phone_digits = ? where id = ?"
_ACCOUNT: Final = "update meter set account = ? where id = ?"
_SUPPLY: Final = "update meter set utility = ?, tariff = ?, sgc = ?, base = ? where id = ?"


def fold(text: str) -> str:
    """Return `text` as names are compared: no accents, no case, single spaces."""
    if text.isascii():  # nothing to take apart
        return " ".join(text.lower().split())
    flat = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in flat if not unicodedata.combining(c)).split())


def _after(prefix: str) -> str:
    """Return the first text behind every text that starts with `prefix`."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _digits(text: str) -> str:
    if text.isascii() and text.isdigit():
        return text
    return "".join(c for c in text if c.isascii() and c.isdigit())


def exact(db: Database, drn: str) -> MeterRecord | None:
    """Return the meter with this DRN, and with the key that it holds."""
    row = db.execute(_SELECT + _ONE, (drn,)).fetchone()
    return MeterRecord(*row) if row else None


def several(db: Database, drns: list[str]) -> dict[str, MeterRecord]:
    """Return those of many meters that are on file, by number, with the keys they hold."""
    rows = db.execute(_SELECT + _SEVERAL, (json.dumps(drns),))
    return {row[0]: MeterRecord(*row) for row in rows}


def search(db: Database, text: str, limit: int) -> tuple[MeterHit, ...]:
    """Return at most `limit` meters for a fragment, best first."""
    # Signs that nobody can see or type end a word of the index and cannot always be encoded.
    wanted = "".join(sign if sign.isprintable() else " " for sign in text).strip()
    if not fold(wanted):
        return ()
    compact = wanted.translate({ord(c): None for c in " -+\u2009"})
    if compact.isascii() and compact.isdigit():
        rows = _by_number(db, compact, limit)
    else:
        rows = _by_words(db, fold(wanted).split(), limit)
    return tuple(MeterHit(r[1], r[2], r[3], r[4], bool(r[5])) for r in rows[:limit])


def _by_number(db: Database, number: str, limit: int) -> list[Any]:
    """Return meters by digits: a whole number or phone alone, else every fragment of one."""
    if len(number) >= WHOLE_NUMBER:
        whole = db.execute(_WHOLE, {"number": number, "most": limit}).fetchall()
        if whole:
            return list(whole)
    found: dict[int, Any] = {}
    for statement, from_the_end in _RANGES:
        key = number[::-1] if from_the_end else number
        for row in db.execute(statement, (key, _after(key), limit)).fetchall():
            found.setdefault(row[0], row)
        if len(found) >= limit:
            return list(found.values())
    if len(number) >= 3:
        for row in db.execute(_BY_PART, (f'"{number}"', limit)).fetchall():
            found.setdefault(row[0], row)
    return list(found.values())


def _by_words(db: Database, words: list[str], limit: int) -> list[Any]:
    long = [word for word in words if len(word) >= 3]
    if long:
        match = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
        rows = db.execute(_BY_PART, (match, CANDIDATES)).fetchall()
    else:
        key = " ".join(words)
        rows = db.execute(_BY_NAME, (key, _after(key), CANDIDATES)).fetchall()
    ranked = [(_rank(row, words), row) for row in rows]
    ranked = [(rank, row) for rank, row in ranked if rank is not None]
    ranked.sort(key=lambda pair: (pair[0], pair[1][2], pair[1][1]))
    return [row for _, row in ranked[:limit]]


def _rank(row: Any, words: list[str]) -> int | None:
    """Return how far a row is from the words (0: all begin a part of the name), None: not it."""
    name = fold(row[2])
    everything = " ".join((name, fold(row[3]), row[1], row[6], fold(row[7])))
    distance = 0
    for word in words:
        if f" {name}".find(f" {word}") >= 0:
            continue
        if f" {everything}".find(f" {word}") >= 0:
            distance += 1
        elif word in everything:
            distance += 2
        else:
            return None
    return distance


def _row(meter: MeterRecord) -> tuple[Any, ...]:
    drn, pan, name, address, phone, *rest = _VALUES(meter)
    phone_digits = _digits(phone)
    return (drn, drn[::-1], pan, name, fold(name), address, phone, phone_digits, *rest)


def _batches(meters: Iterable[MeterRecord]) -> Iterator[list[MeterRecord]]:
    source = iter(meters)
    while batch := list(islice(source, BATCH)):
        yield batch


def import_meters(db: Database, meters: Iterable[MeterRecord]) -> int:
    """Insert or replace meters inside the open transaction, index them, return how many.

    Of two records for one meter the later one stands.
    """
    count = 0
    with ExitStack() as room:
        for at, batch in enumerate(_batches(meters)):
            if at == 1:  # a whole file: a few meters out of a pack need no more room
                room.enter_context(_roomy(db))
            count += _import_batch(db, batch)
    return count


@contextmanager
def _roomy(db: Database) -> Iterator[None]:
    """Keep more pages in memory for a while: filling the index touches all of it again and again.

    100,000 meters took 5.1 s of a processor with it and 8.6 s without.
    """
    db.execute("PRAGMA cache_size = -64000")
    try:
        yield
    finally:
        make_room(db, much=False)


def _import_batch(db: Database, batch: list[MeterRecord]) -> int:
    records = {meter.drn: meter for meter in batch}
    known = db.execute(_KNOWN, (json.dumps(list(records)),)).fetchall()
    _change(db, [(row, records.pop(row[0])) for row in known])
    last = db.execute("select coalesce(max(id), 0) from meter").fetchone()[0]
    db.conn.executemany(_INSERT, [_row(meter) for meter in records.values()])
    db.execute(_INDEX_AFTER, (last,))
    return len(known) + len(records)


def _change(db: Database, pairs: list[tuple[Any, MeterRecord]]) -> None:
    """Change rows, as `_KNOWN` has them, where they are.

    An index is touched only where that which it is of has changed: whole rows in place of others
    took four times as long.
    """
    changes: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for (_, number, name, phone, account, *supply, address), new in pairs:
        if (name, address, phone, account) != (new.name, new.address, new.phone, new.account):
            changes[_FORGET_PART].append((number,))
            changes[_INDEX].append((number,))
        if name != new.name:
            changes[_NAME].append((new.name, fold(new.name), number))
        if phone != new.phone:
            changes[_PHONE].append((new.phone, _digits(new.phone), number))
        if account != new.account:
            changes[_ACCOUNT].append((new.account, number))
        if supply != list(belongs := (new.utility, new.tariff, new.sgc, new.base)):
            changes[_SUPPLY].append((*belongs, number))
        changes[_CHANGE].append((*_PLAIN(new), number))
    for statement in (_FORGET_PART, _NAME, _PHONE, _ACCOUNT, _SUPPLY, _CHANGE, _INDEX):
        db.conn.executemany(statement, changes[statement])


def remove_meters(db: Database, drns: list[str]) -> int:
    """Take meters off the file and its index inside the open transaction; return how many."""
    known = db.execute(_KNOWN, (json.dumps(drns),)).fetchall()
    numbers = [(row[1],) for row in known]
    db.conn.executemany(_FORGET_PART, numbers)
    db.conn.executemany(_FORGET, numbers)
    return len(known)


def make_room(db: Database, *, much: bool) -> None:
    """Keep more pages in memory for a while, or no more of them.

    Putting a meter on file touches a page of every index anywhere, and each is decrypted when it
    is not in memory: in lots of 400 beside 280,000 meters, 155 us of a processor instead of 189.
    """
    if much:
        db.execute("PRAGMA cache_size = -32000")
    else:
        db.execute("PRAGMA cache_size = -2000")
        db.execute("PRAGMA shrink_memory")
