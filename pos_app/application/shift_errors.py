"""What shifts and batches refuse; after each nothing has happened."""

from typing import ClassVar

from pos_app.domain.errors import PosError


class ShiftNotOpen(PosError):
    """The operator has no open shift. Fact: `operator`."""

    code: ClassVar[str] = "shift-not-open"


class ShiftAlreadyOpen(PosError):
    """The operator has a shift open. Facts: `operator`, `shift`."""

    code: ClassVar[str] = "shift-already-open"


class ShiftUnknown(PosError):
    """No closed shift here has this number. Fact: `shift`."""

    code: ClassVar[str] = "shift-unknown"


class ShiftsStillOpen(PosError):
    """The batch has shifts that are not closed. Fact: `operators`."""

    code: ClassVar[str] = "shifts-still-open"


class BatchNotOpen(PosError):
    """There is nothing in the batch that could be closed. Fact: `level`."""

    code: ClassVar[str] = "batch-not-open"


class ReasonMissing(PosError):
    """Cash moves and the drawer opens for a reason, a line of up to `most` characters."""

    code: ClassVar[str] = "reason-missing"


class ReferenceMissing(PosError):
    """A bank batch needs the bank's reference, a line of up to `most` characters."""

    code: ClassVar[str] = "reference-missing"


class CurrencyUnknown(PosError):
    """This till does not deal in a currency. Facts: `typed`, `known`."""

    code: ClassVar[str] = "currency-unknown"
