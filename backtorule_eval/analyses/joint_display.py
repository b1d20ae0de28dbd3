"""What people say beside what is counted: themes, how many spoke of each, a number, and do the two agree?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from backtorule_eval.analyses.estimate import Estimate
from backtorule_eval.cohort.dictionary import Text

# Who allowed a quote, as two to four capital letters.
INITIALS = re.compile(r"[A-ZÆØÅ]{2,4}")


class Agreement(StrEnum):
    """Whether what is said and what is counted agree."""

    CONFIRM = "confirm"
    EXPAND = "expand"
    CLASH = "clash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What somebody said, and who has allowed that others read it.

    Attributes
    ----------
    words : str
        As said, in the language it was said in.
    said_by : Text
        The group of whoever said it ("a young person"), never narrower.
    group : int
        Persons of that group in the cohort.
    allowed_by, allowed_on : str
        Initials of whoever read it for what might tell who said it, and the day as 2026-06-30.

    Raises
    ------
    ValueError
        It is empty, or nobody has signed for it.
    """

    words: str
    said_by: Text
    group: int
    allowed_by: str
    allowed_on: str

    def __post_init__(self) -> None:
        if not self.words.strip():
            raise ValueError("A quote needs words.")
        if not INITIALS.fullmatch(self.allowed_by):
            raise ValueError("A quote needs the initials of whoever allowed it, two to four capital letters.")
        if date.fromisoformat(self.allowed_on).isoformat() != self.allowed_on:
            raise ValueError(f"The day {self.allowed_on!r} is not written as year, month and day.")


@dataclass(frozen=True, slots=True, kw_only=True)
class JointRow:
    """One theme.

    Attributes
    ----------
    said : int
        Persons who spoke of it.
    number : Estimate or None
        What was counted of the same.
    agreement : Agreement or None
        None where there is no number to agree with.
    quote : Quote or None
    """

    theme: Text
    said: int
    number: Estimate | None = None
    agreement: Agreement | None = None
    quote: Quote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JointDisplay:
    """Themes of interviews, each beside a number.

    Attributes
    ----------
    population : str
        Those who were interviewed.
    n : int
        How many they are.

    Raises
    ------
    ValueError
        There are no themes, more persons spoke of one than were asked, nobody spoke of one with a quote, or a
        number has no judgement beside it or a judgement no number.
    """

    question: str
    population: str
    n: int
    rows: tuple[JointRow, ...]

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError(f"{self.question}: a joint display needs at least one theme.")
        for row in self.rows:
            if not 0 <= row.said <= self.n:
                raise ValueError(f"{row.theme.en}: more spoke of it than were asked.")
            if row.quote is not None and row.said == 0:
                raise ValueError(f"{row.theme.en}: there is a quote, so somebody spoke of it.")
            if (row.number is None) != (row.agreement is None):
                raise ValueError(f"{row.theme.en}: a number and whether it agrees come together.")
