"""The study file and the readme that lie beside a synthetic site's files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import yaml

from backtorule_eval.synthetic.assignment import Design


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made: enough to say so, and to make it again."""

    people: int
    seed: int
    language: str
    design: Design
    register: bool
    cut: date


_ASSIGNMENT: dict[str, dict[str, str]] = {
    "waitlist": {
        "how": "waiting_list_random",
        "level": "person",
        "who_decided": "a random number (everything here is invented)",
        "legal_basis": "none: nobody in it exists",
    },
    "offices": {
        "how": "office",
        "level": "office",
        "who_decided": "where a person lives (everything here is invented)",
        "legal_basis": "none: nobody in it exists",
    },
}
_QUESTION = {
    "id": "q1",
    "question": "Do those with more autonomous motivation at start leave less often than those with "
    "more controlled?",
    "outcome": "left",
    "contrast": "ams_autonomous_minus_ams_controlled",
    "estimand": "association",
    "horizon_months": 24,
    "direction": "down",
    "worthwhile": 10,
    "why": "The programme works on insight into inner and outer motivation; ten per hundred would change "
    "what it does.",
}
_DESIGN_WORDS: dict[str, dict[str, str]] = {
    "nb": {
        "none": "Ett kontor, to veiledere, ingen sammenlikningsgruppe.",
        "waitlist": "Halvparten får tiltaket; resten, trukket ut tilfeldig, venter i 24 måneder.",
        "offices": "Ett kontor har tiltaket, ti andre har det ikke.",
    },
    "en": {
        "none": "One office, two counsellors, no comparison group.",
        "waitlist": "Half of the people get the programme; the rest, drawn at random, wait for 24 months.",
        "offices": "One office has the programme, ten others do not.",
    },
}
_README = {
    "nb": """\
ALLE PERSONER I DENNE MAPPEN ER OPPDIKTET
=========================================

Ingen av dem finnes, ingen sitater er sagt av noen, og tallene sier ingenting om Nav Nordstrand.
Filene viser hvordan data fra et sted kan se ut, med de feilene slike filer pleier å ha.

{people} personer, frø {seed}. {design}

{files}
truth.json     hva som er sant i befolkningen personene er trukket fra
study.yaml     studiefil: backtorule run study.yaml

Hva som er lagt inn, og hvor tallene kommer fra: docs/synthetic-site.md
""",
    "en": """\
ALL PEOPLE IN THIS FOLDER ARE INVENTED
======================================

None of them exists, nobody said any of the quotes, and the figures say nothing about NAV Nordstrand.
The files show what data from a site can look like, with the mistakes such files tend to have.

{people} people, seed {seed}. {design}

{files}
truth.json     what is true of the population the people are drawn from
study.yaml     study file: backtorule run study.yaml

What is planted, and where the numbers come from: docs/synthetic-site.md
""",
}
_FILES = {
    "nb": {
        False: "mapping.yaml   koblingsfil: hvordan filene her blir til felles tabeller",
        True: "*/*.parquet    registertabeller, ferdig i fellesformatet",
    },
    "en": {
        False: "mapping.yaml   mapping file: how the files here become common tables",
        True: "*/*.parquet    register tables, already in the common form",
    },
}


def readme_text(made: Made) -> str:
    """The readme, which says first of all that everybody is invented."""
    return _README[made.language].format(
        people=made.people,
        seed=made.seed,
        design=_DESIGN_WORDS[made.language][made.design],
        files=_FILES[made.language][made.register],
    )


def study_text(made: Made) -> str:
    """A study file for the folder it lies in."""
    study = {
        "cohort": "demo-site" if made.design == "none" else f"demo-{made.design}",
        "title": {
            "nb": f"Back to Rule: {made.people} oppdiktede personer",
            "en": f"Back to Rule: {made.people} invented people",
        },
        "language": made.language,
        "source": {"parquet": "."} if made.register else {"folder": ".", "mapping": "mapping.yaml"},
        "data": "synthetic",
        "as_of": made.cut,
        "comparison": None if made.design == "none" else "comparison",
        "assignment": _ASSIGNMENT.get(made.design),
        "primary": [_QUESTION],
        "disclosure": {"threshold": 5, "base": 5},
        "seed": 20240801,
        "formats": ["html"],
    }
    given = {key: value for key, value in study.items() if key != "assignment" or value}
    return yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=110)
