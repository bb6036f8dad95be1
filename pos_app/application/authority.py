"""Whose files a shop takes: the keys of the authority that are pinned in its journal.

A live shop takes signed files only. A training shop also takes files that nobody signed, because
nothing there has value; a signature that is there must hold in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pos_app.application.ports import Ledger
from pos_app.application.records import ShopIdentity, ShopMode
from pos_app.domain.errors import PosError
from pos_app.exchange.signed_text import read_signed


class SignatureMissing(PosError):
    """A live shop takes no file that nobody signed."""

    code: ClassVar[str] = "signature-missing"


class SignerUnknown(PosError):
    """The file is signed, but by a key that is not pinned in this shop. Fact: `signer`."""

    code: ClassVar[str] = "signer-unknown"


class FileNotText(PosError):
    """The bytes of a file are no UTF-8 text."""

    code: ClassVar[str] = "file-not-text"


@dataclass(frozen=True, slots=True)
class Vouched:
    """A file's text without its signature, and who signed it (empty: nobody)."""

    text: str
    by: str


def vouched(
    ledger: Ledger, identity: ShopIdentity, content: bytes, purpose: bytes, office: str = ""
) -> Vouched:
    """Return what a file says once its signature is settled.

    `office` is who signed what a file without a signature of its own came in.
    Raises `SignatureWrong`, `SignatureMissing`, `SignerUnknown` or `FileNotText`.
    """
    signed = read_signed(content, purpose)
    by = office
    if signed.signer is not None:
        by = ledger.authorities().get(signed.signer.hex(), "")
        if not by:
            raise SignerUnknown(signer=signed.signer.hex()[:16])
    elif identity.mode is ShopMode.LIVE and not office:
        raise SignatureMissing
    try:
        return Vouched(signed.payload.decode("utf-8"), by)
    except UnicodeDecodeError:
        raise FileNotText from None
