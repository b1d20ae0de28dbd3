"""Writes ordinal_items, alpha_draws, motivation_items and wave_items (csv) beside itself."""

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
# Correlations planted between know, accomplish, stimulation, identified, introjected, external, amotivation.
BETWEEN = """
1.00 0.78 0.72 0.55 0.45 0.10 -0.40
0.78 1.00 0.70 0.52 0.62 0.15 -0.35
0.72 0.70 1.00 0.40 0.42 0.05 -0.25
0.55 0.52 0.40 1.00 0.50 0.55 -0.45
0.45 0.62 0.42 0.50 1.00 0.40 -0.15
0.10 0.15 0.05 0.55 0.40 1.00 -0.10
-0.40 -0.35 -0.25 -0.45 -0.15 -0.10 1.00
"""
SEVEN = ("know", "accomplish", "stimulation", "identified", "introjected", "external", "amotivation")


def main() -> None:
    """Write all four."""
    ordinal()
    motivation()
    waves()


def motivation() -> None:
    """Seven factors with four items each, 450 persons, answers 1 to 7; amotivation is skewed."""
    rng = np.random.default_rng(20240806)
    factors = rng.multivariate_normal(
        np.zeros(7), np.array(BETWEEN.split(), dtype=float).reshape(7, 7), size=450
    )
    frame = {}
    for j, name in enumerate(SEVEN):
        for i, loading in enumerate((0.8, 0.72, 0.65, 0.6), start=1):
            behind = loading * factors[:, j] + np.sqrt(1 - loading**2) * rng.normal(size=450)
            centre, spread = (1.2, 2.2) if name == "amotivation" else (4.6, 1.4)
            frame[f"{name}_{i}"] = np.clip(np.round(centre + spread * behind), 1, 7).astype(int)
    pd.DataFrame(frame).to_csv(HERE / "motivation_items.csv", index=False)


def waves() -> None:
    """Four items at three waves, 300 persons: same loadings and intercepts, a rise of .3 and .5."""
    rng = np.random.default_rng(20240807)
    trait = rng.multivariate_normal(
        [0, 0.3, 0.5], [[1, 0.6, 0.5], [0.6, 1.1, 0.6], [0.5, 0.6, 1.2]], size=300
    )
    residual = rng.multivariate_normal(np.zeros(3), np.full((3, 3), 0.3) + 0.7 * np.eye(3), size=(300, 4))
    frame = {}
    for wave in range(3):
        for i, (loading, intercept) in enumerate(((1.0, 4.0), (0.9, 4.5), (0.8, 3.8), (1.1, 4.2))):
            answers = intercept + loading * trait[:, wave] + 0.8 * residual[:, i, wave]
            frame[f"i{i + 1}.{wave}"] = np.round(answers, 2)
    made = pd.DataFrame(frame)
    made[rng.random(made.shape) < 0.003] = np.nan
    made.to_csv(HERE / "wave_items.csv", index=False)


def ordinal() -> None:
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
