"""A checked bundle: one zip of a cohort's outputs, made only when everything in it has passed the audit."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from backtorule_eval.cohort.identity import contains_identity_number
from backtorule_eval.cohort.identity_search import BETWEEN
from backtorule_eval.errors import DisclosureRefused, ParameterProblem
from backtorule_eval.report.rendered import MARK
from backtorule_eval.run.render import NOT_SHOWN
from backtorule_eval.run.written import texts_of, words_in

FRONT = "index.html"
# Machine's own: when and where the run was made, and what was told of it.
KEPT_HERE = frozenset({"run.log.jsonl"})
ALLOWED = frozenset(
    {
        ".html",
        ".pdf",
        ".docx",
        ".csv",
        ".tex",
        ".svg",
        ".png",
        ".txt",
        ".ipynb",
        "ledger.json",
        "manifest.json",
    }
)
# Shorter ones stand everywhere by chance.
SHORTEST_SECRET = 5
FIXED_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What may leave: the files of a cohort's outputs, the front page first, and the plan they passed."""

    cohort: str
    folder: Path
    files: tuple[str, ...]
    manifest: Mapping[str, Any]


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """Read what a run wrote of its outputs.

    Raises
    ------
    ParameterProblem
        There are no outputs there.
    """
    path = folder / "manifest.json"
    if not path.is_file():
        raise ParameterProblem(
            f"There are no outputs of a cohort called {folder.name}. Make them with: backtorule run STUDY"
        )
    manifest: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def checked_bundle(folder: Path, *, secrets: Iterable[str] = ()) -> Bundle:
    """Check everything in a cohort's outputs.

    Parameters
    ----------
    folder : Path
        ``outputs/<cohort>``.
    secrets : iterable of str
        What must not be found: pseudonyms of participants and staff, and tokens a site has planted.

    Raises
    ------
    ParameterProblem
        There are no outputs.
    DisclosureRefused
        With everything that is wrong: a file of a kind that is not on the list, one that is not as the run
        wrote it, an output that did not pass the audit, an identity number or a secret.
    """
    manifest = read_manifest(folder)
    files = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    files = [name for name in files if name not in KEPT_HERE]
    problems = [
        *_kinds(files),
        *_changed(folder, files, manifest),
        *_unaudited(folder, files, manifest),
        *_telling(folder, files, frozenset(s for s in secrets if len(s) >= SHORTEST_SECRET)),
    ]
    if problems:
        lines = "\n".join(f"  - {problem}" for problem in problems)
        raise DisclosureRefused(f"{folder.name} is not released, and nothing was written.\n{lines}")
    ordered = sorted(files, key=lambda name: (name != FRONT, name))
    return Bundle(cohort=folder.name, folder=folder, files=tuple(ordered), manifest=manifest)


def write_bundle(bundle: Bundle, path: Path) -> None:
    """Write a bundle as one zip, whole or not at all; the same files give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    with zipfile.ZipFile(beside, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        for name in bundle.files:
            entry = zipfile.ZipInfo(f"{bundle.cohort}/{name}", date_time=FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, (bundle.folder / name).read_bytes())
    os.replace(beside, path)


def _kinds(files: Sequence[str]) -> Iterator[str]:
    """Yield files of a kind that is not on the list."""
    for name in files:
        if Path(name).suffix not in ALLOWED and name not in ALLOWED:
            yield f"{name}: files of this kind are not released. Move it out of the outputs."


def _changed(folder: Path, files: Sequence[str], manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield files that are not as the run wrote them."""
    written = {name: digest for name, digest in manifest.get("files", {}).items() if name not in KEPT_HERE}
    for name in files:
        if name == "manifest.json":
            continue
        if name not in written:
            yield f"{name}: the run did not write it. Move it out of the outputs."
        elif hashlib.sha256((folder / name).read_bytes()).hexdigest() != written[name]:
            yield f"{name}: was changed after the run. Run the study again."
    yield from (f"{name}: is missing. Run the study again." for name in sorted(written.keys() - set(files)))


def _unaudited(folder: Path, files: Sequence[str], manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield what does not carry the digest of the one audited plan."""
    ledger = (
        json.loads((folder / "ledger.json").read_text(encoding="utf-8")) if "ledger.json" in files else {}
    )
    if not manifest.get("plan") or ledger.get("plan") != manifest["plan"]:
        yield "ledger.json: is missing or of another audit than the manifest. Run the study again."
    for name in files:
        if name.endswith(".ipynb"):
            notebook = nbformat.read(folder / name, as_version=4)
            if notebook.metadata.get(MARK, {}).get("plan") != manifest.get("plan"):
                yield f"{name}: does not carry the audited plan. Run the study again."
            elif not all(_passed(o) for c in notebook.cells for o in c.get("outputs", [])):
                yield f"{name}: holds an output that did not pass publish. Run the study again."


def _passed(output: Mapping[str, Any]) -> bool:
    """Tell whether an output passed `publish`, or is the one line that stands for what did not."""
    if MARK in output.get("metadata", {}):
        return True
    return (
        set(output.get("data", {})) == {"text/plain"} and output["data"]["text/plain"] in NOT_SHOWN.values()
    )


def _telling(folder: Path, files: Sequence[str], secrets: frozenset[str]) -> Iterator[str]:
    """Yield files in which an identity number or a secret stands; never which one."""
    for name in files:
        texts = list(texts_of(folder / name))
        if contains_identity_number(BETWEEN.join(texts)):
            yield f"{name}: holds what looks like an identity number."
        if found := len(secrets & words_in(texts)):
            yield f"{name}: holds {found} pseudonym(s) or planted token(s), which must not leave."
