"""What a test may require of the machine beyond the lock file.

A test says what it needs with a marker of the same name. When that is missing, the test is skipped with a
reason that names it, or fails when the name stands in the environment variable BACKTORULE_REQUIRE
(comma-separated, as in `postgres,chromium`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One thing a test may need: its marker, its name for a reader, and how it is found."""

    marker: str
    name: str
    find: Callable[[], Path | None]


def find_program(*names: str, elsewhere: Iterable[Path] = ()) -> Path | None:
    """First of `names` on PATH, then the first of `elsewhere` that exists."""
    found = (shutil.which(name) for name in names)
    if on_path := next((path for path in found if path), None):
        return Path(on_path)
    return next((path for path in elsewhere if path.is_file()), None)


def find_initdb() -> Path | None:
    """PostgreSQL's initdb; Debian keeps it out of PATH, newest version first here."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=version_of, reverse=True)
    return find_program("initdb", elsewhere=versions)


def version_of(initdb: Path) -> int:
    """Major version in Debian's /usr/lib/postgresql/<version>/bin/initdb, 0 when it is no number."""
    folder = initdb.parent.parent.name
    return int(folder) if folder.isdigit() else 0


def find_chromium() -> Path | None:
    """Chromium or Chrome."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    return find_program(*names, elsewhere=[mac])


def find_axe() -> Path | None:
    """axe-core, as a package of its Python wrapper ships it; see axe.lock."""
    try:
        files = metadata.files("axe-playwright-python") or []
    except metadata.PackageNotFoundError:
        return None
    return next((Path(str(file.locate())) for file in files if file.name == "axe.min.js"), None)


def find_poppler() -> Path | None:
    """Poppler's reader of a PDF's text."""
    return find_program("pdftotext")


def find_libreoffice() -> Path | None:
    """LibreOffice's command line."""
    mac = Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")
    return find_program("soffice", "libreoffice", elsewhere=[mac])


def find_r() -> Path | None:
    """R's script runner."""
    return find_program("Rscript")


def find_data() -> Path | None:
    """Folder of the real data files, from BACKTORULE_DATA."""
    folder = os.environ.get("BACKTORULE_DATA")
    return Path(folder) if folder and Path(folder).is_dir() else None


REQUIREMENTS = {
    requirement.marker: requirement
    for requirement in (
        Requirement(marker="postgres", name="PostgreSQL (initdb)", find=find_initdb),
        Requirement(marker="chromium", name="Chromium", find=find_chromium),
        Requirement(marker="axe", name="axe-core (pip install --no-deps -r axe.lock)", find=find_axe),
        Requirement(marker="poppler", name="poppler (pdftotext)", find=find_poppler),
        Requirement(marker="libreoffice", name="LibreOffice (soffice)", find=find_libreoffice),
        Requirement(marker="data", name="the data files (folder BACKTORULE_DATA)", find=find_data),
        Requirement(marker="r", name="R (Rscript)", find=find_r),
    )
}


def required_markers(environ: Mapping[str, str] = os.environ) -> frozenset[str]:
    """Markers whose absence is a failure here; an unknown name in BACKTORULE_REQUIRE is an error."""
    listed = environ.get("BACKTORULE_REQUIRE", "").split(",")
    names = frozenset(name.strip() for name in listed if name.strip())
    if unknown := names - REQUIREMENTS.keys():
        raise ValueError(
            f"BACKTORULE_REQUIRE names {sorted(unknown)}; a test can require {sorted(REQUIREMENTS)}."
        )
    return names


def missing(markers: Iterable[str]) -> list[Requirement]:
    """Of what these markers require, what this machine lacks."""
    wanted = [REQUIREMENTS[marker] for marker in dict.fromkeys(markers) if marker in REQUIREMENTS]
    return [requirement for requirement in wanted if requirement.find() is None]
