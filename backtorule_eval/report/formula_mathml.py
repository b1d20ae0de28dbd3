"""TeX to MathML that may stand on a page: the catalogue's when it is made, a student's when a page is.

Nothing of the TeX reaches a page as markup. Only commands on a list are converted; what the converter makes
is put in order (`mathml_tidy`) and written anew from a list of elements and attributes (`mathml_allowed`).
Where any of these says no, the formula stays TeX.

Loads the converter, so only what writes whole pages, and the generator of the catalogue, may import this.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

from backtorule_eval.report.mathml_allowed import allowed_mathml, is_small
from backtorule_eval.report.mathml_tidy import tidied

LONGEST_TEX = 1500
DEEPEST_BRACES = 12

# A command that is not here (a macro, a link, a style, a colour) leaves the whole formula as TeX.
KNOWN = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho varrho
    sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    exp ln log sin cos tan max min inf sup lim Pr operatorname
    le leq ge geq ne neq approx sim simeq equiv propto in notin subset subseteq mid parallel perp ll gg
    to rightarrow leftarrow leftrightarrow Rightarrow Leftarrow Leftrightarrow mapsto
    pm mp times cdot div ast circ cup cap setminus land lor neg wedge vee oplus otimes
    sum prod int infty partial nabla forall exists emptyset ell ldots cdots dots vdots ddots prime top
    left right lvert rvert lVert rVert vert Vert langle rangle lfloor rfloor lceil rceil lbrace rbrace
    big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr
    hat bar tilde vec dot ddot widehat widetilde overline underline overbrace underbrace overset underset
    frac dfrac tfrac binom sqrt begin end limits displaystyle textstyle quad qquad
    text textit textbf textrm mathrm mathbf mathit mathbb mathcal boldsymbol
"""
COMMANDS = frozenset(KNOWN.split())
ENVIRONMENTS = frozenset({"matrix", "pmatrix", "bmatrix", "vmatrix", "cases", "split", "aligned", "align*"})
# What the converter reads wrongly, and what it reads rightly.
REWRITTEN = (
    (re.compile(r"\\mathrm\s*\{([A-Za-z])\}"), r"\\operatorname{\1}"),  # or one letter comes out slanted
    (re.compile(r"\{(?:aligned|align\*)\}"), "{split}"),
)
COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*(\{[^}]*\})?")
NAMED_WRONGLY = re.compile(r"\\operatorname(?!\{[A-Za-z]+\})")
SIGNS = frozenset("\\ ,;:!{}|%&_#$")


def safe_mathml(tex: str) -> str | None:
    """Return what stands inside a page's ``math`` element for some TeX; None where it must stay TeX."""
    if not _is_plain_tex(tex):
        return None
    made = _converted(tex)
    if made is None or not is_small(made):
        return None
    return allowed_mathml(tidied(made))


def _is_plain_tex(tex: str) -> bool:
    """Tell whether some TeX is short, shallow and made of known commands alone."""
    if not tex.strip() or len(tex) > LONGEST_TEX or _depth(tex) > DEEPEST_BRACES:
        return False
    names = COMMAND.findall(tex)
    environments = [(name or "")[1:-1] for name in ENVIRONMENT.findall(tex)]
    return (
        all(name in COMMANDS or name in SIGNS for name in names)
        and all(name in ENVIRONMENTS for name in environments)
        and not NAMED_WRONGLY.search(tex)
    )


def _depth(tex: str) -> int:
    """Return how deep groups, delimiters and environments stand in each other."""
    deepest = depth = 0
    for sign in re.findall(r"\\(?:left|right|begin|end)\b|\\.|[{}]", tex, re.DOTALL):
        depth += (sign in ("{", r"\left", r"\begin")) - (sign in ("}", r"\right", r"\end"))
        deepest = max(deepest, depth)
    return deepest


def _converted(tex: str) -> Element | None:
    """Return the converter's elements; None when it cannot read the TeX."""
    for pattern, better in REWRITTEN:
        tex = pattern.sub(better, tex)
    try:
        # As a block, so that sums carry their limits above and below; browsers move them in running text.
        return convert_to_element(tex, display="block")
    except Exception:  # the converter raises whatever comes up, also for plain mistakes of spelling
        return None
