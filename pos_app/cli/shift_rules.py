"""``tokentill shift rules``: what the shop allows of money, set by a supervisor."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import click

from pos_app.application.money_rules import (
    AMOUNTS,
    RulesAbout,
    RuleUnknown,
    amount_typed,
    percent_typed,
    rules_values,
)
from pos_app.application.shift_settings import ShiftOpening, ShiftSettings
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
from pos_app.cli.shift import shift

RESTORE = "restore"
_NAMES = (*(name.replace("_", "-") for name in AMOUNTS), "commission", "opening")


@shift.command()
@click.argument("name", required=False, default="")
@click.argument("values", nargs=-1)
@shop_options
@as_json
@told
def rules(name: str, values: tuple[str, ...], access: ShopAccess, *, json_wanted: bool) -> None:
    r"""Say the rules for money, or set one: NAME and its values; no value ends it.

    \b
    tokentill shift rules
    tokentill shift rules drop-above ZAR:2000 UGX:900000
    tokentill shift rules commission highveld:2.5
    tokentill shift rules opening required
    tokentill shift rules restore

    Amounts are by currency: drop-above, operator-limit, shop-limit, shift-sales, day-sales,
    variance-limit. commission is percent by utility. opening is auto, required or by-mode. Only a
    supervisor sets a rule; the journal says who. The journal's rules are in force: restore writes
    them over whatever else stands in settings.json.
    """
    from pos_app.adapters.system.settings_file import save_settings  # noqa: PLC0415 - seldom

    with opened(access) as shop:
        found = shop.settings.to_change()
        if name:
            operator = signed_in(shop, access)
            changed = found.shifts
            if name != RESTORE:
                changed = _changed(found.shifts, name, values, shop.desk.rules.about())
            kept = replace(found, shifts=changed)
            shop.desk.rules.set(operator.id, changed, lambda: save_settings(shop.folder, kept))
            found = kept
        outside = shop.settings.outside()
    if json_wanted:
        print_json({"rules": rules_values(found.shifts)})
    else:
        _say(found.shifts)
        if outside:
            say(words()("shift.rules-outside"))


def _changed(
    rules: ShiftSettings, name: str, values: tuple[str, ...], about: RulesAbout
) -> ShiftSettings:
    if name not in _NAMES:
        raise RuleUnknown(rule=name[:40], known=", ".join(_NAMES))
    if name == "opening":
        known = [each.value for each in ShiftOpening]
        if len(values) != 1 or values[0] not in known:
            raise RuleUnknown(rule=f"opening {' '.join(values)}"[:40], known=", ".join(known))
        return replace(rules, opening=ShiftOpening(values[0]))
    field = name.replace("-", "_")
    pairs = dict(_pair(name, value, about) for value in values)
    return replace(rules, cash=replace(rules.cash, **{field: pairs}))


def _pair(name: str, value: str, about: RulesAbout) -> tuple[str, Decimal]:
    key, _, typed = value.partition(":")
    if name == "commission":
        known = [utility for utility, _ in about.utilities]
        found = percent_typed(key, typed) if key in known else None
    else:
        coded = {each.code: each for each in about.currencies}
        known = [*coded]
        found = amount_typed(name, coded[key], typed) if key in coded else None
    if found is None:
        raise RuleUnknown(
            rule=f"{name} {value}"[:40], known=", ".join(f"{each}:2.5" for each in known)
        )
    return key, found


def _say(rules: ShiftSettings) -> None:
    said = words()
    for name, held in rules_values(rules).items():
        shown = held if isinstance(held, str) else ", ".join(f"{k} {v}" for k, v in held.items())
        facts = {"rule": name.replace("_", "-"), "value": shown or said("shift.no-rule")}
        say(said("shift.rule", **facts))
