"""Claims in, an audited plan and releasable results out."""
