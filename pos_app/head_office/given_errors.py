"""What head office says of words, numbers and files that people give it."""

from __future__ import annotations

from typing import ClassVar

from pos_app.head_office.errors import OfficeRefusal


class RecordUnfit(OfficeRefusal):
    """No till could take a record: `problem` in record number `record`, of a `section`."""

    code: ClassVar[str] = "office-record-unfit"


class KeysOfAnother(OfficeRefusal):
    """A key file is for another till. Facts: `there`, `here`."""

    code: ClassVar[str] = "office-keys-of-another"


class NameUnfit(OfficeRefusal):
    """A name is empty, too long, or has signs that nobody sees. Fact: `typed`."""

    code: ClassVar[str] = "office-name-unfit"


class NothingAside(OfficeRefusal):
    """Nothing like this is set aside. Fact: `till`."""

    code: ClassVar[str] = "office-nothing-aside"
    status: ClassVar[int] = 404


class ProposalUnknown(OfficeRefusal):
    """A till's entry proposes nothing. Facts: `till`, `seq`."""

    code: ClassVar[str] = "office-proposal-unknown"
    status: ClassVar[int] = 404


class ValueRefused(OfficeRefusal):
    """The database cannot hold what was given."""

    code: ClassVar[str] = "office-value-refused"


class PeriodReversed(OfficeRefusal):
    """A period ends before it begins. Facts: `first`, `last`."""

    code: ClassVar[str] = "office-period-reversed"


class CertificateUnfit(OfficeRefusal):
    """A file is no certificate, no key, or one does not fit the other. Facts: `path`, `reason`."""

    code: ClassVar[str] = "office-certificate-unfit"


class AddressUnfit(OfficeRefusal):
    """Tills cannot be told to go to this address. Fact: `url`."""

    code: ClassVar[str] = "office-address-told-unfit"


class RequestUnfit(OfficeRefusal):
    """A question over HTTP lacks something or has it in another form. Fact: `where`."""

    code: ClassVar[str] = "office-request-unfit"


class AddressUnknown(OfficeRefusal):
    """There is nothing at an address, or it is not asked for like this."""

    code: ClassVar[str] = "office-address-unknown"
    status: ClassVar[int] = 404


class Unforeseen(OfficeRefusal):
    """Something that nobody thought of happened in the server."""

    code: ClassVar[str] = "office-unforeseen"
    status: ClassVar[int] = 500


class RecordsUnreadable(OfficeRefusal):
    """A line of a file of records is none. Fact: `line`."""

    code: ClassVar[str] = "office-records-unreadable"


def check_name(text: str, longest: int) -> str:
    """Return the name of something, trimmed; raises `NameUnfit`."""
    name = text.strip()
    if not name or len(name) > longest or not name.isprintable():
        raise NameUnfit(typed="".join(each for each in name if each.isprintable())[:40])
    return name


class UploadStalled(OfficeRefusal):
    """Nothing more of an upload came for a while. Fact: `seconds`."""

    code: ClassVar[str] = "upload-stalled"
    status: ClassVar[int] = 408
