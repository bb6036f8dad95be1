"""The first version of the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table of the first version."""
    op.create_table(
        "allowance_grant",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.String(length=3), autoincrement=False, nullable=False),
        sa.Column("way", sa.String(length=10), autoincrement=False, nullable=False),
        sa.Column("money_minor", sa.BigInteger(), nullable=False),
        sa.Column("tenths", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("per_vend_minor", sa.BigInteger(), nullable=False),
        sa.Column("not_after_ms", sa.BigInteger(), nullable=False),
        sa.Column("granted_ms", sa.BigInteger(), nullable=False),
        sa.Column("granted_by", sa.String(length=200), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint(
            "till", "sequence", "currency", "way", name=op.f("pk_allowance_grant")
        ),
    )
    op.create_table(
        "api_token",
        sa.Column("digest", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("retired_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_api_token")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "branch",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("branch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parent", sa.Integer(), nullable=False),
        sa.Column("fork_seq", sa.BigInteger(), nullable=False),
        sa.Column("head_seq", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(), nullable=False),
        sa.Column("head_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("grown_ms", sa.BigInteger(), nullable=False),
        sa.Column("books", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("till", "branch", name=op.f("pk_branch")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("meters", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("active_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("decided_ms", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_state", "draft", ["state", "till"], unique=False)
    op.create_table(
        "draft_record",
        sa.Column("draft", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("draft", "position", name=op.f("pk_draft_record")),
    )
    op.create_table(
        "enrolment_code",
        sa.Column("digest", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("used_ms", sa.BigInteger(), nullable=True),
        sa.Column("used_by", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_enrolment_code")),
    )
    op.create_table(
        "entry",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("branch", sa.Integer(), nullable=True),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("till", "seq", "hash", name=op.f("pk_entry")),
    )
    op.create_index(
        "ix_entry_waiting",
        "entry",
        ["till", "seq"],
        unique=False,
        postgresql_where=sa.text("branch IS NULL"),
        sqlite_where=sa.text("branch IS NULL"),
    )
    op.create_table(
        "fact",
        sa.Column("name", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_fact")),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("mark", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("found_ms", sa.BigInteger(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("settled_ms", sa.BigInteger(), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("till", "kind", "mark", name=op.f("uq_finding_till_kind_mark")),
    )
    op.create_index("ix_finding_open", "finding", ["settled_ms", "found_ms"], unique=False)
    op.create_table(
        "meter",
        sa.Column("drn", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("found_by", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("drn", name=op.f("pk_meter")),
    )
    op.create_index("ix_meter_revision", "meter", ["revision"], unique=False)
    op.create_table(
        "nonce",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("nonce", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("till", "nonce", name=op.f("pk_nonce")),
    )
    op.create_table(
        "office_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("sgc", sa.String(length=6), nullable=False),
        sa.Column("krn", sa.Integer(), nullable=False),
        sa.Column("kt", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("dkga", sa.Integer(), nullable=False),
        sa.Column("pan", sa.String(length=18), nullable=False),
        sa.Column("ti", sa.Integer(), nullable=False),
        sa.Column("ea", sa.Integer(), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_key")),
        sa.UniqueConstraint(
            "kind",
            "sgc",
            "krn",
            "kt",
            "base",
            "dkga",
            "pan",
            "ti",
            name=op.f("uq_office_key_kind_sgc_krn_kt_base_dkga_pan_ti"),
        ),
    )
    op.create_table(
        "pack",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sections", sa.Text(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("issued_ms", sa.BigInteger(), nullable=False),
        sa.Column("active_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("till", "number", name=op.f("pk_pack")),
    )
    op.create_table(
        "pack_part",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("till", "number", "part", name=op.f("pk_pack_part")),
    )
    op.create_table(
        "quarantine",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("settled_ms", sa.BigInteger(), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("till", "digest", name=op.f("pk_quarantine")),
    )
    op.create_index("ix_quarantine_seq", "quarantine", ["till", "seq"], unique=False)
    op.create_table(
        "sale",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("branch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sale_id", sa.String(length=200), nullable=False),
        sa.Column("receipt", sa.String(length=200), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("drn", sa.String(length=20), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.Column("shift", sa.BigInteger(), nullable=False),
        sa.Column("utility", sa.String(length=200), nullable=False),
        sa.Column("tariff", sa.String(length=200), nullable=False),
        sa.Column("tariff_version", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("tenths", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("till", "seq", "branch", name=op.f("pk_sale")),
    )
    op.create_index("ix_sale_day", "sale", ["till", "day"], unique=False)
    op.create_index("ix_sale_drn", "sale", ["drn", "at_ms"], unique=False)
    op.create_index("ix_sale_receipt", "sale", ["till", "receipt"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("retired_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
    )
    op.create_table(
        "throttle",
        sa.Column("name", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_throttle")),
    )
    op.create_table(
        "till",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("shop", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("exchange_key", sa.LargeBinary(), nullable=False),
        sa.Column("allowance_secret", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("enrolled_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("pack_number", sa.BigInteger(), nullable=False),
        sa.Column("pack_digest", sa.String(length=64), nullable=False),
        sa.Column("pack_asked", sa.BigInteger(), nullable=False),
        sa.Column("meters_revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("till", name=op.f("pk_till")),
    )
    op.create_table(
        "token",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("branch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("drn", sa.String(length=20), nullable=False),
        sa.Column("minute", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("tenths", sa.BigInteger(), nullable=False),
        sa.Column("proof", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("till", "seq", "branch", "position", name=op.f("pk_token")),
    )
    op.create_index("ix_token_drn", "token", ["drn", "minute"], unique=False)
