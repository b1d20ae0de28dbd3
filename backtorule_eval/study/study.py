"""What a notebook holds in its hand: a study, its cohort, and the only way to show a result."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from backtorule_eval.analyses.estimate import Estimate
from backtorule_eval.analyses.tables import Refusal
from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.disclosure.audit import provisional
from backtorule_eval.disclosure.claim import Claim, Publishable, kind_of
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.report.views import Rendered, render
from backtorule_eval.study.claims import ClaimStore
from backtorule_eval.study.findings import Shown, earlier_results, questions_of, show_again, show_answers
from backtorule_eval.study.importing import import_cohort
from backtorule_eval.study.parameters import check_given, read_declared, settle
from backtorule_eval.study.study_file import Primary, StudyFile, read_study_file
from backtorule_eval.study.workspace import CLAIMS, JOB_FOLDER, Workspace, find_study, find_workspace


@dataclass(frozen=True, kw_only=True)
class Study:
    """One study as one notebook sees it.

    Attributes
    ----------
    file : StudyFile
        The validated study file.
    notebook : str
        Name of the notebook, without its ending.
    parameters : mapping
        The notebook's parameters in force: passed, else set by the study file, else the default.
    """

    file: StudyFile
    path: Path
    workspace: Workspace
    notebook: str
    parameters: Mapping[str, Any]
    claims: ClaimStore

    @cached_property
    def cohort(self) -> Cohort:
        """The validated cohort, imported on first use and cached by its content."""
        return import_cohort(self.file, study=self.path, workspace=self.workspace).cohort

    def publish(self, *things: Publishable, view: str, name: str | None = None) -> Rendered:
        """Put a result on the page, once the audit of the whole report agrees.

        Writes the exact figures as a claim to the private store and returns a provisional view: local rules
        applied, not checked against the rest of the report, not for sharing.

        Parameters
        ----------
        *things : Publishable
            One or more results of one type; several estimates make one figure.
        view : str
            How to show it: "forest", "estimate_table", "counts", "means", "flow", "sentence". Where a refusal
            takes the place of an estimate, it is shown as a refusal whatever was asked for.
        name : str, optional
            Tells two outputs of one question apart; defaults to the first thing's question and the view.

        Raises
        ------
        DisclosureRefused
            The kind of output is unknown; the message says why it is never shown, and what is instead.
        """
        if not things:
            raise ParameterProblem("publish() needs at least one result to show.")
        kind_of(things, self.notebook)
        key = f"{self.notebook}/{name or f'{things[0].question}_{view}'}"
        question = self._primary(things[0])
        claim = Claim(
            key=key,
            cohort=self.file.cohort,
            view=self._view(things, asked=view),
            things=things,
            worthwhile=question.worthwhile if question else None,
            direction=question.direction if question else None,
        )
        rendered = render(provisional(claim, self.file.disclosure), self.file.language)
        self.claims.add(claim)
        return rendered

    def answers(self) -> Shown:
        """Show what the notebooks of this study asked, and what each answered, as one table."""
        names = {key.partition("/")[0] for key in self._earlier}
        questions = questions_of(tuple(names), workspace=self.workspace, language=self.file.language)
        return show_answers(questions, self._earlier, self.file)

    def show(self, claim: str, *, picture: str = "") -> Shown:
        """Show again what another notebook of this study published.

        Parameters
        ----------
        claim : str
            Its key, "<notebook>/<name>". A study without it gets a line that says so.
        picture : str, optional
            Key of another result whose picture stands under the sentences of this one.
        """
        return show_again(claim, self._earlier, self.file, picture=picture)

    @cached_property
    def _earlier(self) -> Mapping[str, Rendered]:
        """What the other notebooks published, checked alone."""
        return earlier_results(self.file, self.workspace)

    def _view(self, things: tuple[Publishable, ...], *, asked: str) -> str:
        """Return the view: as asked for, but a refusal is shown as one, and told in full only once."""
        if not isinstance(things[0], Refusal):
            return asked
        told = any(claim.things == things for claim in self.claims.read())
        return "refusal_again" if told else "refusal"

    def _primary(self, thing: Publishable) -> Primary | None:
        """Return the pre-specified question that a result answers, if it answers one."""
        asked = [
            p
            for p in self.file.primary
            if isinstance(thing, Estimate) and (thing.outcome, thing.contrast) == (p.outcome, p.contrast)
        ]
        return asked[0] if asked else None


def open_study(study: str, *, notebook: str, **parameters: object) -> Study:
    """Open a study from inside a notebook.

    Parameters
    ----------
    study : str
        Path of the study file, from the working folder or from the folder that holds ``params/``.
    notebook : str
        The notebook's own name, e.g. "05_motivation_and_completion".
    **parameters
        The notebook's own parameters; names and types are checked against its parameters cell.

    Raises
    ------
    ParameterProblem
        The study file or a parameter is wrong; all mistakes are told at once.
    """
    workspace = find_workspace()
    path = find_study(study, workspace)
    file = read_study_file(path)
    declared = tuple(d for d in read_declared(workspace.notebooks / f"{notebook}.ipynb") if d.name != "study")
    overrides = file.overrides(notebook)
    lines = [
        *check_given(declared, overrides, where=f"{path.name}, {notebook}"),
        *check_given(declared, parameters, where=notebook),
    ]
    if lines:
        raise ParameterProblem("\n".join(lines))
    claims = ClaimStore(folder=_claim_folder(workspace, file.cohort, notebook))
    claims.clear()
    return Study(
        file=file,
        path=path,
        workspace=workspace,
        notebook=notebook,
        parameters=MappingProxyType(settle(declared, parameters, overrides)),
        claims=claims,
    )


def _claim_folder(workspace: Workspace, cohort: str, notebook: str) -> Path:
    """Return the folder of this execution: the job's own under `backtorule run`, else the notebook's."""
    job = os.environ.get(JOB_FOLDER)
    if job is None:
        return workspace.private("interactive", cohort, notebook)
    folder = Path(job) / CLAIMS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
