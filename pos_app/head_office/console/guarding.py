"""What stands before every page: what a browser may do with it, and how much it may send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_FORM: Final = 2 << 20
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS: Final = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # Not "no-referrer": browsers would then send no origin with a form.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
_SECURE: Final = ((b"strict-transport-security", b"max-age=31536000"),)
_NOT_KEPT: Final = (b"cache-control", b"no-store")


class Guard:
    """Refuses forms that are too large, and adds the headers that keep pages to themselves."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = _ALWAYS + (_SECURE if scope.get("scheme") == "https" else ())

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                kept = any(name.lower() == _NOT_KEPT[0] for name, _ in headers)
                message["headers"] = [*headers, *added, *(() if kept else (_NOT_KEPT,))]
            await send(message)

        status = _refusal(scope)
        if status:
            await _refuse(status, told)
            return
        await self._app(scope, receive, told)


def _refusal(scope: Scope) -> int:
    """Return the status of a request that is not even read: 0 for one that is."""
    if scope["method"] in {"GET", "HEAD"}:
        return 0
    if any(name.lower() == b"transfer-encoding" for name, _ in scope["headers"]):
        return 411
    lengths = [value for name, value in scope["headers"] if name.lower() == b"content-length"]
    if not lengths or not lengths[0].isdigit():
        return 411
    return 413 if int(lengths[0]) > LARGEST_FORM else 0


async def _refuse(status: int, send: Send) -> None:
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
