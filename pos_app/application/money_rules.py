"""Rules for money, set by a supervisor and journalled: limits, prompts, commission, opening.

Every change says in the journal who made it, and what the journal says is in force; the shop's
settings file holds a copy (`rules_guard`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from pos_app.application.operators import need_supervisor, operator_of
from pos_app.application.ports import Clock, Ledger
from pos_app.application.shift_settings import ShiftSettings
from pos_app.domain.cash_rules import CashRules
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, Money

if TYPE_CHECKING:
    from pos_app.application.settings import Settings

AMOUNTS = tuple(each.name for each in fields(CashRules) if each.name != "commission")
"""The rules that are an amount in each currency."""
_MOST_PERCENT = Decimal(100)
_PLACES = 4


class RuleInvalid(PosError):
    """A rule is no amount, or no percentage from 0 to 100. Facts: `rule`, `of`, `typed`."""

    code: ClassVar[str] = "rule-invalid"


class RuleUnknown(PosError):
    """There is no such rule, or nothing it could be about. Facts: `rule`, `known`."""

    code: ClassVar[str] = "rule-unknown"


@dataclass(frozen=True, slots=True)
class RulesAbout:
    """What rules can be about: the currencies of the till's tariffs, the utilities (id, name)."""

    currencies: tuple[Currency, ...]
    utilities: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RulesDesk:
    """The door to the rules of one open shop; `currencies` are those of its tariffs."""

    ledger: Ledger
    clock: Clock
    currencies: tuple[Currency, ...]

    def about(self) -> RulesAbout:
        """Return what rules can be about."""
        utilities = tuple((each.id, each.name) for each in self.ledger.utilities())
        return RulesAbout(self.currencies, utilities)

    def in_force(self, file: Settings) -> Settings:
        """Return the settings of a file with the rules that the journal knows."""
        from pos_app.application.rules_guard import RulesGuard  # noqa: PLC0415 - needs this module

        return RulesGuard(self.ledger, self.clock).in_force(file)

    def set(self, operator_id: str, rules: ShiftSettings, keep: Callable[[], None]) -> None:
        """Journal a supervisor's new rules and `keep` them; raises `RoleNeeded`."""
        operator = operator_of(self.ledger, operator_id)
        need_supervisor(operator)
        body = {"operator": operator.id, **rules_values(rules)}
        with self.ledger.writing() as transaction:
            transaction.append("money_rules_set", body, self.clock.now_ms())
            keep()  # what cannot be kept is not journalled either


def rules_values(rules: ShiftSettings) -> dict[str, Any]:
    """Return rules as the journal and the settings file write them."""
    amounts = {
        each.name: {
            key: str(value) for key, value in sorted(getattr(rules.cash, each.name).items())
        }
        for each in fields(CashRules)
    }
    return {"opening": rules.opening.value, **amounts}


def amount_typed(rule: str, currency: Currency, typed: str) -> Decimal | None:
    """Return the amount of a rule as typed, None for no limit; raises `RuleInvalid`."""
    if not typed.strip():
        return None
    try:
        return Money.parse(typed, currency).amount()
    except PosError:
        raise RuleInvalid(rule=rule, of=currency.code, typed=typed[:20]) from None


def percent_typed(utility: str, typed: str) -> Decimal | None:
    """Return a commission as typed, None for none; raises `RuleInvalid`."""
    text = typed.strip().removesuffix("%").strip()
    if not text:
        return None
    whole, _, part = text.partition(".")
    digits = (whole + part).isascii() and (whole + part).isdigit()
    if not digits or not whole or len(part) > _PLACES or len(whole) > len("100"):
        raise RuleInvalid(rule="commission", of=utility, typed=typed[:20])
    percent = Decimal(text)
    if percent > _MOST_PERCENT:
        raise RuleInvalid(rule="commission", of=utility, typed=typed[:20])
    return percent or None


def with_amount(
    held: Mapping[str, Decimal], key: str, amount: Decimal | None
) -> dict[str, Decimal]:
    """Return amounts with another one for `key`; None takes it out."""
    kept = {name: value for name, value in held.items() if name != key}
    return kept if amount is None else {**kept, key: amount}
