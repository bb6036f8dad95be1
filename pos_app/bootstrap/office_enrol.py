"""Ways to enrol: over the line, after looking at who is at its other end, or by a stick."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pos_app.adapters.system.new_file import FileUnwritable, new_file
from pos_app.adapters.system.read_file import read_file
from pos_app.application.office_records import (
    CertificateDiffers,
    Enrolled,
    NoAnswerHere,
    ShownCertificate,
)
from pos_app.bootstrap.ledger_thread import OnLedger, here
from pos_app.bootstrap.shop import OpenShop
from pos_app.exchange.enrolment import LARGEST

REQUEST: Final = "{till}-enrol.request"
ANSWER: Final = "{till}-enrol.answer"
"""What the two files are called on a stick."""


def look_at(url: str) -> ShownCertificate:
    """Return the certificate that a server shows."""
    from pos_app.adapters.head_office.certificates import (  # noqa: PLC0415 - HTTP takes 0.1 s
        shown_certificate,
    )

    return shown_certificate(url.strip())


def compared(url: str, digits: str) -> str:
    """Return the PEM text of a server's certificate if its SHA-256 is `digits`.

    Raises `CertificateDiffers` and what `look_at` raises.
    """
    shown = look_at(url)
    if "".join(digits.split()).replace(":", "").lower() != shown.fingerprint.replace(" ", ""):
        raise CertificateDiffers(shown=shown.fingerprint)
    return shown.pem


def leave_request(
    shop: OpenShop, path: Path, code: str, operator_id: str, on_ledger: OnLedger = here
) -> Path:
    """Write an enrolment request to a file, or into a folder under its usual name.

    One that an earlier try left there is replaced.
    """
    content = on_ledger(lambda: shop.desk.office.request(code, operator_id))
    if path.is_dir():
        path /= REQUEST.format(till=shop.desk.identity.till)
        try:
            path.unlink(missing_ok=True)
        except OSError as problem:
            raise FileUnwritable(path=str(path), reason=problem.strerror or "") from None
    with new_file(path) as file:
        file.write(content)
    return path


def take_answer(
    shop: OpenShop, path: Path, operator_id: str, on_ledger: OnLedger = here
) -> Enrolled:
    """Believe the answer in a file, or in a folder under its usual name.

    Raises `NoAnswerHere` where a folder has none, and what `OfficeDesk.take_answer` raises.
    """
    if path.is_dir():
        folder, path = path, path / ANSWER.format(till=shop.desk.identity.till)
        if not path.is_file():
            raise NoAnswerHere(path=str(folder))
    content = read_file(path, LARGEST)
    found: Enrolled = on_ledger(lambda: shop.desk.office.take_answer(content, operator_id))
    return found
