"""Makes motivation_small.csv: 420 invented people, so that R and Python can be compared without real data.

Hard on purpose: 14 clusters from 3 to 77 people, a rare category, missing values in every column but the
person's, correlated scales and an uncommon outcome. Run from the project's root: python
tests/r/data/make_motivation_small.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

SIZES = (3, 5, 8, 12, 15, 18, 22, 27, 31, 36, 45, 52, 69, 77)


def make(seed: int = 20240801) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    n = sum(SIZES)
    office = np.repeat([f"o{i:02d}" for i in range(len(SIZES))], SIZES)
    shared = np.repeat(rng.normal(scale=0.5, size=len(SIZES)), SIZES)
    common = rng.normal(size=n)
    scales = {
        name: np.round(
            4 + rng.uniform(0.6, 1.4) * (0.6 * common + 0.8 * rng.normal(size=n) + 0.3 * shared), 2
        )
        for name in ("interest_math", "interest_science", "utility_math", "utility_science")
    }
    grade = rng.choice(["A", "B", "C", "Below"], size=n, p=[0.38, 0.36, 0.22, 0.04])
    age = rng.choice([16, 17, 18, 19, 21], size=n, p=[0.5, 0.25, 0.15, 0.07, 0.03])
    points = np.round(38 + 6 * rng.normal(size=n) - 3 * (grade == "C"), 1)
    signal = -0.5 * (scales["interest_math"] - 4) + 0.2 * (scales["utility_science"] - 4) + shared
    log_odds = -1.3 + signal + 0.6 * (grade == "C") + 1.1 * (grade == "Below") - 0.05 * (points - 38)
    left = (rng.random(n) < 1 / (1 + np.exp(-log_odds))).astype(float)
    frame = pd.DataFrame(
        {"person": [f"p{i:03d}" for i in range(n)], "office": office, "left": left, **scales}
        | {"grade": grade, "age": age.astype(float), "points": points}
    )
    for place, name in enumerate(frame.columns[1:]):
        frame.loc[rng.random(n) < 0.004 * (1 + place), name] = np.nan
    return frame.astype({"left": "Int64", "age": "Int64"})


if __name__ == "__main__":
    make().to_csv(Path(__file__).with_name("motivation_small.csv"), index=False)
