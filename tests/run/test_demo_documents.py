"""The demo's PDF and Word files, as a run writes them, can be read by ear."""

from __future__ import annotations

import pytest

from tests.demo import COHORTS, NOTEBOOKS
from tests.report.read_docx import faults_of_docx
from tests.report.read_pdf import faults_of_pdf

pytestmark = [pytest.mark.notebooks, pytest.mark.slow]


@pytest.mark.parametrize("cohort", COHORTS.values())
def test_every_pdf_can_be_read_by_ear(cohort, demo_outputs):
    written = sorted((demo_outputs / cohort).rglob("*.pdf"))
    assert {path.stem for path in written} >= {"findings", *NOTEBOOKS}
    assert [(path.name, fault) for path in written for fault in faults_of_pdf(path.read_bytes())] == []


@pytest.mark.parametrize("cohort", COHORTS.values())
def test_what_is_shared_as_word_can_be_read_by_ear(cohort, demo_outputs):
    assert faults_of_docx((demo_outputs / cohort / "findings.docx").read_bytes()) == []
