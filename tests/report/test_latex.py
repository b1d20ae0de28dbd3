"""Tables as LaTeX: whatever a text holds, none of it is a command, and the digits are those of the page."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.report.latex import ESCAPES, latex_columns, latex_head, latex_label, latex_text
from backtorule_eval.report.tables import Cell, Table
from backtorule_eval.report.views import render
from backtorule_eval.run.result_files import write_tables
from tests.report.examples import counts, ladder, released, two_way

# A text is made of these alone: our own commands, and characters that LaTeX shows as they are.
OURS = "|".join([*map(re.escape, sorted(ESCAPES.values(), key=len, reverse=True)), re.escape("{}")])
HARMLESS = re.compile(rf"(?:{OURS}|[^\\{{}}$&#%_^~<>|\"`\[\]*\x00-\x1f\x7f])*")


@given(st.text(alphabet=st.sampled_from("\\{}$&#_^%~<>|\"`'[]*-,!?\n\t \x00\u202e\u00a0−–“aæ1"), max_size=30))
def test_whatever_a_text_holds_nothing_of_it_is_a_command(text):
    written = latex_text(text)
    assert HARMLESS.fullmatch(written)
    assert not re.search(r"--|''|,,|[!?]`|\s\s", written)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("\\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("50 % & $x_1$ #2", r"50 \% \& \$x\_1\$ \#2"),
        ("^^41 ~", r"\textasciicircum{}\textasciicircum{}41 \textasciitilde{}"),
        ("[2cm]*", "{[}2cm{]}{*}"),
        ("a--b ''c'' ,,d", "a-{}-b '{}'c'{}' ,{},d"),
        ('"= ?`', r"\symbol{34}= ?{}\textasciigrave{}"),
        ("−0,08\u00a0til\u00a01\u00a0230", "$-$0,08~til~1~230"),
        ("5–6 × “æøå”", r"5\textendash{}6 $\times$ \textquotedblleft{}æøå\textquotedblright{}"),
        ("en\n\nto\u202e\x07", "en to"),
    ],
)
def test_texts_by_hand(text, written):
    assert latex_text(text) == written


def test_a_table_has_caption_label_rules_and_notes():
    latex = render(released(counts(31, 19, 3), view="counts"), "nb").tables[0].to_latex("05_a/who")
    assert latex.splitlines()[:6] == [
        r"\begin{table}[htbp]",
        r"\centering\small\setlength{\tabcolsep}{4pt}",
        r"\caption{Kjønn (alle i dataene)}",
        r"\label{tab:05-a-who}",
        r"\begin{tabular}{@{}lrr@{}}",
        r"\toprule",
    ]
    assert r"Kvinner & 30 & skjult \\" in latex
    assert latex.count(r"\par\smallskip{\footnotesize ") == 2
    assert latex.endswith("\\bottomrule\n\\end{tabular}\n" + latex.partition("\\end{tabular}\n")[2])
    assert latex.endswith("\\end{table}\n")


def test_digits_are_those_of_the_page_with_decimal_comma():
    (table,) = render(released(*ladder(), view="estimate_table", rules=PUBLIC), "nb").tables
    latex = table.to_latex("x")
    row = (
        r"+ tidligere karakterer og prøver & $-$0,08 & $-$0,14 & $-$0,03 & 0,004 & 13~865 & 2~105 & 1~312 \\"
    )
    assert rf"\raggedright {row}" in latex
    assert r"p{0.22\linewidth}rrrlrrr" in latex
    assert r"\shortstack[r]{Med \\ utfallet}" in latex


def test_a_row_never_begins_with_what_the_row_before_would_take_as_its_argument():
    table = Table(caption="c", head=("[a", "b"), rows=((Cell("[1cm]"), Cell("*")), (Cell("*"), Cell("["))))
    latex = table.to_latex("x")
    assert r"{[}a & b \\" in latex
    assert r"{[}1cm{]} & {*} \\" in latex
    assert r"{*} & {[} \\" in latex


def test_short_labels_and_heads_stay_on_a_line():
    assert latex_columns(["a", "b"], [False, True]) == "lr"
    assert latex_columns([], [False, False]) == "ll"
    assert latex_head("Andel") == "Andel"
    assert latex_head("Med_utfallet &") == r"\shortstack[r]{Med\_utfallet \\ \&}"
    assert latex_label('a"}/\\b') == "tab:a-b"


def test_each_result_is_one_file_beside_its_csv_and_each_table_has_a_name(tmp_path):
    rendered = {
        "01_a/b": render(released(counts(31, 19, 0), two_way(12, 18, 3, 9, 0, 0), view="counts"), "nb")
    }
    write_tables(rendered, tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["01_a-b.csv", "01_a-b.tex"]
    latex = (tmp_path / "01_a-b.tex").read_text(encoding="utf-8")
    assert latex.startswith("% \\usepackage[T1]{fontenc} and \\usepackage{booktabs}\n\\begin{table}")
    assert re.findall(r"\\label\{(.*)\}", latex) == ["tab:01-a-b-1", "tab:01-a-b-2"]
