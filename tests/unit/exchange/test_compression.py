"""Compressed lines: what goes in comes out, in constant memory, and nothing else is taken."""

from __future__ import annotations

import io
import tracemalloc

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pos_app.exchange import compression
from pos_app.exchange.compression import compressing, read_lines
from pos_app.exchange.errors import ExchangeInvalid

LINE = st.binary(min_size=1, max_size=40).map(lambda raw: raw.replace(b"\n", b" "))


def packed(*lines: bytes) -> bytes:
    file = io.BytesIO()
    with compressing(file) as writer:
        for line in lines:
            writer.write(line)
    return file.getvalue()


def refusal(raw: bytes) -> object:
    with pytest.raises(ExchangeInvalid) as refused:
        for _ in read_lines(io.BytesIO(raw), "bundle"):
            pass
    assert refused.value.facts["format"] == "bundle"
    return refused.value.facts["problem"]


@given(st.lists(LINE, max_size=30))
def test_lines_come_back_as_they_went_in(lines: list[bytes]) -> None:
    assert list(read_lines(io.BytesIO(packed(*lines)), "bundle")) == lines


def test_an_empty_line_is_refused() -> None:
    assert refusal(packed(b"one", b"", b"two")) == "empty"


def test_any_other_program_reads_the_frame() -> None:
    whole = zstandard.ZstdDecompressor().decompressobj().decompress(packed(b"one", b"two"))
    assert whole == b"one\ntwo\n"


def test_every_cut_is_refused() -> None:
    raw = packed(b"one", b"two" * 50)
    assert {refusal(raw[:length]) for length in range(len(raw))} == {"cut-off"}


def test_what_follows_the_frame_is_refused() -> None:
    raw = packed(b"one")
    assert [refusal(raw + more) for more in (b"x", raw, b"x" * 2000)] == ["trailing"] * 3


def test_bytes_that_are_no_frame_and_lines_without_an_end_are_refused() -> None:
    assert refusal(b'{"format":"tokentill-bundle"}') == "damaged"
    assert refusal(zstandard.ZstdCompressor().compress(b"one\ntw")) == "cut-off"


def test_a_line_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "LONGEST_LINE", 100)
    assert list(read_lines(io.BytesIO(packed(b"x" * 100)), "bundle")) == [b"x" * 100]
    assert refusal(packed(b"x" * 101)) == "length"


@pytest.mark.parametrize("filler", [b"\0", b"\n"], ids=["one line", "lines of nothing"])
def test_a_small_frame_that_explodes_is_refused_in_little_memory(filler: bytes) -> None:
    bomb = zstandard.ZstdCompressor(level=19).compressobj()
    raw = b"".join(bomb.compress(filler * (1 << 20)) for _ in range(400)) + bomb.flush()
    assert len(raw) < 40_000
    tracemalloc.start()
    try:
        assert refusal(raw) in {"length", "expansion", "empty"}
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_frame_that_wants_a_giant_window_is_refused() -> None:
    wide = zstandard.ZstdCompressionParameters(window_log=27)
    frame = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    raw = frame.compress(b"one\n" * 1000) + frame.flush()
    assert refusal(raw) == "damaged"
