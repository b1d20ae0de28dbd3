"""From a study file to its cohort: where the source lies, and the rules that come from above the cohort room."""

from __future__ import annotations

