"""Whole pages: one self-contained HTML file each, no script, no request."""

from backtorule_eval.report.page.cohorts import CohortState, cohorts_page
from backtorule_eval.report.page.index import Answer, Front, index_page
from backtorule_eval.report.page.notebook import Cell, notebook_page
from backtorule_eval.report.page.shell import Fact, Frame, Link

__all__ = [
    "Answer",
    "Cell",
    "CohortState",
    "Fact",
    "Frame",
    "Front",
    "Link",
    "cohorts_page",
    "index_page",
    "notebook_page",
]
