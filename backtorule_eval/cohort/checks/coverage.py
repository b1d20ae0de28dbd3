"""Is it known from when to when each source is complete, and do documents belong to someone?"""

from __future__ import annotations

from backtorule_eval.cohort.checks.site import Site, told
from backtorule_eval.cohort.checks.spells import check_ends
from backtorule_eval.cohort.dictionary import load_dictionary
from backtorule_eval.errors import Problem


def check_coverage(site: Site) -> list[Problem]:
    """For whom can an empty source not be read as "nothing happened"?"""
    sources = [name for name in load_dictionary().tables["coverage"].columns["source"].levels if name in site]
    persons = site.tables["persons"]
    if not sources or "coverage" not in site:
        files = ", ".join(persons.origin["file"].unique())
        return [Problem(rule="coverage_absent", file=files, table="coverage")] if sources else []
    coverage = site.tables["coverage"]
    problems = []
    for source in sources:
        covered = coverage.frame.loc[coverage.frame["source"] == source, "person"]
        lacking = persons.frame["person"].notna() & ~persons.frame["person"].isin(covered)
        detail = {"source": source}
        problems += told(persons, lacking, rule="coverage_missing", column="person", detail=detail)
    withdrew = coverage.frame["end_reason"] == "withdrew"
    undated = withdrew & site.of_person("coverage", "withdrawal_date").isna()
    return problems + told(coverage, undated, rule="withdrew_without_date", column="end_reason")


def check_documents(site: Site) -> list[Problem]:
    """Which coded segments are turned round, and which participants are nobody?"""
    problems = []
    if "codings" in site:
        problems += check_ends(site.tables["codings"], "from", "to", rule="segment_reversed")
    if "documents" in site:
        table = site.tables["documents"]
        nobody = (table.frame["role"] == "participant") & table.frame["person"].isna()
        problems += told(table, nobody, rule="participant_without_person", column="person")
    return problems
