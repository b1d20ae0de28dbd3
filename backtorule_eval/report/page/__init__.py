"""What whole pages share, and the pages that are no document: one file each, no script, no request."""

from backtorule_eval.report.page.cohorts import CohortState, cohorts_page
from backtorule_eval.report.page.shell import Fact, Frame, Link

__all__ = ["CohortState", "Fact", "Frame", "Link", "cohorts_page"]
