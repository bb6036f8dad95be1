"""A shop and the line to its head office."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pos_app.adapters.system.new_file import new_file
from pos_app.adapters.system.read_file import read_file
from pos_app.application.keys import KeyFileView, Person
from pos_app.application.office_pace import wait_s
from pos_app.application.office_records import Enrolled, EnrolWish, NoLine
from pos_app.application.office_sync import RoundDone, sync_once
from pos_app.bootstrap.ledger_thread import OnLedger, here
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.errors import PosError
from pos_app.exchange.key_file import read_key_file

if TYPE_CHECKING:
    from pos_app.adapters.head_office.client import HttpLine

CERTIFICATE: Final = "office.pem"
"""A pinned certificate of head office in the shop's folder; without it the system's count."""
LARGEST_CERTIFICATE: Final = 256 * 1024
_LOG = logging.getLogger(__name__)


def read_certificate(path: Path) -> str:
    """Return the text of a certificate's PEM file; raises `FileUnreadable`."""
    return read_file(path, LARGEST_CERTIFICATE).decode("ascii", "replace")


def enrol(
    shop: OpenShop,
    wish: EnrolWish,
    operator_id: str,
    on_ledger: OnLedger = here,
) -> Enrolled:
    """Enrol with the head office at `wish.url`; a certificate is pinned once it has answered.

    Raises what `OfficeDesk.request`, `OfficeDesk.take_answer` and `OfficeLine.enrol` raise; the
    code is not sent to a server whose certificate nothing vouches for (`OfficeNotTrusted`).
    """
    request = on_ledger(lambda: shop.desk.office.request(wish.code, operator_id))
    line = _line(wish.url, wish.pem)
    try:
        answer = line.enrol(request)
    finally:
        line.close()
    found: Enrolled = on_ledger(
        lambda: shop.desk.office.take_answer(answer, operator_id, wish.url.strip())
    )
    pinned = shop.folder / CERTIFICATE
    pinned.unlink(missing_ok=True)
    if wish.pem:
        with new_file(pinned) as file:
            file.write(wish.pem.encode())
    return found


def _line(url: str, pem: str) -> HttpLine:
    from pos_app.adapters.head_office.client import HttpLine  # noqa: PLC0415 - 0.1 s

    return HttpLine(url, pem)


@contextmanager
def line_of(shop_folder: Path, enrolled: Enrolled) -> Iterator[HttpLine]:
    """Open the line to a shop's head office; raises `NoLine` where there is none."""
    if not enrolled.url:
        raise NoLine(name=enrolled.name)
    pinned = shop_folder / CERTIFICATE
    line = _line(enrolled.url, read_certificate(pinned) if pinned.is_file() else "")
    try:
        yield line
    finally:
        line.close()


def sync_shop(shop: OpenShop, on_ledger: OnLedger | None = None) -> RoundDone:
    """Run one round with head office; `on_ledger` runs jobs on the thread that owns the ledger."""
    ask = on_ledger or here
    enrolled = ask(shop.desk.office.enrolled)
    due = shop.desk.office.packs.take_due(ask)  # also where there is no line, or none today
    with line_of(shop.folder, enrolled) as line:
        done = sync_once(shop.desk.office, line, ask)
    return replace(done, packs=(*due, *done.packs))


def watch_shop(shop: OpenShop, tell: Callable[[RoundDone], None]) -> None:
    """Run rounds until interrupted; what head office cannot be asked now is asked later."""
    failures, pause = 0, threading.Event()
    while True:
        try:
            done = sync_shop(shop)
        except PosError as problem:
            failures += 1
            _LOG.warning("no round with head office: %s", problem.code)
        else:
            failures = 0
            if done.sent or done.packs:
                tell(done)
        pause.wait(wait_s(failures, random.random()))  # noqa: S311 - spreads calls, no secret


def bring_keys_in(shop: OpenShop, first: Person, second: Person) -> tuple[KeyFileView, ...]:
    """Bring in the key files that came in packs, with two supervisors.

    Head office's own key, which a supervisor believed at enrolment, is trusted for keys by these
    two. Raises `KeysDoNotWait` and what `KeyDesk.bring_in` raises.
    """
    office = shop.desk.office
    enrolled = office.enrolled()
    found: list[KeyFileView] = []
    office.next_key_file()
    while shop.ledger.office.waiting_keys():
        digest, content = office.next_key_file()
        authority = read_key_file(content).authority
        known = shop.desk.keys.authorities()
        if authority == enrolled.office and authority.hex() not in known:
            shop.desk.keys.trust(enrolled.name, authority.hex(), first, second)
        found.append(shop.desk.keys.bring_in(content, first, second))
        office.drop_key_file(digest)
    return tuple(found)
