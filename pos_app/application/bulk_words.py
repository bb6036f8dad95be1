"""What is wrong with a list or one of its rows, in a sentence."""

from __future__ import annotations

from pos_app.application.bulk_file import BulkFileInvalid, BulkRowInvalid
from pos_app.application.words import Words
from pos_app.domain.errors import PosError


def said(words: Words, problem: PosError) -> str:
    """Return what happened and what to do next; a fault of the list has a sentence of its own."""
    places = {BulkFileInvalid.code: "file", BulkRowInvalid.code: "row"}
    place = places.get(problem.code)
    key = f"bulk.{place}-{problem.facts.get('problem')}"
    if place is None or not words.has(key):
        return words.of_error(problem)
    return words(key, **problem.facts)
