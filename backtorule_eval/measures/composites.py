"""Scores made from scores: means over scales, indices with their warnings, readings of motivation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.errors import DataProblem
from backtorule_eval.measures.scales import Composite, Reading, Term, load_catalogue

KEY = ["person", "wave"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MotivationReadings:
    """The same motivation scores, read in several ways.

    Attributes
    ----------
    frame : pd.DataFrame
        `person`, `wave`, `scale`, `value`: the seven subscales and every composite the readings need; NaN
        where a part is missing.
    readings : tuple of Reading
        In the order of a page: the seven subscales; autonomous, controlled and amotivation; intrinsic and
        extrinsic, as the question was asked; the weighted index.
    composites : tuple of Composite
        What was made here, each with its mark and the warning that goes with it wherever it is shown.
    """

    frame: pd.DataFrame = field(repr=False)
    readings: tuple[Reading, ...]
    composites: tuple[Composite, ...]

    @property
    def labels(self) -> dict[str, Text]:
        """Label of every score in `frame`."""
        subscales = load_catalogue().scales["ams"].subscales
        made = {composite.name: composite.label for composite in self.composites}
        return {f"ams_{name}": label for name, label in subscales.items()} | made


def motivation_readings(scores: pd.DataFrame) -> MotivationReadings:
    """Extrinsic or intrinsic, and is that the right way to split it?

    Parameters
    ----------
    scores : pd.DataFrame
        `person`, `wave`, `scale`, `value` with the seven subscales of the AMS, as `score_scale` and
        `read_scores` give; other scales are left aside. Not modified.

    Raises
    ------
    DataProblem
        A subscale is not in the data, or a composite is there already.

    Notes
    -----
    Autonomous is the mean of know, accomplish, stimulation and identified; controlled the mean of introjected
    and external; the index is 2 (mean of know, accomplish, stimulation) + identified - (mean of introjected,
    external) - 2 amotivation, from -18 to 18. How well each rule is known stands in its mark.
    """
    catalogue = load_catalogue()
    readings = tuple(catalogue.readings.values())
    shown = {score for reading in readings for score in reading.scores}
    composites = tuple(c for name, c in catalogue.composites.items() if name in shown)
    _refuse_present(scores, [c.name for c in composites])
    parts = [f"ams_{subscale}" for subscale in catalogue.scales["ams"].subscales]
    wide = _side_by_side(scores, parts)
    made = [_long(wide[part], part) for part in parts] + [
        _long(_compose(wide, c), c.name) for c in composites
    ]
    frame = pd.concat(made, ignore_index=True)
    return MotivationReadings(frame=frame, readings=readings, composites=composites)


def composite_scores(scores: pd.DataFrame, composite: str) -> pd.DataFrame:
    """What is each person's score on this composite, wave by wave?

    Parameters
    ----------
    scores : pd.DataFrame
        `person`, `wave`, `scale`, `value` with every part of the composite. Not modified.
    composite : str
        Name in the scales' data, e.g. "srqa_relative_autonomy"; its warning is in
        ``load_catalogue().composites[composite].warning``.

    Returns
    -------
    pd.DataFrame
        `person`, `wave`, `scale`, `value`; NaN unless every part has a value.

    Raises
    ------
    DataProblem
        A part is not in the data.
    """
    rule = load_catalogue().composites[composite]
    return _long(_compose(_side_by_side(scores, rule.parts), rule), rule.name)


def average_scales(scores: pd.DataFrame, *, name: str, scales: Sequence[str]) -> pd.DataFrame:
    """What is the mean of these scales, for example of interest in two subjects?

    The scales must be on one range, or standardised at the source; nothing here checks that.

    Parameters
    ----------
    scores : pd.DataFrame
        `person`, `wave`, `scale`, `value`. Not modified.
    name : str
        Name of the new scale.
    scales : sequence of str
        Scales to average.

    Returns
    -------
    pd.DataFrame
        `person`, `wave`, `scale` (= `name`), `value`; NaN unless every scale has a value. One row per person
        and wave that has a row of any of the scales.

    Raises
    ------
    DataProblem
        A scale is not in the data, or one called `name` is there already.
    """
    _refuse_present(scores, [name])
    return _long(_side_by_side(scores, scales).mean(axis=1, skipna=False), name)


def _side_by_side(scores: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """One row per person and wave, one column per score named."""
    names = list(names)
    if missing := [name for name in names if name not in set(scores["scale"])]:
        raise DataProblem(f"{len(missing)} score(s) are not in the data: {', '.join(missing)}.")
    rows = scores[scores["scale"].isin(names)]
    if n := int(rows.duplicated([*KEY, "scale"]).sum()):
        raise DataProblem(f"{n} row(s) repeat a score of the same person and wave. Keep one of them.")
    return rows.pivot(index=KEY, columns="scale", values="value")[names]


def _refuse_present(scores: pd.DataFrame, names: Iterable[str]) -> None:
    """Raise DataProblem if a score of one of these names is there already."""
    if there := sorted(set(scores["scale"]) & set(names)):
        raise DataProblem(
            f"Score(s) called {', '.join(there)} are in the data already. Give the source's other names."
        )


def _compose(wide: pd.DataFrame, composite: Composite) -> pd.Series:
    """Sum of the composite's terms; NaN where a part is missing."""
    return pd.concat([_term(wide, term) for term in composite.terms], axis=1).sum(axis=1, skipna=False)


def _term(wide: pd.DataFrame, term: Term) -> pd.Series:
    """Weight times the mean of the term's scores; NaN where one is missing."""
    return wide[list(term.mean_of)].mean(axis=1, skipna=False) * term.weight


def _long(values: pd.Series, name: str) -> pd.DataFrame:
    """Values by person and wave as rows of one score."""
    frame = values.index.to_frame(index=False).assign(scale=name, value=values.to_numpy())
    return frame.astype({"scale": "str"})
