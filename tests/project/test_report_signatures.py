"""`report` is handed what may be shown, never a frame of people."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

import backtorule_eval.report

FRAMES = (pd.DataFrame, pd.Series)


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """The package and every module below it."""
    yield package
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def public_callables(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Public functions defined in a module, and its public classes' constructors and public methods."""
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(thing):
            yield f"{module.__name__}.{name}", thing.__init__
            yield from methods(f"{module.__name__}.{name}", thing)
        elif inspect.isroutine(thing):
            yield f"{module.__name__}.{name}", thing


def methods(prefix: str, cls: type) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Public methods a class defines itself."""
    for name, thing in vars(cls).items():
        method = getattr(thing, "__func__", thing)
        if not name.startswith("_") and inspect.isfunction(method):
            yield f"{prefix}.{name}", method


def parts(annotation: Any) -> Iterator[Any]:
    """The annotation and what it is built from: `list[X | None]` holds X."""
    yield annotation
    for part in typing.get_args(annotation):
        yield from parts(part)


def frames_taken(function: Callable[..., Any]) -> list[str]:
    """Parameters annotated as a data frame or series, in whatever container; unresolvable names by text."""
    try:
        hints = typing.get_type_hints(function)
    except (NameError, TypeError):
        hints = {name: str(hint) for name, hint in getattr(function, "__annotations__", {}).items()}
    return [name for name, hint in hints.items() if name != "return" and holds_frame(hint)]


def holds_frame(hint: Any) -> bool:
    if isinstance(hint, str):
        return any(frame.__name__ in hint for frame in FRAMES)
    return any(inspect.isclass(part) and issubclass(part, FRAMES) for part in parts(hint))


FOUND = dict(item for module in modules(backtorule_eval.report) for item in public_callables(module))


@pytest.mark.parametrize("name", sorted(FOUND))
def test_no_public_signature_takes_a_frame(name):
    assert frames_taken(FOUND[name]) == []


def takes_frame(rows: pd.DataFrame) -> None: ...
def takes_frames(rows: list[pd.DataFrame | None]) -> None: ...
def takes_column(rows: pd.Series[Any]) -> None: ...
def takes_unresolved(rows: Unknown[pd.DataFrame]) -> None: ...  # type: ignore[name-defined]  # noqa: F821
def gives_frame(rows: list[int]) -> pd.DataFrame: ...


@pytest.mark.parametrize("function", [takes_frame, takes_frames, takes_column, takes_unresolved])
def test_a_frame_is_seen(function):
    assert frames_taken(function) == ["rows"]


def test_a_frame_given_back_is_no_frame_taken():
    assert frames_taken(gives_frame) == []


def test_classes_are_looked_into():
    class Page:
        def __init__(self, rows: pd.DataFrame) -> None: ...

        def show(self, more: pd.DataFrame) -> None: ...

    Page.__module__ = "page"
    module = ModuleType("page")
    module.Page = Page
    assert [frames_taken(function) for _, function in public_callables(module)] == [["rows"], ["more"]]
