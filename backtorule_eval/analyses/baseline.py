"""What was known of each person at the start: the only variables a model may hold constant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

from backtorule_eval.analyses.design_matrix import Variable
from backtorule_eval.analyses.motivation_scores import motivation_scores
from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.cohort.dictionary import Column, Text, load_dictionary
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.measures.scales import load_catalogue

START = 0
NUMBERS = ("integer", "number", "boolean")


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Variables as they stood at the start.

    Attributes
    ----------
    frame : pd.DataFrame
        One row per person of the cohort (index: person), one column per variable: float64, or text for
        categories; missing where there is no value.
    variables : mapping of name to Variable
        In the order asked for.
    """

    frame: pd.DataFrame
    variables: Mapping[str, Variable]


def read_baseline(
    cohort: Cohort,
    *,
    names: Sequence[str],
    scores: pd.DataFrame | None = None,
    words: Mapping[str, Text] | None = None,
) -> Baseline:
    """What did each person bring, by these names?

    A name is a column of `persons`, a column of `extras` that the mapping declares, or a scale's score at
    wave 0. A column must be marked ``measured: baseline``, in the dictionary or in the mapping; a scale
    first measured in a later wave is refused, for it may be a consequence of what the model is to explain.

    Parameters
    ----------
    cohort : Cohort
    names : sequence of str
    scores : pd.DataFrame, optional
        One row per person, `wave` and `scale`, with `value`; default: `motivation_scores`.
    words : mapping of name to Text, optional
        Labels of scores that the catalogue of scales does not know.

    Raises
    ------
    ParameterProblem
        A name is not known, means two things, was measured after the start (or nothing says when), is of a
        type that cannot enter a model, or has no label. All problems are told at once.
    """
    source = _Source(
        columns=_columns(cohort),
        scores=motivation_scores(cohort) if scores is None else scores,
        words=dict(words or {}),
    )
    if problems := [line for name in dict.fromkeys(names) if (line := _problem(source, name))]:
        raise ParameterProblem("\n".join(problems))
    persons = pd.Index(cohort.table("persons")["person"], name="person")
    variables = {name: _variable(source, name) for name in dict.fromkeys(names)}
    values = {name: _values(cohort, source, name).reindex(persons) for name in variables}
    return Baseline(frame=pd.DataFrame(values, index=persons), variables=variables)


def score_label(name: str, words: Mapping[str, Text]) -> Text | None:
    """Return the label of a score: the study's own words, else the catalogue's, else None."""
    catalogue = load_catalogue()
    known = dict(words)
    for scale in catalogue.scales.values():
        parts = scale.subscales or {"": scale.label}
        known = {scale.score_name(part): label for part, label in parts.items()} | known
    return ({key: entry.label for key, entry in catalogue.composites.items()} | known).get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Where names are looked up."""

    columns: Mapping[str, tuple[str, Column]]
    scores: pd.DataFrame
    words: Mapping[str, Text]

    def waves(self, name: str) -> list[int]:
        """Return the waves in which a scale was measured."""
        return sorted(int(w) for w in self.scores.loc[self.scores["scale"] == name, "wave"].unique())


def _columns(cohort: Cohort) -> dict[str, tuple[str, Column]]:
    """Return the columns of `persons` and `extras` by name, each with its table."""
    own = load_dictionary().tables["persons"].columns
    if double := sorted(set(own) & set(cohort.extra_columns)):
        raise ParameterProblem(
            f"Extras have the names of columns of persons: {', '.join(double)}. Rename them."
        )
    found = {name: ("persons", column) for name, column in own.items() if name != "person"}
    return found | {name: ("extras", column) for name, column in cohort.extra_columns.items()}


def _problem(source: _Source, name: str) -> str | None:
    """Say what keeps one name out of a model, or None."""
    if name in source.columns:
        return _column_problem(source.columns[name][1], is_scale=bool(source.waves(name)))
    if not (waves := source.waves(name)):
        near = get_close_matches(name, [*source.columns, *source.scores["scale"].unique()], n=1)
        return f"There is no variable {name}." + (f" Did you mean {near[0]}?" if near else "")
    if START not in waves:
        return f"{name} may not be held constant: it was first measured in wave {waves[0]}, after the start."
    if score_label(name, source.words) is None:
        return f"{name} needs words in nb and en; neither the study nor the catalogue of scales has them."
    return None


def _column_problem(column: Column, *, is_scale: bool) -> str | None:
    """Say what keeps a column out of a model, or None."""
    if is_scale:
        return f"{column.name} is both a column and a scale; rename one of them."
    if column.measured != "baseline":
        return (
            f"{column.name} may not be held constant: nothing says it was settled at the start. If it was, "
            "write measured: baseline where the column is declared."
        )
    if column.type not in (*NUMBERS, "level"):
        return f"{column.name} is of type {column.type}; only numbers, truth values and levels enter a model."
    return None


def _variable(source: _Source, name: str) -> Variable:
    """Make one `Variable`."""
    if name in source.columns:
        column = source.columns[name][1]
        return Variable(name=name, label=column.label, levels=tuple(column.levels))
    label = score_label(name, source.words)
    return Variable(name=name, label=label if label else Text(nb=name, en=name))


def _values(cohort: Cohort, source: _Source, name: str) -> pd.Series:
    """Return one variable's values at the start, by person."""
    if name in source.columns:
        table, column = source.columns[name]
        values = cohort.table(table).set_index("person")[name]
        return values if column.type == "level" else values.astype("float64")
    at_start = (source.scores["scale"] == name) & (source.scores["wave"] == START)
    return source.scores[at_start].set_index("person")["value"].astype("float64")
