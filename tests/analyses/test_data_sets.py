"""The mapping files of the public data sets, on the data themselves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backtorule_eval.cohort.build import build_cohort
from backtorule_eval.cohort.source import SiteSource

pytestmark = pytest.mark.data
PARAMS = Path(__file__).parents[2] / "params"


def imported(name):
    source = SiteSource(
        folder=Path(os.environ["BACKTORULE_DATA"]) / name, mapping=PARAMS / f"{name}.mapping.yaml"
    )
    return build_cohort(source, slug=name.replace("_", "-"), as_of=None)


def outcomes(cohort):
    return cohort.table("outcomes").pivot(index="person", columns="outcome", values="value")


def test_hsls():
    """Margins as published with the extract, and the code of sex as its makers' script has it."""
    made = imported("hsls09")
    assert made.report.warnings == ()
    cohort = made.cohort
    assert cohort.n_persons == 13865
    assert outcomes(cohort)["ever_dropout"].sum() == 2171
    scores = cohort.table("scores")
    assert set(scores["wave"]) == {0, 1}
    assert set(scores.loc[scores["wave"] == 1, "scale"]) == {"school_climate_2012", "school_problems_2012"}
    assert scores["value"].notna().all()
    extras = cohort.table("extras").set_index("person")
    assert extras.notna().all(axis=None)
    efficacy = scores[scores["scale"] == "efficacy_math"].set_index("person")["value"]
    by_sex = efficacy.groupby(extras["sex"]).mean()
    # Published for the whole survey: boys .131, girls -.054, both SD 1.
    assert by_sex["male"] == pytest.approx(0.117, abs=0.001)
    assert by_sex["female"] == pytest.approx(-0.079, abs=0.001)


def test_oulad():
    made = imported("oulad")
    assert made.report.warnings == ()
    cohort = made.cohort
    assert cohort.n_persons == 32593
    extras = cohort.table("extras").set_index("person")
    assert extras["student"].nunique() == 28785
    assert extras["course"].nunique() == 22
    assert extras["deprivation"].isna().sum() == 1111
    assert extras["deprivation"].eq("d02").sum() == 3516
    assert extras["course_days"].between(234, 269).all()
    days = outcomes(cohort)
    assert days["unregistration_day"].lt(0).sum() == 2678
    assert days["unregistration_day"].le(0).sum() == 3097
    assert (days["withdrawn"].eq(1) & days["unregistration_day"].isna()).sum() == 93
    assert (extras["final_result"].eq("fail") & days["unregistration_day"].notna()).sum() == 9


def test_achievement_awards():
    made = imported("achievement_awards")
    assert made.report.warnings == ()
    cohort = made.cohort
    assert cohort.n_persons == 16526
    assert cohort.table("persons")["school"].nunique() == 39
    extras = cohort.table("extras").set_index("person")
    assert extras["pair"].nunique() == 19
    assert (
        extras.loc[extras["year"] == 1999, ["prior_score", "prior_half", "prior_quarter"]]
        .isna()
        .all(axis=None)
    )
    assert extras.loc[extras["year"] > 1999, "prior_score"].notna().all()
    assert outcomes(cohort)["completed"].sum() == 4230
