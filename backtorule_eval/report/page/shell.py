"""What every page has: language, title, skip link, landmarks, styles, and a fold with how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.turning import unturned


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of how a page was made: a hash, a version, a seed."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A place to go, relative to the page."""

    href: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Everything around a page's content.

    Attributes
    ----------
    title : str
        For the window and for whoever searches; the page's own h1 is part of its content.
    above : Link or None
        One step up: from a notebook's page to the cohort's, from the cohort's to the list.
    notes : sequence of str
        Sentences at the foot, e.g. under which rules figures were rounded.
    """

    title: str
    language: str
    above: Link | None = None
    notes: Sequence[str] = ()
    facts: Sequence[Fact] = ()


def put_in_frame(main: Markup, frame: Frame) -> str:
    """Return the whole page; the same content gives the same bytes."""
    page = template("shell.html.j2").render(
        main=main,
        style=Markup(_read("style.css")),  # our own file
        _=translator(frame.language),
        **{name: getattr(frame, name) for name in ("title", "language", "above", "notes", "facts")},
    )
    return unturned(page.rstrip("\n") + "\n")


@cache
def template(name: str) -> Template:
    """Load one of this folder's templates; everything put into it is escaped unless it is `Markup`."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_read(name))


def _read(name: str) -> str:
    """Read a file of this folder."""
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
