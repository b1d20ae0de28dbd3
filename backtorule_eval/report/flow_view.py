"""View of a flow: from those received to those analysed, as boxes with arrows and as a table under them."""

from __future__ import annotations

from backtorule_eval.disclosure.released import Releasable, ShownFlow, ShownStep
from backtorule_eval.disclosure.rounding import Mark
from backtorule_eval.report.canvas import NARROW
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.cells import count_cell
from backtorule_eval.report.content import Content
from backtorule_eval.report.figures import Described
from backtorule_eval.report.flow_figure import FlowBox, flow_chart
from backtorule_eval.report.numbers import count
from backtorule_eval.report.remarks import rules_sentence
from backtorule_eval.report.tables import Cell, Table


def flow_content(releasable: Releasable, language: str) -> Content:
    """Show flows, one figure each, its numbers folded under it."""
    _ = translator(language)
    flows = [thing for thing in releasable.things if isinstance(thing, ShownFlow)]
    keys = [releasable.key if len(flows) == 1 else f"{releasable.key}-{i + 1}" for i in range(len(flows))]
    drawn = (_figure(flow, key, releasable, language) for flow, key in zip(flows, keys, strict=True))
    rounded = _("The numbers are rounded one by one, so they do not always add up.")
    return Content(
        sentences=tuple(_sentence(flow, language) for flow in flows),
        figures=tuple(drawn),
        notes=() if releasable.rules.public else (rounded,),
    )


def _sentence(flow: ShownFlow, language: str) -> str:
    """Say both ends of a flow."""
    _ = translator(language)
    first, last = (count(step.n, language) for step in (flow.steps[0], flow.steps[-1]))
    return _("Records of people received: {first}. People analysed: {last}.").format(first=first, last=last)


def _figure(flow: ShownFlow, key: str, releasable: Releasable, language: str) -> Described:
    """Draw a flow and say what it shows."""
    boxes = [_box(step, language) for step in flow.steps]
    return Described(
        key=key,
        title=_title(language),
        alt=_alt(flow, language),
        figure=flow_chart(boxes),
        for_phone=flow_chart(boxes, width=NARROW),
        table=_table(flow, releasable, language),
    )


def _box(step: ShownStep, language: str) -> FlowBox:
    """One step as a box; a withheld number is a word."""
    _ = translator(language)
    words = count(step.n, language)
    if not isinstance(step.n, Mark):
        words = (_("{n} leave") if step.removes else _("{n} people")).format(n=words)
    label = step.label.in_language(language)
    return FlowBox(label=label, words=words, removes=step.removes, withheld=isinstance(step.n, Mark))


def _alt(flow: ShownFlow, language: str) -> str:
    """Say the flow from top to bottom, as one would to someone who cannot see it."""
    _ = translator(language)
    first, *removed, last = (
        f"{step.label.in_language(language)}: {count(step.n, language)}" for step in flow.steps
    )
    if not removed:
        return _("Boxes from top to bottom. {first}. {last}.").format(first=first, last=last)
    template = _("Boxes from top to bottom. {first}. Leave on the way: {removed}. {last}.")
    return template.format(first=first, removed="; ".join(removed), last=last)


def _title(language: str) -> str:
    """Name the figure and its table."""
    _ = translator(language)
    return _("From those received to those analysed")


def _table(flow: ShownFlow, releasable: Releasable, language: str) -> Table:
    """Return the steps as a table."""
    _ = translator(language)
    rows = tuple(
        (
            Cell(step.label.in_language(language)),
            Cell(_("leave") if step.removes else _("are there")),
            count_cell(step.n, language),
        )
        for step in flow.steps
    )
    return Table(
        caption=_title(language),
        head=(_("Step"), _("People who"), _("People")),
        rows=rows,
        notes=(rules_sentence(releasable.rules, language),),
    )
