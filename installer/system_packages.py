"""What the system itself must bring: the libraries Qt's wheels are linked against, and test tools.

On Debian and its kin a missing package is installed with apt (as root, or with a sudo that does
not ask). Everywhere else, and without those rights, what is missing is named and the set-up stops.
"""

import ctypes
import importlib.util
import os
import platform
import shutil
import subprocess
import sys

Packages = dict[str, str]
"""Debian's package name -> how to see on other systems that it is there: a soname or a program."""

FOR_RUNNING: Packages = {
    "libdbus-1-3": "libdbus-1.so.3",
    "libegl1": "libEGL.so.1",
    "libfontconfig1": "libfontconfig.so.1",
    "libgl1": "libGL.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libx11-xcb1": "libX11-xcb.so.1",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-util1": "libxcb-util.so.1",
    "libxcb-xinerama0": "libxcb-xinerama.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxkbcommon0": "libxkbcommon.so.0",
}
FOR_TESTING: Packages = {
    "chromium": "chromium",
    "poppler-utils": "pdftotext",
    "postgresql": "pg_ctlcluster",
    "softhsm2": "softhsm2-util",
    "strace": "strace",
    "xauth": "xauth",
    "xdotool": "xdotool",
    "xvfb": "Xvfb",
}
ONLY_DEBIAN_12_HAS: Packages = {"libbotan-2-19": "libbotan-2.so.19"}
"""An independent MISTY1 to test ours against; Botan 3 dropped that cipher."""


def for_testing() -> Packages:
    """Return what running and testing need on this system."""
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        system = {}
    has_oracle = (system.get("ID"), system.get("VERSION_ID")) == ("debian", "12")
    return {**FOR_RUNNING, **FOR_TESTING, **(ONLY_DEBIAN_12_HAS if has_oracle else {})}


def ensure(packages: Packages, *, with_venv: bool) -> None:
    """Install what is missing of `packages`; with `with_venv` also what `python -m venv` needs.

    Nothing is started but one ``dpkg-query`` when nothing is missing, so no network is needed then.
    """
    if sys.platform != "linux":
        return
    if shutil.which("dpkg-query") and shutil.which("apt-get"):
        present = installed_debian_packages()
        missing = [package for package in packages if package not in present]
    else:
        missing = [probe for probe in packages.values() if not is_there(probe)]
    if with_venv and importlib.util.find_spec("ensurepip") is None:
        missing.append("python{}.{}-venv".format(*sys.version_info[:2]))
    if missing and shutil.which("apt-get"):
        install_with_apt(missing)
    elif missing:
        sys.exit(
            "Tokentill needs these parts of the system, which are missing here: "
            f"{', '.join(missing)}. Install them with your system's package manager, "
            "then run the same command again."
        )


def installed_debian_packages() -> set[str]:
    """Return the names of all installed packages and of what they provide (``libglib2.0-0t64``)."""
    listing = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}\t${Package}\t${Provides}\n"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    present: set[str] = set()
    for line in listing.splitlines():
        status, name, provides = line.split("\t")
        if status == "installed":
            present.add(name)
            present.update(word.split()[0] for word in provides.split(",") if word.strip())
    return present


def is_there(probe: str) -> bool:
    """Say whether a soname can be loaded, or a program is on PATH."""
    if ".so." not in probe:
        return shutil.which(probe) is not None
    try:
        ctypes.CDLL(probe)
    except OSError:
        return False
    return True


def install_with_apt(packages: list[str]) -> None:
    """Install with apt, refreshing its lists if the first try fails, or stop with a sentence."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    for_a_person = f"sudo apt-get update && sudo {' '.join(command)}"
    rights = rights_to_install()
    if rights is None:
        sys.exit(
            f"Tokentill needs {len(packages)} system packages that are missing, and only an "
            f"administrator may install them. Run this, then start again:\n  {for_a_person}"
        )
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    if apt(rights, command, complain=False):
        return
    print("Refreshing apt's lists of packages, then trying again.", flush=True)
    refreshed = apt(rights, ["apt-get", "update"], complain=True)
    if not (refreshed and apt(rights, command, complain=True)):
        sys.exit(
            "apt could not install the packages; its own words are above. "
            f"When the cause is removed, start again, or run:\n  {for_a_person}"
        )


def rights_to_install() -> list[str] | None:
    """Return the words to put before apt-get: none as root, a silent sudo, or None: no rights."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        answer = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        if answer.returncode == 0:
            return ["sudo", "-n"]
    return None


def apt(rights: list[str], command: list[str], *, complain: bool) -> bool:
    """Run one apt-get command without questions; True when it succeeded.

    Its progress is not shown; its complaints are, unless another try will follow.
    """
    program, *rest = command
    quietly = [program, "-qq", "-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0", *rest]
    answer = subprocess.run(
        [*rights, "env", "DEBIAN_FRONTEND=noninteractive", *quietly],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=None if complain else subprocess.DEVNULL,
        check=False,
    )
    return answer.returncode == 0
