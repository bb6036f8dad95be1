"""One request to a hook: to one address, within one deadline, following nothing."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer

from pos_app.head_office.hooks.address import Target


@dataclass(frozen=True, slots=True)
class Answer:
    """What a hook answered; `retry_after_s` is 0 where it did not say."""

    status: int
    retry_after_s: int = 0


class _Line(http.client.HTTPConnection):
    """A connection to an address that was looked at before; the name is for TLS and ``Host``."""

    def __init__(self, target: Target, address: str, seconds: float, trust: ssl.SSLContext) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self._target, self._address, self._trust = target, address, trust
        self.overdue = False

    def connect(self) -> None:
        """Open the line to the one address."""
        place = (self._address, self._target.port)
        self.sock = socket.create_connection(place, self.timeout)
        if self._target.secure:
            self.sock = self._trust.wrap_socket(self.sock, server_hostname=self._target.host)

    def cut(self) -> None:
        """End whatever goes on: it took too long."""
        self.overdue = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def post(  # noqa: PLR0913, PLR0917 - the parts of one request
    target: Target,
    address: str,
    headers: Mapping[str, str],
    body: bytes,
    seconds: float,
    trust: ssl.SSLContext,
) -> Answer:
    """Send a body and return the answer's status; redirects are answers like others.

    Raises `OSError` (also for certificates and at the deadline) or `http.client.HTTPException`.
    """
    line = _Line(target, address, seconds, trust)
    # The socket's own timeout begins anew with each byte; who drips bytes is cut off by this.
    deadline = Timer(seconds, line.cut)
    deadline.start()
    try:
        line.request("POST", target.path, body, dict(headers))
        answer = line.getresponse()
        if line.overdue:  # what had come so far is no answer
            raise TimeoutError
        after = answer.headers.get("Retry-After", "")
        return Answer(answer.status, int(after) if after.isdecimal() and len(after) < 8 else 0)
    finally:
        deadline.cancel()
        line.close()
