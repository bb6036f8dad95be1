"""The tables in their present form: as few pages as a sale can touch.

Every page that a commit touches is encrypted, authenticated, written and synced, so:

- ``sale`` has one index, that of the client's id. Receipt numbers grow with the journal (a
  trigger sees to it), so a number is found by halving; a time by ``hour_sum``, whose rows say
  which part of the journal they are of.
- ``token`` carries what its meter bought in the month, so a meter has no row of its own.
- The till's totals are rows of ``tally`` and stand beside the newest shift's. What is spent of an
  allowance is the total now less the total when it was granted; a day's sums are its hours'.
"""

from __future__ import annotations

from typing import Final

TABLES: Final = """
drop index sale_at;
create table sale_0004 (
    seq integer primary key references journal(seq),
    sale_id text not null unique,
    receipt text not null,
    series integer not null,
    number integer not null,
    at_ms integer not null,
    day text not null,
    drn text not null,
    name text not null,
    operator text not null,
    currency text not null,
    decimals integer not null,
    total_minor integer not null check (total_minor > 0),
    tenths integer not null check (tenths > 0),
    unit text not null,
    shift integer not null
) strict;
insert into sale_0004 select * from sale;
drop table sale;
alter table sale_0004 rename to sale;
create trigger sale_number_grows before insert on sale
    when new.number <= (select number from sale order by seq desc limit 1)
    begin select raise(abort, 'a receipt number is given once'); end;
create table token_0004 (
    drn text not null,
    minute integer not null,
    seq integer not null references journal(seq),
    month text not null,
    month_tenths integer not null,
    primary key (drn, minute)
) strict, without rowid;
insert into token_0004 select token.drn, token.minute, token.seq, bought.month, bought.tenths
    from (select seq, month, sum(tenths) over (partition by drn, month order by seq) as tenths
        from (select sale.seq, drn, tenths, json_extract(body, '$.month') as month
            from sale join journal on journal.seq = sale.seq))
    as bought join token on token.seq = bought.seq;
drop table token;
alter table token_0004 rename to token;
drop table meter_state;
insert into tally select 'total', 0, currency, 'sale', min(decimals), count(*), sum(total_minor),
    min(seq), max(seq) from sale group by currency;
insert into tally select 'total', 0, currency, 'units', min(decimals), count(*), sum(tenths),
    min(seq), max(seq) from sale group by currency;
create table allowance_0004 (
    currency text primary key,
    sequence integer not null,
    money_minor integer not null,
    tenths integer not null,
    count integer not null,
    per_vend_minor integer not null,
    not_after_ms integer not null,
    before_minor integer not null,
    before_tenths integer not null,
    before_count integer not null
) strict, without rowid;
insert into allowance_0004 select allowance.currency, sequence, money_minor, allowance.tenths,
    count, per_vend_minor, not_after_ms, coalesce(total_minor, 0) - spent_minor,
    coalesce(sales_sum.tenths, 0) - spent_tenths, coalesce(sales, 0) - spent_count
    from allowance left join sales_sum
    on sales_sum.scope = 'all' and sales_sum.currency = allowance.currency;
drop table allowance;
alter table allowance_0004 rename to allowance;
drop table sales_sum;
delete from hour_sum;
alter table hour_sum add column first_seq integer not null default 0;
alter table hour_sum add column last_seq integer not null default 0;
"""
"""From the form of step 0003. ``hour_sum`` is filled from the journal afterwards."""
