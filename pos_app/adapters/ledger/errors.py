"""What can keep the ledger from working: the shop's problem, told in a sentence."""

from typing import ClassVar

from pos_app.domain.errors import PosError


class LedgerUnavailable(PosError):
    """The disk is full, read-only, failing or busy: nothing was written. Fact: `reason`."""

    code: ClassVar[str] = "ledger-unavailable"


class LedgerDamaged(PosError):
    """The file does not decrypt or is malformed. Fact: `path`."""

    code: ClassVar[str] = "ledger-damaged"


class LedgerMissing(PosError):
    """There is no ledger where one should be. Fact: `path`."""

    code: ClassVar[str] = "ledger-missing"


class LedgerNewer(PosError):
    """A newer program wrote this ledger. Fact: `steps`."""

    code: ClassVar[str] = "ledger-newer"


class JournalRolledBack(PosError):
    """The ledger ends before the point the key store remembers. Facts: `seq`, `anchored`."""

    code: ClassVar[str] = "journal-rolled-back"


class EngineTooOld(PosError):
    """The SQLite library is one with a known corruption bug. Facts: `version`, `needed`."""

    code: ClassVar[str] = "engine-too-old"


class BackupInvalid(PosError):
    """A backup does not open, does not verify or is another shop's. Facts: `path`, `problem`."""

    code: ClassVar[str] = "backup-invalid"
