"""The tables. Whatever grows with the tills' work has the till as the first column of its key,
so that it can be partitioned, or spread over the nodes of a distributed PostgreSQL, by till.

Units: times in milliseconds UTC since 1970, money in minor units, commodity in tenths, TIDs as
minutes since 1993.
"""  # noqa: D205 - one sentence

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

TILL_LENGTH: Final = 100
_NAME: Final = 200


def _till() -> Column[Any]:
    return Column("till", String(TILL_LENGTH), primary_key=True)


def _key(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False)


def _has(name: str, kind: Any = BigInteger) -> Column[Any]:
    return Column(name, kind, nullable=False)


def _may(name: str, kind: Any = BigInteger) -> Column[Any]:
    return Column(name, kind, nullable=True)


def _number() -> Column[Any]:
    """Return a row's own number; SQLite counts by itself only in a plain integer."""
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


fact = Table("fact", metadata, _key("name", String(40)), _has("value", Text))
"""What is true of the whole office: its public key, its sealed key, how the seal is made."""

till = Table(
    "till",
    metadata,
    _till(),
    _has("shop", Text),
    _has("mode", String(20)),
    _has("public", LargeBinary),
    _has("exchange_key", LargeBinary),
    _has("allowance_secret", LargeBinary),
    _has("state", String(20)),
    _has("enrolled_ms"),
    _has("seen_ms"),
    _has("pack_number"),
    _has("pack_digest", String(64)),
    _has("pack_asked"),
    _has("meters_revision"),
)
"""Tills; `allowance_secret` is sealed; `pack_asked` the highest pack a till said it holds."""

branch = Table(
    "branch",
    metadata,
    _till(),
    _key("branch", Integer),
    _has("parent", Integer),
    _has("fork_seq"),
    _has("head_seq"),
    _has("head_hash", LargeBinary),
    _has("head_at_ms"),
    _has("grown_ms"),
    _has("books", Text),
)
"""The ends of a till's journal: one, until it forks. `books` (JSON) is what was counted so far."""

entry = Table(
    "entry",
    metadata,
    _till(),
    _key("seq", BigInteger),
    _key("hash", LargeBinary),
    _has("prev_hash", LargeBinary),
    _has("at_ms"),
    _has("kind", String(100)),
    _has("body", Text),
    _has("signature", LargeBinary),
    _may("branch", Integer),
    _has("received_ms"),
)
"""Journal entries as they came, once each; `branch` is empty while what was before is missing."""
Index("ix_entry_waiting", entry.c.till, entry.c.seq, postgresql_where=entry.c.branch.is_(None),
      sqlite_where=entry.c.branch.is_(None))  # fmt: skip

sale = Table(
    "sale",
    metadata,
    _till(),
    _key("seq", BigInteger),
    _key("branch", Integer),
    _has("sale_id", String(_NAME)),
    _has("receipt", String(_NAME)),
    _has("at_ms"),
    _has("day", String(10)),
    _has("drn", String(20)),
    _has("operator", String(_NAME)),
    _has("shift"),
    _has("utility", String(_NAME)),
    _has("tariff", String(_NAME)),
    _has("tariff_version"),
    _has("currency", String(3)),
    _has("decimals", Integer),
    _has("total_minor"),
    _has("tenths"),
    _has("unit", String(20)),
    _has("training", Boolean),
    Index("ix_sale_drn", "drn", "at_ms"),
    Index("ix_sale_day", "till", "day"),
    Index("ix_sale_receipt", "till", "receipt"),
)
"""Sales, by the shop's own day."""

token = Table(
    "token",
    metadata,
    _till(),
    _key("seq", BigInteger),
    _key("branch", Integer),
    _key("position", Integer),
    _has("drn", String(20)),
    _has("minute"),
    _has("kind", String(40)),
    _has("tenths"),
    _has("proof", String(20)),
    Index("ix_token_drn", "drn", "minute"),
)
"""Tokens without their digits; `proof`: `holds`, `differs`, or `no-key`."""

Index("ix_entry_proposed", entry.c.at_ms, entry.c.till, entry.c.seq,
      postgresql_where=entry.c.kind == literal_column("'meter_proposed'"),
      sqlite_where=entry.c.kind == literal_column("'meter_proposed'"))  # fmt: skip

proposal_answer = Table(
    "proposal_answer",
    metadata,
    _till(),
    _key("seq", BigInteger),
    _has("accepted", Boolean),
    _has("note", Text),
    _has("answered_ms"),
    _has("answered_by", String(_NAME)),
    _may("pack"),
)
"""Answers to the corrections that a till's entry `seq` proposes; `pack` brings it to the till."""

signature_due = Table("signature_due", metadata, _till(), _key("first", BigInteger), _has("last"))
"""Stretches of entries that the chain proves and whose own signatures are yet to be looked at."""

quarantine = Table(
    "quarantine",
    metadata,
    _till(),
    _key("digest", String(64)),
    _may("seq"),
    _may("hash", LargeBinary),
    _has("reason", String(40)),
    _has("raw", LargeBinary),
    _has("received_ms"),
    _may("settled_ms"),
    _has("settled_by", String(_NAME)),
    Index("ix_quarantine_seq", "till", "seq"),
)
"""Lines that could not be taken, with every byte of them."""

finding = Table(
    "finding",
    metadata,
    _number(),
    _has("till", String(TILL_LENGTH)),
    _has("kind", String(40)),
    _has("mark", String(_NAME)),
    _may("seq"),
    _has("found_ms"),
    _has("evidence", Text),
    _may("settled_ms"),
    _has("settled_by", String(_NAME)),
    _has("note", Text),
    UniqueConstraint("till", "kind", "mark"),
    Index("ix_finding_open", "settled_ms", "found_ms"),
)
"""What is not as it should be: once for each `mark` of a kind; `evidence` is JSON."""
Index("ix_finding_unsettled", finding.c.id, postgresql_where=finding.c.settled_ms.is_(None),
      sqlite_where=finding.c.settled_ms.is_(None))  # fmt: skip

enrolment_code = Table(
    "enrolment_code",
    metadata,
    _key("digest", String(64)),
    _has("till", String(TILL_LENGTH)),
    _has("made_ms"),
    _has("expires_ms"),
    _has("made_by", String(_NAME)),
    _may("used_ms"),
    _may("used_by", LargeBinary),
)

nonce = Table("nonce", metadata, _till(), _key("nonce", String(64)), _has("expires_ms"))
"""Assertions that were taken and are not over yet."""

throttle = Table(
    "throttle", metadata, _key("name", String(_NAME)), _has("failures", Integer), _has("last_ms")
)
"""Wrong codes and passwords by where they came from."""

pack = Table(
    "pack",
    metadata,
    _till(),
    _key("number", BigInteger),
    _has("previous", String(64)),
    _has("digest", String(64)),
    _has("sections", Text),
    _has("records"),
    _has("size"),
    _has("issued_ms"),
    _has("active_from_ms"),
    _has("made_by", String(_NAME)),
    _has("approved_by", String(_NAME)),
)

pack_part = Table(
    "pack_part",
    metadata,
    _till(),
    _key("number", BigInteger),
    _key("part", Integer),
    _has("content", LargeBinary),
)
"""The bytes of a pack in pieces, so that no pack has to fit into memory."""

draft = Table(
    "draft",
    metadata,
    _number(),
    _has("till", String(TILL_LENGTH)),
    _has("state", String(20)),
    _has("meters", Boolean),
    _has("note", Text),
    _has("active_from_ms"),
    _has("made_ms"),
    _has("made_by", String(_NAME)),
    _may("decided_ms"),
    _has("decided_by", String(_NAME)),
    Index("ix_draft_state", "state", "till"),
)
"""Packs that are not issued yet: `open`, `waiting` for a second person, `issued`, `refused`."""

draft_record = Table(
    "draft_record",
    metadata,
    _key("draft", BigInteger),
    _key("position", Integer),
    _has("section", String(40)),
    _has("record", Text),
)

allowance_grant = Table(
    "allowance_grant",
    metadata,
    _till(),
    _key("sequence", BigInteger),
    _key("currency", String(3)),
    _key("way", String(10)),
    _has("money_minor"),
    _has("tenths"),
    _has("count"),
    _has("per_vend_minor"),
    _has("not_after_ms"),
    _has("granted_ms"),
    _has("granted_by", String(_NAME)),
    _has("approved_by", String(_NAME)),
)
"""What a till may sell, as it was granted; `way` is `pack` or `code`."""

meter = Table(
    "meter",
    metadata,
    _key("drn", String(20)),
    _has("revision"),
    _has("removed", Boolean),
    _has("found_by", Text),
    _has("record", Text),
    Index("ix_meter_revision", "revision"),
)
"""Meters and customers as head office knows them (`record`: JSON); `found_by` in lower case."""

office_key = Table(
    "office_key",
    metadata,
    _number(),
    _has("kind", String(10)),
    _has("sgc", String(6)),
    _has("krn", Integer),
    _has("kt", Integer),
    _has("base", Integer),
    _has("dkga", Integer),
    _has("pan", String(18)),
    _has("ti", Integer),
    _has("ea", Integer),
    _has("attributes", Text),
    _has("box", LargeBinary),
    UniqueConstraint("kind", "sgc", "krn", "kt", "base", "dkga", "pan", "ti"),
)
"""Keys for working tokens out again; `box` is sealed."""

staff = Table(
    "staff",
    metadata,
    _key("id", String(40)),
    _has("name", String(_NAME)),
    _has("role", String(20)),
    _has("verifier", Text),
    _has("made_ms"),
    _may("retired_ms"),
)

api_token = Table(
    "api_token",
    metadata,
    _key("digest", String(64)),
    _has("name", String(_NAME)),
    _has("role", String(20)),
    _has("made_ms"),
    _has("made_by", String(_NAME)),
    _may("retired_ms"),
)

audit = Table(
    "audit",
    metadata,
    _number(),
    _has("at_ms"),
    _has("who", String(_NAME)),
    _has("act", String(40)),
    _has("subject", String(_NAME)),
    _has("facts", Text),
    _has("hash", LargeBinary),
)
"""Who did what, each line sealed over the one before it."""

console_session = Table(
    "console_session",
    metadata,
    _key("digest", String(64)),
    _has("who", String(40)),
    _has("made_ms"),
    _has("seen_ms"),
    _has("ends_ms"),
    Index("ix_console_session_ends", "ends_ms"),
)
"""Who is signed in at the console; the session's own number is known to the browser only."""
