"""Study files in, executed, audited, rendered and exported outputs; the command line."""
