"""Writing a synthetic site: raw files and what is needed to import them, or Parquet of register size."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from importlib import resources
from pathlib import Path

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.synthetic.assignment import read_design
from backtorule_eval.synthetic.calendar import make_calendar
from backtorule_eval.synthetic.lives import Plan
from backtorule_eval.synthetic.parameters import PARAMETERS
from backtorule_eval.synthetic.raw.grade_file import write_grades
from backtorule_eval.synthetic.raw.survey_file import write_survey
from backtorule_eval.synthetic.raw.text_files import (
    write_absence,
    write_calendar,
    write_codings,
    write_documents,
    write_spells,
)
from backtorule_eval.synthetic.raw.words import LANGUAGES, Words, words_in
from backtorule_eval.synthetic.raw.workbook import write_workbook
from backtorule_eval.synthetic.register import write_register
from backtorule_eval.synthetic.site import Site, make_site
from backtorule_eval.synthetic.study_text import Made, readme_text, study_text
from backtorule_eval.synthetic.tables import REGISTER_TABLES
from backtorule_eval.synthetic.truth import truth_of

FORMATS = ("raw", "parquet")
PARTS = ("survey", "grades", "absence", "workbook", "spells", "codings", "documents", "calendar")
MOST_PEOPLE_RAW = 20_000
# A folder that holds this file was written by us, and may be written again.
TRUTH = "truth.json"
MAPPING, STUDY, README = "mapping.yaml", "study.yaml", "README.txt"
INTAKE, REGISTER_INTAKE, CUT = 2023, 2021, date(2026, 6, 30)
_WRITERS: tuple[Callable[[Site, Path, Words], None], ...] = (
    write_survey,
    write_grades,
    write_absence,
    write_workbook,
    write_spells,
    write_codings,
    write_documents,
    write_calendar,
)


def write_site(  # noqa: PLR0913 - one option each of `backtorule demo`
    folder: Path,
    *,
    people: int = 60,
    seed: int = 1,
    language: str = "nb",
    design: str = "none",
    fmt: str = "raw",
) -> None:
    """What would a site send, if everything about its people were known?

    Parameters
    ----------
    folder : Path
        Made if needed. Must be empty or hold an earlier synthetic site, which is replaced.
    people : int
        How many, 1 or more.
    seed : int
        The same seed gives the same bytes.
    language : {"nb", "en"}
        Of file names, columns, cells and quotes.
    design : {"none", "waitlist", "offices"}
        "none": one office, everybody takes part. "waitlist": half of the people, at random, wait 24 months.
        "offices": one office has the programme, ten do not, and those in it had a harder start.
    fmt : {"raw", "parquet"}
        "raw": files as a site sends them, with their mapping and a study file; for up to 20,000 people.
        "parquet": tables of the dictionary as a register has them, with 48 months of follow-up; for
        millions.

    Raises
    ------
    ParameterProblem
        An option is wrong, or the folder holds something else.

    Notes
    -----
    ``truth.json`` holds the marginal truths of the population that the people are drawn from.
    """
    made = Made(
        people=people,
        seed=seed,
        language=words_in(language).language,
        design=read_design(design),
        register=_read_format(fmt) == "parquet",
        cut=CUT,
    )
    _check_size(made)
    _make_room(folder)
    # First, so that a folder that was not finished can be told to be ours.
    _write(folder / TRUTH, json.dumps(truth_of(made.design), indent=1) + "\n")
    plan = Plan(
        people=people,
        seed=seed,
        design=made.design,
        calendar=make_calendar(REGISTER_INTAKE if made.register else INTAKE, CUT),
        given=PARAMETERS,
        register=made.register,
    )
    if made.register:
        write_register(plan, folder)
    else:
        _write_raw(make_site(plan), folder, language=language)
    _write(folder / README, readme_text(made))
    _write(folder / STUDY, study_text(made))


def mapping_text(language: str) -> str:
    """Which mapping file reads the raw files of a synthetic site in this language?

    Raises
    ------
    ParameterProblem
        The site does not speak the language.
    """
    name = f"site.{words_in(language).language}.mapping.yaml"
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _read_format(name: str) -> str:
    """Check the format."""
    if name not in FORMATS:
        raise ParameterProblem(f"There is no format {name!r}; choose one of: {', '.join(FORMATS)}.")
    return name


def _check_size(made: Made) -> None:
    """Refuse sizes that cannot be made."""
    if made.people < 1 or made.seed < 0:
        raise ParameterProblem("A synthetic site needs one person or more, and a seed of 0 or more.")
    if not made.register and made.people > MOST_PEOPLE_RAW:
        raise ParameterProblem(
            f"Raw files are made for up to {MOST_PEOPLE_RAW} people, as a workbook holds no more. "
            "For a register choose the format parquet."
        )


def _make_room(folder: Path) -> None:
    """Make an empty folder; an earlier synthetic site is taken away, anything else is refused."""
    if not folder.exists():
        folder.mkdir(parents=True)
        return
    if not folder.is_dir():
        raise ParameterProblem(f"{folder} is a file. Name a folder.")
    ours = _names_of_ours()
    strange = sorted(path.name for path in folder.iterdir() if path.name not in ours)
    earlier = (folder / TRUTH).is_file()
    if strange or (not earlier and any(folder.iterdir())):
        raise ParameterProblem(
            f"{folder} is not empty, and what it holds is no earlier demo"
            f"{': ' if strange else ''}{', '.join(strange[:5])}. Nothing was written; name a new folder."
        )
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _names_of_ours() -> frozenset[str]:
    """Names of everything that a synthetic site can write, in any language and format."""
    raw = (Words(language=language).file(part) for language in LANGUAGES for part in PARTS)
    return frozenset((TRUTH, MAPPING, STUDY, README, *raw, *REGISTER_TABLES, "scores"))


def _write_raw(site: Site, folder: Path, *, language: str) -> None:
    """Write the raw files and the mapping that reads them."""
    for write in _WRITERS:
        write(site, folder, words_in(language))
    _write(folder / MAPPING, mapping_text(language))


def _write(path: Path, text: str) -> None:
    """Write a text file, alike on every system."""
    path.write_text(text, encoding="utf-8", newline="\n")
