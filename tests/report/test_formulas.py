"""The catalogue of formulas: every form is fresh, says the same, and can be set and heard."""

from __future__ import annotations

import html
import re
import runpy
import subprocess
import sys
import zipfile
from xml.etree.ElementTree import fromstring

import docx
import pikepdf
import pytest
import typst
from docx.oxml import parse_xml

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.report.formula_catalogue import (
    COMMAND,
    DOCUMENTATION,
    FOLDER,
    document_formulas,
    generated,
    main,
    make_formulas,
    read_sources,
)
from backtorule_eval.report.formula_omml import omml
from backtorule_eval.report.formulas import (
    GENERATED,
    OMML,
    find_formula,
    load_formulas,
    omml_formula,
    tight,
    typst_formula,
)
from backtorule_eval.report.mathml_allowed import allowed_mathml
from tests.report.formula_signs import plain, signs_of_mathml
from tests.report.words import CAUSAL
from tests.requirements import find_libreoffice

FORMULAS = load_formulas()
# What issues 4 to 7 need at the least.
NEEDED = {
    "coefficient_contrast", "cronbach_alpha", "mcdonald_omega", "reliable_change", "cr2_variance",
    "satterthwaite_df", "rubin_variance", "barnard_rubin_df", "aalen_johansen", "discrete_hazard",
    "entropy_balancing_weights", "att", "gas_t", "krippendorff_alpha", "design_effect",
    "smallest_detectable", "e_value", "general_dominance", "mcfadden_r2", "hartung_knapp",
}  # fmt: skip


@pytest.fixture(params=FORMULAS.values(), ids=FORMULAS)
def formula(request):
    return request.param


# --- One source, no form stale ----------------------------------------------------------------------


def test_nothing_generated_is_stale():
    made = make_formulas(read_sources())
    assert (FOLDER / GENERATED).read_text(encoding="utf-8") == generated(made), f"run: {COMMAND}"
    assert DOCUMENTATION.read_text(encoding="utf-8") == document_formulas(made), f"run: {COMMAND}"


def test_run_as_a_program_it_writes_both_files(tmp_path, monkeypatch):
    files = [tmp_path / "formulas.json", tmp_path / "formulas.md"]
    monkeypatch.setattr(sys, "argv", ["formula_catalogue", *map(str, files)])
    monkeypatch.delitem(sys.modules, main.__module__)
    with pytest.raises(SystemExit, match="0"):
        runpy.run_module(main.__module__, run_name="__main__")
    assert files[0].read_bytes() == (FOLDER / GENERATED).read_bytes()
    assert files[1].read_bytes() == DOCUMENTATION.read_bytes()


def test_what_is_needed_is_there_once():
    assert set(FORMULAS) >= NEEDED
    assert len({tight(f.tex) for f in FORMULAS.values()}) == len(FORMULAS)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"source": None}, "Formula x needs exactly: source, spoken, tex, typst; spoken in nb and en"),
        ({"spoken": {"nb": "Én er én."}}, "Formula x needs exactly"),
        ({"tex": r"\href{a}{b}"}, "The TeX of formula x cannot be set as MathML"),
        ({"tex": r"\overbrace{x}"}, "holds '⏞' above a letter"),
        ({"tex": r"\sqrt[3]{x}"}, "holds mroot, which cannot be written for Word yet"),
    ],
    ids=["no source", "no English", "no MathML", "no accent", "no Word"],
)
def test_a_formula_that_cannot_be_made_is_told(change, told):
    parts = {"tex": "1", "typst": "1", "spoken": {"nb": "Én.", "en": "One."}, "source": "Euclid"} | change
    with pytest.raises(ParameterProblem, match=re.escape(told)):
        make_formulas({"x": {name: part for name, part in parts.items() if part is not None}})


# --- Found by TeX -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\alpha x", r"\alpha x"),
        (r" \alpha   x\n ".replace(r"\n", "\n"), r"\alpha x"),
        (r"\alpha + x", r"\alpha+x"),
        (r"\frac { 1 } { n }", r"\frac{1}{n}"),
        (r"a\ b", r"a\ b"),
        (r"\, x", r"\,x"),
    ],
)
def test_white_space_that_means_nothing_goes(written, meant):
    assert tight(written) == meant


def test_a_command_does_not_swallow_the_letter_after_it():
    assert tight(r"\le t") != tight(r"\let")


def test_found_whatever_its_white_space(formula):
    spread = re.sub(r"(?<![\\A-Za-z])(?=[-+=({])", "\n  ", formula.tex)
    assert spread != formula.tex
    assert find_formula(spread) is find_formula(formula.tex) is formula


def test_what_the_catalogue_lacks_is_not_found():
    for tex in ("", "x", r"\hat{\Delta}", FORMULAS["att"].tex + "+1", "x" * 1_000_000):
        assert find_formula(tex) is None
        assert typst_formula(tex, "nb") is None
        assert omml_formula(tex) is None


def test_what_other_formats_ask_for(formula):
    assert typst_formula(formula.tex, "nb") == (formula.typst, formula.spoken["nb"])
    assert typst_formula(formula.tex, "en") == (formula.typst, formula.spoken["en"])
    assert omml_formula(formula.tex) == formula.omml


# --- Heard ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nb", "en"])
def test_spoken_words_are_words(formula, language):
    words = formula.spoken[language]
    assert len(words.split()) > 10
    assert words[0].isupper()
    assert words.endswith(".")
    assert not re.search(r"[\\$^_{}=+*/<>|\[\]()−√∑]|  ", words)
    assert not CAUSAL.search(words)
    assert not re.search(r"\d\.\d" if language == "nb" else r"\d,\d", words)


def test_the_languages_differ_and_the_source_has_its_year(formula):
    assert formula.spoken["nb"] != formula.spoken["en"]
    assert re.match(r"\w.* (18|19|20)\d\d", formula.source)


def test_no_words_and_no_decimals_stand_in_a_formula(formula):
    """So it is the same in both languages."""
    assert not re.search(r"\\text|\d[.,]\d|\d\{,\}", formula.tex)


# --- MathML and Typst say the same ------------------------------------------------------------------


def test_mathml_passes_its_own_list(formula):
    math = fromstring(f"<math>{formula.mathml}</math>")
    assert allowed_mathml(math) == formula.mathml


@pytest.fixture(scope="module")
def typst_mathml():
    """Every formula's Typst as the MathML that Typst makes of it, by name."""
    source = "\n\n".join(f"#math.equation(block: true, $ {f.typst} $)" for f in FORMULAS.values())
    page = typst.compile(source.encode(), format="html").decode()
    made = re.findall(r"<math\b.*?</math>", page, re.DOTALL)
    assert len(made) == len(FORMULAS)
    return dict(zip(FORMULAS, map(html.unescape, made), strict=True))


def test_typst_and_tex_say_the_same_sign_by_sign(formula, typst_mathml):
    ours = signs_of_mathml(fromstring(f"<math>{formula.mathml}</math>"))
    assert signs_of_mathml(fromstring(typst_mathml[formula.name])) == ours


@pytest.mark.parametrize(("name", "right", "wrong"), [("att", "Y(1) - Y(0)", "Y(0) - Y(1)")])
def test_a_difference_between_typst_and_tex_is_seen(name, right, wrong):
    other = FORMULAS[name].typst.replace(right, wrong)
    page = typst.compile(f"$ {other} $".encode(), format="html").decode()
    made = fromstring(html.unescape(re.search(r"<math\b.*?</math>", page, re.DOTALL).group()))
    assert signs_of_mathml(made) != signs_of_mathml(fromstring(f"<math>{FORMULAS[name].mathml}</math>"))


# --- In a PDF ---------------------------------------------------------------------------------------


def pdf_of(language: str, equations: list[str]) -> bytes:
    head = f'#set document(title: "x")\n#set text(lang: "{language}")\n= x\n'
    compiler = typst.Compiler((head + "\n\n".join(equations)).encode(), ignore_system_fonts=True)
    return compiler.compile(format="pdf", pdf_standards=["ua-1"])


def alternatives(element: pikepdf.Object) -> list[str]:
    """The /Alt of every formula in a structure tree."""
    kids = element.get("/K", [])
    inside = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    own = [str(element["/Alt"])] if element.get("/S") == "/Formula" else []
    return own + [a for kid in inside if isinstance(kid, pikepdf.Dictionary) for a in alternatives(kid)]


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_formula_stands_in_a_pdf_for_everyone(language, tmp_path):
    asked = [typst_formula(f.tex, language) for f in FORMULAS.values()]
    block = [f'#math.equation(block: true, alt: "{words}", $ {code} $)' for code, words in asked]
    line = [f'a #math.equation(alt: "{words}", ${code}$) b' for code, words in asked]
    (tmp_path / "x.pdf").write_bytes(pdf_of(language, block + line))
    with pikepdf.open(tmp_path / "x.pdf") as pdf:
        spoken = alternatives(pdf.Root["/StructTreeRoot"])
    assert spoken == [words for _code, words in asked] * 2


def test_a_pdf_without_the_words_is_refused():
    with pytest.raises(typst.TypstError, match="alt"):
        pdf_of("nb", ["$ x $"])


# --- In Word ----------------------------------------------------------------------------------------


def test_omml_is_well_formed_and_says_the_same_signs(formula):
    tree = fromstring(formula.omml)
    assert tree.tag == f"{{{OMML}}}oMath"
    assert {element.tag.split("}")[0] for element in tree.iter()} == {f"{{{OMML}}}"[:-1]}
    drawn = [e.get(f"{{{OMML}}}val") for e in tree.iter() if re.search(r"}(chr|begChr|endChr)$", e.tag)]
    ours = plain("".join(tree.itertext()) + "".join(drawn))
    theirs = plain("".join(fromstring(f"<math>{formula.mathml}</math>").itertext()))
    assert sorted(ours) == sorted(theirs)


def test_nothing_in_a_formula_for_word_is_left_empty(formula):
    """Word draws a dotted box where a part holds nothing; only a limit or a degree that is hidden may."""
    empty = {e.tag.split("}")[1] for e in fromstring(formula.omml).iter() if not len(e) and not e.attrib}
    assert empty - {"t", "nor"} <= {"sup", "deg"}
    hidden = formula.omml.count("<m:supHide") + formula.omml.count("<m:degHide")
    assert formula.omml.count("<m:sup></m:sup>") + formula.omml.count("<m:deg/>") == hidden


def test_a_sum_ends_where_the_next_term_begins():
    math = fromstring("<math><munder><mo>∑</mo><mi>i</mi></munder><mi>a</mi><mo>+</mo><mi>b</mi></math>")
    (inside,) = re.findall(r"<m:e>(.*?)</m:e></m:nary>", omml(math))
    assert "a" in inside
    assert "b" not in inside


ODF_MATH = "{http://www.w3.org/1998/Math/MathML}"


def kept(text: str) -> list[str]:
    """Letters, digits and signs between them, in no order: what every format keeps."""
    return sorted(sign for sign in plain(text) if sign.isalnum() or sign in "=+−∑∏≤∉\N{UNION}")


@pytest.mark.libreoffice
@pytest.mark.slow
def test_every_formula_opens_in_libreoffice(tmp_path):
    """What it cannot read it leaves out, so nothing may be missing."""
    document = docx.Document()
    for f in FORMULAS.values():
        document.add_paragraph()._p.append(parse_xml(f.omml))
    document.save(tmp_path / "x.docx")
    command = [str(find_libreoffice()), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]
    command += ["--headless", "--convert-to", "odt", "--outdir", str(tmp_path), str(tmp_path / "x.docx")]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    with zipfile.ZipFile(tmp_path / "x.odt") as odt:
        objects = [n for n in odt.namelist() if re.fullmatch(r"Object \d+/content.xml", n)]
        trees = [fromstring(odt.read(name)) for name in objects]
    read = [kept("".join(tree.find(f"{ODF_MATH}semantics")[0].itertext())) for tree in trees]
    written = [kept("".join(fromstring(f"<math>{f.mathml}</math>").itertext())) for f in FORMULAS.values()]
    assert sorted(read) == sorted(written)
