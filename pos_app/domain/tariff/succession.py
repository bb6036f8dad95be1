"""Versions of one tariff: what may follow what, and the digest by which a version is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from pos_app.domain.tariff.refusals import TariffInvalid, TariffProblem
from pos_app.domain.tariff.source_text import read_text
from pos_app.domain.tariff.tariff import Tariff


def check_succession(old: Tariff, new: Tariff) -> None:
    """Raise `TariffInvalid` when `new` cannot follow `old`, the version before it.

    A later version has the same id, commodity and currency, a higher number, and starts later;
    it ends an old version that has no last day. Where the old one has a last day, the new one
    starts after it, so no day has two prices.
    """
    same = (old.id, old.commodity, old.currency.code, old.unit_name)
    if same != (new.id, new.commodity, new.currency.code, new.unit_name):
        raise TariffInvalid(field="id", problem=TariffProblem.OTHER_TARIFF, detail=new.id)
    if new.version <= old.version:
        problem = TariffProblem.NOT_RISING
        raise TariffInvalid(field="version", problem=problem, detail=str(new.version))
    if old.valid_from is None or new.valid_from is None:
        return
    if new.valid_from <= (old.valid_to or old.valid_from):
        problem = TariffProblem.OVERLAP
        raise TariffInvalid(field="valid_from", problem=problem, detail=str(new.valid_from))


def digest_of(text: str) -> str:
    """Return the SHA-256 of what a tariff file says, in hexadecimal.

    Comments, order of fields, spaces, and TOML or JSON make no difference: the tables are written
    as JSON with sorted keys and no spaces, days as ``YYYY-MM-DD``, and hashed as UTF-8. Raises
    `TariffInvalid` for what is no TOML and no JSON.
    """
    table, _ = read_text(text)
    canonical = json.dumps(
        table, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | Mapping):
        return str(value)
    return repr(value)
