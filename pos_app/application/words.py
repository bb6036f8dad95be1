"""Words: from a code and its facts to a sentence in one language.

Catalogues are flat JSON files, ``resources/words/<language>/*.json``: key -> sentence with
``{fact}`` places, or key -> {plural category: sentence} chosen by the fact ``n``. Every language
has every key (a test compares them). English is the source.
Plural rules: Unicode CLDR, cardinal categories, for the languages that are shipped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pos_app.domain.errors import PosError
from pos_app.resources import resource

SOURCE_LANGUAGE = "en"


def _one_other(n: int) -> str:
    return "one" if n == 1 else "other"


def _hindi(n: int) -> str:
    return "one" if n in (0, 1) else "other"


def _other(_: int) -> str:
    return "other"


def _arabic(n: int) -> str:
    if n in (0, 1, 2):
        return ("zero", "one", "two")[n]
    if 3 <= n % 100 <= 10:
        return "few"
    return "many" if 11 <= n % 100 <= 99 else "other"


_PLURAL: Mapping[str, Callable[[int], str]] = MappingProxyType(
    {"en": _one_other, "ja": _other, "ar": _arabic, "hi": _hindi}
)
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

Sentence = str | dict[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; call it with a key and the facts of its sentence."""

    language: str
    sentences: Mapping[str, Sentence]

    def __call__(self, key: str, /, **facts: object) -> str:
        """Return the sentence of `key`; a missing key or fact is a programming error."""
        sentence = self.sentences[key]
        if isinstance(sentence, dict):
            count = facts["n"]
            category = _PLURAL[self.language](count if isinstance(count, int) else 2)
            sentence = sentence.get(category, sentence["other"])
        return sentence.format(**facts) if facts else sentence

    def has(self, key: str) -> bool:
        """Tell whether there is a sentence for `key`."""
        return key in self.sentences

    def of_error(self, error: PosError) -> str:
        """Return what happened and what to do next, for a known problem."""
        return self(f"error.{error.code}", **self.named(error.facts))

    def named(self, facts: Mapping[str, object]) -> dict[str, object]:
        """Return `facts` with what is a code in words, where there are any.

        A way of paying (`tender`) goes by its name; what is wrong in a line of a file (`problem`)
        is said.
        """
        way = f"slip.tender-{facts.get('tender', '')}"
        said = {"tender": self(way)} if self.has(way) else {}
        in_a_file = "line" in facts and "field" in facts
        for area in ("tariff", "account") if in_a_file else ():
            key = f"{area}.problem.{facts.get('problem', '')}"
            if self.has(key):
                said["problem"] = self(key)
        return {**facts, **said}

    @property
    def right_to_left(self) -> bool:
        """Tell whether the language is written from right to left."""
        return self.language in _RIGHT_TO_LEFT


def languages(area: str = "ui") -> tuple[str, ...]:
    """Return the languages that have words for `area`, the source language first."""
    found = {path.parent.name for path in resource("words").glob(f"*/{area}.json")}
    return (SOURCE_LANGUAGE, *sorted(found - {SOURCE_LANGUAGE}))


def load_words(language: str, *areas: str) -> Words:
    """Load the words of `areas` (all when none is named); English fills an absent area."""
    sentences: dict[str, Sentence] = {}
    for name in dict.fromkeys((SOURCE_LANGUAGE, language)):  # English itself is read once
        folder = resource("words", name)
        for path in sorted(folder.glob("*.json")):
            if not areas or path.stem in areas:
                sentences.update(json.loads(path.read_text(encoding="utf-8")))
    return Words(language, MappingProxyType(sentences))
