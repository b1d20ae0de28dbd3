"""How well a rule is known: the mark that stands beside every rule in the data files of this folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from backtorule_eval.cohort.dictionary import Text


class Evidence(StrEnum):
    """Where a rule comes from. What is not `READ` is never printed as a fact."""

    READ = "R"
    COMPUTED = "C"
    DECIDED = "D"
    SECOND_HAND = "R-"
    UNVERIFIED = "U"


WEAKEST_LAST = tuple(Evidence)


def weakest(marks: Iterable[Evidence]) -> Evidence:
    """Return the weakest of `marks`: a result is known no better than its worst rule."""
    return max(marks, key=WEAKEST_LAST.index)


class Entry(BaseModel):
    """Base of everything that is read from this folder's data files: frozen, and no key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(Entry):
    """A rule with its mark, where it was read, and what a reader must be told about it."""

    mark: Evidence
    source: str = ""
    note: Text | None = None

    @property
    def usable(self) -> bool:
        """Whether a report may use the rule as a fact."""
        return self.mark is Evidence.READ


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleUsed:
    """One rule that went into a score, for the line below a table.

    Attributes
    ----------
    rule : str
        "items", "coding", "key", "method", "missing", "conversion" or "key_check".
    choice : str
        Which of several was used, e.g. the name of the key; "" if there is only one.
    evidence : Evidence
        How well the rule is known.
    note : Text or None
        What a reader must be told.
    """

    rule: str
    choice: str
    evidence: Evidence
    note: Text | None = None
