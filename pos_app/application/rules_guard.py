"""The rules for money that are in force: those that somebody set at the till, by the journal.

The settings file holds a copy that people and programs can read. What is written there by hand has
no effect: the till goes by the journal, says so to its supervisors, and writes down once what it
found. A rule that nobody ever set is not in force either, whatever the file says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from pos_app.application.money_rules import rules_values
from pos_app.application.settings import Settings, TenderSettings
from pos_app.application.shift_settings import ShiftSettings
from pos_app.exchange.canonical import canonical

if TYPE_CHECKING:
    from pos_app.application.ports import Clock, Ledger
    from pos_app.domain.tender_kind import TenderKind

SHIFTS: Final = "money_rules_set"
TENDERS: Final = "tenders_set"
WALLET: Final = "wallet_caps_set"
OUTSIDE: Final = "rules_outside"
"""The kinds of entries: three ways to set rules, and rules found changed in the file."""


class RuleBook(Protocol):
    """The ledger's side of rules."""

    def newest(self, *kinds: str) -> dict[str, Mapping[str, Any]]:
        """Return the body of the newest entry of each kind that has one, in journal order."""
        ...

    def any_after(self, seq: int, *kinds: str) -> bool:
        """Tell whether an entry of these kinds stands behind entry `seq`."""
        ...


@dataclass(frozen=True, slots=True)
class RulesGuard:
    """Compares the settings file with the journal of one open shop."""

    ledger: Ledger
    clock: Clock

    def in_force(self, file: Settings) -> Settings:
        """Return `file` with the rules of the journal in place of its own."""
        bodies = self.ledger.rules.newest(SHIFTS, TENDERS, WALLET)
        return replace(
            file,
            shifts=_shifts(bodies.get(SHIFTS)),
            tenders=_tenders(bodies.get(TENDERS), bodies.get(WALLET)),
        )

    def set_after(self, seq: int) -> bool:
        """Tell whether somebody set rules behind entry `seq` of the journal."""
        return self.ledger.rules.any_after(seq, SHIFTS, TENDERS, WALLET)

    def differs(self, file: Settings) -> bool:
        """Tell whether the file says other rules than are in force."""
        return _said(file) != _said(self.in_force(file))

    def note(self, file: Settings) -> None:
        """Journal rules that somebody wrote into the file; the same ones once."""
        said = _said(file)
        if said == _said(self.in_force(file)):
            return
        sha256 = hashlib.sha256(canonical(said)).hexdigest()
        newest = self.ledger.rules.newest(SHIFTS, TENDERS, WALLET, OUTSIDE)
        if newest and [*newest][-1] == OUTSIDE and newest[OUTSIDE]["sha256"] == sha256:
            return
        with self.ledger.writing() as transaction:
            body = {"sha256": sha256, "found": said}
            transaction.append(OUTSIDE, body, self.clock.now_ms())


def _shifts(body: Mapping[str, Any] | None) -> ShiftSettings:
    if body is None:
        return ShiftSettings()
    return Settings.from_values({"shifts": dict(body)}).shifts


def _tenders(kinds: Mapping[str, Any] | None, caps: Mapping[str, Any] | None) -> TenderSettings:
    held = TenderSettings()
    if kinds is not None:
        from pos_app.application.tender_settings import kinds_from  # noqa: PLC0415 - few shops

        held = replace(held, kinds=kinds_from(kinds["kinds"]))
    if caps is not None:
        wallet = Settings.from_values({"wallet": dict(caps["caps"])}).tenders.wallet
        held = replace(held, wallet=wallet)
    return held


def _said(settings: Settings) -> dict[str, Any]:
    """Return the rules of some settings, equal where they mean the same."""
    return {
        "shifts": rules_values(settings.shifts),
        "tenders": _kinds(settings.tenders.kinds),
        "wallet": {code: str(cap) for code, cap in sorted(settings.tenders.wallet.items())},
    }


def _kinds(kinds: tuple[TenderKind, ...] | None) -> list[dict[str, Any]] | None:
    if kinds is None:
        return None
    from pos_app.application.tender_settings import kinds_to  # noqa: PLC0415 - as above

    return kinds_to(kinds)
