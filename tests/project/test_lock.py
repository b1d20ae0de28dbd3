"""The lock: everyone installs the same files, from whichever registry they use, on every system."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
AXE_LOCK = (ROOT / "axe.lock").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Locked:
    """One requirement of the lock: `name==version ; marker` and its hashes."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def version(self) -> Version:
        (pin,) = self.requirement.specifier
        return Version(pin.version)


def read_lock(text: str) -> dict[str, Locked]:
    """Requirements by canonical name; a backslash at the end continues the line."""
    entries = [line for line in re.sub(r"\\\n\s*", "", text).splitlines() if line and line[0] != "#"]
    locked = {}
    for entry in entries:
        stated, *hashes = entry.split("--hash=")
        requirement = Requirement(stated.strip())
        locked[canonicalize_name(requirement.name)] = Locked(requirement, tuple(h.strip() for h in hashes))
    return locked


def declared() -> list[str]:
    """Every requirement pyproject.toml states: to run, each extra, to build."""
    extras = PROJECT["project"]["optional-dependencies"].values()
    groups = PROJECT["dependency-groups"].values()
    required = [PROJECT["project"]["dependencies"], PROJECT["build-system"]["requires"], *extras, *groups]
    return sorted({requirement for part in required for requirement in part}, key=str.lower)


LOCKED = read_lock(LOCK)
AXE = read_lock(AXE_LOCK)


@pytest.mark.parametrize("lock", [LOCK, AXE_LOCK], ids=["requirements.lock", "axe.lock"])
def test_names_no_registry(lock):
    assert not re.search(r"https?:|file:|--(extra-)?index|--find-links|\.com\b|\.org\b", lock)


@pytest.mark.parametrize("locked", (LOCKED | AXE).values(), ids=(LOCKED | AXE).keys())
def test_is_pinned_and_hashed(locked):
    (pin,) = locked.requirement.specifier
    assert pin.operator == "=="
    assert locked.hashes
    assert all(re.fullmatch("sha256:[0-9a-f]{64}", digest) for digest in locked.hashes)


def test_what_is_installed_without_its_dependencies_is_one_package_on_every_system():
    assert not LOCKED.keys() & AXE.keys()
    assert [(name, locked.requirement.marker) for name, locked in AXE.items()] == [
        ("axe-playwright-python", None)
    ]


@pytest.mark.parametrize("stated", declared())
def test_is_not_stale(stated):
    requirement = Requirement(stated)
    assert LOCKED[canonicalize_name(requirement.name)].version in requirement.specifier


@pytest.mark.parametrize("stated", PROJECT["project"]["dependencies"])
def test_holds_what_is_imported_on_every_system_and_python(stated):
    assert LOCKED[canonicalize_name(Requirement(stated).name)].requirement.marker is None


@pytest.mark.parametrize("name", ["numpy", "scipy", "pandas", "matplotlib", "duckdb", "psycopg-binary"])
def test_holds_the_files_of_every_system(name):
    # Linux, macOS and Windows, two processors each where built, three versions of Python.
    assert len(LOCKED[name].hashes) > 12


def test_holds_what_only_windows_and_macos_need():
    markers = " ".join(str(locked.requirement.marker) for locked in LOCKED.values())
    assert "win32" in markers
    assert "darwin" in markers


def test_reads_parquet_without_pyarrow():
    assert "pyarrow" not in LOCKED


def test_a_stale_pin_would_be_seen():
    locked = read_lock("numpy==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n")["numpy"]
    assert locked.version not in Requirement("numpy>=2").specifier
    assert locked.hashes == ("sha256:aa", "sha256:bb")
