"""The server that runs: uvicorn with TLS, on the loopback unless it is told otherwise."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass, replace
from typing import Any, Final

import uvicorn

from pos_app.head_office.certificate import CertificateFiles
from pos_app.head_office.errors import ServerCannotListen, ServerNotPlain

PORT: Final = 8460
LOOPBACK: Final = "127.0.0.1"
_ANY: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not listened on
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
        """Return the address that tills are told, by a certificate's name if it is on any."""
        if self.host in _ANY and names:
            return replace(self, host=names[0]).url
        return self.url


def server_of(app: Any, at: Listening) -> uvicorn.Server:
    """Return a server that is not started; raises `ServerNotPlain` or `ServerCannotListen`."""
    if at.files is None and not _loopback(at.host):
        raise ServerNotPlain(host=at.host)
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
        timeout_graceful_shutdown=20,
        **secure,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as problem:
        raise ServerCannotListen(host=at.host, port=at.port, reason=str(problem)) from None
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return uvicorn.Server(config)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
