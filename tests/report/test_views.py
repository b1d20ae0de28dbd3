"""Views: every one in both languages, closed when in doubt, and never a figure that was not released."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from backtorule_eval.analyses.estimate import Caution, Measure
from backtorule_eval.analyses.tables import CountTable, MeanRow, MeanTable
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.errors import DisclosureRefused, ParameterProblem
from backtorule_eval.report.result import MIME, result_from_plain
from backtorule_eval.report.tables import write_csv
from backtorule_eval.report.views import VIEWS, render
from tests.report.examples import (
    COMPARISON,
    FITTING,
    PROGRAMME,
    RULES,
    WEIGHTED,
    balance,
    by_group,
    calibration,
    change_rules,
    choices,
    claim,
    correlations,
    counts,
    curve,
    difference,
    estimate,
    fits,
    flow,
    gender,
    group_means,
    joint,
    ladder,
    looked_at,
    means,
    origin,
    refusal,
    released,
    reliability,
    states,
    two_way,
    waves,
)
from tests.report.words import CAUSAL

SHOWN = {
    "forest": ladder(),
    "estimate_table": ladder(),
    "sentence": ladder(),
    "counts": (counts(31, 19, 7), two_way(12, 18, 3, 9, 0, 0)),
    "means": (means(), means(7)),
    "baseline_counts": (by_group(12, 18, 16, 9, 3, 0), by_group(20, 7, 11, 20, of=origin())),
    "baseline_means": group_means(),
    "flow": (flow(),),
    "curve": (curve(60, group=PROGRAMME), curve(75, 2, group=COMPARISON)),
    "states": tuple(states((40, 2, 12, 6, 0), (25, 7, 15, 8, 5))),
    "calibration": (calibration(*FITTING),),
    "choices": (choices(),),
    "joint": (joint(),),
    "waves": waves(55, 44, 38),
    "balance": (balance(*WEIGHTED, n_in={1: (14, 30), 4: (37, 50)}),),
    "quality": (
        reliability((49, 8), (50, 7), (9, 48)),
        correlations(),
        fits(),
        fits("waves"),
        change_rules(),
    ),
    "refusal": (refusal(), refusal(reason="persons", needed=58.0, found=41.0)),
    "refusal_again": (refusal(),),
}


def everything(rendered):
    """All that a release of this result would hold."""
    files = [figure.picture().svg + figure.alt + figure.title for figure in rendered.figures]
    return "\n".join([rendered.html, rendered.text, *rendered.sentences, write_csv(rendered.rows), *files])


@pytest.fixture(params=["nb", "en"])
def language(request):
    return request.param


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_shows_its_kind_in_both_languages(view, language):
    rendered = render(released(*SHOWN[view], view=view), language)
    assert rendered.html
    assert rendered.text
    assert not rendered.provisional
    assert not CAUSAL.search(everything(rendered))
    assert not re.search(r"<script|https?://(?!www\.w3\.org)| on\w+=", rendered.html)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_gives_the_same_bytes_every_time(view, language):
    first, again = (render(released(*SHOWN[view], view=view), language) for _ in range(2))
    assert everything(first) == everything(again)


@pytest.mark.parametrize("view", VIEWS)
def test_what_is_provisional_says_so_first(view):
    rendered = render(looked_at(*SHOWN[view], view=view), "nb")
    assert rendered.provisional
    assert rendered.html.startswith(
        '<p class="banner" role="note"><strong>Foreløpig: ikke kontrollert mot resten'
    )
    assert rendered.text.startswith("[Foreløpig")
    assert rendered.plan == ""


def test_jupyter_gets_the_view_and_the_mark_of_its_claim():
    releasable = looked_at(flow(), view="flow")
    rendered = render(releasable, "nb")
    data, metadata = rendered._repr_mimebundle_()
    assert data.keys() == {"text/html", "text/plain", MIME}
    assert result_from_plain(json.loads(json.dumps(data[MIME]))) == rendered.result
    assert metadata == {"backtorule": {"key": "05_motivation/flow", "digest": releasable.claim}}


# --- Closed when in doubt -----------------------------------------------------------------------


@pytest.mark.parametrize("thing", [None, claim(counts(1, 2, 3), view="counts"), counts(1, 2, 3), "40 people"])
def test_what_has_not_passed_the_rules_is_refused(thing):
    with pytest.raises(DisclosureRefused, match="Only what has passed the disclosure rules"):
        render(thing, "nb")


def test_an_unknown_view_is_refused():
    there_are = ", ".join(sorted(VIEWS))
    with pytest.raises(DisclosureRefused, match=f"There is no view 'pie'; there are: {there_are}"):
        render(released(counts(31, 19, 7), view="pie"), "nb")


def test_a_view_that_does_not_fit_is_refused():
    with pytest.raises(
        DisclosureRefused, match="view 'forest' does not show this kind of result; these do: counts"
    ):
        render(released(counts(31, 19, 7), view="forest"), "nb")


def test_a_forest_of_two_scales_is_refused():
    mixed = released(estimate(), difference(18, 11, 25), view="forest")
    with pytest.raises(ParameterProblem, match="needs estimates on one scale"):
        render(mixed, "nb")


# --- Nothing but what was released --------------------------------------------------------------

# Exact figures that no rounded release holds; each is rare enough to be found by its digits alone.
EXACT = {
    "forest": (
        difference(
            18.37, 11.93, 24.61, n=1237, n_events=733, n_missing=391, smallest_arm=541, p_value=0.0237
        ),
        "18[.,]37 1837 11[.,]93 24[.,]61 1.?237 733 391 541 0237",
    ),
    "counts": (counts(1237, 733, 3), "1.?237 733"),
    "means": (
        MeanTable(
            question="q",
            population="everyone",
            rows=(
                MeanRow(
                    name="x",
                    label=Text(nb="X", en="X"),
                    n=1237,
                    n_missing=733,
                    mean=28.4317,
                    sd=5.2713,
                    low=26.7931,
                    high=30.0719,
                ),
            ),
        ),
        "1.?237 733 28[.,]4 5[.,]2713 26[.,]79 30[.,]07",
    ),
    "refusal": (refusal(found=1237.0, needed=5837.0, reason="persons"), "1.?237 5.?837"),
}


@pytest.mark.parametrize("view", EXACT)
def test_no_exact_figure_is_in_any_byte_of_a_rounded_result(view, language):
    thing, digits = EXACT[view]
    held = everything(render(released(thing, view=view), language))
    pattern = re.compile("|".join(rf"(?<![\d.,]){d}(?!\d)" for d in digits.split()))
    assert not pattern.search(held)
    assert pattern.search(everything(render(released(thing, view=view, rules=PUBLIC), language)))


def test_few_people_leave_a_page_of_words():
    rendered = render(released(difference(18, 11, 25, n=7, n_events=None, n_missing=0), view="forest"), "nb")
    assert rendered.sentences[0].startswith("Tallet vises ikke")
    assert rendered.figures == ()
    assert "skjult" in rendered.text


# --- Particular views ---------------------------------------------------------------------------


def test_a_forest_says_its_main_answer_and_shows_all():
    rendered = render(released(*ladder(), view="forest", rules=PUBLIC), "nb")
    (figure,) = rendered.figures
    assert rendered.sentences[0].startswith("Høyere interesse for fagene henger sammen med at færre sluttet")
    assert "−0,08" in rendered.sentences[0]
    assert figure.alt.replace("\u00a0", " ") == (
        "Intervaller på en linje. Interesse minus nytte. Forskjell i log-odds; under null betyr færre som "
        "sluttet "
        "på videregående. Ujustert: −0,23 (−0,29 til −0,18); + kjønn, opprinnelse og hjemmets ressurser: "
        "−0,15 "
        "(−0,21 til −0,10); + tidligere karakterer og prøver: −0,08 (−0,14 til −0,03); + mestringstro og "
        "tilhørighet: −0,05 (−0,11 til 0,01)."
    )
    assert "Bare svaret med fylt prikk var bestemt på forhånd" in rendered.html
    assert "Holdt likt: kjønn og karakter i åttende." in rendered.html
    assert len(rendered.cautions) == 2


def test_rows_of_a_table_have_the_digits_of_the_page():
    rendered = render(released(*ladder(), view="estimate_table", rules=PUBLIC), "nb")
    assert rendered.rows[3] == (
        "+ tidligere karakterer og prøver",
        "-0.08",
        "-0.14",
        "-0.03",
        "0,004",
        "13865",
        "2105",
        "1312",
    )
    assert "−0,08" in rendered.html


def test_estimates_are_told_apart_by_what_differs():
    several = (difference(18, 11, 25), difference(3, -12, 30, outcome="completed", horizon_months=24))
    rendered = render(released(*several, view="forest"), "nb")
    assert [row[0] for row in rendered.rows[1:]] == [
        "Å bestå",
        "Å fullføre videregående, 24 måneder etter start",
    ]
    assert "Flere (+) eller færre (−) per 100." in rendered.figures[0].alt


def test_rows_of_several_scales_say_which_is_theirs():
    shares = difference(-0.9, -1.6, -0.2, contrast="interest_minus_utility", outcome="left")
    rendered = render(released(estimate(), shares, view="estimate_table", rules=PUBLIC), "nb")
    assert [row[0] for row in rendered.rows[1:]] == ["Log-odds", "Forskjell per 100"]


def test_the_answer_is_the_one_that_is_not_exploratory():
    explored = replace(difference(18, 11, 25), cautions=(Caution.EXPLORATORY,), horizon_months=12)
    rendered = render(released(explored, difference(3, 1, 5, horizon_months=24), view="forest"), "nb")
    assert "om lag 3 flere" in rendered.sentences[0]
    assert "Bare svaret med fylt prikk" in rendered.html
    only = render(released(explored, explored, view="forest"), "nb")
    assert "om lag 18 flere" in only.sentences[0]
    assert "Bare svaret med fylt prikk" not in only.html


def test_one_estimate_is_named_by_its_outcome():
    rendered = render(
        released(difference(18, 11, 25, population="participants"), view="estimate_table"), "en"
    )
    assert rendered.rows[1][0] == "Passing"
    assert "Being in the programme, compared with being in the comparison group" in rendered.html


def test_a_contrast_of_one_side_or_none_has_a_title():
    unnamed = difference(1, 0, 2, contrast="programme")
    assert "Being in the programme." in render(released(unnamed, view="forest"), "en").figures[0].alt
    risk = difference(45, 25, 65, contrast="", measure="risk", estimand="incidence")
    assert "Of 100, how many passed" in render(released(risk, view="forest"), "en").figures[0].alt


def test_a_forest_of_means_has_the_axis_of_its_scale():
    apart = difference(30, 10, 50, measure="mean_difference", outcome="wellbeing", contrast="interest")
    (figure,) = render(released(apart, view="forest"), "en").figures
    assert "Higher (+) or lower (−) on the scale" in figure.alt


def test_a_hidden_estimate_among_others_keeps_its_row():
    few = difference(3, -12, 30, outcome="completed", smallest_arm=7)
    (figure,) = render(released(difference(18, 11, 25), few, view="forest"), "nb").figures
    assert figure.alt.endswith("Å fullføre videregående: skjult.")


def test_counts_of_one_dimension_are_bars_with_shares():
    rendered = render(released(counts(31, 19, 0), view="counts"), "nb")
    (figure,) = rendered.figures
    assert figure.alt.replace("\u00a0", " ") == (
        "Søyler, én per kategori. Kjønn (alle i dataene). Kvinner: 30 (60 %); Menn: 20 (40 %); Mangler: 0 "
        "(0 %)."
    )
    assert rendered.rows[1] == ("Kvinner", "30", "60")
    assert rendered.rows[-1] == ("Sum", "50", "100")


def test_a_hidden_count_hides_shares_and_the_sum():
    rendered = render(released(counts(31, 19, 3), view="counts"), "nb")
    assert rendered.rows[-1] == ("Sum", "skjult", "skjult")
    assert rendered.rows[1] == ("Kvinner", "30", "skjult")
    assert "Mangler: skjult." in rendered.figures[0].alt


def test_counts_of_more_dimensions_are_a_table_with_sums():
    rendered = render(released(two_way(12, 18, 3, 9, 0, 0), view="counts"), "en")
    assert rendered.rows == (
        ("Gender", "Immigrated", "Parents came", "Sum"),
        ("Women", "10", "20", "30"),
        ("Men", "hidden", "10", "hidden"),
        ("Missing", "0", "0", "0"),
        ("Sum", "hidden", "30", "hidden"),
    )


def test_counts_of_nobody_have_no_shares():
    rendered = render(released(counts(0, 0, 0), view="counts"), "nb")
    assert rendered.rows[1] == ("Kvinner", "0", "–")


def test_a_table_without_dimensions_is_one_number():
    single = CountTable(question="q", population="nobody_named", dimensions=(), counts=(41,))
    rendered = render(released(single, view="counts"), "nb")
    assert rendered.rows == (("Hvem", "Personer", "Andel"), ("Sum", "40", "100"))


def test_several_tables_of_counts_have_figures_of_their_own():
    rendered = render(released(counts(31, 19, 0), counts(10, 20, 0), view="counts"), "nb")
    assert [figure.key for figure in rendered.figures] == ["05_motivation/counts-1", "05_motivation/counts-2"]
    assert () in rendered.rows


def test_means_stand_on_their_own_scales():
    rendered = render(released(means(), view="means"), "nb")
    assert rendered.figures[0].alt.replace("\u00a0", " ") == (
        "Gjennomsnitt på skalaen til hver variabel. Selvfølelse (RSES): 28 (27 til 30); "
        "Grunnskolepoeng: 34 (32 til 36)."
    )
    assert rendered.rows[1] == ("Selvfølelse (RSES)", "28", "5", "27", "30", "40", "15")


def test_a_hidden_mean_keeps_its_row_and_a_lacking_one_a_dash():
    nobody = MeanRow(name="x", label=Text(nb="X", en="X"), n=0, n_missing=41, mean=None, sd=None)
    alone = MeanRow(name="y", label=Text(nb="Y", en="Y"), n=1, n_missing=40, mean=3.0, sd=None)
    table = MeanTable(question="q", population="nobody_named", rows=(*means(7).rows, nobody, alone))
    hidden = render(released(table, view="means"), "nb")
    assert hidden.rows[1][:2] == ("Selvfølelse (RSES)", "skjult")
    full = render(released(table, view="means", rules=PUBLIC), "nb")
    assert full.rows[3] == ("X", "–", "–", "–", "–", "0", "41")
    assert full.rows[4][:3] == ("Y", "3.00", "–")


def test_means_without_ranges_of_their_own_share_one_axis():
    rows = tuple(replace(row, scale_low=None, scale_high=None) for row in means().rows)
    rendered = render(released(replace(means(), rows=rows), view="means", rules=PUBLIC), "nb")
    svg = rendered.figures[0].picture().svg
    assert svg.count(">15,4<") == svg.count(">49,2<") == 2


def test_large_numbers_of_people_let_means_be_told_finely():
    row = replace(means().rows[1], mean=0.0312, sd=1.01, low=0.0144, high=0.048)
    rendered = render(released(replace(means(), rows=(row,)), view="means", rules=PUBLIC), "en")
    assert rendered.rows[1][1:5] == ("0.03", "1.01", "0.01", "0.05")


def test_notes_of_means_stand_under_them():
    noted = replace(means(), notes=(Text(nb="Indeksen er omstridt.", en="The index is contested."),))
    rendered = render(released(noted, view="means"), "nb")
    assert '<p class="note">Indeksen er omstridt.</p>' in rendered.html
    assert "Indeksen er omstridt." in rendered.text


def test_a_column_of_hidden_figures_is_a_column_of_figures():
    html = render(released(two_way(1, 0, 1, 1, 0, 0), view="counts"), "nb").html
    assert html.count('<td class="number">skjult</td>') == 12


def test_what_only_looks_like_a_result_is_refused():
    with pytest.raises(DisclosureRefused, match="marked as a result and does not hold one"):
        result_from_plain({"key": "a/b", "pictures": "none"})


def test_a_flow_is_a_table_from_top_to_bottom():
    rendered = render(released(flow(), view="flow"), "nb")
    assert rendered.sentences == ("Personer i dataene vi fikk: 65. Personer i analysen: 55.",)
    assert rendered.rows[2] == ("Trakk samtykket", "går ut", "skjult")


def test_refusals_are_said_once_each_and_are_no_finding():
    twice = released(refusal(), refusal(), refusal(reason="persons", needed=58.0), view="refusal")
    rendered = render(twice, "nb")
    assert len(rendered.sentences) == 2
    assert rendered.cautions[0].startswith("At vi ikke har noe svar, betyr ikke")


def test_the_method_is_told_with_hidden_counts_hidden():
    one = difference(
        18, 11, 25, n_missing=3, method="a_new_method", horizon_months=24, population="participants"
    )
    html = render(released(one, view="sentence"), "nb").html
    assert (
        "Om alle som deltok: 120 personer; med utfallet: 60; utelatt fordi verdier mangler: skjult." in html
    )
    assert "Metode: a_new_method." in html
    assert "Fulgt til 24 måneder etter start." in html
    assert "Ingenting annet er holdt likt." in html


def test_people_without_a_known_name_are_still_counted():
    given = {"measure": Measure.MEAN_DIFFERENCE, "outcome": "wellbeing", "n_events": None, "n_missing": None}
    one = difference(18, 11, 25, population="nobody_named", **given)
    assert "<p>120 personer.</p>" in render(released(one, view="sentence"), "nb").html


HOSTILE = "=<img src=x onerror=alert(1)>\"'&"


def test_hostile_words_stay_words(language):
    dimension = gender()
    level = replace(dimension.levels[0], label=Text(nb=HOSTILE, en=HOSTILE))
    table = CountTable(
        question="q",
        population="everyone",
        dimensions=(
            replace(dimension, label=Text(nb=HOSTILE, en=HOSTILE), levels=(level, *dimension.levels[1:])),
        ),
        counts=(31, 19, 0),
    )
    rendered = render(released(table, view="counts"), language)
    assert "<img" not in rendered.html
    assert "<img" not in rendered.figures[0].picture().svg
    assert write_csv(rendered.rows).startswith("\"'=<img")


def test_rules_in_force_stand_on_the_page():
    assert (
        "Antall fra 1 til 4 er skjult"
        in render(released(counts(31, 19, 0), view="counts", rules=RULES), "nb").html
    )
    assert "vises fullt ut" in render(released(counts(31, 19, 0), view="counts", rules=PUBLIC), "nb").html


@pytest.mark.parametrize("reason", ["no_waves", "no_coverage", "no_categories", "no_numbers"])
def test_a_source_that_holds_nothing_is_no_question_without_an_answer(reason):
    rendered = render(looked_at(refusal(reason=reason, model="description"), view="refusal"), "nb")
    assert rendered.sentences[0].startswith("Kan ikke besvares: kilden ")
    assert rendered.cautions == ()


def test_a_coarser_table_says_so():
    releasable = released(two_way(12, 18, 10, 9, 11, 13), view="counts")
    coarse = replace(
        releasable.things[0],
        merged=(Text(nb="Opprinnelse", en="Origin"),),
        left_out=(Text(nb="Kjønn", en="Gender"), Text(nb="Kontor", en="Office")),
    )
    nb = ("Noen kategorier er slått sammen, slik at ingen kan kjennes igjen: Opprinnelse.", "Ikke delt etter")
    en = ("Some categories are shown as one, so that nobody can be recognised: Origin.", "Not divided by")
    for language, (merged, gone) in {"nb": nb, "en": en}.items():
        (table,) = render(replace(releasable, things=(coarse,)), language).content.tables
        assert table.notes[0] == merged
        assert table.notes[1].startswith(gone)


def test_of_several_groups_none_is_said_to_be_the_answer():
    groups = [
        replace(e, population=p) for e, p in zip(ladder()[:2], ("everyone", "enrolled_at_start"), strict=True)
    ]
    assert render(released(*groups, view="forest"), "nb").sentences == ()
    decided = [replace(groups[0], prespecified=True), groups[1]]
    assert len(render(released(*decided, view="forest"), "nb").sentences) == 1
