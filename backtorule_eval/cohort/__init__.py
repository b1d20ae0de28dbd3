"""Raw files or a database in, one validated, frozen Cohort out."""
