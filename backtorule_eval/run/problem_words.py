"""The words around a list of problems, in both languages; those of the problems themselves are the rules'."""

from __future__ import annotations

from backtorule_eval.cohort.dictionary import Text

WORDS = {
    "title": Text(nb="Kontroll av dataene: {name}", en="Check of the data: {name}"),
    "none": Text(
        nb="Ingen problemer funnet: {files}, {rows} lest.",
        en="No problems found: {files}, {rows} read.",
    ),
    "stopped": Text(
        nb="Dataene kan ikke brukes ennå. Må rettes: {errors}. Verdt å se på: {warnings}.",
        en="The data cannot be used yet. To correct: {errors}. Worth a look: {warnings}.",
    ),
    "usable": Text(
        nb="Dataene kan brukes: {files}, {rows} lest. Verdt å se på: {warnings}.",
        en="The data can be used: {files}, {rows} read. Worth a look: {warnings}.",
    ),
    "one_file": Text(nb="{n} fil", en="{n} file"),
    "many_files": Text(nb="{n} filer", en="{n} files"),
    "one_row": Text(nb="{n} rad", en="{n} row"),
    "many_rows": Text(nb="{n} rader", en="{n} rows"),
    "page": Text(nb="Alt står også her: {path}", en="All of it is here too: {path}"),
    "explanation": Text(
        nb="Radnumrene er filens egne. I tekstfiler og regneark er overskriften rad 1; i andre filer telles "
        "radene fra 1. Siden viser aldri en verdi fra dataene.",
        en="Row numbers are the file's own. In text files and spreadsheets the header is row 1; elsewhere "
        "rows are counted from 1. This page never shows a value from the data.",
    ),
    "error_heading": Text(nb="Må rettes", en="To correct"),
    "warning_heading": Text(nb="Verdt å se på", en="Worth a look"),
    "error_caption": Text(
        nb="Dette stanser importen. Rett det i kilden eller i koblingsfilen.",
        en="This stops the import. Correct it at the source or in the mapping file.",
    ),
    "warning_caption": Text(
        nb="Dette stanser ikke importen, men kan bety at noe er galt.",
        en="This does not stop the import, but something may be wrong.",
    ),
    "file": Text(nb="Fil", en="File"),
    "column": Text(nb="Kolonne", en="Column"),
    "n_rows": Text(nb="Rader", en="Rows"),
    "first_rows": Text(nb="Første rader", en="First rows"),
    "problem": Text(nb="Hva som er galt", en="What is wrong"),
    "remedy": Text(nb="Hva du gjør", en="What to do"),
}


def say(name: str, language: str) -> str:
    """Return some of the words."""
    return WORDS[name].in_language(language)


def number(count: int, language: str) -> str:
    """Write a count as the language does."""
    return f"{count:,}".replace(",", "\N{NO-BREAK SPACE}" if language == "nb" else ",")


def counted(count: int, words: tuple[str, str], language: str) -> str:
    """Write a count with the word for one or for many."""
    return say(words[count != 1], language).format(n=number(count, language))
