"""The empty template: a workbook that a site fills in, and the mapping file that imports it."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml

from backtorule_eval.cohort.dictionary import Column, Dictionary, Text, load_dictionary
from backtorule_eval.cohort.template_sheets import levels_of, make_workbook
from backtorule_eval.errors import ParameterProblem

LANGUAGES = ("nb", "en")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_ABOVE_MAPPING = Text(
    nb="""\
# Leser {workbook} slik den er fylt ut; her trengs ingen endringer.
# En egen kolonne skrives i arket {extras!r} og meldes her, for eksempel:
#   extras:
#     travel_minutes: {{type: integer, unit: minutes, label: {{nb: Reisetid, en: Travel time}}}}
# og under tables, extras, columns:  travel_minutes: Reisetid
""",
    en="""\
# Reads {workbook} as filled in; nothing needs to be changed here.
# A column of your own goes in the sheet {extras!r} and is declared here, for example:
#   extras:
#     travel_minutes: {{type: integer, unit: minutes, label: {{nb: Reisetid, en: Travel time}}}}
# and under tables, extras, columns:  travel_minutes: Travel time
""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFiles:
    """The two files that were written."""

    workbook: Path
    mapping: Path


def write_template(folder: Path, *, language: str) -> TemplateFiles:
    """Write the empty workbook and its mapping file to a folder.

    Parameters
    ----------
    folder : Path
        Made if needed. Existing files are never overwritten.
    language : {"nb", "en"}
        Language of sheets, headings and choices; the imported cohort is the same.

    Raises
    ------
    ParameterProblem
        The language is not known, a file of that name is there already, or the folder cannot be written to.
    """
    if language not in LANGUAGES:
        raise ParameterProblem(f"There is no template in {language!r}; choose {' or '.join(LANGUAGES)}.")
    files = TemplateFiles(
        workbook=folder / f"backtorule-{language}.xlsx",
        mapping=folder / f"backtorule-{language}.mapping.yaml",
    )
    if taken := [path.name for path in (files.workbook, files.mapping) if path.exists()]:
        raise ParameterProblem(
            f"{folder} already has {' and '.join(taken)}, which may be filled in. Nothing was written; "
            "move the file away or name another folder."
        )
    dictionary = load_dictionary()
    workbook = template_workbook(dictionary, language=language)
    mapping = template_mapping(dictionary, language=language, workbook=files.workbook.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_new(files.workbook, workbook)
        _write_new(files.mapping, mapping.encode())
    except OSError as problem:
        raise ParameterProblem(f"{folder} cannot be written to: {problem.strerror}.") from None
    return files


def template_workbook(dictionary: Dictionary, *, language: str) -> bytes:
    """Make the workbook; the same dictionary gives the same bytes."""
    saved = BytesIO()
    make_workbook(dictionary, language=language).save(saved)
    fixed = BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            info = zipfile.ZipInfo(name, date_time=_EPOCH)
            info.external_attr = 0o600 << 16
            target.writestr(info, content, compress_type=zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def template_mapping(dictionary: Dictionary, *, language: str, workbook: str) -> str:
    """Write the mapping file that imports the workbook, as YAML."""
    tables = {
        table.name: {
            "from": f"workbook/{table.label.in_language(language)}",
            "columns": {c.name: _rule(c, language=language) for c in table.columns.values()},
        }
        for table in dictionary.tables.values()
    }
    content = {"files": {"workbook": {"file": workbook, "may_be_empty": True}}, "tables": tables}
    extras = dictionary.tables["extras"].label.in_language(language)
    body = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)
    return _ABOVE_MAPPING.in_language(language).format(workbook=workbook, extras=extras) + body


def _rule(column: Column, *, language: str) -> Any:
    """Where a column of the dictionary comes from: a heading and, for a drop-down, what its words mean."""
    heading = column.label.in_language(language)
    if levels := levels_of(column):
        return {"column": heading, "codes": {t.in_language(language): level for level, t in levels.items()}}
    return heading


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that must not exist yet."""
    with path.open("xb") as file:
        file.write(content)
