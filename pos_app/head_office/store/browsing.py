"""Lists for the console: a page at a time, each going on after a key (never by counting).

Every list asks for one row more than a page has, so that the page knows whether another follows.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Select, exists, func, or_, select, true

from pos_app.head_office.store.tables import (
    allowance_grant,
    api_token,
    audit,
    branch,
    draft,
    draft_record,
    entry,
    finding,
    meter,
    pack,
    quarantine,
    sale,
    till,
    token,
)

Row = dict[str, Any]
ENOUGH: Final = 1000
"""Counts on every page stop here: what is open may be a table of its own."""


def _rows(act: Connection, wanted: Select[*tuple[Any, ...]]) -> list[Row]:
    return [dict(row) for row in act.execute(wanted).mappings()]


def _like(text: str) -> str:
    plain = text.casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


def tills_page(
    act: Connection, text: str, quiet_since_ms: int | None, after: str, most: int
) -> list[Row]:
    """Return tills by name; with `quiet_since_ms` only those that somebody should look at."""
    troubled: Any = true()
    if quiet_since_ms is not None:
        opened = exists().where(finding.c.till == till.c.till, finding.c.settled_ms.is_(None))
        troubled = or_(till.c.seen_ms < quiet_since_ms, opened)
    named: Any = true()
    if text:
        pattern = _like(text)
        named = or_(
            func.lower(till.c.till).like(pattern, escape="\\"),
            func.lower(till.c.shop).like(pattern, escape="\\"),
        )
    wanted = select(
        till.c.till, till.c.shop, till.c.mode, till.c.state, till.c.enrolled_ms, till.c.seen_ms,
        till.c.pack_number, till.c.pack_asked,
    ).where(till.c.till > after, troubled, named)  # fmt: skip
    return _rows(act, wanted.order_by(till.c.till).limit(most + 1))


def signs_of(act: Connection, names: list[str]) -> dict[str, Row]:
    """Return what tells how tills are: branches with books, open findings, what waits."""
    signs: dict[str, Row] = {
        name: {"branches": [], "findings": {}, "waiting": 0, "aside": 0} for name in names
    }
    wanted = select(branch).where(branch.c.till.in_(names)).order_by(branch.c.branch)
    for row in _rows(act, wanted):
        signs[row["till"]]["branches"].append(row)
    opened = (
        select(finding.c.till, finding.c.kind, func.count().label("number"))
        .where(finding.c.till.in_(names), finding.c.settled_ms.is_(None))
        .group_by(finding.c.till, finding.c.kind)
    )
    for row in _rows(act, opened):
        signs[row["till"]]["findings"][row["kind"]] = row["number"]
    for name, table, condition in (
        ("waiting", entry, entry.c.branch.is_(None)),
        ("aside", quarantine, quarantine.c.settled_ms.is_(None)),
    ):
        counted = (
            select(table.c.till, func.count().label("number"))
            .where(table.c.till.in_(names), condition).group_by(table.c.till)
        )  # fmt: skip
        for row in _rows(act, counted):
            signs[row["till"]][name] = row["number"]
    return signs


def count_tills(act: Connection, heard_since_ms: int) -> Row:
    """Return how many tills there are, and how many were heard of lately."""
    heard = func.count().filter(till.c.seen_ms >= heard_since_ms)
    return _rows(act, select(func.count().label("tills"), heard.label("heard")))[0]


def count_open(act: Connection) -> int:
    """Return how many findings are open, up to a bound."""
    some = select(finding.c.id).where(finding.c.settled_ms.is_(None)).limit(ENOUGH).subquery()
    return int(act.execute(select(func.count()).select_from(some)).scalar_one())


def count_drafts(act: Connection, states: tuple[str, ...]) -> int:
    """Return how many drafts wait, up to a bound."""
    some = select(draft.c.id).where(draft.c.state.in_(states)).limit(ENOUGH).subquery()
    return int(act.execute(select(func.count()).select_from(some)).scalar_one())


def grants_to(act: Connection, name: str, most: int) -> list[Row]:
    """Return the latest allowances of a till."""
    wanted = select(allowance_grant).where(allowance_grant.c.till == name)
    return _rows(act, wanted.order_by(allowance_grant.c.granted_ms.desc()).limit(most))


def packs_page(act: Connection, name: str, before: int, most: int) -> list[Row]:
    """Return a till's packs, the newest first, those below number `before`."""
    wanted = select(pack).where(pack.c.till == name, pack.c.number < before)
    return _rows(act, wanted.order_by(pack.c.number.desc()).limit(most + 1))


def sums(act: Connection, first: str, last: str, of: str) -> list[Row]:
    """Return what each till (or one) sold on each day, by the index of a till's days."""
    wanted = (
        select(
            sale.c.till, sale.c.day, sale.c.currency, sale.c.decimals, sale.c.unit,
            sale.c.training, func.count().label("sales"),
            func.sum(sale.c.total_minor).label("total_minor"),
            func.sum(sale.c.tenths).label("tenths"),
        )
        .select_from(till.join(sale, sale.c.till == till.c.till))
        .where(sale.c.day.between(first, last), (till.c.till == of) if of else true())
        .group_by(sale.c.till, sale.c.day, sale.c.currency, sale.c.decimals, sale.c.unit,
                  sale.c.training)
        .order_by(sale.c.day.desc(), sale.c.till, sale.c.currency, sale.c.unit, sale.c.training)
    )  # fmt: skip
    return [
        row | {"total_minor": int(row["total_minor"]), "tenths": int(row["tenths"])}
        for row in _rows(act, wanted)
    ]


def last_day(act: Connection) -> str | None:
    """Return the newest day on which anything was sold."""
    newest = select(func.max(sale.c.day)).where(sale.c.till == till.c.till).scalar_subquery()
    day = select(newest.label("day")).select_from(till).subquery()
    found: str | None = act.execute(select(func.max(day.c.day))).scalar_one()
    return found


def tokens_of(act: Connection, name: str, seq: int, on: int) -> list[Row]:
    """Return the tokens of a sale."""
    wanted = select(token).where(token.c.till == name, token.c.seq == seq, token.c.branch == on)
    return _rows(act, wanted.order_by(token.c.position))


def findings_page(act: Connection, *, settled: bool, of: str, before: int, most: int) -> list[Row]:
    """Return findings, the newest first, those below number `before`."""
    state = finding.c.settled_ms.is_not(None) if settled else finding.c.settled_ms.is_(None)
    here = (finding.c.till == of) if of else true()
    wanted = select(finding).where(state, finding.c.id < before, here)
    return _rows(act, wanted.order_by(finding.c.id.desc()).limit(most + 1))


def finding_of(act: Connection, number: int) -> Row | None:
    """Return one finding."""
    return next(iter(_rows(act, select(finding).where(finding.c.id == number))), None)


def entries_at(act: Connection, name: str, seq: int) -> list[Row]:
    """Return what is held at a place of a till's journal: more than one where it forked."""
    wanted = select(entry).where(entry.c.till == name, entry.c.seq == seq)
    return _rows(act, wanted.order_by(entry.c.received_ms).limit(10))


def aside_at(act: Connection, name: str, seq: int) -> list[Row]:
    """Return what was set aside at a place of a till's journal, with its bytes."""
    wanted = select(quarantine).where(quarantine.c.till == name, quarantine.c.seq == seq)
    return _rows(act, wanted.order_by(quarantine.c.received_ms).limit(10))


def meters_page(act: Connection, text: str, after: str, most: int) -> list[Row]:
    """Return meters (`drn`, `record` as JSON text) whose number or customer has `text` in it."""
    found = meter.c.found_by.like(_like(text), escape="\\") if text else true()
    wanted = select(meter.c.drn, meter.c.record).where(
        meter.c.removed.is_(False), meter.c.drn > after, found
    )
    return _rows(act, wanted.order_by(meter.c.drn).limit(most + 1))


def tariff_records(act: Connection, most: int) -> list[Row]:
    """Return the tariffs that were drafted for tills, the newest first."""
    wanted = (
        select(draft_record.c.draft, draft_record.c.position, draft_record.c.record,
               draft.c.state, draft.c.till, draft.c.made_ms)
        .join(draft, draft.c.id == draft_record.c.draft)
        .where(draft_record.c.section == "tariffs")
        .order_by(draft_record.c.draft.desc(), draft_record.c.position)
    )  # fmt: skip
    return _rows(act, wanted.limit(most))


def drafts_page(act: Connection, states: tuple[str, ...], before: int, most: int) -> list[Row]:
    """Return drafts in some states, the newest first, those below number `before`."""
    wanted = select(draft).where(draft.c.state.in_(states), draft.c.id < before)
    return _rows(act, wanted.order_by(draft.c.id.desc()).limit(most + 1))


def sections_of(act: Connection, numbers: list[int]) -> dict[int, list[str]]:
    """Return the sections that each of some drafts has records of, by name."""
    wanted = (
        select(draft_record.c.draft, draft_record.c.section)
        .where(draft_record.c.draft.in_(numbers)).distinct()
        .order_by(draft_record.c.draft, draft_record.c.section)
    )  # fmt: skip
    found: dict[int, list[str]] = {number: [] for number in numbers}
    for row in act.execute(wanted):
        found[row.draft].append(row.section)
    return found


def draft_of(act: Connection, number: int) -> Row | None:
    """Return one draft."""
    return next(iter(_rows(act, select(draft).where(draft.c.id == number))), None)


def records_of(act: Connection, number: int, most: int) -> list[Row]:
    """Return the first records of a draft."""
    wanted = select(draft_record).where(draft_record.c.draft == number)
    return _rows(act, wanted.order_by(draft_record.c.position).limit(most))


def count_records(act: Connection, number: int) -> int:
    """Return how many records a draft has."""
    wanted = select(func.count()).select_from(draft_record).where(draft_record.c.draft == number)
    return int(act.execute(wanted).scalar_one())


def log_page(act: Connection, before: int, most: int) -> list[Row]:
    """Return lines of the log, the newest first, those below number `before`."""
    wanted = select(
        audit.c.id, audit.c.at_ms, audit.c.who, audit.c.act, audit.c.subject, audit.c.facts
    ).where(audit.c.id < before)
    return _rows(act, wanted.order_by(audit.c.id.desc()).limit(most + 1))


def api_tokens(act: Connection) -> list[Row]:
    """Return the API tokens that were not retired, without their digests."""
    wanted = select(api_token.c.name, api_token.c.role, api_token.c.made_ms, api_token.c.made_by)
    return _rows(act, wanted.where(api_token.c.retired_ms.is_(None)).order_by(api_token.c.name))
