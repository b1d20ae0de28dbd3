from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.errors import DataProblem
from backtorule_eval.measures.composites import average_scales, composite_scores, motivation_readings
from backtorule_eval.measures.scales import load_catalogue
from backtorule_eval.measures.scoring import score_scale
from tests.measures.made import answered, scores

SUBSCALES = ("know", "accomplish", "stimulation", "identified", "introjected", "external", "amotivation")


def ams(*values):
    """Scores of one person on the seven subscales, in the order of SUBSCALES."""
    return scores(a={f"ams_{name}": value for name, value in zip(SUBSCALES, values, strict=True)})


def read(frame):
    return motivation_readings(frame).frame.set_index("scale")["value"]


def test_composites_by_hand():
    found = read(ams(5, 4, 3, 6, 4.5, 5.5, 2))
    assert found["ams_autonomous"] == pytest.approx((5 + 4 + 3 + 6) / 4)
    assert found["ams_controlled"] == pytest.approx(5)
    assert found["ams_intrinsic"] == pytest.approx(4)
    assert found["ams_extrinsic"] == pytest.approx((6 + 4.5 + 5.5) / 3)
    assert found["ams_self_determination"] == pytest.approx(2 * 4 + 6 - 5 - 2 * 2)


@pytest.mark.parametrize(
    ("values", "index"), [((7, 7, 7, 7, 1, 1, 1), 18), ((1, 1, 1, 1, 7, 7, 7), -18), ((4,) * 7, 0)]
)
def test_index_at_its_ends(values, index):
    assert read(ams(*values))["ams_self_determination"] == pytest.approx(index)


@pytest.mark.parametrize(("values", "index"), [((4, 4, 1, 1), 9), ((1, 1, 4, 4), -9)])
def test_relative_autonomy_at_its_ends(values, index):
    names = ("srqa_intrinsic", "srqa_identified", "srqa_introjected", "srqa_external")
    frame = composite_scores(scores(a=dict(zip(names, values, strict=True))), "srqa_relative_autonomy")
    assert frame["value"].tolist() == [index]
    assert frame["scale"].tolist() == ["srqa_relative_autonomy"]


def test_readings_are_in_the_order_of_a_page():
    readings = motivation_readings(ams(*[4] * 7)).readings
    assert [reading.name for reading in readings] == ["subscales", "autonomy", "intrinsic_extrinsic", "index"]
    assert readings[1].scores == ("ams_autonomous", "ams_controlled", "ams_amotivation")
    assert readings[2].scores == ("ams_intrinsic", "ams_extrinsic")
    assert readings[0].scores == tuple(f"ams_{name}" for name in SUBSCALES)


def test_every_score_shown_is_made_and_labelled():
    found = motivation_readings(ams(*[4] * 7))
    shown = {score for reading in found.readings for score in reading.scores}
    assert shown == set(found.frame["scale"])
    assert shown <= set(found.labels)


def test_composites_carry_mark_and_warning():
    composites = {c.name: c for c in motivation_readings(ams(*[4] * 7)).composites}
    assert composites["ams_self_determination"].mark == "U"
    assert composites["ams_self_determination"].warning is not None
    assert composites["ams_extrinsic"].warning is not None
    assert "srqa_relative_autonomy" not in composites


def test_a_missing_part_leaves_the_composite_missing():
    found = read(ams(5, 4, 3, None, 4.5, 5.5, 2))
    assert found[["ams_autonomous", "ams_extrinsic", "ams_self_determination"]].isna().all()
    assert found[["ams_controlled", "ams_intrinsic"]].notna().all()


def test_answers_all_the_way_to_readings():
    frame = score_scale(answered("ams", [1, 7, 6, 5, 1, 6, 3] * 4), "ams").frame
    found = read(frame)
    assert found["ams_autonomous"] == pytest.approx(6)
    assert found["ams_controlled"] == pytest.approx(2)


def test_a_missing_subscale_is_refused():
    frame = ams(*[4] * 7)
    with pytest.raises(DataProblem, match=r"1 score\(s\) are not in the data: ams_external"):
        motivation_readings(frame[frame["scale"] != "ams_external"])


def test_a_composite_that_is_there_already_is_refused():
    with pytest.raises(DataProblem, match="called ams_autonomous are in the data already"):
        motivation_readings(pd.concat([ams(*[4] * 7), scores(a={"ams_autonomous": 4})]))


def test_a_repeated_score_is_refused():
    frame = ams(*[4] * 7)
    with pytest.raises(DataProblem, match=r"7 row\(s\) repeat a score"):
        motivation_readings(pd.concat([frame, frame]))


# --- Averages ----------------------------------------------------------------------------------


def test_average_of_two_subjects():
    frame = scores(a={"math": 1.0, "science": 0.0}, b={"math": -1.0, "science": None}, c={"math": 2.0})
    found = average_scales(frame, name="interest", scales=["math", "science"])
    assert found["person"].tolist() == ["a", "b", "c"]
    assert found["value"].isna().tolist() == [False, True, True]
    assert found["value"].iloc[0] == 0.5
    assert set(found["scale"]) == {"interest"}
    assert found.dtypes.map(str).to_dict() == frame.dtypes.map(str).to_dict()


def test_average_of_a_scale_that_is_not_there_is_refused():
    with pytest.raises(DataProblem, match="not in the data: science"):
        average_scales(scores(a={"math": 1.0}), name="interest", scales=["math", "science"])


def test_average_under_a_name_that_is_taken_is_refused():
    with pytest.raises(DataProblem, match="called math are in the data already"):
        average_scales(scores(a={"math": 1.0, "science": 1.0}), name="math", scales=["math", "science"])


@given(values=st.lists(st.floats(1, 7), min_size=7, max_size=7))
@settings(max_examples=25, deadline=None)
def test_composites_stay_in_their_range(values):
    found = read(ams(*values))
    for name, composite in load_catalogue().composites.items():
        if name in found.index:
            low, high = composite.range
            assert low - 1e-9 <= found[name] <= high + 1e-9
