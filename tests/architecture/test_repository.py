"""The repository as a newcomer meets it: a closed top level, a short README, an honest lock."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
TOP_LEVEL = {
    "CHANGELOG.md", "LICENSE", "README.md", "installer", "pos_app", "pyproject.toml",
    "requirements.lock", "resources", "tests",
}  # fmt: skip
LONGEST_README = 150


def tracked() -> list[str]:
    if not ((ROOT / ".git").exists() and shutil.which("git")):
        pytest.skip("this is not a clone, so git cannot say what belongs to it")
    listing = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    return listing.rstrip("\0").split("\0")


def locked() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins: dict[str, str] = {}
    for line in lines:
        if match := re.match(r"([A-Za-z0-9._-]+)==(\S+)(?: ; (.*?))? \\$", line):
            name, version, marker = match.groups()
            applies = not marker or Requirement(f"{name} ; {marker}").marker
            if applies is True or (applies and applies.evaluate(default_environment())):  # type: ignore[arg-type]
                pins[canonicalize_name(name)] = version
    return pins


def test_the_top_level_holds_nothing_but_what_was_agreed() -> None:
    names = {name.split("/")[0] for name in tracked()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


def test_the_readme_is_short_and_gives_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_README
    assert "\npython3 installer/up.py run " in text
    assert "\npython3 installer/up.py test " in text


def test_continuous_integration_runs_the_command_of_the_readme() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "\nexec python3 installer/up.py test" in script.read_text(encoding="utf-8")


def test_the_lock_fits_every_dependency_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    wanted = [Requirement(line) for line in [*project["dependencies"], *extras]]
    pins = locked()
    unfit = [
        str(need)
        for need in wanted
        if pins.get(canonicalize_name(need.name), "") not in need.specifier
    ]
    assert unfit == []


def test_the_lock_has_a_hash_for_every_pin_and_names_no_place_to_load_from() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"--(?:extra-)?index-url|--find-links|file:|https?:|(?<!\w)/\w+", text) == []
