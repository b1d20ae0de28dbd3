"""What is to be run, with every mistake that can be seen without the data told before anything starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.study.parameters import check_given, read_declared
from backtorule_eval.study.study_file import StudyFile, read_study_file
from backtorule_eval.study.workspace import Workspace, find_study


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One study that passed every check that needs no data."""

    path: Path
    file: StudyFile
    notebooks: tuple[Path, ...]


def plan(study: str, *, workspace: Workspace, only: Sequence[str] = ()) -> Planned:
    """Check a study file and all parameters it sets, before any kernel starts.

    Parameters
    ----------
    study : str
        Path of the study file.
    only : sequence of str
        Names or numbers of notebooks; empty means all that the study does not leave out.

    Raises
    ------
    ParameterProblem
        With every mistake of the file at once.
    """
    path = find_study(study, workspace)
    file = read_study_file(path)
    available = {p.stem: p for p in sorted(workspace.notebooks.glob("[0-9][0-9]_*.ipynb"))}
    lines = list(_mistakes(file, path.name, available))
    lines += [f"--only {name}: there is no such notebook." for name in only if not _named(available, [name])]
    if lines:
        raise ParameterProblem("\n".join(lines))
    wanted = _named(available, only) if only else available
    notebooks = tuple(p for name, p in wanted.items() if not file.left_out(name))
    if not notebooks:
        raise ParameterProblem(f"{path.name}: no notebook is left to run.")
    return Planned(path=path, file=file, notebooks=notebooks)


def refuse_one_name_twice(planned: Sequence[Planned]) -> None:
    """Refuse two studies of one name: they would write to one folder."""
    slugs = [p.file.cohort for p in planned]
    twice = sorted({s for s in slugs if slugs.count(s) > 1})
    if twice:
        raise ParameterProblem(f"More than one of the study files is for cohort {', '.join(twice)}.")


def _mistakes(file: StudyFile, study: str, available: Mapping[str, Path]) -> Iterator[str]:
    """Yield one line per unknown notebook, unknown parameter or wrong type."""
    for name in file.notebooks:
        if name not in available:
            yield f"{study}: notebooks: there is no notebook {name}. There are: {', '.join(available)}."
        else:
            declared = read_declared(available[name])
            yield from check_given(declared, file.overrides(name), where=f"{study}, {name}")


def _named(available: Mapping[str, Path], names: Sequence[str]) -> dict[str, Path]:
    """Return the notebooks named in full or by number."""
    return {n: p for n, p in available.items() if any(o in (n, n.split("_")[0]) for o in names)}
