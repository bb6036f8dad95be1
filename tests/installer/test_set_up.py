"""The set-up asks for what is missing and nothing else, and never takes half an installation."""

import ast
import os
import sys
from pathlib import Path

import pytest

from installer import checks, environment, opening, system_packages
from pos_app.bootstrap.training import example_meters

UP = Path(environment.ROOT) / "installer" / "up.py"
WANTED = {"libegl1": "libEGL.so.1", "libglib2.0-0": "libglib-2.0.so.0", "xdotool": "xdotool"}
ALL_THERE = (
    "installed\tlibegl1\t\ninstalled\tlibglib2.0-0t64\tlibglib2.0-0 (= 2.80)\ninstalled\txdotool\t"
)


class Machine:
    """A PATH of our own scripts, in which apt-get writes down how it was called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = folder / "calls"
        for name in ("cat", "env", "grep"):
            (folder / name).symlink_to(f"/usr/bin/{name}")

    def add(self, program: str, script: str) -> None:
        path = self.folder / program
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def knows(self, packages: str) -> None:
        (self.folder / "packages").write_text(f"{packages}\n", encoding="utf-8")
        self.add("dpkg-query", f"exec cat {self.folder}/packages")

    def apt_calls(self) -> list[str]:
        """Return the words of each apt-get call that are not its options."""
        if not self.calls.exists():
            return []
        lines = self.calls.read_text(encoding="utf-8").splitlines()
        return [
            " ".join(w for w in line.split() if w[0] != "-" and "::" not in w) for line in lines
        ]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A Debian where the tests are root, all packages are there and apt-get works."""
    debian = Machine(tmp_path)
    debian.knows(ALL_THERE)
    debian.add("apt-get", f'echo "$@" >> {debian.calls}')
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return debian


def test_apt_is_left_alone_when_nothing_is_missing(machine: Machine) -> None:
    system_packages.ensure(WANTED, with_venv=True)
    assert machine.apt_calls() == []


def test_only_missing_packages_are_installed(machine: Machine) -> None:
    machine.knows("installed\tlibegl1\t\nconfig-files\txdotool\t\ninstalled\tlibglib2.0-0\t")
    system_packages.ensure(WANTED, with_venv=True)
    assert machine.apt_calls() == ["install xdotool"]


def test_the_lists_are_refreshed_only_after_a_failure(machine: Machine) -> None:
    machine.knows("installed\tlibegl1\t")
    machine.add("apt-get", f'echo "$@" >> {machine.calls}\ngrep -q update {machine.calls}')
    system_packages.ensure(WANTED, with_venv=False)
    install = "install libglib2.0-0 xdotool"
    assert machine.apt_calls() == [install, "update", install]


def test_a_failing_apt_ends_in_the_command_to_type(machine: Machine) -> None:
    machine.knows("installed\tlibegl1\t")
    machine.add("apt-get", "exit 100")
    with pytest.raises(SystemExit, match=r"sudo apt-get install -y .* libglib2\.0-0 xdotool"):
        system_packages.ensure(WANTED, with_venv=False)


def test_without_rights_the_command_to_type_is_named(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.knows("installed\tlibegl1\t")
    machine.add("sudo", "exit 1")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match=r"sudo apt-get install -y .* libglib2\.0-0 xdotool"):
        system_packages.ensure(WANTED, with_venv=False)
    assert machine.apt_calls() == []


def test_a_sudo_that_does_not_ask_is_used(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.knows("installed\tlibegl1\t\ninstalled\txdotool\t")
    machine.add("sudo", f'echo sudo "$@" >> {machine.calls}; shift; [ "$1" = true ] || exec "$@"')
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    system_packages.ensure(WANTED, with_venv=False)
    assert machine.apt_calls()[-1] == "install libglib2.0-0"


def test_elsewhere_the_missing_libraries_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    wanted = {"libc6": "libc.so.6", "libnone1": "libnone.so.1", "nothing": "no-such-program"}
    with pytest.raises(SystemExit, match=r"missing here: libnone\.so\.1, no-such-program\."):
        system_packages.ensure(wanted, with_venv=False)


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A finished environment in a folder of its own."""
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(environment, "VENV", folder)
    monkeypatch.setattr(environment, "BIN", folder / "bin")
    monkeypatch.setattr(environment, "STAMP", folder / "tokentill-ready")
    environment.STAMP.write_text(environment.digest(), encoding="ascii")
    return folder


def test_a_finished_environment_is_kept(venv: Path) -> None:
    environment.ensure()
    assert (venv / "bin" / "python").is_symlink()


def test_an_environment_without_its_stamp_is_not_ready(venv: Path) -> None:
    (venv / "tokentill-ready").unlink()
    assert not environment.is_ready()


def test_an_environment_whose_python_is_gone_is_not_ready(venv: Path) -> None:
    (venv / "bin" / "python").unlink()
    assert not environment.is_ready()


def test_another_lock_makes_the_environment_stale(
    venv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "requirements.lock"
    other.write_bytes(environment.LOCK.read_bytes() + b"\n")
    monkeypatch.setattr(environment, "LOCK", other)
    assert not environment.is_ready()
    assert venv.exists()


def test_a_failed_installation_is_removed_next_time_and_never_stamped(
    venv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unusable = tmp_path / "requirements.lock"
    unusable.write_text("this is no requirement\n", encoding="utf-8")
    monkeypatch.setattr(environment, "LOCK", unusable)
    (venv / "left-over").touch()
    with pytest.raises(SystemExit, match="could not be installed"):
        environment.ensure()
    assert not (venv / "left-over").exists()
    assert not environment.is_ready()


def test_every_check_runs_and_one_failure_decides(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks, "BIN", Path("/bin"))
    monkeypatch.setattr(checks, "CHECKS", (("false",), ("echo", "second", "ran")))
    monkeypatch.setattr(checks, "BESIDE", (("echo", "third", "beside"),))
    assert checks.run_all() == 1
    shown = capfd.readouterr().out
    assert "\nsecond ran\n" in shown
    assert "\n$ echo third beside\nthird beside\n" in shown
    assert shown.splitlines()[-1].startswith("1 of 3 checks FAILED")
    monkeypatch.setattr(checks, "CHECKS", (("true",),))
    assert checks.run_all() == 0
    monkeypatch.setattr(checks, "BESIDE", (("false",),))
    assert checks.run_all() == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_a_display_is_found_by_its_name(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not opening.has_display()
    monkeypatch.setenv(variable, ":7")
    assert opening.has_display()


def test_an_older_python_can_read_the_sentence_about_its_version() -> None:
    source = UP.read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
    assert source.index("sys.exit(") < source.index("from installer import")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which a ``tokentill`` of ours writes down how it was called."""
    calls = tmp_path / "calls"
    program = tmp_path / "tokentill"
    program.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(opening, "TOKENTILL", program)
    monkeypatch.setenv("DISPLAY", ":7")
    return calls


def test_the_window_opens_on_the_training_shop(program: Path) -> None:
    assert opening.open_till(["--shop", "/there", "--version"]) == 0
    assert program.read_text(encoding="utf-8").splitlines() == [
        "demo --shop /there",
        "--shop /there --version",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_without_a_display_a_sale_leaves_a_picture_and_a_pdf(
    program: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    shop = tmp_path / "shop"
    assert opening.open_till(["--shop", str(shop)]) == 0
    sale = program.read_text(encoding="utf-8").splitlines()[-1]
    assert sale.startswith(f"sell --meter {opening.TRAINING_METER} ")
    assert sale.endswith(f"--shop {shop} --slip {shop}/slip.png --slip {shop}/slip.pdf")
    assert f"{shop}/slip.pdf" in capfd.readouterr().out


def test_the_meter_of_that_sale_is_one_of_the_training_shop() -> None:
    assert example_meters()[0] == opening.TRAINING_METER
