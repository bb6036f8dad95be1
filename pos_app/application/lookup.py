"""Finding a meter, and all a cashier needs after finding it."""

from __future__ import annotations

from pos_app.application.errors import MeterUnknown
from pos_app.application.ports import Ledger
from pos_app.application.pricing import HISTORY, Pricing
from pos_app.application.records import MeterCard, MeterHit
from pos_app.domain.money import Money
from pos_app.domain.tender import note_keys
from pos_app.sts.identity import parse_meter_number


def storable(text: str) -> str:
    """Return `text` with a question mark for halves of characters, which nothing can store.

    They come from bytes that are no text, and from escapes in JSON that are half a pair.
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def find(ledger: Ledger, text: str, limit: int) -> tuple[MeterHit, ...]:
    """Return meters for any fragment; an 18-digit meterPAN finds its DRN."""
    digits = "".join(text.split())
    if len(digits) == 18 and digits.isascii() and digits.isdigit():
        return ledger.search(parse_meter_number(digits).digits, limit)
    return ledger.search(text, limit)


def meter_number(ledger: Ledger, typed: str) -> str:
    """Return the DRN of what was typed or scanned.

    A number on file is taken as it stands; any other is checked first, so that a typing slip is
    called one (`DrnCheckDigit` and its kin) and only a sound number is called unknown.
    """
    compact = "".join(c for c in storable(typed) if c not in " -\u2009")
    if ledger.meter(compact) is not None:
        return compact
    drn = parse_meter_number(compact).digits
    if ledger.meter(drn) is None:
        raise MeterUnknown(typed=drn)
    return drn


def card(ledger: Ledger, pricing: Pricing, drn: str) -> MeterCard:
    """Return the card of a meter; raises `MeterUnknown` or `TariffMissing`."""
    meter = ledger.meter(drn)
    if meter is None:
        raise MeterUnknown(typed=drn[:40])
    tariff = pricing.tariff(meter.tariff)
    utility = ledger.utility(meter.utility)
    purchases = ledger.purchases(drn, HISTORY)
    account = pricing.account(drn, tariff)
    owed = sum(debt.balance.minor for debt in account.debts)
    return MeterCard(
        meter=meter,
        tariff_name=tariff.name,
        unit=tariff.unit_name,
        utility_name=utility.name if utility else meter.utility,
        currency=tariff.currency,
        usual=pricing.usual(tariff, purchases),
        usage=pricing.usage(purchases),
        bought_this_month=pricing.bought_this_month(drn),
        purchases=purchases,
        note_keys=note_keys(tariff.currency),
        minimum=tariff.minimum,
        maximum=tariff.maximum,
        owed=Money(owed, tariff.currency) if owed else None,
        free_due=tariff.free_due(account) or None,
    )
