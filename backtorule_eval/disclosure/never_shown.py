"""Kinds of output that are refused whoever asks: why, and what answers the same question instead.

What has no rules is refused without this. Here is only what a person who asked for it is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# "BoxPlot", "box_plot" and "MINMAX_2" in words.
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverShown:
    """One kind of output.

    Attributes
    ----------
    names : frozenset of str
        Words in the name of a type, a kind or a view that asks for it.
    why : str
        What it would tell.
    instead : str
        What to publish.
    """

    names: frozenset[str]
    why: str
    instead: str


AVERAGES = "averages with their spread (MeanTable)"
CLASSES = "how many are in each class (CountTable)"
NEVER_SHOWN = (
    NeverShown(
        names=frozenset({"quantile", "median", "percentile", "quartile", "decile", "iqr", "boxplot", "box"}),
        why="a quantile is the value of one person",
        instead=f"{AVERAGES}, or {CLASSES}",
    ),
    NeverShown(
        names=frozenset({"minimum", "min", "maximum", "max", "extreme", "outlier", "minmax"}),
        why="the smallest and the largest value belong to one person each",
        instead=f"{CLASSES}; the range that a scale can take is part of {AVERAGES}",
    ),
    NeverShown(
        names=frozenset({"scatter", "scatterplot", "swarm", "strip", "jitter", "spaghetti", "trajectory"}),
        why="every dot or line is a person",
        instead=f"an Estimate of how two things go together, or {CLASSES} over two classifications",
    ),
    NeverShown(
        names=frozenset({"residual", "leverage", "cook", "influence", "qq"}),
        why="every residual is a person, and with the fitted model it gives that person's value back",
        instead="a Calibration, or the model's Estimate",
    ),
    NeverShown(
        names=frozenset({"prediction", "predicted", "risk"}),
        why="a foretold risk is about one person",
        instead="a Calibration of groups",
    ),
    NeverShown(
        names=frozenset({"dataframe", "series", "frame", "ndarray", "dict", "list", "scores"}),
        why="nobody can tell whether its rows are persons",
        instead=f"{CLASSES} or {AVERAGES}",
    ),
    NeverShown(
        names=frozenset({"figure", "axes", "plot", "chart", "image"}),
        why="what a finished picture tells cannot be checked",
        instead="the result it was drawn from; the report draws it",
    ),
    NeverShown(
        names=frozenset({"float", "int", "str"}),
        why="a bare number or text does not say how many persons stand behind it",
        instead="an Estimate, whose sentence holds the number",
    ),
)


def why_never(name: str) -> str:
    """Why is an output of this name never shown, and what is shown instead? "" when no reason is known.

    Parameters
    ----------
    name : str
        Of a type, a stored kind or a view, however it is written.
    """
    asked = _words(name)
    for kind in NEVER_SHOWN:
        if kind.names & asked:
            return f"{kind.why}. Publish {kind.instead}"
    return ""


def _words(name: str) -> frozenset[str]:
    """Return the words in a name, in the singular too."""
    words = [word.lower() for word in WORD.findall(name)]
    return frozenset([*words, *(word.removesuffix("s") for word in words)])
