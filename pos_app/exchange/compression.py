"""Lines in one Zstandard frame (RFC 8878): the body of bundles and packs.

Reading is in constant memory whatever is handed in: input is fed in small pieces, so that not
even a frame made to explode gives more than some 16 MiB at once; a line and the expansion of the
whole are bounded, and so is the window a frame may ask for. A frame that is cut off, damaged
(its checksum) or followed by anything is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

from pos_app.exchange.errors import ExchangeInvalid

LONGEST_LINE: Final = 8 * 1024 * 1024
"""Bytes of a line; the longest entry, an account file of 25,000 rows, has about four million."""
LARGEST_WINDOW: Final = 8 * 1024 * 1024
MOST_EXPANSION: Final = 200
"""How many bytes may come of one, beyond the first 64 MiB; journals come to some 4, meters 20."""
_FREE: Final = 64 * 1024 * 1024
_PIECE: Final = 512
"""Bytes fed at once: four bytes of a frame can stand for 128 KiB (RFC 8878, RLE blocks)."""
_LEVEL: Final = 3
_GATHERED: Final = 256 * 1024


class LineWriter:
    """Takes lines and writes them compressed; `write` adds the line feed."""

    def __init__(self, file: IO[bytes]) -> None:
        import zstandard  # noqa: PLC0415 - a till starts without it

        self._file = file
        self._frame = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compressobj()
        self._waiting: list[bytes] = []
        self._size = 0

    def write(self, line: bytes) -> None:
        """Add a line, which must not be empty nor have a line feed in it."""
        self._waiting.append(line)
        self._size += len(line)
        if self._size > _GATHERED:
            self._pass_on()

    def end(self) -> None:
        """End the frame."""
        self._pass_on()
        self._file.write(self._frame.flush())

    def _pass_on(self) -> None:
        if self._waiting:
            self._waiting.append(b"")
            self._file.write(self._frame.compress(b"\n".join(self._waiting)))
            self._waiting, self._size = [], 0


@contextmanager
def compressing(file: IO[bytes]) -> Iterator[LineWriter]:
    """Write lines to `file`, whose end is the frame's."""
    writer = LineWriter(file)
    yield writer
    writer.end()


def read_lines(file: IO[bytes], what: str) -> Iterator[bytes]:
    """Yield the lines of a frame without their line feeds.

    Raises `ExchangeInvalid` (of the format `what`) at the first thing that is wrong; the end is
    proven when the lines are exhausted.
    """
    rest: list[bytes] = []
    held, number = 0, 1
    for piece in _expanded(file, what):
        start = 0
        while True:
            # Not split(): a piece of nothing but line feeds would be millions of lines at once.
            end = piece.find(b"\n", start)
            held += (len(piece) if end < 0 else end) - start
            if held > LONGEST_LINE:
                raise ExchangeInvalid(format=what, line=number, problem="length")
            if end < 0:
                rest.append(piece[start:])
                break
            if not held:  # nothing we write, and a frame of them alone would go on for ever
                raise ExchangeInvalid(format=what, line=number, problem="empty")
            yield b"".join((*rest, piece[start:end])) if rest else piece[start:end]
            rest, held, start, number = [], 0, end + 1, number + 1
    if held:
        raise ExchangeInvalid(format=what, line=number, problem="cut-off")


def _expanded(file: IO[bytes], what: str) -> Iterator[bytes]:
    """Yield what comes of the frame, piece by piece."""
    import zstandard  # noqa: PLC0415 - as above

    frame = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW).decompressobj()
    taken = given = 0
    while not frame.eof:
        raw = file.read(_PIECE)
        if not raw:
            raise ExchangeInvalid(format=what, line=1, problem="cut-off")
        try:
            piece = frame.decompress(raw)
        except (zstandard.ZstdError, MemoryError):
            raise ExchangeInvalid(format=what, line=1, problem="damaged") from None
        taken += len(raw)
        given += len(piece)
        if given > _FREE + taken * MOST_EXPANSION:
            raise ExchangeInvalid(format=what, line=1, problem="expansion")
        if piece:
            yield piece
    if frame.unused_data or file.read(1):
        raise ExchangeInvalid(format=what, line=1, problem="trailing")
