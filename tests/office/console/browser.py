"""A real browser: Debian's Chromium without a window, told what to do over a pipe.

The DevTools protocol as JSON, each message ended by a zero byte, on file descriptors 3 and 4
(``--remote-debugging-pipe``): no port, no library.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
    "--ignore-certificate-errors", "--disable-dev-shm-usage", "--remote-debugging-pipe",
)  # fmt: skip
AS_3_AND_4 = """
import os, sys
held = [os.dup(int(each)) for each in sys.argv[1:3]]
for wanted, here in zip((3, 4), held):
    os.dup2(here, wanted)
    os.set_inheritable(wanted, True)
os.execv(sys.argv[3], sys.argv[3:])
"""
KEYS = {"Tab": 9, "Enter": 13, "Escape": 27}


def program() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Browser:
    """One tab; what goes wrong on a page is gathered in `complaints`."""

    def __init__(self, to: IO[bytes], back: IO[bytes]) -> None:
        self._to, self._back = to, back
        self._number = 0
        self._session = ""
        self._held = b""
        self.complaints: list[str] = []
        self._loads = 0
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        said = {"id": self._number, "method": method, "params": params}
        if self._session:
            said["sessionId"] = self._session
        self._to.write(json.dumps(said).encode() + b"\0")
        self._to.flush()
        while True:
            told = self._read()
            if told.get("id") == self._number:
                assert "error" not in told, told
                result: dict[str, Any] = told["result"]
                return result

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._held:
            piece = os.read(self._back.fileno(), 1 << 16)
            assert piece, "the browser has gone"
            self._held += piece
        raw, _, self._held = self._held.partition(b"\0")
        told: dict[str, Any] = json.loads(raw)
        self._hear(told)
        return told

    def _hear(self, told: dict[str, Any]) -> None:
        if told.get("method") == "Page.loadEventFired":
            self._loads += 1
        elif told.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(told["params"])[:400])
        elif told.get("method") == "Log.entryAdded":
            entry = told["params"]["entry"]
            if entry["level"] == "error":
                self.complaints.append(f"{entry['text']} {entry.get('url', '')}")
        elif told.get("method") == "Page.javascriptDialogOpening":
            self.complaints.append(f"dialog: {told['params']['message']}")

    def go(self, url: str) -> None:
        with self.loading():
            self.call("Page.navigate", url=url)

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Wait until what the block began has loaded a page."""
        before = self._loads
        yield
        until = time.monotonic() + 30
        while self._loads == before:
            assert time.monotonic() < until, "no page was loaded"
            self.js("1")
            time.sleep(0.02)
        self.js("document.fonts.ready.then(() => 1)")

    def js(self, expression: str) -> Any:
        told = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press a key that has a name."""
        values = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key]}
        values["modifiers"] = 8 if shift else 0
        text = {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **values, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **values)

    def write(self, text: str) -> None:
        """Type letters, each as keys do."""
        for letter in text:
            self.call("Input.dispatchKeyEvent", type="char", text=letter)

    def screen(self, width: int, height: int, *, dark: bool = False) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def picture(self, path: Path) -> None:
        """Keep a picture of the whole page."""
        told = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(told["data"]))


@contextmanager
def browser(name: str) -> Iterator[Browser]:
    """Start Chromium; it trusts any certificate, because it speaks to this test only."""
    to_read, to_write = os.pipe()
    back_read, back_write = os.pipe()
    # Processes of the browser may write into it for a moment after the first one ended.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        arguments = [name, *OPTIONS, f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(
            [sys.executable, "-c", AS_3_AND_4, str(to_read), str(back_write), *arguments],
            pass_fds=(to_read, back_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_read)
        os.close(back_write)
        with os.fdopen(to_write, "wb") as to, os.fdopen(back_read, "rb", 0) as back:
            try:
                yield Browser(to, back)
            finally:
                process.terminate()
                process.wait(20)
