"""Reading a mapping file: everything that is wrong with it is told at once, with the nearest right names."""

from __future__ import annotations

from pathlib import Path

from backtorule_eval.cohort.mapping.model import MappingFile
from backtorule_eval.cohort.mapping.vocabulary import unknown_names, wrong_statements
from backtorule_eval.cohort.strict_yaml import check_model, load_yaml
from backtorule_eval.errors import ParameterProblem


def read_mapping(path: Path) -> MappingFile:
    """What does the mapping file at `path` say?

    Raises
    ------
    ParameterProblem
        The file cannot be read, or names keys, tables, columns, files, levels or formats that do not
        exist. One message holds everything that is wrong.
    """
    raw = load_yaml(path)
    mapping, complaints = check_model(MappingFile, raw)
    complaints += unknown_names(raw)
    if mapping is not None:
        complaints += wrong_statements(mapping)
    if mapping is None or complaints:
        raise ParameterProblem("\n".join(f"{path.name}: {c}" for c in complaints))
    return mapping
