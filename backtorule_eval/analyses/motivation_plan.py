"""What a study decides in advance about the question of motivation: outcome, both sides, the ladder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from backtorule_eval.analyses.baseline import score_label
from backtorule_eval.analyses.estimate import Caution, Term
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.errors import ParameterProblem

NAME = r"^[a-z0-9_]+$"


class Frozen(BaseModel):
    """Frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Side(Frozen):
    """One side of the contrast: a name, and the scales whose associations are averaged."""

    name: str = Field(pattern=NAME)
    scales: tuple[str, ...] = Field(min_length=1)


class Step(Frozen):
    """One step of the ladder: the variables it adds to those of the steps before."""

    name: str = Field(pattern=NAME)
    add: tuple[str, ...] = ()
    primary: bool = False


class MotivationPlan(Frozen):
    """What is compared, for which outcome, with what held constant.

    Attributes
    ----------
    question : str
        Identifier of the question; the same in every estimate of the ladder.
    outcome : str
        "left", or an outcome recorded at the source.
    horizon_months : int or None
        Needed for "left".
    first, second : Side
        The contrast is the first side's association minus the second's.
    steps : tuple of Step
        In order; the variables add up. At most one is primary: the one that was pre-specified.
    cluster : str
        Column of `persons` whose values share staff, office or school; "" only with the caution
        `no_clusters_in_source`.
    groups : str
        A variable held constant at the primary step, in whose quarters or levels the difference is shown
        too; "" if that is not asked.
    cautions : tuple of Caution
        Limits of the source itself, carried by every estimate.
    words : mapping of name to Text
        Words in nb and en for every name here that neither the dictionary, the mapping nor the catalogue of
        scales knows: the outcome, the sides, the steps, scales scored at the source.
    """

    question: str = Field(default="intrinsic_or_extrinsic", pattern=NAME)
    outcome: str
    horizon_months: int | None = Field(default=None, ge=1, le=600)
    first: Side
    second: Side
    steps: tuple[Step, ...] = Field(min_length=1)
    cluster: str = ""
    groups: str = ""
    cautions: tuple[Caution, ...] = ()
    words: Mapping[str, Text] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> MotivationPlan:
        names = [step.name for step in self.steps]
        added = [name for step in self.steps for name in step.add]
        scales = [*self.first.scales, *self.second.scales]
        if len(set(names)) < len(names) or len(set(added)) < len(added) or len(set(scales)) < len(scales):
            raise ValueError("a step, a variable or a scale is named twice")
        if set(added) & set(scales):
            raise ValueError("a scale that is compared cannot be held constant too")
        if sum(step.primary for step in self.steps) > 1:
            raise ValueError("only one step can be primary")
        if bool(self.cluster) == (Caution.NO_CLUSTERS_IN_SOURCE in self.cautions):
            raise ValueError("name the cluster column, or give the caution no_clusters_in_source, not both")
        return self

    @property
    def contrast(self) -> str:
        """Identifier of the contrast."""
        return f"{self.first.name}_minus_{self.second.name}"

    @property
    def scales(self) -> tuple[str, ...]:
        """Scales of both sides, the first side's first."""
        return self.first.scales + self.second.scales

    @property
    def covariates(self) -> tuple[str, ...]:
        """Variables of all steps, in order."""
        return tuple(name for step in self.steps for name in step.add)

    def up_to(self, step: Step) -> tuple[str, ...]:
        """Variables held constant at one step."""
        place = self.steps.index(step)
        return tuple(name for earlier in self.steps[: place + 1] for name in earlier.add)

    def label(self, name: str) -> Text | None:
        """Return the words of an outcome, a side, a step or a score, or None."""
        return OWN_WORDS.get(name) or score_label(name, self.words)

    def terms(self) -> tuple[Term, ...]:
        """Words of everything but the variables held constant.

        Raises
        ------
        ParameterProblem
            Words are lacking; all such names are told at once.
        """
        names = (self.outcome, self.first.name, self.second.name, *(step.name for step in self.steps))
        if lacking := [name for name in names if self.label(name) is None]:
            raise ParameterProblem(f"The plan lacks words in nb and en for: {', '.join(lacking)}.")
        found = {name: label for name in names if (label := self.label(name))}
        first, second = found[self.first.name], found[self.second.name]
        found[self.contrast] = Text(nb=f"{first.nb} minus {second.nb}", en=f"{first.en} minus {second.en}")
        return tuple(Term(name=name, label=label) for name, label in found.items())


OWN_WORDS: Mapping[str, Text] = {
    "left": Text(nb="Sluttet på videregående", en="Left upper secondary school"),
    "unadjusted": Text(nb="Ujustert", en="Unadjusted"),
}

# Autonomous against controlled motivation, for a cohort with the AMS and spells of schooling.
DEFAULT_PLAN = MotivationPlan(
    question="autonomous_or_controlled",
    outcome="left",
    horizon_months=24,
    first=Side(name="ams_autonomous", scales=("ams_autonomous",)),
    second=Side(name="ams_controlled", scales=("ams_controlled",)),
    steps=(Step(name="unadjusted", primary=True),),
    cluster="office",
)


def read_plan(given: Mapping[str, Any]) -> MotivationPlan:
    """Read a plan as a study file or a notebook's parameter gives it; an empty one is the default plan.

    Raises
    ------
    ParameterProblem
        A key is unknown, lacking or of the wrong type, or the parts contradict each other; all are told at
        once.
    """
    if not given:
        return DEFAULT_PLAN
    try:
        return MotivationPlan.model_validate(given)
    except ValidationError as problem:
        lines = [_line(dict(error)) for error in problem.errors(include_url=False)]
    raise ParameterProblem("The plan of the motivation analysis is wrong.\n" + "\n".join(lines))


def _line(error: Mapping[str, Any]) -> str:
    """Say what one mistake is and where."""
    where = ".".join(str(part) for part in error["loc"]) or "plan"
    return f"  - {where}: {str(error['msg']).removeprefix('Value error, ')}."
