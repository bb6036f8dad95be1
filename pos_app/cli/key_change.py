"""Commands of key changes: what is asked of keys, what was given, and giving it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from pos_app.application.key_change_records import KeyChangeRow, RollOverRow, key_of
from pos_app.application.records import Operator
from pos_app.application.shop_time import local
from pos_app.application.slip.key_steps import short_key, step_caption
from pos_app.bootstrap.shop import OpenShop
from pos_app.cli.common import (
    ShopAccess,
    as_json,
    complain,
    opened,
    print_json,
    say,
    shop_options,
    signed_in,
    told,
    words,
)
from pos_app.cli.sales_json import instant
from pos_app.domain.meter_key import ANY, KeyAsk

_METER = click.argument("meter")


@click.group("key-change")
def key_change() -> None:
    """Key changes of meters: what is asked, what was given, the roll-over of base dates."""


@key_change.command()
@click.argument("meter", required=False, default="")
@shop_options
@as_json
@told
def show(meter: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Say which key a meter holds, which one its next sale brings, and what was given to it.

    Without a meter: the newest key changes of all.
    """
    with opened(access) as shop:
        desk = shop.desk.key_changes
        drn = shop.desk.meter_number(meter) if meter else ""
        rows = desk.changes(drn)
        due = desk.due(drn) if drn else None
        record = shop.ledger.meter(drn) if drn else None
        offset = shop.clock.offset_minutes(shop.clock.now_ms())
    holds = key_of(record) if record else None
    if json_wanted:
        print_json(
            {
                "meter": drn or None,
                "holds": asdict(holds) if holds else None,
                "due": {"new": asdict(key_of(due.meter)), "tokens": due.steps} if due else None,
                "changes": [_row_json(row) for row in rows],
            }
        )
        return
    if due:
        keys = {"old": short_key(key_of(due.held)), "new": short_key(key_of(due.meter))}
        say(words()("keychange.due", drn=drn, n=due.steps, **keys))
    elif holds:
        say(words()("keychange.none-due", drn=drn, key=short_key(holds)))
    for line in _rows_text(rows, offset, "keychange.row" if drn else "keychange.row-meter"):
        say(line)


@key_change.command()
@_METER
@click.option("--receipt", default="", help="The sale whose key change is meant; else the newest.")
@click.option(
    "--slip", type=click.Path(path_type=Path, dir_okay=False), help="Leave the slip in a file."
)
@shop_options
@as_json
@told
def reissue(
    meter: str, receipt: str, slip: Path | None, access: ShopAccess, *, json_wanted: bool
) -> None:
    """Give the tokens of a key change out again: free, and the same every time."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        again = shop.desk.key_changes.again(shop.desk.meter_number(meter), operator, receipt)
        from pos_app.bootstrap.paper import leave_close_slip, print_waiting  # noqa: PLC0415 - Qt

        if slip is not None:
            leave_close_slip(shop, again.seq, 0, slip)
        trouble = print_waiting(shop)
    digits = again.change.digits
    if json_wanted:
        print_json(_row_json(again.row) | {"digits": list(digits)})
        return
    say(words()("keychange.again", receipt=again.row.receipt, n=again.row.copies))
    for step, each in enumerate(digits, 1):
        groups = "  ".join(each[at : at + 4] for at in range(0, len(each), 4))
        caption = step_caption(words(), step, len(digits))
        say(words()("keychange.step", step=step, digits=groups, caption=caption))
    if trouble:
        complain(words()(f"print.{trouble}"))


@key_change.command()
@click.option("--utility", required=True, help="Whose meters; its short name.")
@click.option("--tariff", default="", help="Only meters on this tariff.")
@click.option("--sgc", default="", help="The supply group they shall be in.")
@click.option("--krn", type=int, default=ANY, help="The key revision, 1 to 9.")
@click.option("--ti", type=int, default=ANY, help="The tariff index, 0 to 99.")
@click.option("--base", type=int, default=ANY, help="The base date: 1993, 2014 or 2035.")
@click.option(
    "--tokens", type=int, default=2, help="For 64-bit keys: 2, or 3 with the supply group."
)
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="The day by which all shall be.")
@shop_options
@as_json
@told
def ask(  # noqa: PLR0913, PLR0917 - an option each
    utility: str,
    tariff: str,
    sgc: str,
    krn: int,
    ti: int,
    base: int,
    tokens: int,
    due: datetime | None,
    access: ShopAccess,
    *,
    json_wanted: bool,
) -> None:
    """Ask for another key for all meters of a utility or a tariff (supervisor).

    Each meter gets its key change with its next sale, once its new key is here.
    """
    due_ms = int(due.replace(tzinfo=UTC).timestamp()) * 1000 if due else 0
    wish = KeyAsk(utility, tariff, sgc, krn, ti, base, tokens, due_ms)
    with opened(access) as shop:
        shop.desk.key_changes.ask(wish, signed_in(shop, access))
    if json_wanted:
        print_json(_ask_json(wish))
        return
    say(words()("keychange.asked", whom=_whom(wish), what=_what(wish)))


@key_change.command()
@click.option("--utility", required=True, help="Whose meters; its short name.")
@click.option("--tariff", default="", help="Only what is asked of this tariff.")
@shop_options
@told
def drop(utility: str, tariff: str, access: ShopAccess) -> None:
    """Ask for nothing any more (supervisor). Key changes that were given stay given."""
    with opened(access) as shop:
        shop.desk.key_changes.drop(utility, tariff, signed_in(shop, access))
    say(words()("keychange.dropped", whom=_whom(KeyAsk(utility, tariff))))


@key_change.command()
@shop_options
@as_json
@told
def asks(access: ShopAccess, *, json_wanted: bool) -> None:
    """List what is asked of keys."""
    with opened(access) as shop:
        held = shop.desk.key_changes.asks()
    if json_wanted:
        print_json({"asks": [_ask_json(each) for each in held]})
        return
    if not held:
        say(words()("keychange.no-asks"))
    for each in held:
        say(words()("keychange.ask", whom=_whom(each), what=_what(each)))


@key_change.command()
@click.option(
    "--meters",
    "many",
    type=int,
    default=0,
    help="List so many meters still to go (supervisor, engineer).",
)
@click.option("--after", default="", help="Go on after this meter's number.")
@shop_options
@as_json
@told
def rollover(many: int, after: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Say which meters are still on an old base date, until when, and what is done."""
    with opened(access) as shop:
        operator = signed_in(shop, access) if many > 0 else None
        rows = shop.desk.key_changes.roll_over()
        listed = {row: _waiting(shop, row, operator, (after, many)) for row in rows}
    if json_wanted:
        print_json({"rows": [_roll_json(row, listed[row]) for row in rows]})
        return
    for row in rows:
        for line in _roll_text(row):
            say(line)
        for drn, name, address in listed[row]:
            say(words()("keychange.roll.meter", drn=drn, name=name, address=address))


def _waiting(
    shop: OpenShop, row: RollOverRow, operator: Operator | None, page: tuple[str, int]
) -> list[tuple[str, str, str]]:
    if row.base == row.wanted or operator is None:
        return []
    return shop.desk.key_changes.waiting(row, operator, *page)


def _roll_text(row: RollOverRow) -> Iterator[str]:
    say_of = words()
    facts: dict[str, Any] = {"utility": row.utility, "n": row.meters, "base": row.base}
    key = "keychange.roll.at" if row.base == row.wanted else "keychange.roll.left"
    yield say_of(key, wanted=row.wanted, ends=_day(row.ends_ms), **facts)
    if row.due_ms:
        yield say_of("keychange.roll.due", due=_day(row.due_ms))
    given = row.issued + row.confirmed
    if given:
        yield say_of("keychange.roll.done", given=given, confirmed=row.confirmed)


def _roll_json(row: RollOverRow, meters: list[tuple[str, str, str]]) -> dict[str, Any]:
    return {
        "utility": row.utility,
        "base": row.base,
        "wanted": row.wanted,
        "meters": row.meters,
        "ends": _day(row.ends_ms),
        "due": _day(row.due_ms) if row.due_ms else None,
        "rolled_over_here": row.issued + row.confirmed,
        "confirmed": row.confirmed,
        "list": [{"meter": drn, "name": name, "address": address} for drn, name, address in meters],
    }


def _rows_text(rows: tuple[KeyChangeRow, ...], offset: int, key: str) -> Iterator[str]:
    if not rows:
        yield words()("keychange.no-rows")
    for row in rows:
        state = words()(f"keychange.state.{row.state.value}", settled=row.settled)
        at = local(row.at_ms, offset).strftime("%Y-%m-%d %H:%M")
        keys = {"old": short_key(row.old), "new": short_key(row.new)}
        yield words()(key, at=at, drn=row.drn, receipt=row.receipt, state=state, **keys)


def _row_json(row: KeyChangeRow) -> dict[str, Any]:
    return {
        "meter": row.drn,
        "receipt": row.receipt,
        "at": instant(row.at_ms),
        "old": asdict(row.old),
        "new": asdict(row.new),
        "tokens": row.tokens,
        "state": row.state.value,
        "confirmed_by": row.settled or None,
        "given_again": row.copies,
    }


def _ask_json(ask: KeyAsk) -> dict[str, Any]:
    held = {name: None if value in (ANY, "") else value for name, value in asdict(ask).items()}
    due_ms = held.pop("due_ms")
    return held | {"due": _day(due_ms) if due_ms else None}


def _whom(ask: KeyAsk) -> str:
    key = "keychange.whom" if ask.tariff else "keychange.whom-all"
    return words()(key, utility=ask.utility, tariff=ask.tariff)


def _what(ask: KeyAsk) -> str:
    facts = {
        "sgc": ask.sgc,
        "krn": "" if ask.krn == ANY else ask.krn,
        "ti": "" if ask.ti == ANY else f"{ask.ti:02d}",
        "base": "" if ask.base == ANY else ask.base,
        "tokens": ask.tokens,
        "due": _day(ask.due_ms) if ask.due_ms else "",
    }
    said = [
        words()(f"keychange.what.{name}", value=value) for name, value in facts.items() if value
    ]
    return ", ".join(said)


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, UTC).date().isoformat()
