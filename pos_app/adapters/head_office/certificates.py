"""Looking at the certificate that a head office shows, before anything is said to it.

A head office that made its certificate itself is known to no system. The shop looks at it, a
supervisor compares its SHA-256 with the one that head office reads out, and from then on exactly
this certificate is trusted.
"""

from __future__ import annotations

import socket
import ssl
from hashlib import sha256
from typing import Final

import httpx

from pos_app.application.office_records import (
    CertificateUnfit,
    OfficeAddressUnfit,
    OfficeUnreachable,
    ShownCertificate,
)

_PATIENCE_S: Final = 10.0
_HTTPS: Final = 443


def shown_certificate(url: str) -> ShownCertificate:
    """Return the certificate of a server; nothing but a greeting is sent to it.

    Raises `OfficeAddressUnfit` or `OfficeUnreachable`.
    """
    parts = httpx.URL(url)
    if parts.scheme != "https" or not parts.host:
        raise OfficeAddressUnfit(url=url[:100])
    look = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    look.check_hostname = False
    look.verify_mode = ssl.CERT_NONE  # it is only looked at: a person decides about it
    place = (parts.host, parts.port or _HTTPS)
    try:
        with (
            socket.create_connection(place, _PATIENCE_S) as line,
            look.wrap_socket(line, server_hostname=parts.host) as secure,
        ):
            raw = secure.getpeercert(binary_form=True) or b""
    except OSError as problem:
        raise OfficeUnreachable(url=url[:100], reason=str(problem)[:200]) from None
    return ShownCertificate(ssl.DER_cert_to_PEM_cert(raw), fingerprint(raw))


def fingerprint_of(pem: str) -> str:
    """Return the SHA-256 of the first certificate of a PEM text; raises `CertificateUnfit`."""
    start, end = pem.find(ssl.PEM_HEADER), pem.find(ssl.PEM_FOOTER)
    try:
        return fingerprint(ssl.PEM_cert_to_DER_cert(pem[start : end + len(ssl.PEM_FOOTER)]))
    except ValueError:
        raise CertificateUnfit from None


def fingerprint(der: bytes) -> str:
    """Return the SHA-256 of a certificate as head office prints it: groups of four."""
    digits = sha256(der).hexdigest()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
