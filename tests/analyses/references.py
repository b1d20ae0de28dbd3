"""What R says: numbers from tests/r, whose first line records the versions."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

R = Path(__file__).parents[1] / "r"
SCALES = ("interest_math", "interest_science", "utility_math", "utility_science")
GRADES = ("A", "B", "C", "Below")


def reference(name: str) -> pd.Series:
    """Numbers by step, quantity and name."""
    frame = pd.read_csv(R / f"{name}.csv", skiprows=1, keep_default_na=False, dtype={"value": float})
    return frame.set_index(["step", "quantity", "name"])["value"].sort_index()


def small_people() -> pd.DataFrame:
    """The invented people of tests/r/data, as they are: with missing values."""
    return pd.read_csv(R / "data" / "motivation_small.csv", dtype={"grade": "str", "office": "str"})


def standardised(people: pd.DataFrame) -> pd.DataFrame:
    """The complete cases, with the scales in standard deviations."""
    complete = people.dropna()
    scales = complete[list(SCALES)]
    return complete.assign(
        **{name: (scales[name] - scales[name].mean()) / scales[name].std() for name in SCALES}
    )
