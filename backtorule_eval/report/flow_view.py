"""View of a flow: from those received to those analysed, as a table that reads from top to bottom."""

from __future__ import annotations

from backtorule_eval.disclosure.released import Releasable, ShownFlow
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.cells import count_cell
from backtorule_eval.report.content import Content
from backtorule_eval.report.numbers import count
from backtorule_eval.report.remarks import rules_sentence
from backtorule_eval.report.tables import Cell, Table


def flow_content(releasable: Releasable, language: str) -> Content:
    """Show flows, one table each."""
    flows = [thing for thing in releasable.things if isinstance(thing, ShownFlow)]
    tables = [_table(flow, releasable, language) for flow in flows]
    return Content(
        sentences=tuple(_sentence(flow, language) for flow in flows),
        tables=tuple(tables),
    )


def _sentence(flow: ShownFlow, language: str) -> str:
    """Say both ends of a flow."""
    _ = translator(language)
    first, last = (count(step.n, language) for step in (flow.steps[0], flow.steps[-1]))
    return _("Records of people received: {first}. People analysed: {last}.").format(first=first, last=last)


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
        caption=_("From those received to those analysed"),
        head=(_("Step"), _("People who"), _("People")),
        rows=rows,
        notes=(rules_sentence(releasable.rules, language),),
    )
