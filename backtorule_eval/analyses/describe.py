"""Who the people are and what is missing: counts and means of the cohort as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtrit

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
from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.cohort.dictionary import Column, Text, load_dictionary
from backtorule_eval.errors import ParameterProblem

EVERYONE = "everyone"
MISSING = Level(key="missing", label=Text(nb="Mangler", en="Missing"))
AGE = Column(
    name="age_at_start",
    type="integer",
    label=Text(nb="Alder i startåret", en="Age in the year of the start"),
    unit="years",
)
TRUE_FALSE = {"True": Text(nb="Ja", en="Yes"), "False": Text(nb="Nei", en="No")}
ALL, SOME, NONE = "all", "some", "none"
ANSWERED = (
    Level(key=ALL, label=Text(nb="Svarte på alt", en="Answered everything")),
    Level(key=SOME, label=Text(nb="Svarte på noe", en="Answered something")),
    Level(key=NONE, label=Text(nb="Svarte ikke", en="Did not answer")),
)
NOT_PUT = ("not_asked", "does_not_apply")


def count_levels(cohort: Cohort, *, columns: Sequence[str] = ()) -> list[CountTable] | list[Refusal]:
    """How many people are in each category, and for how many is it missing?

    Parameters
    ----------
    cohort : Cohort
    columns : sequence of str
        Columns of `persons` or `extras` of type level, boolean or code; default: every level and boolean that
        somebody has a value in. Codes (school, office) are counted only when named.

    Raises
    ------
    ParameterProblem
        A column is not there, or has no categories.
    """
    known = _columns(cohort, types=("level", "boolean", "code"), named=columns)
    default = [name for name, column in known.items() if column.type != "code"]
    people = _people(cohort)
    used = columns or [name for name in default if people[name].notna().any()]
    tables = [count_persons(people[name], dimension=_dimension(known[name], people[name])) for name in used]
    return tables or [_nothing("persons_by_level", reason="no_categories")]


def average_numbers(cohort: Cohort, *, columns: Sequence[str] = ()) -> MeanTable | Refusal:
    """What are the means of what was measured in numbers, and for how many is it missing?

    Parameters
    ----------
    cohort : Cohort
    columns : sequence of str
        Columns of `persons` or `extras` of type integer or number, or "age_at_start" (year of the start
        minus year of birth); default: all that somebody has a value in, but the year of birth.

    Raises
    ------
    ParameterProblem
        A column is not there, or is no number.
    """
    known = _columns(cohort, types=("integer", "number"), named=columns)
    people = _people(cohort)
    default = [name for name in known if name != "birth_year" and people[name].notna().any()]
    rows = [average(people[name], column=known[name]) for name in columns or default]
    if not rows:
        return _nothing("numbers_of_persons", reason="no_numbers")
    return MeanTable(question="numbers_of_persons", population=EVERYONE, rows=tuple(rows))


def answered_by_wave(cohort: Cohort) -> list[CountTable] | list[Refusal]:
    """Who answered in which wave?

    One table per wave of the surveys, or of the scores where a source comes scored. Everybody in the cohort
    is counted in every wave: with a value for every item that was put to anybody in that wave (all), for
    some of them, or for none. Items that were not asked of a person, or do not apply, count as neither.
    """
    rows, item = cohort.table("surveys"), "item"
    if rows.empty:
        rows, item = cohort.table("scores"), "scale"
    rows = rows[rows["value"].notna() | ~rows["missing_reason"].isin(NOT_PUT)]
    persons = pd.Index(cohort.table("persons")["person"])
    tables = []
    for wave, here in rows.groupby("wave"):
        answered = here.dropna(subset="value").groupby("person")[item].nunique().reindex(persons).fillna(0)
        asked = here.groupby("person")[item].nunique().reindex(persons).fillna(1)
        values = np.select([answered.eq(0), answered.lt(asked)], [NONE, SOME], default=ALL)
        dimension = Dimension(
            name=f"wave_{wave}", label=Text(nb=f"Runde {wave}", en=f"Wave {wave}"), levels=ANSWERED
        )
        tables.append(
            count_persons(pd.Series(values, index=persons), dimension=dimension, question="answered_by_wave")
        )
    return tables or [_nothing("answered_by_wave", reason="no_waves")]


def coverage_by_source(cohort: Cohort) -> list[CountTable] | list[Refusal]:
    """For how many is each source complete, and why does it end?

    One table per source that covers anybody: the reason coverage ends, or "missing" for those it says nothing
    about. No coverage is never read as nothing having happened: a cohort without any gets one refusal.
    """
    coverage = load_dictionary().tables["coverage"].columns
    rows = cohort.table("coverage")
    persons = pd.Index(cohort.table("persons")["person"])
    reasons = tuple(Level(key=k, label=label) for k, label in coverage["end_reason"].levels.items())
    tables = []
    for source in [s for s in coverage["source"].levels if rows["source"].eq(s).any()]:
        ends = rows[rows["source"] == source].set_index("person")["end_reason"].reindex(persons)
        label = coverage["source"].levels[source]
        dimension = Dimension(name=source, label=label, levels=(*reasons, MISSING))
        tables.append(count_persons(ends, dimension=dimension, question="coverage_by_source"))
    return tables or [_nothing("coverage_by_source", reason="no_coverage")]


def describe_flow(cohort: Cohort) -> Flow:
    """How did the records received become the people analysed?"""
    steps = tuple(FlowCount(step=s.step, label=s.label, n=s.n) for s in cohort.flow)
    return Flow(question="flow", population=EVERYONE, steps=steps)


def count_persons(
    values: pd.Series, *, dimension: Dimension, question: str = "persons_by_level", population: str = EVERYONE
) -> CountTable:
    """How many values are in each category of a dimension? One value per person; none is "missing"."""
    counts = values.astype("str").fillna(MISSING.key).value_counts()
    found = tuple(int(counts.get(level.key, 0)) for level in dimension.levels)
    if sum(found) != len(values):
        raise ValueError(f"{dimension.name}: a value is in no category.")
    return CountTable(question=question, population=population, dimensions=(dimension,), counts=found)


def average(values: pd.Series, *, column: Column, level: float = 0.95) -> MeanRow:
    """What is the mean of one variable, its spread, and Student's interval of the mean?"""
    numbers = values.dropna().to_numpy(dtype=np.float64)
    n = len(numbers)
    mean = float(numbers.mean()) if n else None
    sd = float(numbers.std(ddof=1)) if n > 1 else None
    reach = float(stdtrit(n - 1, 0.5 + level / 2)) * sd / np.sqrt(n) if sd is not None else None
    low, high = column.range or (None, None)
    return MeanRow(
        name=column.name,
        label=column.label,
        n=n,
        n_missing=len(values) - n,
        mean=mean,
        sd=sd,
        low=None if mean is None or reach is None else float(mean - reach),
        high=None if mean is None or reach is None else float(mean + reach),
        scale_low=low,
        scale_high=high,
    )


def _people(cohort: Cohort) -> pd.DataFrame:
    """Return persons and extras side by side, with age at start."""
    persons = cohort.table("persons")
    persons[AGE.name] = persons["start_date"].dt.year.astype("Int64") - persons["birth_year"]
    return persons.merge(cohort.table("extras"), on="person", how="left")


def _columns(cohort: Cohort, *, types: Sequence[str], named: Sequence[str]) -> Mapping[str, Column]:
    """Return the columns of these types, and refuse names that are not among them."""
    own = {**load_dictionary().tables["persons"].columns, AGE.name: AGE, **cohort.extra_columns}
    known = {name: column for name, column in own.items() if column.type in types}
    if wrong := [name for name in named if name not in known]:
        raise ParameterProblem(f"Not columns of type {', '.join(types)}: {', '.join(wrong)}.")
    return known


def _dimension(column: Column, values: pd.Series) -> Dimension:
    """Return a column's categories in order, missing last; a code's categories are the codes there are."""
    labels = dict(column.levels) or TRUE_FALSE
    if column.type == "code":
        labels = {code: Text(nb=code, en=code) for code in sorted(values.dropna().unique())}
    levels = tuple(Level(key=key, label=label) for key, label in labels.items())
    return Dimension(
        name=column.name, label=column.label, levels=(*levels, MISSING), sensitive=column.sensitive
    )


def _nothing(question: str, *, reason: str) -> Refusal:
    """Say that the source holds nothing a description could be made of."""
    return Refusal(question=question, population=EVERYONE, model="description", reason=reason)
