"""What can be wrong with something that travelled or was kept."""

from typing import ClassVar

from pos_app.domain.errors import PosError


class NotCanonical(PosError):
    """Bytes are not the canonical JSON they should be: `problem`."""

    code: ClassVar[str] = "not-canonical"


class ExchangeInvalid(PosError):
    """Something that travels between till and head office is damaged, changed or none at all.

    Facts: `format` (``bundle``, ``pack``, ``enrolment`` ...), `line` (from 1), `problem`.
    """

    code: ClassVar[str] = "exchange-invalid"


class ExchangeNewer(PosError):
    """It is of a version that this program does not know. Facts: `format`, `version`."""

    code: ClassVar[str] = "exchange-newer"


class SectionUnknown(PosError):
    """A pack has a section that this program does not know. Fact: `section`."""

    code: ClassVar[str] = "section-unknown"
