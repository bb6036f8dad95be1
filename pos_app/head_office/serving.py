"""The server that runs: uvicorn with TLS, on the loopback unless it is told otherwise."""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
from dataclasses import dataclass, replace
from typing import Any, Final

import uvicorn

from pos_app.head_office.certificate import ANY, CertificateFiles
from pos_app.head_office.errors import ServerCannotListen, ServerNotPlain
from pos_app.head_office.given_errors import CertificateUnfit

PORT: Final = 8460
LOOPBACK: Final = "127.0.0.1"
_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens; without `files` it speaks in the clear, to the loopback only."""

    host: str = LOOPBACK
    port: int = PORT
    files: CertificateFiles | None = None

    @property
    def url(self) -> str:
        """Return the address that tills are told."""
        scheme = "https" if self.files else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"

    def url_of(self, names: tuple[str, ...]) -> str:
        """Return the address that tills are told; a certificate's name if it is on any.

        Without such a name it is this computer's.
        """
        if self.host in ANY:
            return replace(self, host=next(iter(names), socket.gethostname())).url
        return self.url

    def ensure_private(self) -> None:
        """Raise `ServerNotPlain` where others could listen along."""
        if self.files is None and not _loopback(self.host):
            raise ServerNotPlain(host=self.host)

    def bound(self) -> socket.socket:
        """Return a socket that has the address; raises `ServerNotPlain` or `ServerCannotListen`.

        It is bound before anybody is told that the server listens. Port 0 is any that is free.
        """
        self.ensure_private()
        try:
            found = socket.getaddrinfo(self.host or None, self.port, type=socket.SOCK_STREAM)
            family, kind, protocol, _, address = found[0]
            held = socket.socket(family, kind, protocol)
        except (OSError, UnicodeError, OverflowError) as problem:
            raise self._unable(problem) from None
        try:
            if os.name == "posix":  # Windows would let two servers have one address
                held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.bind(address)
        except OSError as problem:
            held.close()
            raise self._unable(problem) from None
        return held

    def _unable(self, problem: Exception) -> ServerCannotListen:
        reason = getattr(problem, "strerror", None) or str(problem)
        return ServerCannotListen(host=self.host, port=self.port, reason=reason)


def server_of(app: Any, at: Listening) -> uvicorn.Server:
    """Return a server that is not started; raises `ServerNotPlain` or `CertificateUnfit`."""
    at.ensure_private()
    secure: dict[str, Any] = {}
    if at.files is not None:
        secure = {
            "ssl_certfile": str(at.files.certificate),
            "ssl_keyfile": str(at.files.key),
            "ssl_ciphers": _CIPHERS,
        }
    config = uvicorn.Config(
        app,
        host=at.host,
        port=at.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=20,
        **secure,
    )
    try:
        config.load()
    except OSError as problem:  # ssl.SSLError is one
        path = at.files.certificate if at.files else ""
        reason = problem.strerror or type(problem).__name__
        raise CertificateUnfit(path=str(path), reason=reason) from None
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return uvicorn.Server(config)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
