"""What can be wrong with something that travelled or was kept."""

from typing import ClassVar

from pos_app.domain.errors import PosError


class NotCanonical(PosError):
    """Bytes are not the canonical JSON they should be: `problem`."""

    code: ClassVar[str] = "not-canonical"
