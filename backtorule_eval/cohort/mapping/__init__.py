"""The mapping file: how a site's columns, codes and date formats become those of the dictionary."""

from backtorule_eval.cohort.mapping.apply import apply_mapping
from backtorule_eval.cohort.mapping.mapped import Mapped, MappedTable
from backtorule_eval.cohort.mapping.model import MappingFile
from backtorule_eval.cohort.mapping.read import read_mapping

__all__ = ["Mapped", "MappedTable", "MappingFile", "apply_mapping", "read_mapping"]
