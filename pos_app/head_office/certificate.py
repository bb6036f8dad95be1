"""The server's certificate: the one that is given, or one that it makes for itself.

A self-made certificate is its own authority (EC P-256, X.509 version 3). Tills are told to trust
exactly it; what they send and get is signed besides, so TLS keeps it private and no more.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pos_app.head_office.errors import CertificateNameUnfit

_YEARS: Final = 10
_HERE: Final = ("localhost", "127.0.0.1", "::1")
ANY: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not listened on
_DNS: Final = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
                         r"(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")  # fmt: skip
_DAY_MS: Final = 86_400_000
SOON_DAYS: Final = 60
"""A certificate that ends within so many days is told."""


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """Where a certificate (with its chain) and its private key are, both PEM."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says: the names and addresses it is for, when it ends, its SHA-256."""

    names: tuple[str, ...]
    ends_ms: int
    digits: str

    def days_left(self, now_ms: int) -> int:
        """Return the whole days until it ends, below 0 once it did."""
        return (self.ends_ms - now_ms) // _DAY_MS

    def fits(self, host: str) -> bool:
        """Tell whether a server may be called `host`; any address: whether others can reach it.

        The name of this computer is not counted then: few networks know it.
        """
        if host in ANY:
            return bool(self.far)
        known = {each.lower() for each in self.names}
        above = f"*.{host.lower().partition('.')[2]}"
        return host.lower() in known or above in known

    @property
    def far(self) -> tuple[str, ...]:
        """Return the names under which other computers reach the server, as far as is known."""
        near = {*_HERE, socket.gethostname().lower()}
        return tuple(each for each in self.names if each.lower() not in near)


def facts_of(path: Path) -> CertificateFacts:
    """Return what the first certificate of a PEM file says; raises `OSError` or `ValueError`."""
    held = x509.load_pem_x509_certificate(path.read_bytes())
    try:
        found = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        found = x509.SubjectAlternativeName([])
    named = found.get_values_for_type(x509.DNSName)
    addresses = [str(each) for each in found.get_values_for_type(x509.IPAddress)]
    ends_ms = int(held.not_valid_after_utc.timestamp() * 1000)
    return CertificateFacts((*named, *addresses), ends_ms, fingerprint(path))


def fit_name(name: str) -> str:
    """Return a DNS name or an address as a certificate has it; raises `CertificateNameUnfit`."""
    typed = name.strip().strip("[]").lower()
    try:
        return str(ipaddress.ip_address(typed))
    except ValueError:
        if _DNS.fullmatch(typed) and not typed.replace(".", "").isdigit():
            return typed
    raise CertificateNameUnfit(name=name[:100])


def new_certificate(
    folder: Path, names: tuple[str, ...], now_ms: int
) -> tuple[CertificateFiles, CertificateFiles | None]:
    """Make a certificate with these names and return (it, the pair before it, kept beside it).

    The loopback's names are always among them. Raises `CertificateNameUnfit`.
    """
    wanted = tuple(fit_name(each) for each in names)
    files = CertificateFiles(folder / "certificate.pem", folder / "key.pem")
    kept = None
    if files.certificate.exists() and files.key.exists():
        mark = fingerprint(files.certificate).replace(" ", "")[:8]
        kept = CertificateFiles(folder / f"certificate-{mark}.pem", folder / f"key-{mark}.pem")
        files.certificate.replace(kept.certificate)
        files.key.replace(kept.key)
    return own_certificate(folder, wanted, now_ms), kept


def own_certificate(folder: Path, names: tuple[str, ...], now_ms: int) -> CertificateFiles:
    """Return the certificate in `folder`, made for `names` where there is none yet.

    Names are host names or addresses; the loopback's are always among them.
    """
    files = CertificateFiles(folder / "certificate.pem", folder / "key.pem")
    if files.certificate.exists() and files.key.exists():
        return files
    folder.mkdir(mode=0o700, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(key, (*_HERE, *names), now_ms)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _write(files.key, secret)
    _write(files.certificate, certificate.public_bytes(serialization.Encoding.PEM))
    return files


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a certificate in groups to compare by telephone."""
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    digits = certificate.fingerprint(hashes.SHA256()).hex()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _certificate(
    key: ec.EllipticCurvePrivateKey, names: tuple[str, ...], now_ms: int
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tokentill head office")])
    start = datetime.fromtimestamp(now_ms // 1000, UTC) - timedelta(days=1)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * _YEARS))
        .add_extension(
            x509.SubjectAlternativeName([_general(each) for each in dict.fromkeys(names)]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(identifier, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(path: Path, content: bytes) -> None:
    draft = path.with_suffix(".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
