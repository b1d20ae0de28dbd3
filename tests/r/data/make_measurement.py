"""Writes tests/r/data/ordinal_items.csv and alpha_draws.csv. Run: python tests/r/data/make_measurement.py"""

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def main() -> None:
    """Five coarse items on one trait, skewed, with some answers missing; and draws of the alpha items."""
    rng = np.random.default_rng(20240804)
    trait = rng.normal(size=(260, 1))
    loadings = np.array([0.8, 0.7, 0.6, 0.75, 0.5])
    behind = trait * loadings + rng.normal(size=(260, 5)) * np.sqrt(1 - loadings**2)
    cuts = [[-1.2, -0.3, 0.5, 1.4], [-0.5, 0.2, 0.9], [0.4, 1.1, 1.7], [-1.6, -1, -0.4, 0.2, 0.8, 1.5], [0.3]]
    answers = np.column_stack([1 + np.searchsorted(c, behind[:, j]) for j, c in enumerate(cuts)]).astype(
        float
    )
    answers[rng.random(answers.shape) < 0.02] = np.nan
    names = [f"i{j}" for j in range(1, 6)]
    pd.DataFrame(answers, columns=names).astype("Int64").to_csv(HERE / "ordinal_items.csv", index=False)
    # 21 complete persons in alpha_items.csv; numbers from 0.
    np.savetxt(HERE / "alpha_draws.csv", rng.integers(0, 21, size=(200, 21)), fmt="%d", delimiter=",")


if __name__ == "__main__":
    main()
