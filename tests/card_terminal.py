"""A card terminal that follows a script; there is no other in this repository yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from pos_app.application.card_ports import CardAnswer, CardOutcome, CardRequest

YES = CardAnswer(CardOutcome.YES, "AP7712", "**** 4821")
NO = CardAnswer(CardOutcome.NO)
UNKNOWN = CardAnswer(CardOutcome.UNKNOWN)


@dataclass
class ScriptedTerminal:
    """Answers in turn, and remembers what it was asked; an empty script breaks."""

    script: list[CardAnswer] = field(default_factory=list)
    charged: list[CardRequest] = field(default_factory=list)
    queried: list[str] = field(default_factory=list)

    def charge(self, request: CardRequest) -> CardAnswer:
        self.charged.append(request)
        return self.script.pop(0)

    def query(self, attempt: str) -> CardAnswer:
        self.queried.append(attempt)
        return self.script.pop(0)
