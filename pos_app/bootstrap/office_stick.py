"""Sticks: bundles out, packs in. The same bytes as over the line."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import ClassVar, Final

from pos_app.adapters.system.new_file import FileUnwritable, new_file
from pos_app.adapters.system.read_file import unreadable
from pos_app.application.office_records import PackTaken
from pos_app.bootstrap.ledger_thread import OnLedger, here
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.errors import PosError
from pos_app.exchange.bundle import SUFFIX as BUNDLE
from pos_app.exchange.pack import SUFFIX as PACK
from pos_app.exchange.pack import read_title

_IN_MEMORY: Final = 4 * 1024 * 1024


class NoPackHere(PosError):
    """There is no pack in a folder. Fact: `path`."""

    code: ClassVar[str] = "no-pack-here"


@dataclass(frozen=True, slots=True)
class BundleFile:
    """A bundle on a stick: its file, its first and its last entry."""

    path: Path
    first: int
    last: int


def export_bundle(shop: OpenShop, folder: Path, on_ledger: OnLedger = here) -> BundleFile | None:
    """Write all that head office has not acknowledged into `folder`; None when there is nothing.

    An older bundle of this till there that this one holds, too, is taken away. Raises
    `NotEnrolled` or `FileUnwritable`.
    """
    office = shop.desk.office
    on_ledger(office.enrolled)
    title = on_ledger(office.up.title)
    if title is None:
        return None
    if not folder.is_dir():
        raise FileUnwritable(path=str(folder), reason="no such folder")
    path = folder / title.file_name
    if not path.exists():  # the same name is the same entries
        with new_file(path) as file:
            office.up.write(file, title, on_ledger)
        _clear(folder, f"{title.owner.till}-{title.first:06d}-", path)
    return BundleFile(path, title.first, title.last)


def _clear(folder: Path, start: str, keep: Path) -> None:
    for older in folder.glob(f"*{BUNDLE}"):
        if older.name.startswith(start) and older != keep:
            older.unlink(missing_ok=True)


def import_packs(
    shop: OpenShop, paths: Iterable[Path], on_ledger: OnLedger = here
) -> Iterator[PackTaken]:
    """Take the packs among `paths`, files or folders, in the order of their numbers.

    In a folder only packs for this till are looked at. A pack is copied first: it is read twice,
    and a stick may say something else the second time. Raises `NoPackHere`,
    `FileUnreadable` and what `Packs.take` raises.
    """
    till = shop.desk.identity.till
    for path in _in_order(paths, till):
        with SpooledTemporaryFile(_IN_MEMORY) as file:
            try:
                with path.open("rb") as source:
                    shutil.copyfileobj(source, file)
            except OSError as problem:
                raise unreadable(path, problem) from None
            yield shop.desk.office.packs.take(file, on_ledger)
    yield from shop.desk.office.packs.take_due(on_ledger)


def _in_order(paths: Iterable[Path], till: str) -> list[Path]:
    found: list[tuple[str, int, Path]] = []
    for path in paths:
        inside = [path]
        if path.is_dir():
            inside = list(path.glob(f"{till}-*{PACK}"))
            if not inside:
                raise NoPackHere(path=str(path))
        found += [(*_named(each), each) for each in inside]
    return [path for *_, path in sorted(found)]


def _named(path: Path) -> tuple[str, int]:
    """Return (series, number) that a pack says of itself."""
    try:
        with path.open("rb") as file:
            title = read_title(file)
    except OSError as problem:
        raise unreadable(path, problem) from None
    return title.till, title.number
