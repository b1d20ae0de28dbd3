"""What the notebook of findings shows: claims that the notebooks before it made, by their keys."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backtorule_eval.disclosure.audit import provisional
from backtorule_eval.errors import DisclosureRefused
from backtorule_eval.report.findings import Lead, Question, again, answers
from backtorule_eval.report.rendered import MARK, Rendered, bundle
from backtorule_eval.report.result import Result
from backtorule_eval.report.views import render
from backtorule_eval.study.claims import ClaimStore
from backtorule_eval.study.study_file import StudyFile
from backtorule_eval.study.workspace import EARLIER, Workspace

FINDINGS = "11_findings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Something made of other notebooks' claims: provisional here, made anew once they are audited."""

    result: Result
    language: str
    mark: Mapping[str, str]

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[Mapping[str, Any], Mapping[str, Mapping[str, str]]]:
        """Show it in Jupyter, marked with what it shows."""
        return bundle(self.result, self.language), {MARK: self.mark}


def show_answers(questions: Sequence[Question], rendered: Mapping[str, Rendered], file: StudyFile) -> Shown:
    """Show all questions with their answers."""
    result = answers(questions, rendered, lead=lead_of(file), language=file.language)
    return Shown(result=result, language=file.language, mark={"show": "answers"})


def show_again(key: str, rendered: Mapping[str, Rendered], file: StudyFile, *, picture: str = "") -> Shown:
    """Show one claim again."""
    result = again(key, rendered, picture=picture, language=file.language)
    return Shown(
        result=result, language=file.language, mark={"show": "again", "claim": key, "picture": picture}
    )


def remade(
    mark: Mapping[str, str],
    questions: Sequence[Question],
    rendered: Mapping[str, Rendered],
    file: StudyFile,
) -> Shown:
    """Make again what a mark asks for, from what has been audited since.

    Raises
    ------
    DisclosureRefused
        The mark asks for something that cannot be shown.
    """
    match mark:
        case {"show": "answers"}:
            return show_answers(questions, rendered, file)
        case {"show": "again", "claim": str(claim), "picture": str(picture)}:
            return show_again(claim, rendered, file, picture=picture)
    raise DisclosureRefused(
        "An output's mark asks for something that cannot be shown. Run its notebook again."
    )


def lead_of(file: StudyFile) -> Lead:
    """Say which study the findings are of."""
    return Lead(title=getattr(file.title, file.language), as_of=file.as_of, rules=file.disclosure)


def earlier_results(file: StudyFile, workspace: Workspace) -> dict[str, Rendered]:
    """Return what the notebooks before the findings published, checked alone, by claim key."""
    stores = (ClaimStore(folder=folder) for folder in _earlier_folders(file, workspace))
    claims = sorted((claim for store in stores for claim in store.read()), key=lambda claim: claim.key)
    return {c.key: render(provisional(c, file.disclosure), file.language) for c in claims}


def questions_of(names: Sequence[str], *, workspace: Workspace, language: str) -> tuple[Question, ...]:
    """Return what some notebooks ask, in order: their first heading in the reader's language."""
    questions = (
        Question(notebook=name, title=title)
        for name in sorted(names)
        if (title := _title(workspace.notebooks / f"{name}.ipynb", language))
    )
    return tuple(questions)


def _earlier_folders(file: StudyFile, workspace: Workspace) -> Iterator[Path]:
    """Yield the claim folders: those a run names, else those of the notebooks executed one by one."""
    named = os.environ.get(EARLIER)
    if named is not None:
        yield from (Path(folder) for folder in named.split(os.pathsep) if folder)
        return
    folder = workspace.private("interactive", file.cohort)
    yield from (f for f in sorted(folder.iterdir()) if f.is_dir() and f.name != FINDINGS)


def _title(notebook: Path, language: str) -> str:
    """Return a notebook's first heading in a language; "" if there is no such file or heading."""
    if not notebook.is_file():
        return ""
    other = {"nb": "lang-en", "en": "lang-nb"}[language]
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown" and other not in cell["metadata"].get("tags", []):
            lines = "".join(cell["source"]).splitlines()
            if heads := [line[2:].strip() for line in lines if line.startswith("# ")]:
                return heads[0]
    return ""
