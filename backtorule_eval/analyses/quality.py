"""How good a measure is, as a table of coefficients: reliability, correlations, fit of factor models."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backtorule_eval.cohort.dictionary import Text


class Quantity(StrEnum):
    """What a figure is; how it is rounded and worded follows from it. An interval's ends follow its value."""

    ALPHA = "alpha"
    ALPHA_LOW = "alpha_low"
    ALPHA_HIGH = "alpha_high"
    ORDINAL_ALPHA = "ordinal_alpha"
    OMEGA = "omega"
    OMEGA_LOW = "omega_low"
    OMEGA_HIGH = "omega_high"
    CORRELATION = "correlation"
    CORRELATION_LOW = "correlation_low"
    CORRELATION_HIGH = "correlation_high"
    CHI2 = "chi2"
    DF = "df"
    P_VALUE = "p_value"
    CFI = "cfi"
    TLI = "tli"
    RMSEA = "rmsea"
    RMSEA_LOW = "rmsea_low"
    RMSEA_HIGH = "rmsea_high"
    SRMR = "srmr"
    WORSE_P = "worse_p"
    RELIABILITY = "reliability"
    SPREAD = "spread"
    SMALLEST_CHANGE = "smallest_change"


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityRow:
    """One scale, pair of scales, or model.

    Attributes
    ----------
    beside : Text or None
        The other scale of a pair, the numbers of a scale's questions in the form, or a scale's model.
    n, n_missing : int
        Persons behind the figures, and left out because an answer or score is missing.
    n_items : int
        Questions behind the row; 0 if it is not about one scale.
    figures : tuple of float or None
        One per quantity of the table; None where there is none.
    """

    name: str
    label: Text
    beside: Text | None = None
    n: int
    n_missing: int
    n_items: int = 0
    figures: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Figures on how good a measure is, in one population.

    Attributes
    ----------
    question : str
        "reliability", "correlations", "structure", "invariance", "waves" or "change_rules".
    notes : tuple of Text
        What a reader must be told wherever the table is shown.

    Raises
    ------
    ValueError
        There is no row, or one has another number of figures than the table has quantities.
    """

    question: str
    population: str
    quantities: tuple[Quantity, ...]
    rows: tuple[QualityRow, ...]
    notes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        if not self.rows or any(len(row.figures) != len(self.quantities) for row in self.rows):
            raise ValueError(f"{self.question}: a table needs rows, and one figure per quantity in each.")
