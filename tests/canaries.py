"""Values that must never be seen outside the private store, and a search that finds them in any writing."""

from __future__ import annotations

import base64
import binascii
import contextlib
import csv
import html
import io
import re
import urllib.parse
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import yaml

from backtorule_eval.synthetic import write_site
from tests.bad_studies import BadInput, Seen, fill
from tests.report.pdf_text import text_of

MONTHS = {
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "en": "January February March April May June July August September October November December",
}
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
DATES = (
    (re.compile(r"(\d{4})-(\d\d)-(\d\d)"), (1, 2, 3)),
    (re.compile(r"(\d\d)\.(\d\d)\.(\d{4})"), (3, 2, 1)),
)
SHORTEST = 4
KNOWN_ANYWHERE = 8
# A name that is shown, or a word of the product itself, is no participant's value.
WORD = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """Something a person may see: what it is called, and its bytes."""

    name: str
    content: bytes

    @classmethod
    def of(cls, name: str, text: object) -> Rendering:
        return cls(name=name, content=str(text).encode("utf-8", errors="surrogateescape"))


# --- The search --------------------------------------------------------------------------------------


def search(renderings: Iterable[Rendering], canaries: Iterable[str]) -> dict[str, list[str]]:
    """Which canaries are in which renderings? Canary -> names of the renderings; empty when all is well."""
    patterns = {canary: _pattern(canary) for canary in canaries}
    found: dict[str, list[str]] = {}
    for rendering in renderings:
        views = "\n".join(dict.fromkeys(views_of(rendering.content)))
        for canary, pattern in patterns.items():
            if pattern.search(views):
                found.setdefault(canary, []).append(rendering.name)
    return found


def forms_of(canary: str) -> set[str]:
    """How a value may be written: as it is; a number with the other decimal sign or thousands; a date."""
    forms = {canary}
    for pattern, order in DATES:
        if match := pattern.fullmatch(canary):
            with contextlib.suppress(ValueError):
                forms |= _date_forms(date(*(int(match[i]) for i in order)))
    if NUMBER.fullmatch(canary):
        whole, _, part = canary.replace(",", ".").partition(".")
        grouped = f"{int(whole):,}".split(",")
        wholes = {whole, *(sign.join(grouped) for sign in (" ", "\u00a0", "\u202f", ",", "."))}
        forms |= {f"{w}{sign}{part}" if part else w for w in wholes for sign in ".,"}
    return forms


def _date_forms(day: date) -> set[str]:
    forms = ("%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%y")
    plain = {day.strftime(form) for form in forms} | {f"{day.day}.{day.month}.{day.year}", repr(day)}
    nb, en = (MONTHS[language].split()[day.month - 1] for language in ("nb", "en"))
    return plain | {
        f"{day.day}. {nb} {day.year}",
        f"{day.day} {en} {day.year}",
        f"{en} {day.day}, {day.year}",
    }


def _pattern(canary: str) -> re.Pattern[str]:
    """Any form; short words and numbers not as a part of a longer word or number, dates not of a number."""
    forms = sorted(forms_of(canary), key=len, reverse=True)
    either = "|".join(re.escape(form) for form in forms)
    if NUMBER.fullmatch(canary) or (len(canary) < KNOWN_ANYWHERE and canary.isalpha()):
        return re.compile(rf"(?<!\w)(?<!\d[.,])(?:{either})(?!\w)(?![.,]\d)", re.IGNORECASE)
    return re.compile(rf"(?<!\d)(?:{either})(?!\d)", re.IGNORECASE)


def views_of(content: bytes) -> Iterator[str]:
    """The content as text in every way it may be wrapped: HTML, URL and JSON escapes, base64, UTF-16, hex."""
    for text in _texts(content):
        yield text
        yield html.unescape(text)
        yield urllib.parse.unquote_plus(text)
        yield _without_escapes(text)
        for run in BASE64.findall(text):
            yield from _decoded(run)


def _texts(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8", errors="replace")
    if b"\0" in content:
        yield content.replace(b"\0", b"").decode("latin-1")


def _without_escapes(text: str) -> str:
    """Text with the escapes of JSON and Python (\\u00e5, \\n) undone."""
    bare = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
    return bare.replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"').replace("\\/", "/")


def _decoded(run: str) -> Iterator[str]:
    """What a run of base64 characters says, as base64 (from each of its four first characters) and as hex."""
    bare = run.rstrip("=").replace("-", "+").replace("_", "/")
    for start in range(4):
        part = bare[start : start + (len(bare) - start) // 4 * 4]
        try:
            yield base64.b64decode(part, validate=True).decode("utf-8", errors="replace")
        except (binascii.Error, ValueError):
            continue
    if re.fullmatch(r"(?:[0-9a-fA-F]{2})+", bare):
        yield bytes.fromhex(bare).decode("utf-8", errors="replace")


def files_below(folder: Path) -> list[Rendering]:
    """Every file of a folder, its name included, and what is packed in it."""
    found = []
    for path in (p for p in sorted(folder.rglob("*")) if p.is_file()):
        name, content = path.relative_to(folder).as_posix(), path.read_bytes()
        found += [Rendering.of(f"{name}: name", path.name), *readable(name, content)]
    return found


def readable(name: str, content: bytes) -> Iterator[Rendering]:
    """A file, and what only shows once it is unpacked: members of a zip, texts of a PDF.

    Of a PDF its words are searched, not its bytes: places on a page are numbers like any other.
    """
    if content.startswith(b"%PDF"):
        yield Rendering.of(f"{name}: text", text_of(content))
        with pikepdf.open(io.BytesIO(content)) as opened:
            yield Rendering.of(f"{name}: texts", "\n".join(map(str, _strings(opened.objects))))
            yield Rendering(name=f"{name}: metadata", content=opened.Root.Metadata.read_bytes())
        return
    yield Rendering(name=name, content=content)
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield Rendering.of(f"{name}/{member}: name", member)
                yield from readable(f"{name}/{member}", archive.read(member))


def _strings(objects: Iterable[Any]) -> Iterator[Any]:
    """Every text in the objects of a PDF: titles, alternative texts, properties."""
    for one in objects:
        if isinstance(one, pikepdf.String):
            yield one
        elif isinstance(one, pikepdf.Dictionary):
            yield from (value for value in dict(one).values() if isinstance(value, pikepdf.String))
        elif isinstance(one, pikepdf.Array):
            yield from (value for value in list(one) if isinstance(value, pikepdf.String))


def shown_by(error: BaseException) -> Iterator[Rendering]:
    """Everything an exception can show: text, arguments, notes, and those of its causes and contexts."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        notes = getattr(one, "__notes__", [])
        problems = getattr(one, "problems", ())
        yield Rendering.of(
            f"exception {type(one).__name__}", f"{one}\n{one!r}\n{one.args!r}\n{notes}\n{problems!r}"
        )
        waiting += [one.__cause__, one.__context__]


def shown_of(told: Seen) -> list[Rendering]:
    """Everything a command showed: terminal, log, outputs, and the error that stopped it."""
    return [
        Rendering.of("stdout", told.stdout),
        Rendering.of("stderr", told.stderr),
        Rendering.of("log", told.log),
        *(Rendering(name=name, content=content) for name, content in told.outputs.items()),
        *(shown_by(told.stopped_by) if told.stopped_by else ()),
    ]


# --- What participants gave ---------------------------------------------------------------------------


def values_given(bad: BadInput) -> set[str]:
    """Every cell of a folder's raw files that is a value, and the words of longer ones.

    Left out is what is too short to be known again, names that the study's own files use (columns, codes),
    and words of the product's rules and levels. Names of columns may be shown too, but no number in them.
    """
    shown = {word.casefold() for text in _own_words(bad) for word in _words(text)}
    headers, cells = _cells(bad, shown)
    whole = cells - headers
    parts = {word for cell in whole for word in WORD.findall(cell)}
    parts |= {word for cell in headers for word in WORD.findall(cell) if word.isdigit()}
    known = {v for v in whole | parts if len(v) >= SHORTEST and v.casefold() not in shown and _tells(v)}
    return known | set(bad.never)


def _tells(value: str) -> bool:
    """Whether a value is known again: no count, no word of HTML, no error that any spreadsheet may show."""
    common = value in ("html", "body", "table") or value.startswith("#")
    return not common and (not value.isdigit() or int(value) > 2000)


def _words(text: str) -> Iterator[str]:
    yield from WORD.findall(text)
    yield from re.split(r"[:,;{}\[\]\"\n]\s*", text)


def _own_words(bad: BadInput) -> Iterator[str]:
    """What may be shown: the study's files, the columns a problem names, the product's words."""
    yield from product_words()
    for file in ("study.yaml", "mapping.yaml"):
        if (bad.folder / file).is_file():
            yield (bad.folder / file).read_text(encoding="utf-8")
    for problem in bad.problems:
        yield f"{problem.file}\n{problem.column}"


@cache
def product_words() -> tuple[str, ...]:
    """Texts of the package: rules, levels."""
    rooms = [resources.files("backtorule_eval").joinpath(room) for room in ("cohort", "measures")]
    files = [entry for room in rooms for entry in room.iterdir()]
    wanted = [f for f in files if f.name.startswith(("rules", "dictionary")) and f.name.endswith(".yaml")]
    return tuple(file.read_text(encoding="utf-8") for file in wanted)


def _cells(bad: BadInput, shown: set[str]) -> tuple[set[str], set[str]]:
    """Names of columns, and all cells; a file without a header row has no names."""
    headers: set[str] = set()
    cells: set[str] = set()
    for rows in _raw_rows(bad):
        if rows and any(len(cell) >= SHORTEST and cell.casefold() in shown for cell in rows[0]):
            headers |= set(rows[0])
        cells |= {cell for row in rows for cell in row}
    return headers, cells


def _raw_rows(bad: BadInput) -> Iterator[list[list[str]]]:
    """Raw files as rows of cells; those that are made for the test as they are described."""
    for source in bad.folder.glob("raw/**/*"):
        if source.is_file():
            lines = fill(source.read_text(encoding="utf-8")).splitlines()
            yield [[cell.strip() for cell in re.split(r"[;,\t|¤]", line)] for line in lines]
            yield [[cell.strip() for cell in line.split(";")] for line in lines]
    build = bad.folder / "build.yaml"
    made = yaml.safe_load(fill(build.read_text(encoding="utf-8"))) if build.is_file() else {}
    for sheets in made.get("workbook", {}).values():
        yield [[name] for name in sheets if name != "Ark1"]
        yield from ([[str(_content(cell)) for cell in row] for row in rows] for rows in sheets.values())
    for step in ("sav", "dta", "parquet", "sqlite"):
        yield from ([[leaf] for leaf in _leaves(how)] for how in made.get(step, {}).values())


def _content(cell: Any) -> Any:
    return next(iter(cell.values())) if isinstance(cell, dict) else cell


def _leaves(entry: Any) -> Iterator[str]:
    """Values of a description; of SQL the texts in quotation marks and the numbers."""
    if isinstance(entry, Mapping):
        for value in entry.values():
            yield from _leaves(value)
    elif isinstance(entry, list):
        for value in entry:
            yield from _leaves(value)
    elif isinstance(entry, str) and re.search(r"\b(SELECT|CREATE TABLE)\b", entry):
        yield from re.findall(r"'([^']*)'", entry)
        yield from re.findall(r"\b\d{4,}\b", entry)
    else:
        yield str(entry)


# --- A site with values planted ---------------------------------------------------------------------------

# Where they are planted; those that reach the cohort stand first. All are possible values, and rare ones.
PLANTED: Mapping[str, str] = {
    "kanari-person": "persons.person",
    "kanari-skole": "persons.school",
    "kanari-veileder": "persons.counsellor",
    "58.37": "persons.grunnskolepoeng",
    "17.3719": "persons.residence_years",
    "4711": "persons.remaining_hours",
    "2019-02-28": "persons.consent_date",
    "kanari-kontakt": "contacts.contact",
    "kanari-ansatt": "contacts.staff",
    "587": "contacts.minutes",
    "kanari-delmal": "goals.goal",
    "7.313": "goals.weight",
    "2031-05-17": "goals.date_due",
    "kanari-foring": "attendance.record",
    "7.3125": "attendance.hours",
    "kanari-dokument": "documents.document",
    "kanari-tema": "codings.code",
    "kanari-fritekst": "",
    "kanari-utdrag": "",
}


def plant_site(folder: Path) -> None:
    """Write a synthetic site with values in its raw files that must never be seen: those of `PLANTED`."""
    write_site(folder, people=40, seed=3, language="nb")
    person = _plant_in_workbook(folder / "oppfolging.xlsx")
    for file, encoding in (("fravaer.csv", "cp1252"), ("perioder.tsv", "utf-8"), ("karakterer.nvb", "utf-8")):
        _edit(folder / file, lambda text: text.replace(person, "kanari-person"), encoding=encoding)
    for file in ("nettskjema.csv", "dokumenter.csv", "taguette.csv"):
        _edit(
            folder / file,
            lambda text: text.replace(person, "kanari-person").replace("I-01", "kanari-dokument"),
        )
    _edit_cells(
        folder / "fravaer.csv",
        {"Føring": "kanari-foring", "Timer": "7,3125"},
        delimiter=";",
        encoding="cp1252",
    )
    _edit_cells(folder / "nettskjema.csv", {"kommentar": 'kanari-fritekst: "jeg, <b>selv</b>"'})
    _edit_cells(folder / "taguette.csv", {"tag_full_path": "Annet/kanari-tema", "content": "kanari-utdrag"})


def _plant_in_workbook(path: Path) -> str:
    """Plant in the sheets of the follow-up team; return the pseudonym that was taken out."""
    book = openpyxl.load_workbook(path)
    person = _stays(book["Deltakere"])
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                cell.value = "kanari-person" if cell.value == person else cell.value
    persons = {
        "Skole": "kanari-skole",
        "Veileder": "kanari-veileder",
        "Grunnskolepoeng": 58.37,
        "Botid (år)": 17.3719,
        "Årstimer som gjenstår": 4711,
        "Samtykke gitt": datetime(2019, 2, 28),
    }
    _plant(book["Deltakere"], persons)
    _plant(book["Kontakter"], {"Kontaktnr": "kanari-kontakt", "Ansatt": "kanari-ansatt", "Minutter": 587})
    _plant(book["Delmål"], {"Delmålnr": "kanari-delmal", "Vekt": 7.313, "Frist": datetime(2031, 5, 17)})
    book.save(path)
    return person


def _stays(sheet: Any) -> str:
    """The first person who did not withdraw, lives here, and is not the first of all."""
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=3, values_only=True):
        of = dict(zip(header, row, strict=True))
        if of["Samtykke trukket"] is None and of["Botid (år)"] is not None and of["Fødselsår"] < 2006:
            return str(of["Pseudonym"])
    raise LookupError("nobody in whom values could be planted")


def _plant(sheet: Any, values: Mapping[str, Any]) -> None:
    """Write values into the first row of the planted person."""
    header = [cell.value for cell in sheet[1]]
    person = header.index("Pseudonym")
    row = next(row for row in sheet.iter_rows(min_row=2) if row[person].value == "kanari-person")
    for name, value in values.items():
        row[header.index(name)].value = value


def _edit(path: Path, change: Callable[[str], str], *, encoding: str = "utf-8") -> None:
    path.write_bytes(change(path.read_bytes().decode(encoding)).encode(encoding))


def _edit_cells(
    path: Path, values: Mapping[str, str], *, delimiter: str = ",", encoding: str = "utf-8"
) -> None:
    """Write values into the first row of the planted person, or of the planted document."""
    with path.open(encoding=encoding, newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    row = next(row for row in rows if {"kanari-person", "kanari-dokument"} & set(row))
    for name, value in values.items():
        row[rows[0].index(name)] = value
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
