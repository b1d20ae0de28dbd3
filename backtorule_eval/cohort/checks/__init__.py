"""What is wrong with a site's tables, and who must be taken out of them."""

from backtorule_eval.cohort.checks.check import check_tables
from backtorule_eval.cohort.checks.removal import Removal, persons_to_remove, without_persons

__all__ = ["Removal", "check_tables", "persons_to_remove", "without_persons"]
