"""Results to show in tests and to look at: a ladder, one office, few people, none at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backtorule_eval.analyses.balance import Balance, BalanceRow
from backtorule_eval.analyses.choices import ChoiceCurve, ChoiceRow
from backtorule_eval.analyses.curves import Calibration, CalibrationBin, Curve, CurveStep
from backtorule_eval.analyses.estimate import Caution, Estimand, Estimate, Measure, Term
from backtorule_eval.analyses.joint_display import Agreement, JointDisplay, JointRow, Quote
from backtorule_eval.analyses.quality import Quality, QualityRow, Quantity
from backtorule_eval.analyses.tables import (
    CountTable,
    Dimension,
    Flow,
    FlowCount,
    Level,
    MeanRow,
    MeanTable,
    Refusal,
)
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.disclosure.audit import apply, audit, provisional
from backtorule_eval.disclosure.claim import Claim, Publishable
from backtorule_eval.disclosure.released import Releasable
from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules

RULES = DisclosureRules()

TERMS = tuple(
    Term(name=name, label=Text(nb=nb, en=en))
    for name, nb, en in (
        ("interest", "Interesse for fagene", "Interest in the subjects"),
        ("utility", "Opplevd nytte", "Perceived utility"),
        ("interest_minus_utility", "Interesse minus nytte", "Interest minus utility"),
        ("demography", "+ kjønn, opprinnelse og hjemmets ressurser", "+ sex, origin and resources at home"),
        ("attainment", "+ tidligere karakterer og prøver", "+ earlier grades and tests"),
        ("belonging", "+ mestringstro og tilhørighet", "+ self-efficacy and belonging"),
        ("sex", "Kjønn", "Sex"),
        ("grade8", "Karakter i åttende", "Grade in year eight"),
        ("wellbeing", "Psykisk velvære", "Mental wellbeing"),
        ("found_calm", "Fant ro", "Found calm"),
    )
)
LADDER = (
    ("unadjusted", -0.231, -0.286, -0.176, ()),
    ("demography", -0.152, -0.208, -0.096, ("sex",)),
    ("attainment", -0.0834, -0.1401, -0.0267, ("sex", "grade8")),
    ("belonging", -0.049, -0.107, 0.009, ("sex", "grade8")),
)


def estimate(**given: Any) -> Estimate:
    shown = dict(
        question="interest_or_utility",
        population="everyone",
        outcome="left",
        contrast="interest_minus_utility",
        estimand=Estimand.ASSOCIATION,
        measure=Measure.LOG_ODDS,
        unit="log odds per sd",
        value=-0.0834,
        low=-0.1401,
        high=-0.0267,
        std_error=0.029,
        p_value=0.004,
        n=13865,
        n_events=2105,
        n_missing=1312,
        smallest_arm=13865,
        method="logit_maximum_likelihood",
        terms=TERMS,
    )
    return Estimate(**shown | given)


def difference(value: float, low: float, high: float, **given: Any) -> Estimate:
    """A difference in people who passed, programme against comparison, in points."""
    shown = dict(
        outcome="passed",
        contrast="programme_minus_comparison",
        measure=Measure.RISK_DIFFERENCE,
        unit="points",
        method="",
        n=120,
        n_events=60,
        smallest_arm=55,
    )
    points = dict(value=value / 100, low=low / 100, high=high / 100, std_error=0.04)
    return estimate(**shown | points | given)


def ladder() -> tuple[Estimate, ...]:
    """Four steps; the third was decided in advance."""
    source = (Caution.NO_CLUSTERS_IN_SOURCE, Caution.RELIABILITY_UNCORRECTED)
    return tuple(
        estimate(
            value=value,
            low=low,
            high=high,
            adjustment=step,
            adjusted_for=held,
            prespecified=step == "attainment",
            cautions=source if step == "attainment" else (*source, Caution.EXPLORATORY),
        )
        for step, value, low, high, held in LADDER
    )


def gender() -> Dimension:
    levels = (("female", "Kvinner", "Women"), ("male", "Menn", "Men"), ("missing", "Mangler", "Missing"))
    return Dimension(
        name="gender",
        label=Text(nb="Kjønn", en="Gender"),
        levels=tuple(Level(key=key, label=Text(nb=nb, en=en)) for key, nb, en in levels),
    )


def origin() -> Dimension:
    levels = (
        ("born", "Innvandret selv", "Immigrated"),
        ("parents", "Foreldre innvandret", "Parents came"),
    )
    return Dimension(
        name="origin",
        label=Text(nb="Bakgrunn", en="Background"),
        levels=tuple(Level(key=key, label=Text(nb=nb, en=en)) for key, nb, en in levels),
    )


def counts(*numbers: int) -> CountTable:
    return CountTable(question="who", population="everyone", dimensions=(gender(),), counts=numbers)


def two_way(*numbers: int) -> CountTable:
    return CountTable(question="who", population="everyone", dimensions=(gender(), origin()), counts=numbers)


def group() -> Dimension:
    levels = (("programme", "Deltakere", "Participants"), ("comparison", "Sammenlikning", "Comparison"))
    return Dimension(
        name="group",
        label=Text(nb="Gruppe", en="Group"),
        levels=tuple(Level(key=key, label=Text(nb=nb, en=en)) for key, nb, en in levels),
    )


def by_group(*numbers: int, of: Dimension | None = None) -> CountTable:
    """A variable (default: gender) by programme and comparison."""
    return CountTable(
        question="baseline", population="everyone", dimensions=(of or gender(), group()), counts=numbers
    )


def group_means(programme: int = 31, comparison: int = 44) -> tuple[MeanTable, MeanTable]:
    """Averages of both groups, the second a little higher."""
    first, second = means(programme), means(comparison)
    higher = dict(mean=29.93, low=28.29, high=31.57), dict(mean=35.62, low=33.79, high=37.45)
    rows = tuple(replace(row, **given) for row, given in zip(second.rows, higher, strict=True))
    labels = [level.label for level in group().levels]
    return (
        replace(first, population="programme", label=labels[0]),
        replace(second, population="comparison", label=labels[1], rows=rows),
    )


def means(n: int = 41) -> MeanTable:
    esteem = MeanRow(
        name="rses",
        label=Text(nb="Selvfølelse (RSES)", en="Self-esteem (RSES)"),
        n=n,
        n_missing=16,
        mean=28.43,
        sd=5.21,
        low=26.79,
        high=30.07,
        scale_low=10.0,
        scale_high=40.0,
    )
    points = MeanRow(
        name="points",
        label=Text(nb="Grunnskolepoeng", en="Grade points"),
        n=n + 3,
        n_missing=13,
        mean=34.12,
        sd=6.02,
        low=32.29,
        high=35.95,
    )
    return MeanTable(question="means", population="everyone", rows=(esteem, points))


def flow() -> Flow:
    steps = (
        ("received", "Personer i dataene fra kontoret", "People in the data from the office", 63),
        ("withdrawn", "Trakk samtykket", "Withdrew their consent", 2),
        ("over_25", "Over 25 år ved start", "Over 25 at the start", 8),
        ("unknown", "Uten startdato", "Without a start date", 0),
        ("analysed", "Personer i kullet", "People in the cohort", 53),
    )
    return Flow(
        question="flow",
        population="everyone",
        steps=tuple(FlowCount(step=s, label=Text(nb=nb, en=en), n=n) for s, nb, en, n in steps),
    )


def long_flow(received: int = 63, *removed: int) -> Flow:
    """Labels as long as a study file may have them."""
    labels = (
        "Personer i fagsystemet hos kontoret, uansett om de har fått tilbud om oppfølging",
        "Trakk samtykket etter at de hadde svart på den første spørreundersøkelsen",
        "Hadde allerede fullført og bestått videregående opplæring ved oppstart",
        "Personer i kullet",
    )
    first, second = removed or (2, 8)
    numbers = (received, first, second, received - first - second)
    steps = zip("abcd", labels, numbers, strict=True)
    return Flow(
        question="flow",
        population="participants",
        steps=tuple(FlowCount(step=s, label=Text(nb=label, en=label), n=n) for s, label, n in steps),
    )


def refusal(**given: Any) -> Refusal:
    shown = dict(question="q", population="everyone", model="logit", reason="events", needed=10.0, found=7.0)
    return Refusal(**shown | given)


def claim(*things: Publishable, view: str, **given: Any) -> Claim:
    return Claim(**dict(key=f"05_motivation/{view}", cohort="demo", view=view) | given, things=things)


def released(*things: Publishable, view: str, rules: DisclosureRules = RULES, **given: Any) -> Releasable:
    """As it may be seen after an audit of this alone."""
    one = claim(*things, view=view, **given)
    return apply(one, audit([one], rules))


def looked_at(*things: Publishable, view: str, rules: DisclosureRules = PUBLIC, **given: Any) -> Releasable:
    """As it is seen inside, before any audit."""
    return provisional(claim(*things, view=view, **given), rules)


def curve(n: int = 60, each: int = 1, *, group: Text | None = None, months: int = 24) -> Curve:
    """A curve on which `each` people of n have the outcome in most months, and one leaves now and then."""
    steps, at_risk, share = [], n, 0.0
    for month in range(1, months + 1):
        events = min(each if month % 3 else 0, at_risk)
        gone = 1 if month % 12 == 0 and at_risk > events else 0
        share += (1 - share) * events / at_risk if at_risk else 0.0
        low, high = max(0.0, share - 0.11), min(1.0, share + 0.11)
        steps.append(
            CurveStep(month=month, at_risk=at_risk, events=events, gone=gone, value=share, low=low, high=high)
        )
        at_risk -= events + gone
    return Curve(
        question="when", population="enrolled_at_start", outcome="left", steps=tuple(steps), group=group
    )


PROGRAMME = Text(nb="Deltakere i Back to Rule", en="Participants in Back to Rule")
COMPARISON = Text(nb="Sammenlikningsgruppen på venteliste", en="The comparison group on the waiting list")


def states(*tables: tuple[int, ...]) -> list[CountTable]:
    """Where people are at the start, after a year and after two."""
    names = [
        ("school", "I opplæring", "At school"),
        ("work", "I ordinært arbeid", "In ordinary work"),
        ("benefit", "Med ytelse fra Nav", "With a benefit"),
        ("none", "Verken eller", "Neither"),
        ("completed", "Fullført og bestått", "Completed"),
    ]
    whens = [("0", "Ved start", "At the start"), ("12", "Etter 12 måneder", "After 12 months")]
    whens.append(("24", "Etter 24 måneder", "After 24 months"))
    levels = tuple(Level(key=key, label=Text(nb=nb, en=en)) for key, nb, en in names)
    return [
        CountTable(
            question="where",
            population="everyone",
            dimensions=(Dimension(name=f"state_{when}", label=Text(nb=nb, en=en), levels=levels),),
            counts=counts,
        )
        for (when, nb, en), counts in zip(whens, tables, strict=False)
    ]


def calibration(*bins: tuple[int, int, float]) -> Calibration:
    """Groups of n with so many events and this foretold risk."""
    made = tuple(
        CalibrationBin(
            n=n,
            events=events,
            predicted=foretold,
            observed=events / n,
            low=max(0.0, events / n - 0.1),
            high=min(1.0, events / n + 0.1),
        )
        for n, events, foretold in bins
    )
    return Calibration(question="fit", population="everyone", outcome="left", bins=made)


FITTING = ((80, 8, 0.08), (80, 14, 0.15), (80, 24, 0.27), (80, 30, 0.45), (12, 3, 0.7))


TRAITS = (
    ("Alder ved start", "Age at the start"),
    ("Kvinner", "Women"),
    ("Grunnskolepoeng", "Lower secondary points"),
    ("Fravær året før start, i prosent av timene", "Absence in the year before, per cent of the lessons"),
    ("Født i utlandet", "Born abroad"),
)


def balance(
    *differences: tuple[float, float | None],
    n: tuple[int, int] = (40, 60),
    n_in: dict[int, tuple[int, int]] | None = None,
) -> Balance:
    """Differences before and after weighting, of as many traits."""
    rows = tuple(
        BalanceRow(
            name=f"trait_{i}", label=Text(nb=nb, en=en), before=before, after=after, n_in=(n_in or {}).get(i)
        )
        for i, ((nb, en), (before, after)) in enumerate(zip(TRAITS, differences, strict=False))
    )
    return Balance(
        question="alike",
        population="everyone",
        groups=(Text(nb="Deltakerne", en="Participants"), Text(nb="de andre", en="the others")),
        n_first=n[0],
        n_second=n[1],
        n_missing=3,
        rows=rows,
    )


SCALES = (
    Text(nb="Indre motivasjon: kunnskap", en="Intrinsic motivation: to know"),
    Text(nb="Ytre regulering", en="External regulation"),
    Text(nb="Amotivasjon", en="Amotivation"),
)
ALPHA = (Quantity.ALPHA, Quantity.ALPHA_LOW, Quantity.ALPHA_HIGH)
CORRELATIONS = (Quantity.CORRELATION, Quantity.CORRELATION_LOW, Quantity.CORRELATION_HIGH)
FIT = (Quantity.CHI2, Quantity.DF, Quantity.P_VALUE, Quantity.CFI, Quantity.RMSEA, Quantity.WORSE_P)


def reliability(*sizes: tuple[int, int], omega: float | None = None) -> Quality:
    """As many scales as there are sizes (answered, missing)."""
    values = ((0.7464, 0.6067, 0.8453), (0.8078, 0.7032, 0.8821), (0.6213, 0.4877, 0.7265))
    rows = tuple(
        QualityRow(
            name=f"scale_{i}",
            label=label,
            beside=Text(nb=f"{i + 1}, {i + 8}", en=f"{i + 1}, {i + 8}"),
            n=n,
            n_missing=missing,
            n_items=4,
            figures=(*of, omega),
        )
        for i, (label, of, (n, missing)) in enumerate(zip(SCALES, values, sizes, strict=False))
    )
    return Quality(
        question="reliability",
        population="everyone",
        quantities=(*ALPHA, Quantity.OMEGA),
        rows=rows,
        notes=(Text(nb="Nøkkelen er ikke sjekket.", en="The key has not been checked."),),
    )


def correlations(n: int = 49) -> Quality:
    """Three scales, pair by pair."""
    pairs = ((0, 1, 0.1034, -0.18, 0.37), (0, 2, -0.4021, -0.61, -0.14), (1, 2, -0.2, -0.45, 0.08))
    rows = tuple(
        QualityRow(
            name=f"{a}~{b}", label=SCALES[a], beside=SCALES[b], n=n, n_missing=8, figures=(value, low, high)
        )
        for a, b, value, low, high in pairs
    )
    return Quality(question="correlations", population="everyone", quantities=CORRELATIONS, rows=rows)


def fits(question: str = "structure", n: int = 450) -> Quality:
    """Two models, the second worse."""
    rows = tuple(
        QualityRow(
            name=name,
            label=SCALES[0] if question == "waves" else Text(nb=nb, en=en),
            beside=Text(nb=nb, en=en) if question == "waves" else None,
            n=n,
            n_missing=31,
            figures=of,
        )
        for name, nb, en, of in (
            ("seven", "Sju faktorer", "Seven factors", (338.336, 329.0, 0.348, 0.9975, 0.0081, None)),
            ("five", "Fem faktorer", "Five factors", (572.788, 340.0, 1e-9, 0.9401, 0.0391, 2e-39)),
        )
    )
    return Quality(question=question, population="everyone", quantities=FIT, rows=rows)


def change_rules() -> Quality:
    """Two scales and how much each must change."""
    rows = tuple(
        QualityRow(name=str(i), label=SCALES[i], n=52, n_missing=5, figures=(0.7464, sd, 1.96 * sd * 0.7122))
        for i, sd in enumerate((1.0312, 1.2134))
    )
    quantities = (Quantity.RELIABILITY, Quantity.SPREAD, Quantity.SMALLEST_CHANGE)
    return Quality(question="change_rules", population="everyone", quantities=quantities, rows=rows)


WEIGHTED = ((0.42, 0.08), (-0.26, 0.04), (-0.51, -0.12), (0.61, 0.16), (0.05, 0.01))


def waves(*sizes: int) -> tuple[MeanTable, ...]:
    """Three scales at as many waves as there are sizes."""
    names = (("Ved start", "At the start"), ("6 md.", "6 months"), ("12 md.", "12 months"))
    scales = (
        ("rses", "Selvfølelse (RSES)", "Self-esteem (RSES)", 0, 30, 17.4, 5.2),
        ("swemwbs", "Psykisk velvære (SWEMWBS)", "Mental wellbeing (SWEMWBS)", 7, 35, 20.1, 4.4),
        ("loneliness", "Ensomhet, tre spørsmål", "Loneliness, three questions", 3, 9, 6.2, 1.9),
    )
    tables = []
    for wave, (n, (nb, en)) in enumerate(zip(sizes, names, strict=False)):
        rows = tuple(
            MeanRow(
                name=name,
                label=Text(nb=label_nb, en=label_en),
                n=n,
                n_missing=60 - n,
                mean=mean + 0.4 * wave,
                sd=sd,
                low=mean + 0.4 * wave - 2 * sd / n**0.5,
                high=mean + 0.4 * wave + 2 * sd / n**0.5,
                scale_low=low,
                scale_high=high,
            )
            for name, label_nb, label_en, low, high, mean, sd in scales
        )
        tables.append(MeanTable(question="waves", population="everyone", rows=rows, label=Text(nb=nb, en=en)))
    return tuple(tables)


def quote(words: str = "Nå vet jeg hvem jeg skal ringe når det butter.", **given: Any) -> Quote:
    shown = dict(
        said_by=Text(nb="En ungdom", en="A young person"), group=40, allowed_by="KH", allowed_on="2026-05-04"
    )
    return Quote(words=words, **shown | given)


def joint_row(said: int, **given: Any) -> JointRow:
    return JointRow(
        **dict(theme=Text(nb="Noen som følger opp", en="Somebody who follows up"), said=said) | given
    )


def joint(*rows: JointRow, n: int = 25) -> JointDisplay:
    """Three themes: one with a number and a quote, one that clashes, one with neither."""
    school = Text(nb="Skolen er for vanskelig", en="School is too hard")
    money = Text(nb="Penger her og nå", en="Money here and now")
    made = rows or (
        joint_row(17, number=difference(18, 9, 27), agreement=Agreement.CONFIRM, quote=quote()),
        joint_row(8, theme=school, number=difference(-12, -20, -4), agreement=Agreement.CLASH),
        joint_row(3, theme=money),
    )
    return JointDisplay(question="voices", population="interviewed", n=n, rows=made)


def choices(n_rows: int = 8, **given: Any) -> ChoiceCurve:
    """A difference per hundred under eight sets of choices, or fewer."""
    options = (
        ("Gjennomsnittet av alle skalaer", "The average of all scales"),
        ("Interesse mot nytte, bare i matematikk", "Interest against utility, in mathematics alone"),
        ("+ kjønn, opprinnelse og hjemmets ressurser", "+ sex, origin and resources at home"),
        ("+ tidligere karakterer og prøver", "+ earlier grades and tests"),
    )
    rows = []
    for i in range(n_rows):
        value = -4.2 + 0.6 * i
        one = difference(
            value,
            value - 1.9,
            value + 1.9,
            contrast="interest_minus_utility",
            outcome="left",
            n=2000,
            n_events=420,
            smallest_arm=2000,
            cautions=(Caution.EXPLORATORY,),
            p_value=0.03,
            method="logit_g_computation",
        )
        taken = (i % 2, *((2,) if i & 2 else ()), *((3,) if i & 4 else ()))
        rows.append(ChoiceRow(taken=taken, estimate=one))
    shown = dict(
        question="interest_or_utility",
        population="everyone",
        outcome="left",
        contrast="interest_minus_utility",
        options=tuple(Text(nb=nb, en=en) for nb, en in options),
        rows=tuple(rows),
        same_sign=0.875,
        significant=0.5,
        p_median=0.004,
        p_same_sign=0.28,
        p_significant=0.012,
        n_permutations=499,
        terms=TERMS,
    )
    return ChoiceCurve(**shown | given)
