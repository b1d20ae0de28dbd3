"""A claim: the exact figures that a notebook wants to show, before anyone has decided what may be seen."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

from backtorule_eval.analyses.balance import Balance
from backtorule_eval.analyses.choices import ChoiceCurve
from backtorule_eval.analyses.curves import Calibration, Curve
from backtorule_eval.analyses.estimate import Estimate
from backtorule_eval.analyses.joint_display import JointDisplay
from backtorule_eval.analyses.quality import Quality
from backtorule_eval.analyses.tables import CountTable, Flow, MeanTable, Refusal
from backtorule_eval.disclosure.never_shown import why_never
from backtorule_eval.errors import DisclosureRefused

Publishable = (
    Estimate
    | CountTable
    | MeanTable
    | Flow
    | Refusal
    | Curve
    | Calibration
    | Balance
    | JointDisplay
    | ChoiceCurve
    | Quality
)
Direction = Literal["up", "down"]

# The kinds of output the rules know. What is not here cannot be claimed, let alone shown.
KINDS: dict[str, type[Publishable]] = {
    "estimate": Estimate,
    "counts": CountTable,
    "means": MeanTable,
    "flow": Flow,
    "refusal": Refusal,
    "curve": Curve,
    "calibration": Calibration,
    "balance": Balance,
    "joint": JointDisplay,
    "choices": ChoiceCurve,
    "quality": Quality,
}
# Keys name files of a release, so they hold nothing a file system reads otherwise.
KEY = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*){1,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one published output states, exactly.

    Attributes
    ----------
    key : str
        Stable name, "<notebook>/<question>" or "<notebook>/<question>/<view>"; unique within a study.
    cohort : str
        Slug of the cohort.
    view : str
        Name of the view that will show it.
    things : tuple of Publishable
        The figures; several estimates make one forest plot. All of one type.
    worthwhile : float or None
        The smallest difference worth having as the study file declares it, in the outcome's unit of words
        (people per hundred, scale points); None if none is declared.
    direction : "up", "down" or None
        Whether more is better; declared with `worthwhile`.

    Raises
    ------
    DisclosureRefused
        The key is not a stable name, the things are none, of several kinds, or of a kind without rules, or
        what is declared in advance is incomplete.
    """

    key: str
    cohort: str
    view: str
    things: tuple[Publishable, ...]
    worthwhile: float | None = None
    direction: Direction | None = None

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key):
            raise DisclosureRefused(
                f"The claim's key {self.key!r} must be two or three names of a-z, 0-9, _ and -, / between."
            )
        kind_of(self.things, self.key)
        if (self.worthwhile, self.direction) == (None, None):
            return
        if self.worthwhile is None or not self.worthwhile > 0 or self.direction not in ("up", "down"):
            raise DisclosureRefused(
                f"{self.key}: a size worth having is a number above 0 with a direction, up or down."
            )


def kind_of(things: tuple[object, ...], key: str) -> str:
    """Return the one kind of all things of a claim.

    Raises
    ------
    DisclosureRefused
        There are none, of several kinds, or of a kind the rules do not know.
    """
    types = {type(thing) for thing in things}
    for kind, known in KINDS.items():
        if types == {known}:
            return kind
    names = sorted(t.__name__ for t in types)
    raise DisclosureRefused(
        f"{key}: there are no disclosure rules for {', '.join(names) or 'nothing'}; publish one known kind."
        + _because(names)
    )


def _because(names: list[str]) -> str:
    """Say why outputs of these names are never shown, where a reason is known."""
    told = dict.fromkeys(why for name in names if (why := why_never(name)))
    return "".join(f" Never shown: {why}." for why in told)


def claim_to_json(claim: Claim) -> str:
    """Write a claim as canonical JSON: sorted keys, no spaces, the same bytes for the same figures."""
    kind = kind_of(claim.things, claim.key)
    plain = {f: getattr(claim, f) for f in ("key", "cohort", "view", "worthwhile", "direction")}
    try:
        # Read back by type, so that 1 and 1.0 in the same field are written alike.
        things = [asdict(_adapter(kind).validate_python(asdict(thing))) for thing in claim.things]
        return canonical({**plain, "kind": kind, "things": things})
    except ValueError:
        raise DisclosureRefused(
            f"{claim.key}: a figure is not a finite number or not of its declared type."
        ) from None


def claim_from_json(text: str) -> Claim:
    """Read a claim that `claim_to_json` wrote.

    Raises
    ------
    DisclosureRefused
        The text is not a claim, its kind is unknown, or reading it back would not give the same text.
    """
    claim = older_claim_from_json(text)
    if claim_to_json(claim) != text:
        raise DisclosureRefused(f"{claim.key}: the stored claim was changed, or another version wrote it.")
    return claim


def older_claim_from_json(text: str) -> Claim:
    """Read a claim that an older version may have written: what it did not know is as nobody had said it.

    Raises
    ------
    DisclosureRefused
        The text is not a claim, or its kind is unknown.
    """
    try:
        raw: dict[str, Any] = json.loads(text)
        kind = raw.pop("kind")
        if kind not in KINDS:
            raise DisclosureRefused(
                f"There are no disclosure rules for outputs of kind {str(kind)!r}.{_because([str(kind)])}"
            )
        things = tuple(_adapter(kind).validate_python(thing) for thing in raw.pop("things"))
        return Claim(things=things, **raw)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DisclosureRefused("A stored claim cannot be read; run its notebook again.") from None


def digest(claim: Claim) -> str:
    """SHA-256 of the claim's canonical JSON, in hexadecimal."""
    return sha256(claim_to_json(claim))


def canonical(plain: object) -> str:
    """Return plain values as JSON with one spelling."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256(text: str) -> str:
    """Hexadecimal SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    """Reader of one kind of thing."""
    return TypeAdapter(KINDS[kind])
