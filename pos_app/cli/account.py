"""Accounts on the command line: what a meter owes and is owed, and imports of such."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from pos_app.application.account_file import AccountFileInvalid, AccountProblem
from pos_app.application.accounts import AccountView
from pos_app.cli.authority import leave_signed, signing_key
from pos_app.cli.common import (
    REFUSED,
    ShopAccess,
    as_json,
    complain,
    error_json,
    opened,
    print_json,
    say,
    shop_options,
    signed_in,
    told,
    words,
)
from pos_app.cli.files import content_of
from pos_app.cli.sales_json import instant, units
from pos_app.domain.money import Money
from pos_app.exchange.signed_text import ACCOUNT


@click.group()
def account() -> None:
    """Debts, adjustments, free units and charges of the meters."""


@account.command()
@click.option("--meter", required=True, help="The meter's number (DRN or meterPAN).")
@shop_options
@as_json
@told
def show(meter: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Show one meter's account, and what the latest sales settled of it."""
    with opened(access) as shop:
        view = shop.desk.accounts.show(shop.desk.meter_number(meter))
    if json_wanted:
        print_json(account_json(view))
        return
    say(f"{view.meter.name}  {view.meter.drn}")
    for line in _lines(view):
        say(line)


@account.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--by", default="", help="The supervisor who answers for it; as --operator.")
@shop_options
@as_json
@told
def import_file(file: Path, by: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Take in an account FILE of a utility, as a supervisor; all of it or nothing."""
    content = content_of(file)
    with opened(access) as shop:
        operator = signed_in(shop, replace(access, operator=by or access.operator))
        try:
            done = shop.desk.accounts.take(content, operator.id)
        except AccountFileInvalid as fault:
            if json_wanted:
                print_json(error_json(fault))
            complain(_fault(file, fault))
            sys.exit(REFUSED)
    facts = {
        "utility": done.utility,
        "number": done.number,
        "rows": done.rows,
        "entry": done.seq,
        "signed_by": done.signed_by,
    }
    if json_wanted:
        print_json({**facts, "again": done.again})
    elif done.again:
        say(words()("account.again", **facts))
    else:
        say(words()("account.imported", n=done.rows, **facts))


@account.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help="Private key, PEM.")
@click.option("--training", is_flag=True, help="Sign with the published key of training shops.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Another file.")
@told
def sign(file: Path, key: Path | None, output: Path | None, *, training: bool) -> None:
    """Sign an account FILE as the authority; its rows are checked where they are imported."""
    leave_signed(file, output, ACCOUNT, signing_key(key, training=training))


def _fault(path: Path, fault: AccountFileInvalid) -> str:
    problem, detail = str(fault.facts["problem"]), str(fault.facts["detail"])
    area = "account" if problem in set(AccountProblem) else "tariff"
    facts = {
        "path": str(path),
        "line": fault.facts["line"],
        "field": fault.facts["field"] or words()("tariff.whole-file"),
        "problem": words()(f"{area}.problem.{problem}"),
        "detail": detail,
    }
    key = "tariff.fault-near" if problem == "unknown" else "tariff.fault-detail"
    return words()(key if detail else "tariff.fault", **facts)


def account_json(view: AccountView) -> dict[str, Any]:
    """Return an account as JSON values: money as texts, units as decimal texts."""
    state, account = view.state, view.account
    free = view.tariff.free_due(account)
    return {
        "meter": view.meter.drn,
        "name": view.meter.name,
        "currency": view.tariff.currency.code,
        "bought_this_month": str(account.bought),
        "debts": [
            {
                "id": debt.ref,
                "name": debt.name,
                "balance": debt.balance.plain(),
                "stated": debt.stated.plain(),
                "percent": debt.percent or None,
                "instalment": _plain(debt.instalment),
            }
            for debt in state.debts
        ],
        "adjustments": [
            {
                "kind": part.kind,
                "id": part.ref,
                "name": part.name,
                "left": part.left.plain(),
                "stated": part.stated.plain(),
                "percent": part.percent or None,
                "month": part.month or None,
                "reason": part.reason or None,
            }
            for part in state.adjustments
        ],
        "free": None
        if state.entitled is None
        else {
            "due": str(free),
            "claimed_here": units(state.claimed_here),
            "claimed_elsewhere": units(state.claimed_elsewhere),
        },
        "charges": {
            "until": account.last_purchase and account.last_purchase.isoformat(),
            "due": {part.name: part.amount.plain() for part in account.carried},
        },
        "settled": [
            {
                "receipt": each.receipt,
                "at": instant(each.at_ms),
                "kind": each.kind,
                "id": each.ref,
                "amount": each.amount.plain(),
            }
            for each in view.settled
        ],
    }


def _lines(view: AccountView) -> Iterator[str]:
    say_it = words()
    state, unit = view.state, view.tariff.unit_name
    for debt in state.debts:
        rule = [f"{debt.percent} %"] if debt.percent else []
        rule += [debt.instalment.plain()] if debt.instalment else []
        facts = {"id": debt.ref, "name": debt.name, "balance": debt.balance.plain()}
        most = say_it("account.at-most", rule=", ".join(rule)) if rule else ""
        yield say_it("account.debt", **facts, currency=debt.balance.currency.code) + most
    for part in state.adjustments:
        facts = {"id": part.ref, "name": part.name, "left": part.left.plain()}
        yield say_it(f"account.{part.kind}", **facts, currency=part.left.currency.code)
    if state.entitled is not None:
        facts = {"due": str(view.tariff.free_due(view.account)), "unit": unit}
        yield say_it("account.free", **facts, claimed=units(state.claimed()))
    for charge in view.account.carried:
        facts = {"name": charge.name, "due": charge.amount.plain()}
        yield say_it("account.charge", **facts, currency=charge.amount.currency.code)
    if not (state.debts or state.adjustments or view.account.carried):
        yield say_it("account.nothing-due")
    for each in view.settled:
        facts = {"receipt": each.receipt, "at": instant(each.at_ms)[:10], "id": each.ref}
        yield say_it("account.settled", **facts, amount=each.amount.plain())


def _plain(amount: Money | None) -> str | None:
    return None if amount is None else amount.plain()
