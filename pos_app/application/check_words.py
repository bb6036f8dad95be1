"""A token check and a diagnosis as sentences and as JSON values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pos_app.application.makers import makers
from pos_app.application.token_check import Diagnosis, TokenCheck
from pos_app.application.words import Words
from pos_app.domain.reject import Action, Use


def check_lines(check: TokenCheck, words: Words) -> Iterator[str]:
    """Yield the verdict first, then what the token is, when it was made, whether it was used."""
    yield verdict(check, words)
    reading = check.reading
    if reading is None:
        return
    yield words(f"token.{reading.explanation.kind}")
    yield from reading.stated(words, leave_out=("minute", "rnd"))
    if check.use is Use.ANY_TIME:
        yield words("token.no-minute")
        return
    yield words("token.made", at=check.made)
    if check.receipt:
        yield words("token.receipt", receipt=check.receipt)
    yield words(f"token.use.{check.use.value}", n=check.later)


def verdict(check: TokenCheck, words: Words) -> str:
    """Return whether the token fits the meter, in one sentence."""
    facts = check.key_facts | {
        "group": check.group,
        "receipt": check.receipt,
        "sold_to": check.sold_to,
    }
    return words(f"token.fit.{check.fit.value}", **facts)


def check_json(check: TokenCheck) -> dict[str, Any]:
    """Return a check as JSON values; what is not known is null."""
    reading = check.reading
    return {
        "meter": check.meter.drn,
        "fit": check.fit.value,
        "used": check.use.value,
        "made": check.made or None,
        "later_tokens": check.later if check.made else None,
        "receipt": check.receipt or None,
        "mistyped_group": check.group or None,
        "sold_to": check.sold_to or None,
        "key": check.key_facts if check.key is not None else None,
        "token": reading.to_values() if reading is not None else None,
    }


def meaning(diagnosis: Diagnosis, words: Words) -> str:
    """Return what the meter says, or why that cannot be told."""
    display = diagnosis.display
    if diagnosis.action is Action.NAME_MAKER:
        names = ", ".join(makers()[each].name for each in display.makers)
        return words("doctor.unclear", makers=names)
    return words(f"doctor.shown.{display.shown.value}")


def action(diagnosis: Diagnosis, words: Words) -> str:
    """Return the one thing to do next."""
    return words(f"doctor.action.{diagnosis.action.value}", krn=diagnosis.meter.krn)


def diagnosis_lines(diagnosis: Diagnosis, words: Words) -> Iterator[str]:
    """Yield the meaning, the token's verdict where one was given, the one action, the source."""
    yield meaning(diagnosis, words)
    if diagnosis.check is not None:
        yield verdict(diagnosis.check, words)
    yield words("doctor.next", action=action(diagnosis, words))
    if diagnosis.display.source:
        yield words("doctor.source", source=diagnosis.display.source)


def diagnosis_json(diagnosis: Diagnosis) -> dict[str, Any]:
    """Return a diagnosis as JSON values."""
    check = diagnosis.check
    return {
        "meter": diagnosis.meter.drn,
        "shown": diagnosis.display.shown.value,
        "makers": list(diagnosis.display.makers),
        "source": diagnosis.display.source or None,
        "action": diagnosis.action.value,
        "token": check_json(check) if check is not None else None,
    }
