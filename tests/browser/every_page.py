"""Every page a reader can meet: the demo's in both languages, those made for tests, lists of problems."""

from __future__ import annotations

from pathlib import Path

from backtorule_eval.cohort.problems import load_rules
from backtorule_eval.errors import Problem
from backtorule_eval.run.problem_page import Checked, problem_page
from tests import demo
from tests.report.pages import PAGES
from tests.report.pages import write as write_made

LANGUAGES = ("nb", "en")
MADE = tuple(f"{name}.{language}.html" for name in PAGES for language in LANGUAGES)
PROBLEMS = tuple(f"{name}.{language}.html" for name in ("problems", "no_problems") for language in LANGUAGES)
WITHOUT_A_RUN = MADE + PROBLEMS
EVERY_PAGE = demo.PAGES + WITHOUT_A_RUN
FILES = ("personer.csv", "et-veldig-langt-filnavn-fra-et-fagsystem-2024.xlsx/Deltakere")


def write_pages(folder: Path) -> None:
    """Write those that no run is needed for."""
    write_made(folder)
    for name, problems in (("problems", every_problem()), ("no_problems", ())):
        for language in LANGUAGES:
            page = problem_page(Checked(name="kull-2024", problems=problems), language=language)
            (folder / f"{name}.{language}.html").write_text(page, encoding="utf-8")


def every_problem() -> tuple[Problem, ...]:
    """One problem per rule, in files with short and long names."""
    return tuple(
        Problem(
            rule=rule,
            file=FILES[number % 2],
            column="Årstimer som gjenstår" if number % 3 else "",
            n_rows=number * 97,
            first_rows=(2, 13, 5047)[: number % 4],
        )
        for number, rule in enumerate(load_rules())
    )


def language_of(name: str) -> str:
    """The language that a page must speak."""
    return demo.language_of(name) if name in demo.PAGES else name.split(".")[-2]
