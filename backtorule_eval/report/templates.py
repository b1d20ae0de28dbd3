"""The sentences themselves, before anything is filled in: one set per family of estimates.

`UP` and `DOWN` are said of more and of less; `SMALL` of a difference too small to matter; `UNKNOWN` where the
interval holds both directions.
"""

from __future__ import annotations

from enum import StrEnum

from backtorule_eval.analyses.estimate import Estimand
from backtorule_eval.report.catalogue import N_


class Family(StrEnum):
    """Which set of sentences an estimate speaks in."""

    PEOPLE = "people"
    PEOPLE_TOGETHER = "people_together"
    ODDS_TOGETHER = "odds_together"
    MEANS = "means"
    MEANS_TOGETHER = "means_together"


PLAIN, SOMEWHAT = "plain", "somewhat"

UP: dict[tuple[Family, str], str] = {
    (Family.PEOPLE, PLAIN): N_("More {did}: about {value} more per 100 (between {low} and {high})."),
    (Family.PEOPLE, SOMEWHAT): N_(
        "Somewhat more {did}, but how many is uncertain: between {low} and {high} more per 100."
    ),
    (Family.PEOPLE_TOGETHER, PLAIN): N_(
        "{Subject} goes with more who {did}{than}: about {value} more per 100 (between {low} and {high})."
    ),
    (Family.PEOPLE_TOGETHER, SOMEWHAT): N_(
        "{Subject} goes with somewhat more who {did}{than}, but how many is uncertain: "
        "between {low} and {high} more per 100."
    ),
    (Family.ODDS_TOGETHER, PLAIN): N_("{Subject} goes with more who {did}{than}. {scale}"),
    (Family.MEANS, PLAIN): N_("{Outcome} was higher: about {value} higher (between {low} and {high})."),
    (Family.MEANS, SOMEWHAT): N_(
        "{Outcome} was somewhat higher, but by how much is uncertain: between {low} and {high} higher."
    ),
    (Family.MEANS_TOGETHER, PLAIN): N_(
        "{Subject} goes with higher {outcome}{than}: about {value} higher (between {low} and {high})."
    ),
    (Family.MEANS_TOGETHER, SOMEWHAT): N_(
        "{Subject} goes with somewhat higher {outcome}{than}, but by how much is uncertain: "
        "between {low} and {high} higher."
    ),
}
DOWN: dict[tuple[Family, str], str] = {
    (Family.PEOPLE, PLAIN): N_("Fewer {did}: about {value} fewer per 100 (between {low} and {high})."),
    (Family.PEOPLE, SOMEWHAT): N_(
        "Somewhat fewer {did}, but how many is uncertain: between {low} and {high} fewer per 100."
    ),
    (Family.PEOPLE_TOGETHER, PLAIN): N_(
        "{Subject} goes with fewer who {did}{than}: about {value} fewer per 100 (between {low} and {high})."
    ),
    (Family.PEOPLE_TOGETHER, SOMEWHAT): N_(
        "{Subject} goes with somewhat fewer who {did}{than}, but how many is uncertain: "
        "between {low} and {high} fewer per 100."
    ),
    (Family.ODDS_TOGETHER, PLAIN): N_("{Subject} goes with fewer who {did}{than}. {scale}"),
    (Family.MEANS, PLAIN): N_("{Outcome} was lower: about {value} lower (between {low} and {high})."),
    (Family.MEANS, SOMEWHAT): N_(
        "{Outcome} was somewhat lower, but by how much is uncertain: between {low} and {high} lower."
    ),
    (Family.MEANS_TOGETHER, PLAIN): N_(
        "{Subject} goes with lower {outcome}{than}: about {value} lower (between {low} and {high})."
    ),
    (Family.MEANS_TOGETHER, SOMEWHAT): N_(
        "{Subject} goes with somewhat lower {outcome}{than}, but by how much is uncertain: "
        "between {low} and {high} lower."
    ),
}
SMALL: dict[Family, str] = {
    Family.PEOPLE: N_(
        "The difference is too small to matter in practice: between {from_end} and {to_end} per 100."
    ),
    Family.PEOPLE_TOGETHER: N_(
        "The difference that goes with {subject}{than} is too small to matter in practice: "
        "between {from_end} and {to_end} per 100 who {did}."
    ),
    Family.MEANS: N_("The difference is too small to matter in practice: between {from_end} and {to_end}."),
    Family.MEANS_TOGETHER: N_(
        "The difference in {outcome} that goes with {subject}{than} is too small to matter in practice: "
        "between {from_end} and {to_end}."
    ),
}
UNKNOWN: dict[Family, str] = {
    Family.PEOPLE: N_(
        "We cannot say whether there is a difference: the figures fit both {from_end} and {to_end} per 100."
    ),
    Family.PEOPLE_TOGETHER: N_(
        "We cannot say whether {subject} goes with more or fewer who {did}{than}: "
        "the figures fit both {from_end} and {to_end} per 100."
    ),
    Family.ODDS_TOGETHER: N_(
        "We cannot say whether {subject} goes with more or fewer who {did}{than}. {scale}"
    ),
    Family.MEANS: N_(
        "We cannot say whether there is a difference: the figures fit both {from_end} and {to_end}."
    ),
    Family.MEANS_TOGETHER: N_(
        "We cannot say whether {subject} goes with higher or lower {outcome}{than}: "
        "the figures fit both {from_end} and {to_end}."
    ),
}
ABOUT: dict[Estimand, str] = {
    Estimand.ATT: N_("This is about those who took part."),
    Estimand.ATO: N_("This is about those who could have been in either group."),
    Estimand.ATE: N_("This is about everyone in both groups."),
    Estimand.CHANGE: N_("This is a change over time, not a comparison."),
}
NOT_SHOWN = N_("The figure is not shown: too few people are behind it, or they are too alike.")
