"""Questions to the ledger; every one is answered by an index, in time that does not grow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlite
from sqlite_utils import Database

from pos_app.adapters.ledger.projections import local_day
from pos_app.application.ports import (
    KeyAttributes,
    OperatorRecord,
    SealedKey,
    TariffRecord,
    UtilityRecord,
)
from pos_app.application.printing import PrintState
from pos_app.application.records import CurrencySum, Operator, Purchase, Role, SaleRow
from pos_app.application.sale import Sale
from pos_app.domain.allowance import Allowance, Spent
from pos_app.domain.lockout import LockState
from pos_app.domain.money import Currency, Money
from pos_app.exchange.chain import Entry

_ENTRY: Final = """select seq, prev_hash, at_ms, kind, body, hash, signature from journal
    where seq = ?"""
_PAGE: Final = """select seq, prev_hash, at_ms, kind, body, hash, signature from journal
    where seq > ? order by seq limit ?"""
PAGE: Final = 500
TOKENS: Final = 6
"""No sale has more tokens: a key change of four, free units, bought units."""
_SALES: Final = """select sale.receipt, sale.at_ms, sale.drn, sale.name, sale.total_minor,
    sale.currency, sale.decimals, sale.tenths, sale.unit, sale.operator,
    (select count(*) from reprint where reprint.sale_seq = sale.seq),
    coalesce((select state from print_job where print_job.sale_seq = sale.seq
        order by copy desc limit 1), 'sent'),
    coalesce((select kind from redress where redress.sale_seq = sale.seq), '')
    from sale where sale.seq between :oldest and :newest
        and sale.at_ms >= :from and sale.at_ms < :to and (:text = '%%'
        or sale.receipt like :text escape '\\' or sale.drn like :text escape '\\'
        or sale.name like :text escape '\\')
    order by sale.seq desc limit :most"""
_SPAN: Final = """select min(first_seq), max(last_seq) from hour_sum
    where day between :first and :last"""
_NEWEST: Final = "select seq, number from sale where seq > 0 order by seq desc limit 1"
_UP_TO: Final = "select seq, number from sale where seq <= ? order by seq desc limit 1"
_ALLOWANCES: Final = """select allowance.currency, sequence, money_minor, tenths, count,
    per_vend_minor, not_after_ms,
    coalesce(sold.amount, 0) + coalesce(given.amount, 0) - before_minor,
    coalesce(units.amount, 0) - before_tenths, coalesce(sold.times, 0) - before_count
    from allowance
    left join tally as sold on sold.level = 'total' and sold.number = 0
        and sold.currency = allowance.currency and sold.name = 'sale'
    left join tally as units on units.level = 'total' and units.number = 0
        and units.currency = allowance.currency and units.name = 'units'
    left join tally as given on given.level = 'total' and given.number = 0
        and given.currency = allowance.currency and given.name = 'given'
    order by allowance.currency"""
_DAY_MINUTES: Final = 24 * 60
_LATEST_MS: Final = 253_402_128_000_000
"""30 December 9999: a day later is still a date."""


def entries(db: Database, after: int) -> Iterator[Entry]:
    """Walk the journal in order, a page at a time.

    What can be read before a damaged place is handed out before the error is raised.
    """
    most = PAGE
    while True:
        try:
            page = db.execute(_PAGE, (after, most)).fetchall()
        except sqlite.DatabaseError:
            if most == 1:
                raise
            most = 1
            continue
        if not page:
            return
        for row in page:
            yield Entry(*row)
        after = page[-1][0]


def entry(db: Database, seq: int) -> Entry | None:
    """Return one entry."""
    row = db.execute(_ENTRY, (seq,)).fetchone()
    return Entry(*row) if row else None


def sale(db: Database, column: str, value: object) -> tuple[int, Sale] | None:
    """Return (journal number, sale) by one of the unique columns of ``sale``."""
    statements = {
        "sale_id": "select seq from sale where sale_id = ?",
        "seq": "select seq from sale where seq = ?",
    }
    row = db.execute(statements[column], (value,)).fetchone()
    if row is None:
        return None
    body = db.execute("select body from journal where seq = ?", (row[0],)).fetchone()[0]
    return int(row[0]), Sale.from_body(json.loads(body))


def sale_by_receipt(db: Database, receipt: str) -> tuple[int, Sale] | None:
    """Return (journal number, sale) of a receipt; its number is given once within the till."""
    digits = receipt[receipt.rfind("-") + 1 :].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 18):
        return None
    seq = seq_of_number(db, int(digits))
    found = sale(db, "seq", seq) if seq else None
    return found if found is not None and found[1].receipt == receipt else None


def seq_of_number(db: Database, number: int) -> int | None:
    """Return the entry of the sale with a receipt number, None for none.

    Numbers grow with the journal, by one or more entries each, so halving what lies between
    finds one in a few looks: the fewer entries are no sales, the fewer.
    """
    last = db.execute(_NEWEST).fetchone()
    if last is None or number < 1:
        return None
    least, most = number, last[0] - (last[1] - number)
    while least <= most:
        middle = (least + most) // 2
        seq, found = db.execute(_UP_TO, (middle,)).fetchone() or (0, 0)
        if found == number:
            return int(seq)
        if found < number:
            least = max(middle + 1, seq + number - found)
        else:
            most = seq - (found - number)
    return None


def receipt_of_token(db: Database, drn: str, minute: int) -> str:
    """Return the receipt, or the slip of an engineering act, of a token; empty for none."""
    row = db.execute(
        """select coalesce((select receipt from sale where sale.seq = token.seq),
            (select json_extract(body, '$.receipt') from journal where journal.seq = token.seq), '')
        from token where drn = ? and minute = ?""",
        (drn, minute),
    ).fetchone()
    return str(row[0]) if row else ""


def purchases(db: Database, drn: str, limit: int) -> tuple[Purchase, ...]:
    """Return a meter's latest purchases, newest first; free units alone are none."""
    rows = db.execute(
        """select receipt, at_ms, total_minor, currency, decimals, tenths from sale
        where seq in (select token.seq from token cross join sale on sale.seq = token.seq
            where token.drn = ? order by token.minute desc limit ?)
        and total_minor > 0 order by seq desc limit ?""",
        (drn, limit * TOKENS, limit),
    ).fetchall()
    return tuple(Purchase(r[0], r[1], Money(r[2], Currency(r[3], r[4])), r[5]) for r in rows)


def month_tenths(db: Database, drn: str, month: str) -> int:
    """Return what a meter bought in a month."""
    row = db.execute(
        """select month_tenths from token where drn = ? and month = ?
        order by minute desc limit 1""",
        (drn, month),
    ).fetchone()
    return int(row[0]) if row else 0


def sales_between(
    db: Database, from_ms: int, to_ms: int, text: str, limit: int
) -> tuple[SaleRow, ...]:
    """Return sales of a span, newest first; `text` is any fragment of number, name, receipt."""
    escaped = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    # A sale's own day is at most one away from the day in UTC.
    first = local_day(max(from_ms, 0), -_DAY_MINUTES)
    last = local_day(min(to_ms, _LATEST_MS), _DAY_MINUTES)
    values = {"from": from_ms, "to": to_ms, "text": f"%{escaped}%", "most": limit}
    values |= span(db, first, last)
    rows = db.execute(_SALES, values).fetchall()
    return tuple(_sale_row(row) for row in rows)


def span(db: Database, first: str, last: str) -> dict[str, int | None]:
    """Return the `oldest` and `newest` entry among the sales of some days, None for none."""
    oldest, newest = db.execute(_SPAN, {"first": first, "last": last}).fetchone()
    return {"oldest": oldest, "newest": newest}


def _sale_row(row: Any) -> SaleRow:
    return SaleRow(
        receipt=row[0],
        at_ms=row[1],
        drn=row[2],
        name=row[3],
        total=Money(row[4], Currency(row[5], row[6])),
        tenths=row[7],
        unit=row[8],
        operator=row[9],
        copies=row[10],
        print_state=PrintState(row[11]),
        redress=row[12],
    )


def day_sums(db: Database, day: str) -> tuple[CurrencySum, ...]:
    """Return what was sold on a day, a currency each."""
    return sums(
        db,
        """select sum(sales * (page = 0)), sum(total_minor), currency, decimals from hour_sum
        where day = ? group by currency order by currency""",
        (day,),
    )


def totals(db: Database) -> tuple[CurrencySum, ...]:
    """Return what was ever sold, a currency each."""
    return sums(
        db,
        """select times, amount, currency, decimals from tally
        where level = 'total' and number = 0 and name = 'sale' order by currency""",
    )


def sums(db: Database, statement: str, values: tuple[str, ...] = ()) -> tuple[CurrencySum, ...]:
    """Return the rows (sales, minor units, currency, decimals) of a statement."""
    rows = db.execute(statement, values).fetchall()
    return tuple(CurrencySum(r[0], Money(r[1], Currency(r[2], r[3]))) for r in rows)


def operators(db: Database) -> tuple[OperatorRecord, ...]:
    """Return the operators who may sign in, by name."""
    rows = db.execute(
        "select id, name, role, pin_verifier from operator where active = 1 order by id"
    ).fetchall()
    return tuple(OperatorRecord(Operator(r[0], r[1], Role(r[2])), r[3]) for r in rows)


def lock_state(db: Database, operator: str) -> LockState:
    """Return the failed tries of an operator."""
    row = db.execute(
        "select failures, last_ms, steady_ms from lock_out where operator = ?", (operator,)
    ).fetchone()
    return LockState(*row) if row else LockState()


def tariff(db: Database, tariff_id: str) -> TariffRecord | None:
    """Return the newest version of a tariff."""
    row = db.execute(
        """select id, version, utility, text, sha256, imported_ms from tariff
        where id = ? order by version desc limit 1""",
        (tariff_id,),
    ).fetchone()
    return TariffRecord(*row) if row else None


def tariff_versions(db: Database, tariff_id: str) -> tuple[tuple[int, str], ...]:
    """Return (version, digest of the text) of a tariff, the newest first."""
    rows = db.execute(
        "select version, sha256 from tariff where id = ? order by version desc", (tariff_id,)
    ).fetchall()
    return tuple((int(row[0]), str(row[1])) for row in rows)


def tariff_version(db: Database, tariff_id: str, version: int) -> TariffRecord | None:
    """Return one version of a tariff."""
    row = db.execute(
        """select id, version, utility, text, sha256, imported_ms from tariff
        where id = ? and version = ?""",
        (tariff_id, version),
    ).fetchone()
    return TariffRecord(*row) if row else None


def utility(db: Database, utility_id: str) -> UtilityRecord | None:
    """Return a utility."""
    row = db.execute(
        "select id, name, address, tax_reference, help_line from utility where id = ?",
        (utility_id,),
    ).fetchone()
    return UtilityRecord(*row) if row else None


def utilities(db: Database) -> tuple[UtilityRecord, ...]:
    """Return every utility."""
    rows = db.execute("select id, name, address, tax_reference, help_line from utility").fetchall()
    return tuple(UtilityRecord(*row) for row in rows)


def allowances(db: Database) -> tuple[tuple[str, Allowance, Spent], ...]:
    """Return every allowance with what is spent of it."""
    rows = db.execute(_ALLOWANCES).fetchall()
    return tuple((row[0], Allowance(*row[1:7]), Spent(*row[7:])) for row in rows)


def sealed_keys(db: Database, sgc: str, krn: int, pan: str) -> tuple[SealedKey, ...]:
    """Return a meter's own keys first, then the vending keys of its group."""
    rows = db.execute(
        """select kind, sgc, krn, kt, base, ken, dkga, kcv, active_from_ms, issue_until_ms, pan,
        ti, ea, blob from sealed_key
        where sgc = ? and krn = ? and pan in (?, '') order by pan desc, id desc""",
        (sgc, krn, pan),
    ).fetchall()
    return tuple(SealedKey(KeyAttributes(*row[:-1]), row[-1]) for row in rows)


def vending_keys(db: Database) -> tuple[SealedKey, ...]:
    """Return the records of all vending keys."""
    rows = db.execute(
        """select kind, sgc, krn, kt, base, ken, dkga, kcv, active_from_ms, issue_until_ms, pan,
        ti, ea, blob from sealed_key where kind = 'vending' order by id"""
    )
    return tuple(SealedKey(KeyAttributes(*row[:-1]), row[-1]) for row in rows)
