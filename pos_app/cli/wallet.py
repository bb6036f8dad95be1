"""``tokentill wallet``: change that stays at the shop for its customers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import click

from pos_app.application.shift_errors import CurrencyUnknown
from pos_app.cli.common import (
    ShopAccess,
    as_json,
    opened,
    print_json,
    say,
    shop_options,
    signed_in,
    told,
    words,
)
from pos_app.domain.money import Money


@click.group()
def wallet() -> None:
    """Wallets: change kept for a customer who asked for it, spent with --tender wallet:AMOUNT."""


@wallet.command("list")
@shop_options
@as_json
@told
def list_wallets(access: ShopAccess, *, json_wanted: bool) -> None:
    """List the wallets with what they hold, and what is owed in all."""
    with opened(access) as shop:
        held, sums = shop.desk.wallets.all(), shop.desk.wallets.sums()
    if json_wanted:
        wallets = [
            {"meter": each.drn, "name": each.name, "balances": _json(each.balances)}
            for each in held
        ]
        print_json({"wallets": wallets, "owed": _json(each.owed for each in sums)})
        return
    if not held:
        say(words()("pay.no-wallets"))
        return
    for each in held:
        say(f"{each.drn}  {each.name:<28} {_said(each.balances):>20}")
    say(words()("pay.wallets-owe", amounts=_said(each.owed for each in sums)))


@wallet.command("open")
@click.argument("meter")
@shop_options
@as_json
@told
def open_wallet(meter: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Open a wallet because the customer of METER asked for one."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        drn = shop.desk.meter_number(meter)
        shop.desk.wallets.open(operator.id, drn)
    if json_wanted:
        print_json({"meter": drn})
    else:
        say(words()("pay.wallet-opened", drn=drn))


@wallet.command("close")
@click.argument("meter")
@shop_options
@as_json
@told
def close_wallet(meter: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Close the wallet of METER; what it holds goes back out of your drawer."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        drn = shop.desk.meter_number(meter)
        back = shop.desk.wallets.close(operator.id, drn)
    if json_wanted:
        print_json({"meter": drn, "handed_back": _json(back)})
    else:
        say(words()("pay.wallet-closed", drn=drn, amounts=_said(back)))


@wallet.command()
@click.argument("caps", nargs=-1)
@shop_options
@as_json
@told
def cap(caps: tuple[str, ...], access: ShopAccess, *, json_wanted: bool) -> None:
    """Say how much one wallet may hold, e.g. ZAR:50; nothing turns wallets off."""
    from pos_app.adapters.system.settings_file import save_settings  # noqa: PLC0415 - seldom

    with opened(access) as shop:
        operator = signed_in(shop, access)
        amounts = []
        for typed in caps:
            code, colon, amount = typed.partition(":")
            if not colon:
                raise CurrencyUnknown(typed=typed[:10], known="ZAR:50")
            amounts.append(Money.parse(amount, shop.desk.shifts.currency(code)))
        wanted = {each.currency.code: each.amount() for each in amounts}
        before = shop.settings.to_change()
        changed = replace(before, tenders=replace(before.tenders, wallet=wanted))
        keep = lambda: save_settings(shop.folder, changed)  # noqa: E731 - one act, passed on
        shop.desk.wallets.set_caps(operator.id, wanted, keep)
    if json_wanted:
        print_json({"caps": _json(amounts)})
    else:
        say(words()("pay.wallet-caps", amounts=_said(amounts)))


def _said(amounts: Iterable[Money]) -> str:
    return ", ".join(f"{each.currency.code} {each.plain()}" for each in amounts) or "0"


def _json(amounts: Iterable[Money]) -> list[dict[str, str]]:
    return [{"currency": each.currency.code, "amount": each.plain()} for each in amounts]
