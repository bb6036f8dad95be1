"""What can go wrong at a till, as codes and facts; the words are elsewhere.

A `PosError` is the user's, the shop's or a file's problem and is always told in a sentence
(``resources/words``: ``error.<code>``). Any other exception is our bug.
"""

from typing import ClassVar


class PosError(Exception):
    """A known problem: a stable `code` and the `facts` its sentence needs.

    Facts never hold a key, a PIN, a passphrase or a whole token.
    """

    code: ClassVar[str] = "unknown"

    def __init__(self, **facts: object) -> None:
        super().__init__(f"{self.code} {facts}" if facts else self.code)
        self.facts = facts
