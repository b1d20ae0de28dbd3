"""Cohort in, scores, states, spells and exposure out: one row per person, wave or month."""
