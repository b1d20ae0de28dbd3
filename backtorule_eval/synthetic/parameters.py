"""The numbers that are planted in the synthetic site, each with where it comes from.

What only gives the files their look (kinds of contacts, housing, grades of those who pass) stands as a
named constant beside the code that uses it.

Sources are named in ``docs/synthetic-site.md``. "Design choice" means that no source gives the number: it was
chosen so that the site behaves like a small group of young people with a case at NAV, and must not be quoted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

# Order of the seven AMS subscales wherever an array has one column for each.
SUBSCALES = ("know", "accomplish", "stimulation", "identified", "introjected", "external", "amotivation")
HORIZONS = (6, 12, 18, 24)

EDUCATIONS = ("compulsory", "upper_secondary", "higher_short", "higher_long", "unknown")
BENEFITS = ("yes", "no", "unknown")
GENDERS = ("woman", "man", "other")
CATEGORIES = ("immigrant", "norwegian_born")
COUNTRY_GROUPS = ("group_1", "group_2")
ROUTES = (
    "pupil",
    "privatist",
    "adult",
    "introductory_class",
    "apprentice",
    "training_candidate",
    "out_of_school",
)
STAGES = ("vg1", "vg2", "vg3", "workplace")


def _variance(shares: Sequence[float], values: Sequence[float]) -> float:
    """Variance of values that occur with the given shares."""
    mean = sum(s * v for s, v in zip(shares, values, strict=True))
    return sum(s * (v - mean) ** 2 for s, v in zip(shares, values, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleParameters:
    """Who the young people are at start."""

    # Design choice. Among leavers of the 2006 cohort 78 % were immigrants (32 % of 3,218 against 16 % of
    # 1,765; Statistics Norway 2012).
    immigrant: float = 0.75
    # 2,796 of 3,218 immigrants who started in 2006 came from country group 2 (Statistics Norway 2012).
    group_2: float = 0.87
    # Leavers of the 2006 cohort: 38 % of 1,655 men and 25 % of 1,563 women make 62 % men. "Other" is a
    # design choice.
    gender: tuple[float, ...] = (0.39, 0.60, 0.01)
    # Design choice: ages 17 to 24 at start.
    age: tuple[float, ...] = (0.10, 0.17, 0.20, 0.17, 0.13, 0.10, 0.08, 0.05)
    # Design choice: far fewer parents with higher education than among all pupils.
    parents_education: tuple[float, ...] = (0.38, 0.30, 0.12, 0.05, 0.15)
    # Design choice: share whose parents received social assistance, by parents' education as listed.
    parents_benefit: tuple[float, ...] = (0.45, 0.28, 0.15, 0.08, 0.45)
    parents_benefit_unknown: float = 0.05
    # Mean grunnskolepoeng 2020 by parents' education as listed (Statistics Norway 2021).
    points: tuple[float, ...] = (36.9, 40.6, 44.7, 47.7, 36.3)
    # Girls 45.4, boys 41.0 in 2020: half the difference each way (Statistics Norway 2021).
    points_gender: tuple[float, ...] = (2.2, -2.2, 0.0)
    # Design choice: those who have not completed and have a case at NAV lie below all pupils; SD likewise.
    points_at_risk: float = -3.5
    points_sd: float = 6.5
    # Design choice: immigrants who came less than four years ago often have no grunnskolepoeng.
    points_missing_recent: float = 0.55
    points_missing: float = 0.05
    # Design choice: route at start, as ROUTES.
    route: tuple[float, ...] = (0.60, 0.14, 0.06, 0.04, 0.04, 0.02, 0.10)
    # Design choice: stage at start (vg1, vg2, vg3) by route; apprentices and training candidates are in a
    # workplace.
    stage: tuple[tuple[float, float, float], ...] = (
        (0.25, 0.38, 0.37),
        (0.05, 0.30, 0.65),
        (0.20, 0.40, 0.40),
        (1.00, 0.00, 0.00),
        (0.00, 0.00, 1.00),
        (0.00, 0.00, 1.00),
        (0.30, 0.45, 0.25),
    )
    # Design choice: vocational programmes are the larger half among leavers.
    vocational: float = 0.60
    # Design choice: months of intake, August to June.
    intake: tuple[float, ...] = (0.16, 0.20, 0.14, 0.09, 0.03, 0.15, 0.08, 0.06, 0.05, 0.03, 0.01)

    @property
    def points_mean(self) -> float:
        """Mean grunnskolepoeng over the population."""
        by_gender = sum(s * p for s, p in zip(self.gender, self.points_gender, strict=True))
        by_education = sum(s * p for s, p in zip(self.parents_education, self.points, strict=True))
        return by_education + by_gender + self.points_at_risk

    @property
    def points_total_sd(self) -> float:
        """SD of grunnskolepoeng over the population: within and between parents' education and gender."""
        between = _variance(self.parents_education, self.points) + _variance(self.gender, self.points_gender)
        return float((self.points_sd**2 + between) ** 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class MotivationParameters:
    """Motivation at start and its course. Columns as SUBSCALES."""

    # A design choice that respects the quasi-simplex: intrinsic subscales cluster, external and identified
    # go together.
    correlation: tuple[tuple[float, ...], ...] = (
        (1.00, 0.78, 0.72, 0.55, 0.45, 0.10, -0.40),
        (0.78, 1.00, 0.70, 0.52, 0.62, 0.15, -0.35),
        (0.72, 0.70, 1.00, 0.40, 0.42, 0.05, -0.25),
        (0.55, 0.52, 0.40, 1.00, 0.50, 0.55, -0.45),
        (0.45, 0.62, 0.42, 0.50, 1.00, 0.40, -0.15),
        (0.10, 0.15, 0.05, 0.55, 0.40, 1.00, -0.10),
        (-0.40, -0.35, -0.25, -0.45, -0.15, -0.10, 1.00),
    )
    # Design choice: level and spread of the true scores on the scale from 1 to 7; amotivation raised for
    # this group.
    mean: tuple[float, ...] = (4.6, 4.3, 3.4, 5.4, 4.6, 5.4, 2.7)
    sd: tuple[float, ...] = (1.1, 1.1, 1.1, 1.0, 1.1, 1.0, 1.1)
    # Amotivation is right-skewed: a lognormal law with this sigma.
    skew: float = 0.6
    # Design choice: correlation of each subscale with grunnskolepoeng.
    with_points: tuple[float, ...] = (0.15, 0.15, 0.05, 0.20, 0.10, 0.00, -0.20)
    # Design choice: correlation between a true score and itself six months later.
    stability: float = 0.80
    # Design choice: what six months of the programme add, in SD, at each of the two later waves.
    programme_shift: tuple[float, ...] = (0.10, 0.05, 0.05, 0.15, 0.00, 0.00, -0.15)
    # Equal loadings of .70 on four items make alpha .79.
    loading: float = 0.70


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseParameters:
    """What makes people leave, pass subjects and complete. Log-odds unless something else is said."""

    # Share who leave during one school year of ten months, 2022-23: academic 2.1 %, vocational 6.2 %
    # (Norwegian Directorate for Education and Training 2023).
    year: tuple[float, float] = (0.021, 0.062)
    # Out between two school years. Vg2 to Vg3 2011-12: academic 4 %, vocational 1 in 4; Vg1 to Vg2: 9 % in
    # all (Utdanningsspeilet 2014), split by the shares that did not go on in 2023 (academic 8 %, vocational
    # 15 %).
    summer: tuple[tuple[float, float], ...] = ((0.065, 0.04), (0.12, 0.25))
    # Design choice: odds of leaving against all pupils, on top of the terms below.
    at_risk: float = 0.14
    # Design choice within 1.5 to 1.8, the ratio between immigrants' and others' odds of not going on.
    leave_immigrant: float = 0.65
    # 2006 cohort, immigrants: 38 % of men and 25 % of women left, odds ratio 1.8 (Statistics Norway 2012);
    # part of it runs through grunnskolepoeng.
    leave_man: float = 0.35
    leave_points: float = -0.55  # per 10 points; design choice
    leave_benefit: float = 0.35  # parents received social assistance; design choice
    # Identified regulation and amotivation carry completion, external regulation does not (Utvær & Haugan
    # 2016; Howard et al. 2021). The sizes, per SD of the true score, are design choices.
    leave_motivation: tuple[float, ...] = (-0.06, 0.0, 0.0, -0.32, 0.0, 0.0, 0.34)
    # Dropout prevention: odds ratio 1.72 (Wilson et al. 2011). The direct part is planted; the rest of it
    # runs through motivation. Norwegian register studies find far less: the size is a design choice.
    leave_programme: float = -0.40
    # Design choice: the programme does more for those whose parents received social assistance.
    leave_programme_benefit: float = -0.20
    # Design choice: privatists who are through Vg3 without having passed; the others left earlier.
    been_through: float = 0.60
    # Design choice: back in school, per month and in August, for those who are out.
    back_month: float = 0.012
    back_august: float = 0.14
    back_programme: float = 0.35
    back_motivation: tuple[float, ...] = (0.05, 0.0, 0.0, 0.25, 0.0, 0.0, -0.30)
    # Design choice: repeats the year instead of going on.
    repeat: float = 0.06
    # Design choice: after Vg3 without having passed: through without passing, one more year, left.
    after_vg3: tuple[float, float, float] = (0.70, 0.15, 0.15)
    # Design choice: log-odds of passing a subject as a pupil, and what moves it.
    pass_pupil: float = 2.60
    pass_points: float = 0.75  # per 10 points
    pass_motivation: tuple[float, ...] = (0.10, 0.05, 0.0, 0.22, 0.05, 0.0, -0.22)
    pass_programme: float = 0.25
    pass_benefit: float = -0.25
    pass_programme_benefit: float = 0.15
    # Design choice: a person passes or fails several subjects together; SD of what is common to a person.
    pass_common: float = 0.70
    # Design choice: sits the exam in a subject that is left, per exam period, by state (in school, out,
    # through without passing). Most sit one exam a year (Statistics Norway 2018).
    sits_school: float = 0.32
    sits_out: float = 0.08
    sits_privatist: float = 0.38
    sits_adult: float = 0.30
    sits_programme: float = 0.30
    # 53 % of privatist exams are in spring, 47 % in autumn (Norwegian Directorate for Education and
    # Training 2022).
    spring: float = 0.53
    # "Many who register do not show up" (Udir); the share is a design choice.
    no_show: float = 0.15
    # Design choice: centre of the terms in grunnskolepoeng.
    points_centre: float = 36.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyParameters:
    """Who answers the surveys, and wellbeing. All are design choices."""

    # Log-odds of not answering by wave, and what moves them: having left school, amotivation.
    absent: tuple[float, float, float] = (-3.4, -1.75, -1.0)
    absent_left: float = 1.3
    absent_amotivation: float = 0.25
    item_skipped: float = 0.018
    do_not_know: float = 0.004
    languages: tuple[float, ...] = (0.74, 0.10, 0.06, 0.04, 0.03, 0.03)
    helped: tuple[float, ...] = (0.78, 0.06, 0.13, 0.03)
    staff: float = 0.45
    late: float = 0.08
    # Wellbeing: correlation with itself six months later, gain per wave in the programme, load on
    # amotivation.
    wellbeing_stability: float = 0.75
    wellbeing_programme: float = 0.12
    wellbeing_amotivation: float = -0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeParameters:
    """Work, benefits and other support."""

    # Social assistance at 20: about 25 % of those whose parents received it, about four times the share of
    # others (a Norwegian study of cohorts from the 1990s); under 30 with NAV: 26 % in five years (Nossen &
    # Gjerde 2022). Log-odds here are tuned to a ratio near four and to 26 % in 24 months without the
    # programme.
    assistance: tuple[float, float, float] = (-0.12, -2.08, -1.2)  # by parents' benefit: yes, no, unknown
    assistance_left: float = 0.50
    assistance_programme: float = -0.15
    assistance_programme_benefit: float = -0.35
    # Ever in five years among those under 30 who sought work-oriented help: measure benefit 19 %, AAP 19 %
    # (Nossen & Gjerde 2022). Shares in two years, and the other kinds, are design choices.
    other_benefits: tuple[tuple[str, float], ...] = (
        ("measure_benefit", 0.16),
        ("aap", 0.08),
        ("unemployment", 0.06),
        ("qualification", 0.05),
        ("introduction", 0.07),
    )
    # About half of those 16 to 25 who have left work (Utdanningsspeilet 2017). The rest are design choices.
    work_left: float = 0.50
    work_enrolled: float = 0.33
    work_completed: float = 0.60
    job_taster: float = 0.40
    wage_subsidy: float = 0.06
    other_support: tuple[tuple[str, float], ...] = (
        ("follow_up_service", 0.18),
        ("qualification", 0.05),
        ("introduction", 0.06),
        ("ips", 0.04),
        ("mentor", 0.10),
        ("health", 0.15),
    )
    # Contacts a month in the programme, for so many months; held of planned.
    contacts: float = 2.4
    contact_months: int = 18
    held: float = 0.82
    # Absence of ordinary pupils, Oslo 2022-23 and the country 2024-25: median 5 days and 20 hours a year;
    # 11 % have 20 days or more, 18 % 50 hours or more (Norwegian Directorate for Education and Training).
    # The lognormal law that has these two points of each; the factor for this group, and what amotivation
    # adds per SD, are design choices.
    absent_days: tuple[float, float] = (5.0, 1.13)
    absent_hours: tuple[float, float] = (20.0, 1.00)
    absent_at_risk: float = 1.6
    absent_amotivation: float = 0.20


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignParameters:
    """How people came to the programme."""

    counsellors: int = 2
    schools: int = 8
    # Design choice: one office has the programme, ten others do not.
    comparison_offices: int = 10
    # Design choice: log-odds of belonging to the programme's office: constant, per 10 points, parents'
    # benefit, amotivation per SD. People with a harder start are more often in the programme.
    treated: tuple[float, float, float, float] = (-0.45, -0.50, 0.40, 0.20)
    # Design choice: how offices differ in leaving, log-odds, for the comparison offices in turn; the
    # programme's own office has 0, so that comparing like with like recovers the truth.
    office_leave: tuple[float, ...] = (-0.30, -0.21, -0.14, -0.08, -0.02, 0.02, 0.08, 0.14, 0.21, 0.30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """All of them."""

    people: PeopleParameters = field(default_factory=PeopleParameters)
    motivation: MotivationParameters = field(default_factory=MotivationParameters)
    courses: CourseParameters = field(default_factory=CourseParameters)
    surveys: SurveyParameters = field(default_factory=SurveyParameters)
    lives: LifeParameters = field(default_factory=LifeParameters)
    design: DesignParameters = field(default_factory=DesignParameters)

    def fingerprint(self) -> str:
        """Return what changes when any number here does: it tells whether a stored truth is stale."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


PARAMETERS = Parameters()
