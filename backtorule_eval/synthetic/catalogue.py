"""The subjects of the synthetic site: a simplified plan of three years, six subjects at most in each.

Codes and hours were read in lists of the curriculum of 2020. Simplified: vocational pupils have the common
subjects under the academic codes, and there is no foreign language, so hours are not those of a real plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtorule_eval.synthetic.streams import Floats, Integers

SLOTS_A_YEAR = 6
SLOTS = 3 * SLOTS_A_YEAR
NO_SUBJECT = -1
PLANS = ("social", "science", "health")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One subject.

    Attributes
    ----------
    harder : float
        Log-odds of failing it as a pupil, against the mean subject.
    privatist_fails : float
        Share of the privatists who meet for the exam and fail it.
    form : str
        Form of the exam, a code of the dictionary.
    """

    code: str
    hours: int
    harder: float = 0.0
    privatist_fails: float = 0.12
    form: str = "S"


# Privatists: more than 30 % fail practical mathematics 2P-Y, R1 and the health worker subjects, about 5 %
# written Norwegian, under 2 % social science and geography (Norwegian Directorate for Education and
# Training 2022). The rest, and every number in "harder", is a design choice.
SUBJECTS = (
    Subject(code="NOR1260", hours=113, harder=-0.2, privatist_fails=0.05),
    Subject(code="MAT1019", hours=140, harder=0.7, privatist_fails=0.32),
    Subject(code="MAT1021", hours=140, harder=0.8, privatist_fails=0.32),
    Subject(code="ENG1007", hours=140, harder=0.0, privatist_fails=0.08),
    Subject(code="NAT1007", hours=140, harder=0.2, form="MP"),
    Subject(code="SAK1001", hours=84, harder=-0.3, privatist_fails=0.015, form="M"),
    Subject(code="GEO1003", hours=56, harder=-0.3, privatist_fails=0.015, form="M"),
    Subject(code="NOR1264", hours=112, harder=-0.1, privatist_fails=0.05),
    Subject(code="MAT1023", hours=84, harder=0.7, privatist_fails=0.32),
    Subject(code="REA3056", hours=140, harder=0.8, privatist_fails=0.32),
    Subject(code="HIS1009", hours=56, harder=-0.1, form="M"),
    Subject(code="KRO1018", hours=56, harder=-0.5, privatist_fails=0.05, form="P"),
    Subject(code="SAM3063", hours=140, harder=0.0, form="M"),
    Subject(code="NOR1267", hours=168, harder=0.2, privatist_fails=0.05),
    Subject(code="HIS1010", hours=113, harder=0.0, form="M"),
    Subject(code="REL1003", hours=84, harder=-0.2, privatist_fails=0.05, form="M"),
    Subject(code="KRO1019", hours=56, harder=-0.5, privatist_fails=0.05, form="P"),
    Subject(code="SAM3064", hours=140, harder=0.1, form="M"),
    Subject(code="REA3036", hours=140, harder=0.4),
    Subject(code="HSF1006", hours=197, harder=0.0, privatist_fails=0.32),
    Subject(code="HSF1007", hours=140, harder=0.0, privatist_fails=0.32),
    Subject(code="HSF1008", hours=140, harder=-0.1, privatist_fails=0.32),
    Subject(code="HEA2005", hours=197, harder=0.0, privatist_fails=0.32),
    Subject(code="HEA2006", hours=140, harder=0.0, privatist_fails=0.32),
    Subject(code="HEA2007", hours=140, harder=-0.1, privatist_fails=0.32),
    Subject(code="HEA3103", hours=140, harder=0.2, privatist_fails=0.32),
)
_YEARS = {
    "social": (
        ("NOR1260", "MAT1019", "ENG1007", "NAT1007", "SAK1001", "GEO1003"),
        ("NOR1264", "MAT1023", "HIS1009", "KRO1018", "SAM3063"),
        ("NOR1267", "HIS1010", "REL1003", "KRO1019", "SAM3064"),
    ),
    "science": (
        ("NOR1260", "MAT1021", "ENG1007", "NAT1007", "SAK1001", "GEO1003"),
        ("NOR1264", "REA3056", "HIS1009", "KRO1018", "SAM3063"),
        ("NOR1267", "HIS1010", "REL1003", "KRO1019", "REA3036"),
    ),
    "health": (
        ("NOR1260", "MAT1019", "ENG1007", "HSF1006", "HSF1007", "HSF1008"),
        ("NOR1264", "SAK1001", "KRO1018", "HEA2005", "HEA2006", "HEA2007"),
        ("NOR1267", "MAT1023", "HIS1010", "KRO1019", "HEA3103"),
    ),
}
_PLACE = {subject.code: place for place, subject in enumerate(SUBJECTS)}

CODES = tuple(subject.code for subject in SUBJECTS)
HOURS: Integers = np.array([s.hours for s in SUBJECTS] + [0], dtype=np.int64)
HARDER: Floats = np.array([s.harder for s in SUBJECTS] + [0.0])
PRIVATIST_FAILS: Floats = np.array([s.privatist_fails for s in SUBJECTS] + [0.5])
FORMS = tuple(subject.form for subject in SUBJECTS)


def _plan(name: str) -> list[int]:
    """Places of a plan's subjects, year after year, with empty slots filled up."""
    years = [[_PLACE[code] for code in year] for year in _YEARS[name]]
    return [place for year in years for place in year + [NO_SUBJECT] * (SLOTS_A_YEAR - len(year))]


# Shape (plans, slots): which subject stands in which slot.
PLAN: Integers = np.array([_plan(name) for name in PLANS], dtype=np.int64)
# Grep codes of the programme areas, by plan and year.
PROGRAMME_AREAS = (
    ("STUSP1----", "STSSA2----", "STSSA3----"),
    ("STUSP1----", "STREA2----", "STREA3----"),
    ("HSHSF1----", "HSHEA2----", "HSHEA3----"),
)
