"""One document, and the formats it is written in: HTML, PDF (through Typst) and Word."""
