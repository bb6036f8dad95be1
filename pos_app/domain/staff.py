"""What tills and operators may be called, what a PIN is, how many supervisors a shop keeps."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from pos_app.domain.errors import PosError

LEAST_SUPERVISORS: Final = 2
"""Keys are brought in and destroyed by two."""
_ID: Final = re.compile(r"[a-z][a-z0-9.-]{0,19}")
_TILL: Final = re.compile(r"[A-Z][A-Z0-9]{1,11}")
_PIN: Final = re.compile(r"[0-9]{4,12}")
_ROWS: Final = "01234567890", "09876543210"


class OperatorInvalid(PosError):
    """This cannot be an operator's short name or name. Fact: `typed`."""

    code: ClassVar[str] = "operator-invalid"


class TillInvalid(PosError):
    """This cannot be a till's or a shop's name. Fact: `typed`."""

    code: ClassVar[str] = "till-invalid"


class OperatorExists(PosError):
    """There is, or was, an operator of this short name. Fact: `operator`."""

    code: ClassVar[str] = "operator-exists"


class PinWeak(PosError):
    """A new PIN is no PIN or the first that anybody would try. No facts."""

    code: ClassVar[str] = "pin-weak"


class SupervisorsTooFew(PosError):
    """A shop keeps at least `least` supervisors."""

    code: ClassVar[str] = "supervisors-too-few"


def check_operator(operator_id: str, name: str) -> None:
    """Raise `OperatorInvalid` for names that no slip or command line could carry."""
    if not _ID.fullmatch(operator_id):
        raise OperatorInvalid(typed=operator_id[:40])
    if not 1 <= len(name) <= 40 or not name.isprintable() or name != name.strip():
        raise OperatorInvalid(typed=name[:40])


def check_till(till: str, shop: str) -> None:
    """Raise `TillInvalid` for a name that receipts, seals and files could not carry."""
    if not _TILL.fullmatch(till):
        raise TillInvalid(typed=till[:40])
    if not 1 <= len(shop) <= 60 or not shop.isprintable() or shop != shop.strip():
        raise TillInvalid(typed=shop[:40])


def check_pin(pin: str) -> None:
    """Raise `PinWeak` unless `pin` is 4 to 12 digits, neither all alike nor in a row."""
    if not _PIN.fullmatch(pin) or len(set(pin)) == 1 or any(pin in row for row in _ROWS):
        raise PinWeak
