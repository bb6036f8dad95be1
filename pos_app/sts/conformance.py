"""Check any file of STS test vectors against this implementation.

File: ``{"format": 1, "sources": {...}, "vectors": [...]}``; every vector has `id`, `kind` and
`expect`. The kinds and their fields stand in ``tests/data/sts/README.md``. A vector that cannot be
read or is of an unknown kind fails with a sentence; only an unreadable file is an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pos_app.domain.errors import PosError
from pos_app.sts import misty1, sta
from pos_app.sts.checksum import checksum_of_bytes
from pos_app.sts.decoding import decode
from pos_app.sts.digits import from_digits, insert_class, split_class, to_digits
from pos_app.sts.encoding import as_encoded, encode
from pos_app.sts.errors import TokenCrc, TokenFormat, TokenReserved, VectorFileInvalid
from pos_app.sts.identity import luhn_ok, meter_pan, pan_block
from pos_app.sts.keychange import KeyChange, key_change_set
from pos_app.sts.keys import EA_MISTY1, EA_STA
from pos_app.sts.proof import prove
from pos_app.sts.tid import is_reserved, key_expired, tid_of
from pos_app.sts.vectors import Fields, Unreadable, bare, key_of, tables_of, token_of

_FORMAT = 1
_REFUSALS: dict[type[PosError], str] = {
    TokenFormat: "format",
    TokenCrc: "crc",
    TokenReserved: "reserved",
}


@dataclass(frozen=True, slots=True)
class Result:
    """One vector: what the file expects and what came out; equal when `passed`."""

    id: str
    expected: str
    got: str

    @property
    def passed(self) -> bool:
        """Return whether the vector holds."""
        return self.expected == self.got


@dataclass(frozen=True, slots=True)
class Report:
    """Counts over a file and the results that did not hold, in file order."""

    passed: int
    failed: int
    failures: tuple[Result, ...]


Answer = tuple[str, str]
"""Expected and got, written the same way."""


def _token(vector: Fields) -> Answer:
    expected = bare(vector.text("expect", 20))
    token = token_of(vector)
    _check_issue_minute(vector)
    key = key_of(vector) if "key" in vector else None
    tables = tables_of(vector)
    made = encode(token, key, tables=tables)
    if made == expected:
        # the other way: the digits give the same fields
        prove(expected, key, as_encoded(token), tables=tables)
    return expected, made


def _check_issue_minute(vector: Fields) -> None:
    if "issued" not in vector or "base" not in vector:
        return
    tid, of_minute = (
        vector.inner("args").number("tid"),
        tid_of(vector.minute("issued"), vector.number("base")),
    )
    # an ordinary token of the reserved minute takes the next TID; a fixed-function one keeps it
    if tid != of_minute and not (is_reserved(of_minute) and tid == of_minute + 1):
        raise Unreadable(f"the TID of that minute is {of_minute}, the vector says {tid}")


def _key_change_set(vector: Fields) -> Answer:
    old_key, new_key = key_of(vector, "old_key"), key_of(vector, "new_key")
    args, tables = vector.inner("args"), tables_of(vector)
    change = KeyChange(
        new_key,
        ken=args.number("ken"),
        krn=args.number("krn"),
        kt=args.number("kt"),
        ti=args.number("ti"),
        sgc=args.text("sgc", 6),
        roll_over=bool(args.number("ro")),
        tokens=args.number("tokens"),
    )
    tokens = key_change_set(change)
    made = [encode(token, old_key, tables=tables) for token in tokens]
    for digits, token in zip(made, tokens, strict=True):
        prove(digits, old_key, token, tables=tables)
    return " ".join(vector.digit_lists("expect")), " ".join(made)


def _decoder_key(vector: Fields) -> Answer:
    return vector.octets("expect").hex(), key_of(vector).reveal().hex()


def _cipher(vector: Fields) -> Answer:
    expected = int.from_bytes(vector.octets("expect", 8), "big")
    block = int.from_bytes(vector.octets("block", 8), "big")
    ea = vector.number("ea", EA_STA)
    if ea == EA_STA:
        key, tables = vector.octets("key", 8), sta.tables_named(tables_of(vector))
        made = sta.encrypt(key, block, tables)
        back = sta.decrypt(key, made, tables)
    elif ea == EA_MISTY1:
        key = vector.octets("key", 16)
        made = misty1.encrypt(key, block)
        back = misty1.decrypt(key, made)
    else:
        raise Unreadable(f"the cipher of EA {ea} is not established")
    if back != block:
        return f"{block:016x} decrypted", f"{back:016x} decrypted"
    return f"{expected:016x}", f"{made:016x}"


def _crc(vector: Fields) -> Answer:
    made = checksum_of_bytes(vector.octets("data"))
    return vector.octets("expect", 2).hex(), f"{made:04x}"


def _class_bits(vector: Fields) -> Answer:
    text = vector.text("expect").strip().lower().removeprefix("0x").zfill(17)
    block = int.from_bytes(vector.octets("block", 8), "big")
    token_class = vector.number("token_class")
    if not 0 <= token_class <= 3:
        raise Unreadable("a token class is 0 to 3")
    number = insert_class(block, token_class)
    expected, got = text, f"{number:017x}"
    if "digits" in vector:
        expected, got = (
            f"{expected} {bare(vector.text('digits', 20))}",
            f"{got} {to_digits(number)}",
        )
    if split_class(from_digits(to_digits(number))) != (token_class, block):
        got += " which does not split back"
    return expected, got


def _pan_block(vector: Fields) -> Answer:
    made = pan_block(vector.text("iin"), bare(vector.text("drn")), vector.number("kt"))
    return vector.octets("expect", 8).hex(), made


def _pan(vector: Fields) -> Answer:
    return bare(vector.text("expect", 18)), meter_pan(vector.text("drn"))


def _truth(*, value: bool) -> str:
    return "true" if value else "false"


def _luhn(vector: Fields) -> Answer:
    made = luhn_ok(bare(vector.text("digits")))
    return _truth(value=vector.truth("expect")), _truth(value=made)


def _key_expired(vector: Fields) -> Answer:
    tid = tid_of(vector.minute("issued"), vector.number("base"))
    made = key_expired(tid, vector.number("ken"))
    return _truth(value=vector.truth("expect")), _truth(value=made)


def _reject(vector: Fields) -> Answer:
    expected = vector.text("expect")
    key = key_of(vector) if "key" in vector else None
    try:
        decode(vector.text("digits"), key, tables=tables_of(vector))
    except PosError as error:
        return expected, _REFUSALS.get(type(error), error.code)
    return expected, "accepted"


_CHECKS: dict[str, Callable[[Fields], Answer]] = {
    "token": _token,
    "kct_set": _key_change_set,
    "decoder_key": _decoder_key,
    "cipher": _cipher,
    "crc": _crc,
    "class_bits": _class_bits,
    "pan_block": _pan_block,
    "pan": _pan,
    "luhn": _luhn,
    "key_expired": _key_expired,
    "reject": _reject,
}


def _expected(vector: dict[str, object]) -> str:
    value = vector.get("expect", "an answer")
    if isinstance(value, list):
        return " ".join(str(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def check_vector(vector: object, place: int) -> Result:
    """Return the result of one vector; `place` (from 1) names one that has no `id`."""
    if not isinstance(vector, dict):
        return Result(f"vector {place}", "an object with a kind", "something else")
    name = str(vector.get("id") or f"vector {place}")
    try:
        fields = Fields(vector)
        kind = fields.text("kind")
        if kind not in _CHECKS:
            raise Unreadable(f"vectors of kind '{kind[:40]}' are not known here")  # noqa: TRY301
        return Result(name, *_CHECKS[kind](fields))
    except Unreadable as reason:
        return Result(name, _expected(vector), f"nothing: {reason}")
    except PosError as error:
        facts = ", ".join(f"{fact} {value}" for fact, value in error.facts.items())
        return Result(name, _expected(vector), f"a refusal: {error.code} ({facts})")


def _read(source: Path | str | bytes) -> list[object]:
    try:
        raw = source if isinstance(source, bytes) else Path(source).read_bytes()
    except OSError as error:
        raise VectorFileInvalid(reason=error.strerror or type(error).__name__) from error
    try:
        content = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise VectorFileInvalid(reason=f"not JSON: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("vectors"), list):
        raise VectorFileInvalid(reason="it has no list 'vectors'")
    if content.get("format", _FORMAT) != _FORMAT:
        raise VectorFileInvalid(reason=f"format {content['format']} is not known here")
    return list(content["vectors"])


def check_file(source: Path | str | bytes) -> Iterator[Result]:
    """Yield one result per vector of a file, or of its bytes, in file order.

    Raises `VectorFileInvalid` when it cannot be read, is not JSON or has no list of vectors.
    """
    for place, vector in enumerate(_read(source), start=1):
        yield check_vector(vector, place)


def run(source: Path | str | bytes) -> Report:
    """Return the counts and failures of a vector file; raises as `check_file`."""
    results = list(check_file(source))
    failures = tuple(result for result in results if not result.passed)
    return Report(len(results) - len(failures), len(failures), failures)
