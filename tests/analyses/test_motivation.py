from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from backtorule_eval.analyses.contrast import risk_contrast
from backtorule_eval.analyses.design_matrix import CONSTANT
from backtorule_eval.analyses.estimate import Caution, Estimand, Measure, tabulate
from backtorule_eval.analyses.firth import correct_intercept, fit_firth
from backtorule_eval.analyses.firth_profile import profile_contrast
from backtorule_eval.analyses.motivation import motivation_ladder
from backtorule_eval.analyses.motivation_plan import DEFAULT_PLAN, MotivationPlan, Side, Step, read_plan
from backtorule_eval.cohort.build import build_cohort
from backtorule_eval.cohort.source import SiteSource
from backtorule_eval.errors import ParameterProblem
from tests.analyses.cohorts import column, make_cohort, words
from tests.analyses.references import GRADES, SCALES, reference, small_people, standardised
from tests.analyses.test_logit import R_TOLERANCE

PARAMS = Path(__file__).parents[2] / "params"
PARTS = ("value", "std_error", "low", "high", "p_value")
SOURCE = (Caution.NO_CLUSTERS_IN_SOURCE, Caution.NO_WEIGHTS_IN_SOURCE, Caution.SINGLE_IMPUTATION)


def small_plan(**changes):
    plan = {
        "outcome": "gone",
        "first": {"name": "interest", "scales": SCALES[:2]},
        "second": {"name": "utility", "scales": SCALES[2:]},
        "steps": [
            {"name": "unadjusted"},
            {"name": "adjusted", "add": ["grade", "age", "points"], "primary": True},
        ],
        "cautions": ["no_clusters_in_source"],
        "words": {
            name: words(name) for name in ("gone", "interest", "utility", "adjusted", "third", *SCALES)
        },
    }
    return read_plan(plan | changes)


def small_cohort(people=None):
    people = small_people() if people is None else people
    scores = people.melt(id_vars="person", value_vars=SCALES, var_name="scale").assign(wave=0)
    extras = (column("grade", "level", levels=GRADES), column("age", "integer"), column("points", "number"))
    return make_cohort(
        extra_columns=extras,
        persons=people[["person", "office"]],
        scores=scores,
        outcomes={
            "person": people["person"],
            "outcome": "gone",
            "value": people["left"],
            "horizon_months": 24,
        },
        extras=people[["person", "grade", "age", "points"]],
    )


def by_name(ladder):
    return {(e.adjustment, e.measure, e.contrast): e for e in ladder.estimates}


def test_agrees_with_r_on_invented_people():
    """Complete cases of the last step at every step, so the reference fits `unadjusted` to them too."""
    people = small_people().dropna(subset="office")  # as in the reference
    found = by_name(motivation_ladder(small_cohort(people), plan=small_plan()))
    r = reference("motivation_small")
    r_names = {"interest_minus_utility": "contrast", "interest": "first", "utility": "second"}
    assert len(found) == 8
    for (step, measure, contrast), estimate in found.items():
        expected = [r[step, f"{measure}_{part}", r_names[contrast]] for part in PARTS]
        assert [getattr(estimate, part) for part in PARTS] == pytest.approx(expected, rel=R_TOLERANCE)


def test_agrees_with_r_with_clusters():
    # The supports of 85 events and 14 offices are met; two people have no office and are left out there too.
    ladder = motivation_ladder(small_cohort(), plan=small_plan(cluster="office", cautions=[]))
    r = reference("cluster_robust")
    r_names = {"interest_minus_utility": "contrast", "interest": "first", "utility": "second"}
    assert len(ladder.estimates) == 6
    for estimate in ladder.estimates:
        place = r.loc[estimate.adjustment].xs(r_names[estimate.contrast], level="name")
        assert [getattr(estimate, part) for part in (*PARTS, "df")] == pytest.approx(
            [place[part] for part in (*PARTS, "df")], rel=R_TOLERANCE
        )
        assert estimate.n_clusters == 14
        assert Caution.FEW_CLUSTERS not in estimate.cautions


def test_every_field_is_filled():
    found = by_name(motivation_ladder(small_cohort(), plan=small_plan()))
    main = found["adjusted", Measure.LOG_ODDS, "interest_minus_utility"]
    complete = small_people().dropna(subset=["left", *SCALES, "grade", "age", "points"])
    assert main.question == "intrinsic_or_extrinsic"
    assert (main.population, main.outcome, main.horizon_months) == ("everyone", "gone", 24)
    assert (main.estimand, main.causal, main.design) == (Estimand.ASSOCIATION, False, "observational")
    assert (main.unit, main.method, main.level) == ("log odds per sd", "logit_maximum_likelihood", 0.95)
    assert (main.n, main.n_missing) == (len(complete), 420 - len(complete))
    assert main.n_events == complete["left"].sum()
    assert main.adjusted_for == ("grade", "age", "points")
    assert main.prespecified
    assert main.cautions == (Caution.NO_CLUSTERS_IN_SOURCE, Caution.RELIABILITY_UNCORRECTED)
    labels = {term.name: term.label for term in main.terms}
    assert {"gone", "interest", "utility", "interest_minus_utility", "unadjusted", "adjusted"} <= set(labels)
    assert {labels[name] for name in main.adjusted_for} == {words("grade"), words("age"), words("points")}
    points = found["adjusted", Measure.RISK_DIFFERENCE, "interest_minus_utility"]
    assert (points.unit, points.method, points.prespecified) == ("points", "logit_g_computation", False)
    for key in (
        ("unadjusted", Measure.LOG_ODDS, "interest_minus_utility"),
        ("adjusted", "risk_difference", "utility"),
    ):
        assert found[key].cautions[-1] is Caution.EXPLORATORY
    assert found["unadjusted", Measure.LOG_ODDS, "interest_minus_utility"].adjusted_for == ()


def test_steps_differ_in_what_is_held_constant_and_in_nothing_else():
    ladder = motivation_ladder(small_cohort(), plan=small_plan())
    assert len({(e.n, e.n_events, e.n_missing) for e in ladder.estimates}) == 1


@pytest.fixture(scope="module")
def hsls():
    study = yaml.safe_load((PARAMS / "hsls09.yaml").read_text(encoding="utf-8"))
    folder = Path(os.environ["BACKTORULE_DATA"]) / "hsls09"
    source = SiteSource(folder=folder, mapping=PARAMS / "hsls09.mapping.yaml")
    plan = read_plan(study["notebooks"]["05_motivation_and_completion"]["plan"])
    return build_cohort(source, slug="hsls09", as_of=None).cohort, plan


@pytest.mark.data
def test_agrees_with_r_on_hsls(hsls):
    cohort, plan = hsls
    found = by_name(motivation_ladder(cohort, plan=plan))
    r = reference("hsls_ladder")
    r_names = {"interest_minus_utility": "contrast", "interest": "first", "utility": "second"}
    assert len(found) == 16
    for (step, measure, contrast), estimate in found.items():
        expected = [r[step, f"{measure}_{part}", r_names[contrast]] for part in PARTS]
        assert [getattr(estimate, part) for part in PARTS] == pytest.approx(
            expected, rel=R_TOLERANCE, abs=R_TOLERANCE
        )
        assert (estimate.n, estimate.n_events, estimate.n_missing) == (13865, 2171, 0)
        assert set(SOURCE) <= set(estimate.cautions)
    steps = ("unadjusted", "demography", "prior_attainment", "beliefs")
    ladder = [found[step, Measure.LOG_ODDS, plan.contrast] for step in steps]
    assert [round(e.value, 2) for e in ladder] == [-0.23, -0.15, -0.08, -0.05]
    assert [e.prespecified for e in ladder] == [False, False, True, False]


@pytest.mark.data
@pytest.mark.parametrize("name", ["school_climate_2012", "school_problems_2012", "share_imputed"])
def test_what_was_measured_later_is_refused_on_hsls(hsls, name):
    cohort, plan = hsls
    steps = (*plan.steps, Step(name="later", add=(name,)))
    later = plan.model_copy(update={"steps": steps, "words": plan.words | {"later": words("later")}})
    with pytest.raises(ParameterProblem, match=f"{name} may not be held constant"):
        motivation_ladder(cohort, plan=later)


def test_what_was_measured_later_is_refused():
    people = small_people()
    later = pd.DataFrame({"person": people["person"], "scale": "third", "wave": 1, "value": 1.0})
    cohort = small_cohort()
    scores = pd.concat([cohort.table("scores")[["person", "scale", "wave", "value"]], later])
    plan = small_plan(steps=[{"name": "unadjusted"}, {"name": "adjusted", "add": ["third"]}])
    with pytest.raises(
        ParameterProblem, match="third may not be held constant: it was first measured in wave 1"
    ):
        motivation_ladder(cohort, plan=plan, scores=scores)


def test_later_waves_change_nothing():
    cohort = small_cohort()
    scores = cohort.table("scores")[["person", "scale", "wave", "value"]]
    later = scores.assign(wave=1, value=scores["value"] * 3 - 7)
    one = motivation_ladder(cohort, plan=small_plan(), scores=scores)
    two = motivation_ladder(cohort, plan=small_plan(), scores=pd.concat([scores, later]))
    assert one == two


def nav_cohort(n=60, n_left=14, offices=1, seed=1):
    rng = np.random.default_rng(seed)
    people = [f"p{i:03d}" for i in range(n)]
    left = np.arange(n) < n_left
    both = rng.normal(4, 1, size=(n, 2)).clip(1, 7)
    schooling = pd.DataFrame({"person": people, "status": "enrolled", "from": "2023-08-20", "to": None})
    ended = pd.DataFrame(
        {"person": np.array(people)[left], "status": "left", "from": "2024-09-01", "to": None}
    )
    schooling.loc[left, "to"] = "2024-08-31"
    scores = {"person": people * 2, "wave": 0, "scale": ["ams_autonomous"] * n + ["ams_controlled"] * n}
    return make_cohort(
        persons={
            "person": people,
            "start_date": "2024-01-15",
            "office": [f"o{i % offices}" for i in range(n)],
        },
        schooling=pd.concat([schooling, ended]),
        coverage={
            "person": people,
            "source": "schooling",
            "complete_from": "2023-08-01",
            "complete_to": "2026-06-30",
        },
        scores=scores | {"value": both.T.ravel()},
    )


def test_sixty_people_at_one_office_are_refused_a_model():
    ladder = motivation_ladder(nav_cohort(), plan=DEFAULT_PLAN)
    assert ladder.estimates == ()
    told = {r.reason: (r.needed, r.found, r.unit) for r in ladder.refusals}
    assert told == {
        "clusters": (6, 1, "clusters"),
        "clusters_with_variation": (6, 1, "clusters"),
        "events_per_parameter": (5, pytest.approx(14 / 3), "persons_per"),
        "persons": (65, 60, "persons"),
    }
    assert {(r.question, r.population, r.model, r.adjustment) for r in ladder.refusals} == {
        ("autonomous_or_controlled", "enrolled_at_start", "linear_probability_contrast", "unadjusted")
    }


def test_nobody_left_cannot_say_how_many_are_needed():
    ladder = motivation_ladder(nav_cohort(n_left=0), plan=DEFAULT_PLAN)
    assert [r.reason for r in ladder.refusals][-2:] == ["events", "events_per_parameter"]


def test_many_offices_carry_the_linear_contrast_with_few_clusters_told():
    ladder = motivation_ladder(nav_cohort(n=240, n_left=70, offices=8), plan=DEFAULT_PLAN)
    assert ladder.refusals == ()
    main = ladder.estimates[0]
    assert (main.measure, main.n_clusters, main.prespecified) == (Measure.RISK_DIFFERENCE, 8, True)
    assert main.cautions == (Caution.FEW_CLUSTERS, Caution.RELIABILITY_UNCORRECTED)
    assert 4 <= main.df <= 7


def test_offices_that_hardly_matter_leave_too_few_degrees_of_freedom():
    # Two large offices and six of three people: the contrast rests on two clusters.
    cohort = nav_cohort(n=300, n_left=90)
    office = np.r_[np.repeat(["a", "b"], 141), np.repeat([f"c{i}" for i in range(6)], 3)]
    tables = {name: cohort.table(name) for name in ("schooling", "coverage", "scores")}
    persons = cohort.table("persons").assign(office=office)
    ladder = motivation_ladder(make_cohort(persons=persons, **tables), plan=DEFAULT_PLAN)
    assert ladder.estimates == ()
    (refused,) = ladder.refusals
    assert (refused.reason, refused.unit) == ("satterthwaite_df", "degrees_of_freedom")
    assert refused.found < 4


def few_left(n_left: int) -> pd.DataFrame:
    """The invented people, of whom so many left."""
    people = small_people().dropna()
    return people[(people["left"] != 1) | (people.groupby("left").cumcount() < n_left)]


def test_fewer_than_fifty_events_get_firth_s_penalty_and_risks_that_average_right():
    people = few_left(45)
    plan = small_plan(steps=[{"name": "unadjusted", "primary": True}])
    ladder = motivation_ladder(small_cohort(people), plan=plan)
    assert ladder.refusals == ()
    assert [e.method for e in ladder.estimates] == ["logit_firth", *["logit_firth_flic"] * 3]
    x = np.column_stack([np.ones(len(people)), standardised(people)[list(SCALES)]])
    fit = fit_firth(x=x, y=people["left"])
    odds = profile_contrast(fit, x=x, y=people["left"], weights=[0, 0.5, 0.5, -0.5, -0.5])
    assert [getattr(ladder.estimates[0], part) for part in PARTS] == pytest.approx(
        [getattr(odds, part) for part in PARTS]
    )
    risk = risk_contrast(correct_intercept(fit, x=x, y=people["left"]), x=x, up=(1, 2), against=(3, 4))
    assert ladder.estimates[1].value == pytest.approx(risk.value)
    assert Caution.SEPARATION not in ladder.estimates[0].cautions


def test_fifty_events_are_plain_maximum_likelihood():
    plan = small_plan(steps=[{"name": "unadjusted", "primary": True}])
    ladder = motivation_ladder(small_cohort(few_left(50)), plan=plan)
    assert ladder.estimates[0].method == "logit_maximum_likelihood"


def test_separation_is_told_beside_the_penalised_numbers():
    people = few_left(30)
    # Nobody who stayed is above those who left on one scale.
    people = people.assign(interest_math=people["interest_math"].where(people["left"] == 1, -9.0))
    plan = small_plan(steps=[{"name": "unadjusted", "primary": True}])
    ladder = motivation_ladder(small_cohort(people), plan=plan)
    assert all(Caution.SEPARATION in e.cautions for e in ladder.estimates)


def test_a_step_too_far_is_refused_and_the_others_stand():
    people = small_people()
    extras = people.assign(twice=people["points"] * 2)
    cohort = small_cohort()
    columns = (*cohort.extra_columns.values(), column("twice", "number"))
    tables = {name: cohort.table(name) for name in ("persons", "scores", "outcomes")}
    wider = make_cohort(
        extra_columns=columns, extras=extras[["person", "grade", "age", "points", "twice"]], **tables
    )
    steps = [
        {"name": "unadjusted"},
        {"name": "adjusted", "add": ["points"]},
        {"name": "third", "add": ["twice"]},
    ]
    ladder = motivation_ladder(wider, plan=small_plan(steps=steps))
    assert {e.adjustment for e in ladder.estimates} == {"unadjusted", "adjusted"}
    (refused,) = ladder.refusals
    assert (refused.adjustment, refused.reason) == ("third", "collinear")
    assert refused.columns == ("points", "twice")
    assert refused.unit == ""


def test_a_scale_that_does_not_vary_is_refused_by_name():
    people = small_people().assign(utility_math=4.0)
    ladder = motivation_ladder(small_cohort(people), plan=small_plan())
    assert {r.reason for r in ladder.refusals} == {"collinear"}
    assert ladder.refusals[0].columns in {("utility_math",), (CONSTANT, "utility_math")}


def test_separation_is_refused():
    people = small_people()
    people["grade"] = people["grade"].where(people["left"] == 1, "A")
    ladder = motivation_ladder(small_cohort(people), plan=small_plan())
    assert {e.adjustment for e in ladder.estimates} == {"unadjusted"}
    assert [(r.adjustment, r.reason) for r in ladder.refusals] == [("adjusted", "separation")]


def test_nobody_enrolled_is_a_refusal():
    cohort = make_cohort(persons={"person": ["a"]}, scores=nav_cohort().table("scores"))
    ladder = motivation_ladder(cohort, plan=DEFAULT_PLAN)
    assert [r.reason for r in ladder.refusals] == ["nobody_enrolled_at_start"]


def test_nobody_with_every_variable_is_a_refusal():
    ladder = motivation_ladder(small_cohort(small_people().assign(points=np.nan)), plan=small_plan())
    assert [r.reason for r in ladder.refusals] == ["events", "events_per_parameter"] * 2


def test_shown_gives_estimates_else_refusals_else_says_why():
    plan = small_plan()
    ladder = motivation_ladder(small_cohort(), plan=plan)
    assert [e.adjustment for e in ladder.shown(prespecified=True)] == ["adjusted"]
    assert [e.adjustment for e in ladder.shown(contrast=plan.contrast, measure="log_odds")] == [
        "unadjusted",
        "adjusted",
    ]
    said = [(e.adjustment, e.contrast, e.measure) for e in ladder.answer]
    assert said == [("adjusted", plan.contrast, m) for m in (Measure.RISK_DIFFERENCE, Measure.LOG_ODDS)]
    refused = motivation_ladder(nav_cohort(), plan=DEFAULT_PLAN)
    assert refused.shown(prespecified=True) == refused.refusals == refused.answer
    with pytest.raises(ParameterProblem, match="no estimate with measure mean"):
        ladder.shown(measure="mean")


def test_tabulate_has_one_row_per_estimate_and_no_words():
    frame = tabulate(motivation_ladder(small_cohort(), plan=small_plan()).estimates)
    assert len(frame) == 8
    assert "terms" not in frame
    assert {"value", "low", "high", "std_error", "n", "adjustment"} <= set(frame)


def planted(n, seed):
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(n, 1))
    x = (common + rng.normal(size=(n, 4))) / np.sqrt(2)
    age = rng.integers(16, 21, size=n)
    log_odds = -1.2 + x @ [-0.6, 0.1, 0.3, -0.1] + 0.3 * (age - 18) + 0.4 * common[:, 0]
    y = rng.random(n) < 1 / (1 + np.exp(-log_odds))
    people = pd.DataFrame(x, columns=list(SCALES)).assign(
        left=y.astype(float), age=age, office="o", grade="A"
    )
    return people.assign(person=[f"p{i:05d}" for i in range(n)], points=common[:, 0])


def test_recovers_what_was_planted():
    steps = [{"name": "adjusted", "add": ["age", "points"], "primary": True}]
    ladder = motivation_ladder(small_cohort(planted(20_000, seed=7)), plan=small_plan(steps=steps))
    main = ladder.shown(prespecified=True)[0]
    truth = (-0.6 + 0.1) / 2 - (0.3 - 0.1) / 2
    assert abs(main.value - truth) < 3 * main.std_error
    assert main.std_error < 0.04


def test_plan_without_primary_says_so():
    plan = MotivationPlan(
        outcome="gone",
        first=Side(name="interest", scales=SCALES[:2]),
        second=Side(name="utility", scales=SCALES[2:]),
        steps=(Step(name="unadjusted"),),
        cautions=(Caution.NO_CLUSTERS_IN_SOURCE,),
        words={name: words(name) for name in ("gone", "interest", "utility", *SCALES)},
    )
    ladder = motivation_ladder(small_cohort(), plan=plan)
    with pytest.raises(ParameterProblem, match="no estimate with prespecified True"):
        ladder.shown(prespecified=True)


def test_offices_of_one_person_do_not_count_as_varying():
    cohort = nav_cohort(n=240, n_left=70)
    office = np.r_[np.repeat(list("abcde"), 47), list("fghij")]
    tables = {name: cohort.table(name) for name in ("schooling", "coverage", "scores")}
    persons = cohort.table("persons").assign(office=office)
    ladder = motivation_ladder(make_cohort(persons=persons, **tables), plan=DEFAULT_PLAN)
    assert [(r.reason, r.needed, r.found) for r in ladder.refusals] == [("clusters_with_variation", 6, 5)]
