"""How a text file is encoded: accepted only if exactly one reading is possible."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.cohort.sources.encoding import find_encoding

LETTERS = "Pseudonym;Kjønn;Bydel\n1;Blåbær;Ås – §5 «ja»\n"


def found(tmp_path, content, declared=""):
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    result = find_encoding(path, declared=declared)
    return result.codec or result.rule


@pytest.mark.parametrize(
    ("content", "declared", "expected"),
    [
        (LETTERS.encode("utf-8"), "", "utf-8"),
        (LETTERS.encode("utf-8-sig"), "", "utf-8-sig"),
        (b"only;ascii\n", "", "utf-8"),
        (LETTERS.encode("cp1252"), "", "cp1252"),
        ("æøåÆØÅéüöä".encode("iso-8859-1"), "", "cp1252"),
        ("Ås – «ja» é".encode(), "", "utf-8"),
        # A Windows apostrophe is Æ on DOS: with å there is one reading, alone there are two.
        ("på ’et".encode("cp1252"), "", "cp1252"),
        ("it’s".encode("cp1252"), "", "encoding_unclear"),
        (LETTERS.encode("utf-16"), "", "utf-16"),
        (codecs.BOM_UTF16_BE + LETTERS.encode("utf-16-be"), "", "utf-16"),
        # Without a mark there are two byte orders.
        (LETTERS.encode("utf-16-le"), "", "nul_bytes"),
        (LETTERS.encode("utf-16-le"), "utf-16-le", "utf-16-le"),
        (LETTERS.encode("utf-16-be"), "utf-16-be", "utf-16-be"),
        (LETTERS.encode("utf-16-le"), "utf-16", "encoding_wrong"),
        (LETTERS.encode("utf-16"), "utf-16-le", "utf-16"),
        (LETTERS.encode("utf-16"), "utf-8", "encoding_wrong"),
        # "Å«" or "ū": both are text.
        ("Å«".encode("cp1252"), "", "encoding_unclear"),
        ("ū".encode(), "", "encoding_unclear"),
        ("ū".encode(), "utf-8", "utf-8"),
        # DOS, Mac, Latin 9: their Norwegian letters or signs are other signs in cp1252.
        ("blåbær".encode("cp850"), "", "encoding_unclear"),
        ("blåbær".encode("mac-roman"), "", "encoding_unclear"),
        ("5 €".encode("iso-8859-15"), "", "encoding_unclear"),
        ("blåbær".encode("cp850"), "cp850", "cp850"),
        ("blåbær".encode("mac-roman"), "mac-roman", "mac-roman"),
        # A declaration that the bytes contradict.
        (LETTERS.encode("cp1252"), "utf-8", "encoding_wrong"),
        (LETTERS.encode("utf-8"), "cp1252", "encoding_wrong"),
        (LETTERS.encode("utf-8-sig"), "cp1252", "encoding_wrong"),
        (LETTERS.encode("utf-8-sig"), "utf-8", "utf-8-sig"),
        (b"only;ascii\n", "cp1252", "cp1252"),
        (b"bad \x81 byte", "cp1252", "encoding_wrong"),
        (codecs.BOM_UTF16_LE + b"a", "", "encoding_damaged"),
        (b"a;b\n1;\x002\n", "", "nul_bytes"),
        (b"a;b\n1;\x002\n", "cp1252", "nul_bytes"),
        ("a\0b".encode("utf-16"), "", "encoding_damaged"),
    ],
)
def test_one_reading_or_none(tmp_path, content, declared, expected):
    assert found(tmp_path, content, declared) == expected


@pytest.mark.parametrize("letter", "æøåÆØÅ")
@pytest.mark.parametrize("codec", ["cp850", "cp865", "mac-roman"])
def test_norwegian_letters_of_other_systems_never_pass_as_cp1252(tmp_path, letter, codec):
    content = f"navn;by\n{letter};x\n".encode(codec)
    assert found(tmp_path, content) == "encoding_unclear"


def test_the_end_of_a_long_file_counts_too(tmp_path):
    content = b"a;b\n" + b"1;2\n" * 600_000 + "ø;2\n".encode("cp1252")
    assert found(tmp_path, content) == "cp1252"
    assert found(tmp_path, content, "utf-8") == "encoding_wrong"


@settings(deadline=None)
@given(text=st.text(alphabet="abcæøåÆØÅéü–’«»;,\n \t0123456789", min_size=1))
def test_what_is_accepted_reads_back_as_it_was_written(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("t")
    for codec in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        path = folder / codec
        path.write_bytes(text.encode(codec))
        encoding = find_encoding(path)
        if encoding.codec:
            assert path.read_bytes().decode(encoding.codec).lstrip("\ufeff") == text
        else:
            assert codec == "cp1252"
