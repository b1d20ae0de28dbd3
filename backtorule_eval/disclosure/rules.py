"""The rules a cohort's figures must pass, as one frozen object that refuses to contradict itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from backtorule_eval.errors import DisclosureRefused

SMALLEST_PROTECTION = 3
FIELDS = ("threshold", "base", "smallest_group", "coarse_below")


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureRules:
    """What may be seen of a cohort.

    Attributes
    ----------
    threshold : int, at least 3
        A count of persons from 1 to ``threshold - 1`` is never shown.
    base : int, at least 3
        Shown counts are rounded to the nearest multiple.
    smallest_group : int, at least `threshold`
        Persons behind a mean, share or estimate (in every group compared), or it is not shown.
    coarse_below : int, at least `smallest_group`
        With fewer persons than this in the smallest group, percentage points are rounded to the nearest five.
    public : bool
        Everything in full precision. True for `PUBLIC` alone, and no argument: no study file can write it.

    Raises
    ------
    DisclosureRefused
        A number is too small to protect anyone, or the rounding would undo the threshold.
    """

    threshold: int = 5
    base: int = 5
    smallest_group: int = 10
    coarse_below: int = 30
    public: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        for name in FIELDS:
            value = getattr(self, name)
            if type(value) is not int or value < SMALLEST_PROTECTION:
                raise DisclosureRefused(
                    f"Disclosure rules: {name} must be a whole number, {SMALLEST_PROTECTION} or more; "
                    "less protects nobody."
                )
        if round_count(self.threshold, self.base) < self.threshold:
            raise DisclosureRefused(
                f"A released count of {self.threshold} would round to below the threshold (base {self.base}),"
                " which tells the reader what it was. Raise the threshold or change the base."
            )
        if not self.threshold <= self.smallest_group <= self.coarse_below:
            raise DisclosureRefused(
                "Disclosure rules: smallest_group must be at least threshold, and coarse_below at least "
                "smallest_group."
            )

    def is_small(self, count: int) -> bool:
        """Tell whether a count of persons is too small to be shown."""
        if count < 0:
            raise DisclosureRefused("A negative count reached the disclosure rules.")
        return not self.public and 0 < count < self.threshold


def round_count(count: int, base: int) -> int:
    """Nearest multiple of `base`, halves upwards, in whole numbers throughout."""
    return (2 * count + base) // (2 * base) * base


def _declared_public() -> DisclosureRules:
    """Make the rules for data that are public or synthetic and declared so."""
    rules = DisclosureRules()
    object.__setattr__(rules, "public", True)
    return rules


# For data declared public, or synthetic with `disclosure: none`: full precision, and the page says so.
PUBLIC = _declared_public()


def rules_to_plain(rules: DisclosureRules) -> dict[str, int | bool]:
    """Return rules as plain values for JSON."""
    if rules.public:
        return {"public": True}
    return {name: getattr(rules, name) for name in FIELDS}


def rules_from_plain(plain: Mapping[str, object]) -> DisclosureRules:
    """Read rules that `rules_to_plain` wrote.

    Raises
    ------
    DisclosureRefused
        A name is missing or unknown, or the rules contradict themselves.
    """
    if dict(plain) == {"public": True}:
        return PUBLIC
    if set(plain) != set(FIELDS):
        raise DisclosureRefused(f"Disclosure rules need exactly: {', '.join(FIELDS)}.")
    return DisclosureRules(**plain)  # type: ignore[arg-type]  # checked by the rules themselves
