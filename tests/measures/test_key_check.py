from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.errors import DataProblem, NotEstimable, ParameterProblem
from backtorule_eval.measures.key_check import check_key, needs_check
from backtorule_eval.measures.plan import ScaleChoice
from backtorule_eval.measures.scales import find_scale
from backtorule_eval.measures.scoring import score_scale
from tests.measures.made import answered

INTERNATIONAL, NORWEGIAN = (3, 5, 8, 9, 10), (2, 5, 6, 8, 9)
KEYS = {INTERNATIONAL: "reversed_3_5_8_9_10", NORWEGIAN: "reversed_2_5_6_8_9"}


def rses(n, negative, *, seed=1, loading=0.7):
    """Answers (0 to 3) of n people to a form whose `negative` items run against self-esteem."""
    rng = np.random.default_rng(seed)
    esteem = rng.normal(size=(n, 1))
    agreement = loading * esteem + np.sqrt(1 - loading**2) * rng.normal(size=(n, 10))
    answers = np.clip(np.round(1.6 + 0.9 * agreement), 0, 3)
    columns = [number - 1 for number in negative]
    answers[:, columns] = 3 - answers[:, columns]
    return pd.DataFrame(answers, columns=list(find_scale("rses").item_names))


def choice(key, coding="0-3"):
    return ScaleChoice(key=key, coding=coding)


@pytest.mark.parametrize("negative", [INTERNATIONAL, NORWEGIAN])
def test_the_right_key_passes(negative):
    check = check_key(rses(60, negative), "rses", choice=choice(KEYS[negative]))
    assert check.correlation > 0.5
    assert check.alpha > 0.7
    assert (check.key, check.n) == (KEYS[negative], 60)


@pytest.mark.parametrize(("truth", "named"), [(INTERNATIONAL, NORWEGIAN), (NORWEGIAN, INTERNATIONAL)])
def test_the_wrong_order_is_refused_and_the_right_one_named(truth, named):
    message = f"contradict key='{KEYS[named]}'.*fit key='{KEYS[truth]}' better"
    with pytest.raises(DataProblem, match=message):
        check_key(rses(60, truth), "rses", choice=choice(KEYS[named]))


def test_items_reversed_at_the_source_are_seen():
    with pytest.raises(DataProblem, match="fit key='already_reversed' better"):
        check_key(rses(60, ()), "rses", choice=choice("reversed_2_5_6_8_9"))
    assert check_key(rses(60, ()), "rses", choice=choice("already_reversed")).correlation is None


def test_raw_items_called_reversed_are_seen():
    with pytest.raises(DataProblem, match="fit key='reversed_3_5_8_9_10' better"):
        check_key(rses(60, INTERNATIONAL), "rses", choice=choice("already_reversed"))


def test_correlation_alone_would_miss_it():
    # Under the wrong order three of five reversed items are still right, and so are three of the rest.
    data = rses(400, INTERNATIONAL)
    wrong = data.copy()
    columns = [f"rses_{number:02d}" for number in NORWEGIAN]
    wrong[columns] = 3 - wrong[columns]
    rest = [name for name in wrong if name not in columns]
    assert np.corrcoef(wrong[columns].mean(axis=1), wrong[rest].mean(axis=1))[0, 1] > 0
    with pytest.raises(DataProblem, match="contradict"):
        check_key(data, "rses", choice=choice(KEYS[NORWEGIAN]))


def test_the_coding_is_part_of_the_trial():
    data = rses(60, NORWEGIAN) + 1
    assert check_key(data, "rses", choice=choice(KEYS[NORWEGIAN], "1-4")).alpha > 0.7


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_what_passes_correlates_positively(seed):
    noise = np.random.default_rng(seed).integers(0, 4, size=(25, 10)).astype(float)
    data = pd.DataFrame(noise, columns=list(find_scale("rses").item_names))
    try:
        assert check_key(data, "rses", choice=choice(KEYS[NORWEGIAN])).correlation > 0
    except DataProblem as problem:
        assert "contradict" in str(problem)  # noqa: PT017 - either outcome is right, and both are looked at


@pytest.mark.parametrize(("n", "refused"), [(0, True), (19, True), (20, False), (21, False)])
def test_support_in_persons(n, refused):
    data = rses(max(n, 1), NORWEGIAN, loading=0.9).head(n)
    if refused:
        with pytest.raises(NotEstimable, match="persons") as caught:
            check_key(data, "rses", choice=choice(KEYS[NORWEGIAN]))
        assert (caught.value.needed, caught.value.found) == (20, n)
    else:
        assert check_key(data, "rses", choice=choice(KEYS[NORWEGIAN])).n == n


def test_incomplete_forms_do_not_count():
    data = rses(25, NORWEGIAN, loading=0.9)
    data.iloc[:6, 3] = np.nan
    with pytest.raises(NotEstimable, match="persons") as caught:
        check_key(data, "rses", choice=choice(KEYS[NORWEGIAN]))
    assert caught.value.found == 19


def test_people_who_all_answer_alike_cannot_try_a_key():
    alike = pd.DataFrame(np.full((30, 10), 2.0), columns=list(find_scale("rses").item_names))
    with pytest.raises(NotEstimable, match="variation"):
        check_key(alike, "rses", choice=choice(KEYS[NORWEGIAN]))


def test_half_a_scale_that_does_not_vary_cannot_try_a_key():
    data = rses(30, NORWEGIAN)
    data[[f"rses_{number:02d}" for number in NORWEGIAN]] = 1.0
    with pytest.raises(NotEstimable, match="variation"):
        check_key(data, "rses", choice=choice(KEYS[NORWEGIAN]))


def test_what_scoring_refuses_is_refused_here():
    data = rses(30, NORWEGIAN)
    with pytest.raises(ParameterProblem, match="say which key"):
        check_key(data, "rses", choice=ScaleChoice(coding="0-3"))
    with pytest.raises(DataProblem, match="the data lack 1: rses_10"):
        check_key(data.drop(columns="rses_10"), "rses", choice=choice(KEYS[NORWEGIAN]))
    with pytest.raises(DataProblem, match="from 0 to 3"):
        check_key(data + 1, "rses", choice=choice(KEYS[NORWEGIAN]))


@pytest.mark.parametrize(
    ("scale", "needed"), [("rses", True), ("uls", True), ("ams", False), ("hscl", False)]
)
def test_which_scales_have_a_key_to_try(scale, needed):
    assert needs_check(find_scale(scale)) == needed


# --- Within scoring ----------------------------------------------------------------------------


def test_scoring_tries_the_key():
    surveys = answered("rses", *rses(30, INTERNATIONAL).to_numpy())
    scores = score_scale(surveys, "rses", choice=choice(KEYS[INTERNATIONAL]))
    assert scores.key_check.n == 30
    assert scores.rules[-1].rule == "key_check"
    with pytest.raises(DataProblem, match="fit key='reversed_3_5_8_9_10' better"):
        score_scale(surveys, "rses", choice=choice(KEYS[NORWEGIAN]))


def test_too_few_to_try_is_a_caution_and_no_refusal():
    surveys = answered("rses", *rses(8, INTERNATIONAL).to_numpy())
    scores = score_scale(surveys, "rses", choice=choice(KEYS[INTERNATIONAL]))
    assert scores.key_check is None
    assert (scores.rules[-1].rule, scores.evidence) == ("key_check", "U")
    assert "For få svar" in scores.rules[-1].note.nb


def test_each_person_counts_once():
    first = answered("rses", *rses(15, INTERNATIONAL, seed=1).to_numpy())
    second = answered("rses", *rses(15, INTERNATIONAL, seed=2).to_numpy(), wave=1)
    scores = score_scale(pd.concat([first, second]), "rses", choice=choice(KEYS[INTERNATIONAL]))
    assert scores.key_check is None
