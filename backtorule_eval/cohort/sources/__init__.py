"""Raw files and databases, read as they are: nothing renamed, nothing recoded, nothing guessed."""

from backtorule_eval.cohort.sources.declaration import FileDeclaration
from backtorule_eval.cohort.sources.raw_table import RawTable
from backtorule_eval.cohort.sources.read import read_sources

__all__ = ["FileDeclaration", "RawTable", "read_sources"]
