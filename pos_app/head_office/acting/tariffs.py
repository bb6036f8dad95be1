"""A tariff file as a page shows it: who signed it, its prices, its examples worked again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pos_app.domain.errors import PosError
from pos_app.domain.tariff.examples import Checked, Example, check_examples
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.tariff import Tariff
from pos_app.exchange.signed_text import TARIFF, read_signed

_LARGEST: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """A published purchase: what goes in, what must come out, and whether it does."""

    id: str
    tender: str
    units: str
    refused: str
    holds: bool
    found: str


@dataclass(frozen=True, slots=True)
class TariffSheet:
    """What a file says; `tariff` is None where it cannot be read, and `problem` tells why."""

    content: str
    signer: str
    tariff: Tariff | None
    checked: Checked | None = None
    examples: tuple[WorkedExample, ...] = ()
    problem: PosError | None = None


def sheet_of(content: str) -> TariffSheet:
    """Return what a tariff file says, also of one that says nothing right."""
    signer = ""
    try:
        signed = read_signed(content[:_LARGEST].encode("utf-8", "replace"), TARIFF)
        signer = "" if signed.signer is None else signed.signer.hex()
        tariff = parse_tariff(signed.payload.decode("utf-8", "replace"))
        checked = check_examples(tariff)
    except PosError as problem:
        return TariffSheet(content, signer, None, problem=problem)
    worked = tuple(_worked(each, checked) for each in tariff.examples)
    return TariffSheet(content, signer, tariff, checked, worked)


def _worked(example: Example, checked: Checked) -> WorkedExample:
    failures = [
        each for each in checked.failures if each.id == example.id
        or each.id.startswith(f"{example.id} ")
    ]  # fmt: skip
    tender = "" if example.tender is None else example.tender.plain()
    tenths = example.tenths if example.tender is not None else example.ask
    units = "" if tenths is None else f"{tenths // 10}.{tenths % 10}"
    found = "; ".join(f"{each.expected} ≠ {each.found}" for each in failures)
    return WorkedExample(example.id, tender, units, example.refused, not failures, found)
