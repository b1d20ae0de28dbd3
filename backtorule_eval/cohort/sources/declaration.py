"""How a mapping file declares one raw file or one table of a database."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Any, Literal, Protocol

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from backtorule_eval.cohort.sources.canonical import tidy_text
from backtorule_eval.cohort.strict_yaml import Strict

Format = Literal["text", "xlsx", "sav", "dta", "parquet", "nvb"]
SUFFIXES: dict[str, Format] = {
    ".csv": "text",
    ".tsv": "text",
    ".tab": "text",
    ".txt": "text",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".sav": "sav",
    ".zsav": "sav",
    ".dta": "dta",
    ".parquet": "parquet",
    ".nvb": "nvb",
}
ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1252",
    "iso-8859-1",
    "iso-8859-15",
    "cp850",
    "mac-roman",
)
_DELIMITERS = {"tab": "\t", "\\t": "\t"}


def _as_codes(value: Any) -> Any:
    """Codes for missing, written as a list (no reasons) or as code: reason."""
    if isinstance(value, list):
        return {str(code): "" for code in value}
    return value


def _as_delimiter(value: Any) -> Any:
    """Let a tab be written as a word."""
    return _DELIMITERS.get(value, value) if isinstance(value, str) else value


Code = Annotated[str, AfterValidator(lambda code: tidy_text(code) or "")]
MissingCodes = Annotated[Mapping[Code, str], BeforeValidator(_as_codes)]
Decimal = Literal["", ".", ","]


class FileDeclaration(Strict):
    """One raw file, or one table or query of the study's database.

    Attributes
    ----------
    file : str
        Path inside the study's raw folder, with / between folders. Exactly one of file, table and query is
        given.
    table, query : str
        A table ("name" or "schema.name") or a SELECT of the study's database.
    format : Format or None
        Told by the suffix when None.
    sheet : str
        Name of the sheet of a workbook; needed when there are several.
    delimiter, decimal, encoding, dates : str
        "" means: accepted without declaration only if exactly one reading is possible.
    missing : mapping of code to reason
        Cells that mean "no value", in any column; the reason is a level of missing_reason or "".
    skip_rows : int
        Rows above the header.
    may_be_empty : bool
        True lets a file with a header and no rows through.
    """

    file: str = ""
    table: str = ""
    query: str = ""
    format: Format | None = None
    sheet: str = ""
    delimiter: Annotated[Literal["", ",", ";", "\t", "|"], BeforeValidator(_as_delimiter)] = ""
    decimal: Decimal = ""
    encoding: str = ""
    dates: str = ""
    missing: MissingCodes = Field(default_factory=dict)
    skip_rows: Annotated[int, Field(ge=0)] = 0
    may_be_empty: bool = False

    @property
    def read_as(self) -> Format | Literal["database"]:
        """The reader this declaration needs."""
        if not self.file:
            return "database"
        return self.format or SUFFIXES[PurePosixPath(self.file).suffix.lower()]

    @model_validator(mode="after")
    def _one_origin(self) -> FileDeclaration:
        if sum(map(bool, (self.file, self.table, self.query))) != 1:
            raise ValueError("give exactly one of file, table and query.")
        if self.file:
            _check_path(self.file, known_format=self.format is not None)
        if self.encoding and self.encoding.lower() not in ENCODINGS:
            raise ValueError(f"encoding is one of: {', '.join(ENCODINGS)}.")
        if self.query and not re.match(r"\s*(select|with)\b", self.query, re.IGNORECASE):
            raise ValueError("query begins with SELECT or WITH: raw data are only read.")
        return self


def _check_path(file: str, *, known_format: bool) -> None:
    """Refuse a path out of the raw folder, and a suffix that tells no format."""
    path = PurePosixPath(file)
    if path.is_absolute() or PureWindowsPath(file).is_absolute() or ".." in path.parts:
        raise ValueError("file is a path inside the raw folder, without '..'.")
    if not known_format and path.suffix.lower() not in SUFFIXES:
        raise ValueError(
            f"the suffix {path.suffix!r} tells no format; give format, or one of {', '.join(SUFFIXES)}."
        )


class Declared(Protocol):
    """What reading needs to know of a mapping file."""

    @property
    def files(self) -> Mapping[str, FileDeclaration]:
        """Handle -> declaration."""

    @property
    def sources(self) -> Sequence[str]:
        """Every ``handle`` or ``handle/sheet`` that some table is made from."""
