"""The tables a ledger began with: the journal, the sums of sales, data sets, shifts.

Steps 0001 and 0002 of `pos_app.adapters.ledger.migrations`; what came later stands with the
projections that fill it. A text here is never edited: a ledger somewhere was made by it.
"""

from __future__ import annotations

JOURNAL = """
create table journal (
    seq integer primary key check (seq > 0),
    prev_hash blob not null check (length(prev_hash) = 32),
    at_ms integer not null,
    kind text not null,
    body text not null,
    hash blob not null check (length(hash) = 32),
    signature blob not null check (length(signature) = 64)
) strict;
create trigger journal_no_update before update on journal
    begin select raise(abort, 'the journal is append-only'); end;
create trigger journal_no_delete before delete on journal
    begin select raise(abort, 'the journal is append-only'); end;
"""

PROJECTIONS = """
create table sale (
    seq integer primary key references journal(seq),
    sale_id text not null unique,
    receipt text not null,
    series integer not null,
    number integer not null unique,
    at_ms integer not null,
    day text not null,
    drn text not null,
    name text not null,
    operator text not null,
    currency text not null,
    decimals integer not null,
    total_minor integer not null check (total_minor > 0),
    tenths integer not null check (tenths > 0),
    unit text not null
) strict;
create index sale_at on sale(at_ms);
create table token (
    drn text not null,
    minute integer not null,
    seq integer not null references journal(seq),
    primary key (drn, minute)
) strict, without rowid;
create table meter_state (
    drn text primary key,
    last_minute integer not null,
    month text not null,
    month_tenths integer not null
) strict, without rowid;
create table sales_sum (
    scope text not null,
    currency text not null,
    decimals integer not null,
    sales integer not null,
    total_minor integer not null,
    tenths integer not null,
    primary key (scope, currency)
) strict, without rowid;
create table reprint (
    seq integer primary key references journal(seq),
    sale_seq integer not null,
    copy integer not null,
    unique (sale_seq, copy)
) strict;
create table lock_out (
    operator text primary key,
    failures integer not null,
    last_ms integer not null
) strict, without rowid;
create table allowance (
    currency text primary key,
    sequence integer not null,
    money_minor integer not null,
    tenths integer not null,
    count integer not null,
    per_vend_minor integer not null,
    not_after_ms integer not null,
    spent_minor integer not null,
    spent_tenths integer not null,
    spent_count integer not null
) strict, without rowid;
create table mark (
    name text primary key,
    value integer not null
) strict, without rowid;
"""

DATA_SETS = """
create table meter (
    id integer primary key,
    drn text not null unique,
    backwards text not null,
    pan text not null,
    name text not null,
    sort_name text not null,
    address text not null,
    phone text not null,
    phone_digits text not null,
    account text not null,
    utility text not null,
    tariff text not null,
    commodity text not null,
    sgc text not null,
    krn integer not null,
    ti integer not null,
    ken integer not null,
    kt integer not null,
    ea integer not null,
    dkga integer not null,
    base integer not null,
    blocked text not null default ''
) strict;
create index meter_backwards on meter(backwards);
create index meter_phone on meter(phone_digits);
create index meter_account on meter(account);
create index meter_name on meter(sort_name);
create virtual table meter_part using fts5(
    name, address, drn, phone_digits, account,
    content='meter', content_rowid='id', tokenize='trigram remove_diacritics 1');
create table operator (
    id text primary key,
    name text not null,
    role text not null,
    pin_verifier text not null,
    active integer not null default 1
) strict, without rowid;
create table tariff (
    id text not null,
    version integer not null,
    utility text not null,
    text text not null,
    sha256 text not null,
    imported_ms integer not null,
    primary key (id, version)
) strict, without rowid;
create table utility (
    id text primary key,
    name text not null,
    address text not null,
    tax_reference text not null,
    help_line text not null
) strict, without rowid;
create table sealed_key (
    id integer primary key,
    kind text not null,
    sgc text not null,
    krn integer not null,
    kt integer not null,
    base integer not null,
    ken integer not null,
    dkga integer not null,
    kcv text not null,
    active_from_ms integer not null,
    issue_until_ms integer not null,
    pan text not null,
    ti integer not null,
    ea integer not null,
    blob blob not null
) strict;
create index sealed_key_group on sealed_key(sgc, krn, pan);
create table print_job (
    sale_seq integer not null,
    copy integer not null,
    state text not null,
    attempts integer not null default 0,
    problem text not null default '',
    queued_ms integer not null,
    primary key (sale_seq, copy)
) strict, without rowid;
create index print_job_open on print_job(queued_ms) where state in ('queued', 'sending', 'failed');
"""

SHIFTS = """
alter table sale add column shift integer not null default 0;
create table shift (
    shift integer primary key check (shift > 0),
    operator text not null,
    sales_batch integer not null,
    opened_seq integer not null references journal(seq),
    closed_seq integer not null default 0
) strict;
create unique index shift_open on shift(operator) where closed_seq = 0;
create table batch (
    level text not null,
    number integer not null check (number > 0),
    outer integer not null,
    opened_seq integer not null references journal(seq),
    first_inner integer not null,
    last_inner integer not null,
    closed_seq integer not null default 0,
    primary key (level, number)
) strict, without rowid;
create table tally (
    level text not null,
    number integer not null,
    currency text not null,
    name text not null,
    decimals integer not null,
    times integer not null,
    amount integer not null,
    first_seq integer not null,
    last_seq integer not null,
    primary key (level, number, currency, name)
) strict, without rowid;
create table cash_count (
    shift integer not null,
    currency text not null,
    decimals integer not null,
    expected_minor integer not null,
    counted_minor integer not null check (counted_minor >= 0),
    pieces text not null,
    primary key (shift, currency)
) strict, without rowid;
create table close_copy (
    seq integer primary key references journal(seq),
    closed_seq integer not null,
    copy integer not null,
    unique (closed_seq, copy)
) strict;
create table day_seal (
    seal integer primary key check (seal > 0),
    seq integer not null references journal(seq),
    closed_seq integer not null unique
) strict;
"""
