"""From people to the matrix a model takes: every category declared, every missing row counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.errors import DataProblem

CONSTANT = "(constant)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A variable of an analysis.

    Attributes
    ----------
    name : str
        Column of the frame.
    label : Text
        For readers.
    levels : tuple of str
        Categories in order, the reference first; empty for a number.
    """

    name: str
    label: Text
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A design matrix of n people and p columns.

    Attributes
    ----------
    x : (n, p) array
        A constant, then each variable: one column for a number; for categories one column of 0 and 1 for each
        category that somebody has, but the first of those, which is the reference.
    names : tuple of str, length p
        Variable each column belongs to (so categories repeat their variable's name); the first is the
        constant.
    rows : (n,) array of int
        Positions in the frame of the people kept.
    n_missing : int
        People left out because a variable has no value for them.
    """

    x: NDArray[np.float64]
    names: tuple[str, ...]
    rows: NDArray[np.intp]
    n_missing: int

    def columns(self, *variables: str) -> tuple[int, ...]:
        """Return the positions of the columns of these variables."""
        return tuple(i for i, name in enumerate(self.names) if name in variables)


def build_design(frame: pd.DataFrame, *, variables: Sequence[Variable]) -> Design:
    """Who enters the model, and with which numbers?

    People with a value in every variable are kept (complete cases); the others are counted. Categories that
    nobody among them has get no column.

    Parameters
    ----------
    frame : pd.DataFrame
        One row per person; numbers, truth values, or categories as text. Not modified.
    variables : sequence of Variable
        In the order of the columns wanted.

    Raises
    ------
    DataProblem
        A category is not among those declared; says in which variables and in how many rows, not which.
    """
    _refuse_undeclared(frame, variables)
    names = [variable.name for variable in variables]
    complete = frame[names].notna().all(axis=1).to_numpy()
    kept = frame.loc[complete, names]
    blocks = [_columns(kept[v.name], v.levels) for v in variables]
    x = np.column_stack([np.ones(len(kept)), *blocks])
    counted = [v.name for v, block in zip(variables, blocks, strict=True) for _ in range(block.shape[1])]
    return Design(
        x=x,
        names=(CONSTANT, *counted),
        rows=np.flatnonzero(complete),
        n_missing=len(frame) - len(kept),
    )


def _refuse_undeclared(frame: pd.DataFrame, variables: Sequence[Variable]) -> None:
    """Raise when a category is not among those its variable declares."""
    told = []
    for variable in variables:
        values = frame[variable.name]
        n_wrong = int((values.notna() & ~values.isin(variable.levels)).sum()) if variable.levels else 0
        if n_wrong:
            told.append(f"{variable.name} ({n_wrong} rows)")
    if told:
        raise DataProblem(f"Categories that are not declared, in: {', '.join(told)}. Declare or recode them.")


def _columns(values: pd.Series, levels: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the columns of one variable."""
    if not levels:
        return values.to_numpy(dtype=np.float64)[:, None]
    present = [level for level in levels if values.eq(level).any()]
    columns = [values.eq(level).to_numpy(dtype=np.float64) for level in present[1:]]
    return np.column_stack(columns) if columns else np.empty((len(values), 0))
