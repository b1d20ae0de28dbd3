"""A figure's SVG as PNG, for formats that hold pictures as points only.

The letters of our figures are text, so the typeface they were measured in has to be there when they are
drawn: it is the one bundled with matplotlib, and no other of the machine's is looked at.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import matplotlib
import typst

from backtorule_eval.errors import DisclosureRefused

# About two hundred dots an inch where a figure is as wide as the text, which is a little wider than drawn.
PNG_DPI = 216
# The SVG comes in as data: nothing of it is read as Typst.
PAGE = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")\n'


def typeface_folder() -> Path:
    """Return the folder of the typefaces bundled with matplotlib."""
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def svg_to_png(svg: str, *, dpi: float = PNG_DPI) -> bytes:
    """Draw an SVG as PNG; the same SVG gives the same bytes.

    Raises
    ------
    DisclosureRefused
        It is no SVG, or it refers to something outside itself.
    """
    try:
        # The root holds typefaces and nothing else, should an SVG ask for a file.
        compiler = typst.Compiler(root=typeface_folder(), font_paths=_typefaces(), ignore_system_fonts=True)
        drawn = compiler.compile(PAGE, format="png", ppi=dpi, sys_inputs={"svg": svg})
    except typst.TypstError:
        raise DisclosureRefused(
            "A figure cannot be drawn: it is not one that this program made, or refers to a file outside it."
        ) from None
    return bytes(drawn)  # type: ignore[arg-type]  # one page gives one picture, not a list of them


@cache
def _typefaces() -> typst.Fonts:
    """Read the typefaces once."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[typeface_folder()]
    )
