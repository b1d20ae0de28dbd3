"""Texts that some format would read as something else: one of each kind, for labels, codes and quotes."""

from __future__ import annotations

HOSTILE = {
    "element": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": "\" onmouseover='alert(1)' x=\"",
    "entity": "&lt;b&gt; &amp; &#x3c;i&#x3e; ]]><![CDATA[",
    "latex": r"\input{/etc/passwd} \write18{id} $x_1^2$ % & # ~ {a} \end{tabular}",
    "typst": '#read("/etc/passwd") #panic() $ sum $ @ref <label> "); #import "x": y',
    "markdown": "[x](javascript:alert(1)) ![y](https://example.org/y.png) **a** `b` # c | d",
    "formula": "=cmd|' /C calc'!A0",
    "formula after a tab": "\t+1+1",
    "field": '{ INCLUDETEXT "/etc/passwd" } MERGEFIELD \\* MERGEFORMAT',
    "word": "</w:t></w:r></w:p><w:p>",
    "control": "nul\x00 bell\x07 tur\u202eed",
}
