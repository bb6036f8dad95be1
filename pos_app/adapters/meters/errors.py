"""What the file of a virtual meter can refuse."""

from typing import ClassVar

from pos_app.domain.errors import PosError


class MeterFileMissing(PosError):
    """There is no virtual meter of this number. Fact: `drn`."""

    code: ClassVar[str] = "meter-file-missing"


class MeterFileExists(PosError):
    """There is a virtual meter of this number already. Fact: `drn`."""

    code: ClassVar[str] = "meter-file-exists"


class MeterFileBroken(PosError):
    """The file is not one of a virtual meter, or of another version. Facts: `path`, `where`."""

    code: ClassVar[str] = "meter-file-broken"


class MeterFileUnusable(PosError):
    """The file cannot be read or written. Facts: `path`, `reason`."""

    code: ClassVar[str] = "meter-file-unusable"


class MeterInUse(PosError):
    """Another program has this virtual meter open. Fact: `drn`."""

    code: ClassVar[str] = "meter-in-use"
