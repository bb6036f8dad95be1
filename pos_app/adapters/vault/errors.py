"""What can keep the key store shut, or a key from being used."""

from typing import ClassVar

from pos_app.domain.errors import PosError


class PassphraseWrong(PosError):
    """The passphrase does not open this key store."""

    code: ClassVar[str] = "passphrase-wrong"


class PassphraseWeak(PosError):
    """A new passphrase is too easily guessed. Facts: `bits` estimated, `least` needed."""

    code: ClassVar[str] = "passphrase-weak"


class KeyStoreMissing(PosError):
    """There is no key store in the shop's folder. Fact: `path` of the folder."""

    code: ClassVar[str] = "key-store-missing"


class KeyStoreBroken(PosError):
    """The key store is no key store, is cut off or was changed. Facts: `path`, `problem`."""

    code: ClassVar[str] = "key-store-broken"


class KeyStoreUnwritable(PosError):
    """The key store cannot be written. Facts: `path`, `reason`."""

    code: ClassVar[str] = "key-store-unwritable"


class KeyMissing(PosError):
    """No key here makes tokens for this meter. Facts: `sgc`, `krn`."""

    code: ClassVar[str] = "meter-key-missing"


class KeyNotInForce(PosError):
    """The key has ended. Facts: `sgc`, `krn`."""

    code: ClassVar[str] = "key-not-in-force"


class KeyNotYetActive(PosError):
    """The key is for later. Facts: `sgc`, `krn`, `start` (a day)."""

    code: ClassVar[str] = "key-not-yet-active"


class KeyModuleUnavailable(PosError):
    """The hardware module that holds the keys cannot be used. Fact: `reason`."""

    code: ClassVar[str] = "key-module-unavailable"


class KeyModuleLocked(KeyModuleUnavailable):
    """The module locked itself after wrong PINs; its administrator opens it."""

    code: ClassVar[str] = "key-module-locked"


class KeyModulePinWrong(KeyModuleUnavailable):
    """The module refused the PIN; a few more of them and it locks itself."""

    code: ClassVar[str] = "key-module-pin-wrong"


class KeyModuleFull(KeyModuleUnavailable):
    """The module has no room for another key."""

    code: ClassVar[str] = "key-module-full"


class KeyModuleLoose(KeyModuleUnavailable):
    """What the module holds is not the key, or it would let it out. Facts: `sgc`, `krn`."""

    code: ClassVar[str] = "key-module-loose"


class KeyNotForModule(PosError):
    """A module cannot protect this kind of key. Facts: `sgc`, `krn`."""

    code: ClassVar[str] = "key-not-for-module"


class KeyRecordBroken(PosError):
    """A sealed key was changed or belongs to another till. Facts: `sgc`, `krn`."""

    code: ClassVar[str] = "key-record-broken"
