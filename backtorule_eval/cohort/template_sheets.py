"""The sheets of the empty template: a codebook, and one sheet per table with its drop-downs and limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from backtorule_eval.cohort.checks.columns import EARLIEST, LATEST
from backtorule_eval.cohort.dictionary import Column, Dictionary, Table, Text

CODEBOOK = Text(nb="Kodebok", en="Codebook")
YES, NO = Text(nb="Ja", en="Yes"), Text(nb="Nei", en="No")
BOOLEAN: Mapping[str, Text] = {"true": YES, "false": NO}

_LAST_ROW = 1_048_576
_TEXT, _DATE = "@", "yyyy-mm-dd"
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_ANY_NUMBER = (-1e9, 1e9)
_PROMPT_LENGTH = 255
_WIDTHS = (24, 34, 26, 24, 14, 12, 18, 48, 20)

_GUIDE = (
    Text(
        nb="Fyll ut ett ark per tabell, fra rad 2 og nedover. La ark og kolonner du ikke har, stå tomme.",
        en="Fill in one sheet per table, from row 2 down. Leave sheets and columns you do not have empty.",
    ),
    Text(
        nb="Skriv aldri navn, fødselsnummer eller D-nummer. Bruk det samme pseudonymet i alle ark.",
        en="Never write names or identity numbers. Use the same pseudonym in all sheets.",
    ),
    Text(
        nb="Ikke endre navnene på ark og kolonner; filen ved siden av (.mapping.yaml) finner dem ved navn.",
        en="Do not rename sheets or columns; the file beside this one (.mapping.yaml) finds them by name.",
    ),
)
_HEADINGS = (
    Text(nb="Ark", en="Sheet"),
    Text(nb="Kolonne", en="Column"),
    Text(nb="Hva som fylles inn", en="What to fill in"),
    Text(nb="Gyldige verdier", en="Valid values"),
    Text(nb="Må fylles ut", en="Must be filled in"),
    Text(nb="Sensitiv", en="Sensitive"),
    Text(nb="Eksempel", en="Example"),
    Text(nb="Valg i listen", en="Choice in the list"),
    Text(nb="Navn i datafilen", en="Name in the data"),
)
_CHOICE = 8
_KINDS = {
    "person": Text(nb="pseudonym", en="pseudonym"),
    "code": Text(nb="kode", en="code"),
    "level": Text(nb="valg fra listen", en="choice from the list"),
    "integer": Text(nb="helt tall", en="whole number"),
    "number": Text(nb="tall", en="number"),
    "date": Text(nb="dato (åååå-mm-dd)", en="date (yyyy-mm-dd)"),
    "text": Text(nb="fritekst uten navn", en="free text without names"),
    "boolean": Text(nb="ja eller nei", en="yes or no"),
}
UNITS = {
    "year": "årstall",
    "years": "år",
    "points": "poeng",
    "hours": "timer",
    "minutes": "minutter",
    "annual hours": "årstimer",
    "per cent": "prosent",
    "months": "måneder",
}
_NOT_VALID = Text(nb="Ikke en gyldig verdi", en="Not a valid value")
_TITLE = Text(nb="Tom arbeidsbok for data om oppfølgingen", en="Empty workbook for data on the follow-up")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choices:
    """First and last row of the codebook that hold the choices of one column."""

    first: int
    last: int


def make_workbook(dictionary: Dictionary, *, language: str) -> Workbook:
    """Make the empty workbook, with headings, drop-downs and words in `language` ("nb" or "en")."""
    workbook = Workbook()
    workbook.properties.creator = "backtorule"
    workbook.properties.title = _TITLE.in_language(language)
    workbook.properties.language = language
    codebook = workbook.active
    codebook.title = CODEBOOK.in_language(language)
    choices = _fill_codebook(codebook, dictionary, language=language)
    for table in dictionary.tables.values():
        sheet = workbook.create_sheet(table.label.in_language(language))
        _fill_sheet(sheet, table, choices=choices, language=language)
    return workbook


def levels_of(column: Column) -> Mapping[str, Text]:
    """Choices of a column, value -> words; empty unless it has a drop-down."""
    return BOOLEAN if column.type == "boolean" else column.levels


def _fill_codebook(
    sheet: Worksheet, dictionary: Dictionary, *, language: str
) -> dict[tuple[str, str], _Choices]:
    """Write the codebook and tell, by table and column, where the choices lie."""
    for text in (_TITLE, *_GUIDE):
        sheet.append([text.in_language(language)])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append([])
    sheet.append([heading.in_language(language) for heading in _HEADINGS])
    _style_header(sheet, row=sheet.max_row)
    sheet.freeze_panes = f"A{sheet.max_row + 1}"
    choices = {}
    for table in dictionary.tables.values():
        row_is = Text(nb=f"Hver rad: {table.row.nb}", en=f"Each row: {table.row.en}")
        sheet.append([table.label.in_language(language), "", row_is.in_language(language)])
        for column in table.columns.values():
            first = sheet.max_row + 1
            for row in _codebook_rows(table, column, language=language):
                sheet.append(row)
            if levels_of(column):
                choices[table.name, column.name] = _Choices(first=first, last=sheet.max_row)
    for number, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    return choices


def _codebook_rows(table: Table, column: Column, *, language: str) -> Iterator[list[str]]:
    """One row for a column; for one with choices, a row for each of them."""
    kind = _KINDS[column.type].in_language(language)
    row = [
        table.label.in_language(language),
        column.label.in_language(language),
        kind,
        _limits(column, language=language),
        (YES if column.required else NO).in_language(language),
        (YES if column.sensitive else NO).in_language(language),
        column.example,
    ]
    for value, words in levels_of(column).items():
        yield [*row, words.in_language(language), f"{column.name}: {value}"]
    if not levels_of(column):
        yield [*row, "", column.name]


def _limits(column: Column, *, language: str) -> str:
    """Range and unit in words."""
    unit = column.unit if language == "en" else UNITS.get(column.unit, column.unit)
    if column.range is None:
        return unit
    to = Text(nb="til", en="to").in_language(language)
    low, high = column.range
    return f"{low:.15g} {to} {high:.15g}" + (f" ({unit})" if unit else "")


def _fill_sheet(
    sheet: Worksheet, table: Table, *, choices: Mapping[tuple[str, str], _Choices], language: str
) -> None:
    """Write the header row of a table and say what may stand under it."""
    sheet.append([column.label.in_language(language) for column in table.columns.values()])
    _style_header(sheet, row=1)
    sheet.freeze_panes = "B2"
    for number, column in enumerate(table.columns.values(), start=1):
        letter = get_column_letter(number)
        dimension = sheet.column_dimensions[letter]
        dimension.width = min(max(len(column.label.in_language(language)) + 2, 14), 30)
        dimension.number_format = _number_format(column)
        rule = _validation(column, choices.get((table.name, column.name)), language=language)
        rule.add(f"{letter}2:{letter}{_LAST_ROW}")
        sheet.add_data_validation(rule)


def _style_header(sheet: Worksheet, *, row: int) -> None:
    """Make a row look like a header."""
    for cell in sheet[row]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E6E6E6")
        cell.border = Border(bottom=Side(style="thin"))
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _number_format(column: Column) -> str:
    """Text where a leading zero would else be lost, a date that cannot be misread, or as typed."""
    if column.type in {"integer", "number"}:
        return "General"
    return _DATE if column.type == "date" else _TEXT


def _validation(column: Column, choices: _Choices | None, *, language: str) -> DataValidation:
    """What Excel lets through, and the words it shows beside the cell."""
    rule = DataValidation(allow_blank=True, showInputMessage=True)
    rule.promptTitle = column.label.in_language(language)[:32]
    rule.prompt = _prompt(column, language=language)[:_PROMPT_LENGTH]
    if choices:
        rule.type = "list"
        book = quote_sheetname(CODEBOOK.in_language(language))
        letter = get_column_letter(_CHOICE)
        rule.formula1 = f"{book}!${letter}${choices.first}:${letter}${choices.last}"
    elif column.type == "date":
        rule.type, rule.operator = "date", "between"
        # The dates that the checks let through, as Excel counts days.
        rule.formula1, rule.formula2 = (
            str((day.date() - _EXCEL_DAY_ZERO).days) for day in (EARLIEST, LATEST)
        )
    elif column.type in {"integer", "number"}:
        rule.type, rule.operator = ("whole" if column.type == "integer" else "decimal"), "between"
        low, high = column.range or _ANY_NUMBER
        rule.formula1, rule.formula2 = f"{low:.15g}", f"{high:.15g}"
    if rule.type:
        rule.showErrorMessage = True
        rule.errorTitle, rule.error = _NOT_VALID.in_language(language), rule.prompt
    return rule


def _prompt(column: Column, *, language: str) -> str:
    """What to fill in, in one or two short sentences."""
    kind = _KINDS[column.type].in_language(language)
    words = [f"{kind[0].upper()}{kind[1:]}"]
    if limits := _limits(column, language=language):
        words.append(f", {limits}")
    if column.example:
        words.append(Text(nb=", for eksempel ", en=", such as ").in_language(language) + column.example)
    words.append(".")
    if column.required:
        words.append(" " + Text(nb="Må fylles ut.", en="Must be filled in.").in_language(language))
    return "".join(words)
