"""The rules a cohort's figures must pass, as one frozen object that refuses to contradict itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from backtorule_eval.errors import DisclosureRefused

SMALLEST_PROTECTION = 3
SMALLEST_GROUP = 10
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
    preset : str
        Whose rules these are, a key of `PRESETS`; "" when they are the study's own.
    public : bool
        Everything in full precision. True for `PUBLIC` alone, and no argument: no study file can write it.

    Raises
    ------
    DisclosureRefused
        A number is too small to protect anyone, or the rounding would undo the threshold.
    """

    threshold: int = 5
    base: int = 5
    smallest_group: int = SMALLEST_GROUP
    coarse_below: int = 30
    preset: str = ""
    public: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        for name in FIELDS:
            value = getattr(self, name)
            if type(value) is not int or value < SMALLEST_PROTECTION:
                raise DisclosureRefused(
                    f"Disclosure rules: {name} must be a whole number, {SMALLEST_PROTECTION} or more; "
                    "less protects nobody."
                )
        if self.preset and self.preset not in PRESETS:
            raise DisclosureRefused(
                f"There are no rules called {self.preset!r}; there are: {', '.join(PRESETS)}."
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """Rules that somebody uses, and where they were read."""

    threshold: int
    base: int
    source: str


# Only rules that were read at their source. Nav's own threshold is not published where we could read it.
PRESETS: Mapping[str, Preset] = {
    "ssb": Preset(
        threshold=3, base=3, source="Statistics Norway's example: fewer than 3 not shown, rounding to 0 or 3"
    ),
    "opensafely": Preset(threshold=8, base=5, source="OpenSAFELY: 7 or fewer not shown, rounding to 5"),
    "acro": Preset(threshold=10, base=5, source="the package ACRO as it comes: threshold 10, rounding to 5"),
}


def preset_called(name: str) -> Preset:
    """Return the rules that somebody uses, by name.

    Raises
    ------
    DisclosureRefused
        Nobody's rules have that name here.
    """
    if name not in PRESETS:
        raise DisclosureRefused(f"There are no rules called {name!r}; there are: {', '.join(PRESETS)}.")
    return PRESETS[name]


def rules_of(given: Mapping[str, object]) -> DisclosureRules:
    """Make rules from what a study file says: numbers, or a preset with numbers that replace its own.

    Raises
    ------
    DisclosureRefused
        The preset is unknown, a name is, or the rules contradict themselves.
    """
    known = {*FIELDS, "preset"}
    if unknown := sorted(set(given) - known):
        raise DisclosureRefused(f"there is no {', '.join(unknown)}; give {', '.join(sorted(known))}.")
    numbers: dict[str, object] = {}
    if "preset" in given:
        preset = preset_called(str(given["preset"]))
        least = max(preset.threshold, SMALLEST_GROUP)
        numbers = {"threshold": preset.threshold, "base": preset.base, "smallest_group": least}
    return DisclosureRules(**numbers | dict(given))  # type: ignore[arg-type]  # checked by the rules themselves


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


def rules_to_plain(rules: DisclosureRules) -> dict[str, int | bool | str]:
    """Return rules as plain values for JSON."""
    if rules.public:
        return {"public": True}
    plain: dict[str, int | bool | str] = {name: getattr(rules, name) for name in FIELDS}
    return plain | ({"preset": rules.preset} if rules.preset else {})


def rules_from_plain(plain: Mapping[str, object]) -> DisclosureRules:
    """Read rules that `rules_to_plain` wrote.

    Raises
    ------
    DisclosureRefused
        A name is missing or unknown, or the rules contradict themselves.
    """
    if dict(plain) == {"public": True}:
        return PUBLIC
    if set(plain) - {"preset"} != set(FIELDS):
        raise DisclosureRefused(f"Disclosure rules need exactly: {', '.join(FIELDS)}.")
    return DisclosureRules(**plain)  # type: ignore[arg-type]  # checked by the rules themselves
