"""Meter identity: DRN, meterPAN and their check digits.

A DRN has 11 digits (2 of manufacturer, 8 of serial, 1 check digit; issuer number 600727) or 13
(4, 8, 1; issuer number 0000). meterPAN = issuer number + DRN + check digit, always 18 digits.
Check digits: Luhn modulo 10, ISO/IEC 7812. Source: IEC 62055-41, meterPAN; STS 531 CTSA17.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.sts.errors import DrnCheckDigit, DrnInvalid, NotEstablished

_ISSUER_OF_LENGTH = {11: "600727", 13: "0000"}
_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")
PAN_LENGTH = 18
_TYPED_SHOWN = 24
KT_COMMON = 3


@dataclass(frozen=True, slots=True)
class Drn:
    """A decoder reference number whose length and check digit are right; see `parse_drn`."""

    digits: str

    @property
    def manufacturer(self) -> str:
        """Return the manufacturer code, 2 or 4 digits."""
        return self.digits[:-9]

    @property
    def serial(self) -> str:
        """Return the 8 digits the manufacturer counts."""
        return self.digits[-9:-1]

    @property
    def issuer(self) -> str:
        """Return the issuer identification number, ``600727`` or ``0000``."""
        return _ISSUER_OF_LENGTH[len(self.digits)]

    @property
    def pan(self) -> str:
        """Return the 18-digit meterPAN."""
        body = self.issuer + self.digits
        return body + luhn_digit(body)


def is_digits(text: str) -> bool:
    """Return whether `text` is one or more of the ASCII digits."""
    return text.isascii() and text.isdigit()


def luhn_digit(digits: str) -> str:
    """Return the check digit that belongs after `digits`."""
    body = digits.encode("ascii")
    total = sum(body[-1::-2].translate(_DOUBLED)) + sum(body[-2::-2]) - 48 * len(body)
    return str(-total % 10)


def luhn_ok(digits: str) -> bool:
    """Return whether the last of `digits` is the check digit of the others."""
    return len(digits) > 1 and is_digits(digits) and luhn_digit(digits[:-1]) == digits[-1]


def _bare(text: str) -> str:
    return "".join(text.split()).replace("-", "")


def parse_drn(text: str) -> Drn:
    """Read 11 or 13 digits; spaces and hyphens are ignored.

    Raises `DrnInvalid` for another length or other characters, `DrnCheckDigit` for a slip.
    """
    digits = _bare(text)
    if len(digits) not in _ISSUER_OF_LENGTH or not is_digits(digits):
        raise DrnInvalid(typed=text[:_TYPED_SHOWN])
    if not luhn_ok(digits):
        raise DrnCheckDigit(typed=text[:_TYPED_SHOWN])
    return Drn(digits)


def parse_meter_number(text: str) -> Drn:
    """Read what is printed on a meter or a card: a DRN, or an 18-digit meterPAN.

    Raises as `parse_drn`; a meterPAN of an unknown issuer is `DrnInvalid`.
    """
    digits = _bare(text)
    if len(digits) != PAN_LENGTH or not is_digits(digits):
        return parse_drn(text)
    for issuer in _ISSUER_OF_LENGTH.values():
        if digits.startswith(issuer):
            if not luhn_ok(digits):
                raise DrnCheckDigit(typed=text[:_TYPED_SHOWN])
            return parse_drn(digits[len(issuer) : -1])
    raise DrnInvalid(typed=text[:_TYPED_SHOWN])


def issuer_length(pan: str) -> int:
    """Return how many digits of a meterPAN are the issuer number: 6, or 4 before 13 of DRN."""
    return 6 if pan.startswith(_ISSUER_OF_LENGTH[11]) else 4


def meter_pan(drn: Drn | str) -> str:
    """Return the 18-digit meterPAN of a DRN; text is read by `parse_drn`."""
    return (drn if isinstance(drn, Drn) else parse_drn(drn)).pan


def pan_block(issuer: str, drn: str, kt: int) -> str:
    """Return the 16 digits of the meterPAN that enter a DKGA02 key: all but first and last.

    `kt` 3 (common key) has zeros for the DRN; with a 13-digit DRN sources disagree and
    `NotEstablished` is raised. Raises `DrnInvalid` when issuer and DRN do not make 17 digits.
    """
    if len(issuer) + len(drn) != PAN_LENGTH - 1 or not is_digits(issuer + drn):
        raise DrnInvalid(typed=(issuer + drn)[:_TYPED_SHOWN])
    if kt == KT_COMMON:
        if len(drn) != len("01234567890"):
            raise NotEstablished(what="dctk-pan-block")
        drn = "0" * len(drn)
    return (issuer + drn)[1:]
