"""The page about the wire: its examples are what the program writes and reads."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re

import zstandard

from pos_app.exchange.acknowledgement import read_acknowledgement
from pos_app.exchange.allowance_code import read_allowance_code
from pos_app.exchange.assertion import read_authorization
from pos_app.exchange.bundle import proven, read_bundle
from pos_app.exchange.enrolment import read_code, read_request
from pos_app.exchange.pack import Section, pack_records, prove_pack
from pos_app.exchange.signing import SigningKey
from pos_app.exchange.standing import State, read_standing
from pos_app.resources import resource

PAGE = resource("exchange", "README.md").read_text(encoding="utf-8")
BUNDLE, BUNDLE_BYTES, PACK, REQUEST, HEADER, ACKNOWLEDGED, STANDING = re.findall(
    r"```text\n(.*?)\n```", PAGE, re.DOTALL
)
TILL = SigningKey(hashlib.sha256(b"tokentill example till").digest())
OFFICE = SigningKey(hashlib.sha256(b"tokentill example office").digest())


def frame(text: str) -> io.BytesIO:
    return io.BytesIO(zstandard.ZstdCompressor().compress(text.encode() + b"\n"))


def test_the_bundle_of_the_page_is_one() -> None:
    bundle = read_bundle(frame(BUNDLE))
    assert bundle.title.owner.public == TILL.public
    assert f"## Bundle: `{bundle.title.file_name}`" in PAGE
    assert [entry.kind for entry in proven(bundle)] == ["shop_created"]


def test_the_bytes_of_the_page_are_that_bundle() -> None:
    found = read_bundle(io.BytesIO(bytes.fromhex(BUNDLE_BYTES)))
    assert (found.title, list(found.entries)) == (
        (again := read_bundle(frame(BUNDLE))).title,
        list(again.entries),
    )


def test_the_pack_of_the_page_is_one() -> None:
    title = prove_pack(frame(PACK), OFFICE.public).title
    assert f"## Pack: `{title.file_name}`" in PAGE
    found = [record.section for record in pack_records(frame(PACK))]
    assert found == [Section.ALLOWANCE, Section.ACKNOWLEDGEMENT]


def test_the_page_tells_of_every_section() -> None:
    told = re.findall(r"^\| `([a-z_]+)` \|", PAGE, re.MULTILINE)
    assert told == [section.value for section in Section]


def test_the_request_header_and_codes_of_the_page_are_real() -> None:
    request = read_request(REQUEST.encode())
    assert (request.public, f"`{request.code}`" in PAGE) == (TILL.public, True)
    assert read_code(request.code) == request.code
    word = read_authorization(HEADER.removeprefix("Authorization: "))
    assert (word.holds(TILL.public), word.audience) == (True, OFFICE.public)
    header = base64.urlsafe_b64encode(STANDING.encode()).decode()
    assert read_standing(header, "TILL7", OFFICE.public).state is State.CLONED
    said = read_acknowledgement(json.loads(ACKNOWLEDGED), "TILL7", OFFICE.public)
    assert said.seq == 1
    (digits,) = re.findall(r"`((?:\d{4} ){4}\d{4})`", PAGE)
    secret = hashlib.sha256(b"tokentill example secret").digest()
    grant = read_allowance_code(digits, "TILL7", secret, ("ZAR",), 4)
    assert (grant.amount, grant.days) == (20_000, 7)
