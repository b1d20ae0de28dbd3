"""What a reader's program makes of a page: its elements with their attributes and words."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}
SHAPES = {"path", "rect", "circle", "line", "use"}


@dataclass
class Element:
    """One element: its name, attributes, all words inside, and the elements around it."""

    tag: str
    attributes: dict[str, str]
    around: tuple[str, ...]
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


class Outline(HTMLParser):
    """Every element of a page in order; raises when elements are not nested as they must be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.feed(page)
        self.close()
        if self.open:
            raise AssertionError(f"left open: {[e.tag for e in self.open]}")

    def handle_starttag(self, tag, attrs):
        around = tuple(e.tag for e in self.open)
        element = Element(tag, {k: v or "" for k, v in attrs}, around)
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if self.open[-1].tag != tag:
            raise AssertionError(f"</{tag}> closes <{self.open[-1].tag}>")
        self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element.words.append(data)

    def all(self, *tags: str) -> list[Element]:
        return [e for e in self.elements if e.tag in tags]

    def one(self, tag: str) -> Element:
        (found,) = self.all(tag)
        return found
