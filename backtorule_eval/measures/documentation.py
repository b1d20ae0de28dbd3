"""The scales as a page to read, made from `scales.yaml` so that the two cannot drift apart.

``python -m backtorule_eval.measures.documentation docs/scales.md`` writes it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from backtorule_eval.measures.absence_rules import AbsenceRules, RulePeriod, load_absence_rules
from backtorule_eval.measures.evidence import Rule
from backtorule_eval.measures.scales import Catalogue, CutOff, Key, Scale, load_catalogue

Row = tuple[str, str, str, str]
COMMAND = "python -m backtorule_eval.measures.documentation docs/scales.md"

_INTRODUCTION = f"""\
# Scales

<!-- Made from backtorule_eval/measures/scales.yaml and absence.yaml. Do not edit; run: {COMMAND} -->

Every questionnaire scale the workbook scores: its items, the range of answers, how answers become a score,
who gets one when answers are missing, and published limits. The wordings of items are not here; most are
under copyright, and a site gets them from the publisher. Items are named `<scale>_<two-digit number>`, in the
order of the form.

Every rule has a mark that says how well it is known:

| Mark | Meaning |
| --- | --- |
| R | read in the source named |
| R- | read, but the source is second-hand or weak |
| U | not verified |
| C | computed from the other rules |
| D | decided by this project, because no published rule was read |

**What is not marked R is not a fact.** It can be used for scoring, and the page then says so; a limit that is
not marked R is never applied. Check the key against the form you used.
"""


def document_scales(catalogue: Catalogue, absence: AbsenceRules) -> str:
    """How is each scale scored, and how well is each rule known, in Markdown?"""
    head = ["Scale", "English", "Norsk", "Items", "Answers", "Score"]
    overview = _grid(head, map(_line, catalogue.scales.values()))
    sections = [line for scale in catalogue.scales.values() for line in _section(scale)]
    made = [*_composites(catalogue), *_readings(catalogue), *_goals(catalogue)]
    return "\n".join([_INTRODUCTION, *overview, "", *sections, *made, *_absence(absence)]) + "\n"


def _line(scale: Scale) -> tuple[str, ...]:
    """One scale in the overview."""
    answers = " or ".join(dict.fromkeys(f"{c.low} to {c.high}" for c in scale.codings.values()))
    methods = ", ".join(f"{name} ({rule.mark})" for name, rule in _methods(scale).items())
    names = (_code(scale.name), f"{scale.title}: {scale.label.en}", scale.label.nb)
    return (*names, f"{scale.items.count} ({scale.items.mark})", answers, methods)


def _methods(scale: Scale) -> Mapping[str, Rule]:
    """Methods by name, the usual one first."""
    return cast(Mapping[str, Rule], scale.methods)


def _section(scale: Scale) -> list[str]:
    """Describe one scale."""
    title = f"## {scale.name}: {scale.title}, {scale.label.en}"
    higher = f"A higher score means {scale.higher.en}."
    rows = [*_answer_rows(scale), *_score_rows(scale), *_evidence_rows(scale)]
    notes = [f"- {note.en} ({note.mark})" for note in scale.notes]
    grid = _grid(["Rule", "What", "Mark", "Read in"], rows)
    return [title, "", higher, "", *grid, "", *notes, *([""] if notes else [])]


def _answer_rows(scale: Scale) -> Iterator[Row]:
    """Items, codings and keys."""
    yield (
        "items",
        " to ".join(dict.fromkeys((scale.item_names[0], scale.item_names[-1]))),
        *_known(scale.items),
    )
    for name, coding in scale.codings.items():
        yield "answers", f"{_code(name)}: {coding.label.en}", *_known(coding)
    for name, key in scale.keys.items():
        word = "key, only by name" if key.by_name else "key"
        yield word, f"{_code(name)}: {key.label.en}{_key_items(key)}", *_known(key)


def _score_rows(scale: Scale) -> Iterator[Row]:
    """Methods, conversion, missing rule and limits."""
    for name, rule in _methods(scale).items():
        yield "score", name, *_known(rule)
    if scale.conversion:
        pairs = enumerate(scale.conversion.values, scale.conversion.first)
        yield "conversion", ", ".join(f"{raw} = {v:.2f}" for raw, v in pairs), *_known(scale.conversion)
    needed = scale.missing.min_answered
    yield "missing", f"at least {needed} answered" if needed else "all answered", *_known(scale.missing)
    for cut_off in scale.cut_offs:
        word = "limit" if cut_off.usable else "limit, not applied"
        yield word, f"{_code(cut_off.name)}: {_limit(cut_off)}", *_known(cut_off)


def _evidence_rows(scale: Scale) -> Iterator[Row]:
    """Published reliability and sources."""
    for alpha in scale.alphas:
        yield "alpha", f"{_span(alpha.low, alpha.high)} ({alpha.sample.en})", *_known(alpha)
    for source in scale.sources:
        yield "source", source.cite, source.mark, ""


def _known(rule: Rule) -> tuple[str, str]:
    """Mark and source of a rule."""
    return rule.mark, rule.source


def _key_items(key: Key) -> str:
    """Items of each subscale, and the reversed ones."""
    parts = [f"{name} {_numbers(items)}" for name, items in key.items.items()]
    parts += [f"reversed {_numbers(sorted(key.reversed))}"] if key.reversed else []
    return f" ({'; '.join(parts)})" if parts else ""


def _numbers(items: Iterable[int]) -> str:
    """Item numbers in a row."""
    return ", ".join(map(str, items))


def _limit(cut_off: CutOff) -> str:
    """A limit in words."""
    ends = [("at least", cut_off.at_least), ("below", cut_off.below), ("at most", cut_off.at_most)]
    words = " and ".join(f"{word} {end:g}" for word, end in ends if end is not None)
    also = f", {cut_off.also.en}" if cut_off.also else ""
    coding = f", answers {cut_off.coding}" if cut_off.coding else ""
    return f"{words} ({cut_off.method}{coding}){also}"


def _span(low: float, high: float) -> str:
    """One number, or from one to another."""
    return f"{low:.2f}" if low == high else f"{low:.2f} to {high:.2f}"


def _composites(catalogue: Catalogue) -> list[str]:
    """Describe scores made from scores."""
    rows = []
    for name, c in catalogue.composites.items():
        terms = " ".join(f"{term.weight:+g} × mean({', '.join(term.mean_of)})" for term in c.terms)
        warning = c.warning.en if c.warning else ""
        rows.append((_code(name), c.label.en, terms, f"{c.range[0]:g} to {c.range[1]:g}", c.mark, warning))
    head = ["Score", "English", "Made as", "Range", "Mark", "Warning"]
    return ["## Scores made from scores", "", *_grid(head, rows), ""]


def _readings(catalogue: Catalogue) -> list[str]:
    """List the readings of motivation."""
    readings = enumerate(catalogue.readings.values(), 1)
    lines = [f"{i}. **{r.label.en}**: {', '.join(r.scores)}. {r.why.en}" for i, r in readings]
    return ["Readings of motivation, in the order of a page:", "", *lines, ""]


def _goals(catalogue: Catalogue) -> list[str]:
    """Describe goal attainment scaling."""
    g = catalogue.goal_attainment
    formula = f"T = {g.centre:g} + {g.spread:g} Σ(w x) / √((1 − r) Σw² + r (Σw)²)"
    constants = f"with r = {g.rho:.2f} and x from {g.low} to {g.high} ({g.mark}; {g.source})"
    notes = [f"- {note.en} ({note.mark})" for note in g.notes]
    return [f"## {g.title}: {g.label.en}", "", f"{formula}, {constants}.", "", *notes, ""]


def _absence(rules: AbsenceRules) -> list[str]:
    """Describe the absence rules."""
    head = ["Period", "English", "From", "Limit", "Codes that count", "Mark", "Note"]
    periods = _grid(head, map(_period, rules.periods.values()))
    rows = [(_code(code), c.label.en, c.label.nb) for code, c in rules.codes.items()]
    codes = _grid(["Code", "English", "Norsk"], rows)
    return ["## Absence", "", "Figures from two periods are never compared.", "", *periods, "", *codes]


def _period(period: RulePeriod) -> tuple[str, ...]:
    """One absence rule as a row."""
    word = {"above": "more than", "at": "from"}[period.reached]
    limit = "none" if period.limit is None else f"{word} {100 * period.limit:g} %"
    first = "" if period.first_year is None else f"autumn {period.first_year}"
    counts = ", ".join(_code(code) for code in sorted(period.counts))
    note = period.note.en if period.note else ""
    return (_code(period.name), period.label.en, first, limit, counts, period.mark, note)


def _grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table."""
    body = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return ["| " + " | ".join(header) + " |", "| " + " | ".join("---" for _ in header) + " |", *body]


def _code(text: str) -> str:
    """Set as code."""
    return f"`{text}`"


def main(arguments: Sequence[str]) -> int:
    """Write the page to the file named, or to standard output."""
    page = document_scales(load_catalogue(), load_absence_rules()).encode()
    if arguments:
        Path(arguments[0]).write_bytes(page)
    else:
        # Bytes, so that no console's encoding or line ending gets into a redirected file.
        sys.stdout.buffer.write(page)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
