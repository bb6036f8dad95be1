"""What head office refuses, as codes and facts; the words are elsewhere."""

from __future__ import annotations

from typing import ClassVar

from pos_app.domain.errors import PosError


class OfficeRefusal(PosError):
    """A refusal with the HTTP status it is answered with; `retry_after` seconds where it waits."""

    code: ClassVar[str] = "office-refusal"
    status: ClassVar[int] = 400


class OfficeMissing(OfficeRefusal):
    """There is no head office here. Fact: `place`."""

    code: ClassVar[str] = "office-missing"
    status: ClassVar[int] = 503


class OfficeExists(OfficeRefusal):
    """There is a head office here already. Fact: `place`."""

    code: ClassVar[str] = "office-exists"
    status: ClassVar[int] = 409


class OfficeStoreUnusable(OfficeRefusal):
    """The database cannot be reached or written. Fact: `reason`."""

    code: ClassVar[str] = "office-store-unusable"
    status: ClassVar[int] = 503


class OfficeStoreNewer(OfficeRefusal):
    """The database was made by a newer version of this program. Fact: `version`."""

    code: ClassVar[str] = "office-store-newer"
    status: ClassVar[int] = 503


class OfficePassphraseWrong(OfficeRefusal):
    """The passphrase does not open the office's keys."""

    code: ClassVar[str] = "office-passphrase-wrong"
    status: ClassVar[int] = 403


class OfficePassphraseWeak(OfficeRefusal):
    """The passphrase is too easy to guess: `bits`, and what is asked: `least`."""

    code: ClassVar[str] = "office-passphrase-weak"


class TillUnknown(OfficeRefusal):
    """No till of this name is enrolled. Fact: `till`."""

    code: ClassVar[str] = "till-unknown"
    status: ClassVar[int] = 404


class TillBlocked(OfficeRefusal):
    """The till was blocked at head office. Fact: `till`."""

    code: ClassVar[str] = "till-blocked"
    status: ClassVar[int] = 403


class TillParted(OfficeRefusal):
    """Two machines may sell as this till, and nobody said that they know. Facts: `till`, `kind`."""

    code: ClassVar[str] = "till-parted"
    status: ClassVar[int] = 409


class TillNameUnfit(OfficeRefusal):
    """A till cannot have this name. Fact: `till`."""

    code: ClassVar[str] = "till-name-unfit"


class CodeRefused(OfficeRefusal):
    """An enrolment code is unknown, over, used up, or of another till.

    One error for all of them: whoever guesses learns nothing.
    """

    code: ClassVar[str] = "enrolment-code-refused"
    status: ClassVar[int] = 403


class TillTaken(OfficeRefusal):
    """A till of this name is enrolled with another key. Fact: `till`."""

    code: ClassVar[str] = "till-taken"
    status: ClassVar[int] = 409


class TooManyTries(OfficeRefusal):
    """Too many wrong codes or passwords from one place. Fact: `seconds` to wait."""

    code: ClassVar[str] = "too-many-tries"
    status: ClassVar[int] = 429


class AssertionRefused(OfficeRefusal):
    """A till's word on who it is was not taken. Facts: `problem`, `now_ms` (the server's)."""

    code: ClassVar[str] = "till-not-proven"
    status: ClassVar[int] = 401


class BundleOfAnother(OfficeRefusal):
    """A bundle is of another till than whoever sends it. Facts: `till`, `sender`."""

    code: ClassVar[str] = "bundle-of-another"
    status: ClassVar[int] = 403


class UploadTooLarge(OfficeRefusal):
    """An upload is larger than it may be. Fact: `most`, with its unit."""

    code: ClassVar[str] = "upload-too-large"
    status: ClassVar[int] = 413


class PackEmpty(OfficeRefusal):
    """There is nothing in a pack that somebody wants to send."""

    code: ClassVar[str] = "pack-empty"


class DraftUnknown(OfficeRefusal):
    """There is no draft of this number. Fact: `draft`."""

    code: ClassVar[str] = "draft-unknown"
    status: ClassVar[int] = 404


class DraftDecided(OfficeRefusal):
    """The draft was issued or refused already. Facts: `draft`, `state`."""

    code: ClassVar[str] = "draft-decided"
    status: ClassVar[int] = 409


class DraftNeedsAnother(OfficeRefusal):
    """Whoever drafted a pack of value cannot approve it. Fact: `by`."""

    code: ClassVar[str] = "draft-needs-another"
    status: ClassVar[int] = 403


class OfficeFolderUnusable(OfficeRefusal):
    """The office's folder cannot be read or written. Facts: `place`, `reason`."""

    code: ClassVar[str] = "office-folder-unusable"
    status: ClassVar[int] = 503


class PackUnknown(OfficeRefusal):
    """No pack of this number was issued for this till. Facts: `till`, `number`."""

    code: ClassVar[str] = "pack-unknown"
    status: ClassVar[int] = 404


class OfficeKeyMissing(OfficeRefusal):
    """The office holds no key for a meter's supply group. Facts: `drn`, `sgc`."""

    code: ClassVar[str] = "office-key-missing"
    status: ClassVar[int] = 409


class VendingKeyMissing(OfficeRefusal):
    """The office holds no such vending key. Facts: `sgc`, `krn`."""

    code: ClassVar[str] = "vending-key-missing"
    status: ClassVar[int] = 409


class CampaignEmpty(OfficeRefusal):
    """No meter of a campaign needs a set for a till. Facts: `campaign`, `till`."""

    code: ClassVar[str] = "campaign-empty"


class CampaignUnfit(OfficeRefusal):
    """What was typed names no campaign. Fact: `typed`."""

    code: ClassVar[str] = "campaign-unfit"
    status: ClassVar[int] = 400


class CertificateNameUnfit(OfficeRefusal):
    """A certificate cannot be for this: no DNS name and no address. Fact: `name`."""

    code: ClassVar[str] = "certificate-name-unfit"


class ServerNotPlain(OfficeRefusal):
    """Without TLS the server listens on the loopback only. Fact: `host`."""

    code: ClassVar[str] = "server-not-plain"


class ServerCannotListen(OfficeRefusal):
    """The server cannot listen there. Facts: `host`, `port`, `reason`."""

    code: ClassVar[str] = "server-cannot-listen"


class NotAllowed(OfficeRefusal):
    """Somebody may not do this. Facts: `who`, `right`."""

    code: ClassVar[str] = "office-not-allowed"
    status: ClassVar[int] = 403


class PersonUnfit(OfficeRefusal):
    """Nobody can have this sign-in name. Fact: `who`."""

    code: ClassVar[str] = "person-unfit"


class PersonUnknown(OfficeRefusal):
    """There is nobody, and no API token, of this name. Fact: `who`."""

    code: ClassVar[str] = "person-unknown"
    status: ClassVar[int] = 404


class SignInRefused(OfficeRefusal):
    """Name or password is wrong; which of them is not told."""

    code: ClassVar[str] = "office-sign-in-refused"
    status: ClassVar[int] = 401


class TokenRefused(OfficeRefusal):
    """An API token is none, or was retired."""

    code: ClassVar[str] = "api-token-refused"
    status: ClassVar[int] = 401


class ExportUnfit(OfficeRefusal):
    """What was asked for cannot be: `problem` names it."""

    code: ClassVar[str] = "office-question-unfit"


class MeterNotHeld(OfficeRefusal):
    """Head office knows no meter of this number. Fact: `drn`."""

    code: ClassVar[str] = "meter-not-held"
    status: ClassVar[int] = 404


class MeterRecordPartial(OfficeRefusal):
    """A meter's record lacks what makes its key. Facts: `drn`, `lacks`."""

    code: ClassVar[str] = "meter-record-partial"
    status: ClassVar[int] = 409


class ProposalDecided(OfficeRefusal):
    """Somebody answered this proposal already. Fact: `by`."""

    code: ClassVar[str] = "proposal-decided"
    status: ClassVar[int] = 409


class ProposalNotReadable(OfficeRefusal):
    """What a till sent as a proposal is no correction that can be made."""

    code: ClassVar[str] = "proposal-not-readable"


class FindingUnknown(OfficeRefusal):
    """There is no open finding of this number. Fact: `finding`."""

    code: ClassVar[str] = "finding-unknown"
    status: ClassVar[int] = 404


class ScanUnreadable(OfficeRefusal):
    """What was scanned is no code of a receipt, or was read badly."""

    code: ClassVar[str] = "scan-unreadable"


class ScanForeign(OfficeRefusal):
    """A receipt is of a till that was never enrolled here. Fact: `till`."""

    code: ClassVar[str] = "scan-foreign"
    status: ClassVar[int] = 404


class ScanForged(OfficeRefusal):
    """A receipt's code was not signed by the key of the till it names. Fact: `till`."""

    code: ClassVar[str] = "scan-forged"
    status: ClassVar[int] = 403


class HookUnfit(OfficeRefusal):
    """A hook cannot be like this: `problem` is ``url``, ``http``, ``password``, ``network``,
    ``events`` or ``name``.
    """  # noqa: D205 - one sentence

    code: ClassVar[str] = "hook-unfit"


class HookUnknown(OfficeRefusal):
    """There is no hook of this name. Fact: `name`."""

    code: ClassVar[str] = "hook-unknown"
    status: ClassVar[int] = 404


class HookTaken(OfficeRefusal):
    """There is a hook of this name. Fact: `name`."""

    code: ClassVar[str] = "hook-taken"
    status: ClassVar[int] = 409


class HookAddressRefused(OfficeRefusal):
    """A hook leads to an address that the server must not reach. Facts: `host`, `address`."""

    code: ClassVar[str] = "hook-address-refused"
    status: ClassVar[int] = 403


class SessionOver(OfficeRefusal):
    """Nobody is signed in here, or not any more."""

    code: ClassVar[str] = "office-session-over"
    status: ClassVar[int] = 401


class FormForeign(OfficeRefusal):
    """A form was not made by a page of this session."""

    code: ClassVar[str] = "office-form-foreign"
    status: ClassVar[int] = 403


class SetUpRefused(OfficeRefusal):
    """The set-up code is wrong, over or used up, or somebody has an account already."""

    code: ClassVar[str] = "office-set-up-refused"
    status: ClassVar[int] = 403


class EntryUnfit(OfficeRefusal):
    """A field of a form or of an address cannot be read. Facts: `field`, `typed`."""

    code: ClassVar[str] = "office-entry-unfit"


class PageUnknown(OfficeRefusal):
    """There is no such page, or nothing of this number."""

    code: ClassVar[str] = "office-page-unknown"
    status: ClassVar[int] = 404


class TermsUnfit(OfficeRefusal):
    """Terms of commission that cannot be. Facts: `field`, `typed`."""

    code: ClassVar[str] = "commission-terms-unfit"


class TermsInPast(OfficeRefusal):
    """Terms that begin before today would change what was settled. Facts: `from_day`, `today`."""

    code: ClassVar[str] = "commission-terms-in-past"
    status: ClassVar[int] = 409
