"""The shop's rules for money on the screen: limits, ways of paying, commission and opening."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from pos_app.application.money_rules import (
    AMOUNTS,
    RuleInvalid,
    RulesAbout,
    amount_typed,
    percent_typed,
    with_amount,
)
from pos_app.application.records import Operator
from pos_app.application.settings import Settings, TenderSettings
from pos_app.application.shift_settings import ShiftOpening, ShiftSettings
from pos_app.application.tender_settings import MOST_KINDS, standard_kinds
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency
from pos_app.domain.tender import CASH
from pos_app.domain.tender_kind import TenderKind
from pos_app.domain.wallet import WALLET
from pos_app.ui.presenters.desk import Choices, Desk, Run

WALLET_CAP = "wallet"
LIMITS = (*AMOUNTS, WALLET_CAP)
"""The rules that are an amount in each currency, in their order on the screen."""


class Part(StrEnum):
    """What the page shows of the rules."""

    LIMITS = "limits"
    WAYS = "ways"
    EARNING = "earning"


Key = tuple[str, str]
"""A rule and what it is about: a currency, a utility, or a way of paying and its currency."""


@dataclass(frozen=True, slots=True)
class RulesScreen:
    """What is chosen but not kept yet; `typed` holds every field, empty for no rule.

    `kinds` are the ways of paying that can be had beside cash, `taken` the codes of those the shop
    takes. `wrong` is the field that `problem` is about.
    """

    part: Part = Part.LIMITS
    about: RulesAbout = field(default_factory=lambda: RulesAbout((), ()))
    at: int = 0
    typed: Mapping[Key, str] = field(default_factory=dict)
    kinds: tuple[TenderKind, ...] = ()
    taken: frozenset[str] = frozenset()
    opening: ShiftOpening = ShiftOpening.BY_MODE
    problem: PosError | None = None
    wrong: Key | None = None
    kept: bool = False

    @property
    def currency(self) -> Currency | None:
        """Return the currency whose amounts are shown."""
        return self.about.currencies[self.at] if self.about.currencies else None


class RulesView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: RulesScreen) -> None:
        """Draw `screen`."""
        ...


class MoneyRulesPresenter:
    """Nothing is kept before ``keep``; every field is read before any of them is kept."""

    def __init__(
        self, desk: Desk, run: Run, choices: Choices, operator: Operator, view: RulesView
    ) -> None:
        self._desk, self._run, self._choices = desk, run, choices
        self._operator, self._view = operator, view
        self.screen = RulesScreen()
        self._in_force_then = Settings()

    def begin(self) -> None:
        """Start from what is in force."""
        desk, file = self._desk, self._choices.load()
        self._run(
            lambda: (desk.rules.about(), desk.tenders(), desk.rules.in_force(file)),
            self._begun,
            _raise,
        )

    def _begun(self, found: tuple[RulesAbout, tuple[TenderKind, ...], Settings]) -> None:
        about, kinds, settings = found
        self._in_force_then = settings
        taken = tuple(kind for kind in kinds if kind.code not in {CASH, WALLET})
        codes = {kind.code for kind in taken}
        others = (kind for kind in standard_kinds() if kind.code not in codes)
        offered = (*taken, *others)[:MOST_KINDS]
        self.screen = RulesScreen(
            part=self.screen.part,
            about=about,
            at=min(self.screen.at, max(len(about.currencies) - 1, 0)),
            typed=dict(_held(settings, offered)),
            kinds=offered,
            taken=frozenset(codes),
            opening=settings.shifts.opening,
        )
        self._view.show_screen(self.screen)

    def show_part(self, part: Part) -> None:
        """Show another part."""
        self._set(part=part)

    def show_currency(self, code: str) -> None:
        """Show the amounts of another currency."""
        codes = [each.code for each in self.screen.about.currencies]
        self._set(at=codes.index(code))

    def type(self, key: Key, text: str) -> None:
        """Remember what stands in a field."""
        self._set(typed={**self.screen.typed, key: text})

    def toggle(self, code: str) -> None:
        """Take a way of paying, or take it no more."""
        self._set(taken=self.screen.taken ^ {code})

    def choose_opening(self, opening: ShiftOpening) -> None:
        """Say how shifts begin."""
        self._set(opening=opening)

    def keep(self) -> None:
        """Read every field, then journal and keep what changed."""
        before = self._in_force_then
        try:
            after = self._read(before)
        except RuleInvalid as problem:
            key = (str(problem.facts["rule"]), str(problem.facts["of"]))
            self._refuse(problem, key)
            return
        self._run(lambda: self._keep(before, after), lambda _: self._kept(), self._failed)

    def _keep(self, before: Settings, after: Settings) -> None:
        """Journal each act and keep it in the same moment, one after the other."""
        desk, by, save = self._desk, self._operator.id, self._choices.save
        held = before
        if after.shifts != before.shifts:
            held = replace(held, shifts=after.shifts)
            desk.rules.set(by, held.shifts, _saving(save, held))
        if after.tenders.wallet != before.tenders.wallet:
            held = replace(held, tenders=replace(held.tenders, wallet=after.tenders.wallet))
            desk.wallets.set_caps(by, held.tenders.wallet, _saving(save, held))
        kinds = after.tenders.kinds
        if kinds is not None and kinds != self._in_force(before):
            held = replace(held, tenders=after.tenders)
            desk.set_tenders(by, kinds, _saving(save, held))
        if self._choices.load() != held:  # somebody had written into the file
            save(held)
        self._in_force_then = held

    def _in_force(self, before: Settings) -> tuple[TenderKind, ...]:
        """Return the ways of paying that the shop takes now, named by itself or not."""
        if before.tenders.kinds is not None:
            return before.tenders.kinds
        return tuple(kind for kind in self._desk.tenders() if kind.code not in {CASH, WALLET})

    def _read(self, before: Settings) -> Settings:
        """Return the settings that the fields say; raises `RuleInvalid` about the first fault."""
        cash, wallet = before.shifts.cash, dict(before.tenders.wallet)
        limits = {kind.code: dict(kind.limit) for kind in self.screen.kinds}
        coded = {each.code: each for each in self.screen.about.currencies}
        for (rule, of), text in self.screen.typed.items():
            if rule == "commission":
                percent = percent_typed(of, text)
                cash = replace(cash, commission=with_amount(cash.commission, of, percent))
            elif of in coded:
                amount = amount_typed(rule, coded[of], text)
                if rule == WALLET_CAP:
                    wallet = with_amount(wallet, of, amount)
                elif rule in AMOUNTS:
                    cash = replace(cash, **{rule: with_amount(getattr(cash, rule), of, amount)})
                else:
                    limits[rule] = with_amount(limits[rule], of, amount)
        kinds = tuple(
            replace(kind, limit=limits[kind.code])
            for kind in self.screen.kinds
            if kind.code in self.screen.taken
        )
        shifts = ShiftSettings(self.screen.opening, cash)
        return replace(before, shifts=shifts, tenders=TenderSettings(kinds, wallet))

    def _kept(self) -> None:
        self._set(kept=True)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, PosError):
            raise error
        self._set(problem=error)

    def _refuse(self, problem: RuleInvalid, key: Key) -> None:
        """Show the field that is wrong, whatever part is open."""
        codes = [each.code for each in self.screen.about.currencies]
        at = codes.index(key[1]) if key[1] in codes else self.screen.at
        part = Part.LIMITS if key[0] in LIMITS else Part.WAYS
        part = Part.EARNING if key[0] == "commission" else part
        self._set(problem=problem, wrong=key, part=part, at=at)

    def _set(self, **changes: Any) -> None:
        quiet = {"problem": None, "wrong": None, "kept": False}
        self.screen = replace(self.screen, **(quiet | changes))
        self._view.show_screen(self.screen)


def _saving(save: Callable[[Settings], None], settings: Settings) -> Callable[[], None]:
    return lambda: save(settings)


def _held(settings: Settings, kinds: tuple[TenderKind, ...]) -> Iterator[tuple[Key, str]]:
    """Yield what stands in the fields at first."""
    held: dict[str, Mapping[str, Decimal]] = {
        rule: getattr(settings.shifts.cash, rule) for rule in (*AMOUNTS, "commission")
    }
    held[WALLET_CAP] = settings.tenders.wallet
    held |= {kind.code: kind.limit for kind in kinds}
    for rule, amounts in held.items():
        for of, amount in amounts.items():
            yield (rule, of), f"{amount:f}"


def _raise(error: BaseException) -> None:
    raise error
