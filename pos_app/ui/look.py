"""What every widget needs to look and speak alike: words, figures, tokens."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.application.words import Words
from pos_app.domain.errors import PosError
from pos_app.ui.figures import Figures
from pos_app.ui.theme.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Look:
    """One language, one palette, one scale."""

    words: Words
    figures: Figures
    tokens: Tokens

    def in_currency(self, key: str, code: str) -> str:
        """Return the caption of an amount, with the currency's code unless that is empty."""
        caption = self.words(key)
        return self.words("till.in-currency", what=caption, code=code) if code else caption

    def say(self, problem: PosError) -> str:
        """Return what happened and what to do next."""
        return self.words(
            f"error.{problem.code}", **self.words.named(self.figures.facts(problem.facts))
        )
