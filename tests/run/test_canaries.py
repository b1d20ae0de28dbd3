"""Nothing that a participant gave is seen in messages, pages, logs or outputs, whatever goes wrong."""

from __future__ import annotations

import base64
import html
import json
import traceback
import urllib.parse

import pytest

from tests.bad_studies import bad_inputs, see
from tests.canaries import Rendering, search, shown_by, values_given

BAD = bad_inputs()


# --- The search itself --------------------------------------------------------------------------------

TOKEN = "kanari-7f3æ"


@pytest.mark.parametrize(
    "text",
    [
        f"Row 5: {TOKEN.upper()}.",
        f"<td>{html.escape(f'<{TOKEN}>')}</td>",
        f"href='?q={urllib.parse.quote(TOKEN)}'",
        json.dumps({"a": [TOKEN]}),
        repr(TOKEN),
        "data:text/html;base64," + base64.b64encode(f"<p>of {TOKEN}</p>".encode()).decode(),
        "data:text/html;base64," + base64.b64encode(f"<p>{TOKEN} or</p>".encode()).decode(),
        base64.urlsafe_b64encode(f"{TOKEN} is a person somewhere".encode()).decode(),
        f"the person {TOKEN} is".encode().hex(),
    ],
)
def test_a_token_is_found_in_any_wrapping(text):
    assert search([Rendering.of("page", text)], [TOKEN]) == {TOKEN: ["page"]}


def test_a_token_is_found_in_other_encodings():
    content = f"x {TOKEN} y".encode("utf-16")
    assert search([Rendering(name="page", content=content)], [TOKEN]) == {TOKEN: ["page"]}


@pytest.mark.parametrize(
    ("canary", "text"),
    [
        ("58,37", "mean 58.37"),
        ("58.37", "mean 58,37 poeng"),
        ("4711", "4 711 hours"),
        ("4711", "4\u00a0711 hours"),
        ("4711", "4,711.00"[:5]),
        ("-5,5", "value=-5.5)"),
        ("28.02.2019", "on 2019-02-28T00:00:00"[:13]),
        ("28.02.2019", "28. februar 2019"),
        ("2019-02-28", "February 28, 2019"),
        ("2019-02-28", "Timestamp('20190228')"),
    ],
)
def test_a_number_or_a_date_is_found_however_it_is_written(canary, text):
    assert search([Rendering.of("page", text)], [canary]) == {canary: ["page"]}


@pytest.mark.parametrize("text", ["58.371", "158.37", "1.58.37", "abc58.37", "2019-02-27", "kanari-8"])
def test_what_is_part_of_something_else_is_not_found(text):
    assert search([Rendering.of("page", text)], ["58.37", "2019-02-28", "kanari"[:5]]) == {}


def test_an_exception_is_searched_with_its_causes():
    error = RuntimeError("clean")
    error.__cause__ = ValueError(f"could not convert string to float: {TOKEN!r}")
    assert search(shown_by(error), [TOKEN]) == {TOKEN: ["exception ValueError"]}


# --- Bad data -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_no_value_of_a_bad_study_is_seen(bad):
    told = see(bad, "check", "en")
    renderings = [
        Rendering.of("stdout", told.stdout),
        Rendering.of("stderr", told.stderr),
        Rendering.of("log", told.log),
        *(Rendering(name=name, content=content) for name, content in told.outputs.items()),
        *(shown_by(told.stopped_by) if told.stopped_by else ()),
    ]
    values = values_given(bad)
    assert bad.exit_code == 2 or values or bad.name in WITHOUT_VALUES
    assert search(renderings, values) == {}
    # As a program that catches nothing would show it.
    if told.stopped_by:
        shown = Rendering.of("traceback", "".join(traceback.format_exception(told.stopped_by)))
        assert search([shown], values) == {}


# Nothing is read of them at all: no folder, no database.
WITHOUT_VALUES = {"folder_missing"}
