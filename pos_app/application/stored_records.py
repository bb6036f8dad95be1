"""What a ledger keeps of the data sets a shop is given, and of what it still has to print.

Times are milliseconds UTC since 1970. Nothing here is a secret in the clear: keys are sealed and
PINs are verifiers.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.application.identity import Operator


@dataclass(frozen=True, slots=True)
class OperatorRecord:
    """An operator with the verifier of the PIN (Argon2 encoded; not a secret, not for show)."""

    operator: Operator
    pin_verifier: str

    def __repr__(self) -> str:
        return f"OperatorRecord({self.operator!r})"


@dataclass(frozen=True, slots=True)
class TariffRecord:
    """A tariff file as imported; `sha256` is of the text."""

    id: str
    version: int
    utility: str
    text: str
    sha256: str
    imported_ms: int


@dataclass(frozen=True, slots=True)
class UtilityRecord:
    """Who sells the commodity: the head of the slip."""

    id: str
    name: str
    address: str
    tax_reference: str
    help_line: str


@dataclass(frozen=True, slots=True)
class KeyAttributes:
    """All attributes of a stored key; every one of them is sealed together with the key.

    `kind` is ``vending`` or ``decoder``; `pan`, `ti` and `ea` say which meter a decoder key is
    for and are empty or -1 in a vending key, which makes the keys of a whole supply group.
    """

    kind: str
    sgc: str
    krn: int
    kt: int
    base: int
    ken: int
    dkga: int
    kcv: str
    active_from_ms: int
    issue_until_ms: int
    pan: str = ""
    ti: int = -1
    ea: int = -1


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A key only the vault can open."""

    attributes: KeyAttributes
    blob: bytes

    def __repr__(self) -> str:
        return f"SealedKey({self.attributes!r})"


@dataclass(frozen=True, slots=True)
class PrintTask:
    """One slip on its way to paper; `copy` 0 is the original."""

    sale_seq: int
    copy: int
    attempts: int
