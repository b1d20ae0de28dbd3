"""The study file: one validated model of everything that is decided before the data are seen."""

from __future__ import annotations

import os
import re
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules, rules_of
from backtorule_eval.errors import DisclosureRefused, ParameterProblem

Language = Literal["nb", "en"]
SLUG = r"^[a-z0-9][a-z0-9-]{0,62}$"
RESERVED_SLUGS = frozenset({"across", "index"})


class Model(BaseModel):
    """Frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Words(Model):
    """The same words in both languages."""

    nb: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Demo(Model):
    """The embedded synthetic site, generated into the private store on first use."""

    people: int = Field(default=60, ge=1, le=5000)
    seed: int = Field(default=1, ge=0)
    design: Literal["none", "waitlist", "offices"] = "none"
    language: Language = "nb"


class Source(Model):
    """Where the raw data are: exactly one of demo, folder, database or parquet."""

    demo: Demo | None = None
    folder: str | None = None
    database: str | None = None
    parquet: str | None = None
    mapping: str | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> Source:
        given = [
            name for name in ("demo", "folder", "database", "parquet") if getattr(self, name) is not None
        ]
        if len(given) != 1:
            raise ValueError("give exactly one of demo, folder, database, parquet")
        needs_mapping = given[0] in ("folder", "database")
        if needs_mapping != (self.mapping is not None):
            raise ValueError("a folder or a database needs a mapping file; demo and parquet take none")
        return self


class Assignment(Model):
    """How people came to the programme and to the comparison (Methods, rule 2)."""

    how: Literal[
        "randomised",
        "lottery",
        "waiting_list_random",
        "waiting_list_ordered",
        "eligibility_cutoff",
        "office",
        "staff_choice",
        "self_selected",
        "historical",
        "published_figures",
    ]
    level: Literal["person", "counsellor", "school", "office", "cohort"]
    blocks: str | None = None
    who_decided: str
    legal_basis: str


class Primary(Model):
    """One pre-specified question; everything else is labelled exploratory."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    question: str
    outcome: str
    contrast: str
    estimand: Literal["association", "change", "incidence", "mean", "att", "ato", "ate"]
    horizon_months: int | None = Field(default=None, ge=1, le=600)
    direction: Literal["up", "down"]
    worthwhile: float = Field(gt=0)
    why: str


def _read_disclosure(value: object) -> object:
    """Read the word none as the rules for public data; other rules as a frozen object that checks itself."""
    if value == "none" or isinstance(value, DisclosureRules):
        return PUBLIC if value == "none" else value
    if not isinstance(value, dict):
        raise ValueError('give "none", a preset, or threshold and base')
    try:
        return rules_of(value)
    except DisclosureRefused as problem:
        raise ValueError(str(problem)) from None


class StudyFile(Model):
    """Everything that is decided about one cohort or data set before its data are seen.

    Attributes
    ----------
    data : "personal", "synthetic" or "public"
        What the data are. Personal is the default: saying otherwise is a declaration of the file's author.
    disclosure : DisclosureRules
        Written ``none``: released in full precision; allowed for public and synthetic data only.
    notebooks : mapping
        Overrides of a notebook's own parameters; ``[]`` leaves the notebook out.
    formats : tuple
        What a notebook's results are written as, beside its HTML page, which is always written.
    """

    cohort: str = Field(pattern=SLUG)
    title: Words
    language: Language = "nb"
    source: Source
    data: Literal["personal", "synthetic", "public"] = "personal"
    as_of: date | None = None
    comparison: str | None = None
    assignment: Assignment | None = None
    primary: tuple[Primary, ...] = ()
    disclosure: Annotated[DisclosureRules, BeforeValidator(_read_disclosure)] = DisclosureRules()
    seed: int = Field(default=1, ge=0)
    notebooks: dict[str, dict[str, Any] | list[Any]] = Field(default_factory=dict)
    formats: tuple[Literal["html", "pdf", "docx"], ...] = ("html",)

    @model_validator(mode="after")
    def _consistent(self) -> StudyFile:
        if self.cohort in RESERVED_SLUGS:
            raise ValueError(f"cohort may not be called {self.cohort!r}: outputs uses that name itself")
        if self.comparison is not None and self.assignment is None:
            raise ValueError("a comparison needs assignment: how people came to each group")
        if self.disclosure.public and self.data == "personal":
            raise ValueError('disclosure "none" needs data: synthetic or data: public')
        if self.source.demo is not None and self.data != "synthetic":
            raise ValueError("the embedded demo is synthetic: write data: synthetic")
        full = [name for name, given in self.notebooks.items() if isinstance(given, list) and given]
        if full:
            raise ValueError(
                f"notebooks: {', '.join(full)}: a list must be empty ([] leaves the notebook out)"
            )
        return self

    def left_out(self, notebook: str) -> bool:
        """Tell whether the study leaves a notebook out."""
        return self.notebooks.get(notebook) == []

    def overrides(self, notebook: str) -> dict[str, Any]:
        """Return the parameters the study sets for a notebook."""
        given = self.notebooks.get(notebook, {})
        return dict(given) if isinstance(given, dict) else {}


def read_study_file(path: Path) -> StudyFile:
    """Read and validate a study file; every mistake in it is told at once.

    Raises
    ------
    ParameterProblem
        The file is missing, is not YAML, or has unknown keys, wrong types or contradictions.
    """
    if not path.is_file():
        raise ParameterProblem(f"There is no study file {path}.{_nearest_file(path)}")
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise ParameterProblem(f"{path.name} is not readable as YAML in UTF-8: {_where(problem)}") from None
    if not isinstance(raw, dict):
        raise ParameterProblem(f"{path.name} must hold keys and values, such as cohort: and source:.")
    try:
        return StudyFile.model_validate(raw)
    except ValidationError as problem:
        raise ParameterProblem(explain(problem, path.name, StudyFile)) from None


def expand(text: str, *, study: str) -> str:
    """Put environment variables written ``${NAME}`` into a path or address of a study file."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if not os.environ.get(name):
            raise ParameterProblem(
                f"{study} uses ${{{name}}}, but that environment variable is not set. "
                f"Set it to the folder that holds the data, e.g. {name}=/path/to/data"
            )
        return os.environ[name]

    return re.sub(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", value, text)


def explain(problem: ValidationError, file: str, model: type[BaseModel]) -> str:
    """Say in plain words what is wrong with a file, one line per mistake, with the nearest right name."""
    lines = [_explain_one(dict(error), model) for error in problem.errors(include_url=False)]
    count = "1 thing is wrong" if len(lines) == 1 else f"{len(lines)} things are wrong"
    return f"{file}: {count}.\n" + "\n".join(f"  - {line}" for line in lines)


def _explain_one(error: dict[str, Any], model: type[BaseModel]) -> str:
    """Say what one mistake is and where."""
    where = ".".join(str(part) for part in error["loc"]) or "the file"
    if error["type"] == "extra_forbidden":
        known = _fields_at(model, error["loc"][:-1])
        near = get_close_matches(str(error["loc"][-1]), known, n=1)
        hint = f" Did you mean {near[0]}?" if near else f" Known here: {', '.join(sorted(known))}."
        return f"{where}: there is no such key.{hint}"
    if error["type"] == "missing":
        return f"{where}: is missing."
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{where}: {message[0].lower()}{message[1:]}."


def _fields_at(model: type[BaseModel], location: tuple[str | int, ...]) -> list[str]:
    """Return the names a nested model knows, following a location as far as it goes."""
    for part in location:
        field = model.model_fields.get(str(part))
        if field is not None:
            nested = [t for t in _model_types(field.annotation)]
            model = nested[0] if nested else model
    return list(model.model_fields)


def _model_types(annotation: object) -> list[type[BaseModel]]:
    """Return the models inside an annotation such as ``Demo | None`` or ``tuple[Primary, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in getattr(annotation, "__args__", ()) for found in _model_types(part)]


def _where(problem: Exception) -> str:
    """Return line and column of a YAML mistake."""
    mark = getattr(problem, "problem_mark", None)
    return f"line {mark.line + 1}, column {mark.column + 1}." if mark else "check its encoding."


def _nearest_file(path: Path) -> str:
    """Return a hint that names the study file nearest in spelling."""
    folder = path.parent
    if not folder.is_dir():
        return ""
    names = [p.name for p in folder.glob("*.yaml") if not p.name.endswith(".mapping.yaml")]
    near = get_close_matches(path.name, names, n=1, cutoff=0.5)
    return f" Did you mean {folder / near[0]}?" if near else ""
