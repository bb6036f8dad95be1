"""What a shop may choose: languages, theme, printer. Nothing here is a secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from pos_app.application.identity import ShopMode
from pos_app.application.printing import PrinterSettings, SlipMode, Transport
from pos_app.application.shift_settings import ShiftOpening, ShiftSettings
from pos_app.application.words import SOURCE_LANGUAGE, languages
from pos_app.domain.cash_rules import CashRules
from pos_app.domain.errors import PosError

if TYPE_CHECKING:
    from pos_app.domain.tender_kind import TenderKind

LARGEST_ADDRESS = 200
LONGEST_KEY = 40
_AMOUNTS = tuple(field.name for field in fields(CashRules))
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")


class SettingsInvalid(PosError):
    """A setting is not one of those that exist. Facts: `field`, `value`."""

    code: ClassVar[str] = "settings-invalid"


class SettingsUnreadable(SettingsInvalid):
    """The settings are no JSON at all. Fact: `path`."""

    code: ClassVar[str] = "settings-unreadable"


class Theme(StrEnum):
    """`SYSTEM` follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class TenderSettings:
    """`kinds` beside cash, None where the shop never said any (``resources/tenders``).

    `wallet` is how much change one customer's wallet may hold, by currency; empty: no wallets.
    """

    kinds: tuple[TenderKind, ...] | None = None
    wallet: Mapping[str, Decimal] = field(default_factory=dict)

    def in_force(self, mode: ShopMode) -> tuple[TenderKind, ...]:
        """Return every way of paying, cash first.

        A shop that named none takes cash only; a training shop then takes the standard ones.
        """
        from pos_app.application.tender_settings import standard_kinds  # noqa: PLC0415 - not yet
        from pos_app.domain.tender_kind import CASH_KIND  # noqa: PLC0415 - at the first paint
        from pos_app.domain.wallet import WALLET_KIND  # noqa: PLC0415 - as above

        named = self.kinds
        if named is None:
            named = standard_kinds() if mode is ShopMode.TRAINING else ()
        return (CASH_KIND, *named, *((WALLET_KIND,) if self.wallet else ()))


@dataclass(frozen=True, slots=True)
class Settings:
    """`slip_language` empty means the language of the screen."""

    language: str = "en"
    slip_language: str = ""
    theme: Theme = Theme.SYSTEM
    printer: PrinterSettings = field(default_factory=PrinterSettings)
    shifts: ShiftSettings = field(default_factory=ShiftSettings)
    tenders: TenderSettings = field(default_factory=TenderSettings)

    def to_values(self) -> dict[str, Any]:
        """Return the settings as JSON values."""
        printer = self.printer
        return {
            "language": self.language,
            "slip_language": self.slip_language,
            "theme": self.theme.value,
            "printer": {
                "transport": printer.transport.value,
                "address": printer.address,
                "paper_mm": printer.paper_mm,
                "mode": printer.mode.value,
                "cut": printer.cut,
                "open_drawer": printer.open_drawer,
            },
            "shifts": {
                "opening": self.shifts.opening.value,
                **{
                    name: {
                        key: str(value) for key, value in getattr(self.shifts.cash, name).items()
                    }
                    for name in _AMOUNTS
                },
            },
            **_tender_values(self.tenders),
            "wallet": {key: str(value) for key, value in self.tenders.wallet.items()},
        }

    @classmethod
    def from_values(cls, values: object) -> Settings:
        """Read JSON values; absent fields keep their defaults, wrong ones are refused."""
        top = _Fields("", values)
        printer = _Fields("printer.", top.part("printer"))
        shifts = _Fields("shifts.", top.part("shifts"))
        opening = shifts.choice("opening", [each.value for each in ShiftOpening], "by-mode")
        transport = printer.choice("transport", [each.value for each in Transport], "none")
        mode = printer.choice("mode", [each.value for each in SlipMode], "auto")
        return cls(
            language=top.choice("language", [*languages()], SOURCE_LANGUAGE),
            slip_language=top.choice("slip_language", ["", *languages("slip")], ""),
            theme=Theme(top.choice("theme", [each.value for each in Theme], "system")),
            printer=PrinterSettings(
                transport=Transport(transport),
                address=printer.text("address", "", LARGEST_ADDRESS),
                paper_mm=int(printer.choice("paper_mm", [58, 80], 80)),
                mode=SlipMode(mode),
                cut=bool(printer.choice("cut", [True, False], True)),  # noqa: FBT003 - values
                open_drawer=bool(printer.choice("open_drawer", [True, False], False)),  # noqa: FBT003
            ),
            shifts=ShiftSettings(
                ShiftOpening(opening), CashRules(*(shifts.amounts(name) for name in _AMOUNTS))
            ),
            tenders=_tenders(top.part("tenders"), top.amounts("wallet")),
        )


def _tender_values(tenders: TenderSettings) -> dict[str, Any]:
    if tenders.kinds is None:
        return {}
    from pos_app.application.tender_settings import kinds_to  # noqa: PLC0415 - as above

    return {"tenders": kinds_to(tenders.kinds)}


def _tenders(values: object, wallet: dict[str, Decimal]) -> TenderSettings:
    if values == {}:
        return TenderSettings(wallet=wallet)
    from pos_app.application.tender_settings import (  # noqa: PLC0415 - as above
        TenderKindsInvalid,
        kinds_from,
    )

    try:
        return TenderSettings(kinds_from(values), wallet)
    except TenderKindsInvalid as problem:
        facts = problem.facts
        field = f"tenders.{facts['kind']}.{facts['field']}"
        raise SettingsInvalid(field=field, value=facts["value"]) from None


class _Fields:
    """One JSON object of settings, read field by field."""

    def __init__(self, prefix: str, values: object) -> None:
        if not isinstance(values, dict):
            raise SettingsInvalid(field=prefix.rstrip(".") or "settings", value=str(values)[:40])
        self._prefix = prefix
        self._values = values

    def part(self, name: str) -> object:
        return self._values.get(name, {})

    def text(self, name: str, otherwise: str, longest: int) -> str:
        value = self._values.get(name, otherwise)
        if not isinstance(value, str) or len(value) > longest or not value.isprintable():
            raise SettingsInvalid(field=self._prefix + name, value=str(value)[:40])
        return value

    def amounts(self, name: str) -> dict[str, Decimal]:
        """Return {currency or utility: amount}; amounts are text, never binary fractions."""
        held = self._values.get(name, {})
        pairs = held.items() if isinstance(held, dict) else [("", held)]
        for key, value in pairs:
            known = isinstance(key, str) and 0 < len(key) <= LONGEST_KEY and key.isprintable()
            if not (known and isinstance(value, str) and _AMOUNT.fullmatch(value)):
                raise SettingsInvalid(field=f"{self._prefix}{name}", value=f"{key}: {value}"[:40])
        return {key: Decimal(value) for key, value in pairs}

    def choice(self, name: str, allowed: list[Any], otherwise: object) -> Any:
        value = self._values.get(name, otherwise)
        if not any(value == each and type(value) is type(each) for each in allowed):
            raise SettingsInvalid(field=self._prefix + name, value=str(value)[:40])
        return value
