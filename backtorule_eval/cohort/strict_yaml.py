"""YAML that people write by hand, read without surprises and refused with the nearest right names.

Plain YAML turns ``no`` into False, ``01`` into 1 and ``2024-01-05`` into a date, and lets the second of
two equal keys win in silence. Here every scalar stays text (only ``null`` and ``~`` mean nothing), so that
the model decides what a value is, and an equal key is an error.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from backtorule_eval.errors import ParameterProblem

Model = TypeVar("Model", bound=BaseModel)
_NULL = "tag:yaml.org,2002:null"
_MERGE = "tag:yaml.org,2002:merge"
_NEAR = 0.6
_UNKNOWN_KEY = "extra_forbidden"


class Strict(BaseModel):
    """Base of models for hand-written YAML: frozen, and no key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, validate_by_name=False)


class _TextLoader(yaml.SafeLoader):
    """Loads scalars as text and refuses a repeated key."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Make a dict, after checking that no key stands twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == _MERGE:
                continue
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    problem=f"the key {key.value!r} stands twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in {_NULL, _MERGE}]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def nearest_name(name: str, known: Iterable[str]) -> str:
    """Which known name is nearest to `name`? "" when none is near."""
    folded = {n.casefold(): n for n in known}
    close = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=_NEAR)
    return folded[close[0]] if close else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which known name is nearest to `name`, or list them all when none is near."""
    names = list(known)
    if close := nearest_name(name, names):
        return f"did you mean {close!r}?"
    return f"known: {', '.join(names)}." if names else "none is known here."


def load_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file whose top is a list of keys, every scalar as text.

    Raises
    ------
    ParameterProblem
        The file is missing, is not UTF-8, is not YAML, repeats a key, or is not a list of keys at its top.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ParameterProblem(f"{path.name}: there is no such file.") from None
    except OSError as error:
        raise ParameterProblem(f"{path.name}: cannot be opened ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise ParameterProblem(f"{path.name}: is not UTF-8. Save it as UTF-8.") from None
    try:
        raw = yaml.load(text, Loader=_TextLoader)
    except yaml.YAMLError as error:
        raise ParameterProblem(f"{path.name}: {_yaml_complaint(error)}") from None
    if not isinstance(raw, dict):
        raise ParameterProblem(f"{path.name}: holds no keys at its top.")
    return raw


def _yaml_complaint(error: yaml.YAMLError) -> str:
    """Say what YAML cannot read, and on which line."""
    mark = getattr(error, "problem_mark", None)
    line = f"line {mark.line + 1}: " if mark else ""
    return f"{line}{getattr(error, 'problem', None) or 'cannot be read as YAML'}."


def check_model(model: type[Model], raw: Mapping[str, Any]) -> tuple[Model | None, list[str]]:
    """Validate `raw`; return the model, or None and a sentence for everything that is wrong."""
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        return None, [_complaint(model, e["loc"], e["type"], e["msg"]) for e in error.errors()]


def _complaint(model: type[BaseModel], loc: Sequence[int | str], kind: str, message: str) -> str:
    """Say what is wrong at one place, with the nearest right key where a key is unknown."""
    if kind == _UNKNOWN_KEY:
        keys = _keys_at(model, loc[:-1])
        return f"{place(loc[:-1])}unknown key {str(loc[-1])!r}; {nearest(str(loc[-1]), keys)}"
    if kind == "missing":
        return f"{place(loc[:-1])}the key {str(loc[-1])!r} is missing."
    return f"{place(loc)}{message.removeprefix('Value error, ')}"


def place(loc: Sequence[int | str]) -> str:
    """Write a place in the file: ``tables.persons[2].columns: ``, counting from 1."""
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return f"{text.lstrip('.')}: " if text else ""


def _keys_at(model: Any, loc: Sequence[int | str]) -> list[str]:
    """Keys that the model at `loc` knows."""
    here = model
    for part in loc:
        here = _step(here, part)
    found = _model_in(here)
    return [f.alias or name for name, f in found.model_fields.items()] if found else []


def _step(annotation: Any, part: int | str) -> Any:
    """Type of what stands at `part` inside something of type `annotation`."""
    model = _model_in(annotation)
    if model is not None and isinstance(part, str):
        by_key = {f.alias or name: f.annotation for name, f in model.model_fields.items()}
        return by_key.get(part)
    inner = [a for a in get_args(_bare(annotation)) if a is not Ellipsis]
    return inner[-1] if inner else annotation


def _bare(annotation: Any) -> Any:
    """`annotation` without Annotated and without "or None"."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [a for a in get_args(annotation) if a is not type(None)]
        return _bare(parts[0]) if len(parts) == 1 else annotation
    return annotation


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model class that `annotation` is, or None."""
    bare = _bare(annotation)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None
