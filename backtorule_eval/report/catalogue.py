"""The two languages of a reader: English is what the code says, bokmål is the committed catalogue.

Words are marked with `_` (translated here and now) or `N_` (translated where they are used). How to update
the catalogue after a change of words: locale/README.md.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations
from importlib import resources

from backtorule_eval.errors import ParameterProblem

DOMAIN = "backtorule"
LANGUAGES = ("nb", "en")

Translator = Callable[[str], str]


def N_(message: str) -> str:
    """Mark words for the catalogue, by the name Babel looks for, and leave them as they are."""
    return message


@cache
def translator(language: str) -> Translator:
    """Return the function that says an English message in a reader's language.

    Raises
    ------
    ParameterProblem
        The language is neither nb nor en.
    """
    if language not in LANGUAGES:
        raise ParameterProblem(
            f"There are no words in language {language!r}; there are: {', '.join(LANGUAGES)}."
        )
    if language == "en":
        return N_
    path = resources.files(__package__).joinpath("locale", language, "LC_MESSAGES", f"{DOMAIN}.mo")
    with path.open("rb") as file:
        return GNUTranslations(file).gettext
