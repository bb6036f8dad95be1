"""Speaking to head office over HTTPS (``resources/exchange/README.md``).

Certificates are proven against the system's trust, or against one that the shop pinned. Plain
HTTP is spoken to this computer only. No redirect is followed: head office is where the answer to
the enrolment said. What comes back is bounded, and nothing of it is believed that head office did
not sign.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import IO, Any, Final

import httpx

from pos_app.application.office_records import (
    CertificateUnfit,
    HeldPack,
    OfficeAddressUnfit,
    OfficeNotTrusted,
    OfficeRefused,
    OfficeUnreachable,
    PackAnswer,
)
from pos_app.exchange.enrolment import LARGEST as LARGEST_ANSWER
from pos_app.exchange.standing import HEADER

LARGEST_JSON: Final = 4 * 1024 * 1024
LARGEST_PACK: Final = 2 * 1024 * 1024 * 1024
_TIMES: Final = httpx.Timeout(60.0, connect=10.0)
_PIECE: Final = 64 * 1024
_NO_CONTENT: Final = 204


class HttpLine:
    """Implements `pos_app.application.office_ports.OfficeLine`; `close` it."""

    def __init__(self, url: str, pem: str = "") -> None:
        """`pem` is a certificate that is trusted in place of the system's certificates.

        Raises `OfficeAddressUnfit`, or `CertificateUnfit` where `pem` is none.
        """
        self._url = url.strip().rstrip("/")
        near = _near(self._url)
        try:
            trust = ssl.create_default_context(cadata=pem)
        except (OSError, ValueError):
            raise CertificateUnfit from None
        self._http = httpx.Client(
            base_url=self._url,
            timeout=_TIMES,
            verify=trust,
            trust_env=not near,
            headers={"User-Agent": "tokentill"},
        )

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def enrol(self, request: bytes) -> bytes:
        """Hand over an enrolment request and return the answer."""
        with self._asked("POST", "/api/v1/enrol", content=request) as answer:
            return _body(answer, LARGEST_ANSWER)

    def send(self, bundle: IO[bytes], authorization: str) -> dict[str, Any]:
        """Hand over a bundle; return the answer's values."""
        headers = {"Authorization": authorization, "Content-Type": "application/zstd"}
        pieces = iter(lambda: bundle.read(_PIECE), b"")
        with self._asked("POST", "/api/v1/bundles", content=pieces, headers=headers) as answer:
            return _values(_body(answer, LARGEST_JSON))

    def next_pack(self, held: HeldPack, authorization: str, into: IO[bytes]) -> PackAnswer:
        """Write the pack after the one that is held into a file, if there is one."""
        headers = {"Authorization": authorization}
        path = f"/api/v1/packs?after={held.number}"
        if held.digest:
            path += f"&digest={held.digest.hex()}"
        with self._asked("GET", path, headers=headers) as answer:
            standing = answer.headers.get(HEADER, "")
            if answer.status_code == _NO_CONTENT:
                return PackAnswer(came=False, standing=standing)
            for piece in _pieces(answer, LARGEST_PACK):
                into.write(piece)
            return PackAnswer(came=True, standing=standing)

    def now_ms(self) -> int:
        """Return what head office's clock shows."""
        with self._asked("GET", "/api/v1/time") as answer:
            now = _values(_body(answer, LARGEST_JSON)).get("now_ms")
        if not isinstance(now, int):
            raise OfficeRefused(status=200, reason="the answer has no time")
        return now

    @contextmanager
    def _asked(self, method: str, path: str, **parts: Any) -> Iterator[httpx.Response]:
        try:
            with self._http.stream(method, path, **parts) as answer:
                if answer.status_code >= httpx.codes.MULTIPLE_CHOICES:
                    reason = _reason(_body(answer, LARGEST_JSON))
                    raise OfficeRefused(status=answer.status_code, reason=reason)
                yield answer
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as problem:
            if _is_about_trust(problem):
                raise OfficeNotTrusted(url=self._url) from None
            reason = str(problem) or type(problem).__name__
            raise OfficeUnreachable(url=self._url, reason=reason[:200]) from None


def _is_about_trust(problem: BaseException) -> bool:
    """Tell whether a line failed because of the certificate that was shown."""
    found: BaseException | None = problem
    while found is not None and not isinstance(found, ssl.SSLCertVerificationError):
        found = found.__cause__ or found.__context__
    return found is not None


def _near(url: str) -> bool:
    """Tell whether an address is this computer; raise `OfficeAddressUnfit` for an unfit one."""
    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, TypeError):
        raise OfficeAddressUnfit(url=url[:100]) from None
    near = parts.host == "localhost" or _is_loopback(parts.host)
    fit = parts.scheme == "https" or (parts.scheme == "http" and near)
    if not fit or not parts.host or parts.userinfo or parts.query or parts.fragment:
        raise OfficeAddressUnfit(url=url[:100])
    return near


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _pieces(answer: httpx.Response, most: int) -> Iterator[bytes]:
    taken = 0
    for piece in answer.iter_bytes(_PIECE):
        taken += len(piece)
        if taken > most:
            raise OfficeRefused(status=answer.status_code, reason="the answer is too large")
        yield piece


def _body(answer: httpx.Response, most: int) -> bytes:
    return b"".join(_pieces(answer, most))


def _values(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise OfficeRefused(status=200, reason="the answer is no JSON object")
    return found


def _reason(raw: bytes) -> str:
    """Return what an answer says is wrong: its ``message`` or ``detail``, else its first words."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        found = None
    said = found if isinstance(found, dict) else {}
    for name in ("message", "detail", "error"):
        if isinstance(said.get(name), str):
            return str(said[name])[:200]
    return raw[:200].decode("utf-8", "replace")
