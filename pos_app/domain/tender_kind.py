"""Ways of paying beside cash: what each one needs, and what a shop lets it do.

A mask says how a reference looks: ``9`` is a digit, ``A`` a letter, ``X`` either; what stands in
one pair of square brackets at the end may be missing, in whole or from its end on; anything else
stands for itself. ``999999[999]`` is six to nine digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tender import CASH, Tender

LONGEST_REFERENCE: Final = 40
LONGEST_MASK: Final = 40
NO_SHAPE: Final = "\u2013"
"""Said of a reference where there is no mask to show."""

_TOLD: Final = 20
_CLASSES: Final = {"9": "[0-9]", "A": "[A-Z]", "X": "[A-Z0-9]"}
_MASK: Final = re.compile(r"[^\[\]]+(?:\[[^\[\]]+\])?")


class TenderKindUnknown(PosError):
    """The shop does not take this way of paying: `tender`, `known`."""

    code: ClassVar[str] = "tender-kind-unknown"


class TenderNotYours(PosError):
    """Another role must take this way of paying: `tender`, `role` (who may)."""

    code: ClassVar[str] = "tender-not-yours"


class TenderAboveLimit(PosError):
    """More at once than the shop takes in this way: `tender`, `limit`, `currency`."""

    code: ClassVar[str] = "tender-above-limit"


class ReferenceNeeded(PosError):
    """This way of paying needs a reference: `tender`, `example`."""

    code: ClassVar[str] = "reference-needed"


class ReferenceInvalid(PosError):
    """A reference does not look as it must: `tender`, `example`, `typed`."""

    code: ClassVar[str] = "reference-invalid"


class ReferenceUsed(PosError):
    """This reference paid for another sale: `tender`, `reference`, `receipt`."""

    code: ClassVar[str] = "reference-used"


class Reference(StrEnum):
    """Whether a way of paying carries a reference."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class TenderKind:
    """One way of paying.

    `names` are its words by language; `in_drawer` says that its paper lies in the drawer until it
    is banked; with `gives_change` what is too much goes back in cash. `limit` is the most of one
    sale, by currency; `roles` may take it (empty: everyone; a supervisor always may). A reference
    counts once where `once` is set.
    """

    code: str
    names: Mapping[str, str] = field(default_factory=dict)
    reference: Reference = Reference.NONE
    mask: str = ""
    in_drawer: bool = False
    gives_change: bool = False
    once: bool = True
    limit: Mapping[str, Decimal] = field(default_factory=dict)
    roles: tuple[str, ...] = ()

    def open_to(self, role: str) -> bool:
        """Tell whether `role` may take it."""
        return not self.roles or role in {*self.roles, "supervisor"}


CASH_KIND: Final = TenderKind(CASH, in_drawer=True, gives_change=True)


def mask_valid(mask: str) -> bool:
    """Tell whether `mask` can be a mask; an empty one lets everything pass."""
    return len(mask) <= LONGEST_MASK and (not mask or _MASK.fullmatch(mask) is not None)


def fits(mask: str, reference: str) -> bool:
    """Tell whether `reference` looks as `mask` says."""
    if not mask:
        return True
    must, _, may = mask.rstrip("]").partition("[")
    pattern = "".join(map(_part, must))
    pattern += "".join(f"(?:{_part(each)}" for each in may) + ")?" * len(may)
    return re.fullmatch(pattern, reference) is not None


def example_of(mask: str) -> str:
    """Return the shortest reference of this look."""
    signs = {"9": "1234567890", "A": "ABCDEFGHIJ", "X": "A1B2C3D4E5"}
    must = mask.partition("[")[0]
    return "".join(signs.get(sign, sign * 10)[at % 10] for at, sign in enumerate(must)) or NO_SHAPE


def _part(sign: str) -> str:
    return _CLASSES.get(sign, re.escape(sign))


def reference_of(kind: TenderKind, typed: str) -> str:
    """Return a reference in its one form: no spaces around or inside, capital letters.

    Raises `ReferenceNeeded` or `ReferenceInvalid`.
    """
    found = "".join(typed.split()).upper()
    if kind.reference is Reference.NONE:
        if found:
            raise ReferenceInvalid(tender=kind.code, example=NO_SHAPE, typed=typed[:_TOLD])
        return ""
    if not found:
        if kind.reference is Reference.REQUIRED:
            raise ReferenceNeeded(tender=kind.code, example=example_of(kind.mask))
        return ""
    if len(found) > LONGEST_REFERENCE or not found.isprintable() or not fits(kind.mask, found):
        example, said = example_of(kind.mask), typed[:_TOLD]
        raise ReferenceInvalid(tender=kind.code, example=example, typed=said)
    return found


def kind_of(kinds: Sequence[TenderKind], code: str) -> TenderKind:
    """Return a kind by its code; raises `TenderKindUnknown`."""
    for kind in kinds:
        if kind.code == code:
            return kind
    raise TenderKindUnknown(tender=code[:20], known=", ".join(kind.code for kind in kinds))


def accepted(
    kinds: Sequence[TenderKind], tenders: Sequence[Tender], role: str
) -> tuple[Tender, ...]:
    """Return `tenders` with their references in one form, each checked against its kind.

    Raises `TenderKindUnknown`, `TenderNotYours`, `TenderAboveLimit`, `ReferenceNeeded` or
    `ReferenceInvalid`. A limit is for all tenders of its kind together.
    """
    checked = []
    for tender in tenders:
        kind = kind_of(kinds, tender.kind)
        if not kind.open_to(role):
            raise TenderNotYours(tender=kind.code, role=kind.roles[0])
        together = sum(each.amount.minor for each in tenders if each.kind == kind.code)
        _within_limit(kind, Money(together, tender.amount.currency))
        checked.append(Tender(tender.kind, tender.amount, reference_of(kind, tender.reference)))
    return tuple(checked)


def _within_limit(kind: TenderKind, amount: Money) -> None:
    limit = kind.limit.get(amount.currency.code)
    if limit is None:
        return
    most = Money.of(limit, amount.currency)
    if amount.minor > most.minor:
        code = amount.currency.code
        raise TenderAboveLimit(tender=kind.code, limit=most.plain(), currency=code)


def givers(kinds: Sequence[TenderKind]) -> frozenset[str]:
    """Return the codes of what gives change."""
    return frozenset(kind.code for kind in kinds if kind.gives_change)
