"""PIN verifiers: Argon2id with its parameters in the stored text (argon2-cffi's encoding)."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class ArgonPins:
    """Implements `pos_app.application.ports.PinBook`: 64 MiB, 3 passes, about 0.1 s."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=2)

    def verifier(self, pin: str) -> str:
        """Return a verifier for a new PIN."""
        return self._hasher.hash(pin)

    def holds(self, verifier: str, pin: str) -> bool:
        """Tell whether `pin` is the one behind `verifier`."""
        try:
            return self._hasher.verify(verifier, pin)
        except (VerificationError, InvalidHashError):
            return False
