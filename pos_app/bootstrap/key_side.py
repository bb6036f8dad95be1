"""Key files and papers of a shop for the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pos_app.adapters.system.new_file import FileExists, new_file, unwritable
from pos_app.adapters.system.read_file import read_file
from pos_app.adapters.system.sticks import sticks
from pos_app.application.settings import Settings
from pos_app.application.slip.key_paper import KeyPaper
from pos_app.bootstrap.choices import slip_words
from pos_app.bootstrap.paper import slips_of
from pos_app.bootstrap.shop import OpenShop
from pos_app.exchange.key_file import LARGEST_FILE, fingerprint
from pos_app.ui.presenters.keys_screen import KeySide


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """Implements `pos_app.ui.presenters.keys_screen.KeyFiles`."""

    def read(self, path: str) -> bytes:
        """Return the bytes of a file, at most one more than the largest that will be taken."""
        return read_file(Path(path).expanduser(), LARGEST_FILE)

    def place(self, name: str) -> str:
        """Return a new name on the first stick, else in the user's own folder."""
        found = sticks()
        folder = found[0] if found else Path.home()
        stem, suffix = Path(name).stem, Path(name).suffix
        numbered = (folder / f"{stem}-{number}{suffix}" for number in range(2, 100))
        return str(next((each for each in (folder / name, *numbered) if not each.exists()), name))

    def free(self, path: str) -> None:
        """Raise `FileExists` or `FileUnwritable` where no new file can go."""
        place = Path(path).expanduser()
        if place.exists():
            raise FileExists(path=str(place))
        try:
            with place.open("xb"):
                pass
            place.unlink()
        except OSError as problem:
            raise unwritable(place, problem) from None

    def write(self, path: str, content: bytes) -> None:
        """Write a new file."""
        with new_file(Path(path).expanduser()) as file:
            file.write(content)


def key_side(shop: OpenShop, settings: Callable[[], Settings]) -> KeySide:
    """Return the files and papers of an open shop, in its slip language."""

    def paper() -> KeyPaper:
        identity = shop.store.identity
        return KeyPaper(slip_words(settings(), identity.mode), identity)

    return KeySide(
        files=KeyFolder(),
        till=lambda till: paper().of_till(till),
        file=lambda view: paper().of_file(view),
        done=lambda entry, copy: slips_of(shop, settings()).of_seq(entry, copy),
        authority=lambda name, key: paper().of_authority(name, fingerprint(key)),
    )
