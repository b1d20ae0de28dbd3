"""What a document is made of, before any format: prose, code, results, and lines for what is not shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backtorule_eval.report.document.prose import Heading, Token, headings_of, levelled, plain_text
from backtorule_eval.report.page.shell import Fact, Link
from backtorule_eval.report.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """One Markdown cell as mistune's syntax tree; its headings carry the level and anchor they have here."""

    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What was run, folded away where a format can fold and left out where it cannot."""

    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotShown:
    """The line that stands for an output which did not pass `publish`."""

    words: str


Block = Prose | Code | Result | NotShown


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document.

    Attributes
    ----------
    title : str
        For the window, the file's properties and whoever searches.
    banner : str
        What must be read first: that the people are invented, that nothing has been checked. "" if nothing.
    above : Link or None
        One step up, where documents lie together as pages.
    pages : tuple of Link
        What belongs to the document and has pages of its own.
    notes : tuple of str
        Sentences at the foot, e.g. under which rules figures were rounded.
    facts : tuple of Fact
        How the document was made: hashes, versions, seed.
    """

    title: str
    language: str
    blocks: tuple[Block, ...]
    banner: str = ""
    above: Link | None = None
    pages: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def headings(self) -> tuple[Heading, ...]:
        """All headings in order."""
        return tuple(h for b in self.blocks if isinstance(b, Prose) for h in headings_of(b.tokens))

    @property
    def n_opening(self) -> int:
        """How many blocks stand above the contents: the title with its paragraph, and a table of answers."""
        n = 1 if self.blocks and isinstance(self.blocks[0], Prose) else 0
        following = self.blocks[n] if n < len(self.blocks) else None
        return n + 1 if isinstance(following, Result) and following.answers else n


def joined(blocks: Sequence[Block | str]) -> tuple[Block, ...]:
    """Put the blocks of a document together; texts are Markdown.

    Headings become one level 1 at the top and leave no level out on the way down. Code comes after what it
    made, in one piece before the next prose: a reader meets the answer first, and one line to unfold.
    """
    done: list[Block] = []
    code: list[str] = []
    above = 0
    for number, block in enumerate(blocks):
        if isinstance(block, str):
            done += _in_one_piece(code)
            code = []
            tokens, above = levelled(block, prefix=f"s{number}", after=above)
            done.append(Prose(tokens=tokens))
        elif isinstance(block, Code):
            code.append(block.source)
        else:
            done.append(block)
    return (*done, *_in_one_piece(code))


def _in_one_piece(sources: Sequence[str]) -> list[Code]:
    """Return code in one piece; nothing when there is none."""
    return [Code(source="\n\n".join(sources))] if sources else []


def title_of(blocks: Sequence[Block]) -> str:
    """Return the words of the first heading; "" if there is none."""
    headings = (h for b in blocks if isinstance(b, Prose) for h in headings_of(b.tokens))
    return next((plain_text(h.words) for h in headings), "")
