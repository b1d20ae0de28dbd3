"""The marginal truths of the population a synthetic site is drawn from.

They are derived once by simulating many people in several worlds (`derive_truths`, a minute) and kept in
``truths.json`` beside this file; a site only reads them. The kept table carries the fingerprint of the
parameters it was derived from, so a change of a parameter cannot leave old truths behind.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.synthetic.assignment import DESIGNS, Design
from backtorule_eval.synthetic.parameters import PARAMETERS, Parameters
from backtorule_eval.synthetic.statistics import Statistic, statistics
from backtorule_eval.synthetic.worlds import simulate_worlds

KEPT = "truths.json"
PEOPLE, SEED, GROUPS = 400_000, 20_240_801, 20
_ABOUT = (
    "True values in the population these people are drawn from, not in the people themselves. Everything is "
    "invented. Definitions: docs/synthetic-site.md."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One marginal truth of the population.

    Attributes
    ----------
    id : str
        Its parts joined by points; unique within a design.
    population : {"all", "enrolled", "out"}
        "enrolled": in education at start; "out": out of education, or privatist.
    outcome : str
        "left", "completed", "completed_not_passed": first spell of that status begins within the horizon.
        "share_passed": share of the annual hours remaining at start that were passed. "social_assistance":
        received within 24 months.
    estimand : str
        "incidence", "ate", "att", "ato", "naive", "through_motivation", "gap" or "association".
    contrast : str
        What is compared with what, or whose incidence it is.
    unit : {"percentage points", "percentage points per SD"}
    estimable : bool
        False where the site's data cannot tell, however many people there are: no comparison group.
    value, mc_error : float
        The truth, and the standard error left by simulating it.
    """

    id: str
    population: str
    outcome: str
    horizon_months: int
    estimand: str
    contrast: str
    unit: str
    estimable: bool
    value: float
    mc_error: float


def derive_truths(
    design: Design, given: Parameters = PARAMETERS, *, people: int = PEOPLE, seed: int = SEED
) -> tuple[Truth, ...]:
    """What is true of the population, by simulating many people in all worlds?

    Parameters
    ----------
    design : {"none", "waitlist", "offices"}
    given : Parameters
        What is planted.
    people, seed : int
        How many are simulated (20 groups of them give the standard error), and from which random numbers.
    """
    worlds = simulate_worlds(design, given, people=people, seed=seed)
    limits = np.linspace(0, people, GROUPS + 1).astype(int).tolist()
    parts = [worlds.part(slice(*limits[g : g + 2])) for g in range(GROUPS)]
    truths: list[Truth] = []
    for wanted in statistics(design):
        values = wanted.of(worlds)
        in_groups = np.array([wanted.of(part) for part in parts])
        errors = in_groups.std(axis=0, ddof=1) / np.sqrt(GROUPS)
        truths += [
            _truth(wanted, contrast, value, float(error))
            for contrast, value, error in zip(wanted.contrasts, values, errors, strict=True)
        ]
    return tuple(truths)


def _truth(wanted: Statistic, contrast: str, value: float, error: float) -> Truth:
    """One truth of a statistic, in percentage points."""
    parts = (wanted.estimand, contrast, wanted.outcome, str(wanted.horizon_months), wanted.population)
    return Truth(
        id=".".join(parts),
        population=wanted.population,
        outcome=wanted.outcome,
        horizon_months=wanted.horizon_months,
        estimand=wanted.estimand,
        contrast=contrast,
        unit=wanted.unit,
        estimable=wanted.estimable,
        value=round(100 * value, 4),
        mc_error=round(100 * error, 4),
    )


def keep_truths(path: Path, *, people: int = PEOPLE) -> None:
    """Derive the truths of all designs and write them: to the package, after a change of parameters."""
    kept = {
        "parameters": PARAMETERS.fingerprint(),
        "people_simulated": people,
        "truths": {design: [asdict(t) for t in derive_truths(design, people=people)] for design in DESIGNS},
    }
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8", newline="\n")


@cache
def _kept() -> dict[str, Any]:
    """Read the kept truths."""
    loaded: dict[str, Any] = json.loads(
        resources.files(__package__).joinpath(KEPT).read_text(encoding="utf-8")
    )
    return loaded


def truth_of(design: Design) -> dict[str, Any]:
    """What is true of the population of a design, as ``truth.json`` holds it?

    Raises
    ------
    ParameterProblem
        The parameters were changed and the truths were not derived again.
    """
    kept = _kept()
    if kept["parameters"] != PARAMETERS.fingerprint():
        raise ParameterProblem(
            "The parameters of the synthetic site were changed, but its truths were not derived again. "
            "Do so with backtorule_eval.synthetic.truth.keep_truths (docs/synthetic-site.md says how)."
        )
    return {
        "about": _ABOUT,
        "design": design,
        "parameters": kept["parameters"],
        "people_simulated": kept["people_simulated"],
        "planted": asdict(PARAMETERS),
        "truths": kept["truths"][design],
    }
