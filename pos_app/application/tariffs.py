"""The door to tariffs: which versions are here, and taking in a new one.

A version comes as a file signed by the tariff authority. It is taken only whole: signature, form,
its own worked examples, and that it can follow the version before it. Until its first day the
older one stays in force, so it can be sent weeks ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pos_app.application.authority import vouched
from pos_app.application.operators import need_supervisor, operator_of
from pos_app.application.ports import Clock, Ledger, TariffRecord
from pos_app.application.pricing import Pricing
from pos_app.application.records import ShopIdentity
from pos_app.domain.errors import PosError
from pos_app.domain.tariff.examples import check_examples
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.source_text import is_json
from pos_app.domain.tariff.succession import check_succession, digest_of
from pos_app.domain.tariff.tariff import Tariff
from pos_app.exchange.digest import sha256_hex
from pos_app.exchange.signed_text import TARIFF


class TariffUnproven(PosError):
    """A tariff brings no worked example, so nobody can say that it is meant as it is read."""

    code: ClassVar[str] = "tariff-unproven"


class TariffExampleWrong(PosError):
    """An example of the file comes out otherwise. Facts: `example`, `expected`, `found`."""

    code: ClassVar[str] = "tariff-example-wrong"


class TariffUtilityUnknown(PosError):
    """No utility of this shop has the tariff's name for it. Facts: `utility`, `known`."""

    code: ClassVar[str] = "tariff-utility-unknown"


class AuthorityPinned(PosError):
    """An authority's key is pinned already; another cannot take its place. Fact: `name`."""

    code: ClassVar[str] = "authority-pinned"


class AuthorityKeyInvalid(PosError):
    """What was given is no public Ed25519 key of 64 hexadecimal digits."""

    code: ClassVar[str] = "authority-key-invalid"


@dataclass(frozen=True, slots=True)
class TariffImported:
    """A version that is here now; with `again` it was here before and nothing changed."""

    tariff: Tariff
    examples: int
    signed_by: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class TariffVersion:
    """One version in the ledger; `in_force` today."""

    tariff: Tariff
    imported_ms: int
    in_force: bool


@dataclass(frozen=True, slots=True)
class TariffDesk:
    """Tariffs of one open shop; after a `PosError` nothing has happened."""

    identity: ShopIdentity
    ledger: Ledger
    clock: Clock
    pricing: Pricing

    def versions(self) -> tuple[TariffVersion, ...]:
        """Return every version of every tariff, the newest of each first."""
        found: list[TariffVersion] = []
        for tariff_id in self.ledger.tariff_ids():
            now = self.pricing.tariff(tariff_id)
            for version, _ in self.ledger.tariff_versions(tariff_id):
                record = self.ledger.tariff_version(tariff_id, version)
                if record is not None:
                    read = self.pricing.read(record)
                    found.append(TariffVersion(read, record.imported_ms, read == now))
        return tuple(found)

    def take(self, content: bytes, operator_id: str) -> TariffImported:
        """Import a version of a tariff, on a supervisor's word.

        Raises `RoleNeeded`, `TariffInvalid` (also of what cannot follow the version before it),
        `TariffUnproven`, `TariffExampleWrong`, `TariffUtilityUnknown` or what `vouched` raises.
        """
        need_supervisor(operator_of(self.ledger, operator_id))
        return self.accept(content, operator_id)

    def accept(self, content: bytes, by: str) -> TariffImported:
        """Import a version of a tariff as `take` does; `by` is empty where head office sent it."""
        said = vouched(self.ledger, self.identity, content, TARIFF)
        tariff = proven(said.text)
        text = said.text if is_json(said.text) else content.decode("utf-8")
        if self._held(tariff, text):
            return TariffImported(tariff, len(tariff.examples), said.by, again=True)
        utility = self._before(tariff) or self._utility(tariff)
        now = self.clock.now_ms()
        record = TariffRecord(
            tariff.id, tariff.version, utility, text, sha256_hex(text.encode()), now
        )
        with self.ledger.writing() as act:
            act.put_tariff(record)
            body = {
                "id": record.id,
                "version": record.version,
                "sha256": record.sha256,
                "utility": utility,
                "valid_from": "" if tariff.valid_from is None else tariff.valid_from.isoformat(),
                "signed_by": said.by,
                "operator": by,
            }
            act.append("tariff_imported", body, now)
        return TariffImported(tariff, len(tariff.examples), said.by)

    def _held(self, tariff: Tariff, text: str) -> bool:
        held = self.ledger.tariff_version(tariff.id, tariff.version)
        return held is not None and digest_of(held.text) == digest_of(text)

    def _before(self, tariff: Tariff) -> str:
        """Return the utility of the version that `tariff` follows; empty for a new tariff."""
        newest = self.ledger.tariff(tariff.id)
        if newest is None:
            return ""
        check_succession(self.pricing.read(newest), tariff)
        return newest.utility

    def _utility(self, tariff: Tariff) -> str:
        known = self.ledger.utilities()
        for utility in known:
            if tariff.utility in {utility.id, utility.name}:
                return utility.id
        names = ", ".join(utility.name for utility in known)
        raise TariffUtilityUnknown(utility=tariff.utility, known=names)

    def authorities(self) -> dict[str, str]:
        """Return whose signatures count: public key in hexadecimal, name."""
        return self.ledger.authorities()

    def pin(self, name: str, public_key: str, operator_id: str) -> None:
        """Pin the authority's key where there is none, on a supervisor's word.

        Raises `RoleNeeded`, `AuthorityPinned` or `AuthorityKeyInvalid`.
        """
        operator = operator_of(self.ledger, operator_id)
        need_supervisor(operator)
        for known in self.ledger.authorities().values():
            raise AuthorityPinned(name=known)
        key = public_key.strip().lower()
        if len(key) != KEY_DIGITS or set(key) - set("0123456789abcdef"):
            raise AuthorityKeyInvalid
        with self.ledger.writing() as act:
            body = {"name": name, "public_key": key, "operator": operator.id}
            act.append("authority_pinned", body, self.clock.now_ms())


KEY_DIGITS = 64


def proven(text: str) -> Tariff:
    """Return the tariff of a file whose worked examples hold.

    Raises `TariffInvalid`, `TariffUnproven` or `TariffExampleWrong`.
    """
    tariff = parse_tariff(text)
    if not tariff.examples:
        raise TariffUnproven
    for failure in check_examples(tariff).failures:
        raise TariffExampleWrong(example=failure.id, expected=failure.expected, found=failure.found)
    return tariff
