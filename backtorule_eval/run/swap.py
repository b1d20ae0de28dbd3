"""Put a finished folder in the place of an old one so that no reader ever sees half of either."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sys
from pathlib import Path

AT_FDCWD = -100
RENAME_EXCHANGE = 2
JOURNAL = ".swap.json"


def swap_in(new: Path, place: Path) -> None:
    """Put folder `new` where `place` is; what stood there is removed afterwards.

    On Linux the two names are exchanged in one step. Elsewhere a journal is written first, the old folder is
    put aside and the new one moved in; `finish_swaps` completes it after an interruption.

    Parameters
    ----------
    new : Path
        The finished folder, on the same file system as `place`.
    place : Path
        Where it shall be; need not exist.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        os.rename(new, place)
        return
    if exchange(new, place):
        shutil.rmtree(new)
        return
    journal = place.parent / f".{place.name}{JOURNAL}"
    aside = place.parent / f".{place.name}.old"
    _write_journal(journal, new=new, place=place, aside=aside)
    _finish(journal)


def finish_swaps(folder: Path) -> int:
    """Complete every interrupted swap below a folder and return how many there were."""
    journals = sorted(folder.glob(f".*{JOURNAL}"))
    for journal in journals:
        _finish(journal)
    return len(journals)


def exchange(first: Path, second: Path) -> bool:
    """Exchange two names in one step where the system can (Linux 3.15); return whether it did."""
    if sys.platform != "linux":
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done = renameat2(AT_FDCWD, os.fsencode(first), AT_FDCWD, os.fsencode(second), RENAME_EXCHANGE)
    return bool(done == 0)


def _write_journal(journal: Path, **paths: Path) -> None:
    """Write what is about to happen, whole or not at all."""
    beside = journal.with_suffix(".part")
    with beside.open("w", encoding="utf-8") as file:
        json.dump({name: str(path) for name, path in paths.items()}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, journal)


def _finish(journal: Path) -> None:
    """Do the steps of a journal that have not been done yet."""
    paths = {name: Path(path) for name, path in json.loads(journal.read_text(encoding="utf-8")).items()}
    new, place, aside = paths["new"], paths["place"], paths["aside"]
    if new.exists():
        if place.exists():
            if aside.exists():
                shutil.rmtree(aside)
            os.rename(place, aside)
        os.rename(new, place)
    if aside.exists():
        shutil.rmtree(aside)
    journal.unlink()
